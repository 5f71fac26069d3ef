"""Pace and forecasts: evidence or unknown."""

from __future__ import annotations

import calendar
import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.timeseries import (
    Comparator,
    Nature,
    Observation,
    Pace,
    Period,
    Status,
    Target,
    TargetError,
    Vintage,
    comparable,
    forecast,
    pace,
    pro_rata,
)

D = dt.date
YEAR = {"start": D(2026, 1, 1), "due": D(2026, 12, 31)}


def month_end(index: int, year: int = 2026) -> D:
    year, month = year + index // 12, index % 12 + 1
    return D(year, month, calendar.monthrange(year, month)[1])


def monthly(*values: float, year: int = 2026) -> list[Observation]:
    return [Observation(month_end(i, year), value) for i, value in enumerate(values)]


def grant(value: float = 120, comparator: Comparator = Comparator.GE, **more: object) -> Target:
    return Target(comparator, value, nature=Nature.CUMULATIVE, **(YEAR | more))  # type: ignore[arg-type]


def codes(found: Pace) -> list[str]:
    return [part.code for part in found.reasons]


def test_what_adds_up_is_compared_at_the_day_it_is_about_not_today() -> None:
    found = pace(monthly(10, 20, 30, 40, 50, 60, 70, 80, 90), grant(), D(2026, 11, 21))
    assert found.status is Status.ON_PACE
    assert found.share == pytest.approx(0.75)
    assert found.time_share == pytest.approx(273 / 365)
    assert (found.gap, found.periods_left, found.needed_per_period) == (30, 3, 10)
    assert found.expected == pytest.approx(120 * 273 / 365)
    assert codes(found) == ["on_path"]
    assert found.forecast is not None
    assert found.forecast.value == pytest.approx(120)


def test_behind_says_what_each_quarter_must_bring() -> None:
    found = pace(monthly(5, 10, 15), grant(), D(2026, 4, 10), period=Period.QUARTER)
    assert found.status is Status.BEHIND
    assert (found.periods_left, found.needed_per_period) == (3, 35)
    assert found.forecast is None and found.chance is None
    assert codes(found) == ["behind_path", "few_observations"]
    assert dict(found.reasons[-1].values) == {"count": 3, "minimum": 5}


def test_tolerance_is_relative_to_the_time_gone() -> None:
    series = monthly(9.5)
    assert pace(series, grant(), D(2026, 2, 1)).status is Status.BEHIND
    assert pace(series, grant(), D(2026, 2, 1), tolerance=0.1).status is Status.ON_PACE


def test_nothing_observed_is_unknown_never_zero() -> None:
    assert codes(pace([], grant(), D(2026, 3, 1))) == ["no_observation"]
    assert codes(pace([], grant(), D(2025, 3, 1))) == ["not_started"]
    last_year = monthly(100, year=2025)
    assert pace(last_year, grant(), D(2026, 3, 1)).status is Status.UNKNOWN
    unpublished = [Observation(D(2026, 2, 28), 20, published_on=D(2026, 3, 20))]
    assert pace(unpublished, grant(), D(2026, 3, 1)).status is Status.UNKNOWN


def test_after_the_due_date_only_its_own_figure_counts() -> None:
    today = D(2027, 2, 1)
    assert pace(monthly(*[10] * 11), grant(), today).status is Status.UNKNOWN
    assert codes(pace(monthly(*[10] * 11), grant(), today)) == ["no_closing_value"]
    assert pace(monthly(*[10] * 12), grant(), today).status is Status.MISSED
    assert pace(monthly(*[10] * 11, 120), grant(), today).status is Status.MET
    assert codes(pace(monthly(*[10] * 10, 130), grant(), today)) == ["reached"]


def test_a_due_date_inside_a_month_is_judged_by_that_month() -> None:
    target = grant(60, due=D(2026, 9, 15))
    short = pace(monthly(*[5] * 8, 58), target, D(2026, 11, 20))
    assert (short.status, codes(short)) == (Status.MISSED, ["short_at_due", "figure_after_due"])
    assert pace(monthly(*[5] * 8, 62), target, D(2026, 11, 20)).status is Status.MET
    assert pace(monthly(*[5] * 8), target, D(2026, 11, 20)).status is Status.UNKNOWN
    year_end = [*monthly(*[100] * 11), *monthly(9, year=2027)]  # begins anew with the year: says nothing of December
    assert pace(year_end, grant(), D(2027, 2, 20)).status is Status.UNKNOWN


