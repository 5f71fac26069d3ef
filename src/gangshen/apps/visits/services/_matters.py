"""Requests and promises: each is a case of the unit that sees to it, and shown to the firm with its answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers import services as registers
from gangshen.apps.visits.models import Matter
from gangshen.engines.evidence import Ref

__all__ = ["answered", "matters_of", "open_case_of", "open_matters", "ref_of", "stand_of"]


def ref_of(matter: Matter) -> Ref:
    return Ref("visit", matter.visit.key, part=str(matter.number))


def case_key(matter: Matter) -> str:
    return f"{matter.kind}:{matter.visit.key}/{matter.number}"


def open_case_of(matter: Matter, *, due: dt.date | None, actor: User | None, now: dt.datetime) -> Case:
    """The case by which the matter is seen to: the topic's unit has it, else the visitor's own unit."""
    matter.case = cases.open_case(
        matter.kind,
        case_key(matter),
        title=_("%(firm)s: %(words)s") % {"firm": matter.visit.firm, "words": matter.words},
        about=ref_of(matter),
        unit=matter.unit,
        instruction=matter.words,
        due=due,
        actor=actor if actor is not None and allowed(actor, "add", Case) else None,
        now=now,
    )
    matter.save(update_fields=["case"])
    return matter.case


def answered(case: Case, actor: Any) -> None:
    """The case is closed: its receipt is what the firm is told."""
    found = Matter.objects.filter(case=case).first()
    if found is not None and case.closed_at is not None:
        found.answer, found.answered_on = case.receipt, timezone.localdate(case.closed_at)
        found.save(update_fields=["answer", "answered_on"])


def matters_of(user: User, firm: Organisation) -> list[Matter]:
    """Requests and promises of ``firm`` that ``user`` may see: open ones first by deadline, then the latest."""
    rows = Matter.objects.for_user(user).filter(registers.rows_of(firm.key, "visit__firm__key"))
    rows = rows.select_related("visit__firm", "visit__unit", "topic__unit", "case__unit")
    last = dt.date.max

    def order(one: Matter) -> tuple[bool, dt.date, int]:
        due = one.case.due if one.case else None
        return (one.answered_on is not None, due or last, -one.pk)

    return sorted(rows, key=order)


def open_matters(firm: Organisation) -> list[Matter]:
    """What was asked or promised and is not answered."""
    rows = Matter.objects.filter(registers.rows_of(firm.key, "visit__firm__key"), answered_on=None)
    return list(rows.select_related("visit__firm", "visit__unit", "topic__unit", "case__unit"))


def stand_of(matter: Matter, today: dt.date) -> tuple[str, str]:
    """State and words: when answered, how long it is overdue, or how long there is."""
    if matter.answered_on is not None:
        return "ok", _("answered on %(day)s") % {"day": matter.answered_on}
    if matter.case is None or matter.case.due is None:
        return "unk", _("no deadline")
    days = (matter.case.due - today).days
    if days < 0:
        return "bad", _("%(n)s days late") % {"n": -days}
    return ("near" if days <= 3 else "ok"), _("by %(day)s") % {"day": matter.case.due}
