"""Values of an attribute: read from a cell as people write it, checked, written back.

Canon: money whole fen, count int, number and percent float (5 % is 5.0), bool, date, text; a list is rows
``{type, level, number, from, to, withdrawn_on}``, dates as dates, what is not known None; ``batch`` where it is said.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from gangshen.engines.formats import Fault

from ._industry import EDITIONS, OLDER, industries, industry_named, older, successors
from ._model import Attribute, AttributeType
from ._units import convert, foreign_currency, unit_factor

__all__ = [
    "ROW_KEYS",
    "CellError",
    "is_blank",
    "list_row",
    "parse_value",
    "says_none",
    "uscc_is_valid",
    "write_value",
    "yes_or_no",
]

ROW_KEYS = ("type", "level", "number", "from", "to", "withdrawn_on")
_WRITTEN = (*ROW_KEYS, "batch")  # the parts of a row in a cell
_BLANK = {
    "",
    "-",
    "--",
    "—",
    "——",
    "/",
    "／",
    "\\",
    "...",
    "......",
    "无数据",
    "不详",
    "未知",
    "暂无",
    "待补",
    "待补充",
    "待核实",
}
_BLANK |= {"n/a", "na", "null", "none", "#n/a"}
_YES = {"是", "有", "y", "yes", "true", "1", "√", "✓", "✔", "☑", "对", "已"}
_NONE = ("无", "没有")
_NO = {"否", "无", "没有", "n", "no", "false", "0", "×", "✗", "✘", "未"}
_TICKS, _BOXES = "√✓✔☑■", "□☐"
_MARKED = re.compile(rf"(?P<mark>[{_TICKS}{_BOXES}])?\s*(?P<said>是|否|有|无)")
_MARKED_BEHIND = re.compile(rf"(?P<said>是|否|有|无)\s*(?P<mark>[{_TICKS}{_BOXES}])?")
_DATE = re.compile(
    r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
)  # a time of day beside it says nothing more of the day
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBER = re.compile(r"([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+)(?:[eE]([-+]?\d{1,2}))?\s*(\D*)")
_CURRENCY = re.compile(r"人民币|RMB|CNY|¥", re.IGNORECASE)  # the only one that figures are kept in
_ABOUT = re.compile(r"^(?:约|近|超|超过|不足|大约)\s*\d|\d\D{0,4}(?:余|多|以上|以下|左右)")
_CODE_BEHIND = re.compile(r"[^\dA-Za-z]+\(\s*([A-T]?\d{2,4})\s*\)")  # 工业机器人制造（3491）
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PLACE_OF = {letter: at for at, letter in enumerate(_USCC)}
_WEIGHTS = tuple(pow(3, at, 31) for at in range(17))
_UNTICKED = re.compile(rf"(?:[{_BOXES}]\s*(?:是|否|有|无)?\s*)+|(?:(?:是|否|有|无)\s*[{_BOXES}]\s*)+")

Canonical = Callable[[str], str | None]


class CellError(Fault):
    """A text is no value of the attribute; ``message`` says why and what to write, in both languages."""


@lru_cache(maxsize=1024)  # an import asks several times of each row
def uscc_is_valid(code: str) -> bool:
    """18 characters of GB 32100 whose last is the check digit (weights 3^i modulo 31)."""
    if len(code) != 18:
        return False
    total = 0
    for letter, weight in zip(code, _WEIGHTS, strict=False):
        place = _PLACE_OF.get(letter)
        if place is None:
            return False
        total += place * weight
    return _USCC[-total % 31] == code[17]


def is_blank(text: str) -> bool:
    """Does a cell say nothing: empty, a dash, 不详, boxes none of which is ticked or the like?"""
    words = text.strip().lower()
    return words in _BLANK or ((words[0] in _BOXES or words[-1] in _BOXES) and _UNTICKED.fullmatch(words) is not None)


def says_none(text: str) -> bool:
    """Does a cell say nothing, or that there is none (无)?"""
    return is_blank(text) or text.strip() in _NONE


def yes_or_no(text: str) -> bool | None:
    """是 or 否 in any of the ways they are written; None for anything else."""
    word = text.strip().lower()
    if len(word) > 1 and {word[0], word[-1]} & {*_TICKS, *_BOXES}:
        marked = (_MARKED if word[0] in f"{_TICKS}{_BOXES}" else _MARKED_BEHIND).finditer(word)
        ticked = {one["said"] for one in marked if one["mark"] and one["mark"] in _TICKS}
        word = ticked.pop() if len(ticked) == 1 else word
    return True if word in _YES else False if word in _NO else None


def parse_value(attribute: Attribute, text: str | None, unit: str | None, canonical: Canonical) -> Any:
    """The value a cell states, None for an empty one. ``unit`` is that of the header, overruled by one in the cell.

    ``canonical`` maps the words for a certificate to its type (None: unknown). Raises :class:`CellError`.
    """
    words = unicodedata.normalize("NFKC", text).strip() if text else ""
    if is_blank(words):
        return None
    if attribute.type is AttributeType.MONEY:
        _in_yuan(words, unit)
    match attribute.type:
        case AttributeType.MONEY | AttributeType.PERCENT | AttributeType.COUNT | AttributeType.NUMBER:
            return _number(attribute, words, unit)
        case AttributeType.BOOL:
            if (said := yes_or_no(words)) is not None:
                return said
            raise CellError(f"“{text}”不是“是”或“否”", f"{text!r} is neither 是 nor 否 (write one of them)")
        case AttributeType.DATE:
            return _date(words)
        case AttributeType.ENUM:
            return _option(attribute, words)
        case AttributeType.LIST:
            return _rows(attribute, (text or "").strip(), canonical)
        case AttributeType.CODE:
            return (
                _industry(attribute, words, unit)
                if attribute.extra.get("scheme") == "gbt4754"
                else _code(attribute, words)
            )
        case _:
            return (text or "").strip()


def _in_yuan(words: str, unit: str | None) -> None:
    other = foreign_currency(words if _CURRENCY.search(words) else f"{words} {unit or ''}")
    if other:
        raise CellError(
            f"“{words}”是{other}，不是人民币（按有据可查的汇率折成人民币，连同单位写明）",
            f"{words!r} is in {other}, not yuan (convert it at a rate that is on record, and write its unit)",
        )


def _number(attribute: Attribute, words: str, unit: str | None) -> int | float:
    found = _NUMBER.fullmatch(_CURRENCY.sub("", words).strip() if attribute.type is AttributeType.MONEY else words)
    if found is None and words in _NONE:
        raise CellError(
            f"“{words}”不是数值（没有的写 0，不知道的留空）",
            f"{words!r} is no number (write 0 for none, leave it empty where it isn't known)",
        )
    if found is None:
        _exact(words)
        raise CellError(
            f"“{words}”不是数值（只写一个数与单位）", f"{words!r} is no number (write one figure with its unit)"
        )
    try:
        number = Decimal(found[1].replace(",", "")).scaleb(int(found[2] or 0))
    except InvalidOperation:
        raise CellError(f"“{words}”不是数值", f"{words!r} is no number") from None
    name = found[3].strip() or unit
    factor, stored = unit_factor(attribute, name), convert(attribute, number, name)
    if factor is None or stored is None:
        _exact(words)
        zh, en = attribute.label.zh, attribute.label.in_language("en")
        raise CellError(
            f"单位“{name}”不能用于{zh}（换算后写作{attribute.unit or '不带单位的数'}）",
            f"the unit {name!r} does not measure {en} (use {attribute.unit or 'none'})",
        )
    if attribute.type is AttributeType.COUNT and stored != number * factor:
        raise CellError(f"“{words}”不是整数", f"{words!r} is not a whole number (write a count)")
    if attribute.type is AttributeType.COUNT and stored < 0:
        raise CellError(
            f"“{words}”是负数，个数不会是负的（改正）", f"{words!r} is below zero, which no count is (correct it)"
        )
    if abs(stored) >= 2**63:
        raise CellError(f"“{words}”过大", f"{words!r} is too large to be true (check the unit)")
    return stored


def _exact(words: str) -> None:
    if _ABOUT.search(words):
        raise CellError(f"“{words}”是约数（写明确的数）", f"{words!r} is not exact (write the figure itself)")


def _date(words: str) -> dt.date:
    found = _DATE.fullmatch(words) or _COMPACT.fullmatch(words)
    if found is None and re.fullmatch(r"\d{4}\.1", words):
        raise CellError(
            f"“{words}”可能是 1 月，也可能是被 Excel 去掉末尾 0 的 10 月（写作 {words[:4]}-01 或 {words[:4]}-10）",
            f"{words!r} may be January, or October of which Excel cut the 0 (write {words[:4]}-01 or {words[:4]}-10)",
        )
    if found is None:
        raise CellError(f"“{words}”不是日期（写作 2026-03-01）", f"{words!r} is no date (write 2026-03-01)")
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise CellError(f"“{words}”不在日历上（改正）", f"{words!r} is no day of the calendar (correct it)") from None


def _option(attribute: Attribute, words: str) -> str:
    names = [option.zh for option in attribute.options]
    if not names or words in names:
        return words
    for option in attribute.options:
        if option.en and words.lower() == option.en.lower():
            return option.zh
    said: dict[str, str] = dict.fromkeys(names) | attribute.extra.get("also", {})  # other words for an option
    if leading := [start for start in said if words.startswith(start)]:
        longest = max(leading, key=len)
        return said[longest] or longest
    listed = "、".join(names)
    raise CellError(f"“{words}”不在选项内（{listed}）", f"{words!r} is not among the options (use {listed})")


def _code(attribute: Attribute, words: str) -> str:
    code = words.upper().replace(" ", "") if attribute.extra.get("scheme") == "uscc" else words
    if attribute.extra.get("scheme") == "uscc" and not uscc_is_valid(code):
        raise CellError(
            f"“{words}”不是有效的统一社会信用代码（核对 18 位）",
            f"{words!r} is no valid code (check its 18 characters)",
        )
    return code


def _industry(attribute: Attribute, words: str, edition: str | None) -> str:
    """The code in the attribute's edition of GB/T 4754; ``edition``: the one it is written in, where that is said."""
    said = words
    if edition in (None, "", str(attribute.extra.get("edition", ""))):
        said = industry_named().get(words, words)
    if behind := _CODE_BEHIND.fullmatch(said):
        said = behind[1]
    found = re.match(r"([A-T])?(\d{2,4})?(?!\d)", said.upper())
    if found is None or not (found[1] or found[2]):
        zh = f"“{words}”不是行业代码，也不是 GB/T 4754-2017 的行业名称（写 2 至 4 位数字或全名）"
        raise CellError(
            zh, f"{words!r} is no industry code and no name of GB/T 4754-2017 (write 2 to 4 digits, or the whole name)"
        )
    code, own = found[2] or found[1], str(attribute.extra.get("edition", ""))
    if edition and edition != own:
        return _converted(code, edition)
    if code not in industries() and (was := older(code)):
        zh, en = _either(code, "2011", "或"), _either(code, "2011", " or ")
        raise CellError(
            f"“{code}”是 2011 版的“{was.name}”（写 2017 版代码{'：' if zh else ''}{zh}）",
            f"{code!r} is {was.name!r} of the 2011 edition (write the code of 2017{': ' if en else ''}{en})",
        )
    return code


