"""Who may do what with a case, in its present state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from gangshen.apps.cases.models import Case, CaseEvent
from gangshen.apps.identity.access import roles_of, visible
from gangshen.web.errors import Refused

from ._types import case_type

if TYPE_CHECKING:
    from gangshen.apps.identity.models import User

__all__ = ["actions", "check", "last_reporter"]

OPEN = (Case.State.OPEN, Case.State.WAITING)


def last_reporter(case: Case) -> int | None:
    """Whoever last reported the case done (their key), if anyone did."""
    return case.events.filter(kind=CaseEvent.Kind.REPORTED).order_by("-pk").values_list("actor", flat=True).first()


def actions(case: Case, user: User | None) -> tuple[str, ...]:
    """What ``user`` may do now: comment, report, wait, hand_over, extend, return, close, reopen; None is the system."""
    if user is None:
        doer = supervisor = closer = True
    else:
        if not Case.objects.filter(visible(user, Case, "change") & Q(pk=case.pk)).exists():
            return ()
        closes = case_type(case.type).closes
        doer = case.owner_id == user.pk or (case.unit_id is not None and case.unit_id == user.organisation_id)
        doer = doer or (case.owner_id is None and case.unit_id is None)
        closer = bool(roles_of(user) & set(closes)) and last_reporter(case) != user.pk if closes else doer
        supervisor = bool(roles_of(user) & set(closes)) or case.opened_by_id == user.pk or (not closes and doer)
    if case.state == Case.State.CLOSED:
        return ("comment", "reopen") if supervisor else ("comment",)
    reported = case.state == Case.State.REPORTED
    may = {
        "comment": True,
        "report": (doer or supervisor) and not reported,
        "wait": (doer or supervisor) and case.state == Case.State.OPEN,
        "hand_over": (doer and not reported) or supervisor,
        "extend": supervisor,
        "return": supervisor and reported,
        "close": closer,
    }
    return tuple(verb for verb, fine in may.items() if fine)


def check(case: Case, verb: str, user: User | None) -> None:
    """Raise :class:`Refused` unless ``user`` may do ``verb`` on the case now."""
    if verb in actions(case, user):
        return
    label = Case.State(case.state).label
    if verb == "close" and user is not None and case.state != Case.State.CLOSED and last_reporter(case) == user.pk:
        raise Refused(_("Whoever reported a case done doesn't close it."), _("Ask another of those who may close it."))
    raise Refused(
        _("This can't be done with case %(number)s by you now; it is “%(state)s”.")
        % {"number": case.pk, "state": label},
        _("Open the case to see who has it and what comes next."),
    )
