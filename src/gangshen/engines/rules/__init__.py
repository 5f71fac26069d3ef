"""Rules: eligibility as data, in three values."""

from ._model import All, Any_, AtLeast, Clause, ClauseKind, Decision, Node, None_, Operator, Reason, Span

__all__ = [
    "All",
    "Any_",
    "AtLeast",
    "Clause",
    "ClauseKind",
    "Decision",
    "Node",
    "None_",
    "Operator",
    "Reason",
    "Span",
]
