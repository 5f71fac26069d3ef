"""If this supplier stops: which nodes lose their only source, what lies behind them, and which firms depend on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ._graph import Graph
from ._model import Supply
from ._strength import Strength

__all__ = ["Dependent", "Stop", "stops"]


@dataclass(frozen=True, slots=True)
class Dependent:
    """A firm that says it buys from the supplier: of which node, which share (0..1, None unknown), whether from it alone."""

    firm: str
    node: str
    share: float | None
    only: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """What happens when ``firm`` stops.

    ``lost``: nodes left without a maker. ``thinned``: its other nodes with the number of makers left. ``reached``: nodes
    downstream of a lost one, with the distance from the nearest. ``exposed``: firms on nodes one step behind a lost one.
    ``dependents``: firms that said they buy from it, those with no other supplier first. ``substitutes``: for each lost
    node those with makers.
    """

    firm: str
    nodes: tuple[str, ...]
    lost: tuple[str, ...]
    thinned: Mapping[str, int]
    reached: Mapping[str, int]
    exposed: tuple[str, ...]
    dependents: tuple[Dependent, ...]
    substitutes: Mapping[str, tuple[str, ...]]


def stops(graph: Graph, strengths: Mapping[str, Strength], supplies: Iterable[Supply], firm: str) -> Stop:
    """What depends on ``firm``; a firm on no node depends only by what others said."""
    nodes = tuple(key for key, strength in strengths.items() if firm in strength.makers)
    lost = tuple(key for key in nodes if len(strengths[key].makers) == 1)
    reached: dict[str, int] = {}
    for key in lost:
        for other, distance in graph.reach(key).items():
            reached[other] = min(distance, reached.get(other, distance))
    exposed = {maker for key, distance in reached.items() if distance == 1 for maker in strengths[key].makers} - {firm}
    return Stop(
        firm=firm,
        nodes=nodes,
        lost=lost,
        thinned={key: len(strengths[key].makers) - 1 for key in nodes if key not in lost},
        reached={key: distance for key, distance in reached.items() if key not in lost},
        exposed=tuple(sorted(exposed)),
        dependents=_dependents(supplies, firm),
        substitutes={
            key: tuple(other for other in graph.substitutes(key) if strengths[other].makers not in ((), (firm,)))
            for key in lost
        },
    )


def _dependents(supplies: Iterable[Supply], firm: str) -> tuple[Dependent, ...]:
    by: dict[tuple[str, str], list[Supply]] = {}
    for one in supplies:
        if one.buyer != one.supplier:
            by.setdefault((one.buyer, one.node), []).append(one)
    found = []
    for (buyer, node), rows in by.items():
        mine = [one for one in rows if one.supplier == firm]
        if mine:
            only = len(mine) == len(rows) and (mine[0].share is None or mine[0].share >= 1)
            found.append(Dependent(buyer, node, mine[0].share, only))
    return tuple(sorted(found, key=lambda one: (not one.only, -(one.share or 0), one.firm, one.node)))
