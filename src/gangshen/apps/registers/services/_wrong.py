"""这条不对: someone says that a shown fact is wrong. The fact stays until a better record comes; a case sees to it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers.models import Batch, Record, WrongFact
from gangshen.engines.evidence import Ref
from gangshen.web.errors import Refused

from ._batches import add_record
from ._facts import live_records, may_see
from ._law import read
from ._pointers import of_subject
from ._sources import REVIEW, source_named
from ._vocabulary import attributes, vocabulary

__all__ = ["report_wrong", "settle"]


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
        return cases.report_wrong(
            ref,
            note,
            title=title,
            key=f"wrong:{record.subject}:{ref.part}",
            evidence=[ref],
            actor=actor,
            now=now,
        )


def settle(
    subject: str, attribute: str, record: str, *, actor: User, now: dt.datetime, today: dt.date, reason: str = ""
) -> Record:
    """Say which record of ``subject`` is right on ``attribute``, and why: a record of the source *review* repeats its value.

    It is a batch of its own with the reason as its purpose; undoing that batch takes the decision back.
    """
    require(actor, "change", Batch)
    right = live_records().filter(of_subject(subject), pk=record).first() if record.isdigit() else None
    definition = attributes().get(attribute)
    if right is None or definition is None or attribute not in right.values:
        raise Refused(_("There is no such value."), _("Open the profile again."))
    value = read(definition, right.values[attribute])
    made = add_record(
        subject,
        {attribute: value},
        source_named(REVIEW),
        today,
        actor,
        now,
        period=right.period,
        purpose=reason.strip()[:200],
    )
    archive.link(f"rec:{right.pk}#{attribute}", f"rec:{made.pk}#{attribute}")
    archive.record_event(
        actor,
        "registers.settle",
        made,
        {"subject": subject, "attribute": attribute, "record": right.pk, "reason": reason.strip()},
    )
    return made
