"""Forms of users, rights and keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.models import Organisation, Role, User

__all__ = ["GrantForm", "KeyForm", "LogInForm", "NewUserForm", "ReasonForm", "UserForm"]

LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


class LogInForm(AuthenticationForm):
    """Name and password; says no more than that the two don't fit."""

    error_messages = {
        "invalid_login": _("Name and password don't fit. Check capitals and the input method, then try again."),
        "inactive": _("This user is disabled. Ask the security administrator."),
    }


class UserForm(forms.Form):
    display_name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"), required=False)
    organisation = forms.CharField(
        label=_("Organisation"),
        required=False,
        help_text=_(
            "Key, code or full name; for a unit's or an enterprise's user it decides which rows are their own."
        ),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def clean_organisation(self) -> Organisation | None:
        given = self.cleaned_data["organisation"].strip()
        if not given:
            return None
        for field in ("key", "code", "name", "short_name"):
            found = Organisation.objects.filter(**{field: given}).first()
            if found:
                return found
        raise forms.ValidationError(_("There is no organisation of this key, code or name."))


class NewUserForm(UserForm):
    username = forms.CharField(label=_("Log-in name"), max_length=150)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least eight characters; tell it in person and have it changed."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=[("", "―"), *Role.choices], required=False)

    field_order = ["username", "display_name", "password", "role", "organisation", "email", "language"]

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username=name).exists():
            raise forms.ValidationError(_("There is a user of this log-in name."))
        return name


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class GrantForm(ReasonForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    field_order = ["role", "reason"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = set(user.role_grants.values_list("role", flat=True))
        self.fields["role"].choices = [choice for choice in Role.choices if choice[0] not in held]  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    name = forms.CharField(label=_("What will use it"), max_length=100)
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
    )
