"""What statistics adds to growth: cumulative months, comparable prices, the same day a year before."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Cumulated", "cumulated", "real_growth", "year_before"]


@dataclass(frozen=True, slots=True)
class Cumulated:
    """累计 from January to the month of ``at``; ``rate`` is the 同比 in %, None while last year's is not whole."""

    at: dt.date
    value: float
    rate: float | None


def cumulated(months: Mapping[dt.date, float]) -> list[Cumulated]:
    """Monthly flows (by the last day of the month) added up within each year.

    January is not given alone: the first figure of a year is January with February, as monthly statistics publish it.
    From the first missing month on the year has no cumulative figure: a gap is not a zero.
    """
    sums: dict[dt.date, float] = {}
    for year in sorted({day.year for day in months}):
        total = 0.0
        for month in range(1, 13):
            day = _month_end(year, month)
            if day not in months:
                break
            total += months[day]
            if month > 1:
                sums[day] = total
    found = []
    for day, value in sums.items():
        base = sums.get(_month_end(day.year - 1, day.month))
        found.append(Cumulated(day, value, 100 * (value / base - 1) if base is not None and base > 0 else None))
    return found


def real_growth(rate: float, price_index: float) -> float:
    """Growth at comparable prices (可比价) in % from growth at current prices and the price index (previous = 100)."""
    if price_index <= 0:
        raise ValueError("a price index must be above 0 (previous year = 100)")
    return 100 * ((1 + rate / 100) / (price_index / 100) - 1)


def year_before(day: dt.date) -> dt.date:
    """The same day of the year before; a month's last day answers to the same month's last day."""
    if day == _month_end(day.year, day.month):
        return _month_end(day.year - 1, day.month)
    return day.replace(year=day.year - 1)


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
