"""Cases made from the golden ones: each threshold just below, at and just above, and each attribute missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gangshen.engines.rules import (
    Clause,
    Decision,
    Fact,
    Operator,
    Prepared,
    back,
    clauses,
    interpret,
    keys_of,
    prepare,
)
from gangshen.engines.vocabulary import AttributeType, CellError, UnknownAttribute, Vocabulary

from ._cases import facts_of
from ._policy import Case, Expect, PolicyVersion

__all__ = ["Boundary", "as_case", "boundaries"]

_EDGED = frozenset({Operator.GE, Operator.GT, Operator.LE, Operator.LT, Operator.BETWEEN, Operator.EQ, Operator.NE})
_NUMBERS = frozenset({AttributeType.MONEY, AttributeType.COUNT, AttributeType.NUMBER, AttributeType.PERCENT})
_WHOLE = frozenset({AttributeType.MONEY, AttributeType.COUNT})


@dataclass(frozen=True, slots=True)
class Boundary:
    """What the golden case ``case`` comes to when only this clause's figure is moved to ``value`` (stored units).

    ``edge`` is the threshold that it stands at, or None where the value is taken away (``value`` None: missing).
    ``decides`` is whether the decision hangs on it: some value of the same edge comes to another decision.
    """

    clause: str
    attribute: str
    edge: Any
    value: Any
    case: str
    decision: Decision
    decides: bool

    @property
    def missing(self) -> bool:
        return self.edge is None


@dataclass(frozen=True, slots=True)
class _Applicant:
    case: Case
    facts: dict[str, Any]
    as_of: dt.date
    decision: Decision


def boundaries(edition: PolicyVersion, vocabulary: Vocabulary) -> list[Boundary]:
    """Three applicants for every edge of every figure and date, and one without each attribute.

    Each is made from the golden case whose decision hangs on the clause (best one that comes to yes), so that an
    official reads it beside the text (以上 includes the number). Empty without golden cases. Raises
    :class:`RuleError` for an unusable rule.
    """
    prepared = prepare(edition.eligibility, vocabulary)
    applicants = list(_applicants(edition, prepared, vocabulary))
    found: list[Boundary] = []
    gone: set[str] = set()
    for clause in clauses(edition.eligibility) if applicants else []:
        for i in range(len(_edges(prepared, clause, applicants[0].as_of))):
            tried = [_at_edge(prepared, clause, i, one, vocabulary) for one in applicants]
            found.extend(next((some for some in tried if some[0].decides), tried[0]))
        test = prepared.test(clause)
        if test.attribute is not None and test.attribute.id not in gone:
            gone.add(test.attribute.id)
            without = [_without(prepared, clause, one, vocabulary) for one in applicants]
            found.append(next((one for one in without if one.decides), without[0]))
    return found


def _applicants(edition: PolicyVersion, prepared: Prepared, vocabulary: Vocabulary) -> Iterator[_Applicant]:
    """The golden cases as applicants, those that come to yes first, then the unknown ones."""
    made = []
    for case in edition.cases:
        as_of = case.as_of or edition.valid_from or dt.date.max
        try:
            facts: dict[str, Any] = dict(facts_of(case, vocabulary))
        except (CellError, UnknownAttribute):
            continue
        made.append(_Applicant(case, facts, as_of, interpret(prepared, facts, vocabulary, as_of).decision))
    order = (Decision.YES, Decision.UNKNOWN, Decision.NO)
    yield from sorted(made, key=lambda one: order.index(one.decision))


def _edges(prepared: Prepared, clause: Clause, as_of: dt.date) -> tuple[Any, ...]:
    test = prepared.test(clause)
    if test.operator is Operator.WITHIN_YEARS and test.attribute and test.attribute.type is AttributeType.DATE:
        return (back(as_of, test.threshold),)
    if test.attribute is None or test.operator not in _EDGED or test.fixed is not None:
        return ()
    if test.attribute.type not in _NUMBERS and test.attribute.type is not AttributeType.DATE:
        return ()
    return tuple(test.threshold) if test.operator is Operator.BETWEEN else (test.threshold,)


def _at_edge(
    prepared: Prepared, clause: Clause, index: int, applicant: _Applicant, vocabulary: Vocabulary
) -> list[Boundary]:
    """Just below, at, and just above."""
    test = prepared.test(clause)
    assert test.attribute is not None
    edge = _edges(prepared, clause, applicant.as_of)[index]
    step: Any = 1 if test.attribute.type in _WHOLE else 0.01
    if test.attribute.type is AttributeType.DATE:
        step = dt.timedelta(days=1)
    values = list(_around(edge, step))
    keys = keys_of(test, applicant.facts, vocabulary, applicant.as_of)
    decisions = [
        interpret(prepared, applicant.facts | dict.fromkeys(keys, value), vocabulary, applicant.as_of).decision
        for value in values
    ]
    decides = len(set(decisions)) > 1
    return [
        Boundary(clause.id, test.attribute.id, edge, value, applicant.case.name, decision, decides)
        for value, decision in zip(values, decisions, strict=True)
    ]


def _around(edge: Any, step: Any) -> Iterator[Any]:
    """Just below, at and just above; nothing below 0 but for an edge that is itself below, nor beyond the calendar."""
    for sign in (-1, 0, 1):
        try:
            value = edge + sign * step
        except OverflowError:
            continue
        if not isinstance(value, int | float) or value >= 0 or edge < 0:
            yield value


def _without(prepared: Prepared, clause: Clause, applicant: _Applicant, vocabulary: Vocabulary) -> Boundary:
    test = prepared.test(clause)
    assert test.attribute is not None
    id = test.attribute.id
    left = {key: value for key, value in applicant.facts.items() if key.partition("@")[0] != id}
    decision = interpret(prepared, left | {id: Fact(None)}, vocabulary, applicant.as_of).decision
    return Boundary(clause.id, id, None, None, applicant.case.name, decision, decision is not applicant.decision)


def as_case(boundary: Boundary, edition: PolicyVersion, vocabulary: Vocabulary) -> Case:
    """The boundary as a golden case, to be offered to an official who confirms or corrects its decision."""
    base = next(case for case in edition.cases if case.name == boundary.case)
    label = vocabulary.get(boundary.attribute).label.zh
    given = {key: value for key, value in base.given.items() if key.partition("@")[0] != boundary.attribute}
    if boundary.missing:
        name = f"{label}不知道"
    else:
        side = "刚好" if boundary.value == boundary.edge else "略低于" if boundary.value < boundary.edge else "略高于"
        written = vocabulary.write(boundary.attribute, boundary.value)
        name = f"{label}{side}界限（{written}）"
        keys = [key for key in base.given if key.partition("@")[0] == boundary.attribute] or [boundary.attribute]
        given |= dict.fromkeys(keys, written)
    return base.model_copy(update={"name": name, "given": given, "expect": Expect(decision=boundary.decision)})
