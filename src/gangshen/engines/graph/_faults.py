"""What is wrong with a chain, each with the place of the edge that is at fault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ._graph import components
from ._model import SUPPLY, Edge, EdgeKind, Node

__all__ = ["Fault", "FaultCode", "faults"]


class FaultCode(StrEnum):
    NODE_TWICE = "node_twice"
    UNKNOWN_NODE = "unknown_node"
    SELF_LOOP = "self_loop"
    NO_SOURCE = "no_source"
    EDGE_TWICE = "edge_twice"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Fault:
    """``nodes``: the unknown node, the node of the loop, or the cycle in its order; ``edge`` the index in the input."""

    code: FaultCode
    nodes: tuple[str, ...]
    edge: int | None = None
    place: str = ""


def faults(nodes: Iterable[Node], edges: Sequence[Edge]) -> list[Fault]:
    """All faults, in the order of the input; cycles of supply and of subclasses last, each named once."""
    found: list[Fault] = []
    known: set[str] = set()
    for node in nodes:
        if node.key in known:
            found.append(Fault(FaultCode.NODE_TWICE, (node.key,)))
        known.add(node.key)
    said: set[tuple[str, str, EdgeKind]] = set()
    for at, edge in enumerate(edges):
        codes: list[tuple[FaultCode, tuple[str, ...]]] = [
            (FaultCode.UNKNOWN_NODE, (key,)) for key in (edge.tail, edge.head) if key not in known
        ]
        if edge.tail == edge.head:
            codes.append((FaultCode.SELF_LOOP, (edge.tail,)))
        if not edge.source:
            codes.append((FaultCode.NO_SOURCE, (edge.tail, edge.head)))
        if (edge.tail, edge.head, edge.kind) in said:
            codes.append((FaultCode.EDGE_TWICE, (edge.tail, edge.head)))
        said.add((edge.tail, edge.head, edge.kind))
        found += [Fault(code, keys, at, edge.place) for code, keys in codes]
    return found + _cycles(edges, SUPPLY) + _cycles(edges, frozenset({EdgeKind.SUBCLASS}))


def _cycles(edges: Sequence[Edge], kinds: frozenset[EdgeKind]) -> list[Fault]:
    of: dict[str, list[str]] = {}
    first: dict[tuple[str, str], int] = {}
    for at, edge in enumerate(edges):
        if edge.kind in kinds and edge.tail != edge.head:
            of.setdefault(edge.tail, []).append(edge.head)
            first.setdefault((edge.tail, edge.head), at)
    found = []
    for group in components(dict.fromkeys(key for edge in edges for key in (edge.tail, edge.head)), of):
        if len(group) > 1:
            cycle = _shortest(group, of)
            last = max(
                (first[pair] for pair in zip(cycle, (*cycle[1:], cycle[0]), strict=True)), default=None
            )  # the edge that closed it
            found.append(Fault(FaultCode.CYCLE, cycle, last, edges[last].place if last is not None else ""))
    return found


def _shortest(group: Sequence[str], of: dict[str, list[str]]) -> tuple[str, ...]:
    """A shortest cycle through the first node of the group."""
    inside, start = set(group), group[0]
    before: dict[str, str] = {}
    ring = [start]
    while ring:
        after = []
        for key in ring:
            for other in of.get(key, ()):
                if other == start:
                    path = [key]
                    while path[-1] != start:
                        path.append(before[path[-1]])
                    return tuple(reversed(path))
                if other in inside and other not in before:
                    before[other] = key
                    after.append(other)
        ring = after
    return tuple(group)
