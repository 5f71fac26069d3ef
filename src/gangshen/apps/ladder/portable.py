"""The ladder as files: ``ladder/ID.yaml`` a title, ``ladder/counts.yaml``, ``ladder/coaching.csv`` the lists of firms."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from gangshen.apps.cases.models import Case
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.identity.portable import LoadReport
from gangshen.apps.registers import services as registers
from gangshen.engines import rungs
from gangshen.engines.formats import FormatError, Problem, Row, Text, dump_yaml, read_table, write_csv

from . import services
from .models import Coached, CoachingList, Tally, Title
from .services._coaching import case_key, open_case_of
from .services._titles import tallies, texts

__all__ = ["dump", "load"]

FOLDER, COACHING = "ladder", "coaching.csv"
OF_COACHING = ("list", "name", "title", "edition", "as_of", "made_by", "number", "firm", "missing", "by", "due", "outcome", "note", "answered_on")  # fmt: skip


def load(folder: Path, *, now: dt.datetime) -> LoadReport:
    """Take in titles, counts and coaching lists, all or none; a fault is said with file, line and field."""
    files = sorted((folder / FOLDER).glob("*.yaml"))
    found, counts = rungs.load_ladder(files, registers.vocabulary(), root=folder)
    with transaction.atomic():
        kept = services.keep(found, counts)
        rows = _coaching(folder / FOLDER / COACHING)
    return LoadReport({"titles": kept, "counts": len(counts.counts), "coached": rows})


def _coaching(path: Path) -> int:
    if not path.exists():
        return 0
    name = f"{FOLDER}/{COACHING}"
    table = read_table(path, name=name, required=("list", "title", "as_of", "firm"))
    problems: list[Problem] = []
    titles = {one.key: one for one in Title.objects.all()}
    keys = {row.cells["firm"] for row in table}
    firms = {one.key: one for one in Organisation.objects.filter(key__in=keys)}
    people = {one.username: one for one in User.objects.all()}
    for row in table:
        problems += _faults(name, row, titles, firms, people)
    if problems:
        raise FormatError(problems)
    for row in table:
        _take(row, titles, firms, people)
    return len(table)


def _faults(name: str, row: Row, titles: Any, firms: Any, people: Any) -> list[Problem]:
    found = []

    def fault(field: str, zh: str, en: str) -> None:
        found.append(Problem(name, row.line, field, Text(zh=zh, en=en)))

    cells = row.cells
    for field, known, zh, en in (
        ("title", titles, "没有称号", "no title"),
        ("firm", firms, "登记中没有企业", "no firm"),
        ("made_by", people, "没有用户", "no user"),
    ):
        value = cells.get(field)
        if (value or field != "made_by") and value not in known:
            fault(field, f"{zh} {value or ''}（改正）", f"{en} {value or ''} (correct it)")
    for field in ("as_of", "by", "due", "answered_on"):
        if value := cells.get(field):
            try:
                dt.date.fromisoformat(value)
            except ValueError:
                fault(field, f"{value} 不是日期（写作 2026-11-20）", f"{value} is no date (write 2026-11-20)")
    if (value := cells.get("outcome")) and value not in Coached.Outcome.values:
        usable = ", ".join(Coached.Outcome.values)
        fault("outcome", f"未知的结果“{value}”（用 {usable}）", f"unknown outcome {value!r} (use {usable})")
    if (value := cells.get("number")) and not value.isdigit():
        fault("number", f"{value} 不是序号", f"{value} is no number (count from 1)")
    return found


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _take(row: Row, titles: Any, firms: Any, people: Any) -> None:
    cells = {name: row.cells.get(name) or "" for name in OF_COACHING}
    as_of = _day(cells["as_of"])
    assert as_of is not None
    values = {
        "name": cells["name"] or cells["list"],
        "title": titles[cells["title"]],
        "edition": cells["edition"],
        "as_of": as_of,
        "made_by": people.get(cells["made_by"]),
    }
    made, _new = CoachingList.objects.update_or_create(key=cells["list"], defaults=values)
    told = {
        "number": int(cells["number"] or row.line - 1),
        "missing": cells["missing"][:500],
        "by": _day(cells["by"]),
        "outcome": cells["outcome"] or Coached.Outcome.OPEN,
        "note": cells["note"],
        "answered_on": _day(cells["answered_on"]),
    }
    one, _new = Coached.objects.update_or_create(list=made, firm=firms[cells["firm"]], defaults=told)
    if one.case is not None or one.answered_on is not None or one.outcome != Coached.Outcome.OPEN:
        return
    one.case = Case.objects.filter(key=case_key(one)).exclude(state=Case.State.CLOSED).first()
    if one.case is not None:
        one.save(update_fields=["case"])
        return
    opened = timezone.make_aware(dt.datetime.combine(as_of, dt.time(17)))
    manager = registers.managers([one.firm.key], as_of)[one.firm.key]
    open_case_of(one, manager=manager, actor=None, now=opened, due=_day(cells["due"]))


def dump(folder: Path) -> None:
    """Write titles by id, the counts in their order, and the lists by key and number."""
    place = folder / FOLDER
    titles = list(Title.objects.order_by("key"))
    if titles:
        place.mkdir(parents=True, exist_ok=True)
    for one in titles:
        (place / f"{one.key}.yaml").write_text(one.content, encoding="utf-8")
    if Tally.objects.exists():
        made = rungs.Counts(counts=tuple(tallies(texts()[1])))
        (place / rungs.COUNTS).write_text(dump_yaml(made), encoding="utf-8")
    rows = Coached.objects.select_related("list__title", "list__made_by", "firm", "case")
    lines = [_line(one) for one in rows.order_by("list__key", "number")]
    if lines:
        (place / COACHING).write_text(write_csv(OF_COACHING, lines), encoding="utf-8")


def _line(one: Coached) -> list[Any]:
    made = one.list
    open_ = one.case is not None and one.answered_on is None and one.outcome == Coached.Outcome.OPEN
    return [
        made.key,
        made.name,
        made.title.key,
        made.edition,
        made.as_of,
        made.made_by.username if made.made_by else "",
        one.number,
        one.firm.key,
        one.missing,
        one.by,
        one.case.due if open_ and one.case else None,
        one.outcome,
        one.note,
        one.answered_on,
    ]
