"""What a clerk decides about what was read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from gangshen.apps.documents.models import Item, Reading
from gangshen.apps.documents.services._reading import text
from gangshen.apps.identity.access import require
from gangshen.engines import reading as engine
from gangshen.engines.rules import Clause
from gangshen.web.errors import Refused

__all__ = ["FORMS", "Progress", "add_item", "decide", "progress", "undo"]

FORMS: dict[str, type[BaseModel]] = {
    Item.Kind.TASK: engine.Task,
    Item.Kind.TARGET: engine.Target,
    Item.Kind.PHASE: engine.Phase,
    Item.Kind.PROMISED_LIST: engine.PromisedList,
    Item.Kind.OFFER: engine.OfferItem,
    Item.Kind.CONDITION: Clause,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the checking is: counts of items; ``doubtful`` are pending ones with a doubt."""

    total: int
    accepted: int
    corrected: int
    dropped: int
    pending: int
    doubtful: int
    unread: int

    @property
    def seen(self) -> int:
        return self.total - self.pending


def progress(reading: Reading) -> Progress:
    """Counts for the head of the review page, in one query."""
    counts = reading.items.aggregate(
        total=Count("pk"),
        **{state: Count("pk", filter=Q(state=state)) for state in ("accepted", "corrected", "dropped", "pending")},
        doubtful=Count("pk", filter=Q(state="pending") & ~Q(doubts=[])),
    )
    return Progress(**counts, unread=len(reading.data.get("unread", [])))


def decide(item: Item, state: str, *, actor: Any, now: dt.datetime, corrected: dict[str, Any] | None = None) -> Item:
    """Accept, correct or drop an item. A correction is checked against the item's form; its span stays.

    Raises :class:`Refused` naming the field that doesn't fit.
    """
    require(actor, "change", item)
    if state not in (Item.State.ACCEPTED, Item.State.CORRECTED, Item.State.DROPPED):
        raise Refused(_("There is no such decision."), _("Accept, correct or drop."))
    if item.adopted_as:
        raise Refused(
            _("This item has been handed on already."), _("Change what it became, or read the document again.")
        )
    if state == Item.State.CORRECTED:
        item.corrected = _checked(item.kind, {**item.data, **(corrected or {})})
    elif state != Item.State.ACCEPTED:
        item.corrected = None
    item.state, item.decided_by, item.decided_at = state, actor, now
    item.save(update_fields=["state", "corrected", "decided_by", "decided_at"])
    return item


def undo(item: Item, *, actor: Any) -> Item:
    """Take a decision back; an item that a clerk added goes."""
    require(actor, "change", item)
    if item.adopted_as:
        raise Refused(
            _("This item has been handed on already."), _("Change what it became, or read the document again.")
        )
    if item.added:
        item.delete()
        return item
    item.state, item.corrected, item.decided_by, item.decided_at = Item.State.PENDING, None, None, None
    item.save(update_fields=["state", "corrected", "decided_by", "decided_at"])
    return item


def _checked(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    try:
        return FORMS[kind].model_validate(data).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors()[0]
        raise Refused(
            _("%(field)s: %(reason)s") % {"field": ".".join(map(str, first["loc"])), "reason": first["msg"]},
            _("Correct this field."),
        ) from error


@transaction.atomic
def add_item(
    reading: Reading, kind: str, start: int, end: int, data: dict[str, Any], *, actor: Any, now: dt.datetime
) -> Item:
    """Add what the reader missed: a span of the text, and the item's fields."""
    require(actor, "change", reading.document)
    read_text = text(reading)
    if not 0 <= start < end <= len(read_text):
        raise Refused(_("The span lies outside the text."), _("Mark the words in the text."))
    place = {"quote": read_text[start:end]}
    place |= {"span": {"start": start, "end": end}} if kind == Item.Kind.CONDITION else {"start": start, "end": end}
    last = reading.items.order_by("-position").values_list("position", flat=True).first() or 0
    return Item.objects.create(
        reading=reading,
        kind=kind,
        position=last + 1,
        start=start,
        end=end,
        quote=read_text[start:end],
        data=_checked(kind, {**data, **place}),
        added=True,
        state=Item.State.CORRECTED,
        decided_by=actor,
        decided_at=now,
    )
