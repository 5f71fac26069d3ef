"""All rules over all rows at once; equal to the interpreter, cell by cell."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import polars as pl

from gangshen.engines.vocabulary import Vocabulary

from ._columns import Columns
from ._interpret import Prepared, prepare
from ._leaf import Leaf, evaluate_test
from ._model import All, AtLeast, Clause, Node, None_
from ._planes import Cost, Kleene, at_least_cost, at_least_of, cost_column, decision_column
from ._problems import RuleError, RuleProblem
from ._test import Test
from ._walk import children, clauses

__all__ = ["Batch", "Matrix", "compile_rules"]


@dataclass(frozen=True, slots=True)
class Matrix:
    """``decisions[rule, row]``: 0 no, 1 unknown, 2 yes. ``distances[rule, row]``: clauses to change or answer until
    yes, 0 for a yes, 255 where no advice can reach it; None where it was not asked for."""

    rules: tuple[str, ...]
    ids: tuple[str, ...]
    as_of: dt.date
    decisions: npt.NDArray[np.uint8]
    distances: npt.NDArray[np.uint8] | None


class Batch:
    """Rules made ready for columns; equal clauses of different rules are evaluated once."""

    def __init__(self, rules: Mapping[str, Prepared], vocabulary: Vocabulary) -> None:
        self.rules = dict(rules)
        self.vocabulary = vocabulary
        self._asked = {name: [one.test(clause).key for clause in clauses(one.rule)] for name, one in self.rules.items()}

    def columns(self, frame: pl.DataFrame, as_of: dt.date) -> Columns:
        """Prepare a snapshot once for several evaluations on the same day."""
        return Columns(frame, self.vocabulary, as_of)

    def evaluate(self, frame: pl.DataFrame | Columns, as_of: dt.date, *, distances: bool = True) -> Matrix:
        """Decide every rule for every row. Raises :class:`SnapshotError` for a mistyped column."""
        columns = frame if isinstance(frame, Columns) else self.columns(frame, as_of)
        if columns.as_of != as_of:
            raise ValueError(f"columns were prepared for {columns.as_of}, not {as_of} (prepare them again)")
        rows = columns.rows
        leaves = _Leaves(columns, self.vocabulary, Counter(key for keys in self._asked.values() for key in keys))
        decisions = np.empty((len(self.rules), rows), dtype=np.uint8)
        costs = np.empty_like(decisions) if distances else None
        for i, (name, prepared) in enumerate(self.rules.items()):
            answer = _answer(prepared.rule, prepared, leaves)
            decisions[i] = decision_column(answer, rows)
            if costs is not None:
                costs[i] = cost_column(_cost(prepared.rule, prepared, leaves, want=True), rows)
            leaves.release(self._asked[name])
        ids = tuple(columns.frame["id"].to_list()) if "id" in columns.names else tuple(map(str, range(rows)))
        return Matrix(tuple(self.rules), ids, as_of, decisions, costs)

    def clause(self, frame: pl.DataFrame | Columns, as_of: dt.date, rule: str, clause: str) -> npt.NDArray[np.uint8]:
        """The answers of one clause for every row (0 no, 1 unknown, 2 yes); raises KeyError for an unknown one."""
        columns = frame if isinstance(frame, Columns) else self.columns(frame, as_of)
        prepared = self.rules[rule]
        found = next((one for one in clauses(prepared.rule) if one.id == clause), None)
        if found is None:
            raise KeyError(f"{rule} has no clause {clause!r}")
        leaf = evaluate_test(prepared.test(found), columns, self.vocabulary)
        return decision_column(leaf.answer, columns.rows)


def compile_rules(rules: Mapping[str, Node] | Sequence[Node], vocabulary: Vocabulary) -> Batch:
    """Check and prepare rules, named by key or by position; every fault of every rule in one :class:`RuleError`."""
    named = dict(rules) if isinstance(rules, Mapping) else {str(i): rule for i, rule in enumerate(rules)}
    prepared: dict[str, Prepared] = {}
    problems: list[RuleProblem] = []
    for name, rule in named.items():
        try:
            prepared[name] = prepare(rule, vocabulary)
        except RuleError as error:
            for fault in error.problems:
                place = f"{name}: {fault.place or 'rule'}"
                problems.append(RuleProblem(place, fault.clause, fault.message, fault.warning))
    if problems:
        raise RuleError(problems)
    return Batch(prepared, vocabulary)


class _Leaves:
    """The clauses met so far, each evaluated once however many rules ask it, and kept while a rule still will."""

    def __init__(self, columns: Columns, vocabulary: Vocabulary, left: Counter[Hashable]) -> None:
        self.columns, self.vocabulary, self.left = columns, vocabulary, left
        self.found: dict[Hashable, Leaf] = {}

    def __call__(self, test: Test) -> Leaf:
        leaf = self.found.get(test.key)
        if leaf is None:
            leaf = self.found[test.key] = evaluate_test(test, self.columns, self.vocabulary)
        return leaf

    def release(self, keys: Iterable[Hashable]) -> None:
        """One rule is done with these."""
        for key in keys:
            self.left[key] -= 1
            if not self.left[key]:
                self.found.pop(key, None)


def _answer(node: Node, prepared: Prepared, leaves: _Leaves) -> Kleene:
    if isinstance(node, Clause):
        return leaves(prepared.test(node)).answer
    parts = [_answer(child, prepared, leaves) for child in children(node)]
    if isinstance(node, AtLeast):
        return at_least_of(parts, node.at_least)
    if isinstance(node, All):
        return reduce(Kleene.__and__, parts)
    either = reduce(Kleene.__or__, parts)
    return ~either if isinstance(node, None_) else either


def _cost(node: Node, prepared: Prepared, leaves: _Leaves, *, want: bool) -> Cost:
    """The cost of making ``node`` true (or false): of a group, its cheapest children together."""
    if isinstance(node, Clause):
        leaf = leaves(prepared.test(node))
        return leaf.to_true if want else leaf.to_false
    if isinstance(node, None_):
        want = not want
    parts = [_cost(child, prepared, leaves, want=want) for child in children(node)]
    n = len(parts)
    needed = n if isinstance(node, All) else node.at_least if isinstance(node, AtLeast) else 1
    return at_least_cost(parts, needed if want else n - needed + 1)
