"""Visits in the API: list, plan, write down; requests and promises."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers import services as registers
from gangshen.web.api import Paged

from . import services
from .models import Matter, Visit

__all__ = ["router"]

router = Router()


class VisitOut(Schema):
    id: int
    key: str
    firm: str
    unit: str
    on: dt.date
    state: str
    purpose: str

    @staticmethod
    def resolve_firm(one: Visit) -> str:
        return one.firm.key

    @staticmethod
    def resolve_unit(one: Visit) -> str:
        return one.unit.key


class MatterOut(Schema):
    visit: str
    number: int
    kind: str
    words: str
    topic: str | None
    due: dt.date | None
    answer: str
    answered_on: dt.date | None

    @staticmethod
    def resolve_visit(one: Matter) -> str:
        return one.visit.key

    @staticmethod
    def resolve_topic(one: Matter) -> str | None:
        return one.topic.key if one.topic else None

    @staticmethod
    def resolve_due(one: Matter) -> dt.date | None:
        return one.case.due if one.case else None


class VisitIn(Schema):
    firm: str
    unit: str
    on: dt.date
    purpose: str = ""


class AskedIn(Schema):
    kind: str = "request"
    words: str
    topic: str = ""
    due: dt.date | None = None


class HeldIn(Schema):
    said: dict[str, str] = {}
    matters: list[AskedIn] = []
    note: str = ""


def _visits(request: HttpRequest) -> QuerySet[Visit]:
    return Visit.objects.for_user(request.user).select_related("firm", "unit")


@router.get("", response=list[VisitOut], summary="Visits, the latest first")
@paginate(Paged)
def list_visits(request: HttpRequest, firm: str = "", state: str = "") -> QuerySet[Visit]:
    rows = _visits(request).filter(registers.rows_of(firm, "firm__key")) if firm else _visits(request)
    return rows.filter(state=state) if state else rows


@router.get("/matters", response=list[MatterOut], summary="Requests and promises with their answers")
@paginate(Paged)
def list_matters(request: HttpRequest, firm: str = "") -> QuerySet[Matter]:
    rows = Matter.objects.for_user(request.user).select_related("visit__firm", "visit__unit", "topic", "case")
    return rows.filter(registers.rows_of(firm, "visit__firm__key")) if firm else rows


@router.post("", response=VisitOut, summary="Plan a visit")
def plan(request: HttpRequest, given: VisitIn) -> Visit:
    require(request.user, "add", Visit)
    firm, unit = (get_object_or_404(Organisation, key=key) for key in (given.firm, given.unit))
    user = request.user
    return services.plan(firm, unit, given.on, purpose=given.purpose, visitor=user, actor=user, today=identity.today())  # type: ignore[arg-type]


@router.post("/{pk}/hold", response=VisitOut, summary="Write a visit down: facts said, requests, promises")
def hold(request: HttpRequest, pk: int, given: HeldIn) -> Visit:
    return services.hold(
        get_object_or_404(_visits(request), pk=pk),
        said=given.said,
        matters=[services.Asked(one.kind, one.words, one.topic, one.due) for one in given.matters],
        note=given.note,
        actor=request.user,  # type: ignore[arg-type]
        now=identity.now(),
        today=identity.today(),
    )
