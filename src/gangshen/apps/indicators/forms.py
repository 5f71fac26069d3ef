"""The form of an observation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Observation

__all__ = ["ObservationForm"]


class ObservationForm(forms.Form):
    """One value for one date; a date that has one already is revised, with the reason."""

    at = forms.DateField(label=_("As of"), widget=forms.DateInput(attrs={"type": "date"}))
    value = forms.CharField(label=_("Value"), max_length=30)
    vintage = forms.ChoiceField(label=_("Vintage"), choices=Observation.Vintage.choices, initial="preliminary")
    citation = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Title, issuer, date and section of what says so.")
    )
    note = forms.CharField(label=_("Reason of a revision"), required=False, max_length=300)
