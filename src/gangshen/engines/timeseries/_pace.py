"""Pace: where a quantity stands on its way to a target, and what the rest of the way asks for."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from ._forecast import MINIMUM_OBSERVATIONS, Forecast, comparable, forecast
from ._growth import GrowthError, growth_required
from ._model import Comparator, Nature, Observation, Part, Period, Target
from ._vintage import latest

__all__ = ["Pace", "Status", "pace", "pro_rata"]


class Status(StrEnum):
    ON_PACE = "on_pace"
    BEHIND = "behind"
    MET = "met"  # holds now (or held at the due date)
    MISSED = "missed"  # can no longer be met
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pace:
    """How a target stands on ``today``, judged at the day its last figure is about.

    ``share`` is the share of the way done (1 = reached; for a ceiling on what adds up, the share used), ``time_share``
    the share of the time gone at the observation, ``expected`` the value at pro-rata pace (时序进度) there. ``gap`` is
    target − value (of a range: from its nearer end when above it). ``needed_per_period`` is the change each of
    ``periods_left`` periods must bring, for a ceiling on what adds up the room each may use; ``growth_needed`` the
    average yearly growth in % that a level needs.

    ``reasons`` begins with what decided the status: no_observation, not_started, no_path, no_closing_value, reached,
    reached_at_due, over_limit, short_at_due, outside_at_due, on_path, behind_path, within_limit_path,
    above_limit_path, rate_short, outside_range. Then, where they apply: base_from_observation, figure_after_due,
    stale, provisional_figure, few_observations.
    """

    target: Target
    today: dt.date
    status: Status
    reasons: tuple[Part, ...]
    observation: Observation | None = None
    share: float | None = None
    time_share: float | None = None
    expected: float | None = None
    gap: float | None = None
    period: Period = Period.MONTH
    periods_left: int | None = None
    needed_per_period: float | None = None
    growth_needed: float | None = None
    forecast: Forecast | None = None
    chance: float | None = None  # that the target is met, from the forecast

    @property
    def value(self) -> float | None:
        return self.observation.value if self.observation else None


def pro_rata(start: dt.date, due: dt.date, on: dt.date) -> float:
    """时序进度: the share of the days from ``start`` to ``due`` that is gone at the end of ``on``; between 0 and 1."""
    return min(1.0, max(0.0, ((on - start).days + 1) / ((due - start).days + 1)))


def pace(
    observations: Iterable[Observation],
    target: Target,
    today: dt.date,
    *,
    period: Period = Period.MONTH,
    tolerance: float = 0.0,
    level: float = 0.8,
    stale_after_days: int | None = None,
) -> Pace:
    """Judge ``target`` by what was known on ``today``.

    On the way, with b the base, v the value, x the target: share = (v − b) ÷ (x − b), compared with the share of time
    gone at the observation's own day; behind when share < time_share × (1 − tolerance). A ceiling on what adds up is
    compared the other way round. A rate without a stated base has no path and is compared as it stands. Without a base
    the last figure before the start, else the first after it, serves and is named in the reasons. After the due date a
    target is judged by the figure about that date only, or by the first after it: for what adds up within the same
    period, else within one period.

    A forecast, with an interval of probability ``level``, needs five comparable observations; otherwise the reasons
    say how many there are.
    """
    held = [o for o in latest(observations, known_on=today) if o.at <= today]
    observation, closing = _observation(held, target, period)
    if observation is None:
        early = target.start is not None and today < target.start
        return Pace(target, today, Status.UNKNOWN, (Part("not_started" if early else "no_observation"),), period=period)
    bound = target.high if target.high is not None and observation.value > target.high else target.value
    found = Pace(target, today, Status.UNKNOWN, (), observation, gap=bound - observation.value, period=period)
    found = _with_path(found, held)
    found = _with_verdict(found, closing, tolerance)
    if closing or today > target.due:
        return found
    return _with_outlook(_with_age(found, stale_after_days), held, level)


def _observation(held: Sequence[Observation], target: Target, period: Period) -> tuple[Observation | None, bool]:
    """The figure to judge by, and whether it speaks of the due date."""
    if target.nature is Nature.CUMULATIVE:
        after = [o for o in held if o.at >= target.due and _block(o.at, period) == _block(target.due, period)]
        held = _inside(held, target)
    else:
        grace = target.due + dt.timedelta(days=31 * period.months)
        after = [o for o in held if target.due <= o.at <= grace]
    if after:
        return after[0], True
    before = [o for o in held if o.at < target.due]
    return (before[-1], False) if before else (None, False)


def _block(day: dt.date, period: Period) -> tuple[int, int]:
    """Which month, quarter or year a day lies in: what adds up may begin anew with the next year."""
    return day.year, (day.month - 1) // period.months


def _inside(held: Sequence[Observation], target: Target) -> list[Observation]:
    return [o for o in held if (target.start is None or o.at >= target.start) and o.at <= target.due]


def _with_path(found: Pace, held: Sequence[Observation]) -> Pace:
    """Fill share, time share and expected value where a path is known."""
    target, observation = found.target, found.observation
    assert observation is not None
    base, start, notes = target.path_base, target.start, found.reasons
    if base is None and target.nature is Nature.LEVEL:
        earlier = [o for o in held if o.at < observation.at and o.scope == observation.scope]
        before = [o for o in earlier if start is not None and o.at < start]
        origin = before[-1] if before else (earlier[0] if earlier else None)
        if origin is not None:
            base = origin.value
            start = start if before else origin.at + dt.timedelta(days=1)
            notes = (*notes, Part("base_from_observation", {"value": base, "at": origin.at}))
    if base is None or start is None or target.value == base or observation.at < start:
        return found
    share, time_share = (observation.value - base) / (target.value - base), pro_rata(start, target.due, observation.at)
    expected = base + (target.value - base) * time_share
    return replace(found, share=share, time_share=time_share, expected=expected, reasons=notes)


def _with_verdict(found: Pace, closing: bool, tolerance: float) -> Pace:
    target, observation = found.target, found.observation
    assert observation is not None
    value, adds_up = observation.value, target.nature is Nature.CUMULATIVE
    ceiling = target.value if target.comparator is Comparator.LE else target.high
    figures = {"value": value, "target": target.value, "at": observation.at}
    met = target.met_by(value)
    if adds_up and ceiling is not None and value > ceiling:
        status, code = Status.MISSED, "over_limit"
    elif closing and met:
        status, code = Status.MET, "reached_at_due"
    elif closing:
        status, code = Status.MISSED, "outside_at_due" if target.comparator is Comparator.RANGE else "short_at_due"
    elif adds_up and target.comparator is Comparator.GE and met:
        status, code = Status.MET, "reached"
    elif found.today > target.due:
        status, code = Status.UNKNOWN, "no_closing_value"
    elif met and not (adds_up and target.comparator is Comparator.LE):
        status, code = Status.MET, "reached"
    else:
        status, code = _on_the_way(found, tolerance)
    notes = found.reasons
    if closing and observation.at > target.due:
        notes = (*notes, Part("figure_after_due", {"at": observation.at, "due": target.due}))
    paths = {"share": found.share, "time_share": found.time_share, "expected": found.expected}
    return replace(found, status=status, reasons=(Part(code, figures | paths), *notes))


def _on_the_way(found: Pace, tolerance: float) -> tuple[Status, str]:
    target, observation = found.target, found.observation
    assert observation is not None
    if found.share is None or found.time_share is None:
        if target.nature is Nature.RATE:
            return Status.BEHIND, "rate_short"
        return Status.UNKNOWN, "no_path"
    if target.nature is Nature.CUMULATIVE and target.comparator is Comparator.LE:
        within = found.share <= found.time_share * (1 + tolerance)
        return (Status.ON_PACE, "within_limit_path") if within else (Status.BEHIND, "above_limit_path")
    if target.high is not None and observation.value > target.high:
        return Status.BEHIND, "outside_range"
    ahead = found.share >= found.time_share * (1 - tolerance)
    return (Status.ON_PACE, "on_path") if ahead else (Status.BEHIND, "behind_path")


def _with_age(found: Pace, stale_after_days: int | None) -> Pace:
    observation, parts = found.observation, list(found.reasons)
    assert observation is not None
    days = (found.today - observation.at).days
    if stale_after_days is not None and days > stale_after_days:
        parts.append(Part("stale", {"at": observation.at, "days": days}))
    if observation.vintage.value != "final":
        parts.append(Part("provisional_figure", {"vintage": observation.vintage}))
    return replace(found, reasons=tuple(parts))


def _with_outlook(found: Pace, held: Sequence[Observation], level: float) -> Pace:
    """What each period left must bring, and a forecast where there is ground for one."""
    target, observation = found.target, found.observation
    assert observation is not None and found.gap is not None
    months = (target.due.year - observation.at.year) * 12 + target.due.month - observation.at.month
    left = max(1, math.ceil(months / found.period.months))
    room = target.nature is Nature.CUMULATIVE and target.comparator is Comparator.LE
    reached = target.met_by(observation.value) and not room
    needed = None if target.nature is Nature.RATE or found.status is Status.MISSED else found.gap / left
    growth = None
    if target.nature is Nature.LEVEL:
        with suppress(GrowthError):  # no positive figures, or no month left
            growth = growth_required(observation.value, target.value, months / 12)
    found = replace(
        found,
        periods_left=left,
        needed_per_period=0.0 if reached else needed,
        growth_needed=None if reached else growth,
    )
    series = _inside(held, target) if target.nature is Nature.CUMULATIVE else held
    outlook = forecast(series, target.due, level)
    if outlook is None:
        few = Part("few_observations", {"count": len(comparable(series)), "minimum": MINIMUM_OBSERVATIONS})
        return replace(found, reasons=(*found.reasons, few))
    return replace(found, forecast=outlook, chance=_chance(outlook, target))


def _chance(outlook: Forecast, target: Target) -> float:
    at_least = outlook.chance_at_least(target.value)
    if target.comparator is Comparator.LE:
        return 1 - at_least
    return at_least if target.high is None else max(0.0, at_least - outlook.chance_at_least(target.high))
