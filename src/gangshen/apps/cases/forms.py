"""Forms of cases: open one, move one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import roles_of
from gangshen.apps.identity.models import Organisation, Role, User
from gangshen.engines.evidence import Ref, RefError

__all__ = ["HandOverForm", "MoveForm", "NewCaseForm", "recipients"]

OUTSIDE = (Role.ENTERPRISE, Role.PROVIDER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
INSTRUCT = {"operator", "leader"}
ASK = INSTRUCT | {"account_manager", "data_officer", "drafter"}


def recipients() -> list[tuple[Any, Any]]:
    """Who may be given a case: units, and the people who work in the zone; as grouped choices."""
    units = Organisation.objects.exclude(kind=Organisation.Kind.ENTERPRISE).filter(synthetic=False)
    people = User.objects.filter(is_active=True, role_grants__isnull=False).exclude(role_grants__role__in=OUTSIDE)
    return [
        ("", "—"),
        (_("Units"), [(f"unit:{one.pk}", str(one)) for one in units.order_by("name")]),
        (_("People"), [(f"user:{one.pk}", str(one)) for one in people.distinct().order_by("display_name")]),
    ]


def _recipient(value: str) -> User | Organisation | None:
    kind, _colon, number = value.partition(":")
    model = {"unit": Organisation, "user": User}.get(kind)
    return model.objects.filter(pk=number).first() if model and number.isdigit() else None  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """One sentence and, where asked, its proof; the button says which move."""

    text = forms.CharField(
        label=_("In one sentence"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(label=_("Proof"), required=False)
    due = forms.DateField(label=_("New deadline"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class HandOverForm(forms.Form):
    to = forms.ChoiceField(label=_("Hand over to"), choices=recipients)
    text = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def clean_to(self) -> User | Organisation:
        found = _recipient(self.cleaned_data["to"])
        if found is None:
            raise forms.ValidationError(_("Choose a unit or a person."))
        return found


class NewCaseForm(forms.Form):
    """A case opened by hand: an instruction, a wrong fact, a question."""

    type = forms.ChoiceField(label=_("Kind"))
    title = forms.CharField(label=_("Matter"), max_length=300)
    instruction = forms.CharField(label=_("What is asked"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    to = forms.ChoiceField(label=_("Who shall do it"), choices=recipients, required=False)
    due = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = roles_of(user)
        kinds = [("wrong_fact", _("This is wrong"))]
        kinds += [("question", _("Ask for a missing value"))] if roles & ASK else []
        kinds += [("instruction", _("Instruction"))] if roles & INSTRUCT else []
        self.fields["type"].choices = kinds[::-1]  # type: ignore[attr-defined]
        self.fields["due"].help_text = _("Left empty: the workdays usual for the kind.")
        if not roles & ASK:
            del self.fields["to"]
            del self.fields["due"]

    def clean_about(self) -> str:
        text = self.cleaned_data["about"]
        try:
            return str(Ref.parse(text)) if text else ""
        except RefError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_to(self) -> User | Organisation | None:
        return _recipient(self.cleaned_data.get("to") or "")
