"""Whose own rows of the archive are whose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, Q

from gangshen.apps.archive.models import File, Link
from gangshen.apps.identity.access import NOTHING
from gangshen.web.hookpoints import HookPoint

__all__ = ["OWN_FILES", "own"]

# Those above add the files of a user's own things: documents that concern his unit, attachments of his cases.
OWN_FILES: HookPoint[Callable[[Any], Q]] = HookPoint("own files")


def own(user: Any, model: type[Model]) -> Q:
    """A user's own files: what his organisation sent in, and what those above count as his."""
    if model is not File or not user.organisation_id:
        return NOTHING
    sent = Link.objects.filter(scheme="file", owner=f"org:{user.organisation.key}").values("target")
    rows = Q(sha256__in=sent)
    for files in OWN_FILES:
        rows |= files(user)
    return rows
