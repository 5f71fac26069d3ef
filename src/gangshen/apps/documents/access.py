"""A firm's, unit's or provider's own documents: those in force, which anyone may read."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING

__all__ = ["PUBLIC", "own"]

PUBLIC = ("in_force", "draft_for_comment")


def own(user: Any, model: type[Model]) -> Q:
    """Documents that bind or serve everyone."""
    if model._meta.model_name == "document":
        return Q(status__in=PUBLIC)
    return NOTHING