def _converted(code: str, edition: str) -> str:
    if edition not in OLDER:
        known = "、".join((*OLDER, *EDITIONS))
        raise CellError(
            f"没有 GB/T 4754 的 {edition} 版（有：{known}）", f"no edition {edition} of GB/T 4754 ({known})"
        )
    was, now = older(code, edition), successors(code, edition)
    if was is None:
        raise CellError(f"{edition} 版没有代码“{code}”（核对代码）", f"{edition} has no code {code!r} (check the code)")
    if not now:
        raise CellError(
            f"{edition} 版“{code} {was.name}”在 2017 版属于哪一类不能确定（改写 2017 版代码，或只写大类）",
            f"what {code} {was.name} of {edition} is in 2017 isn't certain (write the code of 2017, or the division only)",
        )
    if len(now) > 1:
        raise CellError(
            f"{edition} 版“{code}”在 2017 版分为几类（写 {_either(code, edition, '或')}）",
            f"{code!r} of {edition} was divided (write {_either(code, edition, ' or ')})",
        )
    return now[0]


def _either(code: str, edition: str, word: str) -> str:
    known = industries()
    return word.join(f"{one} {known[one].name}" for one in successors(code, edition))


def _rows(attribute: Attribute, text: str, canonical: Canonical) -> list[dict[str, Any]]:
    if text in (*_NONE, "否", "[]"):
        return []
    if text.startswith("["):
        try:
            items = json.loads(text)
        except ValueError:
            raise CellError("不是合法的 JSON 列表", f"{text[:40]!r} is no JSON list (correct it)") from None
    else:
        items = [part for part in re.split(r"[;；\n]", text) if part.strip()]
    return [list_row(attribute, one, canonical) for item in items for one in _listed(item, canonical)]


