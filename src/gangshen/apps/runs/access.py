"""Whose runs these are."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING

from .models import Run


def own(user: Any, model: type[Model]) -> Q:
    """A user's own runs are those they started."""
    return Q(actor=user) if model is Run else NOTHING
