"""Reports of units: plausible, punctual, and judged by the same engine as real ones."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gangshen.engines.synthesis import Course, reports
from gangshen.engines.timeseries import Comparator, Nature, Period, Status, Target, Vintage, pace

D = dt.date
AS_OF = D(2026, 11, 20)
COURSE = Course("robot_output", "区经委", D(2026, 1, 1), D(2026, 12, 31), 118.0, digits=1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 999), st.floats(0.2, 2), st.floats(0, 0.5), st.dates(D(2026, 1, 1), D(2027, 6, 30)))
def test_reports_had_come_in_and_what_adds_up_never_falls(seed: int, speed: float, noise: float, as_of: D) -> None:
    course = Course("s", "u", D(2026, 1, 1), D(2026, 12, 31), 500, speed=speed, noise=noise)
    found = [report.observation for report in reports([course], seed=seed, as_of=as_of)]
    assert [report.observation for report in reports([course], seed=seed, as_of=as_of)] == found
    assert all(o.published_on is not None and o.at < o.published_on <= as_of for o in found)
    assert [o.value for o in found] == sorted(o.value for o in found)
    assert [o.at for o in found] == sorted({o.at for o in found})
    assert [o.vintage for o in found][-1:] in ([], [Vintage.FLASH])


def test_a_figure_once_reported_stays_as_it_was() -> None:
    early = {r.observation.at: r.observation.value for r in reports([COURSE], seed=1, as_of=D(2026, 6, 1))}
    later = {r.observation.at: r.observation.value for r in reports([COURSE], seed=1, as_of=AS_OF)}
    assert early
    assert early.items() <= later.items()
    assert len(later) == 10


@pytest.mark.parametrize(("speed", "status"), [(1.3, Status.ON_PACE), (0.6, Status.BEHIND)])
def test_speed_decides_the_pace(speed: float, status: Status) -> None:
    course = Course("s", "u", D(2026, 1, 1), D(2026, 12, 31), 1000, speed=speed, noise=0.05)
    target = Target(Comparator.GE, 1000, D(2026, 12, 31), Nature.CUMULATIVE, start=D(2026, 1, 1))
    found = pace([r.observation for r in reports([course], seed=3, as_of=D(2026, 9, 20))], target, D(2026, 9, 20))
    assert found.status is status
    assert found.forecast is not None


def test_quarters_seasons_levels_and_gaps() -> None:
    season = (1.0, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0)
    quarters = Course("q", "u", D(2025, 1, 1), D(2026, 12, 31), 60, 40, Nature.LEVEL, Period.QUARTER, season=season)
    found = [r.observation for r in reports([quarters], seed=2, as_of=AS_OF)]
    assert [o.at.month for o in found] == [3, 6, 9, 12, 3, 6, 9]
    assert all(40 <= o.value <= 65 for o in found)
    gappy = Course("g", "u", D(2025, 1, 1), D(2026, 12, 31), 60, gaps=0.5)
    assert 4 < len(list(reports([gappy], seed=2, as_of=AS_OF))) < 20
    assert all(r.synthetic and r.unit == "u" for r in reports([gappy], seed=2, as_of=AS_OF))


def test_a_season_of_other_than_twelve_is_refused() -> None:
    with pytest.raises(ValueError, match="twelve"):
        list(reports([Course("s", "u", D(2026, 1, 1), D(2026, 12, 31), 1, season=(1.0,))], seed=1, as_of=AS_OF))
