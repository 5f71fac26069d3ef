"""同一家企业？ The queue of names that may mean a firm of the register: asked once, decided by a person, taken back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers.models import Batch, Compact, Likeness
from gangshen.engines.resolution import Candidate
from gangshen.web.errors import Refused

from ._batches import publish, stage, undo
from ._law import read
from ._merging import merge
from ._vocabulary import attributes

__all__ = ["WORTH", "ask_pair", "ask_row", "confirm", "read_values", "refuse", "take_back"]

WORTH = 0.2
"""From this chance on a candidate is worth a person's look."""
_SHOWN = 3


def _told(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    return [
        {"key": one.key, "name": one.name, "score": one.score, "reasons": [[why.zh, why.en] for why in one.reasons]}
        for one in candidates
    ]


def ask_row(name: str, candidates: Iterable[Candidate], row: Mapping[str, Any], batch: Batch, now: dt.datetime) -> bool:
    """Put a refused row of ``batch`` into the queue: whom does ``name`` mean? False when it was asked before."""
    likely = [one for one in candidates if one.score >= WORTH][:_SHOWN]
    if not likely:
        return False
    said = {
        "values": {
            key: value.isoformat() if isinstance(value, dt.date) else value for key, value in row["values"].items()
        },
        "as_of": row["as_of"].isoformat(),
        "period": row.get("period") or "",
        "row": row["row"],
    }
    asked = json.dumps(
        [batch.source.key, name, said["values"], said["as_of"], said["period"]], cls=Compact, sort_keys=True
    )
    return _ask(f"row:{hashlib.sha256(asked.encode()).hexdigest()}", name, "", likely, said, batch, now)


def ask_pair(subject: str, name: str, candidate: Candidate, now: dt.datetime) -> bool:
    """Put two enterprises of the register into the queue. False when they were asked about before."""
    first, second = sorted((subject, candidate.key))
    return _ask(f"pair:{first}|{second}", name, subject, [candidate], None, None, now)


def _ask(
    key: str,
    name: str,
    subject: str,
    candidates: list[Candidate],
    row: Mapping[str, Any] | None,
    batch: Batch | None,
    now: dt.datetime,
) -> bool:
    given = {
        "name": name[:200],
        "subject": subject,
        "candidates": _told(candidates),
        "score": candidates[0].score,
        "row": row,
        "batch": batch,
        "found_at": now,
    }
    found, made = Likeness.objects.get_or_create(key=key, defaults=given)
    if batch is not None and found.batch_id is None and found.state == Likeness.State.OPEN:
        found.batch = batch  # the import that asked first was broken off, and this is it again
        found.save(update_fields=["batch"])
    return made


def _open(number: int) -> Likeness:
    """The question, locked and still open: of two who decide at once, the second is told."""
    found = Likeness.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise Refused(_("There is no such question."), _("Reload the list."))
    if found.state != Likeness.State.OPEN:
        raise Refused(
            _("%(actor)s has decided this meanwhile: %(state)s.")
            % {"actor": found.decided_by or _("the system"), "state": found.get_state_display()},
            _("Reload the page; a decision can be taken back there."),
        )
    return found


def read_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row that waits, typed."""
    known = attributes()
    return {name: read(known[name], value) for name, value in values.items() if name in known}


def confirm(number: int, key: str, *, actor: User, now: dt.datetime, keep_other: bool = False) -> Likeness:
    """It is the firm ``key``: two enterprises become one (``key`` is kept, or the other with ``keep_other``), or the row's
    values are recorded of it."""
    require(actor, "change", Likeness)
    with transaction.atomic():
        found = _open(number)
        chosen = next((one for one in found.candidates if one["key"] == key), None)
        if chosen is None:
            raise Refused(_("That enterprise is not among the candidates."), _("Reload the page."))
        if found.subject:
            kept, merged = (found.subject, key) if keep_other else (key, found.subject)
            reason = "；".join(zh for zh, _en in chosen["reasons"])
            found.made = merge(kept, merged, actor=actor, now=now, reason=reason)
        else:
            kept = key
            found.made = _recorded(found, key, actor, now)
        _decide(found, Likeness.State.SAME, kept, actor, now)
    return found


def _recorded(found: Likeness, key: str, actor: User, now: dt.datetime) -> Batch:
    """The row that had waited, as a batch of its own from the same source."""
    if found.row is None or found.batch is None:
        raise Refused(_("The import of this row was removed."), _("Import the file again."))
    if not Organisation.objects.filter(key=key).exists():
        raise Refused(_("There is no organisation %(key)s.") % {"key": key}, _("Reload the page."))
    row = found.row
    values = read_values(row["values"])
    values.pop("name", None)  # written with a slip: it must not rename the firm
    said = {"subject": key, "values": values, "as_of": dt.date.fromisoformat(row["as_of"])}
    batch = stage(
        found.batch.source,
        "enterprise",
        [said | {"period": row["period"], "row": row["row"]}],
        actor=actor,
        now=now,
        purpose=found.batch.purpose,
        grade=found.batch.grade,
        file=found.batch.file,
    )
    publish(batch, now)
    return batch


def refuse(number: int, *, actor: User, now: dt.datetime) -> Likeness:
    """It is none of them; it is not asked again."""
    require(actor, "change", Likeness)
    with transaction.atomic():
        found = _open(number)
        _decide(found, Likeness.State.OTHER, "", actor, now)
    return found


def take_back(number: int, *, actor: User, now: dt.datetime) -> Likeness:
    """Open a decided question again, and undo what followed from it."""
    require(actor, "change", Likeness)
    with transaction.atomic():
        found = Likeness.objects.select_for_update().filter(pk=number).first()
        if found is None or found.state == Likeness.State.OPEN:
            raise Refused(_("Nothing was decided here."), _("Reload the page."))
        if found.made and found.made.state == Batch.State.LIVE:
            undo(found.made, actor, now)
        found.state, found.chosen, found.made, found.decided_by, found.decided_at = (
            Likeness.State.OPEN,
            "",
            None,
            None,
            None,
        )
        found.save()
        archive.record_event(actor, "registers.likeness", found, {"state": found.state})
    return found


def _decide(found: Likeness, state: Likeness.State, chosen: str, actor: User, now: dt.datetime) -> None:
    found.state, found.chosen, found.decided_by, found.decided_at = state, chosen, actor, now
    found.save()
    archive.record_event(actor, "registers.likeness", found, {"state": state, "chosen": chosen})
