"""The receipt of an import: what came in, by which digests; signed, and standing in the sealed trail."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import LogEntry, Seal
from gangshen.apps.registers.models import Batch
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused
from gangshen.web.word import Word

from ._examine import Examination
from ._mapping import unit_meant
from ._parsed import Refusal

__all__ = ["check_receipt", "receipt", "receipt_of", "receipt_word", "sign", "summary"]

_SIGNER = "registers.receipt"
_EVENT = "registers.import"
_TOLD = 50  # contradictions that the receipt names
_UNSIGNED = ("signature", "trail", "state")


def receipt_of(batch: Batch, examination: Examination, run: Run) -> dict[str, Any]:
    """What the import did, as kept with the batch."""
    table, columns = examination.table, examination.columns
    file = batch.file
    assert file is not None
    return {
        "batch": batch.pk,
        "run": run.pk,
        "entity": batch.entity,
        "source": batch.source.key,
        "purpose": batch.purpose,
        "grade": batch.grade,
        "by": batch.actor.username if batch.actor else None,
        "at": batch.created_at.isoformat(),
        **examination.counts(),
        "codes": examination.parsed.codes,
        "imported": batch.rows,
        "remarks": len(examination.parsed.remarks),
        "waiting": len(examination.parsed.doubtful),
        "denied": denied_of(examination),
        "against": [_said(one) for one in examination.parsed.against[:_TOLD]],
        "left_out": [one.header for one in columns if not one.kept],
        "reasons": {one.header: one.why.zh for one in columns if one.why},
        "personal": {one.header: one.personal for one in columns if one.personal},
        "columns": batch.columns,
        "skipped": [{"row": line, "why": why.zh} for line, why in table.layout.skipped[:50]],
        "sheet": table.layout.sheet,
        "sheets": list(table.layout.sheets),
        "places": {str(line): dict(told) for line, told in table.layout.places.items()},
        "header_rows": list(table.layout.header_lines),
        "form": table.form,
        "file": {"name": run.params.get("name") or file.name, "sha256": file.sha256},
        "digest": batch.digest,
        "quarantine": batch.quarantine_id,
    }


def denied_of(examination: Examination) -> dict[str, int]:
    """Header → how many of its cells say no of a title, of which nothing is kept."""
    return dict(Counter(one.header for one in examination.parsed.denied))


def summary(found: Examination, most: int | None = None) -> dict[str, Any]:
    """A dry run as JSON: mapping, questions, counts, faults, remarks, names that wait, rows passed over.

    ``most``: of faults, remarks and names no more than that; ``more_faults`` and ``more_remarks`` say how many are left out.
    """
    table, layout, parsed = found.table, found.table.layout, found.parsed
    return {
        "form": table.form,
        "title": layout.title,
        "unit": layout.unit,
        "sheet": layout.sheet,
        "sheets": list(layout.sheets),
        "forms": [told[""] for told in layout.places.values()],
        "header_rows": list(layout.header_lines),
        "columns": [
            {
                "header": one.header,
                "attribute": one.target if one.kept else "",
                "target": one.target,
                "unit": one.unit,
                "period": one.period,
                "from": one.origin.value,
                "personal": one.personal,
                "sample": one.sample,
                "ask": one.ask,
                "unit_meant": unit_meant(one) if one.ask else "",
                "jump": one.jump,
                "why": one.why.zh if one.why else "",
                "why_en": one.why.in_language("en") if one.why else "",
            }
            for one in found.columns
        ],
        "ask_unit": [one.header for one in found.questions],
        "jumps": len(found.jumps),
        "grade_needed": found.grade,
        "unmapped": not any(one.kept for one in found.columns),
        **found.counts(),
        "importable": len(parsed.rows),
        "waiting": len(parsed.doubtful),
        "denied": denied_of(found),
        "against": len(parsed.against),
        "faults": [_said(one) for one in parsed.refused[:most]],
        "more_faults": len(parsed.refused[most:]) if most else 0,
        "remarks": [_said(one) for one in parsed.remarks[:most]],
        "more_remarks": len(parsed.remarks[most:]) if most else 0,
        "same_firm": found.same()[:most],
        "skipped": [{"row": line, "why": why.zh, "why_en": why.en} for line, why in layout.skipped[:most]],
    }


def _said(one: Refusal) -> dict[str, Any]:
    return {
        "row": one.line,
        "place": one.place,
        "field": one.field,
        "message": one.message.zh,
        "message_en": one.message.en,
    }


def receipt_word(batch: Batch) -> bytes:
    """The receipt to print and file."""
    told = receipt(batch)
    word = Word(_("Receipt of import %(batch)s") % {"batch": batch.pk}, timezone.localdate(batch.created_at))
    counts = [_("Rows"), _("New"), _("Changed"), _("Unchanged"), _("Refused")]
    word.table(counts, [[told["rows"], told["new"], told["changed"], told["unchanged"], told["refused"]]])
    seal = told["trail"]["seal"]
    sealed = f"{seal['hour']} {seal['digest']}" if seal else _("not sealed yet: the hour is not over")
    for name, value in (
        (_("File"), told["file"]["name"]),
        (_("SHA-256 of the file"), told["file"]["sha256"]),
        (_("SHA-256 of the records"), told["digest"]),
        (_("Source"), batch.source.name),
        (_("Purpose"), told["purpose"] or "—"),
        (_("Grade"), told["grade"] or "—"),
        (_("Imported by"), str(batch.actor or _("the system"))),
        (_("State"), batch.get_state_display()),
        (_("Columns left out"), "、".join(told["left_out"]) or "—"),
        (_("Signature"), f"{told['signature']['signed']} / {told['signature']['digest']}"),
        (_("Entry of the audit trail"), told["trail"]["entry"]),
        (_("Sealed"), sealed),
    ):
        word.paragraph(f"{name}{_(': ')}{value}")
    return word.save()


def _digest(told: Mapping[str, Any]) -> str:
    plain = {key: value for key, value in told.items() if key not in _UNSIGNED}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sign(batch: Batch) -> None:
    """Put the receipt's digest into the trail, which is sealed by the hour."""
    detail = {"rows": batch.rows, "refused": batch.refused, "digest": batch.digest, "receipt": _digest(batch.receipt)}
    archive.record_event(batch.actor, _EVENT, batch, detail)


