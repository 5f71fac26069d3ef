"""What may be said on a visit: the values a visitor can ask for, beside what is known of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers import services as registers
from gangshen.engines.vocabulary import Attribute, AttributeType, CellError, Period
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

__all__ = ["NAMES", "Sayable", "parsed", "sayable"]

NAMES = ("employees", "products", "customers", "premises_area", "operating_division")
"""Asked on every visit, where the vocabulary has them: headcount, products, customers, space."""


@dataclass(frozen=True, slots=True)
class Sayable:
    """An attribute with what is known: ``value`` in words, its age in days, whether that is too old."""

    attribute: Attribute
    value: str
    as_of: dt.date | None
    days: int | None
    stale: bool


def sayable(user: User, firm: Organisation, today: dt.date) -> list[Sayable]:
    """What to confirm or ask: the usual values first, then what is out of date, the oldest first; at most seven."""
    may = registers.readable_attributes(user)
    known = registers.facts(firm.key, today, user)
    usual = [name for name in NAMES if name in may and _can_be_said(may[name])]
    old = [name for name, fact in known.items() if fact.stale and name in may and _can_be_said(may[name])]
    asked = dict.fromkeys([*usual, *sorted(old, key=lambda name: known[name].as_of)])
    return [_sayable(may[name], known.get(name), today) for name in list(asked)[:7]]


def _can_be_said(attribute: Attribute) -> bool:
    """Not what is worked out, nor a list of titles that somebody else grants."""
    free = attribute.type is not AttributeType.LIST or attribute.id in NAMES
    return attribute.expression is None and free and (attribute.period is Period.STATE or attribute.id in NAMES)


def _sayable(attribute: Attribute, fact: Any, today: dt.date) -> Sayable:
    if fact is None or fact.value is None:
        return Sayable(attribute, "", None, None, False)
    value = registers.shown(attribute, fact.value)
    return Sayable(attribute, value, fact.as_of, (today - fact.as_of).days, fact.stale)


def parsed(given: Mapping[str, str]) -> dict[str, Any]:
    """Typed values of what was written down, empty ones left out; raises Refused naming the attribute."""
    words = registers.vocabulary()
    values: dict[str, Any] = {}
    for name, text in given.items():
        if not text.strip():
            continue
        try:
            value = words.parse(name, text)
        except CellError as error:
            raise Refused(
                _("%(name)s: %(fault)s") % {"name": label(words.get(name).label), "fault": label(error.message)},
                _("Write the figure with its unit, such as 300万元 or 5%."),
            ) from error
        if value is not None:
            values[name] = value
    return values
