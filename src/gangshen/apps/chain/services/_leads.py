"""Leads: a desk takes a candidate for a gap; the stage is the lead's, who and until when is its case."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.chain.models import Candidate, Lead, Node
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation, User
from gangshen.web.errors import Refused

__all__ = ["CASE", "advance", "case_of", "take"]

CASE = "lead"
_ENDS = {Lead.Stage.SIGNED, Lead.Stage.DROPPED}


def _key(lead: Lead) -> str:
    return f"{CASE}:{lead.candidate.key}:{lead.unit.key}"


def case_of(lead: Lead) -> Case | None:
    """The lead's open case."""
    return Case.objects.filter(key=_key(lead)).exclude(state=Case.State.CLOSED).first()


@transaction.atomic
def take(
    candidate: Candidate, node: Node, *, actor: User, now: dt.datetime, unit: Organisation | None = None, note: str = ""
) -> Lead:
    """Take a candidate for a node in the name of ``unit`` (default: the actor's); opens a case with a clock.

    Raises :class:`Refused` when the desk is on this candidate already, or the actor speaks for no unit.
    """
    require(actor, "add", Lead)
    unit = unit or actor.organisation
    if unit is None:
        raise Refused(_("You belong to no unit."), _("Ask the security administrator to set your unit."))
    held = Lead.objects.filter(candidate=candidate, unit=unit).exclude(stage__in=_ENDS).first()
    if held is not None:
        raise Refused(
            _("%(unit)s is on %(candidate)s already: %(stage)s.")
            % {"unit": unit, "candidate": candidate, "stage": held.get_stage_display()},
            _("Open the lead and move its stage."),
        )
    lead = Lead.objects.create(
        candidate=candidate, node=node, unit=unit, note=note[:300], taken_by=actor, taken_at=now, changed_at=now
    )
    cases.open_case(
        CASE,
        _key(lead),
        title=_("Lead: %(candidate)s for %(node)s") % {"candidate": candidate.name, "node": node.name},
        about=f"lead:{lead.pk}",
        evidence=[f"node:{node.key}"],
        unit=unit,
        owner=actor,
        instruction=note,
        actor=actor,
        now=now,
    )
    return lead


@transaction.atomic
def advance(lead: Lead, stage: str, note: str, *, actor: User, now: dt.datetime) -> Lead:
    """Move a lead to another stage with a word on why; signed or dropped closes its case.

    Raises :class:`Refused` for an unknown stage, a lead that ended, or no word.
    """
    require(actor, "change", lead)
    if stage not in Lead.Stage.values:
        raise Refused(
            _("There is no stage %(stage)s.") % {"stage": stage},
            _("Choose one of: %(stages)s.") % {"stages": ", ".join(Lead.Stage.values)},
        )
    held = Lead.objects.select_for_update(of=("self",)).select_related("candidate", "unit", "node").get(pk=lead.pk)
    if not held.open:
        raise Refused(_("This lead has ended."), _("Take the candidate anew."))
    if not note.strip():
        raise Refused(_("A step of a lead needs a word."), _("Write who was met, or why it ended."))
    held.stage, held.note, held.changed_at = stage, note.strip()[:300], now
    held.save(update_fields=["stage", "note", "changed_at"])
    case = case_of(held)
    if case is not None:
        if stage in _ENDS:
            cases.close(case, f"{held.get_stage_display()}：{held.note}", actor=actor, now=now)
        else:
            cases.comment(case, f"{held.get_stage_display()}：{held.note}", actor=actor, now=now)
    return held


def ended(case: Case, actor: User | None) -> None:
    """A case is closed through its lead: its end decides."""
    number = case.about.partition(":")[2]
    lead = Lead.objects.filter(pk=int(number)).first() if number.isdigit() else None
    if lead is not None and lead.open:
        raise Refused(_("The lead is still open."), _("Move it to signed or dropped; that closes the case."))
