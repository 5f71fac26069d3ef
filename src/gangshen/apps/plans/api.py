"""Plans in the API: how they stand, and reports by units."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from gangshen.apps.identity.access import require
from gangshen.apps.identity.services import now, organisation, today
from gangshen.apps.plans import services
from gangshen.apps.plans.models import Plan, Report, Task
from gangshen.web.errors import Refused

__all__ = ["router"]

router = Router(tags=["plans"])


class FigureIn(Schema):
    target: str
    value: Decimal
    at: dt.date


class ReportIn(Schema):
    text: str
    figures: list[FigureIn] = []
    confirmed: bool = False


class ReportOut(Schema):
    id: int
    text: str
    state: str
    at: dt.datetime


class MoveIn(Schema):
    text: str = ""
    due: dt.date | None = None
    unit: str = ""


class TaskOut(Schema):
    key: str
    state: str
    due: dt.date | None
    units: list[str]
    case: int | None = None

    @staticmethod
    def resolve_units(task: Task) -> list[str]:
        return [one.printed for one in task.assignments.all()]


class InstructionIn(Schema):
    text: str
    unit: str
    due: dt.date | None = None
    about: str = ""


class InstructionOut(Schema):
    case: int
    due: dt.date | None


Verb = Literal["accept", "return", "close", "extend", "assign", "follow_up"]


@router.get("/status", response=list[dict[str, Any]])
def status(request: HttpRequest, plan: str | None = None) -> list[dict[str, Any]]:
    """Plans with tasks by their light and targets by their pace."""
    require(request.user, "view", Plan)
    return services.status(today(), plan=plan, user=request.user)


@router.post("/tasks/{key}/reports", response={201: ReportOut})
def report(request: HttpRequest, key: str, body: ReportIn) -> Status:
    """Report progress on a task; figures become observations of their targets' series."""
    require(request.user, "add", Report)
    task = get_object_or_404(Task.objects.for_user(request.user).select_related("plan"), key=key)
    figures = {one.target: (one.value, one.at) for one in body.figures}
    made = services.report(task, body.text, actor=request.user, now=now(), figures=figures, confirmed=body.confirmed)
    return Status(201, made)


@router.post("/tasks/{key}/{verb}", response=TaskOut)
def move(request: HttpRequest, key: str, verb: Verb, body: MoveIn) -> Task:
    """Answer a report, close out, extend, assign or follow up a task; `text` is the reason, receipt or instruction."""
    task = get_object_or_404(Task.objects.for_user(request.user).select_related("plan"), key=key)
    how: dict[str, Any] = {"actor": request.user, "now": now()}
    if verb == "accept":
        services.accept_report(services.waiting_report(task), **how)
    elif verb == "return":
        services.return_report(services.waiting_report(task), body.text, **how)
    elif verb == "close":
        services.close_out(task, body.text, **how)
    elif verb == "assign":
        services.assign(task, organisation(body.unit), **how)
    elif verb == "follow_up":
        task.case = services.follow_up(task, body.text, **how).pk  # type: ignore[attr-defined]
    elif body.due is None:
        raise Refused("An extension needs its new date.", "Give `due`.")
    else:
        services.extend(task, body.due, body.text, **how)
    task.refresh_from_db()
    return task


@router.post("/{plan}/instructions", response={201: InstructionOut})
def instruct(request: HttpRequest, plan: str, body: InstructionIn) -> Status:
    """A leader's instruction about a plan, or about its task or target (`about`), becomes a case."""
    one = get_object_or_404(Plan.objects.for_user(request.user), key=plan)
    unit = organisation(body.unit)
    made = services.instruct(one, body.text, unit=unit, due=body.due, about=body.about, actor=request.user, now=now())
    return Status(201, {"case": made.pk, "due": made.due})
