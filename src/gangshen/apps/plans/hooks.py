"""What plans register below: adopters of readings, kinds of cases, the daily look at dates, lists, menu, evidence, search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gangshen.apps.cases.models import Case
from gangshen.apps.cases.services import CASE_TYPES, CaseType
from gangshen.apps.documents.services import ADOPTERS, RESTING, Adopter, Resting
from gangshen.apps.identity.access import allowed, grants, scope
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.identity.services import today
from gangshen.apps.plans import background, services
from gangshen.apps.plans.api import router
from gangshen.apps.plans.listings import TARGETS, TASKS
from gangshen.apps.plans.models import Plan, Report, Target, Task
from gangshen.apps.plans.pages import _wall as wall
from gangshen.apps.plans.pages._morning import PLANS
from gangshen.apps.runs.services import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text
from gangshen.engines.retrieval import Entry
from gangshen.web.components import Evidence
from gangshen.web.goals import GOALS, Goal
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, SEARCH_SOURCES, NavigationEntry, SearchSource
from gangshen.web.listing import LISTINGS
from gangshen.web.morning import MORNING
from gangshen.web.public import WALL


def _task_page(case: Case) -> str:
    return reverse("plans:task", args=[Ref.parse(case.about).id])


ADOPTERS.register(
    "plans",
    Adopter(Text(zh="规划", en="Plan"), frozenset({"task", "target", "phase", "promised_list"}), services.adopt),
)
for key, label, workdays, closes in (
    ("follow_up", Text(zh="督办", en="Follow-up"), 2, ("operator", "leader")),
    ("report_due", Text(zh="报送到期", en="Report due"), None, ("operator",)),
    ("task_overdue", Text(zh="任务超期", en="Task overdue"), None, ("operator",)),
    ("task_unassigned", Text(zh="任务待分派", en="Task without a unit"), 3, ("operator",)),
    ("report_returned", Text(zh="报送退回", en="Report returned"), 2, ("operator",)),
):
    CASE_TYPES.register(key, CaseType(key, label, workdays=workdays, receipt="text", closes=closes, url=_task_page))

KINDS.register(
    "plans.dates",
    RunKind(Text(zh="检查任务期限", en="Look at the dates of tasks"), background.look_at_dates, resumable=True),
)
SCHEDULES.register(
    "plans-dates",
    ScheduleDefaults(
        "plans.dates", Text(zh="每日检查任务期限", en="Look at the dates of tasks daily"), daily_at=dt.time(6, 30)
    ),
)
for listing in (TASKS, TARGETS):
    LISTINGS.register(listing.key, listing)
API_ROUTERS.register("plans", router)


def _supervises(user: Any) -> bool:
    return scope(user, "view", Plan) == "all"


def _has_tasks(user: Any) -> bool:
    return scope(user, "view", Task) == "own"


NAVIGATION.register("plans", NavigationEntry(_("Plans"), "plans:index", icon="plan", allowed=_supervises), order=50)
NAVIGATION.register(
    "plans.tasks",
    NavigationEntry(_("Tasks"), "plans:tasks", parent="plans", allowed=lambda u: allowed(u, "view", Task)),
    order=51,
)
NAVIGATION.register(
    "plans.targets",
    NavigationEntry(_("Targets"), "plans:targets", parent="plans", allowed=lambda u: allowed(u, "view", Target)),
    order=52,
)
NAVIGATION.register(
    "plans.mine", NavigationEntry(_("My tasks"), "plans:mine", icon="plan", allowed=_has_tasks), order=12
)


def _task(ref: Ref, user: User) -> Evidence | None:
    task = Task.objects.for_user(user).filter(key=ref.id).select_related("plan").first()
    if task is None:
        return None
    light = services.light(task, today())
    return Evidence(
        title=f"{task.number} {task.title}",
        url=reverse("plans:task", args=[task.key]),
        quote=task.text or task.title,
        source=task.plan.title,
        date=task.due,
        marks=("draft",) if task.plan.draft else (),
        values=((_("State"), light.words),),
    )


def _target(ref: Ref, user: User) -> Evidence | None:
    target = Target.objects.for_user(user).filter(key=ref.id).select_related("plan").first()
    if target is None:
        return None
    return Evidence(
        title=target.subject,
        url=reverse("plans:target", args=[target.key]),
        source=target.plan.title,
        date=target.deadline,
        marks=("draft",) if target.plan.draft else (),
        values=((_("Wanted"), f"{target.low.normalize():f} {target.unit}"),),
    )


def _report(ref: Ref, user: User) -> Evidence | None:
    if ref.at is None:
        return None
    try:
        at = dt.datetime.fromisoformat(ref.at)
    except ValueError:
        return None
    query = Report.objects.for_user(user).select_related("task__plan", "unit")
    made = query.filter(task__key=ref.id, at=at, kind=Report.Kind.PROGRESS).first() if at.tzinfo else None
    if made is None:
        return None
    return Evidence(
        title=f"{made.task.number} {made.task.title}",
        url=reverse("plans:task", args=[made.task.key]),
        quote=made.text,
        source=str(made.unit or made.task.plan.title),
        date=timezone.localdate(made.at),
        values=((_("State"), made.get_state_display()),),
    )


def _plan(ref: Ref, user: User) -> Evidence | None:
    plan = Plan.objects.for_user(user).filter(key=ref.id).first()
    return plan and Evidence(
        title=plan.title, url=reverse("plans:plan", args=[plan.key]), marks=("draft",) if plan.draft else ()
    )


RESOLVERS.register("task", _task)
RESOLVERS.register("target", _target)
RESOLVERS.register("plan", _plan)
RESOLVERS.register("report", _report)


def _seen(model: Any, user: Any, refs: Sequence[Ref]) -> dict[str, Any]:
    rows = model.objects.all() if user is None else model.objects.for_user(user)
    return {row.key: row for row in rows.filter(key__in={ref.id for ref in refs})}


def _tasks_resting(refs: Sequence[Ref], user: Any) -> dict[Ref, Resting]:
    held = _seen(Task, user, refs)
    return {
        ref: Resting(
            _("Task"), str(held[ref.id]), reverse("plans:task", args=[ref.id]), held[ref.id].get_state_display()
        )
        for ref in refs
        if ref.id in held
    }


def _targets_resting(refs: Sequence[Ref], user: Any) -> dict[Ref, Resting]:
    held = _seen(Target, user, refs)
    return {
        ref: Resting(_("Target"), held[ref.id].subject, reverse("plans:target", args=[ref.id]))
        for ref in refs
        if ref.id in held
    }


def _plans_resting(refs: Sequence[Ref], user: Any) -> dict[Ref, Resting]:
    held = _seen(Plan, user, refs)
    return {
        ref: Resting(_("Plan"), held[ref.id].title, reverse("plans:plan", args=[ref.id]))
        for ref in refs
        if ref.id in held
    }


RESTING.register("task", _tasks_resting)
RESTING.register("target", _targets_resting)
RESTING.register("plan", _plans_resting)


def _audience(model: type[Model], units: Iterable[Organisation | None]) -> tuple[str, ...]:
    """Roles that see every row of ``model``, and those that see their own at the units this row names."""
    label = model._meta.label.lower()
    reached = {role: reach for (role, name, action), reach in grants().items() if (name, action) == (label, "view")}
    own = [role for role, reach in reached.items() if reach == "own"]
    at_units = {f"{role}@{unit.key}" for unit in units if unit for role in own}
    return (*sorted(role for role, reach in reached.items() if reach == "all"), *sorted(at_units))


def _entries() -> Iterator[Entry]:
    for task in Task.objects.select_related("plan").prefetch_related("assignments__unit"):
        yield Entry(
            f"task:{task.key}",
            "task",
            task.title,
            task.text,
            reverse("plans:task", args=[task.key]),
            audience=_audience(Task, [one.unit for one in task.assignments.all()]),
        )
    for target in Target.objects.select_related("plan").prefetch_related("units"):
        yield Entry(
            f"target:{target.key}",
            "target",
            target.subject,
            target.plan.title,
            reverse("plans:target", args=[target.key]),
            audience=_audience(Target, target.units.all()),
        )


SEARCH_SOURCES.register("plans", SearchSource(_("Tasks and targets"), _entries))


MORNING.register("plans", PLANS, order=10)
WALL.register("targets", wall.TARGETS, order=10)
WALL.register("results", wall.RESULTS, order=30)


def _goals(user: Any, keys: Collection[str], series: Collection[str]) -> list[Goal]:
    """Targets of plans by their key or by their series, as far as ``user`` may see them; None sees all."""
    rows = Target.objects.all() if user is None else Target.objects.for_user(user)
    found = rows.filter(Q(key__in=list(keys)) | Q(series__key__in=list(series))).select_related("plan", "series")
    return [
        Goal(
            one.key,
            one.series.key if one.series else "",
            one.subject,
            one.comparator,
            one.low,
            one.high,
            one.unit,
            one.deadline,
            reverse("plans:target", args=[one.key]),
            draft=one.plan.draft,
        )
        for one in found
    ]


GOALS.register("plans", _goals)
