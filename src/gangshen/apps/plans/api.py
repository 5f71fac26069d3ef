"""Plans in the API: how they stand, and reports by units."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from gangshen.apps.identity.access import require
from gangshen.apps.identity.services import now, today
from gangshen.apps.plans import services
from gangshen.apps.plans.models import Plan, Report, Task

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
