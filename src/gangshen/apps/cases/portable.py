"""Holiday files as ``calendar/*.csv`` and open cases as ``cases/cases.yaml``; their history is in the backup."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field

from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.identity.portable import LoadReport
from gangshen.engines.evidence import Ref, RefError
from gangshen.engines.formats import FormatError, Problem, Text, dump_yaml, load_yaml
from gangshen.engines.workdays import CalendarError, read_days

from . import services
from .models import Case, Holidays
from .services import CASE_TYPES

__all__ = ["CaseFile", "dump", "load"]

CALENDAR, CASES = "calendar", "cases/cases.yaml"


class CaseFile(BaseModel):
    """One open case."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(min_length=1, max_length=200)
    type: str
    title: str = Field(min_length=1, max_length=300)
    about: str = Field(description="Reference of what it is about, such as task:KEY.")
    evidence: list[str] = []
    unit: str = Field("", description="Key of the unit that has it.")
    owner: str = Field("", description="Log-in name of the person who has it.")
    opened_by: str = Field("", description="Log-in name; empty for the system.")
    opened_on: dt.date
    due: dt.date | None = Field(None, description="Left out: the type's workdays from the day it was opened.")
    instruction: str = ""


def load(folder: Path, *, now: dt.datetime) -> LoadReport:
    """Take in the holiday files and open the cases, all or none; a case that was ever opened is not opened again."""
    path = folder / CASES
    entries = load_yaml(path, list[CaseFile], name=CASES) if path.exists() else []
    problems = [problem for number, entry in enumerate(entries) for problem in _faults(number, entry)]
    if problems:
        raise FormatError(problems)
    with transaction.atomic():
        files = [_holidays(file) for file in sorted((folder / CALENDAR).glob("*.csv"))]
        for entry in entries:
            _open(entry)
    return LoadReport({"calendar": len(files), "cases": len(entries)})


def _holidays(file: Path) -> Holidays:
    text = file.read_text(encoding="utf-8-sig")
    try:
        read_days(file, text)
    except CalendarError as error:
        raise FormatError([Problem(f"{CALENDAR}/{file.name}", None, "", Text(zh=str(error), en=str(error)))]) from error
    return Holidays.objects.update_or_create(name=file.name, defaults={"text": text})[0]


def _faults(number: int, entry: CaseFile) -> list[Problem]:
    def fault(field: str, zh: str, en: str) -> Problem:
        return Problem(CASES, None, f"[{number}].{field}", Text(zh=zh, en=en))

    found = []
    if entry.type not in CASE_TYPES:
        known = ", ".join(key for key, _kind in CASE_TYPES.items())
        found.append(fault("type", f"没有此类事项（有：{known}）", f"no such case type (there are: {known})"))
    if entry.unit and not Organisation.objects.filter(key=entry.unit).exists():
        found.append(fault("unit", f"没有组织 {entry.unit}", f"no organisation {entry.unit}"))
    for field in ("owner", "opened_by"):
        name = getattr(entry, field)
        if name and not User.objects.filter(username=name).exists():
            found.append(fault(field, f"没有用户 {name}", f"no user {name}"))
    for ref in [entry.about, *entry.evidence]:
        try:
            Ref.parse(ref)
        except RefError as error:
            found.append(fault("about", f"不是引用：{ref}", str(error)))
    return found


def _open(entry: CaseFile) -> None:
    if Case.objects.filter(key=entry.key).exists():
        return
    made = services.open_case(
        entry.type,
        entry.key,
        title=entry.title,
        about=entry.about,
        evidence=entry.evidence,
        unit=Organisation.objects.filter(key=entry.unit).first(),
        owner=User.objects.filter(username=entry.owner).first(),
        instruction=entry.instruction,
        due=entry.due,
        actor=None,
        now=timezone.make_aware(dt.datetime.combine(entry.opened_on, dt.time(9))),
    )
    if entry.opened_by:  # by whom it had been opened, though the loading itself is the system's
        made.opened_by = User.objects.get(username=entry.opened_by)
        made.save(update_fields=["opened_by"])


def dump(folder: Path) -> None:
    """Write the holiday files as they were given and the cases that are open."""
    for one in Holidays.objects.all():
        (folder / CALENDAR).mkdir(exist_ok=True)
        (folder / CALENDAR / one.name).write_text(one.text, encoding="utf-8", newline="")
    cases = Case.objects.exclude(state=Case.State.CLOSED).select_related("unit", "owner", "opened_by").order_by("key")
    if cases:
        (folder / CASES).parent.mkdir(exist_ok=True)
        (folder / CASES).write_text(dump_yaml([_entry(one) for one in cases], list[CaseFile]), encoding="utf-8")


def _entry(case: Case) -> CaseFile:
    return CaseFile(
        key=case.key,
        type=case.type,
        title=case.title,
        about=case.about,
        evidence=case.evidence,
        unit=case.unit.key if case.unit else "",
        owner=case.owner.username if case.owner else "",
        opened_by=case.opened_by.username if case.opened_by else "",
        opened_on=timezone.localdate(case.opened_at),
        due=case.due,
        instruction=case.instruction,
    )
