"""The forms of an observation and of a statistic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gangshen.apps.registers.forms import ConditionForm
from gangshen.engines.formats import Text
from gangshen.engines.rules import All, Clause, Node
from gangshen.engines.statistics import FIGURES, Statistic

from .models import Observation

__all__ = ["ObservationForm", "StatisticForm"]


class ObservationForm(forms.Form):
    """One value for one date; a date that has one already is revised, with the reason."""

    at = forms.DateField(label=_("As of"), widget=forms.DateInput(attrs={"type": "date"}))
    value = forms.CharField(label=_("Value"), max_length=30)
    vintage = forms.ChoiceField(label=_("Vintage"), choices=Observation.Vintage.choices, initial="preliminary")
    citation = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Title, issuer, date and section of what says so.")
    )
    note = forms.CharField(label=_("Reason of a revision"), required=False, max_length=300)


LINES = 4
PARTS = ("scope", "counted")


class StatisticForm(ConditionForm):
    """What is counted; ``cleaned_data["definition"]`` are the fields of a definition, its conditions as clauses."""

    name = forms.CharField(label=_("Name"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    measure = forms.ChoiceField(
        label=_("What is counted"),
        choices=[
            ("count", _("number of firms")),
            ("sum", _("sum of a value")),
            ("share", _("share of firms, in %")),
            ("per_head", _("one sum per another")),
        ],
    )
    attribute = forms.ChoiceField(label=_("Value that is added up"), required=False)
    per = forms.ChoiceField(label=_("Per"), required=False)
    period = forms.CharField(
        label=_("Its period"), required=False, max_length=20, help_text=_("last_year, 2025, 2025Q1; empty: the latest")
    )
    unit = forms.CharField(label=_("Unit"), required=False, max_length=20, help_text=_("万元, 亿元; empty: as usual"))
    by = forms.CharField(
        label=_("Split by"),
        required=False,
        max_length=200,
        help_text=_("Separated by blanks; two joined by a comma make a cross: town size town,size"),
    )
    published = forms.CharField(
        label=_("Published series beside it"), required=False, max_length=100, help_text=_("Key of a series")
    )
    note = forms.CharField(label=_("Notes"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    shared = forms.BooleanField(label=_("Shared with everyone who sees statistics"), required=False, initial=True)
    public = forms.BooleanField(label=_("Shown on the public page"), required=False)

    def __init__(self, data: Any = None, *, stored: Statistic | None) -> None:
        super().__init__(data, initial=_initial(stored))
        self.stored = stored
        for name in ("attribute", "per"):
            self.fields[name].choices = self.attribute_choices(FIGURES)  # type: ignore[attr-defined]
        for part in PARTS:
            self.add_lines(part, LINES)

    def kept_tree(self, part: str) -> bool:
        """Has the definition a tree that lines can't show? It then stays as it is unless lines replace it."""
        return self.stored is not None and not _is_plain(getattr(self.stored, part))

    def lines(self) -> Iterator[tuple[str, bool, list[list[forms.BoundField]]]]:
        """Who is meant and who counts, each with its lines, for the template."""
        return ((part, self.kept_tree(part), self.rows(part)) for part in PARTS)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        trees = {part: self._tree(part, given) for part in PARTS}
        if self.errors:
            return given
        note = given.get("note", "").strip()
        given["definition"] = {
            "name": Text(zh=given["name"], en=given["name_en"] or None),
            "note": Text(zh=note) if note else None,
            "measure": given["measure"],
            "by": tuple(given["by"].split()),
            "shared": given["shared"],
            "public": given["public"],
            **{name: given[name] or None for name in ("attribute", "per", "period", "unit", "published")},
            **trees,
        }
        return given

    def _tree(self, part: str, given: dict[str, Any]) -> Node | None:
        clauses = []
        for line, said in self.conditions(part, given):
            try:
                clauses.append(Clause(id=f"{part}{len(clauses) + 1}", **said))
            except ValueError:
                self.misfit(line)
        if clauses:
            return All(all=tuple(clauses))
        return getattr(self.stored, part) if self.kept_tree(part) else None


def _is_plain(node: Node | None) -> bool:
    return node is None or (
        isinstance(node, All) and len(node.all) <= LINES and all(isinstance(one, Clause) for one in node.all)
    )


def _initial(stored: Statistic | None) -> dict[str, Any]:
    if stored is None:
        return {"measure": "count", "shared": True}
    found: dict[str, Any] = {
        "name": stored.name.zh,
        "name_en": stored.name.en or "",
        "measure": stored.measure.value,
        "by": " ".join(stored.by),
        "note": stored.note.zh if stored.note else "",
        "shared": stored.shared,
        "public": stored.public,
        **{name: getattr(stored, name) or "" for name in ("attribute", "per", "period", "unit", "published")},
    }
    for part in PARTS:
        node = getattr(stored, part)
        found |= ConditionForm.shown(part, node.all if isinstance(node, All) and _is_plain(node) else ())
    return found