def _listed(item: Any, canonical: Canonical) -> list[Any]:
    """Names of certificates with 、 between them, as several; all else as it is."""
    if not isinstance(item, str) or canonical(item.partition("|")[0]) is not None:
        return [item]
    parts = re.split("[、,，]", item)
    return parts if all(canonical(part) for part in parts) else [item]


def list_row(attribute: Attribute, item: Any, canonical: Canonical) -> dict[str, Any]:
    """One row of a list: from ``type|level|number|from|to|withdrawn_on|batch`` (trailing parts optional) or a mapping."""
    if isinstance(item, str):
        given: dict[str, Any] = dict(zip(_WRITTEN, (part.strip() or None for part in item.split("|")), strict=False))
        if given.get("batch") is None:
            given.pop("batch", None)
        if item.count("|") >= len(_WRITTEN):
            raise CellError(
                f"“{item}”的部分过多", f"{item!r} has more than {len(_WRITTEN)} parts (type|level|number|from|to)"
            )
    elif isinstance(item, dict):
        given = dict(item)
    else:
        raise CellError("列表的每一项应为文字或键与值", "each entry of a list must be text or keys with values")
    kind = given.get("type")
    if not isinstance(kind, str) or not kind:
        raise CellError("列表的每一项须写明类别 type", "each entry of a list needs its type (add it)")
    known = canonical(kind)
    if known is None:
        raise CellError(
            f"未知的资质“{kind}”（改正或加入词汇）",
            f"unknown certificate {kind!r} (correct it or add it to the vocabulary)",
        )
    row = {key: given.pop(key, None) for key in ROW_KEYS} | given
    row["type"] = known
    for key in ("from", "to", "withdrawn_on"):
        value = row[key]
        row[key] = _date(value) if isinstance(value, str) else value
        if row[key] is not None and not isinstance(row[key], dt.date):
            raise CellError(f"{key} 应为日期", f"{key} must be a date (write 2026-03-01)")
    if row["from"] and row["to"] and row["to"] < row["from"]:
        raise CellError(f"“{kind}”的终止日早于起始日", f"{kind!r} ends before it begins (correct its dates)")
    return row


