"""Complementary suppression: which further cells to hide so that no hidden one can be worked out from totals.

A table with its totals is a network in which figures flow in circles: rows to columns, columns to the grand total and back
to the rows. A hidden cell can truly be larger by d exactly if d can flow back from its head to its tail through other hidden
cells, upwards without end, downwards to zero. So the bounds that a reader can derive are two maximal flows, and cells are
hidden along the cheapest ways until the flows are wide enough.

Sources: Cox, L. H. (1995): Network Models for Complementary Cell Suppression, Journal of the American Statistical
Association 90(432), 1453-1462; Gusfield, D. (1988): A Graph Theoretic Approach to Statistical Data Security, SIAM Journal on
Computing 17(3), 552-571; the heuristic of one cell after another follows Kelly, Golden and Assad (1992), Networks 22, 397-417.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Demands", "Entry", "Network", "interval", "protect"]

Key = Hashable
_LITTLE = 1e-9
_MOST_TRIED = 2_000  # flows spent on showing again what was hidden in vain


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell or a total: ``value`` (not negative) flows from ``tail`` to ``head``; ``fixed`` is not to be hidden."""

    key: Key
    tail: Key
    head: Key
    value: float
    cost: float = 1.0
    fixed: bool = False


class Network:
    """A table as entries between nodes."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = {one.key: one for one in entries}
        self.touching: dict[Key, list[Entry]] = defaultdict(list)
        for one in self.entries.values():
            self.touching[one.tail].append(one)
            self.touching[one.head].append(one)


Demands = Mapping[Key, tuple[float, float]]  # how far below and above its value a cell must be able to lie


def interval(network: Network, hidden: Collection[Key], key: Key) -> tuple[float, float]:
    """What can be derived of an entry when all but ``hidden`` are shown: lowest and highest value."""
    one = network.entries[key]
    if key not in hidden:
        return one.value, one.value
    down, _ways = _flow(network, set(hidden), key, up=False, wanted=one.value, may_hide=False)
    up, _ways = _flow(network, set(hidden), key, up=True, wanted=math.inf, may_hide=False)
    return one.value - down, one.value + up


def protect(network: Network, demands: Demands, hidden: Collection[Key] = ()) -> frozenset[Key]:
    """The entries to hide: those of ``demands`` and ``hidden``, and as few more as keep them unsure.

    Where no choice of cells is enough all are hidden, in the end the total too.
    """
    chosen = set(hidden) | set(demands)
    given = frozenset(chosen)
    for key in sorted(demands, key=lambda key: (-max(demands[key]), str(key))):
        for up, wanted in zip((False, True), demands[key], strict=True):
            reached, ways = _flow(network, chosen, key, up=up, wanted=wanted, may_hide=True)
            if reached < wanted - _LITTLE:
                return _everything(network, demands)
            chosen |= ways
    return frozenset(_shown_again(network, demands, chosen, given))


def _everything(network: Network, demands: Demands) -> frozenset[Key]:
    inner = {key for key, one in network.entries.items() if not one.fixed} | set(demands)
    return frozenset(inner if _holds(network, demands, inner) else network.entries)


def _holds(network: Network, demands: Demands, hidden: set[Key]) -> bool:
    return all(
        _flow(network, hidden, key, up=up, wanted=wanted, may_hide=False)[0] >= wanted - _LITTLE
        for key, wants in demands.items()
        for up, wanted in zip((False, True), wants, strict=True)
    )


def _shown_again(network: Network, demands: Demands, chosen: set[Key], given: frozenset[Key]) -> set[Key]:
    """Without the cells that turned out not to be needed, the dearest tried first."""
    added = sorted(chosen - given, key=lambda key: (-network.entries[key].cost, str(key)))
    if 2 * len(added) * len(demands) > _MOST_TRIED:
        return chosen
    for key in added:
        if _holds(network, demands, chosen - {key}):
            chosen = chosen - {key}
    return chosen


def _flow(
    network: Network, hidden: set[Key], key: Key, *, up: bool, wanted: float, may_hide: bool
) -> tuple[float, set[Key]]:
    """How far the entry can move, at most ``wanted``, and through which entries; with ``may_hide`` others help at a cost."""
    target = network.entries[key]
    source, sink = (target.head, target.tail) if up else (target.tail, target.head)
    moved: dict[Key, float] = defaultdict(float)
    used: set[Key] = set()
    reached = 0.0
    while reached < wanted - _LITTLE:
        way = _cheapest(network, source, sink, target, moved, hidden | used, may_hide)
        if way is None:
            break
        widest = min((math.inf if forward else one.value + moved[one.key] for one, forward in way), default=0.0)
        step = min(widest, wanted - reached)
        if step == math.inf:
            return math.inf, used
        for one, forward in way:
            moved[one.key] += step if forward else -step
            used.add(one.key)
        reached += step
    return reached, used


def _cheapest(
    network: Network,
    source: Key,
    sink: Key,
    target: Entry,
    moved: Mapping[Key, float],
    free: set[Key],
    may_hide: bool,
) -> list[tuple[Entry, bool]] | None:
    """The way from ``source`` to ``sink`` that hides least, of equals the shortest; None where there is none."""
    best: dict[Key, tuple[float, int]] = {source: (0.0, 0)}
    came: dict[Key, tuple[Key, Entry, bool]] = {}
    waiting: list[tuple[float, int, int, Key]] = [(0.0, 0, 0, source)]
    counter = 0
    while waiting:
        cost, hops, _order, node = heapq.heappop(waiting)
        if (cost, hops) > best[node]:
            continue
        if node == sink:
            break
        for one in network.touching[node]:
            forward = one.tail == node
            if one.key == target.key or (not forward and one.value + moved.get(one.key, 0.0) <= _LITTLE):
                continue
            if one.key not in free and (not may_hide or one.fixed or one.value <= 0):
                continue
            there = one.head if forward else one.tail
            price = (cost + (0.0 if one.key in free else one.cost), hops + 1)
            if there not in best or price < best[there]:
                best[there], came[there] = price, (node, one, forward)
                counter += 1
                heapq.heappush(waiting, (*price, counter, there))
    if sink not in came:
        return None
    way, node = [], sink
    while node != source:
        node, one, forward = came[node]
        way.append((one, forward))
    return way
