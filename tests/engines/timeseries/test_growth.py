"""Growth and vintages: the glossary's checks."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.timeseries import (
    GrowthError,
    Nature,
    Observation,
    Vintage,
    average_annual_growth,
    average_annual_growth_of,
    growth_by_indices,
    growth_required,
    latest,
    value_at,
    year_on_year,
)

D = dt.date
figures = st.floats(1, 1e9)


def yearly(*values: float, first: int = 2020, scope: str = "") -> list[Observation]:
    return [Observation(D(first + i, 12, 31), value, scope=scope) for i, value in enumerate(values)]


def test_firms_from_73_to_92_grew_4_7_percent_a_year_with_n_5() -> None:
    assert round(average_annual_growth(73, 92, base_year=2020, end_year=2025), 1) == 4.7
    assert round(average_annual_growth(73, 92, base_year=2021, end_year=2025), 1) == 6.0


@given(figures, st.floats(-50, 80), st.integers(1, 20))
def test_growth_required_is_what_reaches_the_target(current: float, rate: float, years: int) -> None:
    target = current * (1 + rate / 100) ** years
    assert growth_required(current, target, years) == pytest.approx(rate, abs=1e-6)


@pytest.mark.parametrize(("base", "end", "n"), [(0, 5, 3), (-1, 5, 3), (5, 0, 3), (5, 9, 0), (5, 9, -2)])
def test_undefined_growth_is_refused(base: float, end: float, n: int) -> None:
    with pytest.raises(GrowthError):
        average_annual_growth(base, end, base_year=2020, end_year=2020 + n)


def test_growth_beyond_number_is_refused() -> None:
    with pytest.raises(GrowthError, match="beyond number"):
        growth_required(1e-30, 1e6, 1 / 12)


def test_growth_of_a_series_needs_both_years_and_one_scope() -> None:
    assert round(average_annual_growth_of(yearly(73, 75, 80, 84, 88, 92), base_year=2020, end_year=2025), 1) == 4.7
    with pytest.raises(GrowthError, match="2019"):
        average_annual_growth_of(yearly(73, 92), base_year=2019, end_year=2021)
    changed = [*yearly(73, 75), *yearly(80, 84, first=2022, scope="2022 directory")]
    with pytest.raises(GrowthError, match="scope changed"):
        average_annual_growth_of(changed, base_year=2020, end_year=2023)
    with pytest.raises(GrowthError, match="percentage points"):
        average_annual_growth_of(yearly(3, 4), base_year=2020, end_year=2021, nature=Nature.RATE)


def test_comparable_price_growth_is_the_product_of_indices() -> None:
    assert growth_by_indices([110, 110]) == pytest.approx(10)
    assert growth_by_indices([120, 100]) == pytest.approx(100 * (1.2**0.5 - 1))
    with pytest.raises(GrowthError):
        growth_by_indices([])


def test_a_published_rate_is_never_recomputed() -> None:
    series = [Observation(D(2024, 9, 30), 100), Observation(D(2025, 9, 30), 120, rate=13.5)]
    found = year_on_year(series, D(2025, 9, 30))
    assert (found.rate, found.source) == (13.5, "published")
    assert found.computed == pytest.approx(20)


def test_year_on_year_says_why_it_is_unknown() -> None:
    series = [Observation(D(2024, 2, 29), 100), Observation(D(2025, 2, 28), 110), Observation(D(2023, 2, 28), 0)]
    assert year_on_year(series, D(2025, 2, 28)).rate == pytest.approx(10)
    assert year_on_year(series, D(2024, 2, 29)).reason == "base_not_positive"
    assert year_on_year(series, D(2023, 2, 28)).reason == "no_base"
    assert year_on_year(series, D(2020, 2, 28)).reason == "no_figure"
    moved = [Observation(D(2024, 6, 30), 100, scope="old"), Observation(D(2025, 6, 30), 110, scope="new")]
    assert year_on_year(moved, D(2025, 6, 30)).reason == "scope_changed"
    both = [*moved, Observation(D(2024, 6, 30), 88, scope="new")]
    assert year_on_year(both, D(2025, 6, 30)).rate == pytest.approx(25)


def test_the_strongest_vintage_holds_and_yesterday_can_be_made_again() -> None:
    at = D(2025, 12, 31)
    flash = Observation(at, 100, Vintage.FLASH, D(2026, 1, 20))
    revised = Observation(at, 101, Vintage.FLASH, D(2026, 2, 5))
    final = Observation(at, 97, Vintage.FINAL, D(2026, 9, 1))
    late_flash = Observation(at, 99, Vintage.FLASH, D(2026, 10, 1))
    series = [final, flash, late_flash, revised]
    assert latest(series) == [final]
    assert latest(series, known_on=D(2026, 3, 1)) == [revised]
    assert latest(series, known_on=D(2026, 1, 19)) == []
    assert value_at(series, D(2026, 6, 30), known_on=D(2026, 1, 25)) == flash
    assert value_at(series, D(2025, 6, 30)) is None


@given(st.permutations(range(6)))
def test_latest_does_not_depend_on_the_order_of_arrival(order: list[int]) -> None:
    series = [
        Observation(D(2025, 1 + i % 2, 28), i, list(Vintage)[i % 3], D(2026, 1, 1 + i), scope="ab"[i % 2])
        for i in range(6)
    ]
    assert latest([series[i] for i in order]) == latest(series)
