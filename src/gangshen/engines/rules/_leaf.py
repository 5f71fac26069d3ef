"""One test over all rows of a snapshot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import polars as pl

from gangshen.engines.vocabulary import Attribute, AttributeType, Vocabulary

from ._columns import Columns
from ._facts import keys_of
from ._model import Operator
from ._period import back
from ._planes import Cost, Kleene, Plane, pack
from ._reach import Reach, gainable, reach_false, reach_true
from ._test import WORDS, Test

__all__ = ["Leaf", "evaluate_test"]

_EPOCH = dt.date(1970, 1, 1)
_COMPARE: dict[Operator, Any] = {
    Operator.GE: np.greater_equal,
    Operator.GT: np.greater,
    Operator.LE: np.less_equal,
    Operator.LT: np.less,
    Operator.EQ: np.equal,
    Operator.NE: np.not_equal,
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """Answers of one clause, and what a yes or a no would cost each row."""

    answer: Kleene
    to_true: Cost
    to_false: Cost


def evaluate_test(test: Test, columns: Columns, vocabulary: Vocabulary) -> Leaf:
    """Every row's answer and costs, equal to the interpreter's."""
    if test.fixed is not None:
        open_cost = Cost((columns.all,))
        return Leaf(Kleene(columns.none, columns.none), open_cost, open_cost)
    assert test.attribute is not None
    keys = keys_of(test, columns.names, vocabulary, columns.as_of)
    parts = [_one(test, key, test.attribute, columns, vocabulary) for key in keys]
    answer = reduce(Kleene.__and__, (part[0] for part in parts))
    far = reduce(_either, (part[1] for part in parts))
    held = answer.yes if reach_false(test) is Reach.NEVER else None
    return Leaf(answer, Cost((~answer.yes & columns.all,), far), Cost((~answer.no & columns.all,), held))


def _either(a: Plane | None, b: Plane | None) -> Plane | None:
    return b if a is None else a if b is None else a | b


def _one(
    test: Test, key: str, attribute: Attribute, columns: Columns, vocabulary: Vocabulary
) -> tuple[Kleene, Plane | None]:
    """The answer under one key, and the rows whose no is out of reach (None: nowhere)."""
    reach = reach_true(test, vocabulary)
    if attribute.type is AttributeType.LIST:
        answer = _list(test, key, attribute, columns)
        if reach is Reach.ALWAYS and test.operator is Operator.HAS_ALL:
            fixed = set(test.threshold) - set(gainable(test, vocabulary))
            titles = columns.titles(key, attribute)
            lacking = [titles.known & ~titles.holding(*wanted) for wanted in fixed]
            return answer, reduce(np.bitwise_or, lacking) if lacking else None
        return answer, answer.no if reach is Reach.NEVER else None
    if attribute.type in WORDS:
        answer = _words(test, key, attribute, columns)
        return answer, answer.no if reach is Reach.NEVER else None
    answer = _scalar(test, key, attribute, columns)
    if reach is Reach.BELOW:
        highest = test.threshold[1] if test.operator is Operator.BETWEEN else test.threshold
        return answer, pack(columns.scalars(key, attribute).values > highest) & answer.no
    return answer, answer.no if reach is Reach.NEVER else None


def _scalar(test: Test, key: str, attribute: Attribute, columns: Columns) -> Kleene:
    found = columns.scalars(key, attribute)
    values, operator = found.values, test.operator
    assert operator is not None
    if operator is Operator.EXISTS:
        return _seen(test, found.known, found.absent)
    threshold = _physical(test.threshold)
    if operator in _COMPARE:
        flags = _COMPARE[operator](values, threshold)
    elif operator is Operator.BETWEEN:
        flags = (values >= threshold[0]) & (values <= threshold[1])
    elif operator is Operator.WITHIN_YEARS:
        first, day = _physical(back(columns.as_of, test.threshold)), _physical(columns.as_of)
        flags = (values >= first) & (values <= day)
    else:
        flags = np.isin(values, np.asarray(threshold))
        flags = ~flags if operator is Operator.NOT_IN else flags
    yes = pack(flags) & found.known
    return Kleene(yes, found.known & ~yes)


def _physical(value: Any) -> Any:
    if isinstance(value, dt.date):
        return (value - _EPOCH).days
    return tuple(_physical(part) for part in value) if isinstance(value, tuple) else value


def _seen(test: Test, known: Plane, absent: Plane) -> Kleene:
    answer = Kleene(known, absent)
    return answer if test.threshold else ~answer


def _words(test: Test, key: str, attribute: Attribute, columns: Columns) -> Kleene:
    found = columns.words(key, attribute)
    operator, threshold = test.operator, test.threshold
    if operator is Operator.EXISTS:
        return _seen(test, found.known, found.absent)
    if operator is Operator.CONTAINS:
        yes = found.where(lambda name: any(word in name for word in threshold))
    elif operator is Operator.STARTS_WITH:
        yes = found.where(lambda name: name.startswith(threshold))
    else:
        wanted = {threshold} if isinstance(threshold, str) else set(threshold)
        yes = found.where(wanted.__contains__)
    answer = Kleene(yes, found.known & ~yes)
    return ~answer if operator in (Operator.NE, Operator.NOT_IN) else answer


def _list(test: Test, key: str, attribute: Attribute, columns: Columns) -> Kleene:
    found = columns.titles(key, attribute)
    operator = test.operator
    if operator is Operator.WITHIN_YEARS:
        return _within(test, key, attribute, columns)
    if operator in (Operator.HAS_ANY, Operator.HAS_ALL):
        planes = [found.holding(*wanted) for wanted in test.threshold]
        yes = reduce(np.bitwise_or if operator is Operator.HAS_ANY else np.bitwise_and, planes)
    elif operator is Operator.EXISTS:
        held = found.of(found.valid)
        yes = held if test.threshold else ~held
    else:
        assert operator is not None
        yes = pack(_COMPARE[operator](found.count(), test.threshold))
    yes = yes & found.known
    return Kleene(yes, found.known & ~yes)


def _within(test: Test, key: str, attribute: Attribute, columns: Columns) -> Kleene:
    found = columns.titles(key, attribute)
    day = columns.as_of
    began = pl.col("from")
    withdrawn = pl.col("withdrawn_on")
    kept = (withdrawn.is_null() | (withdrawn > day)).alias("kept")
    recent = began.is_between(back(day, test.threshold), day).fill_null(False).alias("recent")
    flags = found.entries.select(kept, recent, began.is_null().alias("undated"))
    kept_rows = flags["kept"].to_numpy()
    yes = found.of(flags["recent"].to_numpy() & kept_rows) & found.known
    undated = found.of(flags["undated"].to_numpy() & kept_rows)
    return Kleene(yes, found.known & ~yes & ~undated)
