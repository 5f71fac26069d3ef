"""Growth as Chinese official statistics compute it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from ._model import Nature, Observation
from ._vintage import latest

__all__ = [
    "GrowthError",
    "YearOnYear",
    "average_annual_growth",
    "average_annual_growth_of",
    "growth_by_indices",
    "growth_required",
    "year_on_year",
]


class GrowthError(ValueError):
    """A growth rate that is not defined; the message says why."""


def average_annual_growth(base: float, end: float, *, base_year: int, end_year: int) -> float:
    """年均增长 in %: ((end ÷ base)^(1/n) − 1) × 100 with n = end_year − base_year (水平法, the level method).

    For a five-year-plan period the base is the last year *before* it: 十四五 (2021-2025) counts from 2020, n = 5.

    >>> round(average_annual_growth(73, 92, base_year=2020, end_year=2025), 1)
    4.7

    Raises :class:`GrowthError` for a base or end ≤ 0 or a period that is not positive. Never the mean of yearly rates,
    and not to be used on a sum over years.
    """
    return growth_required(base, end, end_year - base_year)


def average_annual_growth_of(
    observations: Iterable[Observation], *, base_year: int, end_year: int, nature: Nature = Nature.LEVEL
) -> float:
    """年均增长 in % between the figures at two year ends (or of two whole years).

    Raises :class:`GrowthError` when a year is missing, when the scope changed in between, or when the quantity is a
    rate (a difference in percentage points is meant then).
    """
    if nature is Nature.RATE:
        raise GrowthError("a rate has no average growth; state the change in percentage points")
    held = latest(observations)
    ends: list[Observation] = []
    for year in (base_year, end_year):
        found = [o for o in held if o.at == dt.date(year, 12, 31)]
        if not found:
            raise GrowthError(f"no figure for the whole of {year}")
        ends.append(found[-1])
    if len({o.scope for o in held if base_year <= o.at.year <= end_year}) > 1:
        raise GrowthError(f"the scope changed between {base_year} and {end_year}; no growth is computed over it")
    return average_annual_growth(ends[0].value, ends[1].value, base_year=base_year, end_year=end_year)


def growth_by_indices(indices: Sequence[float]) -> float:
    """年均增长 in % at comparable prices from yearly indices (previous year = 100): (∏ index/100)^(1/n) − 1."""
    if not indices or any(index <= 0 for index in indices):
        raise GrowthError("yearly indices must be given and positive (previous year = 100)")
    return 100 * (math.exp(math.fsum(math.log(index / 100) for index in indices) / len(indices)) - 1)


def growth_required(current: float, target: float, years: float) -> float:
    """The average yearly growth in % that takes ``current`` to ``target`` in ``years``."""
    if current <= 0 or target <= 0:
        raise GrowthError(f"growth from {current:g} to {target:g} is not defined; both must be above 0")
    if years <= 0:
        raise GrowthError("no time is left to grow in; the end must come after the base")
    try:
        return float(100 * ((target / current) ** (1 / years) - 1))
    except OverflowError:
        raise GrowthError(f"growth from {current:g} to {target:g} in {years:g} years is beyond number") from None


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """同比 in %. ``rate`` is what to show: the published rate when there is one, else the computed one.

    ``computed`` is the plain ratio of the two stored figures, kept beside and never in place of a published rate.
    """

    rate: float | None
    source: Literal["published", "computed", "unknown"]
    computed: float | None
    reason: str = ""  # why unknown: no_figure, no_base, scope_changed, base_not_positive


def year_on_year(observations: Iterable[Observation], at: dt.date) -> YearOnYear:
    """同比 of the figure at ``at`` against the same day of the year before (29 February against the 28th)."""
    held = latest(observations)
    now = [o for o in held if o.at == at]
    if not now:
        return YearOnYear(None, "unknown", None, "no_figure")
    current = max(now, key=lambda o: (o.published_on or o.at, o.scope))
    then = [o for o in held if o.at == _year_before(at)]
    before = next((o for o in then if o.scope == current.scope), then[-1] if then else None)
    computed, reason = None, ""
    if before is None:
        reason = "no_base"
    elif before.scope != current.scope:
        reason = "scope_changed"
    elif before.value <= 0:
        reason = "base_not_positive"
    else:
        computed = 100 * (current.value / before.value - 1)
    if current.rate is not None:
        return YearOnYear(current.rate, "published", computed, reason)
    return YearOnYear(computed, "unknown" if computed is None else "computed", computed, reason)


def _year_before(day: dt.date) -> dt.date:
    """A month's last day answers to the same month's last day."""
    tomorrow = day + dt.timedelta(days=1)
    if tomorrow.day == 1:
        return dt.date(tomorrow.year - 1, tomorrow.month, 1) - dt.timedelta(days=1)
    return day.replace(year=day.year - 1)