def test_a_ceiling_on_what_adds_up() -> None:
    ceiling = grant(120, Comparator.LE)
    within = pace(monthly(5, 10, 15), ceiling, D(2026, 4, 1))
    assert (within.status, within.reasons[0].code) == (Status.ON_PACE, "within_limit_path")
    assert within.needed_per_period == pytest.approx(105 / 9)  # the room each month may use
    assert pace(monthly(50), ceiling, D(2026, 2, 1)).status is Status.BEHIND
    over = pace(monthly(50, 121), ceiling, D(2026, 3, 1))
    assert (over.status, over.reasons[0].code, over.needed_per_period) == (Status.MISSED, "over_limit", None)
    assert pace(monthly(*[10] * 12), ceiling, D(2027, 1, 5)).status is Status.MET


def firms(value: float, **more: object) -> Target:
    return Target(Comparator.GE, value, D(2027, 12, 31), **({"start": D(2025, 1, 1)} | more))  # type: ignore[arg-type]


def test_a_level_takes_its_base_from_evidence_and_says_so() -> None:
    series = [Observation(D(2024, 12, 31), 20), Observation(D(2025, 12, 31), 29), Observation(D(2026, 6, 30), 36)]
    found = pace(series, firms(50), D(2026, 11, 21), period=Period.YEAR)
    assert found.share == pytest.approx(16 / 30)
    assert found.status is Status.ON_PACE
    assert codes(found)[:2] == ["on_path", "base_from_observation"]
    assert found.growth_needed == pytest.approx(100 * ((50 / 36) ** (1 / 1.5) - 1))
    stated = pace(series, firms(50, base=30), D(2026, 11, 21))
    assert (stated.status, stated.share) == (Status.BEHIND, pytest.approx(0.3))


def test_a_level_without_any_base_is_unknown() -> None:
    found = pace([Observation(D(2026, 6, 30), 36)], firms(50), D(2026, 11, 21))
    assert (found.status, found.reasons[0].code) == (Status.UNKNOWN, "no_path")
    assert found.gap == 14


def test_a_level_that_must_fall_and_one_that_must_stay_in_range() -> None:
    energy = Target(Comparator.LE, 80, D(2027, 12, 31), start=D(2026, 1, 1), base=100)
    assert pace([Observation(D(2026, 12, 31), 88)], energy, D(2027, 1, 9)).status is Status.ON_PACE
    assert pace([Observation(D(2026, 12, 31), 95)], energy, D(2027, 1, 9)).status is Status.BEHIND
    assert pace([Observation(D(2026, 12, 31), 79)], energy, D(2027, 1, 9)).needed_per_period == 0
    band = Target(Comparator.RANGE, 40, D(2027, 12, 31), high=50, start=D(2026, 1, 1), base=20)
    assert pace([Observation(D(2026, 12, 31), 45)], band, D(2027, 1, 9)).status is Status.MET
    above = pace([Observation(D(2026, 12, 31), 55)], band, D(2027, 1, 9))
    assert (above.status, above.reasons[0].code, above.gap) == (Status.BEHIND, "outside_range", -5)
    assert codes(pace([Observation(D(2027, 12, 31), 55)], band, D(2028, 1, 9)))[0] == "outside_at_due"


def test_a_rate_is_compared_as_it_stands() -> None:
    rate = Target(Comparator.GE, 5.0, D(2027, 12, 31), Nature.RATE)
    assert codes(pace([Observation(D(2026, 9, 30), 4.2)], rate, D(2026, 11, 1)))[0] == "rate_short"
    assert pace([Observation(D(2026, 9, 30), 5.2)], rate, D(2026, 11, 1)).status is Status.MET
    assert pace([Observation(D(2026, 9, 30), 4.2)], rate, D(2026, 11, 1)).needed_per_period is None


def test_old_and_provisional_figures_are_marked() -> None:
    series = [Observation(D(2026, 1, 31), 10, Vintage.FLASH)]
    found = pace(series, grant(), D(2026, 9, 1), stale_after_days=90)
    assert codes(found)[1:3] == ["stale", "provisional_figure"]


