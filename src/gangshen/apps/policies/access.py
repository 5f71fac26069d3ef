"""A firm's or provider's own view: policies that are or were in force, for everyone to read."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING

__all__ = ["own"]

_LAW = ("in_force", "superseded")


def own(user: Any, model: type[Model]) -> Q:
    """Policies with an edition in force or superseded, and such editions."""
    match model._meta.model_name:
        case "policy":
            from gangshen.apps.policies.models import PolicyVersion

            return Q(pk__in=PolicyVersion.objects.filter(status__in=_LAW).values("policy"))
        case "policyversion":
            return Q(status__in=_LAW)
    return NOTHING
