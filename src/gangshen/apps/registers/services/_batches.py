"""Batches: records that come together, seen or not by one field.

Records are written in chunks of 250 to a transaction, so that nobody else waits long; until the batch is
published none of them is seen, and a killed import leaves a staged batch that ``sweep`` removes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import File, Source
from gangshen.apps.identity.models import User
from gangshen.apps.registers.models import Batch, Compact, Record
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused
from gangshen.web.hookpoints import HookPoint

from ._law import period_end, write
from ._names import refresh_names
from ._vocabulary import attributes

__all__ = ["ON_PUBLISHED", "add_record", "discard", "publish", "redo", "stage", "sweep", "undo"]

CHUNK = 250  # to a transaction: nobody else who writes waits long for it
ON_PUBLISHED: HookPoint[Callable[[Batch, dt.datetime], None]] = HookPoint("after a batch goes live or is undone")
"""Called in the transaction that shows or hides a batch; whatever leaves the database is queued on commit."""


def stage(
    source: Source,
    entity: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    actor: User | None,
    now: dt.datetime,
    purpose: str = "",
    grade: str = "",
    columns: Mapping[str, Any] | None = None,
    file: File | None = None,
    run: Run | None = None,
    step: Callable[[int], None] = lambda done: None,
) -> Batch:
    """Write ``rows`` ({subject, values, as_of, period?, row?}) as a batch nobody sees yet.

    Values are typed (fen, percents as 5.0, dates, lists of entries). ``step`` hears how many rows are written.
    Raises :class:`Refused` at the first value that is not of its attribute's type, naming row and attribute; what was
    written until then is removed.
    """
    batch = Batch.objects.create(
        entity=entity,
        source=source,
        purpose=purpose or source.purpose,
        grade=grade or source.grade,
        columns=dict(columns or {}),
        file=file,
        run=run,
        actor=actor,
        created_at=now,
    )
    digest = hashlib.sha256()
    try:
        records = _records(batch, rows, now)
        while chunk := list(islice(records, CHUNK)):
            for record in chunk:
                digest.update(_line(record))
            with transaction.atomic():
                Record.objects.bulk_create(chunk, batch_size=CHUNK)
            batch.rows += len(chunk)
            step(batch.rows)
    except Exception:
        discard(batch)
        raise
    batch.digest = digest.hexdigest()
    batch.save(update_fields=["rows", "digest"])
    return batch


def _records(batch: Batch, rows: Iterable[Mapping[str, Any]], now: dt.datetime) -> Iterator[Record]:
    known = attributes(batch.entity)
    for number, row in enumerate(rows, start=1):
        line = int(row.get("row") or number)
        try:
            if period := row.get("period") or "":
                period_end(period)
            values = {name: write(known[name], value) for name, value in row["values"].items()}
        except KeyError as error:
            raise Refused(
                _("Row %(row)s: the vocabulary has no attribute %(name)s.") % {"row": line, "name": error.args[0]},
                _("Add it, or leave the column out."),
            ) from None
        except ValueError as error:
            raise Refused(
                _("Row %(row)s: %(fault)s.") % {"row": line, "fault": error}, _("Correct the value.")
            ) from None
        yield Record(
            entity=batch.entity,
            subject=row["subject"],
            source_id=batch.source_id,
            batch=batch,
            row=line,
            period=period,
            as_of=row["as_of"],
            recorded_at=now,
            values=values,
        )


def _line(record: Record) -> bytes:
    said = [record.subject, record.period, str(record.as_of), record.values]
    return json.dumps(said, cls=Compact, sort_keys=True).encode() + b"\n"


def discard(batch: Batch) -> None:
    """Remove a batch nobody has seen, with its records."""
    while ids := list(Record.objects.filter(batch=batch).values_list("pk", flat=True)[:CHUNK]):
        Record.objects.filter(pk__in=ids).delete()
    batch.delete()


def _turn(batch: Batch, to: Batch.State, since: Batch.State, now: dt.datetime) -> None:
    with transaction.atomic():
        fresh = Batch.objects.select_for_update().get(pk=batch.pk)
        if fresh.state != since:
            raise Refused(
                _("Batch %(batch)s is not %(state)s.") % {"batch": batch.pk, "state": since.label.lower()},
                _("Reload the list of imports and look again."),
            )
        fresh.state, fresh.changed_at = to, now
        fresh.save(update_fields=["state", "changed_at"])
        for told in ON_PUBLISHED:
            told(fresh, now)
    batch.state, batch.changed_at = to, now


def publish(batch: Batch, now: dt.datetime) -> None:
    """Show all records of a staged batch at once."""
    refresh_names(batch)
    _turn(batch, Batch.State.LIVE, Batch.State.STAGED, now)


def undo(batch: Batch, actor: User | None, now: dt.datetime) -> None:
    """Hide a live batch: everything is as if it had never come, but for the memory that it did."""
    _turn(batch, Batch.State.UNDONE, Batch.State.LIVE, now)
    refresh_names(batch)
    _remember(actor, "registers.undo", batch)


def redo(batch: Batch, actor: User | None, now: dt.datetime) -> None:
    """Show an undone batch again."""
    _turn(batch, Batch.State.LIVE, Batch.State.UNDONE, now)
    refresh_names(batch)
    _remember(actor, "registers.redo", batch)


def _remember(actor: User | None, action: str, batch: Batch) -> None:
    archive.record_event(actor, action, batch, {"rows": batch.rows, "digest": batch.digest})


def add_record(
    subject: str,
    values: Mapping[str, Any],
    source: Source,
    as_of: dt.date,
    actor: User | None,
    now: dt.datetime,
    *,
    entity: str = "enterprise",
    period: str = "",
    purpose: str = "",
) -> Record:
    """One statement about one subject, seen at once: a review, a visit, the firm's own answer."""
    with transaction.atomic():
        row = {"subject": subject, "values": values, "as_of": as_of, "period": period}
        batch = stage(source, entity, [row], actor=actor, now=now, purpose=purpose)
        publish(batch, now)
    return batch.records.get()


def sweep(before: dt.datetime) -> int:
    """Remove batches staged before ``before`` and never published: what killed imports left. Returns how many."""
    left = Batch.objects.filter(state=Batch.State.STAGED, created_at__lt=before)
    count = 0
    for batch in left.exclude(run__state__in=[Run.State.QUEUED, Run.State.RUNNING]):
        discard(batch)
        count += 1
    return count
