"""Conditions on attributes typed in lines: what a statistic counts, what a target counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gangshen.engines.rules import Operator
from gangshen.engines.vocabulary import Access, AttributeType
from gangshen.web.formatting import label

from .services import attributes, vocabulary

__all__ = ["OPERATOR_WORDS", "ConditionForm"]

_SETS = {Operator.HAS_ANY, Operator.HAS_ALL, Operator.IN, Operator.NOT_IN, Operator.STARTS_WITH, Operator.CONTAINS}
_NUMBERS = {AttributeType.COUNT, AttributeType.MONEY, AttributeType.NUMBER, AttributeType.PERCENT}
_KINDS = ("attribute", "operator", "value", "unit", "period")
OPERATOR_WORDS = [
    ("", "—"),
    *(("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"), ("eq", "="), ("ne", "≠")),
    ("in", _("is one of")),
    ("not_in", _("is none of")),
    ("starts_with", _("begins with one of")),
    ("contains", _("contains one of")),
    ("has_any", _("holds one of")),
    ("has_all", _("holds all of")),
    ("within_years", _("not more than so many years ago")),
    ("exists", _("is stated")),
]


class ConditionForm(forms.Form):
    """A form with parts, each of some lines of one condition: attribute, operator, value, unit, period.

    ``closed`` are the access classes whose attributes are not offered. The field of a line is named ``part-0-value``.
    """

    closed: frozenset[Access] = frozenset({Access.PERSONAL})

    def add_lines(self, part: str, count: int) -> None:
        choices = self.attribute_choices()
        for at in range(count):
            name = f"{part}-{at}"
            self.fields[f"{name}-attribute"] = forms.ChoiceField(label=_("Attribute"), choices=choices, required=False)
            self.fields[f"{name}-operator"] = forms.ChoiceField(
                label=_("Condition"), choices=OPERATOR_WORDS, required=False
            )
            self.fields[f"{name}-value"] = forms.CharField(label=_("Value"), required=False, max_length=2000)
            self.fields[f"{name}-unit"] = forms.CharField(label=_("Unit"), required=False, max_length=20)
            self.fields[f"{name}-period"] = forms.CharField(label=_("Period"), required=False, max_length=20)

    @classmethod
    def attribute_choices(cls, types: Iterable[AttributeType] = tuple(AttributeType)) -> list[tuple[str, str]]:
        """Nothing, then the attributes of these types that are open to the form, by name."""
        words, types = vocabulary(), frozenset(types)
        known = (one for one in attributes().values() if one.type in types and words.access(one.id) not in cls.closed)
        return [("", "—"), *sorted(((one.id, label(one.label)) for one in known), key=lambda pair: pair[1])]

    def rows(self, part: str) -> list[list[forms.BoundField]]:
        """The lines of a part, each of five fields, for the template."""
        return [[self[f"{line}-{kind}"] for kind in _KINDS] for line in self._lines(part)]

    def conditions(self, part: str, given: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The lines that are filled in: name of the line, and its five values with the value typed.

        A line without attribute or condition, or whose value does not fit, gets its error and is left out.
        """
        for line in self._lines(part):
            said = {kind: given.get(f"{line}-{kind}") or None for kind in _KINDS}
            if not any(said.values()):
                continue
            if not (said["attribute"] and said["operator"]):
                self.add_error(f"{line}-attribute", gettext("Choose the attribute and the condition."))
                continue
            try:
                said["value"] = _typed(said["attribute"], Operator(said["operator"]), said["value"] or "")
            except ValueError:
                self.misfit(line)
            else:
                yield line, said

    def misfit(self, line: str) -> None:
        self.add_error(f"{line}-value", gettext("This value does not fit the attribute."))

    def _lines(self, part: str) -> list[str]:
        ends = "-attribute"
        return [name.removesuffix(ends) for name in self.fields if name.startswith(f"{part}-") and name.endswith(ends)]

    @staticmethod
    def shown(part: str, conditions: Iterable[Any]) -> dict[str, str]:
        """Stored conditions as initial values of the lines of a part."""
        found = {}
        for at, one in enumerate(conditions):
            for kind in ("attribute", "operator", "unit", "period"):
                found[f"{part}-{at}-{kind}"] = str(getattr(one, kind) or "")
            found[f"{part}-{at}-value"] = _shown(one.value)
        return found


def _typed(attribute: str, operator: Operator, text: str) -> Any:
    """What was typed, as the rule engine takes it: a list for sets, a number, a date, yes or no."""
    known, text = attributes()[attribute], text.strip()
    if operator is Operator.EXISTS:
        return None if not text else text.lower() not in ("no", "否", "false")
    if operator in _SETS:
        return tuple(part.strip() for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip())
    if operator is Operator.WITHIN_YEARS or known.type in _NUMBERS or known.type is AttributeType.LIST:
        return float(text) if "." in text else int(text.replace(",", ""))
    if known.type is AttributeType.BOOL:
        return text.lower() in ("yes", "是", "true")
    return dt.date.fromisoformat(text) if known.type is AttributeType.DATE else text


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "、".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)
