"""The reference interpreter: one subject, every clause explained. The columnar batch must equal it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gangshen.engines.vocabulary import Vocabulary

from ._check import errors_of
from ._decide import NO, UNKNOWN, YES, decide
from ._facts import Reading, keys_of, known_absent, read
from ._model import All, AtLeast, Clause, Decision, Node, None_, Operator, Reason
from ._problems import RuleError
from ._reach import Reach, gainable, reach_false, reach_true
from ._test import Test, ready
from ._verdict import Verdict
from ._walk import children

__all__ = ["FAR", "Prepared", "interpret", "prepare"]

FAR = 255  # distance of what no advice can reach
_DECISIONS = (Decision.NO, Decision.UNKNOWN, Decision.YES)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule whose clauses are checked and in stored units; make it once, ask it for many subjects."""

    rule: Node
    vocabulary: Vocabulary
    _tests: dict[int, Test]

    def test(self, clause: Clause) -> Test:
        return self._tests[id(clause)]


@dataclass(frozen=True, slots=True)
class _Answer:
    verdict: Verdict
    true_cost: int  # clauses to change or answer until yes
    false_cost: int


def prepare(rule: Node, vocabulary: Vocabulary) -> Prepared:
    """Check a rule and bring its thresholds to stored units; raises :class:`RuleError` with every fault."""
    problems = errors_of(rule, vocabulary)
    if problems:
        raise RuleError(problems)
    tests: dict[int, Test] = {}
    stack = [rule]
    while stack:
        node = stack.pop()
        stack.extend(children(node))
        if isinstance(node, Clause):
            tests[id(node)] = ready(node, vocabulary)
    return Prepared(rule, vocabulary, tests)


def interpret(rule: Node | Prepared, subject: Mapping[str, Any], vocabulary: Vocabulary, as_of: dt.date) -> Verdict:
    """Decide one subject on the day ``as_of`` and explain it.

    ``subject`` maps attribute ids (or ``id@2025`` for a period) to values in canonical form or to :class:`Fact`; what is
    not in it is missing. Raises :class:`RuleError` for a rule that must not be used.
    """
    prepared = rule if isinstance(rule, Prepared) else prepare(rule, vocabulary)
    return _answer(prepared.rule, prepared, subject, as_of).verdict


def _answer(node: Node, prepared: Prepared, subject: Mapping[str, Any], as_of: dt.date) -> _Answer:
    if isinstance(node, Clause):
        return _answer_clause(prepared.test(node), prepared.vocabulary, subject, as_of)
    parts = [_answer(child, prepared, subject, as_of) for child in children(node)]
    yes = sum(part.verdict.decision is Decision.YES for part in parts)
    no = sum(part.verdict.decision is Decision.NO for part in parts)
    n = len(parts)
    if isinstance(node, None_):
        kind, needed = "none", 1
    else:
        kind = {All: "all", AtLeast: "at_least"}.get(type(node), "any")
        needed = n if kind == "all" else node.at_least if isinstance(node, AtLeast) else 1
    true_cost = _cheapest([part.true_cost for part in parts], needed)
    false_cost = _cheapest([part.false_cost for part in parts], n - needed + 1)
    answer = YES if yes >= needed else NO if n - no < needed else UNKNOWN
    if kind == "none":
        answer, true_cost, false_cost = YES - answer, false_cost, true_cost
    verdict = Verdict(
        _DECISIONS[answer],
        kind,
        true_cost,
        tuple(part.verdict for part in parts),
        needed=needed if kind == "at_least" else None,
    )
    return _Answer(verdict, true_cost, false_cost)


def _cheapest(costs: list[int], count: int) -> int:
    chosen = sorted(costs)[:count]
    return FAR if FAR in chosen else min(sum(chosen), FAR - 1)


def _answer_clause(test: Test, vocabulary: Vocabulary, subject: Mapping[str, Any], as_of: dt.date) -> _Answer:
    if test.fixed is not None:
        verdict = Verdict(Decision.UNKNOWN, "clause", 1, clause=test.clause, reason=test.fixed)
        return _Answer(verdict, 1, 1)
    assert test.attribute is not None
    keys = keys_of(test, subject, vocabulary, as_of)
    readings = [read(subject, key, test.attribute, vocabulary, as_of) for key in keys]
    answers = [_decided(test, reading, as_of) for reading in readings]
    answer = min(answers)
    shown = readings[answers.index(answer)]
    # A clause over several periods holds when it holds in each; the one that decides is shown.
    true_cost = 0 if answer == YES else 1
    if any(
        part == NO and _out_of_reach(test, found, vocabulary, as_of)
        for part, found in zip(answers, readings, strict=True)
    ):
        true_cost = FAR
    false_cost = 0 if answer == NO else 1
    if answer == YES and reach_false(test) is Reach.NEVER:
        false_cost = FAR
    verdict = Verdict(
        _DECISIONS[answer],
        "clause",
        true_cost,
        clause=test.clause,
        value=shown.value,
        threshold=test.threshold,
        reason=(shown.reason or Reason.MISSING) if answer == UNKNOWN else None,
        sources=shown.sources,
        dated=shown.dated,
    )
    return _Answer(verdict, true_cost, false_cost)


def _decided(test: Test, reading: Reading, as_of: dt.date) -> int:
    if known_absent(test, reading):
        return NO if test.threshold else YES
    if reading.reason is not None:
        return UNKNOWN
    return decide(test, reading.value, as_of)


def _out_of_reach(test: Test, reading: Reading, vocabulary: Vocabulary, as_of: dt.date) -> bool:
    """Whether no advice can make a clause true that this reading made false."""
    reach = reach_true(test, vocabulary)
    if reach is Reach.BELOW:
        highest = test.threshold[1] if test.operator is Operator.BETWEEN else test.threshold
        return bool(reading.value > highest)
    if reach is Reach.ALWAYS and test.operator is Operator.HAS_ALL:
        fixed = set(test.threshold) - set(gainable(test, vocabulary))
        one = Test(test.clause, test.attribute, Operator.HAS_ALL, tuple(sorted(fixed, key=str)))
        return bool(fixed) and decide(one, reading.value, as_of) == NO
    return reach is Reach.NEVER
