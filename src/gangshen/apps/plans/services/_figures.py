"""Targets against their series: value, pace needed, and what is doubtful about a new figure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gangshen.apps.indicators.models import Observation, Series
from gangshen.apps.plans.models import Phase, Target
from gangshen.engines import timeseries as ts

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


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that should be asked about before it goes in."""

    last: Decimal
    last_at: dt.date
    times: float


def doubt_about(series: Series, value: Decimal) -> Doubt | None:
    """Whether ``value`` jumps so far from the last figure that its unit must be asked for (万元 or 元?)."""
    last = series.observations.order_by("-at", "-pk").first()
    if last is None or not last.value or not value or series.nature == Series.Nature.RATE:
        return None
    times = float(value / last.value)
    return Doubt(last.value, last.at, times) if not 1 / JUMP < times < JUMP else None


def standings(targets: Iterable[Target], today: dt.date) -> list[Standing]:
    """How each target stands, in two queries whatever their number."""
    targets = list(targets)
    phases: dict[int, list[Phase]] = defaultdict(list)
    for phase in Phase.objects.filter(plan__in={target.plan_id for target in targets}):
        phases[phase.plan_id].append(phase)
    curves: dict[int, list[Observation]] = defaultdict(list)
    wanted = {target.series_id for target in targets if target.series_id}
    for row in Observation.objects.filter(series__in=wanted).select_related("source").order_by("at", "pk"):
        curves[row.series_id].append(row)
    return [_standing(target, phases[target.plan_id], curves[target.series_id or 0], today) for target in targets]


def standing(target: Target, today: dt.date) -> Standing:
    """How one target stands."""
    return standings([target], today)[0]


def _standing(target: Target, phases: Sequence[Phase], rows: Sequence[Observation], today: dt.date) -> Standing:
    if target.series is None or target.deadline is None:
        return Standing(target, None, missing="series" if target.series is None else "deadline")
    start = _start(target, phases)
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
    wanted = ts.Target(
        _COMPARATORS.get(target.comparator, ts.Comparator.GE),
        float(target.low),
        target.deadline,
        nature=_NATURES[Series.Nature(target.series.nature)],
        high=float(target.high) if target.comparator == "range" and target.high is not None else None,
        start=start,
    )
    period = ts.Period(target.series.period) if target.series.period in set(ts.Period) else ts.Period.MONTH
    return Standing(target, ts.pace(seen, wanted, today, period=period), tuple(seen))


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
