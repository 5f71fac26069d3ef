"""The import itself: a run that stages a batch, shows it at once, and gives a receipt."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import File, Source
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import User
from gangshen.apps.registers.models import Batch
from gangshen.apps.registers.services._batches import discard, publish, stage
from gangshen.apps.registers.services._facts import readable_attributes
from gangshen.apps.registers.services._likenesses import ask_row
from gangshen.apps.registers.services._snapshots import snapshot
from gangshen.apps.registers.services._sources import UPLOAD, source_named
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused

from ._examine import Examination, examine, header_lines, open_table, stated_period
from ._mapping import unit_meant
from ._memory import remember
from ._quarantine import quarantine
from ._receipt import receipt_of, sign

__all__ = ["ENTITIES", "entity_named", "examined", "execute", "import_file", "import_kept", "order"]

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


def order(
    kind: str,
    *,
    source: str = UPLOAD,
    given: Mapping[str, tuple[str, str]] | None = None,
    purpose: str = "",
    grade: str = "",
    as_of: dt.date | None = None,
    period: str = "",
    sheet: str = "",
    header_row: str = "",
    units: Mapping[str, str] | None = None,
    personal: str = "drop",
    sure: Collection[str] = (),
) -> dict[str, Any]:
    """How a file is to be read and kept, as the parameters of a run.

    ``header_row``: where the headers are, as 3 or 3-4 (default: found). ``units``: of headers. ``personal``: what becomes of
    personal data: drop, mask, keep. ``sure``: headers whose unit is right though their figures jump. Raises
    :class:`Refused` when the register or source isn't known.
    """
    entity = entity_named(kind)
    source_named(source)
    header_lines(header_row)
    return {
        "entity": entity,
        "source": source,
        "given": {header: list(pair) for header, pair in (given or {}).items()},
        "purpose": purpose,
        "grade": grade,
        "as_of": as_of.isoformat() if as_of else "",
        "period": stated_period(period),
        "sheet": sheet,
        "header_row": header_row,
        "units": dict(units or {}),
        "personal": personal,
        "sure": sorted(sure),
    }


def import_file(
    data: bytes | Path,
    name: str,
    *,
    kind: str,
    actor: User | None,
    now: dt.datetime,
    inline: bool = False,
    watch: Callable[[int, int | None, str], None] | None = None,
    **asked: Any,
) -> Run:
    """Start the import of ``data`` as a run of kind ``registers.import``; ``inline`` carries it out at once.

    ``asked``: as :func:`order` takes it; what that refuses is refused before anything is kept.
    """
    how = order(kind, **asked)
    _may_keep(actor, how["personal"], how["entity"])
    file = archive.store(data, name, now=now)
    return import_kept(file, how, name=name, actor=actor, now=now, inline=inline, watch=watch)


def import_kept(
    file: File, how: Mapping[str, Any], *, actor: User | None, now: dt.datetime, name: str = "", **options: Any
) -> Run:
    """The same of a file that is in the archive, with ``how`` from :func:`order`."""
    _may_keep(actor, how["personal"], how["entity"])
    params = {**how, "file": file.pk, "sha256": file.sha256, "name": name or file.name}
    return runs.start("registers.import", params, actor=actor, now=now, **options)


def _may_keep(actor: User | None, personal: str, entity: str) -> None:
    """Who may not see personal data may not bring them in."""
    if personal == "keep" and actor is not None and "contacts" not in readable_attributes(actor, entity):
        raise Refused(
            _("Your role may not bring in personal data."), _("Have them dropped or masked, or ask a data officer.")
        )


def execute(run: Run, progress: runs.Progress) -> dict[str, Any]:
    """Carry out an import. One that was killed starts clean, or, when its batch is shown already, only ends."""
    params, now, today = run.params, identity.now(), identity.today()
    if done := Batch.objects.filter(run=run).exclude(state=Batch.State.STAGED).first():
        return done.receipt
    for left in Batch.objects.filter(run=run, state=Batch.State.STAGED):
        discard(left)
    file = File.objects.get(pk=params["file"])
    source = source_named(params["source"])
    examination = examined(params, source, archive.read(file), params["name"], today, progress.step)
    _settled(examination)
    parsed = examination.parsed
    with _beyond_collection():
        progress.step(0, len(parsed.rows), _("Writing records"))
        batch = stage(
            source,
            params["entity"],
            parsed.rows,
            actor=run.actor,
            now=now,
            purpose=params["purpose"],
            grade=params["grade"],
            columns={
                one.header: {"attribute": one.target, "unit": one.unit} for one in examination.columns if one.kept
            },
            file=file,
            run=run,
            step=progress.step,
        )
        _finish(batch, examination, run, now)
        progress.step(len(parsed.rows), len(parsed.rows), _("Laying out the register"))
        snapshot(params["entity"], today)  # here, so that the next who opens the list need not wait for it
    return batch.receipt


@contextmanager
def _beyond_collection() -> Iterator[None]:
    """Leave what was read out of the collector's rounds: it walks 100,000 rows for 0.2 s, mostly inside a transaction."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def examined(
    how: Mapping[str, Any],
    source: Source,
    data: bytes,
    name: str,
    today: dt.date,
    step: Callable[[int, int | None, str], None] = lambda done, total, words: None,
    *,
    unmapped: bool = False,
) -> Examination:
    """The file read and compared with what is believed on ``today``, as :func:`order` asked."""
    step(0, None, _("Reading the file"))
    table = open_table(
        data,
        name,
        how["sheet"] or None,
        header_row=how.get("header_row", ""),
        entity=how["entity"],
        source=source,
    )
    step(0, len(table), words := _("Checking rows"))
    return examine(
        table,
        how["entity"],
        source,
        {header: (pair[0], pair[1]) for header, pair in how["given"].items()},
        today=today,
        as_of=dt.date.fromisoformat(how["as_of"]) if how["as_of"] else None,
        period=how["period"],
        units=how.get("units", {}),
        personal=how.get("personal", "drop"),
        sure=how.get("sure", ()),
        step=lambda done: step(done, len(table), words),
        unmapped=unmapped,
    )


