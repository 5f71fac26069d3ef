"""Roles: granted and revoked by the security administrator, who can't serve himself."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import forget_roles, require
from gangshen.apps.identity.models import ADMINISTRATORS, Role, RoleGrant, User
from gangshen.web.errors import Refused

__all__ = ["grant_role", "revoke_role"]


@transaction.atomic
def grant_role(user: User, role: str, *, by: User | None, now: dt.datetime, reason: str = "") -> RoleGrant:
    """Give ``user`` the role; nothing happens when he has it. ``by`` None is the system, loading a zone.

    Raises PermissionDenied unless ``by`` may grant, :class:`Refused` for an unknown role, for one's own rights, and
    for two administrators in one person; an audit administrator watches and has no other role.
    """
    if role not in Role.values:
        raise Refused(
            _("There is no role %(role)s.") % {"role": role},
            _("Roles are: %(roles)s.") % {"roles": ", ".join(Role.values)},
        )
    _may(user, by, "add")
    User.objects.select_for_update().get(pk=user.pk)
    held = set(user.role_grants.values_list("role", flat=True))
    if role in held:
        return user.role_grants.get(role=role)
    if _clash(role, held):
        raise Refused(
            _("%(user)s can't be both %(role)s and %(held)s.")
            % {
                "user": user,
                "role": Role(role).label,
                "held": _(", ").join(str(Role(one).label) for one in sorted(held)),
            },
            _("Run, grant and watch are three people; revoke the other role first or choose someone else."),
        )
    grant = RoleGrant.objects.create(user=user, role=role, granted_by=by, granted_at=now, reason=reason)
    forget_roles(user)
    return grant


def _clash(role: str, held: set[str]) -> bool:
    together = held | {role}
    return len(together & set(ADMINISTRATORS)) > 1 or ("audit_admin" in together and len(together) > 1)


@transaction.atomic
def revoke_role(user: User, role: str, *, by: User | None, now: dt.datetime, reason: str = "") -> bool:
    """Take the role away; False when he hadn't it. The last security administrator stays."""
    _may(user, by, "delete")
    grant = user.role_grants.filter(role=role).first()
    if grant is None:
        return False
    others = RoleGrant.objects.filter(role="security_admin", user__is_active=True).exclude(user=user)
    if role == "security_admin" and not others.exists():
        raise Refused(_("The last security administrator can't go."), _("Grant the role to someone else first."))
    grant.revoked_because = reason
    grant.delete()
    forget_roles(user)
    return True


def _may(user: User, by: User | None, action: str) -> None:
    if by is None:
        return
    require(by, action, RoleGrant)
    if by.pk == user.pk:
        raise Refused(_("Nobody changes their own rights."), _("Ask another security administrator."))
