"""One test against one value, in three values: 0 no, 1 unknown, 2 yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from gangshen.engines.vocabulary import AttributeType

from ._model import Operator
from ._period import back
from ._test import Test

__all__ = ["NO", "UNKNOWN", "YES", "decide", "held_types", "row_is_valid"]

NO, UNKNOWN, YES = 0, 1, 2


def row_is_valid(row: dict[str, Any], as_of: dt.date) -> bool:
    """Whether an entry of a list holds on the day: begun, not ended (the last day counts), not withdrawn."""
    begins, ends, withdrawn = row.get("from"), row.get("to"), row.get("withdrawn_on")
    return (
        (begins is None or begins <= as_of)
        and (ends is None or as_of <= ends)
        and (withdrawn is None or as_of < withdrawn)
    )


def held_types(
    rows: Sequence[dict[str, Any]], wanted: Sequence[tuple[str, str | None]], as_of: dt.date
) -> list[tuple[str, str | None]]:
    """Which of the wanted (type, level or None) a list holds on the day."""
    held = [row for row in rows if row_is_valid(row, as_of)]
    return [one for one in wanted if _holds(held, *one)]


def decide(test: Test, value: Any, as_of: dt.date) -> int:
    """The answer for a value that is known (never None)."""
    assert test.attribute is not None
    threshold = test.threshold
    if test.attribute.type is AttributeType.LIST:
        return _decide_list(test, value, as_of)
    match test.operator:
        case Operator.GE:
            answer = value >= threshold
        case Operator.GT:
            answer = value > threshold
        case Operator.LE:
            answer = value <= threshold
        case Operator.LT:
            answer = value < threshold
        case Operator.EQ:
            answer = value == threshold
        case Operator.NE:
            answer = value != threshold
        case Operator.BETWEEN:
            answer = threshold[0] <= value <= threshold[1]
        case Operator.IN:
            answer = value in threshold
        case Operator.NOT_IN:
            answer = value not in threshold
        case Operator.STARTS_WITH:
            answer = value.startswith(threshold)
        case Operator.CONTAINS:
            answer = any(word in value for word in threshold)
        case Operator.WITHIN_YEARS:
            answer = back(as_of, threshold) <= value <= as_of
        case Operator.EXISTS:
            answer = threshold
        case _:
            return UNKNOWN
    return YES if answer else NO


def _decide_list(test: Test, rows: Sequence[dict[str, Any]], as_of: dt.date) -> int:
    if test.operator is Operator.WITHIN_YEARS:
        return _within(rows, back(as_of, test.threshold), as_of)
    held = [row for row in rows if row_is_valid(row, as_of)]
    match test.operator:
        case Operator.EXISTS:
            answer = bool(held) == test.threshold
        case Operator.GE:
            answer = len(held) >= test.threshold
        case Operator.GT:
            answer = len(held) > test.threshold
        case Operator.HAS_ANY:
            answer = any(_holds(held, *wanted) for wanted in test.threshold)
        case _:
            answer = all(_holds(held, *wanted) for wanted in test.threshold)
    return YES if answer else NO


def _holds(held: Sequence[dict[str, Any]], kind: str, level: str | None) -> bool:
    return any(row["type"] == kind and (level is None or row.get("level") == level) for row in held)


def _within(rows: Sequence[dict[str, Any]], first: dt.date, as_of: dt.date) -> int:
    """An entry that began in the span; one without a date may have, so it leaves the answer open."""
    answer = NO
    for row in rows:
        withdrawn = row.get("withdrawn_on")
        if withdrawn is not None and withdrawn <= as_of:
            continue
        begins = row.get("from")
        if begins is None:
            answer = max(answer, UNKNOWN)
        elif first <= begins <= as_of:
            return YES
    return answer
