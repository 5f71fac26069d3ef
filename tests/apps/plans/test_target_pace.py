"""Targets against their series: what the engine is given, and what is said when there is nothing to judge by."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from plans_world import NOW, TODAY, target

from gangshen.apps.indicators import services as indicators
from gangshen.apps.plans import services
from gangshen.apps.plans.models import Phase

pytestmark = pytest.mark.django_db


def series(nature: str, *rows: tuple[dt.date, float], unit: str = "家", period: str = "month", key: str = "s"):
    made = indicators.upsert_series([{"key": key, "name": key, "unit": unit, "period": period, "nature": nature}])[0]
    for at, value in rows:
        indicators.observe(made, at, value, citation="c", actor=None, now=NOW)
    return made


def test_what_adds_up_is_compared_with_the_time_gone(world) -> None:
    found = services.standing(world.target, TODAY)
    assert found.pace.status == "behind"
    assert found.pace.value == 2600
    assert found.pace.share == pytest.approx(2600 / 12000)
    assert found.pace.time_share == pytest.approx(90 / 365)
    assert (found.pace.periods_left, found.pace.needed_per_period) == (9, pytest.approx(9400 / 9))


def test_flows_are_added_up_from_the_phases_first_day(world) -> None:
    flow = series(
        "flow",
        (dt.date(2025, 12, 31), 500),
        (dt.date(2026, 1, 31), 30),
        (dt.date(2026, 2, 28), 30),
        (dt.date(2026, 3, 31), 40),
    )
    found = services.standing(target(world.plan, flow, "g2", 380, unit="家"), TODAY)
    assert (found.pace.value, found.pace.status) == (100, "on_pace")


def test_a_revision_counts_and_the_older_vintage_does_not(world) -> None:
    indicators.observe(world.series, dt.date(2026, 3, 31), 3000, vintage="final", citation="年报", actor=None, now=NOW)
    assert services.standing(world.target, TODAY).pace.value == 3000
    assert services.standing(world.target, TODAY).pace.status == "on_pace"


def test_what_lies_after_the_day_asked_about_is_not_known(world) -> None:
    assert services.standing(world.target, dt.date(2026, 3, 1)).pace.value == 1800


def test_a_ceiling_and_a_range(world) -> None:
    used = series("rate", (dt.date(2026, 3, 31), 0.9), key="use", unit="%")
    at_most = target(world.plan, used, "g3", 1, unit="%", comparator="le")
    between = target(world.plan, used, "g4", 1, unit="%", comparator="range", high=Decimal(2))
    assert services.standing(at_most, TODAY).pace.status == "met"
    assert services.standing(between, TODAY).pace.status == "behind"


def test_without_series_date_or_figure_nothing_is_guessed(world) -> None:
    none = services.standing(target(world.plan, None, "g5", 1), TODAY)
    undated = services.standing(target(world.plan, world.series, "g6", 1, deadline=None), TODAY)
    empty = services.standing(target(world.plan, series("level", key="empty"), "g7", 1), TODAY)
    assert (none.pace, none.missing) == (None, "series")
    assert (undated.pace, undated.missing) == (None, "deadline")
    assert (empty.pace.status, empty.pace.reasons[0].code) == ("unknown", "no_observation")


def test_no_forecast_under_five_observations_and_the_reason(world) -> None:
    pace = services.standing(world.target, TODAY).pace
    few = next(part for part in pace.reasons if part.code == "few_observations")
    assert pace.forecast is None
    assert few.values == {"count": 3, "minimum": 5}


def test_the_phase_that_ends_with_the_deadline_begins_the_path(world) -> None:
    Phase.objects.create(plan=world.draft, name="二期", start_year=2027, end_year=2027)
    found = services.standing(target(world.draft, world.series, "g8", 10), TODAY)
    assert found.pace.target.start == dt.date(2027, 1, 1)
    assert found.pace.reasons[0].code == "not_started"


def test_many_targets_cost_two_queries(world, django_assert_num_queries) -> None:
    rows = [target(world.plan, world.series, f"n{number}", number + 1) for number in range(12)]
    with django_assert_num_queries(2):
        services.standings(rows, TODAY)


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        ("2700", False),
        ("20700", False),
        ("20800", True),
        ("26000000", True),
        ("325", True),
        ("326", False),
        ("0", False),
    ],
)
def test_a_jump_of_eight_times_is_asked_about(world, value: str, asked: bool) -> None:
    doubt = services.doubt_about(world.series, Decimal(value))
    assert (doubt is not None) == asked
    if doubt:
        assert (doubt.last, doubt.last_at) == (Decimal(2600), dt.date(2026, 3, 31))
        assert doubt.times == pytest.approx(float(value) / 2600)


def test_rates_and_first_figures_are_not_asked_about(world) -> None:
    assert services.doubt_about(series("rate", (dt.date(2026, 3, 31), 1), unit="%"), Decimal(90)) is None
    assert services.doubt_about(series("level", key="new"), Decimal(90)) is None
