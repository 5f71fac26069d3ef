"""Which rows of the registers are a user's own: records about the organisation the user logs in for."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING
from gangshen.apps.registers.models import Record, WrongFact

__all__ = ["own"]


def own(user: Any, model: type[Model]) -> Q:
    """A firm sees what is recorded about it, and the doubts it has voiced."""
    if model is Record and user.organisation_id:
        return Q(subject=user.organisation.key)
    if model is WrongFact:
        return Q(actor=user)
    return NOTHING
