"""Who may do what: roles.csv states it, `for_user` applies it to every list, object, export and search.

Each app's ``access.py`` gives ``own(user, Model) -> Q`` for the rows a role of scope ``own`` reaches; the rest is here.
Default deny: a role without a line in roles.csv sees nothing of a model.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet

from gangshen.engines.vocabulary import Access

if TYPE_CHECKING:
    from gangshen.apps.identity.models import User

__all__ = [
    "ACTIONS",
    "NOTHING",
    "RestrictedQuerySet",
    "allowed",
    "forget_roles",
    "grants",
    "own",
    "readable",
    "require",
    "roles_of",
    "scope",
    "visible",
]

Scope = Literal["all", "own"]
ACTIONS = ("view", "add", "change", "delete", "export")
NOTHING = Q(pk__in=())
M = TypeVar("M", bound=Model)


@cache
def grants() -> dict[tuple[str, str, str], Scope]:
    """(role, model label, action) → scope, as roles.csv states it; ``*`` stands for any model."""
    with (Path(__file__).parent / "roles.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["role"], row["model"].lower(), action): row["scope"]  # type: ignore[misc]
            for row in csv.DictReader(line for line in file if not line.startswith("#"))
            for action in row["actions"].split()
        }


def roles_of(user: Any) -> frozenset[str]:
    """Codes of the roles granted to ``user``; nobody's for someone not logged in. Read once per user object."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    known = getattr(user, "_roles", None)
    if known is None:
        known = user._roles = frozenset(user.role_grants.values_list("role", flat=True))
    return known


def forget_roles(user: Any) -> None:
    """Read the roles of ``user`` anew at the next question."""
    user.__dict__.pop("_roles", None)


def scope(user: Any, action: str, model: type[Model] | str) -> Scope | None:
    """The widest scope in which ``user`` may do ``action`` on ``model`` ("app.Model"); None is a refusal."""
    label = (model if isinstance(model, str) else model._meta.label).lower()
    found = {
        grants().get((role, name, action)) for role in roles_of(user) for name in (label, f"{label.split('.')[0]}.*")
    }
    return "all" if "all" in found else "own" if "own" in found else None


def allowed(user: Any, action: str, model: type[Model] | str) -> bool:
    """May ``user`` do ``action`` on at least some rows of ``model``?"""
    return scope(user, action, model) is not None


def visible(user: Any, model: type[Model], action: str = "view") -> Q:
    """The rows of ``model`` on which ``user`` may do ``action``."""
    reach = scope(user, action, model)
    if reach is None:
        return NOTHING
    if reach == "all":
        return Q()
    rows: Q = import_module(f"gangshen.apps.{model._meta.app_label}.access").own(user, model)
    return rows


def require(user: Any, action: str, thing: Model | type[Model]) -> None:
    """Raise PermissionDenied unless ``user`` may do ``action`` on this object, or on some row of this model."""
    if isinstance(thing, type):
        fine = allowed(user, action, thing)
    else:
        fine = type(thing)._default_manager.filter(visible(user, type(thing), action), pk=thing.pk).exists()
    if not fine:
        raise PermissionDenied


def own(user: Any, model: type[Model]) -> Q:
    """A user's own rows of identity: himself, his rights and keys, his organisation."""
    name = model._meta.object_name
    if name == "Organisation":
        return Q(pk=user.organisation_id) if user.organisation_id else NOTHING
    if name == "User":
        return Q(pk=user.pk)
    if name in ("RoleGrant", "Token"):
        return Q(user=user)
    return NOTHING


def readable(user: User, *, own: bool = False) -> frozenset[Access]:
    """Access classes of attributes that ``user`` may read; ``own`` for the firm's own data.

    The statistics class is open to statistics clerks alone, and to nobody as a ground for one firm's grant.
    """
    roles = roles_of(user)
    classes = {Access.PUBLIC}
    if roles & {"operator", "account_manager", "data_officer", "drafter", "leader", "statistics_clerk", "audit_admin"}:
        classes |= {Access.INTERNAL}
    if own or roles & {"operator", "account_manager", "data_officer", "audit_admin"}:
        classes |= {Access.CONSENT}
    if own or roles & {"account_manager", "data_officer"}:
        classes |= {Access.PERSONAL}
    if "statistics_clerk" in roles:
        classes |= {Access.STATISTICS}
    return frozenset(classes)


class RestrictedQuerySet(QuerySet[M]):
    """A queryset that knows who asks."""

    def for_user(self, user: Any, action: str = "view") -> RestrictedQuerySet[M]:
        """Only the rows on which ``user`` may do ``action``."""
        return self.filter(visible(user, self.model, action))
