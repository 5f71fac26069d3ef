"""What is known of one subject, and whether it may be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gangshen.engines.vocabulary import Attribute, AttributeType, Period, Vocabulary, World

from ._model import Operator, Reason
from ._period import period_keys
from ._test import Test

__all__ = ["Fact", "Reading", "absence", "figure_keys", "is_stale", "keys_of", "known_absent", "read", "subject_of"]

_ABSENT: dict[AttributeType, Any] = {
    AttributeType.BOOL: False,
    AttributeType.COUNT: 0,
    AttributeType.MONEY: 0,
    AttributeType.LIST: (),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with where it came from (a reference, ``rec:17#rd_ratio``) and its date.

    ``stale`` overrides the attribute's own term; a ``withheld`` value may not be read (no consent, no right).
    """

    value: Any
    source: str | None = None
    dated: dt.date | None = None
    stale: bool | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clause found: the value, or the reason why there is none. A stale value is shown but not used."""

    value: Any
    reason: Reason | None = None
    sources: tuple[str, ...] = ()  # several where the value was worked out
    dated: dt.date | None = None


def subject_of(row: Mapping[str, Any], sources: Mapping[str, str] | None = None) -> dict[str, Fact]:
    """A row of a snapshot as a subject: its masks (``attr__stale``, ``attr__withheld``) become those of the facts.

    ``sources`` gives the reference behind an attribute's value. The batch over the snapshot and the interpreter over
    this subject give the same answer.
    """
    masks = ("__stale", "__withheld")
    named = dict.fromkeys(key.removesuffix("__stale").removesuffix("__withheld") for key in row)
    return {
        key: Fact(
            row.get(key),
            (sources or {}).get(key),
            stale=bool(row.get(key + masks[0])),
            withheld=bool(row.get(key + masks[1])),
        )
        for key in named
    }


def is_stale(attribute: Attribute, dated: dt.date | None, as_of: dt.date) -> bool:
    """Whether a value of that date is too old to decide on."""
    term = attribute.stale_after_days
    return term is not None and dated is not None and (as_of - dated).days > term


def keys_of(
    test: Test, known: Mapping[str, Any] | frozenset[str], vocabulary: Vocabulary, as_of: dt.date
) -> tuple[str, ...]:
    """The columns a test reads: ``revenue@2025`` where the period asked for is kept apart, else the latest ``revenue``."""
    assert test.attribute is not None
    return figure_keys(test.attribute, test.clause.period, known, vocabulary, as_of)


def figure_keys(
    attribute: Attribute,
    period: str | None,
    known: Mapping[str, Any] | frozenset[str],
    vocabulary: Vocabulary,
    as_of: dt.date,
) -> tuple[str, ...]:
    """The same for a figure of an attribute: a clause and the amount that rests on it read the same year.

    A derived figure is kept apart for a year where one of its inputs is.
    """
    if period is None:
        return (attribute.id,)
    names = (attribute.id, *vocabulary.inputs(attribute.id))
    named = period_keys(period, as_of) or ()
    apart = [any(f"{name}@{one}" in known for name in names) for one in named]
    return tuple(f"{attribute.id}@{one}" for one in named) if apart and all(apart) else (attribute.id,)


def read(subject: Mapping[str, Any], key: str, attribute: Attribute, vocabulary: Vocabulary, as_of: dt.date) -> Reading:
    """The value under ``key``, worked out from its inputs when it is derived and not given."""
    given = subject.get(key)
    fact = given if isinstance(given, Fact) else Fact(given)
    value = None if isinstance(fact.value, float) and fact.value != fact.value else fact.value
    sources = (fact.source,) if fact.source else ()
    if fact.withheld:
        return Reading(None, Reason.WITHHELD, sources, fact.dated)
    ages = "@" not in key  # what a named year came to does not age; the latest known does
    if fact.stale or (fact.stale is None and ages and is_stale(attribute, fact.dated, as_of)):
        return Reading(value, Reason.STALE, sources, fact.dated)
    if value is None and vocabulary.expression(attribute.id) is not None:
        return _derived(subject, key, attribute, vocabulary, as_of)
    if value is None:
        zero = absence(attribute)
        return Reading(zero, Reason.MISSING if zero is None else None, sources, fact.dated)
    return Reading(value, None, sources, fact.dated)


def absence(attribute: Attribute) -> Any:
    """What it means that a complete list has no entry: no, none, an empty list, nothing spent in the period.

    None where it means nothing: an amount that stands at a date (registered capital) is simply not known.
    """
    if attribute.world is not World.CLOSED:
        return None
    if attribute.type is AttributeType.MONEY and attribute.period is Period.STATE:
        return None
    return _ABSENT.get(attribute.type)


def _derived(
    subject: Mapping[str, Any], key: str, attribute: Attribute, vocabulary: Vocabulary, as_of: dt.date
) -> Reading:
    period = key.partition("@")[2]
    readings: dict[str, Reading] = {}
    for name in vocabulary.inputs(attribute.id):
        dated = f"{name}@{period}"
        own = dated if period and dated in subject else name
        readings[name] = read(subject, own, vocabulary.get(name), vocabulary, as_of)
    usable = {name: None if found.reason else found.value for name, found in readings.items()}
    value = vocabulary.derive(attribute.id, usable, as_of)
    dates = [found.dated for found in readings.values() if found.dated]
    sources = tuple(source for found in readings.values() for source in found.sources)
    if value is not None:
        return Reading(value, None, sources, min(dates, default=None))
    reasons = {found.reason for found in readings.values()}
    for reason in (Reason.WITHHELD, Reason.STALE):
        if reason in reasons:
            return Reading(None, reason, sources)
    return Reading(None, Reason.MISSING, sources)


def known_absent(test: Test, reading: Reading) -> bool:
    """A complete list that has no such entry answers ``exists`` with no."""
    attribute = test.attribute
    return (
        test.operator is Operator.EXISTS
        and reading.reason is Reason.MISSING
        and attribute is not None
        and attribute.world is World.CLOSED
    )
