"""Cases made at the edges: each threshold just below, at, and just above, for an applicant that is otherwise right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gangshen.engines.rules import Decision, Operator, Prepared, clauses, interpret, keys_of, prepare
from gangshen.engines.vocabulary import AttributeType, CellError, UnknownAttribute, Vocabulary

from ._cases import facts_of
from ._policy import PolicyVersion

__all__ = ["Boundary", "boundaries"]

_EDGED = frozenset({Operator.GE, Operator.GT, Operator.LE, Operator.LT, Operator.BETWEEN})
_WHOLE = frozenset({AttributeType.MONEY, AttributeType.COUNT})


@dataclass(frozen=True, slots=True)
class Boundary:
    """What the golden case ``case`` comes to when only this clause's figure is moved to ``value`` (stored units)."""

    clause: str
    attribute: str
    edge: Any
    value: Any
    case: str
    decision: Decision


def boundaries(edition: PolicyVersion, vocabulary: Vocabulary) -> list[Boundary]:
    """Three applicants for every edge of every figure and date, made from the first golden case that comes to yes.

    An official reads them beside the text (以上 includes the number); an edge where all three come to the same is one
    that this applicant does not hang on. Empty when no case comes to yes. Raises :class:`RuleError` for an unusable rule.
    """
    prepared = prepare(edition.eligibility, vocabulary)
    for case in edition.cases:
        as_of = case.as_of or edition.valid_from or dt.date.max
        try:
            facts: dict[str, Any] = dict(facts_of(case, vocabulary))
        except (CellError, UnknownAttribute):
            continue
        if interpret(prepared, facts, vocabulary, as_of).decision is Decision.YES:
            return list(_moved(prepared, vocabulary, case.name, facts, as_of))
    return []


def _moved(
    prepared: Prepared, vocabulary: Vocabulary, case: str, facts: dict[str, Any], as_of: dt.date
) -> Iterator[Boundary]:
    for clause in clauses(prepared.rule):
        test = prepared.test(clause)
        if test.attribute is None or test.operator not in _EDGED or test.attribute.type is AttributeType.LIST:
            continue
        step: Any = 1 if test.attribute.type in _WHOLE else 0.01
        if test.attribute.type is AttributeType.DATE:
            step = dt.timedelta(days=1)
        for edge in test.threshold if test.operator is Operator.BETWEEN else (test.threshold,):
            for value in (edge - step, edge, edge + step):
                moved = facts | dict.fromkeys(keys_of(test, facts, as_of), value)
                decision = interpret(prepared, moved, vocabulary, as_of).decision
                yield Boundary(clause.id, test.attribute.id, edge, value, case, decision)
