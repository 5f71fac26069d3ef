"""Columns about one certificate each: 是否高企, 高企证书编号, 专精特新中小企业（√）; what a row says of it is one entry.

是 is an entry that tells its type only. 否 is no entry and withdraws none: it says what one list holds to be so on one
day, which is less than a certificate with its number; where the register has one in force, the row is remarked upon.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gangshen.apps.registers.services._law import in_force
from gangshen.apps.registers.services._vocabulary import vocabulary
from gangshen.engines.formats import Row, Text
from gangshen.engines.vocabulary import Vocabulary, is_blank, says_none, yes_or_no

from ._parts import LIST, PARTS, complete, part_of

__all__ = ["Holdings", "Told", "asks", "holding", "holding_of"]

_NOISE = re.compile(r"[\s“”\"'‘’《》·、，,:：]")
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_ASKS = re.compile(r"(?:目前|当前|现)?(?:是否|有无)(?:已|仍)?")
_HOLDS = re.compile(
    r"(?:为|是|属于|系|获得|获评|获|取得|通过|被认定为|认定为|认定|评为|入选|列入|具有|拥有|有(?!效期))?(?:有效期内)?的?"
)
_BARE = re.compile(r"(?:企业)?(?:资质|称号|资格|荣誉|身份)?(?:认定|认证|证书)?(?:情况|与否|是否(?:有效|认定)?|有无)?")
_BEFORE = re.compile(r"^(?:企业)?(?:资质|称号|资格)?(?:的)?")
_ALSO = {
    "number": ("编号", "证号", "认定编号", "备案号", "备案编号", "登记编号", "入库编号", "入库登记编号"),
    "from": ("时间", "日期", "获批时间", "获批日期", "通过时间", "入库时间", "评定时间"),
    "to": ("到期日", "有效期到", "截止日期", "有效期截止日期", "证书有效期至"),
    "year": ("年份", "年度", "获批年份", "批准年份", "批准年度", "评定年份"),
    "batch": ("公布批次", "评定批次"),
    "level": ("等级", "层级"),
}
_GROUP = re.compile(r"资质|认定|荣誉|称号|梯度|培育|类别|类型|情况")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?(?:度|认定|获评|获批)?")
_BATCH = re.compile(r"(?:(?:19|20)\d\d\s*年?(?:度)?)?第?[一二三四五六七八九十\d]{1,3}批(?:次)?")
_NUMBER = re.compile(r"(?=.*\d{4})[A-Za-z\d][A-Za-z\d_/-]{7,}")
_DAY = re.compile(r"\d{4}\s*[-./年]\s*\d{1,2}(?:\s*[-./月].*)?月?日?")
_YES_AND = re.compile(r"(是|有|√|✓|✔|☑|已认定)\s*[(,，:;；、\s]\s*(.+?)\)?")


def holding(target: str) -> tuple[str, str] | None:
    """(type, part) of a target as ``certificates.高新技术企业.number``; part empty for the title itself, None for others."""
    said = target.removeprefix(f"{LIST}.")
    if said == target or target in PARTS:
        return None
    known = vocabulary().certificates
    if said in known:
        return said, ""
    kind, _dot, part = said.rpartition(".")
    return (kind, part) if kind in known and f"{LIST}.{part}" in PARTS else None


def holding_of(parts: tuple[str, ...], words: Vocabulary) -> str:
    """The target that a header means, given by its parts, in ``words``; empty for none.

    Only whole headers are taken: 是否拟申报高企 and 高企培育 are about no certificate held.
    """
    whole = unicodedata.normalize("NFKC", "".join(parts))
    plain = _NOISE.sub("", _BRACKETS.sub(lambda found: found[1] if _part(found[1]) else "", whole)).lower()
    grouped = (
        _NOISE.sub("", unicodedata.normalize("NFKC", "".join(parts[1:]))).lower() if _GROUP.search(parts[0]) else ""
    )
    for text in filter(None, (plain, grouped)):
        text = _HOLDS.sub("", _ASKS.sub("", text, count=1), count=1) if _HOLDS.match(text) else text
        for name, kind in _names(words):
            if text.startswith(name) and (part := _part(text.removeprefix(name))) is not None:
                return f"{LIST}.{kind}{'.' if part else ''}{part}"
    return ""


def asks(parts: tuple[str, ...], words: Vocabulary) -> bool:
    """Is it surely a header, not the name of a title that stands in a cell?"""
    said, target = "".join(parts), holding_of(parts, words)
    asked = re.search("是否|有无|是/否", said) or (len(parts) > 1 and _GROUP.search(parts[0]))
    return bool(target and (asked or (holding(target) or ("", ""))[1]))


@lru_cache(maxsize=4)
def _names(words: Vocabulary) -> list[tuple[str, str]]:
    """What titles are called, longest first, and their types."""
    told = {
        _NOISE.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", name))).lower(): one.type.zh
        for one in words.certificates.values()
        for name in (*one.synonyms, one.type.zh)
    }
    return sorted(told.items(), key=lambda one: -len(one[0]))


def _part(rest: str) -> str | None:
    """The part of a certificate that the rest of a header names; empty for the title itself, None for anything else."""
    for words in (rest, _BEFORE.sub("", rest), rest.removeprefix("认定"), rest.removeprefix("证书")):
        if target := part_of(words):
            return target.rpartition(".")[2]
        if part := next((part for part, names in _ALSO.items() if words in names), ""):
            return part
    return "" if _BARE.fullmatch(rest) else None


@dataclass(slots=True)
class Told:
    """What a row says of its titles: entries, faults and remarks by header, and (header, type) of each 否."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[str, Text]] = field(default_factory=list)
    remarks: list[tuple[str, Text]] = field(default_factory=list)
    denied: list[tuple[str, str]] = field(default_factory=list)


