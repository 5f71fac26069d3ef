"""What a clerk decides about what was read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from gangshen.apps.archive import services as archive
from gangshen.apps.documents.models import Item, Reading
from gangshen.apps.identity.access import require
from gangshen.engines import reading as engine
from gangshen.engines.rules import Clause
from gangshen.web.errors import Refused

__all__ = ["FORMS", "checked", "decide", "last_decision", "undo"]

FORMS: dict[str, type[BaseModel]] = {
    Item.Kind.TASK: engine.Task,
    Item.Kind.TARGET: engine.Target,
    Item.Kind.PHASE: engine.Phase,
    Item.Kind.PROMISED_LIST: engine.PromisedList,
    Item.Kind.OFFER: engine.OfferItem,
    Item.Kind.CONDITION: Clause,
}


def last_decision(reading: Reading, user: Any) -> Item | None:
    """What ``user`` decided last here and can still take back."""
    mine = reading.items.filter(decided_by=user, adopted_as="").exclude(decided_at=None)
    return mine.order_by("-decided_at", "-pk").first()


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
        said = item.corrected or item.data
        item.corrected = checked(item.kind, {**item.data, **(corrected or {})})
        archive.record_event(actor, "correct", item, _differences(said, item.corrected))
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


def _differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The fields that a correction changed, as they were and as they are, and the words of the text."""
    names = [name for name in after if after[name] != before.get(name)]
    return {
        "quote": after.get("quote", ""),
        "before": {name: before.get(name) for name in names},
        "after": {name: after[name] for name in names},
    }


def checked(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """The fields of an item as its form has them; raises :class:`Refused` naming the field that doesn't fit."""
    try:
        return FORMS[kind].model_validate(data).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors()[0]
        raise Refused(
            _("%(field)s: %(reason)s") % {"field": ".".join(map(str, first["loc"])), "reason": first["msg"]},
            _("Correct this field."),
        ) from error
