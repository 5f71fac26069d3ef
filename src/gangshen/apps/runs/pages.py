"""Runs: the list, one run as it goes, its result."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, roles_of, scope
from gangshen.web.downloads import attached
from gangshen.web.listing.pages import listing_page

from . import services
from .listings import RUNS, SHAPES, share_of
from .models import Run, Schedule
from .services import KINDS, SCHEDULES, label_of

__all__ = ["may_cancel", "urlpatterns"]


def may_cancel(user: object, run: Run) -> bool:
    """Whoever started it and the system administrator may stop it."""
    active = run.state in (Run.State.QUEUED, Run.State.RUNNING)
    return active and (run.actor_id == getattr(user, "pk", None) or "system_admin" in roles_of(user))


def may_open(user: object, run: Run) -> bool:
    """A result tells of an office's objects; the right to see runs is not the right to see those."""
    kind = KINDS.get(run.kind) if run.kind in KINDS else None
    return kind is None or not kind.about or scope(user, "view", kind.about) == "all"


@login_required
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """``/runs/``: everything that ran or is running, and what runs by itself."""
    schedules = Schedule.objects.for_user(request.user).select_related("last_run").order_by("key")
    context = {"schedules": [(one, _label(one)) for one in schedules], "shapes": SHAPES}
    return listing_page(request, RUNS, template="runs/list.html", context=context)


def _label(schedule: Schedule) -> object:
    return SCHEDULES.get(schedule.key).label if schedule.key in SCHEDULES else label_of(schedule.kind)


@login_required
@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """``/runs/<number>/``: one run; while it goes, the page asks again each second."""
    one = get_object_or_404(Run.objects.for_user(request.user).select_related("actor", "result_file"), pk=pk)
    return render(request, "runs/state.html" if request.htmx else "runs/run.html", _context(request, one))  # type: ignore[attr-defined]


def _context(request: HttpRequest, one: Run) -> dict[str, object]:
    kind = KINDS.get(one.kind) if one.kind in KINDS else None
    done = one.state == Run.State.DONE
    return {
        "run": one,
        "label": label_of(one.kind),
        "shape": SHAPES[one.state],
        "active": one.state in (Run.State.QUEUED, Run.State.RUNNING),
        "share": share_of(one),
        "percent": round(100 * one.done / one.total) if one.total else None,
        "seconds": (one.finished_at - one.started_at).total_seconds() if one.finished_at and one.started_at else None,
        "values": [(name, value) for name, value in one.result.items() if isinstance(value, str | int | float)],
        "params": json.dumps(one.params, ensure_ascii=False, indent=1) if one.params else "",
        "may_open": may_open(request.user, one),
        "result_url": kind.url(one) if done and kind and kind.url else "",
        "may_cancel": may_cancel(request.user, one),
        "nav_key": "manage.runs" if allowed(request.user, "view", Run) else None,
    }


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a run to stop."""
    one = get_object_or_404(Run.objects.for_user(request.user), pk=pk)
    if not may_cancel(request.user, one):
        raise Http404
    one = services.cancel(one, request.user, now=identity.now())  # type: ignore[arg-type]
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "runs/state.html", _context(request, one))
    messages.success(request, _("Asked to stop; it ends at its next step."))
    return redirect("runs:run", pk)


@login_required
@require_GET
def result(request: HttpRequest, pk: int) -> FileResponse:
    """The file that the run made."""
    one = get_object_or_404(
        Run.objects.for_user(request.user).select_related("result_file"), pk=pk, result_file__isnull=False
    )
    if not may_open(request.user, one):
        raise Http404
    assert one.result_file is not None
    content = archive.path(one.result_file).open("rb")
    archive.record_event(request.user, "export", one, {"file": one.result_file.name})  # type: ignore[arg-type]
    return attached(FileResponse(content, content_type=one.result_file.media_type or None), one.result_file.name)


urlpatterns = [
    path("", runs, name="runs"),
    path("<int:pk>/", run, name="run"),
    path("<int:pk>/cancel/", cancel, name="cancel"),
    path("<int:pk>/result/", result, name="result"),
]
