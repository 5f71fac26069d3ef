"""Taking over what a clerk accepted in a document: tasks, targets, phases and promised lists become a live plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from gangshen.apps.cases import services as cases
from gangshen.apps.documents import services as documents
from gangshen.apps.documents.models import Document, Item
from gangshen.apps.identity import services as identity
from gangshen.apps.indicators import services as indicators
from gangshen.apps.indicators.models import Series
from gangshen.apps.plans.models import Assignment, Phase, Plan, Target, Task
from gangshen.engines.evidence import Ref
from gangshen.engines.quantities import find_dates

__all__ = ["adopt"]

_ROLES = {"cooperating": Assignment.RoleOfUnit.COOPERATING}


def adopt(document: Document, items: Sequence[Item], actor: Any, now: dt.datetime) -> dict[int, str]:
    """Make or bring up to date the plan of ``document``; {item pk: reference of what it became}.

    The articles of a policy are no tasks: a policy becomes a plan only by targets or phases it sets. Called again with all accepted items it finds what it made by the item's number or span and doubles nothing.
    """
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    if items[0].reading.kind == "policy":
        by_kind.pop("task", None)
    if not {"task", "target", "phase"} & set(by_kind):
        return {}
    plan = _plan(document, items[0])
    made: dict[int, str] = {}
    for item in by_kind.get("phase", ()):
        made[item.pk] = _phase(plan, item)
    lists = {
        entry["task"]: entry["name"] for entry in map(_said, by_kind.get("promised_list", ())) if entry.get("task")
    }
    text = documents.text(items[0].reading)
    for item in by_kind.get("task", ()):
        made[item.pk] = _task(plan, item, text, lists, now)
    for item in by_kind.get("promised_list", ()):
        made[item.pk] = f"plan:{plan.key}"
    for item in by_kind.get("target", ()):
        made[item.pk] = _target(plan, item)
    return made


def _said(item: Item) -> Mapping[str, Any]:
    """What the item says: as a clerk put it right, else as read."""
    return item.corrected or item.data


def _ref(item: Item) -> str:
    reading = item.reading
    return str(Ref("doc", reading.document.key, reading.text_hash, f"{item.start}-{item.end}"))


def _plan(document: Document, item: Item) -> Plan:
    header = item.reading.data.get("header", {})
    plan, _made = Plan.objects.update_or_create(
        document=document,
        defaults={
            "title": document.title,
            "draft": document.status == Document.Status.DRAFT_FOR_COMMENT,
            "start_year": header.get("start_year"),
            "end_year": header.get("end_year"),
        },
        create_defaults={
            "key": document.key,
            "title": document.title,
            "draft": document.status == Document.Status.DRAFT_FOR_COMMENT,
            "start_year": header.get("start_year"),
            "end_year": header.get("end_year"),
        },
    )
    return plan


def _phase(plan: Plan, item: Item) -> str:
    said = _said(item)
    Phase.objects.update_or_create(
        plan=plan,
        name=said["name"],
        defaults={"start_year": said["start_year"], "end_year": said["end_year"], "evidence": _ref(item)},
    )
    return f"plan:{plan.key}"


def _task(plan: Plan, item: Item, text: str, lists: Mapping[str, str], now: dt.datetime) -> str:
    said = _said(item)
    key = f"{plan.key}-t{item.start}"
    body = text[said["body_start"] : said["body_end"]].strip()
    task, made = Task.objects.get_or_create(
        key=key, defaults={"plan": plan, "number": said["number"], "title": said["title"], "due": _due(body)}
    )
    task.number, task.title, task.section, task.part = said["number"], said["title"], said["section"], said["part"]
    task.text, task.evidence = body, _ref(item)
    task.promised_list = lists.get(said["number"], task.promised_list)
    task.save()
    units = said.get("units") or []
    if not made and set(task.assignments.values_list("printed", flat=True)) == {unit["name"] for unit in units}:
        return f"task:{key}"
    task.assignments.all().delete()
    for unit in units:
        _assign(task, unit["name"], _ROLES.get(unit["role"], Assignment.RoleOfUnit.LEAD))
    if not units and not plan.draft:
        cases.open_case(
            "task_unassigned",
            f"task_unassigned:{key}",
            title=task.title,
            about=f"task:{key}",
            evidence=[task.evidence],
            actor=None,
            now=now,
        )
    return f"task:{key}"


def _assign(task: Task, printed: str, role: str) -> None:
    """One assignment for a unit; a printed class such as 各相关街镇 gives one for each member."""
    members = identity.expand(printed)
    if len(members) <= 1:
        unit = members[0] if members else identity.unit_named(printed)
        Assignment.objects.get_or_create(task=task, printed=printed, defaults={"unit": unit, "role": role})
        return
    for member in members:
        Assignment.objects.get_or_create(
            task=task, printed=f"{printed}：{member.short_name or member.name}", defaults={"unit": member, "role": role}
        )


def _due(body: str) -> dt.date | None:
    """The first deadline that the task's own words print to the day, month or quarter (…前); a bare year is none."""
    dates = (when for when in find_dates(body) if when.deadline and when.grain in {"day", "month", "quarter"})
    return next((when.last for when in dates), None)


def _target(plan: Plan, item: Item) -> str:
    said = _said(item)
    key = f"{plan.key}-g{item.start}"
    low, high = said["value"] if isinstance(said["value"], list) else (said["value"], None)
    deadline = said.get("deadline") or (f"{said['deadline_year']}-12-31" if said.get("deadline_year") else None)
    target, made = Target.objects.update_or_create(
        key=key,
        defaults={
            "plan": plan,
            "subject": said["subject"],
            "comparator": said["comparator"],
            "low": Decimal(str(low)),
            "high": None if high is None else Decimal(str(high)),
            "unit": said["unit"],
            "deadline": dt.date.fromisoformat(deadline) if deadline else None,
            "denominator": said.get("denominator") or "",
            "evidence": _ref(item),
        },
    )
    if made:
        nature = Series.Nature.RATE if said["unit"] in {"%", "％", "个百分点"} else Series.Nature.LEVEL
        (target.series,) = indicators.upsert_series(
            [{"key": slugify(key), "name": said["subject"], "unit": said["unit"], "period": "year", "nature": nature}]
        )
        target.save(update_fields=["series"])
    task = Task.objects.filter(plan=plan, number=said.get("task") or "").first()
    if task:
        target.units.set(task.assignments.exclude(unit=None).values_list("unit", flat=True))
    return f"target:{key}"
