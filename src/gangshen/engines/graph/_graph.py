"""The graph: neighbours by kind of edge, reach with distance, layers. Built in one pass, then only read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from ._model import SUPPLY, Edge, EdgeKind, Node

__all__ = ["Graph", "components"]

Direction = Literal["down", "up"]
_NONE: tuple[str, ...] = ()


class Graph:
    """A chain. Edges that name an unknown node or lead from a node to itself are left out (``faults`` names them).

    A cycle is kept: reach and layers are defined on any graph (nodes of a cycle share a layer).
    """

    __slots__ = ("_by_pair", "_down", "_kinds", "_swap", "_up", "_wholes", "edges", "nodes")

    def __init__(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        self.nodes: Mapping[str, Node] = {node.key: node for node in nodes}
        known = self.nodes
        self.edges: Sequence[Edge] = [
            edge for edge in edges if edge.tail in known and edge.head in known and edge.tail != edge.head
        ]
        self._down: dict[str, list[str]] = {}
        self._up: dict[str, list[str]] = {}
        self._kinds: dict[str, list[str]] = {}
        self._wholes: dict[str, list[str]] = {}
        self._swap: dict[str, list[str]] = {}
        self._by_pair: dict[tuple[str, str], Edge] = {}
        for edge in self.edges:
            if edge.kind in SUPPLY:
                if (edge.tail, edge.head) not in self._by_pair:
                    self._down.setdefault(edge.tail, []).append(edge.head)
                    self._up.setdefault(edge.head, []).append(edge.tail)
                    self._by_pair[edge.tail, edge.head] = edge
            elif edge.kind is EdgeKind.SUBCLASS:
                self._kinds.setdefault(edge.head, []).append(edge.tail)
                self._wholes.setdefault(edge.tail, []).append(edge.head)
            else:
                self._swap.setdefault(edge.tail, []).append(edge.head)
                self._swap.setdefault(edge.head, []).append(edge.tail)

    def __contains__(self, key: object) -> bool:
        return key in self.nodes

    def __len__(self) -> int:
        return len(self.nodes)

    def down(self, key: str) -> Sequence[str]:
        """Nodes that ``key`` supplies directly."""
        return self._down.get(key, _NONE)

    def up(self, key: str) -> Sequence[str]:
        """Nodes that supply ``key`` directly."""
        return self._up.get(key, _NONE)

    def kinds(self, key: str) -> Sequence[str]:
        """Direct subclasses of ``key``."""
        return self._kinds.get(key, _NONE)

    def wholes(self, key: str) -> Sequence[str]:
        """What ``key`` is directly a kind of."""
        return self._wholes.get(key, _NONE)

    def substitutes(self, key: str) -> Sequence[str]:
        return self._swap.get(key, _NONE)

    def supply_edge(self, tail: str, head: str) -> Edge | None:
        """The first statement that ``tail`` supplies ``head``."""
        return self._by_pair.get((tail, head))

    def with_kinds(self, key: str) -> Iterator[str]:
        """``key`` and everything that is a kind of it, each once."""
        if key not in self._kinds:
            yield key
            return
        yield from self._walk(key, self._kinds)

    def above(self, key: str) -> Iterator[str]:
        """Everything that ``key`` is a kind of, the nearest first."""
        walk = self._walk(key, self._wholes)
        next(walk)
        yield from walk

    def _walk(self, key: str, of: Mapping[str, Sequence[str]]) -> Iterator[str]:
        seen, queue = {key}, deque([key])
        while queue:
            at = queue.popleft()
            yield at
            for other in of.get(at, _NONE):
                if other not in seen:
                    seen.add(other)
                    queue.append(other)

    def reach(self, key: str, direction: Direction = "down", *, most: int | None = None) -> dict[str, int]:
        """Nodes reached from ``key`` along supply, each with its distance in steps (at most ``most``); never ``key``."""
        of = self._down if direction == "down" else self._up
        distance, queue = {key: 0}, deque([key])
        while queue:
            at = queue.popleft()
            if most is not None and distance[at] >= most:
                continue
            for other in of.get(at, _NONE):
                if other not in distance:
                    distance[other] = distance[at] + 1
                    queue.append(other)
        del distance[key]
        return distance

    def layers(self) -> dict[str, int]:
        """Node → longest number of supply steps before it; nodes of one cycle share a layer."""
        groups = components(self.nodes, self._down)
        of = {key: at for at, group in enumerate(groups) for key in group}
        layer = [0] * len(groups)
        for at in range(len(groups) - 1, -1, -1):  # Tarjan gives groups in reverse order of supply
            for key in groups[at]:
                for other in self._down.get(key, _NONE):
                    if of[other] != at:
                        layer[of[other]] = max(layer[of[other]], layer[at] + 1)
        return {key: layer[of[key]] for key in self.nodes}


def components(keys: Iterable[str], of: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Strongly connected components (Tarjan 1972, without recursion): every group after those it leads to."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    on: set[str] = set()
    stack: list[str] = []
    groups: list[list[str]] = []
    for root in keys:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(of.get(root, _NONE)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on.add(root)
        while work:
            key, others = work[-1]
            for other in others:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on.add(other)
                    work.append((other, iter(of.get(other, _NONE))))
                    break
                if other in on:
                    low[key] = min(low[key], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[key])
                if low[key] == index[key]:
                    group: list[str] = []
                    while True:
                        member = stack.pop()
                        on.discard(member)
                        group.append(member)
                        if member == key:
                            break
                    groups.append(group[::-1])
    return groups
