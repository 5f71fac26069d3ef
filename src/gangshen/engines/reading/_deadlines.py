"""By when: deadlines with and without a printed year."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from gangshen.engines.quantities import QuantityError, find_dates, numeral

__all__ = ["Deadline", "deadlines"]

_LABEL = re.compile(r"(?:时限|时间|期限|节点|进度(?:要求|安排)?)(?:为)?\s*：?\s*$")
_NUMBER = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九])"
_YEARLESS = re.compile(
    rf"(?<![\d年])(?:(?P<month>{_NUMBER})月(?:(?P<day>\d{{1,2}})日|(?P<part>上旬|中旬|下旬|[底末]|初))?(?P<by>之?前|以前|[底末](?=完成|[，。；）]|$))?"
    r"|(?P<end>(?:今年|本年度?|当年)?年[底末](?:之?前)?|年内|今年内)|(?P<half>(?:今年)?上半年(?!度)(?=内?[^，。；]{0,4}(?:完成|印发|出台|前|底|建成|启动|达到|实现|，|。|；|$)))"
    r"|(?P<quarter>[一二三四])季度[末底]?(?:前|内))"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    start: int
    end: int
    day: dt.date
    year_printed: bool = True


def deadlines(text: str, issued: dt.date | None = None, labelled: bool = False) -> list[Deadline]:
    """Deadlines of ``text`` in order. A day without a year is that next after ``issued``; without one it is left out.

    ``labelled``: the text stands under a heading that says it is a deadline, so that a bare date is one.
    """
    out = []
    dated: list[tuple[int, int]] = []
    for when in find_dates(text):
        dated.append((when.start, when.end))
        if when.deadline or labelled or _LABEL.search(text[max(0, when.start - 8) : when.start]):
            out.append(Deadline(when.start, when.end, when.last))
    for hit in _YEARLESS.finditer(text) if issued else ():
        assert issued is not None
        if any(a < hit.end() and hit.start() < b for a, b in dated):
            continue
        day = _resolve(hit, issued, labelled or _LABEL.search(text[max(0, hit.start() - 8) : hit.start()]) is not None)
        if day is not None:
            out.append(Deadline(hit.start(), hit.end(), day, year_printed=False))
    return sorted(out, key=lambda d: d.start)


def _resolve(hit: re.Match[str], issued: dt.date, labelled: bool) -> dt.date | None:
    if hit["end"]:
        return dt.date(issued.year, 12, 31)
    if hit["half"]:
        return dt.date(issued.year, 6, 30)
    if hit["quarter"]:
        month, day, part = "一二三四".index(hit["quarter"]) * 3 + 3, None, "底"
    elif hit["by"] or hit["part"] in ("底", "末") or labelled:
        try:
            month = int(hit["month"]) if hit["month"].isdigit() else numeral(hit["month"])
        except QuantityError:
            return None
        day, part = hit["day"], hit["part"]
    else:
        return None
    if not 1 <= month <= 12:
        return None
    year = issued.year + (month < issued.month)
    last = calendar.monthrange(year, month)[1]
    number = int(day) if day else {"初": 1, "上旬": 10, "中旬": 20}.get(part or "", last)
    return dt.date(year, month, number) if 1 <= number <= last else None
