"""Rules: eligibility as data, in three values."""

from ._model import All, Any_, AtLeast, Clause, ClauseKind, Decision, Node, None_, Operator, Reason, Span
from ._walk import children, clauses, places

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
    "children",
    "clauses",
    "places",
]
