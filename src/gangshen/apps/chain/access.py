"""A firm's own: where it stands in the chain."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING

__all__ = ["own"]


def own(user: Any, model: type[Model]) -> Q:
    """The rows of ``model`` that belong to the user's firm."""
    if user.organisation_id is not None and model._meta.model_name == "placement":
        return Q(firm=user.organisation.key)
    return NOTHING
