"""Runs in the API: the list, one, stop it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.pagination import paginate

from gangshen.apps.identity import services as identity
from gangshen.web.api import Paged

from . import services
from .models import Run
from .pages import may_cancel

__all__ = ["router"]

router = Router()


class RunOut(Schema):
    id: int
    kind: str
    state: str
    done: int
    total: int | None
    message: str
    error: str
    remedy: str
    params: dict[str, Any]
    result: dict[str, Any]
    snapshot: str
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


@router.get("", response=list[RunOut], summary="Runs, newest first")
@paginate(Paged)
def list_runs(request: HttpRequest, kind: str = "", state: str = "") -> QuerySet[Run]:
    rows = Run.objects.for_user(request.user)
    rows = rows.filter(kind=kind) if kind else rows
    return rows.filter(state=state) if state else rows


@router.get("/{number}", response=RunOut, summary="One run")
def get_run(request: HttpRequest, number: int) -> Run:
    return get_object_or_404(Run.objects.for_user(request.user), pk=number)


@router.post("/{number}/cancel", response=RunOut, summary="Ask a run to stop")
def cancel_run(request: HttpRequest, number: int) -> Run:
    run = get_object_or_404(Run.objects.for_user(request.user), pk=number)
    if not may_cancel(request.user, run) and run.state in (Run.State.QUEUED, Run.State.RUNNING):
        raise Http404
    return services.cancel(run, request.user, now=identity.now())  # type: ignore[arg-type]
