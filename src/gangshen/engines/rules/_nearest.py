"""The nearest change that would win: found over the rule, then proved by deciding again."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gangshen.engines.vocabulary import AttributeType, Vocabulary

from ._decide import decide, held_types, row_is_valid
from ._facts import Fact, keys_of, read
from ._interpret import FAR, Prepared, interpret, prepare
from ._model import All, AtLeast, Clause, Decision, Node, None_, Operator
from ._reach import Reach, gainable, reach_false, reach_true
from ._test import Test
from ._verdict import Verdict
from ._walk import children

__all__ = ["Change", "Nearest", "nearest"]

_KEPT = 6  # ways kept at each group; the cheapest are tried first
_TITLE = 1.0  # a title or entry to gain weighs as much as doubling a figure


@dataclass(frozen=True, slots=True)
class Change:
    """Raise ``attribute`` from ``before`` to ``after`` (stored units), or gain the entry ``after`` of a list."""

    attribute: str
    clause: str
    before: Any
    after: Any
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Nearest:
    """Changes that flip a no, their weight, the answer they lead to (yes, or unknown where questions stay open) and the
    subject as it would then be."""

    changes: tuple[Change, ...]
    cost: float
    decision: Decision
    subject: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Way:
    open: int  # clauses left unknown
    cost: float
    steps: tuple[tuple[str, Change], ...] = ()  # key in the subject, change

    @property
    def order(self) -> tuple[int, float, int]:
        return (self.open, self.cost, len(self.steps))


def nearest(
    rule: Node | Prepared,
    subject: Mapping[str, Any],
    vocabulary: Vocabulary,
    as_of: dt.date,
    *,
    verdict: Verdict | None = None,
) -> Nearest | None:
    """The lightest set of changes to actionable attributes that turns a no into a yes, else into an unknown.

    Each change weighs 1 and its relative gap (raising 4 to 5 weighs 1.2; a title 2), so that few and small changes come
    first. Every candidate is decided again with the changed values before it is returned. None when the answer is no
    ``no``, or nothing a firm may be advised to do leads out of it.
    """
    prepared = rule if isinstance(rule, Prepared) else prepare(rule, vocabulary)
    verdict = verdict or interpret(prepared, subject, vocabulary, as_of)
    if verdict.decision is not Decision.NO or verdict.distance == FAR:
        return None
    search = _Search(prepared, subject, vocabulary, as_of)
    fallback: Nearest | None = None
    for way in search.ways(prepared.rule, verdict, want=True):
        if not way.steps:
            continue
        changed = search.changed(way)
        decision = interpret(prepared, changed, vocabulary, as_of).decision
        if decision is Decision.NO:
            continue
        found = Nearest(tuple(change for _, change in way.steps), way.cost, decision, changed)
        if decision is Decision.YES:
            return found
        fallback = fallback or found
    return fallback


class _Search:
    def __init__(self, prepared: Prepared, subject: Mapping[str, Any], vocabulary: Vocabulary, as_of: dt.date) -> None:
        self.prepared, self.subject, self.vocabulary, self.as_of = prepared, subject, vocabulary, as_of

    def ways(self, node: Node, verdict: Verdict, *, want: bool) -> list[_Way]:
        """The cheapest ways of making ``node`` what is wanted, best first; none when it cannot be done."""
        if verdict.decision is (Decision.YES if want else Decision.NO):
            return [_Way(0, 0.0)]
        if isinstance(node, Clause):
            if verdict.decision is Decision.UNKNOWN:
                return [_Way(1, 0.0)]
            return self._clause_ways(self.prepared.test(node), want=want)
        if isinstance(node, None_):
            want = not want
        pairs = zip(children(node), verdict.children, strict=True)
        parts = [self.ways(child, below, want=want) for child, below in pairs]
        n = len(parts)
        needed = n if isinstance(node, All) else node.at_least if isinstance(node, AtLeast) else 1
        return _choose(parts, needed if want else n - needed + 1)

    def _clause_ways(self, test: Test, *, want: bool) -> list[_Way]:
        attribute = test.attribute
        assert attribute is not None
        if (reach_true(test, self.vocabulary) if want else reach_false(test)) is Reach.NEVER:
            return []
        failing = []
        for key in keys_of(test, self.subject, self.vocabulary, self.as_of):
            found = read(self.subject, key, attribute, self.vocabulary, self.as_of)
            if found.reason is None and (decide(test, found.value, self.as_of) > 0) is not want:
                failing.append((key, found.value))
        options = [[self._step(test, key, value, goal) for goal in self._goals(test, value)] for key, value in failing]
        if not options or not all(options):
            return []
        if test.operator is Operator.HAS_ALL:  # every entry is needed, not one of them
            options = [[_merged(steps)] for steps in options]
        if not want:  # one period over the bound is enough
            return sorted(itertools.chain(*options), key=lambda way: way.order)[:_KEPT]
        return _combine(options)

    def _goals(self, test: Test, value: Any) -> list[Any]:
        """What the value would have to become; for a list, what to gain."""
        attribute, operator, threshold = test.attribute, test.operator, test.threshold
        assert attribute is not None
        if attribute.type is AttributeType.LIST:
            if operator in (Operator.HAS_ANY, Operator.HAS_ALL):
                held = held_types(value, threshold, self.as_of)
                wanted = gainable(test, self.vocabulary)
                lacking = [one for one in threshold if one not in held]
                if operator is Operator.HAS_ALL and not set(lacking) <= set(wanted):
                    return []
                return [one for one in lacking if one in wanted]
            return [1 if operator is Operator.EXISTS else int(threshold) + (operator is Operator.GT)]
        if attribute.type is AttributeType.BOOL:
            return [not value]
        step = 1 if attribute.type in (AttributeType.MONEY, AttributeType.COUNT) else 0.01
        if operator in (Operator.GT, Operator.LE):
            return [threshold + step]
        goal = threshold[0] if operator is Operator.BETWEEN else threshold
        return [] if value > goal else [goal]

    def _step(self, test: Test, key: str, value: Any, goal: Any) -> _Way:
        assert test.attribute is not None
        period = key.partition("@")[2] or test.clause.period
        if test.attribute.type is AttributeType.LIST:
            before: Any = sum(row_is_valid(row, self.as_of) for row in value) if isinstance(goal, int) else None
            after = goal if isinstance(goal, int) else "/".join(part for part in goal if part)
            return _Way(0, 1 + _TITLE, ((key, Change(test.attribute.id, test.clause.id, before, after, period)),))
        gap = 0.5 if isinstance(goal, bool) else abs(goal - value) / (max(abs(goal), abs(value)) or 1)
        return _Way(0, 1 + gap, ((key, Change(test.attribute.id, test.clause.id, value, goal, period)),))

    def changed(self, way: _Way) -> dict[str, Any]:
        """The subject with the steps taken; two steps on one figure keep the higher."""
        subject = dict(self.subject)
        for key, change in way.steps:
            attribute = self.vocabulary.get(change.attribute)
            value = _value(subject.get(key))
            latest = key.partition("@")[0]
            newest = latest != key and _value(subject.get(latest)) == value  # what a base reads moves with its year
            if attribute.type is AttributeType.LIST:
                subject[key] = [*(value or ()), *self._gained(change)]
            elif isinstance(change.after, bool) or value is None or value < change.after:
                subject[key] = change.after
            if newest:
                subject[latest] = subject[key]
        return subject

    def _gained(self, change: Change) -> Iterable[dict[str, Any]]:
        if isinstance(change.after, int):
            names: list[tuple[str, str | None]] = [("", None)] * (change.after - int(change.before or 0))
        else:
            kind, _, level = change.after.partition("/")
            names = [(kind, level or None)]
        for kind, level in names:
            row = {"type": kind, "level": level, "number": None, "from": self.as_of, "to": None, "withdrawn_on": None}
            yield row


def _value(held: Any) -> Any:
    return held.value if isinstance(held, Fact) else held


def _merged(ways: Iterable[_Way]) -> _Way:
    ways = list(ways)
    return _Way(sum(way.open for way in ways), sum(way.cost for way in ways), tuple(s for w in ways for s in w.steps))


def _combine(parts: list[list[_Way]]) -> list[_Way]:
    """Every part together, the cheapest combinations first."""
    best = [_Way(0, 0.0)]
    for ways in parts:
        joined = [_merged((one, way)) for one in best for way in ways]
        best = sorted(joined, key=lambda way: way.order)[:_KEPT]
    return best


def _choose(parts: list[list[_Way]], needed: int) -> list[_Way]:
    """Any ``needed`` of the parts, the cheapest first."""
    chosen: list[list[_Way]] = [[_Way(0, 0.0)], *([] for _ in range(needed))]  # by how many parts were taken
    for ways in parts:
        for taken in range(needed, 0, -1):
            joined = [_merged((one, way)) for one in chosen[taken - 1] for way in ways]
            chosen[taken] = sorted([*chosen[taken], *joined], key=lambda way: way.order)[:_KEPT]
    return chosen[needed]
