"""Which decisions data alone can settle: what a person decides or nobody translated stays unknown."""

from __future__ import annotations

from gangshen.engines.rules import All, Any_, AtLeast, Clause, ClauseKind, Decision, Node, None_, Operator

__all__ = ["settled"]


def settled(rule: Node) -> frozenset[Decision]:
    """YES and NO, as far as some applicant's data can come to them (each clause taken by itself)."""
    found = [decision for decision, yes in ((Decision.YES, True), (Decision.NO, False)) if _can(rule, yes)]
    return frozenset(found)


def _can(node: Node, yes: bool) -> bool:
    match node:
        case Clause():
            return node.kind is ClauseKind.DATA and node.attribute is not None and node.operator is not Operator.APPROX
        case All():
            return _every(node.all, True) if yes else _some(node.all, False)
        case Any_():
            return _some(node.any, True) if yes else _every(node.any, False)
        case None_():
            return _every(node.none, False) if yes else _some(node.none, True)
        case AtLeast():
            able = sum(_can(part, yes) for part in node.of)
            return able >= node.at_least if yes else able > len(node.of) - node.at_least


def _every(parts: tuple[Node, ...], yes: bool) -> bool:
    return all(_can(part, yes) for part in parts)


def _some(parts: tuple[Node, ...], yes: bool) -> bool:
    return any(_can(part, yes) for part in parts)
