"""Lists of identity: users and organisations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import Organisation, Role, User
from gangshen.web.formatting import moment
from gangshen.web.listing import Column, Filter, Listing

__all__ = ["ORGANISATIONS", "USERS"]


def _roles(user: User) -> str:
    return "、".join(str(Role(grant.role).label) for grant in user.role_grants.all())


def _home(user: User) -> str:
    return user.organisation.name if user.organisation else "—"


def _last(user: User) -> str:
    return moment(user.last_login) if user.last_login else gettext("never")


def _state(user: User) -> tuple[str, Any]:
    return ("ok", _("May log in")) if user.is_active else ("na", _("Disabled"))


def _answer(result: Any) -> str:
    words = ngettext("%(n)d user can log in here.", "%(n)d users can log in here.", result.total)
    return words % {"n": result.total}


USERS = Listing(
    key="users",
    title=_("Users"),
    noun=_("users"),
    columns=[
        Column("state", _("State"), kind="status", value=_state, sort="is_active"),
        Column("name", _("Name"), value="display_name", second="username", main=True),
        Column("roles", _("Roles"), value=_roles),
        Column("organisation", _("Organisation"), value=_home, sort="organisation__name"),
        Column("last_login", _("Last log-in"), value=_last, sort="last_login"),
    ],
    filters=[
        Filter("role", _("Role"), field="role_grants__role", choices=Role.choices),
        Filter("active", _("may log in"), kind="bool", field="is_active"),
    ],
    source=lambda actor: (
        User.objects.for_user(actor).select_related("organisation").prefetch_related("role_grants").distinct()
    ),
    search_fields=("username", "display_name", "organisation__name"),
    default_sort="name",
    row_id="username",
    row_url=lambda user: reverse("identity:user", args=[user.username]),
    answer=_answer,
    nav_key="users",
    allowed=lambda actor: allowed(actor, "view", User),
    exportable=lambda actor: allowed(actor, "export", User),
)

ORGANISATIONS = Listing(
    key="organisations",
    title=_("Organisations"),
    noun=_("organisations"),
    columns=[
        Column("key", _("Key")),
        Column("name", _("Name"), main=True, second="short_name"),
        Column("kind", _("Kind"), value="get_kind_display", sort="kind"),
        Column("code", _("Unified social credit code")),
    ],
    filters=[Filter("kind", _("Kind"), choices=Organisation.Kind.choices)],
    source=lambda actor: Organisation.objects.for_user(actor),
    search_fields=("key", "code", "name", "short_name", "name_en"),
    default_sort="key",
    row_id="key",
    marks=lambda one: ("synthetic",) if one.synthetic else (),
    allowed=lambda actor: allowed(actor, "view", Organisation),
    exportable=lambda actor: allowed(actor, "export", Organisation),
)
