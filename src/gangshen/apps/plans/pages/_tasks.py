"""A task: its clause, its units, its reports, and what may be done about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import File
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import allowed, require, scope
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import now, today, zone
from gangshen.apps.indicators import services as indicators
from gangshen.apps.indicators.models import Observation
from gangshen.apps.plans import services
from gangshen.apps.plans.models import Report, Target, Task
from gangshen.apps.plans.pages._words import cards
from gangshen.web import word
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused

__all__ = ["accept", "assign", "close_out", "extend", "follow_up", "mine", "report", "return_report", "slip", "task"]


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


def _context(request: HttpRequest, one: Task, asked: services.Questioned | None = None) -> dict[str, Any]:
    day = today()
    reports = list(one.reports.all())
    last = next((r for r in reports if r.kind == Report.Kind.PROGRESS), None)
    supervises = scope(request.user, "change", Task) == "all" and one.state != Task.State.CLOSED
    live = one.state != Task.State.CLOSED and not one.plan.draft
    may_report = live and allowed(request.user, "add", Report)
    boxes = _boxes(request, one) if may_report else []
    return {
        "task": one,
        "light": services.light(one, day),
        "reports": reports,
        "last": last,
        "cases": Case.objects.for_user(request.user).filter(about=f"task:{one.key}"),
        "may_supervise": supervises and live,
        "may_follow_up": supervises and live,
        "may_assign": supervises and not any(a.unit_id for a in one.assignments.all()),
        "may_report": may_report,
        "figures": boxes,
        "as_at": _as_at(boxes, day),
        "files": File.objects.for_user(request.user).in_bulk([r.file_id for r in reports if r.file_id]),
        "asked": asked,
        "typed": request.POST if asked else {},
        "organisations": Organisation.objects.exclude(kind="enterprise").order_by("key"),
        "today": day,
        "nav_key": "plans",
    }


@dataclass(frozen=True, slots=True)
class _Box:
    """A figure that may be reported: what was typed, beside the last two values."""

    target: Target
    typed: str
    before: list[Observation]


def _boxes(request: HttpRequest, one: Task) -> list[_Box]:
    """The figures this user may report with the task."""
    units = [a.unit_id for a in one.assignments.all() if a.unit_id]
    query = Target.objects.for_user(request.user).filter(plan=one.plan, units__in=units).exclude(series=None)
    targets = list(query.select_related("series").distinct())
    before = indicators.lately([one.series for one in targets if one.series], 2)
    return [_Box(one, request.POST.get(f"figure:{one.key}", ""), before.get(one.series_id or 0, [])) for one in targets]


def _as_at(boxes: list[_Box], day: dt.date) -> dt.date:
    """The day that the figures are offered for: of what counts whole periods the end of the last one, else today."""
    flows = [box.target.series.period for box in boxes if box.target.series and box.target.series.nature == "flow"]
    return min((indicators.last_period_end(day, period) for period in flows), default=day)


def _done(request: HttpRequest, one: Task, words: str) -> HttpResponse:
    """Back to the task: its fresh panel with a toast beside a list, else its page."""
    page = reverse("plans:task", args=[one.key])
    if request.htmx and (request.htmx.current_url_abs_path or "").split("?")[0] == page:  # type: ignore[attr-defined]
        messages.success(request, words)
        return HttpResponse(status=204, headers={"HX-Redirect": page})
    if request.htmx:  # type: ignore[attr-defined]
        import json

        fresh = _task(request, one.key)
        response = render(request, "plans/task_panel.html", _context(request, fresh))
        response["HX-Trigger"] = json.dumps({"toast": {"state": "ok", "text": words}})
        return response
    messages.success(request, words)
    return redirect(page)


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
    try:
        with transaction.atomic():
            services.report(
                one,
                request.POST.get("text", ""),
                actor=request.user,
                now=now(),
                figures=_figures(request),
                file=_file(request),
                confirmed=bool(request.POST.get("confirmed")),
            )
    except services.Questioned as asked:
        return _ask(request, one, asked)
    return _done(request, one, _("The report is in."))


def _ask(request: HttpRequest, one: Task, asked: services.Questioned) -> HttpResponse:
    """The question, with all that was typed: only the question's place is swapped, else the page is shown again."""
    context = _context(request, one, asked)
    if request.headers.get("HX-Request"):
        response = render(request, "plans/question.html", context)
        response["HX-Retarget"], response["HX-Reswap"] = "#question", "innerHTML show:top"
        return response
    return render(request, "plans/task.html", context)


