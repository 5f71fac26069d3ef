"""``rec:ID#attribute`` opened: the row of the source, its file, date and batch."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers.models import Batch, Record, WrongFact
from gangshen.engines.evidence import Ref
from gangshen.web.components import Evidence
from gangshen.web.formatting import label

from ._facts import is_own, may_see, personal, readable_attributes
from ._law import read
from ._shown import period_shown, shown
from ._vocabulary import vocabulary

__all__ = ["resolve"]


def resolve(ref: Ref, user: User) -> Evidence | None:
    """What the reference opens to; None when there is no such record, or neither row nor attribute is the user's to see."""
    record = (
        Record.objects.select_related("batch__file", "source").filter(pk=ref.id).first() if ref.id.isdigit() else None
    )
    if record is None or not may_see(user, record.subject):
        return None
    own = is_own(user, record.subject)
    may = readable_attributes(user, record.entity, own=own)
    if ref.part and ref.part not in may:
        return None
    names = [name for name in record.values if name in may]
    names.sort(key=lambda name: name != ref.part)
    if not own and (read_ := personal(names)):
        archive.record_event(user, "read", record, {"subject": record.subject, "attributes": read_}, personal=True)
    words = vocabulary()
    organisation = Organisation.objects.filter(key=record.subject).first()
    title = organisation.name if organisation else record.subject
    said = (
        label(words.get(ref.part).label) if ref.part and ref.part in words else _("Record %(id)s") % {"id": record.pk}
    )
    values = [
        (words.get(name).label, shown(words.get(name), read(words.get(name), record.values[name]))) for name in names
    ]
    batch = record.batch
    about: list[tuple[Any, Any]] = [(_("Batch"), f"#{batch.pk} {batch.get_state_display()}")]
    if batch.file:
        about.append((_("File and row"), f"{batch.file.name} · {_place(batch, record.row, ref.part) or record.row}"))
    if record.period:
        about.append((_("Of the period"), period_shown(record.period)))
    if batch.state != Batch.State.LIVE:
        about.append((_("Note"), _("This batch was undone: the record no longer counts.")))
    return Evidence(
        title=f"{title} · {said}",
        url=reverse("registers:profile", args=[record.subject]) if record.entity == "enterprise" else "",
        values=tuple(values + about),
        source=record.source.name,
        date=record.as_of,
        marks=("synthetic",) if record.source.synthetic else (),
        wrong_url=reverse("registers:wrong", args=[record.subject]) + f"?ref=rec:{record.pk}%23{ref.part}"
        if ref.part and allowed(user, "add", WrongFact)
        else "",
    )


def _place(batch: Batch, row: int, attribute: str) -> str:
    """Sheet and cell where a form says it; empty for a row of a table."""
    told: dict[str, str] = batch.receipt.get("places", {}).get(str(row), {})
    headers = (header for header, to in batch.columns.items() if to.get("attribute") == attribute)
    return next((told[header] for header in headers if header in told), told.get("", ""))
