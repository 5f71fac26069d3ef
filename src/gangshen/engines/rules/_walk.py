"""Going through a rule tree."""

from __future__ import annotations

from collections.abc import Iterator

from ._model import All, Any_, AtLeast, Clause, Node, None_

__all__ = ["children", "clauses", "combining", "places"]

_FIELDS: dict[type, str] = {All: "all", Any_: "any", None_: "none", AtLeast: "of"}


def children(node: Node) -> tuple[Node, ...]:
    """The conditions a node combines; none for a clause."""
    match node:
        case All():
            return node.all
        case Any_():
            return node.any
        case None_():
            return node.none
        case AtLeast():
            return node.of
        case _:
            return ()


def combining(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same group over other conditions; a clause combines none and stays."""
    field = _FIELDS.get(type(node))
    return node.model_copy(update={field: parts}) if field else node


def places(node: Node, place: str = "") -> Iterator[tuple[str, Node]]:
    """Every node with its path in the file (``all[2].any[0]``), top down, in the order of the file."""
    yield place, node
    key = _FIELDS.get(type(node), "")
    for i, child in enumerate(children(node)):
        yield from places(child, f"{place}.{key}[{i}]" if place else f"{key}[{i}]")


def clauses(node: Node) -> list[Clause]:
    """The leaves of a rule, in the order of the file."""
    return [part for _, part in places(node) if isinstance(part, Clause)]
