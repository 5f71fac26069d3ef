"""What the reader missed: words of the text that a clerk makes an item of, and sentences that hold nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.documents.models import Item, Reading
from gangshen.apps.documents.services._items import FORMS, checked
from gangshen.apps.documents.services._reading import text
from gangshen.apps.identity.access import require
from gangshen.engines.benefits import BenefitKind
from gangshen.engines.comparing import Anchors
from gangshen.engines.quantities import Quantity, find, find_dates
from gangshen.web.errors import Refused

__all__ = ["ADDABLE", "PROPOSED", "Sentence", "add_item", "draft_of", "nothing_here", "quote_places", "sentences"]

ADDABLE = tuple(FORMS)
PROPOSED = "proposed by a model"
_LONGEST = 4000  # signs of one item
_MOST = 20


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with figures that nothing read; ``settled`` is the item that says there is nothing to be read."""

    start: int
    end: int
    quote: str
    settled: Item | None = None


def sentences(reading: Reading, items: list[Item] | None = None) -> list[Sentence]:
    """Sentences with figures that no item quotes, open ones first; one that an added item quotes is no longer listed."""
    if items is None:
        items = list(reading.items.filter(added=True))
    added = [item for item in items if item.added]
    found = []
    for row in reading.data.get("unread", []):
        over = [one for one in added if one.start < row["end"] and row["start"] < one.end]
        if any(one.kind != Item.Kind.UNREAD and one.state != Item.State.DROPPED for one in over):
            continue
        settled = next((one for one in over if one.kind == Item.Kind.UNREAD), None)
        found.append(Sentence(row["start"], row["end"], row["quote"], settled))
    return sorted(found, key=lambda one: (one.settled is not None, one.start))


def quote_places(reading: Reading, quote: str) -> list[tuple[int, int]]:
    """Where pasted words stand in the text, line ends and blanks apart; raises :class:`Refused` when nowhere."""
    words = quote.strip()
    if not words or len(words) > _LONGEST:
        raise Refused(_("No words were given, or too many."), _("Mark or paste one sentence of the text."))
    read_text = text(reading)
    found = list(_exact(read_text, words)) or [
        span for span in [Anchors(words, read_text).place(0, len(words))] if span
    ]
    if not found:
        raise Refused(
            _("These words do not stand in the text: “%(words)s”.") % {"words": words[:40]},
            _("Copy them from the text as it was read."),
        )
    return found[:_MOST]


def _exact(read_text: str, words: str) -> Iterator[tuple[int, int]]:
    at = read_text.find(words)
    while at >= 0:
        yield at, at + len(words)
        at = read_text.find(words, at + 1)


def _span(reading: Reading, start: int, end: int) -> str:
    """The words of a span, trimmed to nothing but the text it lies in."""
    read_text = text(reading)
    if not 0 <= start < end <= len(read_text) or not read_text[start:end].strip() or end - start > _LONGEST:
        raise Refused(_("The span lies outside the text."), _("Mark the words in the text."))
    return read_text[start:end]


@transaction.atomic
def add_item(
    reading: Reading,
    kind: str,
    start: int,
    end: int,
    data: dict[str, Any],
    *,
    actor: Any,
    now: dt.datetime,
    origin: str = "",
) -> Item:
    """Add what the reader missed: a span of the text, and the item's fields, which the reader's own form checks.

    Fields not given are as :func:`draft_of` finds them. An ``origin`` (who proposed it) leaves the item to be checked.
    """
    if actor is not None:
        require(actor, "add", Item)
        require(actor, "change", reading.document)
    if kind not in FORMS:
        raise Refused(_("There is no such kind of item."), _("Choose one of the list."))
    quote = _span(reading, start, end)
    last = reading.items.order_by("-position").values_list("position", flat=True).first() or 0
    return Item.objects.create(
        reading=reading,
        kind=kind,
        position=last + 1,
        start=start,
        end=end,
        quote=quote,
        data=checked(kind, {**draft_of(reading, kind, start, end), **data, **_place(kind, start, end, quote)}),
        added=True,
        origin=origin,
        doubts=[PROPOSED] if origin else [],
        state=Item.State.PENDING if origin else Item.State.CORRECTED,
        decided_by=None if origin else actor,
        decided_at=None if origin else now,
    )


