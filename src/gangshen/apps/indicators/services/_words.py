"""Figures of statistics in words: the value with its unit, and the sentence that answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.registers import services as registers
from gangshen.engines.statistics import Measure, Statistic
from gangshen.engines.vocabulary import AttributeType, unit_factor
from gangshen.web import formatting

__all__ = ["headline", "in_unit", "shown_value", "unit_of"]


def unit_of(one: Statistic) -> str:
    """The unit in which the statistic is said: 家, %, 万元, 万元/人."""
    if one.measure is Measure.COUNT:
        return one.unit or "家"
    if one.measure is Measure.SHARE:
        return "%"
    attribute = registers.vocabulary().get(one.attribute or "")
    unit = one.unit or ("万元" if attribute.type is AttributeType.MONEY else attribute.unit or "")
    if one.measure is Measure.PER_HEAD:
        per = registers.vocabulary().get(one.per or "")
        return f"{unit}/{per.unit or per.label.zh}"
    return unit


def in_unit(one: Statistic, value: Any) -> float | int | None:
    """A stored value (money in fen) in the unit it is said in."""
    if value is None:
        return None
    if one.measure in (Measure.COUNT, Measure.SHARE):
        return int(value) if one.measure is Measure.COUNT else float(value)
    attribute = registers.vocabulary().get(one.attribute or "")
    unit = one.unit or ("万元" if attribute.type is AttributeType.MONEY else None)
    factor = unit_factor(attribute, unit) if unit else None
    number = float(Decimal(str(value)) / Decimal(str(factor))) if factor else float(value)
    return int(number) if number.is_integer() else number


def shown_value(one: Statistic, value: Any) -> str:
    """The figure without its unit."""
    return formatting.number(in_unit(one, value))


def headline(one: Statistic, value: Any) -> str:
    """Figure and unit; unknown where nobody told."""
    if value is None:
        return _("Unknown")
    unit = unit_of(one)
    return formatting.percent(in_unit(one, value), 2) if unit == "%" else formatting.measured(in_unit(one, value), unit)
