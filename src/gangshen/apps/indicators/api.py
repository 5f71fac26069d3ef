"""Indicators in the API: series, their observations, a new one; statistics, counted and kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import require
from gangshen.web.api import Paged

from . import services
from .listings import with_latest
from .models import Observation, Result, Series, Statistic

__all__ = ["router", "statistics"]

router, statistics = Router(), Router()


class SeriesOut(Schema):
    key: str
    entity: str
    name: str
    name_en: str
    unit: str
    period: str
    nature: str
    scope: str
    synthetic: bool
    last_at: dt.date | None = None
    last_value: Decimal | None = None
    last_vintage: str | None = None


class ObservationOut(Schema):
    at: dt.date
    value: Decimal
    vintage: str
    source: str | None
    evidence: str
    citation: str
    note: str
    recorded_at: dt.datetime

    @staticmethod
    def resolve_source(one: Observation) -> str | None:
        return one.source.key if one.source else None


class ObservationIn(Schema):
    at: dt.date
    value: Decimal
    vintage: str = "preliminary"
    source: str = ""
    evidence: str = ""
    citation: str = ""
    note: str = ""


def _series(request: HttpRequest, key: str) -> Series:
    return get_object_or_404(Series.objects.for_user(request.user), key=key)


@router.get("", response=list[SeriesOut], summary="Series with the value that holds")
@paginate(Paged)
def list_series(request: HttpRequest) -> QuerySet[Series]:
    return with_latest(Series.objects.for_user(request.user)).order_by("key")


@router.get("/{key}", response=list[ObservationOut], summary="Every value said of a series, in order")
@paginate(Paged)
def observations(request: HttpRequest, key: str) -> Any:
    return services.standing(_series(request, key))


@router.post("/{key}", response=ObservationOut, summary="Add a value; a revision needs its note")
def observe(request: HttpRequest, key: str, given: ObservationIn) -> Observation:
    of = _series(request, key)
    require(request.user, "add", Observation)
    return services.observe(
        of,
        given.at,
        given.value,
        vintage=given.vintage,
        source=given.source or None,
        evidence=given.evidence,
        citation=given.citation,
        note=given.note,
        now=identity.now(),
        actor=request.user,  # type: ignore[arg-type]
    )


class StatisticOut(Schema):
    key: str
    name: str
    name_en: str
    public: bool
    shared: bool


class KeepIn(Schema):
    as_of: dt.date | None = None
    note: str = ""


class KeptOut(Schema):
    new: bool
    as_of: dt.date
    series: str | None


def _statistic(request: HttpRequest, key: str) -> Statistic:
    return get_object_or_404(services.visible(request.user), key=key)


@statistics.get("", response=list[StatisticOut], summary="Statistics that you may open")
@paginate(Paged)
def list_statistics(request: HttpRequest) -> QuerySet[Statistic]:
    return services.visible(request.user).order_by("key")


@statistics.get("/{key}", response=dict, summary="One statistic: figure, unknown firms, tables, growth")
def one_statistic(request: HttpRequest, key: str, by: str = "", as_of: dt.date | None = None) -> dict[str, Any]:
    """Counted now where you may see small cells; else what was published last, small cells hidden."""
    return services.report_for(request.user, _statistic(request, key), as_of or identity.today(), by=by)


@statistics.post("/{key}", response=KeptOut, summary="Count it and keep the result")
def keep_statistic(request: HttpRequest, key: str, given: KeepIn) -> dict[str, Any]:
    row = _statistic(request, key)
    require(request.user, "add", Result)
    day = given.as_of or identity.today()
    made, new = services.keep(row, day, actor=request.user, now=identity.now(), note=given.note)  # type: ignore[arg-type]
    return {"new": new, "as_of": made.as_of, "series": row.series.key if row.series else None}
