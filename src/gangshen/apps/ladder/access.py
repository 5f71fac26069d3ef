"""A firm's own: that it is coached, and for what."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING
from gangshen.apps.ladder.models import Coached

__all__ = ["own"]


def own(user: Any, model: type[Model]) -> Q:
    """The rows of ``model`` that belong to the user's firm."""
    if model is Coached and user.organisation_id is not None:
        return Q(firm=user.organisation_id)
    return NOTHING
