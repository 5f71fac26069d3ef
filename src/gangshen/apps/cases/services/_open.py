"""Opening a case: once a key while it is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.cases.models import Case, CaseEvent
from gangshen.apps.identity.access import require
from gangshen.engines.evidence import Ref
from gangshen.web.errors import Refused

from ._clock import deadline
from ._types import CASE_TYPES, CaseType

if TYPE_CHECKING:
    from gangshen.apps.identity.models import Organisation, User

__all__ = ["case", "open_case"]


def case(number: int) -> Case:
    """The case of this number; raises :class:`Refused` when there is none."""
    found = Case.objects.select_related("unit", "owner", "opened_by").filter(pk=number).first()
    if found is None:
        raise Refused(_("There is no case %(number)s.") % {"number": number}, _("See the list of cases."))
    return found


def open_case(
    type: str,
    key: str,
    *,
    title: str,
    about: Ref | str,
    evidence: Iterable[Ref | str] = (),
    unit: Organisation | None = None,
    owner: User | None = None,
    instruction: str = "",
    due: dt.date | None = None,
    actor: User | None,
    said_by: User | None = None,
    now: dt.datetime,
) -> Case:
    """Open a case, or give back the open one of the same ``key`` as it is (an alarm that rings twice is one case).

    ``due`` defaults to the type's workdays, counted from the day after ``now``. ``about`` and ``evidence`` are linked
    in the archive. ``said_by`` is on whose word the system opens it (no ``actor``). Raises KeyError for a type nobody registered, PermissionDenied when ``actor`` may not open cases.
    """
    kind = CASE_TYPES.get(type)
    if actor is not None:
        require(actor, "add", Case)
    for _try in range(3):
        found = Case.objects.filter(key=key).exclude(state=Case.State.CLOSED).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                refs = [str(one) for one in evidence]
                made = _made(
                    kind, key, title, str(about), refs, unit, owner, instruction, due, actor, said_by or actor, now
                )
        except IntegrityError:
            continue  # another opened it at the same moment; it may even be closed again by now
        return made
    raise Refused(_("The case “%(key)s” could not be opened.") % {"key": key}, _("Try again."))


def _made(
    kind: CaseType,
    key: str,
    title: str,
    about: str,
    evidence: list[str],
    unit: Organisation | None,
    owner: User | None,
    instruction: str,
    due: dt.date | None,
    actor: User | None,
    said_by: User | None,
    now: dt.datetime,
) -> Case:
    provisional = False
    if due is None and kind.workdays is not None:
        term = deadline(kind.workdays, timezone.localdate(now))
        due, provisional = term.date, term.provisional
    made = Case.objects.create(
        type=kind.key,
        key=key,
        title=title[:300],
        about=about,
        evidence=evidence,
        instruction=instruction,
        unit=unit,
        owner=owner,
        opened_by=actor,
        opened_at=now,
        due=due,
        due_provisional=provisional,
    )
    data = {"due": due.isoformat()} if due else {}
    CaseEvent.objects.create(case=made, kind=CaseEvent.Kind.OPENED, at=now, actor=said_by, text=instruction, data=data)
    for ref in dict.fromkeys([about, *evidence]):
        archive.link(ref, f"case:{made.pk}")
    return made
