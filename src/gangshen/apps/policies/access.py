"""A firm's or provider's own view: policies that are or were in force, and what it is asked to confirm."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING

__all__ = ["own"]

_LAW = ("in_force", "superseded")


def own(user: Any, model: type[Model]) -> Q:
    """Policies with an edition in force or superseded, such editions, and the firm's lines of lists that were sent."""
    match model._meta.model_name:
        case "policy":
            from gangshen.apps.policies.models import PolicyVersion

            return Q(pk__in=PolicyVersion.objects.filter(status__in=_LAW).values("policy"))
        case "policyversion":
            return Q(status__in=_LAW)
        case "confirmline" if user.organisation_id:
            return Q(firm=user.organisation_id, roster__sent_at__isnull=False)
        case "grant" if user.organisation_id:
            return Q(firm=user.organisation_id, batch__undone_at=None)
    return NOTHING
