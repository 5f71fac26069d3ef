"""What a firm can be advised to do about a clause: raise or gain what is on the whitelist, nothing else.

Never shrink, split, wait for a birthday, move the registered seat or buy a title: such a clause is out of reach.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from gangshen.engines.vocabulary import AttributeType, Vocabulary

from ._model import Operator
from ._test import NUMERIC, Test

__all__ = ["Reach", "gainable", "reach_false", "reach_true"]


class Reach(Enum):
    ALWAYS = "always"
    BELOW = "below"  # only from below: a value above the range is not to be lowered
    NEVER = "never"


def gainable(test: Test, vocabulary: Vocabulary) -> tuple[tuple[str, str | None], ...]:
    """The wanted entries of a list that a firm may be advised to gain."""
    assert test.attribute is not None
    if test.attribute.id != "certificates":
        return test.threshold if test.attribute.actionable else ()
    return tuple(wanted for wanted in test.threshold if vocabulary.certificates[wanted[0]].actionable)


def reach_true(test: Test, vocabulary: Vocabulary) -> Reach:
    """Whether a firm can make the clause true."""
    attribute = test.attribute
    if attribute is None:
        return Reach.ALWAYS  # unknown whoever asks; it is answered, not changed
    if attribute.type is AttributeType.LIST:
        if test.operator in (Operator.HAS_ANY, Operator.HAS_ALL):
            return Reach.ALWAYS if gainable(test, vocabulary) else Reach.NEVER
        wanted: Any = test.operator in (Operator.GE, Operator.GT) or (
            test.operator is Operator.EXISTS and test.threshold is True
        )
        return Reach.ALWAYS if attribute.actionable and wanted else Reach.NEVER
    if not attribute.actionable:
        return Reach.NEVER
    if attribute.type is AttributeType.BOOL:
        gained = test.threshold is (test.operator is Operator.EQ)
        return Reach.ALWAYS if gained else Reach.NEVER
    if attribute.type in NUMERIC:
        if test.operator in (Operator.GE, Operator.GT):
            return Reach.ALWAYS
        if test.operator in (Operator.BETWEEN, Operator.EQ):
            return Reach.BELOW
    return Reach.NEVER


def reach_false(test: Test) -> Reach:
    """Whether a firm can make the clause false: only by growing past an upper bound."""
    attribute = test.attribute
    if attribute is None:
        return Reach.ALWAYS
    grows = attribute.actionable and attribute.type in NUMERIC and test.operator in (Operator.LE, Operator.LT)
    return Reach.ALWAYS if grows else Reach.NEVER
