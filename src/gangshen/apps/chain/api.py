"""The chain in the API: gaps, nodes, what stops with a firm. Lists are under ``/api/lists``."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from gangshen.apps.chain import services
from gangshen.apps.chain.models import Candidate, Chain, Lead, Placement
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import today
from gangshen.apps.registers import services as registers
from gangshen.engines import graph

__all__ = ["router"]

router = Router(tags=["chain"])


@router.get("/gaps", response=list[dict[str, Any]])
def gaps(request: HttpRequest, chain: str | None = None) -> list[dict[str, Any]]:
    """Gaps by need, with candidates and who courts them as far as the role may see them."""
    require(request.user, "view", Chain)
    rows = services.gap_rows(services.here(today()))
    rows = [row for row in rows if chain is None or row["chain"] == chain]
    for row in rows:
        if not allowed(request.user, "view", Candidate):
            row["candidates"] = []
        if not allowed(request.user, "view", Lead):
            for one in row["candidates"]:
                one["courted_by"] = []
        if not allowed(request.user, "view", Placement):
            row["waiting_firms"] = []
    return rows


@router.get("/nodes/{key}", response=dict[str, Any])
def node(request: HttpRequest, key: str) -> dict[str, Any]:
    """One node: strength, firms, neighbours, the source of each edge."""
    require(request.user, "view", Chain)
    here = services.here(today())
    if key not in here.nodes:
        raise Http404(key)
    row = services.node_row(here, key)
    return row if allowed(request.user, "view", Placement) else row | {"firms": []}


@router.get("/neighbours", response=dict[str, Any])
def neighbours(request: HttpRequest, town: str = "") -> dict[str, Any]:
    """Industry groups that a town (the one with most firms, unless named) could enter, by relatedness density."""
    require(request.user, "view", Chain)
    try:
        return services.related_row(services.related(today(), town))
    except KeyError:
        raise Http404(town) from None


@router.get("/stops/{firm}", response=dict[str, Any])
def stops(request: HttpRequest, firm: str) -> dict[str, Any]:
    """What depends on a firm; who buys from it only for roles that may read what firms told of their suppliers."""
    require(request.user, "view", Chain)
    require(request.user, "view", Placement)
    firm = registers.kept_key(firm)
    if not Organisation.objects.for_user(request.user).filter(key=firm).exists():
        raise Http404(firm)
    here = services.here(today())
    row = services.stop_row(here, graph.stops(here.graph, here.strengths, here.supplies, firm))
    may = "suppliers" in registers.readable_attributes(request.user)  # type: ignore[arg-type]
    return row if may else row | {"dependents": []}
