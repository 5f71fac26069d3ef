"""这条不对: whoever may see a thing may say that it is wrong, whether they may open cases or not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.cases.models import Case, CaseEvent
from gangshen.apps.identity.access import allowed
from gangshen.engines.evidence import Ref
from gangshen.web.errors import Refused

from ._open import open_case

if TYPE_CHECKING:
    from gangshen.apps.identity.models import User

__all__ = ["may_doubt", "report_wrong"]


def may_doubt(user: User) -> bool:
    """May ``user`` say that something is wrong? All but those who only watch."""
    return allowed(user, "add", Case) or allowed(user, "change", Case)


def report_wrong(
    ref: Ref | str,
    note: str,
    *,
    title: str,
    key: str,
    evidence: Iterable[Ref | str] = (),
    actor: User,
    now: dt.datetime,
) -> Case:
    """One case about what ``ref`` shows; a second doubt while it is open becomes a comment of it.

    The caller has made sure that ``actor`` may see it. Who may not open cases is named in the case's history and is
    not its supervisor. Raises PermissionDenied, and :class:`Refused` for an empty note.
    """
    if not may_doubt(actor):
        raise PermissionDenied
    if not note.strip():
        raise Refused(_("Say what is wrong."), _("One sentence will do; name the right value if you know it."))
    with transaction.atomic():
        found = Case.objects.filter(key=key).exclude(state=Case.State.CLOSED).first()
        if found is not None:
            CaseEvent.objects.create(case=found, kind=CaseEvent.Kind.COMMENT, at=now, actor=actor, text=note.strip())
            return found
        return open_case(
            "wrong_fact",
            key,
            title=title,
            about=ref,
            evidence=evidence,
            instruction=note.strip(),
            actor=actor if allowed(actor, "add", Case) else None,
            said_by=actor,
            now=now,
        )
