"""Tables of one certificate a row: its batch, number, term and withdrawal stand in columns of their own."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from gangshen.engines.formats import Text

from ._dates import day_text, last_day

__all__ = ["LIST", "PARTS", "complete", "part_of"]

LIST = "certificates"
PARTS = {
    f"{LIST}.level": ("级别", "资质级别", "认定级别"),
    f"{LIST}.number": ("证书编号", "证书号", "证书号码"),
    f"{LIST}.batch": ("批次", "认定批次", "资质批次", "公布批次", "入选批次"),
    f"{LIST}.from": (
        *("有效期起", "有效期自", "有效期开始", "发证日期", "发证时间", "颁证日期", "认定日期", "认定时间", "批准日期"),
        *("批准时间", "起始日期", "获评时间", "获得时间"),
    ),
    f"{LIST}.to": ("有效期止", "有效期至", "有效期截止", "到期日期", "到期时间", "失效日期", "截止有效期"),
    f"{LIST}.withdrawn_on": ("撤销日期", "取消日期"),
    f"{LIST}.year": ("认定年份", "认定年度", "获评年份", "获评年度", "入选年份", "入选年度", "授予年份"),
    f"{LIST}.term": ("有效期", "有效期限", "有效期间", "证书有效期", "有效年限", "有效期(年)"),
}
"""Target of a column → how lists head it; taken only where a column names the certificate itself."""
_DATES = ("from", "to", "withdrawn_on")
_YEARS = re.compile(r"([1-9]|10|[一二两三四五六七八九十])\s*(?:年|周年)?")
_RANGE = re.compile(r"\s*(?:至|到|—+|–|~|-{2,}|(?<=[\d日月年])\s?-\s?(?=(?:19|20)\d\d))\s*")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?(?:度)?")
_BEFORE = re.compile(r"截?至|到")


def part_of(header: str) -> str:
    """The target that a plain header means; empty for none."""
    return next((target for target, names in PARTS.items() if header in names), "")


def complete(
    entries: list[dict[str, Any]] | None, said: Mapping[str, tuple[str, str]], epoch: dt.date
) -> Iterable[tuple[str, Text]]:
    """Put the parts into the row's one certificate; yields (header, fault) for those that cannot be.

    ``said``: target → (header, cell), cells that are not empty only.
    """
    if said and (entries is None or len(entries) != 1):
        header = next(iter(said.values()))[0]
        words = (
            Text(zh="该行没有资质名称（补上资质）", en="the row names no certificate (add it)")
            if not entries
            else Text(zh="一行有几项资质，不知属于哪一项（每项一行）", en="several certificates in one row (one a row)")
        )
        yield header, words
        return
    for target, (header, cell) in sorted(said.items(), key=_late):
        part, value = target.rpartition(".")[2], cell
        assert entries is not None
        year = _YEAR.fullmatch(unicodedata.normalize("NFKC", cell).strip())
        if part == "year" or (part == "from" and year):
            if year is None:
                yield header, Text(zh=f"“{cell}”不是年份（写作 2025）", en=f"{cell!r} is no year (write 2025)")
            else:
                _of_year(entries[0], year[1])
        elif part == "term":
            if (fault := _term(entries[0], cell, epoch)) is not None:
                yield header, fault
        elif part in _DATES:
            day, _taken = day_text(cell, epoch)
            try:
                entries[0][part] = dt.date.fromisoformat(day)
            except ValueError:
                yield (
                    header,
                    Text(zh=f"“{cell}”不是日期（写作 2026-03-01）", en=f"{cell!r} is no date (write 2026-03-01)"),
                )
        else:
            entries[0][part] = value.strip()
    if entries and (first := entries[0].get("from")) and (last := entries[0].get("to")) and last < first:
        head = next((said[name][0] for name in map(f"{LIST}.".__add__, ("to", "term", "from")) if name in said), "")
        yield head, Text(zh="终止日早于起始日（改正）", en="it ends before it begins (correct its dates)")


def _late(one: tuple[str, tuple[str, str]]) -> int:
    """What rests on the others comes after them: a term on its beginning, a year on its batch."""
    target, (_header, cell) = one
    return 2 if target == f"{LIST}.year" or _YEAR.fullmatch(cell.strip()) else int(target == f"{LIST}.term")


def _of_year(entry: dict[str, Any], year: str) -> None:
    """The year of recognition alone is no day: it goes with the batch, as 2025年第二批."""
    batch = entry.get("batch") or ""
    if not entry.get("from") and not re.search(r"(?:19|20)\d\d", batch):
        entry["batch"] = f"{year}年{batch}"


def _term(entry: dict[str, Any], cell: str, epoch: dt.date) -> Text | None:
    """三年, 2025-12-04至2028-12-03 or its last day alone; what is said of its own day wins."""
    words = unicodedata.normalize("NFKC", cell).strip()
    if years := _YEARS.fullmatch(words):
        if first := entry.get("from"):
            entry["to"] = entry.get("to") or _years_on(first, _count(years[1])) - dt.timedelta(days=1)
        return None
    first, *more = _RANGE.split(words) if not _BEFORE.match(words) else ("", _BEFORE.sub("", words, count=1))
    begins = day_text(first, epoch)[0] if more else ""
    ends = last_day(more[0] if more else first, epoch)
    try:
        if len(more) > 1:
            raise ValueError
        entry["from"] = entry.get("from") or (dt.date.fromisoformat(begins) if begins else None)
        entry["to"] = entry.get("to") or dt.date.fromisoformat(ends)
    except ValueError:
        return Text(
            zh=f"“{cell}”不是有效期（写作 三年，或 2026-03-01至2029-02-28）",
            en=f"{cell!r} is no term (write 三年, or 2026-03-01至2029-02-28)",
        )
    return None


def _count(words: str) -> int:
    return int(words) if words.isdigit() else "一二三四五六七八九十".index(words.replace("两", "二")) + 1


def _years_on(day: dt.date, years: int) -> dt.date:
    """The same day some years on; 1 March for a 29 February that there isn't."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)
