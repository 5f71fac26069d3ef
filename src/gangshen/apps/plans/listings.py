"""Tasks and targets as lists: page, API, Excel, command line."""

from __future__ import annotations

import datetime as dt
from contextvars import ContextVar
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.cases.services import calendar
from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.services import today
from gangshen.apps.plans import services
from gangshen.apps.plans.models import Assignment, Plan, Target, Task
from gangshen.engines.workdays import Calendar
from gangshen.web.listing import Column, Filter, Listing

__all__ = ["TARGETS", "TASKS"]


# one reading of a list sees one day and one calendar, however many rows it has
_day: ContextVar[tuple[dt.date, Calendar]] = ContextVar("day of the list of tasks")


def _tasks(user: Any) -> QuerySet[Task]:
    _day.set((today(), calendar()))
    return Task.objects.for_user(user).select_related("plan").prefetch_related("assignments")


def _light(task: Task) -> tuple[str, Any]:
    day, days = _day.get(None) or (today(), calendar())
    light = services.light(task, day, days=days)
    return light.light.value, light.words


def _units(task: Task) -> str:
    return "、".join(one.printed for one in task.assignments.all())


def _plans(user: Any) -> list[tuple[str, str]]:
    return list(Plan.objects.for_user(user).values_list("key", "title"))


def _printed(user: Any) -> list[tuple[str, str]]:
    names = Assignment.objects.filter(task__in=Task.objects.for_user(user)).values_list("printed", flat=True)
    return [(name, name) for name in sorted(set(names))]


TASKS = Listing(
    key="tasks",
    title=_("Tasks"),
    noun=_("tasks"),
    columns=[
        Column("state", _("State"), kind="status", value=_light, sort="due"),
        Column(
            "task",
            _("Task"),
            value=lambda task: f"{task.number} {task.title}",
            main=True,
            sort="title",
            second=lambda task: task.plan.title,
        ),
        Column("unit", _("Unit"), value=_units, sort=False),
        Column("due", _("Due"), kind="date", value="due"),
        Column(
            "source",
            _("Evidence"),
            kind="ref",
            value=lambda task: (task.evidence, _("Clause")) if task.evidence else None,
            sort=False,
        ),
    ],
    filters=[
        Filter("plan", _("Plan"), field="plan__key", choices=_plans),
        Filter("unit", _("Unit"), field="assignments__printed", choices=_printed),
        Filter("done", _("State"), field="state", choices=lambda user: Task.State.choices),
        Filter("due", _("Due"), kind="date", field="due"),
    ],
    search_fields=["title", "text", "number"],
    default_sort="due",
    source=_tasks,
    row_url=lambda task: reverse("plans:task", args=[task.key]),
    panel=True,
    marks=lambda task: ["draft"] if task.plan.draft else [],
    scope=_("drafts are tracked, not chased"),
    nav_key="plans.tasks",
    allowed=lambda user: allowed(user, "view", Task),
    exportable=lambda user: allowed(user, "export", Task),
)

TARGETS = Listing(
    key="targets",
    title=_("Targets"),
    noun=_("targets"),
    columns=[
        Column("subject", _("Target"), value="subject", main=True, second=lambda target: target.plan.title),
        Column("low", _("Wanted"), kind="number", value="low"),
        Column("unit", _("Unit of measure"), value="unit", sort=False),
        Column("deadline", _("By"), kind="date", value="deadline"),
        Column(
            "source",
            _("Evidence"),
            kind="ref",
            value=lambda one: (one.evidence, _("Clause")) if one.evidence else None,
            sort=False,
        ),
    ],
    filters=[
        Filter("plan", _("Plan"), field="plan__key", choices=_plans),
        Filter("deadline", _("By"), kind="date", field="deadline"),
    ],
    search_fields=["subject"],
    default_sort="deadline",
    source=lambda user: Target.objects.for_user(user).select_related("plan", "series"),
    row_url=lambda target: reverse("plans:target", args=[target.key]),
    marks=lambda target: ["draft"] if target.plan.draft else [],
    nav_key="plans.targets",
    allowed=lambda user: allowed(user, "view", Target),
    exportable=lambda user: allowed(user, "export", Target),
)
