"""Series and what was observed of them; a revision is a newer row, so yesterday's figure can always be shown again."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Case, F, IntegerField, QuerySet, Value, When, Window
from django.db.models.functions import DenseRank
from django.utils import timezone
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import Source
from gangshen.apps.indicators.models import Observation, Series
from gangshen.engines import timeseries
from gangshen.engines.evidence import Ref
from gangshen.web.errors import Refused

if TYPE_CHECKING:
    from gangshen.apps.identity.models import User

__all__ = [
    "RANK",
    "curve",
    "last_period_end",
    "lately",
    "latest",
    "nature",
    "observe",
    "period_end",
    "ref",
    "series",
    "standing",
    "upsert_series",
    "vintages",
]

FIELDS = ("entity", "name", "name_en", "unit", "period", "nature", "scope", "synthetic")
PERIODS = ("year", "quarter", "month", "week", "day")
RANK = Case(
    *(When(vintage=vintage, then=Value(rank)) for rank, vintage in enumerate(Observation.Vintage.values)),
    output_field=IntegerField(),
)


def series(key: str | Series) -> Series:
    """The series of ``key``; raises :class:`Refused` when there is none."""
    if isinstance(key, Series):
        return key
    found = Series.objects.filter(key=key).first()
    if found is None:
        raise Refused(_("There is no series “%(key)s”.") % {"key": key}, _("See the list: gangshen indicators list."))
    return found


def upsert_series(rows: Iterable[Mapping[str, Any]]) -> list[Series]:
    """Create or change series by ``key``; all or none. A new one needs name and unit.

    A unit, period or nature can't change once there are observations: their figures would come to mean something else.
    """
    with transaction.atomic():
        return [_upsert(dict(row)) for row in rows]


def _upsert(row: dict[str, Any]) -> Series:
    key = row.pop("key")
    if unknown := row.keys() - set(FIELDS):
        raise Refused(
            f"{key}: {', '.join(sorted(unknown))}?", _("Fields are: %(fields)s.") % {"fields": ", ".join(FIELDS)}
        )
    one = Series.objects.filter(key=key).first() or Series(key=key)
    fixed = {name for name in ("unit", "period", "nature") if name in row and getattr(one, name) != row[name]}
    if one.pk and fixed and one.observations.exists():
        raise Refused(
            _("%(key)s has observations; its %(fields)s can't change.")
            % {"key": key, "fields": ", ".join(sorted(fixed))},
            _("Make a new series for the new meaning."),
        )
    for name, value in row.items():
        setattr(one, name, value)
    if not one.name or not one.unit or one.period not in PERIODS or one.nature not in Series.Nature.values:
        raise Refused(
            _("The series %(key)s is not whole.") % {"key": key},
            _("Give name, unit, a period (%(periods)s) and a nature (%(natures)s).")
            % {"periods": ", ".join(PERIODS), "natures": ", ".join(Series.Nature.values)},
        )
    one.save()
    return one


def observe(
    which: str | Series,
    at: dt.date,
    value: Decimal | float | int | str,
    *,
    vintage: str = Observation.Vintage.PRELIMINARY,
    source: str | Source | None = None,
    evidence: Ref | str = "",
    citation: str = "",
    note: str = "",
    now: dt.datetime,
    actor: User | None,
) -> Observation:
    """Add a value; ``at`` is the last day of what it covers. The same value said again in the same way adds no row.

    A different value for a date that has one of this vintage is a revision: it needs ``note``, the reason. Raises
    :class:`Refused` for what is no figure, lies after ``now``, or is no period's last day.
    """
    of = series(which)
    number = _figure(value)
    _check_date(of, at, now)
    if vintage not in Observation.Vintage.values:
        raise Refused(_("“%(vintage)s” is no vintage.") % {"vintage": vintage}, ", ".join(Observation.Vintage.values))
    with transaction.atomic():
        Series.objects.select_for_update().get(pk=of.pk)
        before = of.observations.filter(at=at, vintage=vintage).order_by("-pk").first()
        said = (number, str(evidence), citation.strip())
        if before is not None and (before.value, before.evidence, before.citation) == said:
            return before
        if before is not None and before.value != number and not note.strip():
            raise Refused(
                _("%(series)s at %(at)s already has the value %(value)s.")
                % {"series": of, "at": at, "value": f"{before.value.normalize():f}"},
                _("A revision needs its reason."),
            )
        made = Observation.objects.create(
            series=of,
            at=at,
            value=number,
            vintage=vintage,
            source=archive.source(source) if isinstance(source, str) and source else source or None,
            evidence=str(evidence),
            citation=citation.strip(),
            note=note.strip(),
            actor=actor,
            recorded_at=now,
        )
        if evidence:
            archive.link(evidence, str(ref(of, at)))
    return made


def _figure(value: Decimal | float | int | str) -> Decimal:
    try:
        number = Decimal(str(value).strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 18:
        raise Refused(_("“%(value)s” is not a figure.") % {"value": value}, _("Write digits only, without the unit."))
    return round(number, 6)


def _check_date(of: Series, at: dt.date, now: dt.datetime) -> None:
    if at > timezone.localdate(now):
        raise Refused(
            _("%(at)s lies in the future; an observation is of what has been.") % {"at": at},
            _("What is expected belongs into a target or a forecast."),
        )
    end = period_end(at, of.period)
    if of.nature == Series.Nature.FLOW and at != end:
        raise Refused(
            _("%(series)s counts whole periods; %(at)s is not the last day of one.") % {"series": of, "at": at},
            _("Write %(end)s.") % {"end": end},
        )


def period_end(day: dt.date, period: str) -> dt.date:
    """The last day of the year, quarter, month, week (Sunday) or day in which ``day`` lies."""
    if period == "day":
        return day
    if period == "week":
        return day + dt.timedelta(days=6 - day.weekday())
    month = {"year": 12, "quarter": (day.month + 2) // 3 * 3, "month": day.month}[period]
    return dt.date(day.year, month, calendar.monthrange(day.year, month)[1])


def standing(which: str | Series) -> QuerySet[Observation]:
    """All observations of a series, by date; of one date the one that holds comes first (vintage, then newest)."""
    return (
        series(which)
        .observations.select_related("source", "series")
        .annotate(rank=RANK)
        .order_by("at", F("rank").desc(), "-pk")
    )


def latest(which: str | Series, at: dt.date | None = None) -> Observation | None:
    """The value that holds for the last date up to ``at``: strongest vintage, newest row; None when there is none."""
    rows = standing(which).order_by("-at", F("rank").desc(), "-pk")
    return (rows.filter(at__lte=at) if at else rows).first()


def lately(which: Iterable[Series], count: int) -> dict[int, list[Observation]]:
    """Series (its key in the database) → the values that hold for its last ``count`` dates, the newest first."""
    nth = Window(DenseRank(), partition_by="series", order_by=F("at").desc())
    rows = Observation.objects.filter(series__in=[one.pk for one in which]).annotate(rank=RANK, nth=nth)
    found: dict[int, dict[dt.date, Observation]] = {}
    for one in rows.filter(nth__lte=count).order_by("-at", F("rank").desc(), "-pk"):
        found.setdefault(one.series_id, {}).setdefault(one.at, one)
    return {key: list(held.values()) for key, held in found.items()}


def last_period_end(day: dt.date, period: str) -> dt.date:
    """The last day of the latest period that was over on ``day``."""
    inside, end = day, period_end(day, period)
    while end > day:
        inside -= dt.timedelta(days=1)
        end = period_end(inside, period)
    return end


def vintages(which: str | Series, at: dt.date) -> list[Observation]:
    """All that was ever said of one date, oldest first."""
    return list(series(which).observations.select_related("source", "actor").filter(at=at).order_by("pk"))


def curve(which: str | Series) -> list[timeseries.Observation]:
    """The series as the engine reads it: of each date the value that holds, in order of time."""
    of = series(which)
    every = of.observations.order_by("at", "pk")
    return timeseries.latest(
        timeseries.Observation(
            at=one.at,
            value=float(one.value),
            vintage=timeseries.Vintage(one.vintage),
            published_on=timezone.localdate(one.recorded_at),
            scope=of.scope,
            ref=str(ref(of, one.at)),
        )
        for one in every
    )


def nature(which: str | Series) -> timeseries.Nature:
    """How the engine treats the quantity; a flow taken period by period compares like a level."""
    held = series(which).nature
    return timeseries.Nature.LEVEL if held == Series.Nature.FLOW else timeseries.Nature(held)


def ref(which: Series, at: dt.date) -> Ref:
    """The reference of what is known of a date: ``obs:SERIES@date``."""
    return Ref("obs", which.key, at=at.isoformat())
