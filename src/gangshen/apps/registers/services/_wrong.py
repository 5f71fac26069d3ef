"""这条不对: someone says that a shown fact is wrong. The fact stays until a better record comes; a case sees to it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers.models import Record, WrongFact
from gangshen.engines.evidence import Ref
from gangshen.web.errors import Refused

from ._facts import may_see
from ._vocabulary import vocabulary

__all__ = ["report_wrong"]


def report_wrong(ref: Ref, note: str, *, actor: User, now: dt.datetime) -> Case:
    """Note the doubt and open one case about the value (the one there is, while it is open)."""
    require(actor, "add", WrongFact)
    if not note.strip():
        raise Refused(_("Say what is wrong."), _("One sentence will do; name the right value if you know it."))
    record = Record.objects.filter(pk=ref.id).first() if ref.id.isdigit() else None
    if record is None or not ref.part or ref.part not in record.values or not may_see(actor, record.subject):
        raise Refused(_("There is no such value."), _("Open the profile again."))
    firm = Organisation.objects.filter(key=record.subject).first()
    title = _("%(firm)s: is %(attribute)s right?") % {
        "firm": firm.name if firm else record.subject,
        "attribute": vocabulary().get(ref.part).label.zh,
    }
    with transaction.atomic():
        WrongFact.objects.create(ref=str(ref), note=note.strip(), actor=actor, at=now)
        case = cases.open_case(
            "wrong_fact",
            f"wrong:{record.subject}:{ref.part}",
            title=title,
            about=ref,
            evidence=[str(ref)],
            instruction=note.strip(),
            actor=actor,
            now=now,
        )
    return case
