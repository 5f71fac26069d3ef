"""Handing what was accepted to the office that lives by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.documents.models import Document, Item
from gangshen.apps.documents.services._reading import current
from gangshen.apps.identity.access import require
from gangshen.engines.formats import Text
from gangshen.web.errors import Refused
from gangshen.web.hookpoints import HookPoint

__all__ = ["ADOPTERS", "Adopter", "adopt", "finish"]


@dataclass(frozen=True, slots=True)
class Adopter:
    """An office that takes accepted items of some kinds: ``adopt(document, items, actor, now)`` → {item pk: reference}.

    It runs in the transaction of the acceptance and is called again with all accepted items when more are accepted: it
    updates what it made before and never doubles it.
    """

    label: Text
    kinds: frozenset[str]
    adopt: Callable[[Document, Sequence[Item], Any, dt.datetime], dict[int, str]]


ADOPTERS: HookPoint[Adopter] = HookPoint("document adopter")


@transaction.atomic
def adopt(document: Document, *, actor: Any, now: dt.datetime) -> dict[str, int]:
    """Hand all accepted and corrected items to their adopters; {adopter: items taken}."""
    if actor is not None:
        require(actor, "change", document)
    reading = current(document)
    if reading is None:
        raise Refused(_("This document has not been read."), _("Read it first."))
    items = list(reading.items.filter(state__in=[Item.State.ACCEPTED, Item.State.CORRECTED]))
    taken = {}
    for key, adopter in ADOPTERS.items():
        wanted = [item for item in items if item.kind in adopter.kinds]
        if not wanted:
            continue
        made = adopter.adopt(document, wanted, actor, now)
        for item in wanted:
            if item.pk in made:
                item.adopted_as = made[item.pk]
                archive.link(f"doc:{document.key}@{reading.text_hash}#{item.start}-{item.end}", made[item.pk])
        Item.objects.bulk_update(wanted, ["adopted_as"])
        taken[key] = len(made)
    return taken


@transaction.atomic
def finish(document: Document, *, actor: Any, now: dt.datetime, accept_rest: bool = False) -> dict[str, int]:
    """完成校核: hand everything on. With ``accept_rest`` pending items without a doubt are accepted first.

    Refused while doubtful items are undecided.
    """
    require(actor, "change", document)
    reading = current(document)
    if reading is None:
        raise Refused(_("This document has not been read."), _("Read it first."))
    pending = reading.items.filter(state=Item.State.PENDING)
    if accept_rest:
        rest = pending.filter(doubts=[])
        numbers = list(rest.values_list("position", flat=True))
        rest.update(state=Item.State.ACCEPTED, decided_by=actor, decided_at=now)
        if numbers:
            detail = {"items": numbers, "state": "accepted", "text": reading.text_hash}
            archive.record_event(actor, "accept_rest", document, detail)
    left = reading.items.filter(state=Item.State.PENDING).count()
    if left:
        raise Refused(
            _("%(n)d items are not decided.") % {"n": left},
            _("Accept, correct or drop them; the doubtful ones come first."),
        )
    return adopt(document, actor=actor, now=now)
