"""What the chain shows to everyone: its picture on the wall, and totals by segment above the publication limit."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.chain import services
from gangshen.apps.chain.models import Chain, Node
from gangshen.web.public import SMALLEST, PublicPart, PublicRow, WallPart

from ._words import drawn

__all__ = ["TOTALS", "WALL_PART"]


def _wall(today: dt.date) -> dict[str, Any] | None:
    """The first chain; counts below the publication limit are told as such, and no local share is drawn."""
    chain = Chain.objects.first()
    if chain is None:
        return None
    here = services.here(today)
    shown = drawn(here, chain)
    few = _("below %(n)d") % {"n": SMALLEST}
    boxes = [
        replace(
            box,
            count=box.count if box.line.firms >= SMALLEST else few if box.line.firms else _("to be filled"),
            fill=box.fill if box.line.firms >= SMALLEST else "q2" if box.line.firms else "q1",
            line=replace(box.line, state="ok"),
        )
        for box in shown.boxes
    ]
    held = sum(bool(box.line.firms) for box in shown.boxes)
    return {"drawn": replace(shown, boxes=boxes), "nodes": len(boxes), "held": held}


def _totals(today: dt.date) -> list[PublicRow]:
    """Firms by segment; small ones are left out, and with a single one left out the smallest shown goes too."""
    here = services.here(today)
    counts = [
        (node, len(here.strengths[key].makers)) for key, node in here.nodes.items() if node.kind == Node.Kind.SEGMENT
    ]
    shown = sorted((pair for pair in counts if pair[1] >= SMALLEST), key=lambda pair: -pair[1])
    if shown and len([1 for _node, count in counts if 0 < count < SMALLEST]) == 1:
        shown = shown[:-1]
    return [
        PublicRow(node.label, figure=count, unit=_("firms"), note=node.chain.label, day=today, marks=("synthetic",))
        if _made_up(here)
        else PublicRow(node.label, figure=count, unit=_("firms"), note=node.chain.label, day=today)
        for node, count in shown
    ]


def _made_up(here: services.Here) -> bool:
    names = services.names_of(here.firms)
    return any(synthetic for _name, synthetic in names.values())


TOTALS = PublicPart(
    gettext_lazy("Firms by segment"),
    _totals,
    gettext_lazy("No segment has enough firms to be published."),
    gettext_lazy("segments with ten firms or more"),
)
WALL_PART = WallPart(gettext_lazy("The chain"), "chain/wall.html", _wall)
