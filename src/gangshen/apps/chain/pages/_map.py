"""The chain map: where are we strong, thin, missing?"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.apps.chain import services
from gangshen.apps.chain.models import Chain, Edge, Placement
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.services import today
from gangshen.engines.graph import Level
from gangshen.web.formatting import label, percent

from ._words import drawn, gap_words, line_of, reason

__all__ = ["chain", "index", "node", "node_context"]

SHOWN = 5


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The first chain, or how to load one."""
    require(request.user, "view", Chain)
    first = Chain.objects.for_user(request.user).first()
    if first is not None:
        return redirect("chain:chain", first.key)
    return render(request, "chain/empty.html", {"nav_key": "chain.map"})


@login_required
@require_GET
def chain(request: HttpRequest, key: str) -> HttpResponse:
    """``/chain/<key>/``."""
    one = get_object_or_404(Chain.objects.for_user(request.user), key=key)
    return _page(request, one, services.here(today()))


@login_required
@require_GET
def node(request: HttpRequest, key: str) -> HttpResponse:
    """A node: into the panel for htmx, beside its map otherwise."""
    here = services.here(today())
    if not allowed(request.user, "view", Chain) or key not in here.nodes:
        raise Http404(_("There is no such thing, or it is not open to your role."))
    context = node_context(request.user, here, key)
    if getattr(request, "htmx", False):
        return render(request, "chain/node.html", context)
    return _page(request, here.nodes[key].chain, here, key, {"panel_template": "chain/node.html"} | context)


def _page(
    request: HttpRequest, one: Chain, here: services.Here, on: str = "", panel: dict[str, Any] | None = None
) -> HttpResponse:
    strengths = here.of_chain(one)
    count = {level: sum(row.level is level for row in strengths) for level in Level}
    own = {row.node for row in strengths}
    gaps = [gap for gap in here.gaps if gap.node in own]
    pending = Placement.objects.for_user(request.user).filter(state=Placement.State.PROPOSED, sure=False).count()
    told = {supply.buyer for supply in here.supplies}
    context = {
        "chain": one,
        "chains": Chain.objects.for_user(request.user),
        "drawn": drawn(here, one, on),
        "lines": [line_of(here, row.node) for row in strengths],
        "nodes": len(strengths),
        "enough": count[Level.ENOUGH],
        "thin": count[Level.THIN] + count[Level.SINGLE],
        "missing": count[Level.MISSING],
        "worst": gaps[0] if gaps else None,
        "worst_node": here.nodes[gaps[0].node] if gaps else None,
        "gaps": [(gap, line_of(here, gap.node), gap_words(gap), reason(here, gap)) for gap in gaps[:SHOWN]],
        "firms": len(here.firms),
        "told": len(told),
        "limits": here.limits,
        "self_supplied": here.self_supplied[:SHOWN] if allowed(request.user, "view", Placement) else [],
        "pending": pending if allowed(request.user, "change", Placement) else 0,
        "may_export": allowed(request.user, "export", Chain),
        "nav_key": "chain.map",
    }
    return render(request, "chain/map.html", context | (panel or {}))


def node_context(user: Any, here: services.Here, key: str) -> dict[str, Any]:
    """What the panel of a node shows: firms, local share, concentration, neighbours with their evidence, the gap."""
    line, may = line_of(here, key), allowed(user, "view", Placement)
    makers = here.makers(key) if may else []
    keys = {one.pk: name for name, one in here.nodes.items()}
    gap = next((one for one in here.gaps if one.node == key), None)
    concentration = line.strength.hhi
    return {
        "line": line,
        "node": line.node,
        "makers": makers[:8],
        "more": max(0, len(makers) - 8),
        "may_firms": may,
        "hhi": None if concentration is None else f"{concentration:.2f}",
        "stale": percent(100 * line.strength.stale, 0) if line.strength.stale else "",
        "node_pending": Placement.objects.for_user(user)
        .filter(node=line.node, state=Placement.State.PROPOSED, sure=False)
        .count(),
        "up": [_neighbour(here, one, keys[one.tail_id]) for one in _edges(here, line.node.pk, "up")],
        "down": [_neighbour(here, one, keys[one.head_id]) for one in _edges(here, line.node.pk, "down")],
        "wholes": [line_of(here, other) for other in here.graph.wholes(key)],
        "kinds": [line_of(here, other) for other in here.graph.kinds(key)],
        "swaps": [line_of(here, other) for other in here.graph.substitutes(key)],
        "reach_up": len(here.graph.reach(key, "up")),
        "reach_down": len(here.graph.reach(key)),
        "gap": gap,
        "gap_reason": reason(here, gap) if gap else "",
        "may_place": allowed(user, "add", Placement),
    }


def _edges(here: services.Here, pk: int, side: str) -> list[Edge]:
    supply = (Edge.Kind.MATERIAL, Edge.Kind.DOWNSTREAM)
    return [one for one in here.edges if one.kind in supply and pk == (one.head_id if side == "up" else one.tail_id)]


def _neighbour(here: services.Here, edge: Edge, other: str) -> dict[str, Any]:
    return {"line": line_of(here, other), "edge": edge, "ref": f"edge:{edge.pk}", "source": label(_short(edge))}


def _short(edge: Edge) -> str:
    return _("assumed") if edge.citation.assumed else _("Source")
