"""Indicators in the API: series, their observations, a new one."""

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
from .models import Observation, Series

__all__ = ["router"]

router = Router()


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
