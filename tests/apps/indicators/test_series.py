"""Series: append-only, vintage by vintage; the same twice is one row; a revision has its reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gangshen.apps.indicators import services
from gangshen.apps.indicators.models import Observation, Series
from gangshen.engines import timeseries
from gangshen.web.appendonly import WrittenOnce
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
YEAR = dt.date(2025, 12, 31)
HOW = {"now": NOW, "actor": None}


@pytest.fixture
def output():
    return services.upsert_series([{"key": "output", "name": "工业总产值", "unit": "亿元", "nature": "flow"}])[0]


def test_the_same_value_said_again_adds_no_row(output) -> None:
    first = services.observe("output", YEAR, "1,050.5", **HOW)
    assert services.observe("output", YEAR, Decimal("1050.5"), **HOW) == first
    assert Observation.objects.count() == 1


def test_a_revision_needs_its_reason_and_keeps_the_old_figure(output) -> None:
    services.observe("output", YEAR, 1050, **HOW)
    with pytest.raises(Refused):
        services.observe("output", YEAR, 1060, **HOW)
    services.observe("output", YEAR, 1060, note="普查修订", **HOW)
    assert [one.value for one in services.vintages("output", YEAR)] == [1050, 1060]
    assert services.latest("output").value == 1060


def test_a_stronger_vintage_holds_whatever_came_later(output) -> None:
    services.observe("output", YEAR, 1060, vintage="final", **HOW)
    services.observe("output", YEAR, 1000, vintage="flash", **HOW)
    assert services.latest("output", YEAR).value == 1060
    assert [(one.value, one.vintage) for one in services.curve("output")] == [(1060.0, timeseries.Vintage.FINAL)]


def test_the_curve_speaks_the_engines_language(output) -> None:
    services.observe("output", dt.date(2024, 12, 31), 900, **HOW)
    services.observe("output", YEAR, 1050, **HOW)
    curve = services.curve("output")
    assert [one.at for one in curve] == [dt.date(2024, 12, 31), YEAR]
    assert curve[0].ref == "obs:output@2024-12-31"
    assert services.latest("output", dt.date(2025, 6, 30)).value == 900
    assert services.nature("output") is timeseries.Nature.LEVEL


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (YEAR, "约一千"),
        (YEAR, "nan"),
        (YEAR, float("inf")),
        (dt.date(2026, 12, 31), 1),
        (dt.date(2025, 11, 30), 1),
    ],
)
def test_what_is_no_observation_is_refused(output, at, value) -> None:
    with pytest.raises(Refused):
        services.observe("output", at, value, **HOW)
    assert not Observation.objects.exists()


def test_a_level_may_be_read_on_any_day() -> None:
    services.upsert_series([{"key": "firms", "name": "企业数", "unit": "家"}])
    assert services.observe("firms", dt.date(2026, 4, 3), 150, **HOW).value == 150


def test_meaning_is_fixed_once_there_are_figures(output) -> None:
    services.upsert_series([{"key": "output", "name": "规上工业总产值"}])
    services.observe("output", YEAR, 1, **HOW)
    with pytest.raises(Refused, match="unit"):
        services.upsert_series([{"key": "output", "unit": "万元"}])
    services.upsert_series([{"key": "output", "name": "产值", "unit": "亿元"}])


def test_bad_series_leave_nothing(output) -> None:
    with pytest.raises(Refused):
        services.upsert_series([{"key": "b", "name": "乙", "unit": "家"}, {"key": "c", "name": "丙", "period": "aeon"}])
    assert not Series.objects.filter(key="b").exists()


def test_observations_are_written_once(output) -> None:
    made = services.observe("output", YEAR, 1, **HOW)
    made.value = 2
    with pytest.raises(WrittenOnce):
        made.save()
    with pytest.raises(WrittenOnce):
        Observation.objects.filter(pk=made.pk).delete()


def test_an_unknown_series_is_named() -> None:
    with pytest.raises(Refused, match="nope"):
        services.curve("nope")


@pytest.mark.parametrize(
    ("day", "period", "end"),
    [
        ("2025-02-03", "month", "2025-02-28"),
        ("2024-05-01", "quarter", "2024-06-30"),
        ("2026-11-21", "week", "2026-11-22"),
    ],
)
def test_ends_of_periods(day, period, end) -> None:
    assert services.period_end(dt.date.fromisoformat(day), period) == dt.date.fromisoformat(end)


SAID = st.tuples(st.integers(2020, 2025), st.integers(1, 5), st.sampled_from(["flash", "preliminary", "final"]))


class Law(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(st.lists(SAID, max_size=12))
    def test_latest_is_the_strongest_then_the_newest(self, said) -> None:
        services.upsert_series([{"key": "s", "name": "s", "unit": "家"}])
        held: dict[int, tuple[int, int]] = {}
        for year, value, vintage in said:
            services.observe("s", dt.date(year, 12, 31), value, vintage=vintage, note="修订", **HOW)
            rank = timeseries.Vintage(vintage).rank
            if year not in held or rank >= held[year][0]:
                held[year] = (rank, value)
        assert {one.at.year: one.value for one in services.curve("s")} == {y: v for y, (_, v) in held.items()}
        last = services.latest("s")
        assert (last is None) == (not held)
        if last:
            assert last.value == held[max(held)][1]
