"""Leaders' instructions and minutes (批示、纪要): what they set becomes cases with an owner and a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.documents.models import Document, Item
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import Organisation

__all__ = ["INSTRUCTIVE", "open_cases"]

INSTRUCTIVE = {"directive": "instruction", "minutes": "meeting_task"}  # kind of document → type of its cases


def open_cases(document: Document, items: Sequence[Item], actor: Any, now: dt.datetime) -> dict[int, str]:
    """One case for each accepted task of an instruction or minutes; {item pk: reference of its case}.

    A task that has its case already keeps it, closed or not. Tasks of plans are no cases: they stand in the plan.
    """
    kind = INSTRUCTIVE.get(items[0].reading.kind)
    if kind is None:
        return {}
    opener = actor if actor is not None and allowed(actor, "add", Case) else None
    return {
        item.pk: item.adopted_as if item.adopted_as.startswith("case:") else _open(kind, document, item, opener, now)
        for item in items
    }


def _open(kind: str, document: Document, item: Item, actor: Any, now: dt.datetime) -> str:
    said: Mapping[str, Any] = item.corrected or item.data
    span = f"doc:{document.key}@{item.reading.text_hash}#{item.start}-{item.end}"
    unit, words = _units(said.get("units") or [])
    made = cases.open_case(
        kind,
        f"{kind}:{document.key}:{item.reading.text_hash}:{item.start}",
        title=said["title"],
        about=span,
        unit=unit,
        instruction="\n".join([item.quote, *words]),
        due=dt.date.fromisoformat(said["due"]) if said.get("due") else None,
        actor=actor,
        now=now,
    )
    return f"case:{made.pk}"


def _units(said: Sequence[Mapping[str, Any]]) -> tuple[Organisation | None, list[str]]:
    """The lead unit as it is known here, and lines naming the others and those nobody knows."""
    owner: Organisation | None = None
    others: list[str] = []
    for one in sorted(said, key=lambda one: one["role"] == "cooperating"):
        known = identity.expand(one["name"])
        if owner is None and len(known) == 1 and one["role"] != "cooperating":
            owner = known[0]
        else:
            others.append(one["name"])
    return owner, [_("With: %(units)s") % {"units": "、".join(others)}] if others else []
