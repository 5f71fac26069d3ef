"""What responsible units report on their way to a target."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gangshen.engines.timeseries import Nature, Observation, Period, Vintage, pro_rata

from ._draw import Draw

__all__ = ["Course", "Report", "reports"]


@dataclass(frozen=True, slots=True)
class Course:
    """A series that a unit reports: from ``base`` before ``start`` towards ``target`` at ``due``.

    ``speed`` is the progress against pro-rata pace (1 = arrives on the day), ``noise`` the wobble of a step as a share
    of it, ``gaps`` the share of reports that never came, ``digits`` how figures are rounded. ``season`` gives each
    month's weight (twelve numbers) where the year is not even.
    """

    series: str
    unit: str
    start: dt.date
    due: dt.date
    target: float
    base: float = 0.0
    nature: Nature = Nature.CUMULATIVE
    period: Period = Period.MONTH
    speed: float = 1.0
    noise: float = 0.15
    gaps: float = 0.0
    digits: int = 0
    season: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One figure as a unit sent it in."""

    series: str
    unit: str
    observation: Observation
    synthetic: bool = True


def reports(courses: Iterable[Course], *, seed: int, as_of: dt.date) -> Iterator[Report]:
    """The reports that had come in by ``as_of``, each published some days after the period it is about.

    What adds up never falls; a rate wanders about its path. The newest figure is a flash, those before it final.
    """
    for course in courses:
        found = list(_observations(course, seed, as_of))
        for at, observation in enumerate(found):
            vintage = Vintage.FLASH if at == len(found) - 1 else Vintage.FINAL
            marked = Observation(observation.at, observation.value, vintage, observation.published_on)
            yield Report(course.series, course.unit, marked)


def _observations(course: Course, seed: int, as_of: dt.date) -> Iterator[Observation]:
    draw = Draw(seed, "reports", course.series, course.unit)
    way, gone, done = course.target - course.base, 0.0, 0.0
    for end in _period_ends(course):
        share = _share(course, end)
        step = (share - gone) * course.speed * max(0.0, 1 + course.noise * draw.normal())
        gone, done = share, done + step
        published = end + dt.timedelta(days=draw.whole(3, 12))
        missing = draw.chance(course.gaps)
        if published > as_of:
            return
        value = course.base + way * done
        if course.nature is Nature.RATE:
            value += abs(way or course.target) * course.noise * 0.1 * draw.normal()
        if not missing:
            yield Observation(end, round(value, course.digits), published_on=published)


def _period_ends(course: Course) -> Iterator[dt.date]:
    year, month = course.start.year, course.start.month
    while True:
        if month % course.period.months == 0:
            end = dt.date(year, month, calendar.monthrange(year, month)[1])
            if end > course.due:
                return
            if end >= course.start:
                yield end
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _share(course: Course, end: dt.date) -> float:
    """The share of the way that pro-rata pace, or the season, has behind it at a period's end."""
    if not course.season:
        return pro_rata(course.start, course.due, end)
    if len(course.season) != 12 or min(course.season) < 0 or sum(course.season) <= 0:
        raise ValueError(f"season of {course.series}: give twelve weights, none negative")

    def until(day: dt.date) -> float:
        whole = (day.year - course.start.year) * sum(course.season)
        return whole + sum(course.season[: day.month]) - sum(course.season[: course.start.month - 1])

    return until(end) / until(course.due)
