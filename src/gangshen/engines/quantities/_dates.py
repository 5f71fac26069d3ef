"""Dates, years and deadlines in Chinese text."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

from ._numeral import QuantityError, numeral

__all__ = ["When", "find_dates"]

Grain = Literal["day", "month", "quarter", "half", "year", "years", "plan"]


@dataclass(frozen=True, slots=True)
class When:
    """A printed time: from ``first`` to ``last`` day, both included.

    ``deadline`` marks words that say by when (到2027年底, 力争2027年, 截至 is not one); ``open_end`` 起, 以后.
    ``years`` of a five-year plan come from its number: “十五五” is 2026 to 2030.
    """

    start: int
    end: int
    first: dt.date
    last: dt.date
    grain: Grain
    deadline: bool = False
    since: bool = False

    @property
    def year(self) -> int:
        """The year it ends in."""
        return self.last.year


_YEAR = r"(?:(?:19|20)\d{2}|二[〇零][〇零一二三四五六七八九]{2})"
_DASH = r"(?:-|—+|–|－|~|～|至|到|/)"
_DATE = re.compile(
    rf"(?P<y1>{_YEAR})\s*年?\s*{_DASH}\s*(?P<y2>{_YEAR})\s*年?"
    rf"|(?P<y>{_YEAR})\s*年(?:\s*(?:(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月"
    rf"(?:\s*(?P<d>3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])\s*日)?"
    rf"|(?P<half>上半年|下半年)|(?P<q>第?[一二三四1-4]季度)))?(?P<tail>[年月]?[底末初]前?|前)?"
    rf"|(?P<iso>(?:19|20)\d{{2}}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9]))(?!\d)"
    rf"|[“\"‘']?(?P<plan>十[一二三四五六七八九]五)[”\"’']?(?P<plantail>规划)?(?:时期|期间)?(?P<pend>期?末|末期)?"
)
_BY = re.compile(r"(?:力争到?|争取到?|确保到?|目标到|在|至|到|截止到?|展望|于)\s*$")
_SINCE = re.compile(r"\s*(?:起|以来|以后|后)")


def find_dates(text: str) -> list[When]:
    """All dates, year ranges and plan periods of ``text`` in order; impossible dates (2月30日) are left out."""
    out = []
    for found in _DATE.finditer(text):
        try:
            first, last, grain = _read(found)
        except (ValueError, QuantityError):
            continue
        start, end = found.span()
        by = _BY.search(text, max(0, start - 4), start)
        since = _SINCE.match(text, end)
        word = by[0] if by else ""
        deadline = bool(by and word.strip() not in ("在", "于")) or bool(
            found["pend"] or (found["tail"] and found["tail"][-1] in "底末前")
        )
        out.append(When(by.start() if by else start, end, first, last, grain, deadline, bool(since)))
    return out


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else numeral(text)


def _read(found: re.Match[str]) -> tuple[dt.date, dt.date, Grain]:
    if found["y1"]:
        first, last = _number(found["y1"]), _number(found["y2"])
        if not 0 <= last - first <= 50:
            raise QuantityError("not a span of years")
        return dt.date(first, 1, 1), dt.date(last, 12, 31), "years"
    if found["iso"]:
        year, month, day = (int(x) for x in re.split("[-/.]", found["iso"]))
        date = dt.date(year, month, day)
        return date, date, "day"
    if found["plan"]:
        number = numeral(found["plan"][:-1])  # 十五五: the fifteenth five-year plan
        begin = 2026 + (number - 15) * 5
        return dt.date(begin, 1, 1), dt.date(begin + 4, 12, 31), "plan"
    year = _number(found["y"])
    if found["d"]:
        date = dt.date(year, _number(found["m"]), _number(found["d"]))
        return date, date, "day"
    if found["m"]:
        month = _number(found["m"])
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), "month"
    if found["half"]:
        first_half = found["half"] == "上半年"
        return (
            dt.date(year, 1 if first_half else 7, 1),
            dt.date(year, 6 if first_half else 12, 30 if first_half else 31),
            "half",
        )
    if found["q"]:
        quarter = _number(found["q"].strip("第季度"))
        month = quarter * 3
        return dt.date(year, month - 2, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), "quarter"
    return dt.date(year, 1, 1), dt.date(year, 12, 31), "year"
