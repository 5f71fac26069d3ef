"""Plans as files: ``plans/KEY.yaml``, one plan each with its phases, tasks, targets and reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gangshen.apps.documents.models import Document
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation
from gangshen.apps.indicators.models import Series
from gangshen.apps.plans.models import Assignment, Phase, Plan, Report, Target, Task
from gangshen.apps.plans.services import Condition, Query, check_condition, check_query, check_unit, query_of
from gangshen.engines.formats import FormatError, Problem, Text, dump_yaml, load_yaml

__all__ = ["PlanFile", "dump", "load"]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PhaseEntry(_File):
    name: str
    start_year: int
    end_year: int
    evidence: str = ""


class UnitEntry(_File):
    printed: str
    unit: str | None = None  # key of the organisation
    role: Literal["lead", "cooperating"] = "lead"


class ReportEntry(_File):
    text: str
    at: dt.datetime
    kind: Literal["progress", "extension"] = "progress"
    unit: str | None = None
    state: Literal["submitted", "returned", "accepted"] = "submitted"
    reply: str = ""
    figures: dict[str, dict[str, str]] = Field(default_factory=dict)


class TaskEntry(_File):
    key: str
    number: str
    title: str
    text: str = ""
    section: str = ""
    part: Literal["task", "safeguard"] = "task"
    due: dt.date | None = None
    done_when: str = ""
    promised_list: str = ""
    state: Literal["open", "reported", "closed"] = "open"
    evidence: str = ""
    units: tuple[UnitEntry, ...] = ()
    reports: tuple[ReportEntry, ...] = ()


class ConditionEntry(Condition):
    """A condition of a file: refused on its own line when the vocabulary or the rule engine does not take it."""

    @model_validator(mode="after")
    def _sound(self) -> ConditionEntry:
        check_condition(self)
        return self


class QueryEntry(Query):
    """What a target counts over the register."""

    among: tuple[ConditionEntry, ...] = ()
    where: tuple[ConditionEntry, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> QueryEntry:
        check_query(self)
        return self


class TargetEntry(_File):
    key: str
    subject: Text
    comparator: Literal["ge", "gt", "le", "lt", "eq", "range", "approx"] = "ge"
    low: int | float
    high: int | float | None = None
    unit: str
    deadline: dt.date | None = None
    denominator: str = ""
    series: str | None = None
    units: tuple[str, ...] = ()
    evidence: str = ""
    note: str = ""
    query: QueryEntry | None = None

    @model_validator(mode="after")
    def _in_its_unit(self) -> TargetEntry:
        if self.query:
            check_unit(self.query, self.unit)
        return self


class PlanFile(_File):
    """One plan of the zone folder."""

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Text
    document: str | None = None
    draft: bool = False
    start_year: int | None = None
    end_year: int | None = None
    phases: tuple[PhaseEntry, ...] = ()
    targets: tuple[TargetEntry, ...] = ()
    tasks: tuple[TaskEntry, ...] = ()


def load(folder: Path, *, now: dt.datetime) -> int:
    """Load ``plans/*.yaml``; what they no longer name stays. Returns the number of plans."""
    files = [(path, load_yaml(path, PlanFile)) for path in sorted((folder / "plans").glob("*.yaml"))]
    problems = [problem for path, plan in files for problem in _unknown(path, plan)]
    if problems:
        raise FormatError(problems)
    with transaction.atomic():
        for _, plan in files:
            _load(plan)
    return len(files)


def _unknown(path: Path, plan: PlanFile) -> list[Problem]:
    """References to things that the zone does not have."""
    wanted = {
        "document": (Document, "key", {plan.document} - {None}),
        "series": (Series, "key", {target.series for target in plan.targets} - {None}),
        "unit": (
            Organisation,
            "key",
            {unit.unit for task in plan.tasks for unit in task.units} - {None}
            | {unit for target in plan.targets for unit in target.units}
            | {made.unit for task in plan.tasks for made in task.reports} - {None},
        ),
    }
    problems = []
    for field, (model, key, keys) in wanted.items():
        known = set(model.objects.filter(**{f"{key}__in": keys}).values_list(key, flat=True))
        problems += [
            Problem(
                path.name,
                None,
                field,
                Text(zh=f"没有 {missing}", en=f"there is no {missing} (add it first, or correct the key)"),
            )
            for missing in sorted(keys - known)
        ]
    return problems


def _load(entry: PlanFile) -> None:
    units = {o.key: o for o in Organisation.objects.filter(key__in=_unit_keys(entry))}
    plan, _ = Plan.objects.update_or_create(
        key=entry.key,
        defaults={
            "title": entry.title.zh,
            "title_en": entry.title.en or "",
            "document": Document.objects.filter(key=entry.document).first(),
            "draft": entry.draft,
            "start_year": entry.start_year,
            "end_year": entry.end_year,
        },
    )
    plan.phases.all().delete()
    Phase.objects.bulk_create(Phase(plan=plan, **phase.model_dump()) for phase in entry.phases)
    for target in entry.targets:
        values = target.model_dump(exclude={"key", "subject", "series", "units", "query"})
        made, _ = Target.objects.update_or_create(
            key=target.key,
            defaults={
                **values,
                "low": Decimal(str(target.low)),
                "high": None if target.high is None else Decimal(str(target.high)),
                "plan": plan,
                "subject": target.subject.zh,
                "subject_en": target.subject.en or "",
                "series": Series.objects.filter(key=target.series).first(),
                "query": target.query and target.query.model_dump(mode="json", exclude_defaults=True),
            },
        )
        made.units.set([units[key] for key in target.units])
    for task in entry.tasks:
        _load_task(plan, task, units)


def _unit_keys(entry: PlanFile) -> set[str]:
    named = {unit.unit for task in entry.tasks for unit in task.units} | {u for t in entry.targets for u in t.units}
    named |= {made.unit for task in entry.tasks for made in task.reports}
    return {key for key in named if key}


def _load_task(plan: Plan, entry: TaskEntry, units: dict[str, Organisation]) -> None:
    task, _ = Task.objects.update_or_create(
        key=entry.key, defaults={**entry.model_dump(exclude={"key", "units", "reports"}), "plan": plan}
    )
    task.assignments.all().delete()
    Assignment.objects.bulk_create(
        Assignment(
            task=task,
            printed=unit.printed,
            role=unit.role,
            unit=units.get(unit.unit or "") or identity.unit_named(unit.printed),
        )
        for unit in entry.units
    )
    known = set(task.reports.values_list("at", flat=True))
    Report.objects.bulk_create(
        Report(
            task=task,
            unit=units.get(made.unit or ""),
            kind=made.kind,
            text=made.text,
            figures=made.figures,
            state=made.state,
            reply=made.reply,
            at=made.at,
        )
        for made in entry.reports
        if made.at not in known
    )


def dump(folder: Path) -> None:
    """Write every plan; the same state gives the same bytes."""
    plans = Plan.objects.select_related("document").prefetch_related("phases")
    for plan in plans:
        (folder / "plans").mkdir(parents=True, exist_ok=True)
        entry = PlanFile(
            key=plan.key,
            title=Text(zh=plan.title, en=plan.title_en or None),
            document=plan.document.key if plan.document else None,
            draft=plan.draft,
            start_year=plan.start_year,
            end_year=plan.end_year,
            phases=tuple(
                PhaseEntry(name=p.name, start_year=p.start_year, end_year=p.end_year, evidence=p.evidence)
                for p in plan.phases.all()
            ),
            targets=tuple(map(_target, plan.targets.order_by("pk").select_related("series").prefetch_related("units"))),
            tasks=tuple(map(_task, plan.tasks.order_by("pk").prefetch_related("assignments__unit", "reports__unit"))),
        )
        (folder / "plans" / f"{plan.key}.yaml").write_text(dump_yaml(entry), encoding="utf-8")


def _target(target: Target) -> TargetEntry:
    return TargetEntry(
        key=target.key,
        subject=Text(zh=target.subject, en=target.subject_en or None),
        comparator=target.comparator,
        low=_plain(target.low),
        high=None if target.high is None else _plain(target.high),
        unit=target.unit,
        deadline=target.deadline,
        denominator=target.denominator,
        series=target.series.key if target.series else None,
        units=tuple(sorted(unit.key for unit in target.units.all())),
        evidence=target.evidence,
        note=target.note,
        query=QueryEntry.model_construct(**dict(query)) if (query := query_of(target.query)) else None,
    )


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _task(task: Task) -> TaskEntry:
    fields: dict[str, Any] = {
        name: getattr(task, name) for name in TaskEntry.model_fields if name not in ("units", "reports")
    }
    return TaskEntry(
        **fields,
        units=tuple(
            UnitEntry(printed=a.printed, unit=a.unit.key if a.unit else None, role=a.role)
            for a in task.assignments.all()
        ),
        reports=tuple(
            ReportEntry(
                text=r.text,
                at=r.at,
                kind=r.kind,
                unit=r.unit.key if r.unit else None,
                state=r.state,
                reply=r.reply,
                figures=r.figures,
            )
            for r in sorted(task.reports.all(), key=lambda r: r.pk)
        ),
    )
