"""Plain rows of gaps, nodes and stops: for the command line, the API and sheets."""

from __future__ import annotations

from typing import Any

from gangshen.apps.chain.models import Candidate
from gangshen.engines.graph import Gap, Stop

from ._candidates import Fit, fits
from ._here import Here, names_of

__all__ = ["gap_rows", "node_row", "stop_row"]


def gap_rows(here: Here) -> list[dict[str, Any]]:
    """The gaps in their order, each with its reasons, candidates and who courts them."""
    found = fits(here.graph, here.nodes.values(), here.today) if Candidate.objects.exists() else {}
    names = names_of({firm for gap in here.gaps for firm in gap.waiting})
    return [_gap(here, gap, found.get(gap.node, []), names) for gap in here.gaps]


def _gap(here: Here, gap: Gap, fitting: list[Fit], names: dict[str, tuple[str, bool]]) -> dict[str, Any]:
    node = here.nodes[gap.node]
    return {
        "node": gap.node,
        "name": node.name,
        "chain": node.chain.key,
        "kind": gap.kind.value,
        "makers": gap.makers,
        "waiting": len(gap.waiting),
        "waiting_firms": [names.get(firm, (firm, False))[0] for firm in gap.waiting],
        "downstream": [here.nodes[key].name for key in gap.downstream],
        "through": [here.nodes[key].name for key in gap.through],
        "substitutes": [here.nodes[key].name for key in gap.substitutes],
        "confidence": round(gap.confidence, 3),
        "local_share": None if gap.local_share is None else round(gap.local_share, 3),
        "score": round(gap.score, 3),
        "threshold": {"waiting": here.limits.need, "thin": here.limits.thin},
        "candidates": [
            {
                "key": fit.candidate.key,
                "name": fit.candidate.name,
                "kind": fit.candidate.kind,
                "fitting": list(fit.fitting),
                "products": fit.products,
                "confidence": fit.confidence,
                "register": fit.candidate.register,
                "as_of": fit.candidate.as_of.isoformat(),
                "synthetic": fit.candidate.synthetic,
                "courted_by": [{"unit": str(lead.unit), "stage": lead.stage} for lead in fit.leads],
            }
            for fit in fitting
        ],
    }


def node_row(here: Here, key: str) -> dict[str, Any]:
    """One node: strength, neighbours with the evidence of each edge, firms."""
    node, strength = here.nodes[key], here.strengths[key]
    edges = [one for one in here.edges if node.pk in (one.tail_id, one.head_id)]
    keys = {one.pk: name for name, one in here.nodes.items()}
    return {
        "node": key,
        "name": node.name,
        "kind": node.kind,
        "chain": node.chain.key,
        "level": strength.level.value,
        "firms": [
            {
                "key": maker.firm,
                "name": maker.name,
                "basis": maker.placement.basis,
                "words": maker.placement.words,
                "confidence": maker.placement.confidence,
                "state": maker.placement.state,
                "synthetic": maker.synthetic,
            }
            for maker in here.makers(key)
        ],
        "local_share": strength.local_share,
        "hhi": strength.hhi,
        "told": strength.told,
        "stale": round(strength.stale, 3),
        "upstream": [here.nodes[other].name for other in here.graph.up(key)],
        "downstream": [here.nodes[other].name for other in here.graph.down(key)],
        "reach": {"upstream": len(here.graph.reach(key, "up")), "downstream": len(here.graph.reach(key))},
        "edges": [
            {
                "from": keys[one.tail_id],
                "to": keys[one.head_id],
                "type": one.kind,
                "source": one.citation.title,
                "issuer": one.citation.issuer,
                "date": one.citation.date.isoformat() if one.citation.date else None,
                "section": one.section,
                "assumed": one.citation.assumed,
                "confidence": one.confidence,
            }
            for one in edges
        ],
    }


def stop_row(here: Here, stop: Stop) -> dict[str, Any]:
    """What happens when a firm stops."""
    names = names_of({stop.firm, *stop.exposed, *(one.firm for one in stop.dependents)})

    def name(firm: str) -> str:
        return names.get(firm, (firm, False))[0]

    return {
        "firm": stop.firm,
        "name": name(stop.firm),
        "nodes": [here.nodes[key].name for key in stop.nodes],
        "lost": [
            {
                "node": key,
                "name": here.nodes[key].name,
                "substitutes": [here.nodes[o].name for o in stop.substitutes[key]],
            }
            for key in stop.lost
        ],
        "thinned": [{"node": key, "name": here.nodes[key].name, "left": left} for key, left in stop.thinned.items()],
        "reached": [
            {"node": key, "name": here.nodes[key].name, "steps": steps}
            for key, steps in sorted(stop.reached.items(), key=lambda pair: pair[1])
        ],
        "exposed": [name(firm) for firm in stop.exposed],
        "dependents": [
            {
                "firm": one.firm,
                "name": name(one.firm),
                "node": here.nodes[one.node].name,
                "share": one.share,
                "only": one.only,
            }
            for one in stop.dependents
        ],
    }
