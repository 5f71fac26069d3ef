"""Whose cases these are."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING, roles_of

from .models import Case
from .services._types import CASE_TYPES


def own(user: Any, model: type[Model]) -> Q:
    """A user's own cases: theirs, their unit's, those they opened, and those of the types they close."""
    if model is not Case:
        return NOTHING
    roles = roles_of(user)
    closes = [key for key, kind in CASE_TYPES.items() if roles & set(kind.closes)]
    mine = Q(owner=user) | Q(opened_by=user) | Q(type__in=closes)
    return mine | Q(unit=user.organisation_id) if user.organisation_id else mine
