"""How strong the place is at each node: makers, whether there is only one, concentration, local share, age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from ._graph import Graph
from ._model import Placement, Supply

__all__ = ["Level", "Strength", "hhi", "strengths"]


class Level(StrEnum):
    """By the number of makers: none, one, below ``thin``, or enough."""

    MISSING = "missing"
    SINGLE = "single"
    THIN = "thin"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class Strength:
    """One node. ``makers`` are the firms on it or on a kind of it.

    ``hhi`` 0..1 is the concentration of what buyers say they buy (None: nobody says), ``local_share`` 0..1 the part of it
    that comes from inside, ``told`` how many buyers said so, ``stale`` the part of the makers whose ground is out of date.
    """

    node: str
    makers: tuple[str, ...]
    level: Level
    hhi: float | None
    local_share: float | None
    told: int
    stale: float


def hhi(shares: Iterable[float]) -> float | None:
    """Herfindahl-Hirschman index of shares of any scale, 0..1; None when there is nothing to share.

    One supplier gives 1; n equal ones give 1/n. (Hirschman 1964.)
    """
    known = [share for share in shares if share > 0]
    whole = sum(known)
    return sum((share / whole) ** 2 for share in known) if whole else None


def strengths(
    graph: Graph,
    placements: Iterable[Placement],
    supplies: Iterable[Supply] = (),
    *,
    thin: int = 3,
) -> dict[str, Strength]:
    """Node → strength for every node of ``graph``; fewer than ``thin`` makers are thin."""
    placed: dict[str, dict[str, bool]] = defaultdict(dict)
    for one in placements:
        held = placed[one.node].get(one.firm, True)
        placed[one.node][one.firm] = held and one.stale  # fresh on one ground is fresh
    bought: dict[str, list[Supply]] = defaultdict(list)
    for supply in supplies:
        bought[supply.node].append(supply)
    nothing = Strength("", (), Level.MISSING, None, None, 0, 0.0)
    return {
        key: _strength(graph, key, placed, bought, thin)
        if key in placed or key in bought or graph.kinds(key)
        else replace(nothing, node=key)
        for key in graph.nodes
    }


def _strength(
    graph: Graph, key: str, placed: dict[str, dict[str, bool]], bought: dict[str, list[Supply]], thin: int
) -> Strength:
    makers: dict[str, bool] = {}
    said: list[Supply] = []
    for kind in graph.with_kinds(key):
        for firm, stale in placed.get(kind, {}).items():
            makers[firm] = makers.get(firm, True) and stale
        said += bought.get(kind, ())
    weighed = _weighed(said)
    by_supplier: dict[str, float] = defaultdict(float)
    for one, share in weighed:
        by_supplier[one.supplier] += share
    whole = sum(by_supplier.values())
    local = sum(share for one, share in weighed if one.local)
    return Strength(
        node=key,
        makers=tuple(sorted(makers)),
        level=_level(len(makers), thin),
        hhi=hhi(by_supplier.values()),
        local_share=local / whole if whole else None,
        told=len({one.buyer for one, _share in weighed}),
        stale=sum(makers.values()) / len(makers) if makers else 0.0,
    )


def _weighed(said: list[Supply]) -> list[tuple[Supply, float]]:
    """Each buyer counts once: its known shares, or equal parts when it gave none."""
    by_buyer: dict[str, list[Supply]] = defaultdict(list)
    for one in said:
        if one.buyer != one.supplier:
            by_buyer[one.buyer].append(one)
    weighed = []
    for rows in by_buyer.values():
        shares = [one.share for one in rows]
        known = [share for share in shares if share is not None]
        if not known:
            weighed += [(one, 1 / len(rows)) for one in rows]
        else:
            whole = max(sum(known), 1.0)
            weighed += [(one, share / whole) for one, share in zip(rows, shares, strict=True) if share is not None]
    return weighed


def _level(count: int, thin: int) -> Level:
    if count == 0:
        return Level.MISSING
    if count == 1:
        return Level.SINGLE
    return Level.THIN if count < thin else Level.ENOUGH