def receipt(batch: Batch) -> dict[str, Any]:
    """The receipt with the batch's state, its signature, its entry in the trail and the seal over that entry."""
    if not batch.receipt:
        raise Refused(
            _("Batch %(batch)s came from no file and has no receipt.") % {"batch": batch.pk},
            _("List the imports: gangshen registers batches."),
        )
    entry = LogEntry.objects.filter(event=_EVENT, object_pk=str(batch.pk)).order_by("pk").first()
    seal = Seal.objects.filter(last_entry__gte=entry.pk).order_by("hour").first() if entry else None
    trail = {
        "entry": entry.pk if entry else None,
        "seal": {"hour": seal.hour.isoformat(), "digest": seal.digest} if seal else None,
    }
    digest = _digest(batch.receipt)
    signature = {"digest": digest, "signed": Signer(salt=_SIGNER).signature(digest)}
    return {**batch.receipt, "state": batch.state, "signature": signature, "trail": trail}


def check_receipt(told: Mapping[str, Any]) -> str:
    """What is wrong with a receipt that somebody shows; empty when it is ours and unchanged."""
    signature = told.get("signature") or {}
    digest = _digest(told)
    try:
        signed = Signer(salt=_SIGNER).unsign(f"{digest}:{signature.get('signed', '')}") == digest
    except BadSignature:
        signed = False
    if not signed:
        return _("The receipt was changed, or is not of this installation.")
    batch = Batch.objects.filter(pk=told.get("batch")).first()
    if batch is None or not batch.receipt or _digest(batch.receipt) != digest:
        return _("The batch no longer says what the receipt says.")
    return ""
