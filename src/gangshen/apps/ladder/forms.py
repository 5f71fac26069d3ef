"""The form of a coaching list: which title, which name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gangshen.web.formatting import label

from . import services

__all__ = ["CoachForm"]


class CoachForm(forms.Form):
    title = forms.ChoiceField(label=_("Title to reach"))
    name = forms.CharField(
        label=_("Name of the list"), required=False, max_length=100, help_text=_("Left empty: the title and the day.")
    )

    def __init__(self, *args: Any, survey: services.Survey, **options: Any) -> None:
        super().__init__(*args, **options)
        titles = [(id, label(title.title)) for id, (title, one) in survey.ladder.titles.items() if one.conditions]
        self.fields["title"].choices = titles  # type: ignore[attr-defined]