def test_unreadable_targets_are_refused() -> None:
    with pytest.raises(TargetError, match="high"):
        Target(Comparator.RANGE, 5, D(2026, 1, 1))
    with pytest.raises(TargetError, match="high"):
        Target(Comparator.GE, 5, D(2026, 1, 1), high=6)
    with pytest.raises(TargetError, match="below"):
        Target(Comparator.RANGE, 5, D(2026, 1, 1), high=4)
    with pytest.raises(TargetError, match="start"):
        Target(Comparator.GE, 5, D(2026, 1, 1), start=D(2026, 2, 1))


def test_no_forecast_below_five_comparable_observations() -> None:
    assert forecast(monthly(1, 2, 3, 4), D(2026, 12, 31)) is None
    assert forecast(monthly(1, 2, 3, 4, 5), D(2026, 12, 31)) is not None
    assert forecast(monthly(1, 2, 3, 4, 5), D(2026, 5, 31)) is None
    gap = [o for i, o in enumerate(monthly(*range(8))) if i != 4]
    assert len(comparable(gap)) == 3
    moved = [Observation(o.at, o.value, scope="new" if o.at.month > 3 else "") for o in monthly(*range(7))]
    assert len(comparable(moved)) == 4


def test_the_drift_forecast_against_its_formula() -> None:
    found = forecast(monthly(3, 5, 4, 7, 8, 8), D(2026, 9, 30), level=0.8)
    assert found is not None
    drift, deltas = 1.0, [2, -1, 3, 1, 0]
    deviation = math.sqrt(sum((d - drift) ** 2 for d in deltas) / 4)
    spread = deviation * math.sqrt(3 * (1 + 3 / 5))
    assert found.value == pytest.approx(11)
    assert found.spread == pytest.approx(spread)
    assert found.high - found.value == pytest.approx(spread * 1.5332, rel=1e-4)  # Student's t, 4 degrees, 0.90
    assert found.chance_at_least(found.value) == pytest.approx(0.5)
    assert found.chance_at_least(found.low) == pytest.approx(0.9)


@pytest.mark.parametrize(("count", "quantile"), [(5, 3.1824), (6, 2.7764), (7, 2.5706), (12, 2.2281), (32, 2.0423)])
def test_intervals_use_students_t(count: int, quantile: float) -> None:
    series = monthly(*[i + (0.5 if i % 2 else 0) for i in range(count)])
    found = forecast(series, month_end(count), level=0.95)
    assert found is not None
    assert (found.high - found.value) / found.spread == pytest.approx(quantile, rel=1e-4)


values = st.lists(st.floats(0, 1e6), min_size=1, max_size=12)


@given(values, st.floats(1, 1e6), st.sampled_from(list(Comparator)), st.sampled_from(list(Nature)), st.integers(0, 500))
def test_every_series_gets_an_honest_verdict(
    series: list[float], value: float, comparator: Comparator, nature: Nature, day: int
) -> None:
    target = Target(
        comparator,
        value,
        D(2026, 12, 31),
        nature,
        value * 1.2 if comparator is Comparator.RANGE else None,
        D(2026, 1, 1),
    )
    today = D(2026, 1, 1) + dt.timedelta(days=day)
    found = pace(monthly(*series), target, today)
    assert found.reasons
    assert (found.forecast is not None) <= (sum(o.at <= today for o in monthly(*series)) >= 5)
    if found.observation is None:
        assert found.status is Status.UNKNOWN
        return
    assert found.observation.at <= today
    if found.status is Status.MET:
        assert target.met_by(found.observation.value)
    if found.chance is not None:
        assert 0 <= found.chance <= 1


@given(st.dates(D(2020, 1, 1), D(2030, 1, 1)), st.integers(0, 3000), st.integers(-100, 4000))
def test_pro_rata_runs_from_zero_to_one(start: D, length: int, at: int) -> None:
    due = start + dt.timedelta(days=length)
    share = pro_rata(start, due, start + dt.timedelta(days=at))
    assert 0 <= share <= 1
    assert (share == 1) == (at >= length)
