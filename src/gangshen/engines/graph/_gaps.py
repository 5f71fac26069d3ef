"""Gaps ranked by need: what is missing, has one source or is thin, and how many in the place wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ._graph import Graph
from ._strength import Level, Strength

__all__ = ["Gap", "GapKind", "Limits", "gaps"]


class GapKind(StrEnum):
    MISSING = "missing"  # 断点: nobody makes it here
    SINGLE_SOURCE = "single_source"  # one maker
    BLOCKED = "blocked"  # 堵点: makers there are, but buyers say that most comes from outside
    THIN = "thin"


_WEIGHT = {GapKind.MISSING: 1.0, GapKind.SINGLE_SOURCE: 0.7, GapKind.BLOCKED: 0.6, GapKind.THIN: 0.4}


@dataclass(frozen=True, slots=True)
class Limits:
    """From when something is a gap. All are assumed settings, shown where gaps are shown.

    ``need`` firms that wait; ``thin`` makers; ``local`` share below which a node is blocked, said by ``told`` buyers;
    ``inherited`` the weight of need that a product has only through what it is a kind of; ``substitutable`` the weight
    left when a substitute has enough makers.
    """

    need: int = 5
    thin: int = 3
    local: float = 0.3
    told: int = 3
    inherited: float = 0.5
    substitutable: float = 0.5


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap. ``waiting`` are the firms on the nodes it supplies; ``downstream`` those nodes with makers, ``through``
    the wider nodes by which it supplies them (empty: it does directly), ``substitutes`` the enough-strong ones.
    ``score`` = weight of the kind x firms that wait x confidence of the edges x the weights of :class:`Limits`.
    """

    node: str
    kind: GapKind
    makers: int
    waiting: tuple[str, ...]
    downstream: tuple[str, ...]
    through: tuple[str, ...]
    substitutes: tuple[str, ...]
    confidence: float
    local_share: float | None
    score: float


def gaps(graph: Graph, strengths: Mapping[str, Strength], limits: Limits | None = None) -> list[Gap]:
    """Gaps with at least ``limits.need`` firms waiting, the greatest score first; ties by need, then key."""
    limits = limits or Limits()
    found = []
    for key, strength in strengths.items():
        kind = _kind(strength, limits)
        gap = kind and _gap(graph, strengths, key, kind, limits)
        if gap:
            found.append(gap)
    return sorted(found, key=lambda gap: (-gap.score, -len(gap.waiting), gap.node))


def _kind(strength: Strength, limits: Limits) -> GapKind | None:
    count = len(strength.makers)
    if count == 0:
        return GapKind.MISSING
    if count == 1:
        return GapKind.SINGLE_SOURCE
    if strength.local_share is not None and strength.local_share < limits.local and strength.told >= limits.told:
        return GapKind.BLOCKED
    return GapKind.THIN if count < limits.thin else None


def _gap(graph: Graph, strengths: Mapping[str, Strength], key: str, kind: GapKind, limits: Limits) -> Gap | None:
    through: tuple[str, ...] = ()
    served, confidence = _served(graph, strengths, key)
    weight = 1.0
    if not served:
        for wider in graph.above(key) if graph.wholes(key) else ():
            served, confidence = _served(graph, strengths, wider)
            if served:
                through, weight = (wider,), limits.inherited
                break
    own = set(strengths[key].makers)
    waiting = {firm for node in served for firm in strengths[node].makers} - own
    if len(waiting) < limits.need:
        return None
    swaps = tuple(
        other for other in graph.substitutes(key) if other in strengths and strengths[other].level is Level.ENOUGH
    )
    score = _WEIGHT[kind] * len(waiting) * confidence * weight * (limits.substitutable if swaps else 1.0)
    return Gap(
        node=key,
        kind=kind,
        makers=len(own),
        waiting=tuple(sorted(waiting)),
        downstream=tuple(served),
        through=through,
        substitutes=swaps,
        confidence=confidence,
        local_share=strengths[key].local_share,
        score=score,
    )


def _served(graph: Graph, strengths: Mapping[str, Strength], key: str) -> tuple[list[str], float]:
    """The nodes with makers that ``key`` supplies directly, and the mean confidence that it does, weighed by makers."""
    served = [other for other in graph.down(key) if strengths[other].makers]
    if not served:
        return [], 0.0
    weights = [len(strengths[other].makers) for other in served]
    sure = [edge.confidence if (edge := graph.supply_edge(key, other)) else 0.0 for other in served]
    return served, sum(w * c for w, c in zip(weights, sure, strict=True)) / sum(weights)
