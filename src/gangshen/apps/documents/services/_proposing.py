"""Items that a model proposes: kept only when their words stand in the text and they pass the reader's own form."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.documents.adapters import Endpoint, Proposal, ask_for_items
from gangshen.apps.documents.models import Document, Item, Reading
from gangshen.apps.documents.services._adding import add_item, draft_of
from gangshen.apps.documents.services._items import FORMS
from gangshen.apps.documents.services._reading import current, text
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused

__all__ = ["Proposed", "propose", "start_proposing"]

_FIELDS: dict[str, tuple[str, ...]] = {
    Item.Kind.TASK: ("title",),
    Item.Kind.TARGET: ("subject", "value", "unit", "comparator", "deadline_year"),
    Item.Kind.PHASE: ("name", "start_year", "end_year"),
    Item.Kind.PROMISED_LIST: ("name", "verb"),
    Item.Kind.CONDITION: ("label",),
}


@dataclass(slots=True)
class Proposed:
    """How many proposals were kept, and why the others were not."""

    kept: int = 0
    refused: Counter[str] = field(default_factory=Counter)


def start_proposing(document: Document, *, actor: Any, now: dt.datetime, inline: bool = False) -> Run:
    """Ask the configured model for what the reader missed, in the background."""
    return runs.start("documents.propose", {"document": document.key}, actor=actor, now=now, inline=inline)


def propose(document: Document, endpoint: Endpoint, *, now: dt.datetime) -> Proposed:
    """Ask for items of the document's current reading; what is kept waits to be checked, marked with its origin.

    Raises :class:`EndpointError` when the endpoint fails; what was kept until then stays.
    """
    reading = current(document)
    if reading is None:
        raise Refused(_("This document has not been read."), _("Read it first."))
    read_text = text(reading)
    items = list(reading.items.exclude(kind=Item.Kind.UNREAD).values_list("start", "end", "quote", "kind"))
    known = [(start, end, quote) for start, end, quote, _kind in items]
    taken = [(start, end, kind) for start, end, _quote, kind in items]
    result = Proposed()
    for proposals in ask_for_items(endpoint, read_text, known):
        for one in proposals:
            why = _keep(reading, read_text, one, taken, f"{endpoint.name or 'model'}", now)
            if why:
                result.refused[why] += 1
            else:
                result.kept += 1
    return result


def _keep(
    reading: Reading, read_text: str, one: Proposal, taken: list[tuple[int, int, str]], origin: str, now: dt.datetime
) -> str:
    """Why a proposal is not kept; nothing when it is."""
    if one.kind not in FORMS:
        return "kind"
    start = read_text.find(one.quote) if one.quote.strip() else -1
    if start < 0:
        return "quote"
    end = start + len(one.quote)
    if any(a < end and start < b and kind == one.kind for a, b, kind in taken):
        return "known"
    try:
        data = _data(reading, one, start, end)
        add_item(reading, one.kind, start, end, data, actor=None, now=now, origin=origin)
    except (Refused, LookupError):
        return "form"
    taken.append((start, end, one.kind))
    return ""


def _data(reading: Reading, one: Proposal, start: int, end: int) -> dict[str, Any]:
    """The fields a model may fill; a unit must stand in the quoted words. LookupError when one does not."""
    data = {name: one.fields[name] for name in _FIELDS.get(one.kind, ()) if one.fields.get(name) is not None}
    if one.kind == Item.Kind.TASK:
        units = one.fields.get("units") or []
        if not isinstance(units, list):
            raise LookupError(units)
        data["units"] = [_unit(one.quote, start, str(name)) for name in units]
    if one.kind == Item.Kind.OFFER and isinstance(one.fields.get("title"), str):
        offer = draft_of(reading, one.kind, start, end)["offer"]
        data["offer"] = {**offer, "title": one.fields["title"]}
    return data


def _unit(quote: str, start: int, name: str) -> dict[str, Any]:
    at = quote.find(name) if name.strip() else -1
    if at < 0:
        raise LookupError(name)
    return {"quote": name, "start": start + at, "end": start + at + len(name), "name": name}