def _figures(request: HttpRequest) -> dict[str, tuple[Decimal, dt.date]]:
    typed = {name: value for name, value in request.POST.items() if name.startswith("figure:") and value.strip()}
    at = _date(request, "at") or today()
    return {name.removeprefix("figure:"): (_figure(value), at) for name, value in typed.items()}


def _figure(value: str) -> Decimal:
    try:
        found = Decimal(value.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Refused(_("“%(value)s” is not a figure.") % {"value": value}, _("Write digits only, without the unit."))
    return found


def _date(request: HttpRequest, name: str) -> dt.date | None:
    said = request.POST.get(name, "").strip()
    try:
        return dt.date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Refused(_("“%(value)s” is no date.") % {"value": said}, _("Choose a date.")) from error


def _file(request: HttpRequest) -> File | None:
    sent = request.FILES.get("file")
    return archive.store(sent.read(), sent.name or "file", now=now(), actor=request.user) if sent else None


@login_required
@require_POST
def return_report(request: HttpRequest, key: str) -> HttpResponse:
    """Send the last report back with what is missing."""
    one = _task(request, key)
    services.return_report(services.waiting_report(one), request.POST.get("reason", ""), actor=request.user, now=now())
    return _done(request, one, _("The report went back with your reason."))


@login_required
@require_POST
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """Take note of the last report; the task goes on."""
    one = _task(request, key)
    services.accept_report(services.waiting_report(one), actor=request.user, now=now())
    return _done(request, one, _("Noted; the task goes on."))


@login_required
@require_POST
def assign(request: HttpRequest, key: str) -> HttpResponse:
    """Give the task a unit."""
    one = _task(request, key)
    unit = get_object_or_404(Organisation.objects.exclude(kind="enterprise"), key=request.POST.get("unit", ""))
    services.assign(one, unit, actor=request.user, now=now())
    return _done(request, one, _("The task has its unit."))


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
    due = _date(request, "due")
    if due is None:
        raise Refused(_("The new date is missing."), _("Choose a date."))
    services.extend(one, due, request.POST.get("reason", ""), actor=request.user, now=now())
    return _done(request, one, _("The date moved."))


def _returned(task: Task) -> bool:
    last = next((r for r in task.reports.all() if r.kind == Report.Kind.PROGRESS), None)
    return last is not None and last.state == Report.State.RETURNED


@login_required
def slip(request: HttpRequest, key: str) -> HttpResponse:
    """督办单: the task, what is asked, and room for the unit's answer, as a Word page."""
    one = _task(request, key)
    require(request.user, "change", one)
    asked = Case.objects.for_user(request.user).filter(about=f"task:{one.key}", type="follow_up").last()
    light = services.light(one, today())
    document = word.Word(
        _("Follow-up slip"), day=today(), issuer=zone().name, marks=["draft"] if one.plan.draft else []
    )
    rows = [
        (_("Task"), f"{one.number} {one.title}"),
        (_("Unit"), "、".join(a.printed for a in one.assignments.all()) or _("unassigned")),
        (_("Due"), str(one.due or "—")),
        (_("State"), light.words),
        (_("What is asked"), asked.instruction if asked else ""),
        (_("Answer by"), str(asked.due or "—") if asked else ""),
        (_("What was done"), ""),
        (_("Proof"), ""),
        (_("Signed for the unit"), ""),
    ]
    document.table([_("Item"), _("Content")], rows)
    document.heading(_("Clause"))
    document.paragraph(one.text or one.title, one.evidence or None, one.plan.title)
    archive.record_event(request.user, "export", one, {"what": "follow-up slip"})  # type: ignore[arg-type]
    return attachment(document.save(), f"{one.key}.docx", word.MEDIA_TYPE)


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """责任单位端: a unit's own tasks and figures, without the rest."""
    require(request.user, "view", Task)
    unit = request.user.organisation
    day = today()
    query = Task.objects.for_user(request.user).filter(assignments__unit=unit).distinct().select_related("plan")
    board = services.board(query.prefetch_related("assignments__unit", "reports"), day)
    open_ = [(task, light) for task, light in board if task.state != Task.State.CLOSED and not task.plan.draft]
    returned = [task for task, _light in open_ if _returned(task)]
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
