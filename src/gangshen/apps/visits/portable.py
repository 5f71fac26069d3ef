"""Topics and visits as ``visits/visits.yaml``; what was said on them is in the registers, open matters in the cases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field

from gangshen.apps.cases.models import Case
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.identity.portable import LoadReport
from gangshen.engines.formats import FormatError, Problem, Text, dump_yaml, load_yaml

from .models import Matter, Topic, Visit
from .services._matters import case_key, open_case_of

__all__ = ["MatterFile", "TopicFile", "VisitFile", "VisitsFile", "dump", "load"]

FILE = "visits/visits.yaml"


class TopicFile(BaseModel):
    """What firms ask for, and the unit that sees to it."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    label: Text
    unit: str = Field(description="Key of the unit.")


class MatterFile(BaseModel):
    """A request or a promise; without an answer it is an open case."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["request", "promise"]
    words: str = Field(min_length=1, max_length=300)
    topic: str = ""
    due: dt.date | None = Field(None, description="Left out: the workdays of the kind, from the day of the visit.")
    answer: str = ""
    answered_on: dt.date | None = None


class VisitFile(BaseModel):
    """One visit; firm, unit and day name it."""

    model_config = ConfigDict(extra="forbid")

    firm: str
    unit: str
    day: dt.date
    state: Literal["planned", "held", "cancelled"] = "planned"
    visitor: str = Field("", description="Log-in name.")
    purpose: str = Field("", max_length=300)
    note: str = ""
    matters: list[MatterFile] = []


class VisitsFile(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid")

    topics: list[TopicFile] = []
    visits: list[VisitFile] = []


def load(folder: Path, *, now: dt.datetime) -> LoadReport:
    """Take in topics and visits, all or none; what is there already is brought to what the file says."""
    path = folder / FILE
    if not path.exists():
        return LoadReport({"visits": 0})
    given = load_yaml(path, VisitsFile, name=FILE)
    if problems := _faults(given):
        raise FormatError(problems)
    with transaction.atomic():
        units = {one.key: one for one in Organisation.objects.filter(key__in=_named(given))}
        for topic in given.topics:
            values = {"label_zh": topic.label.zh, "label_en": topic.label.en or "", "unit": units[topic.unit]}
            Topic.objects.update_or_create(key=topic.key, defaults=values)
        for visit in given.visits:
            _take(visit, units)
    return LoadReport({"visits": len(given.visits)})


def _named(given: VisitsFile) -> set[str]:
    return {one.unit for one in given.topics} | {key for one in given.visits for key in (one.firm, one.unit)}


def _faults(given: VisitsFile) -> list[Problem]:
    found: list[Problem] = []

    def fault(place: str, zh: str, en: str) -> None:
        found.append(Problem(FILE, None, place, Text(zh=zh, en=en)))

    known = set(Organisation.objects.filter(key__in=_named(given)).values_list("key", flat=True))
    people = set(User.objects.values_list("username", flat=True))
    topics = {one.key for one in given.topics} | set(Topic.objects.values_list("key", flat=True))
    for number, topic in enumerate(given.topics):
        if topic.unit not in known:
            fault(f"topics[{number}].unit", f"没有组织 {topic.unit}", f"no organisation {topic.unit}")
    for number, one in enumerate(given.visits):
        at = f"visits[{number}]"
        for field in ("firm", "unit"):
            if (key := getattr(one, field)) not in known:
                fault(f"{at}.{field}", f"没有组织 {key}", f"no organisation {key}")
        if one.visitor and one.visitor not in people:
            fault(f"{at}.visitor", f"没有用户 {one.visitor}", f"no user {one.visitor}")
        for row, matter in enumerate(one.matters):
            if matter.topic and matter.topic not in topics:
                fault(f"{at}.matters[{row}].topic", f"没有事项类别 {matter.topic}", f"no topic {matter.topic}")
    return found


def _take(given: VisitFile, units: dict[str, Organisation]) -> None:
    visitor = User.objects.filter(username=given.visitor).first() if given.visitor else None
    values = {"state": given.state, "visitor": visitor, "purpose": given.purpose, "note": given.note}
    visit, _new = Visit.objects.update_or_create(
        firm=units[given.firm], unit=units[given.unit], on=given.day, defaults=values
    )
    for number, one in enumerate(given.matters, start=1):
        topic = Topic.objects.filter(key=one.topic).first() if one.topic else None
        said = {"kind": one.kind, "words": one.words, "topic": topic}
        told = {"answer": one.answer, "answered_on": one.answered_on}
        matter, _new = Matter.objects.update_or_create(visit=visit, number=number, defaults=said | told)
        if matter.case is not None or matter.answered_on is not None:
            continue
        matter.case = Case.objects.filter(key=case_key(matter)).exclude(state=Case.State.CLOSED).first()
        if matter.case is not None:
            matter.save(update_fields=["case"])
        else:
            opened = timezone.make_aware(dt.datetime.combine(visit.on, dt.time(17)))
            open_case_of(matter, due=one.due, actor=None, now=opened)


def dump(folder: Path) -> None:
    """Write topics and visits by firm, day and unit."""
    visits = Visit.objects.select_related("firm", "unit", "visitor").prefetch_related("matters__topic", "matters__case")
    made = VisitsFile(
        topics=[
            TopicFile(key=one.key, label=Text(zh=one.label_zh, en=one.label_en or None), unit=one.unit.key)
            for one in Topic.objects.select_related("unit")
        ],
        visits=[_entry(one) for one in sorted(visits, key=lambda one: (one.key, one.state))],
    )
    if made.topics or made.visits:
        (folder / FILE).parent.mkdir(exist_ok=True)
        (folder / FILE).write_text(dump_yaml(made, VisitsFile), encoding="utf-8")


def _entry(visit: Visit) -> VisitFile:
    return VisitFile(
        firm=visit.firm.key,
        unit=visit.unit.key,
        day=visit.on,
        state=visit.state,  # type: ignore[arg-type]
        visitor=visit.visitor.username if visit.visitor else "",
        purpose=visit.purpose,
        note=visit.note,
        matters=[
            MatterFile(
                kind=one.kind,  # type: ignore[arg-type]
                words=one.words,
                topic=one.topic.key if one.topic else "",
                due=one.case.due if one.case and one.answered_on is None else None,
                answer=one.answer,
                answered_on=one.answered_on,
            )
            for one in visit.matters.all()
        ],
    )
