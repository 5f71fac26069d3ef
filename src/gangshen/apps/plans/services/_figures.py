"""Targets against their series: value, pace needed, and what is doubtful about a new figure."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gangshen.apps.indicators.models import Observation, Series
from gangshen.apps.plans.models import Phase, Target
from gangshen.engines import timeseries as ts

from ._register import Measured, measured

__all__ = ["Doubt", "Standing", "doubt_about", "standing", "standings"]

JUMP = 8  # a figure this many times the last one is asked about: usually 万元 taken for 元
_COMPARATORS = {"le": ts.Comparator.LE, "lt": ts.Comparator.LE, "range": ts.Comparator.RANGE}
_NATURES = {
    Series.Nature.LEVEL: ts.Nature.LEVEL,
    Series.Nature.FLOW: ts.Nature.CUMULATIVE,
    Series.Nature.CUMULATIVE: ts.Nature.CUMULATIVE,
    Series.Nature.RATE: ts.Nature.RATE,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A target with its pace; ``pace`` is None while the target has no date or no series."""

    target: Target
    pace: ts.Pace | None
    curve: tuple[ts.Observation, ...] = ()
    missing: str = ""  # "series" or "deadline"
    measured: Measured | None = None  # by the register, where the target carries a query and it was asked for


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that should be asked about before it goes in."""

    last: Decimal
    last_at: dt.date
    times: float
    other_unit: str = ""  # in which the figure would be of the usual size: 元 where 万元 is asked


def doubt_about(series: Series, value: Decimal) -> Doubt | None:
    """Whether ``value`` jumps so far from the last figure that its unit must be asked for (万元 or 元?)."""
    last = series.observations.order_by("-at", "-pk").first()
    if last is None or not last.value or not value or series.nature == Series.Nature.RATE:
        return None
    times = float(value / last.value)
    if 1 / JUMP < times < JUMP:
        return None
    return Doubt(last.value, last.at, times, _other_unit(series.unit, times))


_MONEY = {"元": 1, "万元": 10**4, "亿元": 10**8}


def _other_unit(unit: str, times: float) -> str:
    """The unit that was probably meant: smaller for a figure too large, and the other way round."""
    bare = unit.removeprefix("万")
    family = _MONEY if unit in _MONEY else {bare: 1, f"万{bare}": 10**4}
    sizes = {name: size for name, size in family.items() if (size < family[unit]) == (times > 1) and name != unit}
    return min(sizes, key=lambda name: abs(math.log10(abs(times) * sizes[name] / family[unit])), default="")


def standings(targets: Iterable[Target], today: dt.date, *, counted: bool = False) -> list[Standing]:
    """How each target stands, in two queries whatever their number.

    The register is asked for targets that nobody reports; with ``counted`` for every target that carries a query.
    """
    targets = list(targets)
    found = measured([one for one in targets if counted or one.series_id is None], today)
    phases: dict[int, list[Phase]] = defaultdict(list)
    for phase in Phase.objects.filter(plan__in={target.plan_id for target in targets}):
        phases[phase.plan_id].append(phase)
    curves: dict[int, list[Observation]] = defaultdict(list)
    wanted = {target.series_id for target in targets if target.series_id}
    for row in Observation.objects.filter(series__in=wanted).select_related("source").order_by("at", "pk"):
        curves[row.series_id].append(row)
    return [
        replace(
            _standing(one, phases[one.plan_id], curves[one.series_id or 0], found.get(one.pk), today),
            measured=found.get(one.pk),
        )
        for one in targets
    ]


def standing(target: Target, today: dt.date) -> Standing:
    """How one target stands, by its series and by the register."""
    return standings([target], today, counted=True)[0]


def _standing(
    target: Target, phases: Sequence[Phase], rows: Sequence[Observation], counted: Measured | None, today: dt.date
) -> Standing:
    known = target.series is not None or (counted is not None and counted.low is not None)
    if target.deadline is None or not known:
        return Standing(target, None, missing="deadline" if known else "series")
    start = _start(target, phases)
    if target.series is None:
        assert counted is not None
        return Standing(target, _banded(target, counted, start, today))
    seen = [
        ts.Observation(
            row.at,
            float(row.value),
            vintage=ts.Vintage(row.vintage),
            published_on=None,
            ref=row.evidence or f"obs:{target.series.key}@{row.at}",
        )
        for row in rows
    ]
    if target.series.nature == Series.Nature.FLOW:
        seen = _cumulated(seen, start, target.deadline)
    wanted = _wanted(target, _NATURES[Series.Nature(target.series.nature)], start)
    period = ts.Period(target.series.period) if target.series.period in set(ts.Period) else ts.Period.MONTH
    return Standing(target, ts.pace(seen, wanted, today, period=period), tuple(seen))


def _wanted(target: Target, nature: ts.Nature, start: dt.date | None) -> ts.Target:
    assert target.deadline is not None
    return ts.Target(
        _COMPARATORS.get(target.comparator, ts.Comparator.GE),
        float(target.low),
        target.deadline,
        nature=nature,
        high=float(target.high) if target.comparator == "range" and target.high is not None else None,
        start=start,
    )


def _banded(target: Target, counted: Measured, start: dt.date | None, today: dt.date) -> ts.Pace:
    """The pace of a value that is known between two bounds: what both agree on, else unknown."""
    nature = ts.Nature.RATE if counted.query.measure == "share" else ts.Nature.LEVEL
    wanted = _wanted(target, nature, start)
    bounds = [counted.low, counted.high if counted.high is not None else float("inf")]
    seen = [ts.Observation(today, bound) for bound in bounds if bound is not None]
    lowest, highest = (ts.pace([one], wanted, today) for one in seen)
    if lowest.status is highest.status:
        return lowest
    return replace(lowest, status=ts.Status.UNKNOWN, reasons=(ts.Part("open_firms"),), share=None, gap=None)


def _start(target: Target, phases: Sequence[Phase]) -> dt.date | None:
    """First day of the phase that ends with the deadline, else of the plan."""
    year = target.deadline.year if target.deadline else None
    for phase in phases:
        if phase.end_year == year:
            return dt.date(phase.start_year, 1, 1)
    return dt.date(target.plan.start_year, 1, 1) if target.plan.start_year else None


def _cumulated(rows: list[ts.Observation], start: dt.date | None, due: dt.date) -> list[ts.Observation]:
    """Flows of single periods added up from ``start``: a target on a flow is a target on its sum."""
    total, out = 0.0, []
    for row in ts.latest(rows):
        if (start is None or row.at >= start) and row.at <= due:
            total += row.value
            out.append(ts.Observation(row.at, total, vintage=row.vintage, ref=row.ref))
    return out