def nothing_here(reading: Reading, start: int, end: int, *, actor: Any, now: dt.datetime) -> Item:
    """Say that a sentence with figures holds nothing that should have been read."""
    require(actor, "change", reading.document)
    quote = _span(reading, start, end)
    there = reading.items.filter(kind=Item.Kind.UNREAD, start=start, end=end).first()
    place = {"start": start, "end": end, "quote": quote}
    return there or Item.objects.create(
        reading=reading,
        kind=Item.Kind.UNREAD,
        position=0,
        data=place,
        added=True,
        state=Item.State.DROPPED,
        decided_by=actor,
        decided_at=now,
        **place,
    )


def _place(kind: str, start: int, end: int, quote: str) -> dict[str, Any]:
    span = {"start": start, "end": end}
    return {"quote": quote} | ({"span": span} if kind == Item.Kind.CONDITION else span)


def draft_of(reading: Reading, kind: str, start: int, end: int) -> dict[str, Any]:
    """What can be said of a span before a clerk says it: its title, first figure and dates, the section it is in."""
    quote = _span(reading, start, end)
    place = _place(kind, start, end, quote)
    title = re.split(r"[。；，：\n]", quote.strip(), maxsplit=1)[0][:60] or quote[:60]
    section = next((h["quote"] for h in reversed(reading.data.get("headings", [])) if h["start"] <= start), "")
    figures = [one for one in find(quote) if one.kind != "time"]
    match kind:
        case Item.Kind.TASK:
            number = _("added %(n)d") % {"n": reading.items.filter(kind=kind, added=True).count() + 1}
            made: dict[str, Any] = {"number": number, "title": title, "section": section, "part": "task", "units": []}
            return place | made | {"body_start": start, "body_end": end}
        case Item.Kind.TARGET:
            return place | {"section": section} | _aim(quote, figures)
        case Item.Kind.PHASE:
            years = sorted({day.year for when in find_dates(quote) for day in (when.first, when.last)})
            return place | {
                "name": title,
                "start_year": years[0] if years else None,
                "end_year": years[-1] if years else None,
            }
        case Item.Kind.PROMISED_LIST:
            named = re.search(r"《([^》]+)》", quote)
            return place | {"name": named[1] if named else title, "verb": ""}
        case Item.Kind.OFFER:
            return place | {"offer": _offer(title, section, quote, start, end, figures)}
    return place | {"id": f"added-{start}", "kind": "untranslated", "label": title}


def _aim(quote: str, figures: list[Quantity]) -> dict[str, Any]:
    first = figures[0] if figures else None
    dates = find_dates(quote)
    subject = re.split(r"[。；，：\n]", quote[: first.start])[-1].strip() if first else quote[:40]
    value = first.value if first else None
    return {
        "subject": subject or quote[:40],
        "value": list(value) if isinstance(value, tuple) else value,
        "unit": first.unit if first else "",
        "comparator": first.comparator if first else "ge",
        "deadline_year": dates[-1].year if dates else None,
    }


def _offer(title: str, section: str, quote: str, start: int, end: int, figures: list[Quantity]) -> dict[str, Any]:
    span = {"start": start, "end": end}
    rate = next((one.ratio for one in figures if one.kind in ("percent", "discount")), None)
    fen = next((one.fen for one in figures if one.fen), None)
    benefit = {
        "kind": BenefitKind.SUBSIDY.value,
        "rate": [float(one) for one in rate] if isinstance(rate, tuple) else rate and float(rate),
        "amount_fen": fen[1] if fen else None,
        "quote": quote,
        "span": span,
    }
    return {
        "id": f"added-{start}",
        "title": title,
        "section": section,
        "benefit": benefit,
        "quote": quote,
        "span": span,
    }
