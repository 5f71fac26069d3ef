"""Taking over what a clerk accepted in a document: tasks, targets, phases and promised lists become a live plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify

from gangshen.apps.cases import services as cases
from gangshen.apps.documents import services as documents
from gangshen.apps.documents.models import Document, Item
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation
from gangshen.apps.indicators import services as indicators
from gangshen.apps.indicators.models import Series
from gangshen.apps.plans.models import Assignment, Phase, Plan, Target, Task
from gangshen.engines.evidence import Ref

__all__ = ["adopt"]

_ROLES = {"cooperating": Assignment.RoleOfUnit.COOPERATING}


def adopt(document: Document, items: Sequence[Item], actor: Any, now: dt.datetime) -> dict[int, str]:
    """Make or bring up to date the plan of ``document``; {item pk: reference of what it became}.

    What an instruction or a meeting sets becomes cases, no plan. The articles of a policy are no tasks: a policy becomes a plan only by targets or phases it sets. Called again with all accepted items it finds what it made by the item's number or span and doubles nothing.
    """
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    if items[0].reading.kind in ("directive", "minutes"):
        return {}
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
    number, title, span = said["number"], said["title"], f"{plan.key}-t{item.start}"
    body = text[said["body_start"] : said["body_end"]].strip()
    task = _known(plan.tasks.all(), item, {"number": number, "title": title}, {"title": title}, {"number": number})
    if task is None:
        task = Task(plan=plan, key=_free(plan.tasks.all(), span, item), due=_day(said.get("due")))
    task.number, task.title, task.section, task.part = number, title, said["section"], said["part"]
    task.text, task.evidence = body, _ref(item)
    task.promised_list = lists.get(number, task.promised_list)
    task.save()
    _set_units(task, said.get("units") or [])
    if not plan.draft and not task.assignments.exists():
        cases.open_case(
            "task_unassigned",
            f"task_unassigned:{task.key}",
            title=task.title,
            about=f"task:{task.key}",
            evidence=[task.evidence],
            actor=None,
            now=now,
        )
    return f"task:{task.key}"


def _known(rows: QuerySet[Any], item: Item, *marks: Mapping[str, Any]) -> Any:
    """What an item became before: by its span in this very text, else by the marks it had in an earlier one.

    The first of ``marks`` that exactly one row of the earlier text bears decides.
    """
    here = f"@{item.reading.text_hash}#"
    found = rows.filter(evidence__contains=f"{here}{item.start}-").first()
    earlier = rows.exclude(evidence__contains=here)
    for mark in marks:
        alike = list(earlier.filter(**mark)[:2]) if found is None else []
        if len(alike) == 1:
            found = alike[0]
    return found


def _free(rows: QuerySet[Any], key: str, item: Item) -> str:
    """``key``, or with the text's hash when an earlier text used it for something else."""
    return f"{key}-{item.reading.text_hash[:6]}" if rows.filter(key=key).exists() else key


def _set_units(task: Task, said: Sequence[Mapping[str, Any]]) -> None:
    """The units that the text names; where it names none, whoever was assigned since stays."""
    wanted = {
        printed: (unit, _ROLES.get(one["role"], Assignment.RoleOfUnit.LEAD))
        for one in said
        for printed, unit in _units(one["name"])
    }
    if not wanted or set(wanted) == set(task.assignments.values_list("printed", flat=True)):
        return
    task.assignments.all().delete()
    Assignment.objects.bulk_create(
        Assignment(task=task, printed=printed, unit=unit, role=role) for printed, (unit, role) in wanted.items()
    )


def _units(printed: str) -> list[tuple[str, Organisation | None]]:
    """The unit printed so; a class such as 各相关街镇 gives each of its members."""
    members = identity.expand(printed)
    if len(members) <= 1:
        return [(printed, members[0] if members else None)]
    return [(f"{printed}：{member.short_name or member.name}", member) for member in members]


def _day(said: str | None) -> dt.date | None:
    return dt.date.fromisoformat(said) if said else None


def _target(plan: Plan, item: Item) -> str:
    said = _said(item)
    span = f"{plan.key}-g{item.start}"
    low, high = said["value"] if isinstance(said["value"], list) else (said["value"], None)
    deadline = said.get("deadline") or (f"{said['deadline_year']}-12-31" if said.get("deadline_year") else None)
    due = _day(deadline)
    same = {"subject": said["subject"], "unit": said["unit"]}
    target = _known(plan.targets.all(), item, same | {"deadline": due}, same)
    if target is None:
        target = Target(plan=plan, key=_free(plan.targets.all(), span, item))
    target.subject, target.unit, target.comparator = said["subject"], said["unit"], said["comparator"]
    target.low, target.high = Decimal(str(low)), None if high is None else Decimal(str(high))
    target.deadline, target.denominator = due, said.get("denominator") or ""
    target.evidence = _ref(item)
    if target.series is None:
        nature = Series.Nature.RATE if target.unit in {"%", "％", "个百分点"} else Series.Nature.LEVEL
        name = {"name": target.subject, "unit": target.unit, "period": "year", "nature": nature}
        (target.series,) = indicators.upsert_series([{"key": slugify(target.key), **name}])
    target.save()
    task = Task.objects.filter(plan=plan, number=said.get("task") or "").first()
    if task:
        target.units.set(task.assignments.exclude(unit=None).values_list("unit", flat=True))
    return f"target:{target.key}"
