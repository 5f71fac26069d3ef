"""Whose cases these are."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING

from .models import Case


def own(user: Any, model: type[Model]) -> Q:
    """A user's own cases: theirs, their unit's, and those they opened."""
    if model is not Case:
        return NOTHING
    mine = Q(owner=user) | Q(opened_by=user)
    return mine | Q(unit=user.organisation_id) if user.organisation_id else mine
