"""Where a firm stands in the chain: the card on its profile."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gangshen.apps.chain import services
from gangshen.apps.chain.models import Placement
from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import Organisation, User

from ._words import line_of

__all__ = ["allowed_here", "panel"]

SHOWN = 6


def allowed_here(user: User) -> bool:
    """May ``user`` see the chain and who stands on it?"""
    return allowed(user, "view", Placement) and allowed(user, "view", "chain.Chain")


def panel(user: User, firm: Organisation, today: dt.date) -> dict[str, Any]:
    """The firm's nodes with their grounds and neighbours."""
    here = services.here(today)
    own = {here_one.node_id: here_one for here_one in here.placements if here_one.firm == firm.key}
    rows = []
    for node in here.nodes.values():
        placement = own.get(node.pk)
        if placement is None:
            continue
        up, down = _near(here, node.key, "up"), _near(here, node.key, "down")
        ground = f"{placement.get_basis_display()} {placement.words}".strip()
        rows.append({"line": line_of(here, node.key), "ground": ground, "ref": placement.ref, "up": up, "down": down})
    return {"rows": rows, "firm": firm}


def _near(here: services.Here, key: str, side: str) -> list[Any]:
    """Direct neighbours; those of the wider node where it has none itself."""
    of = here.graph.up if side == "up" else here.graph.down
    found = list(of(key)) or [other for wider in here.graph.above(key) for other in of(wider)]
    return [line_of(here, other) for other in found[:SHOWN]]
