"""An official list of a title: read by code or name, written down as certificates; a later list may withdraw them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.models import Batch
from gangshen.engines.formats import FormatError, Problem, Row, Text, read_table
from gangshen.engines.resolution import Candidate
from gangshen.web.errors import Refused

from ._titles import texts, titles

__all__ = ["COLUMNS", "Listed", "Taken", "take_list"]

COLUMNS = {  # what a row may hold, and how lists head it
    "name": ("企业名称", "单位名称", "企业", "名称", "name", "Name", "Enterprise"),
    "uscc": ("统一社会信用代码", "社会信用代码", "uscc", "Code"),
    "number": ("证书编号", "编号", "入库登记编号", "number", "Number"),
    "from": ("有效期起", "发证日期", "认定日期", "起", "from", "From"),
    "to": ("有效期止", "有效期至", "止", "to", "Until"),
    "batch": ("批次", "batch", "Batch"),
    "withdrawn_on": ("撤销日期", "取消日期", "withdrawn_on"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list says for all its rows, where a row does not say it itself."""

    title: str
    source: str = registers.UPLOAD
    batch: str = ""
    begins: dt.date | None = None
    ends: dt.date | None = None
    withdrawn_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """``firms`` of this register that got an entry; ``elsewhere`` rows that mean none; ``doubtful`` ones nobody is sure of:
    (row, name as written, whom it may mean). ``not_held``: withdrawn of firms that held none."""

    batch: int | None
    firms: tuple[str, ...]
    elsewhere: int
    doubtful: tuple[tuple[int, str, tuple[Candidate, ...]], ...]
    not_held: tuple[str, ...] = ()


def take_list(
    file: Path | bytes, said: Listed, *, name: str = "", actor: Any, now: dt.datetime, as_of: dt.date, dry: bool = False
) -> Taken:
    """Write a list of holders down as one batch, undone by one step like any import.

    A row is a firm of the register by its code, else by its name where that is sure. Raises FormatError with row and
    column of every fault, Refused for an unknown title; nothing is written then.
    """
    if actor is not None:
        require(actor, "add", Batch)
    of = next((one for one in titles(texts()[0]) if one.id == said.title), None)
    if of is None:
        raise Refused(_("There is no title %(key)s.") % {"key": said.title}, _("See: gangshen ladder status."))
    table = read_table(file, name=name or None)
    places = {column: next((head for head in heads if head in table.headers), "") for column, heads in COLUMNS.items()}
    if not places["name"] and not places["uscc"]:
        words = Text(zh="缺少企业名称或统一社会信用代码一列（补上）", en="neither a name nor a code column (add one)")
        raise FormatError([Problem(table.name, None, "", words)])
    rows = [(row, {column: (row.cells.get(head) or "") for column, head in places.items() if head}) for row in table]
    entries = _entries(table.name, rows, of.certificate, said)
    found, elsewhere, doubtful = _firms(rows)
    held = _held(of.certificate, found, as_of) if any(one.get("withdrawn_on") for one in entries.values()) else {}
    records, not_held = [], []
    for line, firm in found.items():
        entry = entries[line]
        if entry.get("withdrawn_on") and not entry["number"]:
            if firm not in held:
                not_held.append(firm)
                continue
            entry = held[firm] | {"withdrawn_on": entry["withdrawn_on"]}
        records.append({"subject": firm, "values": {"certificates": [entry]}, "as_of": as_of, "row": line})
    firms = tuple(dict.fromkeys(str(one["subject"]) for one in records))
    if dry or not records:
        return Taken(None, firms, elsewhere, tuple(doubtful), tuple(not_held))
    made = _publish(records, said, actor, now)
    archive.record_event(actor, "ladder.list", made, {"title": said.title, "firms": len(firms), "file": table.name})
    return Taken(made.pk, firms, elsewhere, tuple(doubtful), tuple(not_held))


@transaction.atomic
def _publish(records: list[dict[str, Any]], said: Listed, actor: Any, now: dt.datetime) -> Batch:
    source = registers.source_named(said.source)
    purpose = f"{said.title} {said.batch}".strip()
    made = registers.stage(source, "enterprise", records, actor=actor, now=now, purpose=purpose)
    registers.publish(made, now)
    return made


def _entries(file: str, rows: Any, certificate: str, said: Listed) -> dict[int, dict[str, Any]]:
    """Line → the certificate that the row states, typed by the law of the vocabulary."""
    words, problems, found = registers.vocabulary(), [], {}
    for row, cells in rows:
        entry: dict[str, Any] = {
            "type": certificate,
            "number": cells.get("number") or None,
            "from": cells.get("from") or said.begins,
            "to": cells.get("to") or said.ends,
            "withdrawn_on": cells.get("withdrawn_on") or said.withdrawn_on,
        }
        if batch := cells.get("batch") or said.batch:
            entry["batch"] = batch
        try:
            found[row.line] = words.canon("certificates", [entry])[0]
        except ValueError as error:
            message = getattr(error, "message", None) or Text(zh=str(error), en=str(error))
            problems.append(Problem(file, row.line, _faulty(cells), message))
    if problems:
        raise FormatError(problems)
    return found


def _faulty(cells: Mapping[str, str]) -> str:
    return "、".join(column for column in ("from", "to", "withdrawn_on") if cells.get(column)) or "type"


def _firms(rows: list[tuple[Row, dict[str, str]]]) -> tuple[dict[int, str], int, list[Any]]:
    """Line → firm of the register; how many rows mean none; rows that nobody can be sure of."""
    codes = {form for _row, cells in rows if (code := cells.get("uscc")) for form in (code, code.upper())}
    of = Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE)
    known = {key: key for key in of.filter(key__in=codes).values_list("key", flat=True)}
    known |= dict(of.filter(code__in=codes).values_list("code", "key"))
    found: dict[int, str] = {}
    asked: list[tuple[Row, str]] = []
    for row, cells in rows:
        code = cells.get("uscc", "")
        key = known.get(code) or known.get(code.upper())
        if key:
            found[row.line] = registers.kept_key(key)
        elif not code and cells.get("name"):
            asked.append((row, cells["name"]))
    doubtful, elsewhere = [], len(rows) - len(found) - len(asked)
    answers = registers.resolve_names([name for _row, name in asked]) if asked else []
    for (row, name), answer in zip(asked, answers, strict=True):
        if answer.best is not None:
            found[row.line] = answer.best.key
        elif answer.candidates and answer.candidates[0].score > 0.5:
            doubtful.append((row.line, name, answer.candidates[:3]))
        else:
            elsewhere += 1
    return found, elsewhere, doubtful


def _held(certificate: str, found: Mapping[int, str], as_of: dt.date) -> dict[str, dict[str, Any]]:
    """Firm → the certificate of this type that it holds: the one that a withdrawal takes."""
    told = registers.entries("certificates", as_of, set(found.values()))
    held = {}
    for firm, entries in told.items():
        mine = [one for one in entries if one["type"] == certificate and not one.get("withdrawn_on")]
        if mine:
            last = max(mine, key=lambda one: one.get("to") or dt.date.max)
            held[firm] = {key: value for key, value in last.items() if key != "ref"}
    return held
