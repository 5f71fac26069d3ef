"""The form of what a target counts over the register: the measure, and conditions a line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from pydantic import ValidationError

from gangshen.apps.plans.services import Condition, Query, check_condition, check_query, check_unit
from gangshen.apps.registers import services as registers
from gangshen.engines.formats import Fault
from gangshen.engines.rules import Operator
from gangshen.engines.vocabulary import Access, AttributeType
from gangshen.web.formatting import label

__all__ = ["QueryForm"]

LINES = {"among": 2, "where": 3}  # empty lines offered at least
_SETS = {Operator.HAS_ANY, Operator.HAS_ALL, Operator.IN, Operator.NOT_IN, Operator.STARTS_WITH, Operator.CONTAINS}
_NUMBERS = {AttributeType.COUNT, AttributeType.MONEY, AttributeType.NUMBER, AttributeType.PERCENT}
OPERATORS = [
    ("", "—"),
    ("ge", "≥"),
    ("gt", ">"),
    ("le", "≤"),
    ("lt", "<"),
    ("eq", "="),
    ("ne", "≠"),
    ("in", gettext_lazy("is one of")),
    ("not_in", gettext_lazy("is none of")),
    ("starts_with", gettext_lazy("begins with one of")),
    ("contains", gettext_lazy("contains one of")),
    ("has_any", gettext_lazy("holds one of")),
    ("has_all", gettext_lazy("holds all of")),
    ("within_years", gettext_lazy("not more than so many years ago")),
    ("exists", gettext_lazy("is stated")),
]


def _attributes() -> list[tuple[str, str]]:
    """Attributes that a target may count by: none for statistics only, none that is personal."""
    words = registers.vocabulary()
    open_ = (one for one in registers.attributes().values() if words.access(one.id) not in _CLOSED)
    return [("", "—"), *sorted(((one.id, label(one.label)) for one in open_), key=lambda pair: pair[1])]


_CLOSED = {Access.STATISTICS, Access.PERSONAL}


class QueryForm(forms.Form):
    """``cleaned_data["query"]`` is the query, or None where every line was left empty."""

    measure = forms.ChoiceField(
        label=gettext_lazy("What is counted"),
        choices=[
            ("count", gettext_lazy("number of firms")),
            ("share", gettext_lazy("share of firms, in %")),
            ("sum", gettext_lazy("sum of a value")),
        ],
    )
    attribute = forms.ChoiceField(label=gettext_lazy("Value that is added up"), choices=_attributes, required=False)
    period = forms.CharField(
        label=gettext_lazy("Its period"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("last_year, 2025, 2025Q1; empty: the latest"),
    )

    def __init__(self, data: Any = None, *, unit: str, stored: Query | None) -> None:
        super().__init__(data, initial=_initial(stored))
        self.unit, self.stored = unit, stored
        for part, least in LINES.items():
            for i in range(max(least, len(getattr(stored, part, ())) + 1)):
                self._add_line(f"{part}-{i}")

    def _add_line(self, name: str) -> None:
        self.fields[f"{name}-attribute"] = forms.ChoiceField(label=_("Attribute"), choices=_attributes, required=False)
        self.fields[f"{name}-operator"] = forms.ChoiceField(label=_("Condition"), choices=OPERATORS, required=False)
        self.fields[f"{name}-value"] = forms.CharField(label=_("Value"), required=False, max_length=400)
        self.fields[f"{name}-unit"] = forms.CharField(label=_("Unit"), required=False, max_length=20)
        self.fields[f"{name}-period"] = forms.CharField(label=_("Period"), required=False, max_length=20)

    def lines(self) -> Iterator[tuple[str, list[list[Any]]]]:
        """``among`` and ``where``, each with its lines of five fields, for the template."""
        for part in LINES:
            names = [name for name in self.fields if name.startswith(f"{part}-") and name.endswith("-attribute")]
            kinds = ("attribute", "operator", "value", "unit", "period")
            yield part, [[self[name.replace("-attribute", f"-{kind}")] for kind in kinds] for name in names]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        parts = {part: tuple(self._conditions(part, given)) for part in LINES}
        given["query"] = None
        if self.errors or not (any(parts.values()) or given.get("attribute")):
            return given
        query = Query(
            measure=given["measure"], attribute=given["attribute"] or None, period=given["period"] or None, **parts
        )
        try:
            check_query(query)
            check_unit(query, self.unit)
        except Fault as fault:
            self.add_error(None, fault.message.in_language(get_language() or "zh"))
        given["query"] = query
        return given

    def _conditions(self, part: str, given: dict[str, Any]) -> Iterator[Condition]:
        for name in [name for name in self.fields if name.startswith(f"{part}-") and name.endswith("-attribute")]:
            line = name.removesuffix("-attribute")
            said = {
                kind: given.get(f"{line}-{kind}") or None
                for kind in ("attribute", "operator", "value", "unit", "period")
            }
            if not any(said.values()):
                continue
            if not (said["attribute"] and said["operator"]):
                self.add_error(name, _("Choose the attribute and the condition."))
                continue
            try:
                said["value"] = _typed(said["attribute"], Operator(said["operator"]), said["value"] or "")
                yield check_condition(Condition(**said))
            except Fault as fault:
                self.add_error(f"{line}-value", fault.message.in_language(get_language() or "zh"))
            except (ValueError, ValidationError):
                self.add_error(f"{line}-value", _("This value does not fit the attribute."))


def _typed(attribute: str, operator: Operator, text: str) -> Any:
    """What was typed, as the rule engine takes it: a list for sets, a number, a date, yes or no."""
    known, text = registers.attributes()[attribute], text.strip()
    if operator is Operator.EXISTS:
        return None if not text else text.lower() not in ("no", "否", "false")
    if operator in _SETS:
        return tuple(part.strip() for part in text.replace("，", "、").replace(",", "、").split("、") if part.strip())
    if operator is Operator.WITHIN_YEARS or known.type in _NUMBERS or known.type is AttributeType.LIST:
        return float(text) if "." in text else int(text.replace(",", ""))
    if known.type is AttributeType.BOOL:
        return text.lower() in ("yes", "是", "true")
    return text


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "、".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)


def _initial(stored: Query | None) -> dict[str, Any]:
    if stored is None:
        return {}
    found = {"measure": stored.measure, "attribute": stored.attribute or "", "period": stored.period or ""}
    for part in LINES:
        for i, one in enumerate(getattr(stored, part)):
            for kind in ("attribute", "operator", "unit", "period"):
                found[f"{part}-{i}-{kind}"] = getattr(one, kind) or ""
            found[f"{part}-{i}-value"] = _shown(one.value)
    return found
