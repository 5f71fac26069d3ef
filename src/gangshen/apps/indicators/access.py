"""Whose series these are: a unit reads and reports the series of its own entity."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING

from .models import Observation, Series


def own(user: Any, model: type[Model]) -> Q:
    """A unit's own series are those whose entity it is, by its key."""
    organisation = getattr(user, "organisation", None)
    if organisation is None:
        return NOTHING
    if model is Series:
        return Q(entity=organisation.key)
    if model is Observation:
        return Q(series__entity=organisation.key)
    return NOTHING
