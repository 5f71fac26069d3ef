"""What the words of a header say: the attribute, the unit, the period."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from gangshen.engines.vocabulary import Attribute, foreign_currency

from ._spans import span_in, without_span

__all__ = ["edition_in", "linked", "of_another_year", "of_this_year", "period_in", "split", "unit_in", "year_of"]

_BRACKET = re.compile(r"[(（\[【]\s*(?:单位\s*[:：]\s*)?([^()（）\[\]【】]+?)\s*[)）\]】]\s*$")
_AFTER = re.compile(r"[/／]\s*([^/／]+)$")
_UNIT = re.compile(r"(?:人民币)?(?:(?:百|千)?万元|亿元|千元|元|%|‰|人|㎡|m²|平方米|亩|公顷|吨标准煤|tce)")
_EDITION = re.compile(r"4754\s*[-—－–]\s*(\d{4})|(\d{4})\s*年?版")
_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_PERIOD = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*(?:[-.年]\s*(?P<month>1[0-2]|0?[1-9])\s*月"
    r"|年?\s*(?:Q|第?)(?P<quarter>[1-4一二三四])(?:季度)?(?!\d)|-(?P<dash>0[1-9]|1[0-2])(?!\d)|年[度末底]?)?"
)
_RELATIVE = {"本年": 0, "当年": 0, "今年": 0, "上年": 1, "去年": 1, "上一年": 1, "前年": 2}
_SIGNS = re.compile(r"[\s()\[\],:]")
_BETWEEN = re.compile(r"[,，;；、]\s*")
_NO_FACT = re.compile(r"预计|预测|预估|估算|(?:计划|目标)(?:数|值|完成)?$|增[长速幅]|同比|环比|占比|比重|排名")
_NOT_ITS_OWN = re.compile(
    r"(?:母|子|集团|上级|关联)公司|(?:控股)?股东|(?:合作|联合|关联)(?:单位|企业)|主要(?:客户|供应商)"
)
_YEAR_WORD = re.compile(r"(?:本|当|今|上一?|去|前)年(?:度|同期|实际|数|末|底)?")


def split(header: str) -> tuple[str, str]:
    """``营业收入（万元）`` → (营业收入, 万元)."""
    for pattern in (_BRACKET, _AFTER):
        if found := pattern.search(header):
            return header[: found.start()].strip(), found[1].strip()
    return header.strip(), ""


def unit_in(parts: tuple[str, ...]) -> str:
    """The unit that a header states: in brackets at the end of a part, or as a part of its own."""
    for part in reversed(parts):
        if _UNIT.fullmatch(unicodedata.normalize("NFKC", part)):
            return part.strip()
        if said := split(part)[1]:
            pieces = [unit for unit in _BETWEEN.split(said) if not _is_time(unit)]
            return (
                next((unit for unit in pieces if _UNIT.fullmatch(unit) or foreign_currency(unit)), pieces[0])
                if pieces
                else ""
            )
    return ""


def _is_time(words: str) -> bool:
    if _PERIOD.fullmatch(words) or _YEAR_WORD.fullmatch(words):
        return True
    return span_in(words) is not None and not _SIGNS.sub("", _YEAR_WORD.sub("", _PERIOD.sub("", without_span(words))))


def _beside(part: str) -> bool:
    """A part that names no attribute: a period or a unit."""
    return _is_time(part) or bool(_UNIT.fullmatch(unicodedata.normalize("NFKC", part)))


def linked(parts: tuple[str, ...], link: Callable[[str], Attribute | None]) -> Attribute | None:
    """The attribute that a header means: as a whole, by its lowest part, or by the part that is no period or unit."""
    naming = [part for part in parts if not _beside(part)]
    if not naming:
        return None
    stem, bracket = split(naming[-1])
    of_itself = _NO_FACT.search(stem)  # 营业收入增长率 is an attribute, 营业收入（预计） is none
    if _NO_FACT.search(bracket) and not of_itself:
        return None
    above = parts[: parts.index(naming[-1])]
    if any(_NOT_ITS_OWN.match(part) or (_NO_FACT.search(part) and not of_itself) for part in above):
        naming = ["".join(naming)]  # 2026年预计／营业收入 and 母公司／营业收入 are no revenue of the firm
    for words in ("".join(naming), naming[-1]):
        for said in (words, split(words)[0], _timeless(words)):
            if found := link(said):
                return found
    return None


def _timeless(words: str) -> str:
    """``2025年营业收入（万元）`` → 营业收入."""
    plain = _YEAR_WORD.sub("", _PERIOD.sub("", without_span(split(words)[0])))
    return plain.strip("-_ 的").removeprefix("截至").removeprefix("截止")


def period_in(parts: tuple[str, ...], year: str = "") -> str:
    """The period a header states: 2025, 2025Q3, 2025-09; 本年 and 上年 where ``year`` says which it is."""
    for part in reversed(parts):
        if found := _PERIOD.search(part):
            month, quarter = found["month"] or found["dash"], found["quarter"]
            if month:
                return f"{found['year']}-{int(month):02d}"
            return f"{found['year']}Q{_QUARTERS.get(quarter, quarter)}" if quarter else found["year"]
        if year.isdigit() and (said := _YEAR_WORD.search(part)):
            back = next(back for word, back in _RELATIVE.items() if said[0].startswith(word))
            return str(int(year) - back)
    return ""


def of_another_year(parts: tuple[str, ...]) -> bool:
    """Does a header speak of 上年 or 前年, so that its figures are wrong for any other?"""
    said = (found for part in parts if (found := _YEAR_WORD.search(part)))
    return any(not found[0].startswith(("本", "当", "今")) for found in said)


def of_this_year(parts: tuple[str, ...]) -> bool:
    """Does a header speak of 本年, 当年 or 今年?"""
    return any(found[0].startswith(("本", "当", "今")) for part in parts if (found := _YEAR_WORD.search(part)))


def year_of(title: str) -> str:
    """The one year that a title names: 2025年度重点企业主要指标; empty for none or several."""
    years = {found["year"] for found in _PERIOD.finditer(title)}
    return years.pop() if len(years) == 1 else ""


def edition_in(parts: tuple[str, ...]) -> str:
    """The edition of GB/T 4754 that a header names: 行业代码（GB/T 4754-2011）, 2011版行业代码."""
    found = _EDITION.search("".join(parts))
    return (found[1] or found[2]) if found else ""