class Holdings:
    """The columns of a file that are about one certificate each."""

    def __init__(self, targets: Iterable[tuple[str, str]], epoch: dt.date) -> None:
        """``targets``: (header, target) of the columns that come in."""
        self.epoch, self.words = epoch, vocabulary()
        self.heads: dict[str, dict[str, str]] = defaultdict(dict)
        for header, target in targets:
            if (found := holding(target)) is not None:
                self.heads[found[0]][found[1]] = header

    def read(self, row: Row, day: dt.date) -> Told:
        """What ``row`` says as of ``day``."""
        told = Told()
        for kind, heads in self.heads.items():
            said = {part: (head, cell) for part, head in heads.items() if not is_blank(cell := row.cells[head] or "")}
            self._one(kind, said, day, told)
        return told

    def _one(self, kind: str, said: dict[str, tuple[str, str]], day: dt.date, told: Told) -> None:
        head, cell = said.pop("", ("", ""))
        parts = {part: one for part, one in said.items() if not says_none(one[1])}
        held: bool | None = None
        if head:
            held, more = _read_cell(kind, cell, self.words)
            if held is None and not more:
                told.faults.append((head, _unread(cell)))
                return
            parts = {part: (head, value) for part, value in more.items()} | parts
        if held is False and not parts:
            told.denied.append((head, kind))
            return
        if not head and not parts:
            return
        entry: dict[str, Any] = {"type": parts.pop("type", ("", kind))[1]}
        told.faults += complete([entry], {f"{LIST}.{part}": one for part, one in parts.items()}, self.epoch)
        if held is False and in_force(entry, day):
            told.faults.append((head, _against(next(iter(parts.values())))))
        over = _over(entry, day, self.words)
        if over is not None:
            told.remarks.append(
                (head or next(iter(parts.values()))[0], _lapsed(entry["type"], *over, held=held is True))
            )
        if over is None or held is True:
            told.entries.append(entry)


def _read_cell(kind: str, cell: str, words: Vocabulary) -> tuple[bool | None, Mapping[str, str]]:
    """Yes, no or neither, and the parts that the cell tells beside: 是（2023年第二批）, 2023-12-04, GR202331000001, 市级."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if (said := yes_or_no(text)) is not None:
        return said, {}
    if (more := _YES_AND.fullmatch(text)) and (told := _parts_in(kind, more[2].strip(), words)):
        return True, told
    return None, _parts_in(kind, text, words)


def _parts_in(kind: str, words: str, known: Vocabulary) -> dict[str, str]:
    if found := _YEAR.fullmatch(words):
        return {"year": found[1]}
    if _BATCH.fullmatch(words):
        return {"batch": words}
    if _DAY.fullmatch(words):
        return {"from": words}
    if words in known.certificates[kind].levels:
        return {"level": words}
    if (title := known.certificate(words)) is not None:
        return {"type": title.type.zh}
    return {"number": words} if _NUMBER.fullmatch(words) else {}


def _over(entry: Mapping[str, Any], day: dt.date, words: Vocabulary) -> tuple[str, int] | None:
    """(since when, for how many years) of an entry without an end that by the usual term is over; None when it isn't."""
    kind = words.certificates.get(entry["type"])
    if kind is None or kind.valid_years is None or entry.get("to") or entry.get("withdrawn_on"):
        return None
    years, named = (
        math.ceil(kind.valid_years),
        re.match(r"(?:19|20)\d\d", str(entry.get("from") or entry.get("batch") or "")),
    )
    return (str(entry.get("from") or f"{named[0]}年"), years) if named and int(named[0]) + years < day.year else None


def _lapsed(kind: str, since: str, years: int, *, held: bool) -> Text:
    if held:
        return Text(
            zh=f"写“是”，而{kind}自 {since}，按 {years} 年有效期已到期（核对是否重新认定，补有效期）",
            en=f"it says yes, but {kind} of {since} is over by its term of {years} years (was it renewed? add its dates)",
        )
    return Text(
        zh=f"{kind}自 {since}，按 {years} 年有效期已到期，不记为持有（仍有效的请补有效期至）",
        en=f"{kind} of {since} is over by its term of {years} years: not kept as held (if it is in force, add its last day)",
    )


def _unread(cell: str) -> Text:
    return Text(
        zh=f"“{cell}”不是“是”或“否”，也不是年份、日期、批次或证书编号（改写，或留空）",
        en=f"{cell!r} is neither 是 nor 否, nor a year, date, batch or number (write one of them, or leave it empty)",
    )


def _against(part: tuple[str, str]) -> Text:
    return Text(
        zh=f"写“否”，而{part[0]}写有“{part[1]}”（核对，改其一）",
        en=f"it says no, but {part[0]} says {part[1]!r} (check, and correct one of them)",
    )
