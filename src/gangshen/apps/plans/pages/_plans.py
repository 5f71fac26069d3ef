"""The list of plans, and one plan: how many tasks are late, which targets slip, and the board."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import now, today, zone
from gangshen.apps.plans import services
from gangshen.apps.plans.listings import TARGETS, TASKS
from gangshen.apps.plans.models import Plan, Report, Target, Task
from gangshen.apps.plans.pages._words import TargetCard, cards
from gangshen.web import excel as sheets
from gangshen.web import plots, word
from gangshen.web.components import Measure
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused
from gangshen.web.listing.pages import listing_page

__all__ = ["brief", "excel", "index", "instruct", "plan", "targets", "tasks"]


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """All plans the user may see, each with its lights and targets."""
    require(request.user, "view", Plan)
    day = today()
    tasks = services.board(
        Task.objects.for_user(request.user).select_related("plan").prefetch_related("assignments"), day
    )
    targets = services.standings(Target.objects.for_user(request.user).select_related("plan", "series"), day)
    rows = []
    for one in Plan.objects.for_user(request.user).select_related("document"):
        lights = Counter(light.light.value for task, light in tasks if task.plan_id == one.pk)
        stood = [s for s in targets if s.target.plan_id == one.pk]
        rows.append(
            {
                "plan": one,
                "tasks": sum(lights.values()),
                "late": 0 if one.draft else lights["bad"],
                "shares": plots.shares([lights[k] for k in ("ok", "near", "bad", "unk", "na")], _LIGHT_INKS),
                "targets": len(stood),
                "behind": sum(1 for s in stood if s.pace and s.pace.status in ("behind", "missed")),
            }
        )
    late = sum(row["late"] for row in rows)
    return render(
        request,
        "plans/index.html",
        {"rows": rows, "late": late, "behind": sum(r["behind"] for r in rows if not r["plan"].draft), "today": day},
    )


@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """All tasks the user may see, as a list."""
    return listing_page(request, TASKS)


@login_required
def targets(request: HttpRequest) -> HttpResponse:
    """All targets the user may see, as a list."""
    return listing_page(request, TARGETS)


_LIGHT_INKS = ("f-ok", "f-near", "f-bad", "f-na", "trk")


@login_required
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """One plan with its targets and task board."""
    one = get_object_or_404(Plan.objects.for_user(request.user).select_related("document"), key=key)
    return render(request, "plans/plan.html", _context(request, one, today()))


def _context(request: HttpRequest, one: Plan, day: dt.date) -> dict[str, Any]:
    query = Task.objects.for_user(request.user).filter(plan=one).select_related("plan")
    every = services.board(query.prefetch_related("assignments__unit", "reports"), day)
    chosen = {name: request.GET.get(name, "") for name in ("light", "unit", "part")}
    board = [
        (task, light)
        for task, light in every
        if (not chosen["light"] or light.light == chosen["light"])
        and (not chosen["part"] or task.part == chosen["part"])
        and (not chosen["unit"] or any(a.printed == chosen["unit"] for a in task.assignments.all()))
    ]
    lights = Counter(light.light.value for _task, light in every)
    targets = cards(
        services.standings(Target.objects.for_user(request.user).filter(plan=one).select_related("plan", "series"), day)
    )
    behind = [card for card in targets if card.state == "bad"]
    unassigned = sum(1 for task, _light in every if not task.assignments.all())
    return {
        "plan": one,
        "board": board,
        "every": every,
        "chosen": chosen,
        "units": sorted({a.printed for task, _light in every for a in task.assignments.all()}),
        "lights": lights,
        "targets": targets,
        "behind": behind,
        "unassigned": unassigned,
        "strip": _strip(lights, len(every), targets, unassigned),
        "instructions": _instructions(request, one, day),
        "phases": [{"phase": p, "now": p.start_year <= day.year <= p.end_year} for p in one.phases.all()],
        "today": day,
        "may_export": allowed(request.user, "export", Task),
        "may_instruct": allowed(request.user, "add", "cases.Case"),
        "organisations": Organisation.objects.exclude(kind="enterprise").order_by("key"),
        "nav_key": "plans",
    }


_SHAPES = {"overdue": "bad", "today": "near", "soon": "near"}


def _instructions(request: HttpRequest, one: Plan, day: dt.date) -> list[tuple[Case, cases.Clock, str]]:
    """Open instructions about the plan, its tasks and targets, each with its clock."""
    abouts = [f"plan:{one.key}"]
    abouts += [f"task:{key}" for key in one.tasks.values_list("key", flat=True)]
    abouts += [f"target:{key}" for key in one.targets.values_list("key", flat=True)]
    found = Case.objects.for_user(request.user).filter(type="instruction", about__in=abouts)
    days = cases.calendar()
    found = found.exclude(state=Case.State.CLOSED).select_related("unit", "owner", "opened_by")
    clocks = [(case, cases.clock(case, day, days=days)) for case in found]
    return [(case, clock, _SHAPES.get(clock.state, "ok")) for case, clock in clocks]


def _strip(lights: Counter[str], total: int, targets: list[TargetCard], unassigned: int) -> list[Measure]:
    known = [card for card in targets if card.state in ("ok", "bad")]
    good = sum(card.state == "ok" for card in known)
    return [
        Measure(
            _("Tasks not late"),
            total - lights["bad"],
            _("of %(n)d") % {"n": total},
            _("%(late)d overdue, %(soon)d soon due") % {"late": lights["bad"], "soon": lights["near"]},
            "bad" if lights["bad"] else "ok",
            plots.shares([lights[k] for k in ("ok", "near", "bad", "unk", "na")], _LIGHT_INKS),
        ),
        Measure(
            _("Targets on pace"),
            good,
            _("of %(n)d") % {"n": len(targets)},
            _("%(bad)d below pace, %(unknown)d not known")
            % {"bad": len(known) - good, "unknown": len(targets) - len(known)},
            "bad" if len(known) > good else "ok" if known else "unk",
            plots.shares([good, len(known) - good, len(targets) - len(known)], ("f-ok", "f-bad", "f-na")),
        ),
        Measure(
            _("Tasks without a unit"),
            unassigned,
            _("of %(n)d") % {"n": total},
            _("nobody to ask yet") if unassigned else "",
            "unk" if unassigned else "ok",
        ),
    ]


@login_required
@require_POST
def instruct(request: HttpRequest, key: str) -> HttpResponse:
    """批示: a leader's instruction about this plan becomes a case."""
    one = get_object_or_404(Plan.objects.for_user(request.user), key=key)
    said = request.POST.get("due", "").strip()
    try:
        due = dt.date.fromisoformat(said) if said else None
    except ValueError as error:
        raise Refused(_("“%(value)s” is no date.") % {"value": said}, _("Choose a date.")) from error
    unit = get_object_or_404(Organisation.objects.exclude(kind="enterprise"), key=request.POST.get("unit", ""))
    case = services.instruct(
        one,
        request.POST.get("words", ""),
        unit=unit,
        due=due,
        actor=request.user,
        now=now(),
        about=request.POST.get("about", ""),
    )
    return redirect("cases:case", case.pk)