def _finish(batch: Batch, examination: Examination, run: Run, now: dt.datetime) -> None:
    """What goes with the batch is written while nobody sees it; showing it is the last step, so a kill leaves nothing."""
    parsed = examination.parsed
    batch.refused = parsed.refused_rows
    if parsed.refused:
        batch.quarantine = archive.store(quarantine(examination), _quarantine_name(batch, examination), now=now)
    batch.receipt = receipt_of(batch, examination, run)
    batch.save(update_fields=["refused", "quarantine", "receipt"])
    for meant, row in parsed.doubtful:
        ask_row(meant.query, meant.candidates, row, batch, now)
    remember(batch.source, examination.columns)
    publish(batch, now)
    sign(batch)


def _quarantine_name(batch: Batch, examination: Examination) -> str:
    """The file's own name goes first: it may say of which months the figures are."""
    return f"{examination.table.name.rpartition('.')[0][:80] or 'rows'}-quarantine-{batch.pk}.xlsx"


def _settled(examination: Examination) -> None:
    """Refuse what a person must settle first."""
    if asked := [one for one in examination.questions if one.ask]:
        raise Refused(
            _("The unit of %(headers)s is not stated.") % {"headers": "、".join(one.header for one in asked)},
            _("State it: %(maps)s") % {"maps": " ".join(f"--unit {one.header}={unit_meant(one)}" for one in asked)},
        )
    if jumps := examination.jumps:
        one = jumps[0]
        raise Refused(
            _("%(header)s: the figures are about 10^%(power)s times the last ones known, so the unit is in doubt.")
            % {"header": one.header, "power": one.jump},
            _("State the unit: --unit %(header)s=%(unit)s") % {"header": one.header, "unit": one.unit or "元"},
        )
    if not examination.table.rows:
        lines = "-".join(map(str, examination.table.layout.header_lines))
        raise Refused(
            _(
                "Under the headers in row %(lines)s stands no row of data; passed over as totals, notes or the like: %(count)s."
            )
            % {"lines": lines, "count": len(examination.table.layout.skipped)},
            _("Look whether this is the sheet and the row of headers that you mean."),
        )
    if not examination.parsed.rows:
        raise Refused(
            _("Nothing can be imported: %(count)s rows refused. %(first)s")
            % {"count": examination.parsed.refused_rows, "first": next(map(str, examination.parsed.refused), "")},
            _("Correct the file; a dry run lists every fault."),
        )
