"""What can be put right about an item, field by field, in the words of the genre."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gangshen.apps.documents.models import Item
from gangshen.engines.benefits import BenefitKind
from gangshen.engines.quantities import QuantityError, money_fen

__all__ = ["form_for", "lost_row", "summary"]

_COMPARATORS = [
    ("ge", _("at least")),
    ("gt", _("more than")),
    ("le", _("at most")),
    ("lt", _("less than")),
    ("eq", _("exactly")),
    ("approx", _("about")),
    ("range", _("between")),
]

_BENEFITS = {
    BenefitKind.REWARD.value: _("Reward"),
    BenefitKind.SUBSIDY.value: _("Subsidy"),
    BenefitKind.VOUCHER.value: _("Voucher"),
    BenefitKind.TRAINING.value: _("Training support"),
    BenefitKind.TALENT.value: _("Support for talent"),
    BenefitKind.RENT.value: _("Rent support"),
    BenefitKind.HOUSING.value: _("Housing support"),
    BenefitKind.LOAN.value: _("Loan"),
    BenefitKind.INTEREST.value: _("Interest subsidy"),
    BenefitKind.RISK_COMPENSATION.value: _("Risk compensation"),
    BenefitKind.INSURANCE.value: _("Insurance support"),
    BenefitKind.EQUITY.value: _("Equity investment"),
    BenefitKind.FUND.value: _("Fund"),
    BenefitKind.BUDGET.value: _("Budget"),
    BenefitKind.SERVICE.value: _("Service"),
}


class _ItemForm(forms.Form):
    """A form over one item: ``initial_of`` reads its data, ``changes`` gives what to put in its place."""

    @classmethod
    def initial_of(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        return {name: data.get(name) for name in cls.base_fields}

    def changes(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class TaskForm(_ItemForm):
    number = forms.CharField(label=_("Number"), required=False)
    title = forms.CharField(label=_("Task"))
    section = forms.CharField(label=_("Section"), required=False)
    part = forms.ChoiceField(label=_("Part"), choices=[("task", _("Task")), ("safeguard", _("Safeguard"))])
    units = forms.CharField(
        label=_("Responsible units"), required=False, help_text=_("Between 、; 配合: marks cooperating ones")
    )

    @classmethod
    def initial_of(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        units = data.get("units") or []
        words = "、".join(("配合:" if unit["role"] == "cooperating" else "") + unit["name"] for unit in units)
        return {**super().initial_of(data), "units": words}

    def changes(self) -> dict[str, Any]:
        old = {unit["name"]: unit for unit in self.initial.get("old_units", [])}
        said = [part.strip() for part in self.cleaned_data["units"].split("、") if part.strip()]
        units = []
        for words in said:
            name = words.removeprefix("配合:").removeprefix("配合：")
            place = old.get(name, self.initial["place"])
            units.append(
                {
                    "quote": place["quote"],
                    "start": place["start"],
                    "end": place["end"],
                    "name": name,
                    "role": "cooperating" if name != words else "lead",
                }
            )
        return {**super().changes(), "units": units}


class TargetForm(_ItemForm):
    subject = forms.CharField(label=_("Indicator"))
    value = forms.FloatField(label=_("Target value"))
    high = forms.FloatField(label=_("Upper end, of a range"), required=False)
    unit = forms.CharField(label=_("Unit of measure"))
    comparator = forms.ChoiceField(label=_("Comparison"), choices=_COMPARATORS)
    deadline_year = forms.IntegerField(label=_("Year"), required=False, min_value=1990, max_value=2100)
    denominator = forms.CharField(label=_("Share of what"), required=False)

    @classmethod
    def initial_of(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        value = data["value"]
        low, high = value if isinstance(value, list | tuple) else (value, None)
        return {**super().initial_of(data), "value": low, "high": high}

    def changes(self) -> dict[str, Any]:
        said = super().changes()
        high = said.pop("high")
        said["value"] = said["value"] if high is None else [said["value"], high]
        said["comparator"] = "range" if high is not None else said["comparator"]
        said["denominator"] = said["denominator"] or None
        return said


class PhaseForm(_ItemForm):
    name = forms.CharField(label=_("Phase"))
    start_year = forms.IntegerField(label=_("From"))
    end_year = forms.IntegerField(label=_("To"))


class ListForm(_ItemForm):
    name = forms.CharField(label=_("Promised list"))


class OfferForm(_ItemForm):
    title = forms.CharField(label=_("Clause"))
    kind = forms.ChoiceField(label=_("Kind of benefit"), choices=list(_BENEFITS.items()))
    rate = forms.FloatField(label=_("Rate, %"), required=False, min_value=0)
    amount = forms.CharField(label=_("Amount"), required=False, help_text=_("Such as 60万元"))

    @classmethod
    def initial_of(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        offer = data["offer"]
        benefit = offer["benefit"]
        rate = benefit.get("rate")
        fen = benefit.get("amount_fen") or next((cap["amount_fen"] for cap in benefit.get("caps") or []), None)
        return {
            "title": offer["title"],
            "kind": benefit["kind"],
            "rate": None if rate is None else (rate if isinstance(rate, int | float) else rate[-1]) * 100,
            "amount": "" if fen is None else _written(fen),
        }

    def clean_amount(self) -> int | None:
        words = self.cleaned_data["amount"].strip()
        if not words:
            return None
        try:
            return money_fen(words)
        except QuantityError as error:
            raise forms.ValidationError(str(error)) from error

    def changes(self) -> dict[str, Any]:
        offer = dict(self.initial["offer"])
        benefit = dict(offer["benefit"])
        fen = self.cleaned_data["amount"]
        benefit["kind"] = self.cleaned_data["kind"]
        benefit["rate"] = None if self.cleaned_data["rate"] is None else round(self.cleaned_data["rate"] / 100, 6)
        if benefit.get("caps"):
            benefit["caps"] = [{**benefit["caps"][0], "amount_fen": fen}, *benefit["caps"][1:]] if fen else []
        else:
            benefit["amount_fen"] = fen
        return {"offer": {**offer, "title": self.cleaned_data["title"], "benefit": benefit}}


class ConditionForm(_ItemForm):
    label = forms.CharField(label=_("Attribute as printed"), required=False)
    attribute = forms.CharField(label=_("Attribute of the vocabulary"), required=False)

    def changes(self) -> dict[str, Any]:
        said = super().changes()
        said["attribute"] = said["attribute"] or None
        return said


_FORMS: dict[str, type[_ItemForm]] = {
    Item.Kind.TASK: TaskForm,
    Item.Kind.TARGET: TargetForm,
    Item.Kind.PHASE: PhaseForm,
    Item.Kind.PROMISED_LIST: ListForm,
    Item.Kind.OFFER: OfferForm,
    Item.Kind.CONDITION: ConditionForm,
}


def _written(fen: int) -> str:
    from gangshen.engines.formats import written_fen

    return written_fen(fen)


def form_for(item: Item, data: Any = None) -> _ItemForm:
    """The form of an item, filled from what it says now, or bound to what was sent."""
    said = item.corrected or item.data
    kind = _FORMS[item.kind]
    initial = {
        **kind.initial_of(said),
        "old_units": said.get("units") or [],
        "place": {"quote": item.quote, "start": item.start, "end": item.end},
        "offer": said.get("offer"),
    }
    return kind(data, initial=initial, prefix=f"i{item.pk}" if item.pk else "new")


def summary(item: Item) -> tuple[str, str]:
    """An item in two short lines."""
    said = item.corrected or item.data
    match item.kind:
        case Item.Kind.TASK:
            units = "、".join(unit["name"] for unit in said.get("units") or [])
            return f"{said['number']} {said['title']}", units or str(_("unassigned"))
        case Item.Kind.TARGET:
            value = said["value"]
            shown = "–".join(f"{v:g}" for v in value) if isinstance(value, list) else f"{value:g}"
            words = dict(_COMPARATORS)[said["comparator"]]
            year = said.get("deadline_year") or str(_("no date"))
            return said["subject"], f"{words} {shown} {said['unit']}, {year}"
        case Item.Kind.PHASE:
            return said["name"], f"{said['start_year']}–{said['end_year']}"
        case Item.Kind.PROMISED_LIST:
            return said["name"], str(_("Promised list"))
        case Item.Kind.OFFER:
            first = OfferForm.initial_of(said)
            rate = "" if first["rate"] is None else f"{first['rate']:g}%"
            return first["title"], " ".join(
                part for part in (rate, first["amount"], str(_BENEFITS[first["kind"]])) if part
            )
    return said.get("quote") or item.quote, said.get("attribute") or str(_("not linked to the vocabulary"))


def lost_row(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A decision whose words are gone, as the list shows it."""
    item = Item(**{name: entry[name] for name in ("kind", "state", "quote", "data", "corrected", "adopted_as")})
    return {"item": item, "words": summary(item)}
