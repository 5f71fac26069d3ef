"""Asking the account managers for the values that leave a target open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import require, scope
from gangshen.apps.identity.models import Organisation
from gangshen.apps.plans.models import Target
from gangshen.apps.registers import services as registers
from gangshen.web.errors import Refused

from ._query import Query
from ._register import gaps, measured

__all__ = ["AT_ONCE", "Asked", "ask_managers", "asked_about", "may_name"]

AT_ONCE = 50  # cases that one click opens


@dataclass(frozen=True, slots=True)
class Asked:
    """What one click did: cases opened, firms already asked, cases that found no account manager to log in."""

    opened: int
    already: int
    to_office: int
    left: int  # firms beyond the first AT_ONCE


def may_name(user: Any, query: Query) -> bool:
    """May ``user`` be told which firms are counted? Only who may read every firm and all the query reads."""
    may = registers.readable_attributes(user)
    return scope(user, "view", "registers.Record") == "all" and all(name in may for name in query.attributes())


def _matter(target: Target) -> str:
    return f"target:{target.key}"


def asked_about(target: Target, firms: Sequence[str]) -> dict[str, Case]:
    """Firm → the open case that asks it for this target."""
    keys = {registers.question_key(firm, _matter(target)): firm for firm in firms}
    found = Case.objects.filter(key__in=keys).exclude(state=Case.State.CLOSED).select_related("owner")
    return {keys[case.key]: case for case in found}


@transaction.atomic
def ask_managers(target: Target, *, actor: Any, now: dt.datetime, today: dt.date) -> Asked:
    """One question case per open firm, the heaviest first, to its account manager; a firm asked already stays as it is.

    Raises :class:`Refused` for a draft, a target without a query, and when no firm is open.
    """
    require(actor, "view", target)
    require(actor, "add", Case)
    found = measured([target], today).get(target.pk)
    if target.plan.draft:
        raise Refused(_("A draft for comment asks nobody."), _("Wait until the plan is in force."))
    if found is None or not may_name(actor, found.query):
        raise Refused(_("The firms behind this target are not open to you."), _("Ask the zone office."))
    if not found.open:
        raise Refused(_("No firm leaves this target open."), _("Nothing is left to ask."))
    already = asked_about(target, found.open)
    wanted = [key for key in found.open if key not in already]
    chosen = wanted[:AT_ONCE]
    to_office = _ask_each(target, found, chosen, actor=actor, now=now)
    return Asked(len(chosen), len(already), to_office, len(wanted) - len(chosen))


def _ask_each(target: Target, found: Any, chosen: Sequence[str], *, actor: Any, now: dt.datetime) -> int:
    firms = {firm.key: firm for firm in Organisation.objects.filter(key__in=chosen)}
    looks_after, words = registers.managers(chosen, found.as_of), registers.attributes()
    to_office = 0
    for gap in gaps(found, [key for key in chosen if key in firms]):
        to_office += looks_after[gap.firm].user is None
        registers.ask(
            firms[gap.firm],
            [words[one.attribute] for one in gap.questions],
            matter=_matter(target),
            about=f"target:{target.key}",
            why=_("The target “%(target)s” cannot be counted without it.") % {"target": target.subject},
            manager=looks_after[gap.firm],
            actor=actor,
            now=now,
        )
    return to_office
