"""Some months of a year together, as headers and titles say it: 1-10月, 上半年, 前三季度, 三季度累计, 年初至今."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["Span", "span_in", "spanned", "without_span"]

_TO = r"\s*(?:-+|—+|–|~|至|到)\s*"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_NUMBER = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4} | {str(at): at for at in range(1, 13)}
_UP_TO = r"(?:末|底|止|份)*\s*(?:的)?累计(?:数|值|额)?"
_MONTHS = re.compile(
    rf"(?<!\d)(?P<first>{_MONTH})\s*月?份?{_TO}(?:(?:19|20)\d\d\s*[年.-]\s*)?(?P<last>{_MONTH})\s*月份?(?:末|底|止)?(?:\s*累计(?:数|值|额)?)?"
)
_QUARTERS = re.compile(
    rf"(?:前|(?P<from>Q1|[1一])\s*(?:季度)?{_TO})第?Q?(?P<quarter>[1-4一二两三四])\s*个?季度(?:\s*累计)?|Q1{_TO}Q(?P<q>[1-4])"
)
_QUARTER = re.compile(rf"(?:第?(?P<quarter>[1-4一二三四])\s*季度|Q(?P<q>[1-4])){_UP_TO}")
_HALF = re.compile(r"(?P<half>[上下])半年(?:度)?(?:\s*累计(?:数|值|额)?)?")
_FIRST = re.compile(r"(?:前|头)\s*(?P<count>1[0-2]|[1-9])\s*个月")
_MONTH_END = re.compile(
    rf"(?<![\d-])(?P<last>{_MONTH})\s*月{_UP_TO}|截[至止]\s*(?:(?:19|20)\d\d\s*年)?\s*(?P<until>{_MONTH})\s*月(?:末|底|份|止)*"
)
_OPEN = re.compile(
    r"(?:年初|1\s*月?)\s*(?:至|到|-)\s*(?:今|本月|报告期末?|期末)(?:\s*累计)?|(?:本月止)?(?:自年初)?累计(?:数|值|额)?|年初以来"
)


@dataclass(frozen=True, slots=True)
class Span:
    """From month ``first`` to month ``last``; ``last`` is 0 where the words do not say up to when (累计)."""

    first: int
    last: int


def span_in(text: str) -> Span | None:
    """The months that ``text`` speaks of together; None where it names none.

    >>> span_in("2026年1-10月营业收入"), span_in("三季度累计"), span_in("营业收入（2025年）")
    (Span(first=1, last=10), Span(first=1, last=9), None)
    """
    words = unicodedata.normalize("NFKC", text)
    if found := _MONTHS.search(words):
        return Span(int(found["first"]), int(found["last"]))
    if found := _QUARTERS.search(words) or _QUARTER.search(words):
        return Span(1, 3 * _NUMBER[found["quarter"] or found["q"]])
    if found := _HALF.search(words):
        return Span(1, 6) if found["half"] == "上" else Span(7, 12)
    if found := _FIRST.search(words):
        return Span(1, int(found["count"]))
    if found := _MONTH_END.search(words):
        return Span(1, int(found["last"] or found["until"]))
    return Span(1, 0) if _OPEN.search(words) else None


def without_span(text: str) -> str:
    """``1-10月营业收入`` → 营业收入."""
    words = unicodedata.normalize("NFKC", text)
    for pattern in (_MONTHS, _QUARTERS, _QUARTER, _HALF, _FIRST, _MONTH_END, _OPEN):
        words = pattern.sub("", words)
    return words


def spanned(year: str, span: Span) -> str:
    """The period of a record: ``2026-01/10``; the year for all twelve months, the month for one."""
    if (span.first, span.last) == (1, 12):
        return year
    return f"{year}-{span.first:02d}" + (f"/{span.last:02d}" if span.last != span.first else "")
