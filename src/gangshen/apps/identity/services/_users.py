"""Users: made, changed and disabled, never deleted: what they did stays theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation, Role, RoleGrant, User, Zone
from gangshen.web.errors import Refused

from ._rights import grant_role

__all__ = [
    "acting",
    "change_password",
    "create_user",
    "demo_users",
    "disable_user",
    "enable_user",
    "unlock",
    "update_user",
    "user_named",
]


def _is_demo() -> bool:
    return Zone.objects.filter(demo_today__isnull=False).exists()


@transaction.atomic
def create_user(
    username: str,
    password: str | None,
    *,
    by: User | None,
    now: dt.datetime,
    display_name: str = "",
    email: str = "",
    organisation: Organisation | None = None,
    language: str = "zh-hans",
    roles: Iterable[str] = (),
    demo: bool = False,
) -> User:
    """Make a user with roles. ``password`` None: he can't log in until one is set. ``demo``: the log-in page of a
    demo zone shows the password; refused in a live zone. Raises :class:`Refused` or PermissionDenied.
    """
    if by is not None:
        require(by, "add", User)
    if demo and not _is_demo():
        raise Refused(
            _("A password in a file is for demo zones."), _("Create %(user)s on the users page.") % {"user": username}
        )
    user = User(
        username=username,
        display_name=display_name,
        email=email,
        organisation=organisation,
        language=language,
        date_joined=now,
        demo_password=(password or "") if demo else "",
    )
    _clean(user, password, demo=demo)
    user.set_password(password)
    user.save()
    for role in roles:
        grant_role(user, role, by=by, now=now)
    return user


def _clean(user: User, password: str | None, *, demo: bool) -> None:
    try:
        user.full_clean(exclude=["password"])
        if password is not None and not demo:
            validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), _("Correct it and send again.")) from error


def update_user(user: User, *, by: User | None, **values: Any) -> User:
    """Change display name, e-mail, organisation or language."""
    if by is not None:
        require(by, "change", user)
    for name in values.keys() & {"display_name", "email", "organisation", "language"}:
        setattr(user, name, values[name])
    _clean(user, None, demo=False)
    user.save()
    return user


def change_password(user: User, password: str, *, by: User | None) -> None:
    """Set a password, one's own or, by the security administrator, someone's."""
    if by is not None and by.pk != user.pk:
        require(by, "change", user)
    _clean(user, password, demo=False)
    user.set_password(password)
    user.demo_password = ""
    user.save()


def disable_user(user: User, *, by: User | None) -> None:
    """Shut a user out at once: his sessions and keys stop working; his work stays. Not oneself, nor the last
    security administrator.
    """
    if by is not None:
        require(by, "change", user)
        if by.pk == user.pk:
            raise Refused(_("Nobody shuts themselves out."), _("Ask another security administrator."))
    others = RoleGrant.objects.filter(role="security_admin", user__is_active=True).exclude(user=user)
    if user.role_grants.filter(role="security_admin").exists() and not others.exists():
        raise Refused(_("The last security administrator can't go."), _("Grant the role to someone else first."))
    user.is_active = False
    user.save()


def enable_user(user: User, *, by: User | None) -> None:
    """Let a disabled user in again."""
    if by is not None:
        require(by, "change", user)
    user.is_active = True
    user.save()


def user_named(username: str) -> User:
    """The user who logs in so; raises :class:`Refused` when nobody does."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refused(_("There is no user %(user)s.") % {"user": username}, _("List them: gangshen identity users."))
    return user


def acting(username: str) -> User:
    """The user in whose name a command acts; raises :class:`Refused` for one who is disabled or not there."""
    user = user_named(username)
    if not user.is_active:
        raise Refused(_("%(user)s is disabled.") % {"user": username}, _("Act in the name of someone who may log in."))
    return user


def unlock(username: str) -> bool:
    """Lift the lock that failed log-ins laid on a name; False when there was none."""
    return bool(reset(username=username))


def demo_users() -> list[tuple[str, str, str]]:
    """(username, password, roles in words) of a demo zone's shown log-ins; empty in a live zone."""
    if not _is_demo():
        return []
    shown = User.objects.filter(is_active=True).exclude(demo_password="").prefetch_related("role_grants").order_by("pk")
    return [
        (
            user.username,
            user.demo_password,
            _(", ").join(str(Role(grant.role).label) for grant in user.role_grants.all()),
        )
        for user in shown
    ]