def write_value(attribute: Attribute, value: Any) -> str:
    """The cell text from which :func:`parse_value` gives the value back; money in 元."""
    if value is None:
        return ""
    match attribute.type:
        case AttributeType.MONEY:
            yuan = Decimal(value) / 100
            return f"{yuan:f}元"
        case AttributeType.PERCENT:
            return f"{Decimal(repr(value)):f}%"
        case AttributeType.NUMBER:
            return f"{Decimal(repr(value)):f}"
        case AttributeType.BOOL:
            return "是" if value else "否"
        case AttributeType.LIST:
            return _written_rows(value)
        case _:
            return str(value)


def _place(key: str) -> tuple[int, str]:
    """A list's own keys first, then others by name: a database need not keep the order in which they were said."""
    return (_WRITTEN.index(key) if key in _WRITTEN else len(_WRITTEN), key)


def _written_rows(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "无"
    plain = [{key: str(part) if isinstance(part, dt.date) else part for key, part in row.items()} for row in rows]
    simple = all(
        set(row) <= set(_WRITTEN) and not re.search(r"[;；|\n\[]", "".join(filter(None, row.values()))) for row in plain
    )
    if not simple:
        kept = [{key: row[key] for key in sorted(row, key=_place) if row[key] is not None} for row in plain]
        return json.dumps(kept, ensure_ascii=False)
    return ";".join("|".join(row.get(key) or "" for key in _WRITTEN).rstrip("|") for row in plain)
