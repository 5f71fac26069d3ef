"""The form of what a target counts over the register: the measure, and conditions a line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from pydantic import ValidationError

from gangshen.apps.plans.services import Condition, Query, check_condition, check_query, check_unit
from gangshen.apps.registers.forms import ConditionForm
from gangshen.engines.formats import Fault
from gangshen.engines.vocabulary import Access

__all__ = ["QueryForm"]

LINES = {"among": 2, "where": 3}  # empty lines offered at least


class QueryForm(ConditionForm):
    """``cleaned_data["query"]`` is the query, or None where every line was left empty."""

    closed = frozenset({Access.STATISTICS, Access.PERSONAL})
    measure = forms.ChoiceField(
        label=gettext_lazy("What is counted"),
        choices=[
            ("count", gettext_lazy("number of firms")),
            ("share", gettext_lazy("share of firms, in %")),
            ("sum", gettext_lazy("sum of a value")),
        ],
    )
    attribute = forms.ChoiceField(label=gettext_lazy("Value that is added up"), required=False)
    period = forms.CharField(
        label=gettext_lazy("Its period"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("last_year, 2025, 2025Q1; empty: the latest"),
    )

    def __init__(self, data: Any = None, *, unit: str, stored: Query | None) -> None:
        super().__init__(data, initial=_initial(stored))
        self.unit, self.stored = unit, stored
        self.fields["attribute"].choices = self.attribute_choices()  # type: ignore[attr-defined]
        for part, least in LINES.items():
            self.add_lines(part, max(least, len(getattr(stored, part, ())) + 1))

    def lines(self) -> Iterator[tuple[str, list[list[forms.BoundField]]]]:
        """``among`` and ``where``, each with its lines, for the template."""
        return ((part, self.rows(part)) for part in LINES)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        parts = {part: tuple(self._checked(part, given)) for part in LINES}
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

    def _checked(self, part: str, given: dict[str, Any]) -> Iterator[Condition]:
        for line, said in self.conditions(part, given):
            try:
                yield check_condition(Condition(**said))
            except Fault as fault:
                self.add_error(f"{line}-value", fault.message.in_language(get_language() or "zh"))
            except ValidationError:
                self.misfit(line)


def _initial(stored: Query | None) -> dict[str, Any]:
    if stored is None:
        return {}
    found = {"measure": stored.measure, "attribute": stored.attribute or "", "period": stored.period or ""}
    for part in LINES:
        found |= ConditionForm.shown(part, getattr(stored, part))
    return found
