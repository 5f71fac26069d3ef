"""What plans register below: adopters of readings, kinds of cases, the daily look at dates, lists, menu, evidence, search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gangshen.apps.cases.models import Case
from gangshen.apps.cases.services import CASE_TYPES, CaseType
from gangshen.apps.documents.services import ADOPTERS, Adopter
from gangshen.apps.identity.access import allowed, grants, scope
from gangshen.apps.identity.models import User
from gangshen.apps.identity.services import today
from gangshen.apps.plans import background, services
from gangshen.apps.plans.api import router
from gangshen.apps.plans.listings import TARGETS, TASKS
from gangshen.apps.plans.models import Plan, Report, Target, Task
from gangshen.apps.plans.pages._morning import PLANS
from gangshen.apps.runs.services import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text
from gangshen.engines.retrieval import Entry
from gangshen.web.components import Evidence
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, SEARCH_SOURCES, NavigationEntry, SearchSource
from gangshen.web.listing import LISTINGS
from gangshen.web.morning import MORNING


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


def _audience(model: type[Model]) -> tuple[str, ...]:
    """Roles that see every row of ``model``: a unit finds its own by its page."""
    label = model._meta.label.lower()
    return tuple(
        sorted(
            role for (role, name, action), reach in grants().items() if (name, action, reach) == (label, "view", "all")
        )
    )


def _entries() -> Iterator[Entry]:
    for task in Task.objects.select_related("plan"):
        yield Entry(
            f"task:{task.key}",
            "task",
            task.title,
            task.text,
            reverse("plans:task", args=[task.key]),
            audience=_audience(Task),
        )
    for target in Target.objects.select_related("plan"):
        yield Entry(
            f"target:{target.key}",
            "target",
            target.subject,
            target.plan.title,
            reverse("plans:target", args=[target.key]),
            audience=_audience(Target),
        )


SEARCH_SOURCES.register("plans", SearchSource(_("Tasks and targets"), _entries))


MORNING.register("plans", PLANS, order=10)
