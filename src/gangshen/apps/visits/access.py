"""A unit's own are the visits it makes and what falls to it from others; a firm's own what it asked and was promised."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING, roles_of
from gangshen.apps.visits.models import Matter, Visit

__all__ = ["own"]


def own(user: Any, model: type[Model]) -> Q:
    """The rows of ``model`` that belong to the user's organisation."""
    home = user.organisation_id
    if home is None:
        return NOTHING
    firm = "enterprise" in roles_of(user)
    if model is Visit and not firm:
        return Q(unit=home)
    if model is Matter:
        return Q(visit__firm=home) if firm else Q(visit__unit=home) | Q(topic__unit=home)
    return NOTHING
