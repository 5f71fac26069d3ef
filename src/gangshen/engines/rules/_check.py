"""Reading a rule as a careful colleague would: what cannot be meant, cannot be met, or may not be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from gangshen.engines.formats import Text
from gangshen.engines.vocabulary import AttributeType, Vocabulary

from ._model import All, Any_, AtLeast, Clause, ClauseKind, Node, None_, Operator
from ._problems import RuleProblem
from ._test import NUMERIC, ClauseError, Test, ready
from ._walk import children, places

__all__ = ["check", "errors_of"]

_DEEPEST = 40
_MOST = 250


def check(rule: Node, vocabulary: Vocabulary) -> list[RuleProblem]:
    """Every fault and warning of a rule, in its order; none means it may be used.

    Faults: unknown attribute or certificate, unit that does not fit, percentage written as a fraction, empty set or
    group, contradictory range, ground that access forbids, clause id given twice. Warnings: what is left to a person,
    alternatives that leave out no value (three values would call them unknown where nothing is known).
    """
    problems: list[RuleProblem] = []
    seen: set[str] = set()
    for place, node in places(rule):
        if isinstance(node, Clause):
            if not node.id.strip():
                words = Text(zh="条件没有编号 id（起一个短名）", en="a clause has no id (give it a short name)")
                problems.append(RuleProblem(place, node.id, words))
            if node.id in seen:
                words = Text(zh="条件编号重复（改名）", en="clause id given twice (rename one)")
                problems.append(RuleProblem(place, node.id, words))
            seen.add(node.id)
            try:
                ready(node, vocabulary)
            except ClauseError as error:
                problems.append(RuleProblem(place, node.id, error.message))
            problems.extend(_left_to_people(place, node))
        else:
            problems.extend(_group(place, node))
            if isinstance(node, All):
                problems.extend(_contradictions(place, _sound(node, vocabulary)))
            elif isinstance(node, Any_ | None_):
                problems.extend(_tautologies(place, node, vocabulary))
    return problems


def errors_of(rule: Node, vocabulary: Vocabulary) -> list[RuleProblem]:
    """The faults that keep a rule from being used."""
    return [problem for problem in check(rule, vocabulary) if not problem.warning]


def _left_to_people(place: str, clause: Clause) -> Iterable[RuleProblem]:
    if clause.kind is ClauseKind.UNTRANSLATED or (clause.kind is ClauseKind.DATA and clause.attribute is None):
        words = Text(zh="尚未译为条件，结果总是未知", en="not translated yet: always unknown")
        yield RuleProblem(place, clause.id, words, warning=True)
    elif clause.operator is Operator.APPROX:
        words = Text(zh="“约”须由人定为界限，结果总是未知", en="“about” must be settled by a person: always unknown")
        yield RuleProblem(place, clause.id, words, warning=True)


def _group(place: str, node: Node) -> Iterable[RuleProblem]:
    parts = children(node)
    if not parts:
        words = Text(zh="没有任何条件（加入或删去）", en="holds no condition (add one or remove the group)")
        yield RuleProblem(place, None, words)
    elif isinstance(node, AtLeast) and not 1 <= node.at_least <= len(parts):
        zh = f"at_least 应在 1 与 {len(parts)} 之间"
        yield RuleProblem(place, None, Text(zh=zh, en=f"at_least must lie between 1 and {len(parts)}"))
    if len(parts) > _MOST:
        words = Text(zh=f"一组超过 {_MOST} 个条件（拆分）", en=f"more than {_MOST} conditions in a group (split it)")
        yield RuleProblem(place, None, words)
    if place.count("[") > _DEEPEST:
        words = Text(zh="嵌套过深（减少层级）", en="nested too deeply (flatten it)")
        yield RuleProblem(place, None, words)


def _sound(node: All, vocabulary: Vocabulary) -> list[Test]:
    """The sound clauses that must all hold: those of an ``all`` and of the ``all`` directly inside it."""
    found: list[Test] = []
    for child in node.all:
        if isinstance(child, Clause):
            try:
                found.append(ready(child, vocabulary))
            except ClauseError:
                continue
        elif isinstance(child, All):
            found.extend(_sound(child, vocabulary))
        elif isinstance(child, None_):
            found.extend(_contrary(child.none, vocabulary))
    return found


_CONTRARY = {
    Operator.GE: Operator.LT,
    Operator.GT: Operator.LE,
    Operator.LE: Operator.GT,
    Operator.LT: Operator.GE,
    Operator.NE: Operator.EQ,
    Operator.NOT_IN: Operator.IN,
}


def _contrary(nodes: Iterable[Node], vocabulary: Vocabulary) -> list[Test]:
    """What must hold where none of these clauses does, as far as one comparison can say it."""
    found: list[Test] = []
    for node in nodes:
        if not isinstance(node, Clause):
            continue
        try:
            test = ready(node, vocabulary)
        except ClauseError:
            continue
        if test.attribute is None or test.fixed is not None or test.attribute.type is AttributeType.LIST:
            continue
        if test.attribute.type is AttributeType.BOOL and test.operator is Operator.EQ:
            found.append(replace(test, threshold=not test.threshold))
        elif test.operator in _CONTRARY:
            found.append(replace(test, operator=_CONTRARY[test.operator]))
    return found


def _tautologies(place: str, node: Any_ | None_, vocabulary: Vocabulary) -> Iterable[RuleProblem]:
    """Alternatives that leave out no value: whoever is asked meets one of them (and never none of them)."""
    for group in _by_figure(_contrary(children(node), vocabulary)):
        if len(group) > 1 and _impossible(group):
            ids = "、".join(test.clause.id for test in group)
            id = group[0].attribute.id if group[0].attribute else ""
            if isinstance(node, None_):
                words = Text(
                    zh=f"条件 {ids} 合起来涵盖一切取值，“没有”永不成立（改正其一）",
                    en=f"clauses {ids} on {id} cover every value: none of them never holds (correct one)",
                )
            else:
                words = Text(
                    zh=f"条件 {ids} 合起来涵盖一切取值，不起作用（改正其一或删去）",
                    en=f"clauses {ids} on {id} cover every value: always true once it is known (correct or remove)",
                )
            yield RuleProblem(place, group[-1].clause.id, words, warning=isinstance(node, Any_))


def _by_figure(tests: Iterable[Test]) -> list[list[Test]]:
    """Tests of the same attribute and period."""
    grouped: dict[tuple[str, str | None], list[Test]] = {}
    for test in tests:
        if test.attribute is not None and test.fixed is None:
            grouped.setdefault((test.attribute.id, test.clause.period), []).append(test)
    return list(grouped.values())


def _contradictions(place: str, tests: list[Test]) -> Iterable[RuleProblem]:
    """Bounds and sets on one attribute and period that no value can meet together."""
    for group in _by_figure(tests):
        if len(group) > 1 and _impossible(group):
            ids = "、".join(test.clause.id for test in group)
            id = group[0].attribute.id if group[0].attribute else ""
            zh = f"条件 {ids} 不可能同时满足（改正其一）"
            en = f"clauses {ids} on {id} can never hold together (correct one)"
            yield RuleProblem(place, group[-1].clause.id, Text(zh=zh, en=en))


def _impossible(group: list[Test]) -> bool:
    low: tuple[Any, bool] | None = None  # bound, and whether the bound itself is excluded
    high: tuple[Any, bool] | None = None
    allowed: set[Any] | None = None
    for test in group:
        value, operator = test.threshold, test.operator
        ordered = test.attribute is not None and (test.attribute.type in NUMERIC or isinstance(value, dt.date))
        if operator is Operator.BETWEEN:
            low = _stricter(low, (value[0], False), max)
            high = _stricter(high, (value[1], False), min)
        elif operator in (Operator.GE, Operator.GT) and ordered:
            low = _stricter(low, (value, operator is Operator.GT), max)
        elif operator in (Operator.LE, Operator.LT) and ordered:
            high = _stricter(high, (value, operator is Operator.LT), min)
        elif operator in (Operator.EQ, Operator.IN):
            named = set(value) if operator is Operator.IN else {value}
            allowed = named if allowed is None else allowed & named
    if allowed is not None:
        return not any(_above(value, low) and _below(value, high) for value in allowed)
    if low is None or high is None:
        return False
    return bool(low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])))


def _stricter(old: tuple[Any, bool] | None, new: tuple[Any, bool], choose: Any) -> tuple[Any, bool]:
    if old is None or (old[0] == new[0] and new[1]):
        return new
    return new if old[0] != new[0] and choose(old[0], new[0]) == new[0] else old


def _above(value: Any, low: tuple[Any, bool] | None) -> bool:
    return low is None or bool(value > low[0] if low[1] else value >= low[0])


def _below(value: Any, high: tuple[Any, bool] | None) -> bool:
    return high is None or bool(value < high[0] if high[1] else value <= high[0])
