"""A task: its clause, its units, its reports, and what may be done about it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import File
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import allowed, require, scope
from gangshen.apps.identity.services import now, today
from gangshen.apps.plans import services
from gangshen.apps.plans.models import Report, Target, Task
from gangshen.apps.plans.pages._words import cards
from gangshen.web.errors import Refused

__all__ = ["close_out", "extend", "follow_up", "mine", "report", "return_report", "task"]


def _task(request: HttpRequest, key: str) -> Task:
    query = Task.objects.for_user(request.user).select_related("plan__document")
    found: Task = get_object_or_404(
        query.prefetch_related("assignments__unit", "reports__actor", "reports__file"), key=key
    )
    return found


@login_required
def task(request: HttpRequest, key: str) -> HttpResponse:
    """The task's page, or its panel beside a list."""
    one = _task(request, key)
    part = request.headers.get("HX-Target") == "panel"
    return render(request, "plans/task_panel.html" if part else "plans/task.html", _context(request, one))


def _context(request: HttpRequest, one: Task) -> dict[str, Any]:
    day = today()
    reports = list(one.reports.all())
    supervises = scope(request.user, "change", Task) == "all"
    return {
        "task": one,
        "light": services.light(one, day),
        "reports": reports,
        "last": reports[0] if reports else None,
        "cases": Case.objects.for_user(request.user).filter(about=f"task:{one.key}"),
        "may_supervise": supervises,
        "may_follow_up": supervises and not one.plan.draft and one.state != Task.State.CLOSED,
        "may_report": allowed(request.user, "add", Report) and one.state != Task.State.CLOSED,
        "targets": Target.objects.filter(
            plan=one.plan, units__in=[a.unit_id for a in one.assignments.all() if a.unit_id]
        ).distinct(),
        "today": day,
        "nav_key": "plans",
    }


def _done(request: HttpRequest, one: Task, words: str) -> HttpResponse:
    """Back to the task: its fresh panel with a toast, or its page."""
    if request.headers.get("HX-Request"):
        import json

        fresh = _task(request, one.key)
        response = render(request, "plans/task_panel.html", _context(request, fresh))
        response["HX-Trigger"] = json.dumps({"toast": {"state": "ok", "text": words}})
        return response
    return redirect("plans:task", one.key)


@login_required
@require_POST
def follow_up(request: HttpRequest, key: str) -> HttpResponse:
    """督办."""
    one = _task(request, key)
    services.follow_up(one, request.POST.get("instruction", ""), actor=request.user, now=now())
    return _done(request, one, _("The follow-up is with the unit; two workdays."))


@login_required
@require_POST
def report(request: HttpRequest, key: str) -> HttpResponse:
    """One box: words, figures, a proof."""
    one = _task(request, key)
    require(request.user, "add", Report)
    services.report(
        one,
        request.POST.get("text", ""),
        actor=request.user,
        now=now(),
        figures=_figures(request),
        file=_file(request),
        confirmed=bool(request.POST.get("confirmed")),
    )
    return _done(request, one, _("The report is in."))


def _figures(request: HttpRequest) -> dict[str, tuple[Decimal, dt.date]]:
    at = request.POST.get("at") or today().isoformat()
    found = {}
    for name, value in request.POST.items():
        if name.startswith("figure:") and value.strip():
            try:
                found[name.removeprefix("figure:")] = (Decimal(value.replace(",", "")), dt.date.fromisoformat(at))
            except (InvalidOperation, ValueError) as error:
                raise Refused(_("%(value)s is not a figure.") % {"value": value}, _("Write digits only.")) from error
    return found


def _file(request: HttpRequest) -> File | None:
    sent = request.FILES.get("file")
    return archive.store(sent.read(), sent.name or "file", now=now(), actor=request.user) if sent else None


@login_required
@require_POST
def return_report(request: HttpRequest, key: str) -> HttpResponse:
    """Send the last report back with what is missing."""
    one = _task(request, key)
    last = one.reports.filter(state=Report.State.SUBMITTED).first()
    if last is None:
        raise Refused(_("There is no report to return."), _("Wait for the unit's report."))
    services.return_report(last, request.POST.get("reason", ""), actor=request.user, now=now())
    return _done(request, one, _("The report went back with your reason."))


@login_required
@require_POST
def close_out(request: HttpRequest, key: str) -> HttpResponse:
    """销号."""
    one = _task(request, key)
    services.close_out(one, request.POST.get("receipt", ""), actor=request.user, now=now(), file=_file(request))
    return _done(request, one, _("Closed out on its receipt."))


@login_required
@require_POST
def extend(request: HttpRequest, key: str) -> HttpResponse:
    """Move the date, with a reason."""
    one = _task(request, key)
    try:
        due = dt.date.fromisoformat(request.POST.get("due", ""))
    except ValueError as error:
        raise Refused(_("The new date can't be read."), _("Choose a date.")) from error
    services.extend(one, due, request.POST.get("reason", ""), actor=request.user, now=now())
    return _done(request, one, _("The date moved."))


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """责任单位端: a unit's own tasks and figures, without the rest."""
    require(request.user, "view", Task)
    unit = request.user.organisation
    day = today()
    query = Task.objects.for_user(request.user).filter(assignments__unit=unit).distinct().select_related("plan")
    board = services.board(query.prefetch_related("assignments__unit", "reports"), day)
    open_ = [(task, light) for task, light in board if task.state != Task.State.CLOSED and not task.plan.draft]
    returned = [task for task, _light in open_ if any(r.state == "returned" for r in list(task.reports.all())[:1])]
    targets = Target.objects.for_user(request.user).filter(units=unit).distinct().select_related("plan", "series")
    return render(
        request,
        "plans/mine.html",
        {
            "unit": unit,
            "board": open_,
            "closed": [row for row in board if row[0].state == Task.State.CLOSED],
            "drafts": [row for row in board if row[0].plan.draft],
            "late": [row for row in open_ if row[1].code == "overdue"],
            "returned": returned,
            "targets": cards(services.standings(targets, day)),
            "today": day,
            "nav_key": "plans.mine",
        },
    )
