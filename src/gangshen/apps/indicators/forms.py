"""The forms of an observation and of a statistic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gangshen.apps.registers import services as registers
from gangshen.engines.formats import Text
from gangshen.engines.rules import All, Clause, Node, Operator
from gangshen.engines.statistics import FIGURES, Statistic
from gangshen.engines.vocabulary import Access, AttributeType
from gangshen.web.formatting import label

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


_SETS = {Operator.HAS_ANY, Operator.HAS_ALL, Operator.IN, Operator.NOT_IN, Operator.STARTS_WITH, Operator.CONTAINS}
_NUMBERS = {AttributeType.COUNT, AttributeType.MONEY, AttributeType.NUMBER, AttributeType.PERCENT}
LINES = 4
KINDS = ("attribute", "operator", "value", "unit", "period")
OPERATORS = [
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


def _attributes() -> list[tuple[str, str]]:
    words = registers.vocabulary()
    known = registers.attributes().values()
    open_ = ((one.id, label(one.label)) for one in known if words.access(one.id) is not Access.PERSONAL)
    return [("", "—"), *sorted(open_, key=lambda pair: pair[1])]


def _figures() -> list[tuple[str, str]]:
    """What can be added up."""
    known = registers.attributes()
    return [("", "—"), *(pair for pair in _attributes() if pair[0] and known[pair[0]].type in FIGURES)]


class StatisticForm(forms.Form):
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
    attribute = forms.ChoiceField(label=_("Value that is added up"), choices=_figures, required=False)
    per = forms.ChoiceField(label=_("Per"), choices=_figures, required=False)
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
        for part in ("scope", "counted"):
            for at in range(LINES):
                self._add_line(f"{part}-{at}")

    def _add_line(self, name: str) -> None:
        self.fields[f"{name}-attribute"] = forms.ChoiceField(label=_("Attribute"), choices=_attributes, required=False)
        self.fields[f"{name}-operator"] = forms.ChoiceField(label=_("Condition"), choices=OPERATORS, required=False)
        self.fields[f"{name}-value"] = forms.CharField(label=_("Value"), required=False, max_length=2000)
        self.fields[f"{name}-unit"] = forms.CharField(label=_("Unit"), required=False, max_length=20)
        self.fields[f"{name}-period"] = forms.CharField(label=_("Period"), required=False, max_length=20)

    def kept_tree(self, part: str) -> bool:
        """Has the definition a tree that lines can't show? It then stays as it is unless lines replace it."""
        return self.stored is not None and not _is_plain(getattr(self.stored, part))

    def lines(self) -> Iterator[tuple[str, bool, list[list[Any]]]]:
        """Who is meant and who counts, each with its lines of five fields, for the template."""
        for part in ("scope", "counted"):
            rows = [[self[f"{part}-{at}-{kind}"] for kind in KINDS] for at in range(LINES)]
            yield part, self.kept_tree(part), rows

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        trees = {part: self._tree(part, given) for part in ("scope", "counted")}
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
        for at in range(LINES):
            said = {kind: given.get(f"{part}-{at}-{kind}") or None for kind in KINDS}
            if not any(said.values()):
                continue
            if not (said["attribute"] and said["operator"]):
                self.add_error(f"{part}-{at}-attribute", gettext("Choose the attribute and the condition."))
                continue
            try:
                said["value"] = _typed(said["attribute"], Operator(said["operator"]), said["value"] or "")
                clauses.append(Clause(id=f"{part}{at + 1}", **said))
            except ValueError:
                self.add_error(f"{part}-{at}-value", gettext("This value does not fit the attribute."))
        if clauses:
            return All(all=tuple(clauses))
        return getattr(self.stored, part) if self.kept_tree(part) else None


def _is_plain(node: Node | None) -> bool:
    return node is None or (
        isinstance(node, All) and len(node.all) <= LINES and all(isinstance(one, Clause) for one in node.all)
    )


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
    return dt.date.fromisoformat(text) if known.type is AttributeType.DATE else text


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "、".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)


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
    for part in ("scope", "counted"):
        node = getattr(stored, part)
        for at, one in enumerate(node.all if isinstance(node, All) and _is_plain(node) else ()):
            for kind in ("attribute", "operator", "unit", "period"):
                found[f"{part}-{at}-{kind}"] = getattr(one, kind) or ""
            found[f"{part}-{at}-value"] = _shown(one.value)
    return found
