"""Forms of visits: plan one, write one down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.models import Organisation, User
from gangshen.web.formatting import label

from . import services
from .models import Matter

__all__ = ["ROWS", "HoldForm", "PlanForm", "SeveralForm"]

ROWS = 3  # requests and promises that one form takes; the page asks for more where all are used
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PlanForm(forms.Form):
    """A day, a unit, a purpose; a firm visited lately is planned only by saying so."""

    on = forms.DateField(label=_("Day"), widget=DAY)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Organisation.objects.none(), empty_label=None)
    purpose = forms.CharField(label=_("Purpose"), required=False, max_length=300)
    anyway = forms.BooleanField(label=_("Visit all the same"), required=False)

    def __init__(self, *args: Any, user: User, warned: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_units(self.fields["unit"], user)
        if not warned:
            del self.fields["anyway"]


def _offer_units(field: Any, user: User) -> None:
    """Units to choose from, the user's own first chosen."""
    units = Organisation.objects.exclude(kind=Organisation.Kind.ENTERPRISE).filter(synthetic=False)
    field.queryset = units.order_by("name")
    if user.organisation_id and units.filter(pk=user.organisation_id).exists():
        field.initial = user.organisation_id


class SeveralForm(forms.Form):
    """One unit, day and purpose for several firms; a firm may have its own day, and be left out.

    A firm visited lately is left out unless it is ticked.
    """

    on = forms.DateField(label=_("Day"), widget=DAY)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Organisation.objects.none(), empty_label=None)
    visitor = forms.ModelChoiceField(
        label=_("Visitor"), queryset=User.objects.none(), required=False, empty_label=_("each firm's account manager")
    )
    purpose = forms.CharField(label=_("Purpose"), required=False, max_length=300)

    def __init__(self, *args: Any, user: User, stops: list[services.Stop], **options: Any) -> None:
        super().__init__(*args, **options)
        self.stops = stops
        _offer_units(self.fields["unit"], user)
        may_go = {one.pk for one in services.visitors()} | {user.pk}
        self.fields["visitor"].queryset = User.objects.filter(pk__in=may_go)  # type: ignore[attr-defined]
        for at, stop in enumerate(stops):
            go = _("Visit %(firm)s") % {"firm": stop.firm}
            day = _("Another day for %(firm)s") % {"firm": stop.firm}
            self.fields[f"go:{at}"] = forms.BooleanField(
                label=go,
                required=False,
                initial=not stop.lately,
                widget=forms.CheckboxInput(attrs={"aria-label": go}),
            )
            self.fields[f"on:{at}"] = forms.DateField(
                label=day,
                required=False,
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "aria-label": day}),
            )

    def common(self) -> list[Any]:
        return [self[name] for name in ("on", "unit", "visitor", "purpose")]

    def rows(self) -> list[tuple[services.Stop, Any, Any]]:
        """Each firm with its tick and its own day."""
        return [(stop, self[f"go:{at}"], self[f"on:{at}"]) for at, stop in enumerate(self.stops)]

    def asked(self) -> list[tuple[services.Stop, dt.date]]:
        """Firms to go to, each with its day."""
        given = self.cleaned_data
        return [(stop, given[f"on:{at}"] or given["on"]) for at, stop in enumerate(self.stops) if given[f"go:{at}"]]


class HoldForm(forms.Form):
    """What was said, asked and promised; every field may stay empty but not all."""

    note = forms.CharField(
        label=_("Note for colleagues"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, sayable: list[services.Sayable], **options: Any) -> None:
        super().__init__(*args, **options)
        for one in sayable:
            name = f"said:{one.attribute.id}"
            unit = f"（{one.attribute.unit}）" if one.attribute.unit else ""
            known = _("known: %(value)s, %(days)s days old") % {"value": one.value, "days": one.days}
            self.fields[name] = forms.CharField(
                label=f"{label(one.attribute.label)}{unit}",
                required=False,
                max_length=300,
                help_text=known if one.value else _("not known from any source"),
            )
        kinds = Matter.Kind.choices
        topics = [("", "—"), *((one.key, one.label_zh) for one in services.topics())]
        for number in range(1, ROWS + 1):
            self.fields[f"kind:{number}"] = forms.ChoiceField(label=_("Kind"), choices=kinds)
            self.fields[f"topic:{number}"] = forms.ChoiceField(label=_("Topic"), choices=topics, required=False)
            self.fields[f"words:{number}"] = forms.CharField(label=_("Matter"), required=False, max_length=300)
            self.fields[f"due:{number}"] = forms.DateField(label=_("By"), required=False, widget=DAY)
            self.fields[f"kind:{number}"].required = False

    def said_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("said:")]

    def matter_rows(self) -> list[list[Any]]:
        return [[self[f"{part}:{n}"] for part in ("words", "kind", "topic", "due")] for n in range(1, ROWS + 1)]

    def said(self) -> dict[str, str]:
        return {name.removeprefix("said:"): self.cleaned_data[name] for name in self.fields if name.startswith("said:")}

    def asked(self) -> list[services.Asked]:
        data = self.cleaned_data
        return [
            services.Asked(
                data[f"kind:{n}"] or Matter.Kind.REQUEST, data[f"words:{n}"], data[f"topic:{n}"], _day(data[f"due:{n}"])
            )
            for n in range(1, ROWS + 1)
        ]


def _day(value: Any) -> dt.date | None:
    return value or None
