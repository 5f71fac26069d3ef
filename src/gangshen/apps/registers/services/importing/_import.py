"""The import itself: a run that stages a batch, shows it at once, and gives a receipt."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import File
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import User
from gangshen.apps.registers.models import Batch
from gangshen.apps.registers.services._batches import discard, publish, stage
from gangshen.apps.registers.services._sources import UPLOAD, source_named
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused

from ._examine import Examination, examine, open_table
from ._mapping import Column, remember
from ._rows import Refusal

__all__ = ["ENTITIES", "entity_named", "execute", "import_file", "quarantine"]

ENTITIES = {"enterprises": "enterprise", "projects": "project", "parcels": "parcel", "devices": "device"}


def entity_named(kind: str) -> str:
    """``enterprises`` or ``enterprise`` → ``enterprise``."""
    if kind in ENTITIES:
        return ENTITIES[kind]
    if kind in ENTITIES.values():
        return kind
    raise Refused(
        _("There is no register of %(kind)s.") % {"kind": kind},
        _("Registers are: %(kinds)s.") % {"kinds": ", ".join(ENTITIES)},
    )


def import_file(
    data: bytes,
    name: str,
    *,
    kind: str,
    actor: User | None,
    now: dt.datetime,
    source: str = UPLOAD,
    given: Mapping[str, tuple[str, str]] | None = None,
    purpose: str = "",
    grade: str = "",
    as_of: dt.date | None = None,
    period: str = "",
    sheet: str = "",
    inline: bool = False,
    **options: Any,
) -> Run:
    """Start the import of ``data`` as a run of kind ``registers.import``; ``inline`` carries it out at once.

    Raises :class:`Refused` before anything is kept when the register or source isn't known.
    """
    entity = entity_named(kind)
    source_named(source)
    file = archive.store(data, name, now=now)
    params = {
        "file": file.pk,
        "sha256": file.sha256,
        "name": name,
        "entity": entity,
        "source": source,
        "given": {header: list(pair) for header, pair in (given or {}).items()},
        "purpose": purpose,
        "grade": grade,
        "as_of": as_of.isoformat() if as_of else "",
        "period": period,
        "sheet": sheet,
    }
    return runs.start("registers.import", params, actor=actor, now=now, inline=inline, **options)


def execute(run: Run, progress: runs.Progress) -> dict[str, Any]:
    """Carry out an import; what an earlier attempt of the same run staged is removed first."""
    params, now, today = run.params, identity.now(), identity.today()
    for left in Batch.objects.filter(run=run, state=Batch.State.STAGED):
        discard(left)
    file = File.objects.get(pk=params["file"])
    source = source_named(params["source"])
    progress.step(0, None, _("Reading the file"))
    table = open_table(archive.read(file), params["name"], params["sheet"] or None)
    examination = examine(
        table,
        params["entity"],
        source,
        {header: (pair[0], pair[1]) for header, pair in params["given"].items()},
        today=today,
        as_of=dt.date.fromisoformat(params["as_of"]) if params["as_of"] else None,
        period=params["period"],
    )
    _settled(examination)
    parsed = examination.parsed
    progress.step(0, len(parsed.rows), _("Writing records"))
    batch = stage(
        source,
        params["entity"],
        parsed.rows,
        actor=run.actor,
        now=now,
        purpose=params["purpose"],
        grade=params["grade"],
        columns={one.header: {"attribute": one.target, "unit": one.unit} for one in examination.columns if one.target},
        file=file,
        run=run,
        step=progress.step,
    )
    if parsed.refused:
        batch.refused = parsed.refused_rows
        batch.quarantine = archive.store(quarantine(examination), f"quarantine-{batch.pk}.xlsx", now=now)
        batch.save(update_fields=["refused", "quarantine"])
    publish(batch, now)
    remember(source, examination.columns)
    return _receipt(batch, examination, file)


def _settled(examination: Examination) -> None:
    """Refuse what a person must settle first."""
    if examination.questions:
        asked: list[Column] = examination.questions
        raise Refused(
            _("The unit of %(headers)s is not stated.") % {"headers": "、".join(one.header for one in asked)},
            _("State it: %(maps)s") % {"maps": " ".join(f"--map {one.header}={one.target}:万元" for one in asked)},
        )
    if not examination.parsed.rows:
        raise Refused(
            _("Nothing can be imported: %(count)s rows refused. %(first)s")
            % {"count": examination.parsed.refused_rows, "first": next(map(str, examination.parsed.refused), "")},
            _("Correct the file; a dry run lists every fault."),
        )


def quarantine(examination: Examination) -> bytes:
    """The refused rows as Excel with the reason in the last column, to be corrected and imported again."""
    from openpyxl import Workbook

    by_line: dict[int, list[Refusal]] = {}
    for one in examination.parsed.refused:
        by_line.setdefault(one.line, []).append(one)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Refused rows"))
    headers = list(examination.table.headers)
    sheet.append([*headers, _("Row of the file"), _("Reason")])
    for line, faults in by_line.items():
        cells = faults[0].row.cells
        reasons = "；".join(f"{one.field}：{one.message.zh}" if one.field else one.message.zh for one in faults)
        sheet.append([*(_plain(cells[header]) for header in headers), line, reasons])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(text: str | None) -> str | None:
    """A cell that would be a formula is written as text."""
    return f"'{text}" if text and text[0] in "=+@" else text


def _receipt(batch: Batch, examination: Examination, file: File) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "source": batch.source.key,
        "purpose": batch.purpose,
        "grade": batch.grade,
        **examination.counts(),
        "codes": examination.parsed.codes,
        "imported": batch.rows,
        "left_out": [one.header for one in examination.columns if not one.target],
        "file": {"name": file.name, "sha256": file.sha256},
        "digest": batch.digest,
        "quarantine": batch.quarantine_id,
    }