@login_required
def brief(request: HttpRequest, key: str) -> HttpResponse:
    """A one-page Word brief of the plan: what is late, which targets slip, with sources."""
    one = get_object_or_404(Plan.objects.for_user(request.user).select_related("document"), key=key)
    require(request.user, "export", Task)
    found = _context(request, one, today())
    document = word.Word(one.title, day=found["today"], issuer=zone().name, marks=["draft"] if one.draft else [])
    document.paragraph(
        _("%(n)d tasks, %(late)d overdue, %(soon)d soon due; %(behind)d targets below pace.")
        % {
            "n": len(found["every"]),
            "late": found["lights"]["bad"],
            "soon": found["lights"]["near"],
            "behind": len(found["behind"]),
        }
    )
    document.heading(_("Tasks that are late or soon due"))
    document.table(
        [_("Task"), _("Unit"), _("Due"), _("State")],
        [
            [task.title, _units(task), str(task.due), light.words]
            for task, light in found["every"]
            if light.light in ("bad", "near")
        ],
    )
    document.heading(_("Targets"))
    document.table(
        [_("Target"), _("Wanted"), _("Latest"), _("Standing")],
        [[card.target.subject, card.wanted, card.latest, card.words] for card in found["targets"]],
    )
    if one.document:
        document.paragraph(_("After the plan's own text."), f"doc:{one.document.key}", one.document.title)
    archive.record_event(request.user, "export", one, {"what": "brief", "channel": "word"})  # type: ignore[arg-type]
    return attachment(document.save(), f"{one.key}.docx", word.MEDIA_TYPE)


def _units(task: Task) -> str:
    return "、".join(a.printed for a in task.assignments.all()) or _("unassigned")


@login_required
def excel(request: HttpRequest, key: str) -> HttpResponse:
    """The task board as Excel."""
    one = get_object_or_404(Plan.objects.for_user(request.user), key=key)
    require(request.user, "export", Task)
    found = _context(request, one, today())
    heads = [
        sheets.Head(_("Number"), "text", 8),
        sheets.Head(_("Task"), "text", 40),
        sheets.Head(_("Unit"), "text", 30),
        sheets.Head(_("Due"), "date", 12),
        sheets.Head(_("State"), "text", 18),
        sheets.Head(_("Last report"), "text", 50),
    ]
    rows = [
        [
            task.number,
            task.title,
            _units(task),
            task.due,
            light.words,
            next((r.text for r in task.reports.all() if r.kind == Report.Kind.PROGRESS), ""),
        ]
        for task, light in found["board"]
    ]
    about = _("%(plan)s, as of %(day)s") % {"plan": one.title, "day": found["today"]}
    archive.record_event(request.user, "export", one, {"what": "board", "channel": "excel"})  # type: ignore[arg-type]
    data = sheets.workbook([sheets.Sheet(_("Tasks"), about, heads, rows)])
    return attachment(data, f"{one.key}.xlsx", sheets.MEDIA_TYPE)
