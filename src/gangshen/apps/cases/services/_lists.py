"""What waits for whom."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from gangshen.apps.cases.models import Case, CaseEvent
from gangshen.apps.identity.access import RestrictedQuerySet, roles_of, scope

from ._types import CASE_TYPES

__all__ = ["done_by", "mine", "todo_count", "waiting"]

WAITS_FOR_DOER = (Case.State.OPEN, Case.State.WAITING)


def _closes(user: Any) -> list[str]:
    roles = roles_of(user)
    return [key for key, kind in CASE_TYPES.items() if roles & set(kind.closes)]


def _for_me(user: Any) -> Q:
    todo = Q(state__in=WAITS_FOR_DOER) & Q(owner=user)
    if user.organisation_id:
        todo |= Q(state__in=WAITS_FOR_DOER) & Q(owner=None, unit=user.organisation_id)
    nobodys = Q(state__in=WAITS_FOR_DOER) & Q(owner=None, unit=None)
    todo |= nobodys if scope(user, "change", Case) == "all" else nobodys & Q(type__in=_closes(user))
    # a report waits for whoever closes it, never for the one who reported
    return todo | Q(state=Case.State.REPORTED, type__in=_closes(user)) | Q(state=Case.State.REPORTED, opened_by=user)


def _rows(user: Any) -> RestrictedQuerySet[Case]:
    return Case.objects.for_user(user).select_related("unit", "owner", "opened_by")


def mine(user: Any) -> RestrictedQuerySet[Case]:
    """Open cases that wait for ``user``: theirs, their unit's, nobody's yet, and reports to be closed."""
    return _rows(user).filter(_for_me(user))


def waiting(user: Any) -> RestrictedQuerySet[Case]:
    """Open cases that ``user`` opened or reported and that wait for someone else."""
    reported = CaseEvent.objects.filter(kind=CaseEvent.Kind.REPORTED, actor=user).values("case")
    involved = Q(opened_by=user) | Q(pk__in=reported) | Q(unit=user.organisation_id or 0)
    return _rows(user).filter(involved).exclude(state=Case.State.CLOSED).exclude(_for_me(user))


def done_by(user: Any) -> RestrictedQuerySet[Case]:
    """Closed cases that ``user`` had a hand in, newest first."""
    hand = CaseEvent.objects.filter(actor=user).values("case")
    return _rows(user).filter(Q(pk__in=hand) | Q(owner=user), state=Case.State.CLOSED).order_by("-closed_at", "-pk")


def todo_count(user: Any) -> int:
    """How many cases wait for ``user``."""
    return mine(user).count()
