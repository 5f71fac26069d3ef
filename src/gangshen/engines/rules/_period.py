"""Periods a text asks for, and dates counted in years."""

from __future__ import annotations

import calendar
import datetime as dt
import re

__all__ = ["back", "period_keys"]

_YEAR = re.compile(r"\d{4}")
_QUARTER = re.compile(r"(\d{4})[Qq]([1-4])")
_YEARS = re.compile(r"last_(\d{1,2})_years")


def period_keys(period: str | None, as_of: dt.date) -> tuple[str, ...] | None:
    """The years or quarters meant at ``as_of``: ``last_year`` → ("2025",), ``last_2_years`` → ("2024", "2025").

    Empty for no period; None when the words name no period.
    """
    if period is None:
        return ()
    year = as_of.year
    if period == "last_year":
        return (str(year - 1),)
    if period == "this_year":
        return (str(year),)
    if period == "last_quarter":
        quarter = (as_of.month - 1) // 3
        return (f"{year}Q{quarter}" if quarter else f"{year - 1}Q4",)
    if _YEAR.fullmatch(period):
        return (period,)
    if _QUARTER.fullmatch(period):
        return (period.upper(),)
    found = _YEARS.fullmatch(period)
    if found and int(found[1]) > 0:
        return tuple(str(year - back) for back in range(int(found[1]), 0, -1))
    return None


def back(as_of: dt.date, years: float) -> dt.date:
    """The day ``years`` before (half years allowed); 29 February becomes the 28th where there is none."""
    months = as_of.year * 12 + as_of.month - 1 - round(years * 12)
    year, month = divmod(months, 12)
    if year < 1:
        return dt.date.min
    return dt.date(year, month + 1, min(as_of.day, calendar.monthrange(year, month + 1)[1]))
