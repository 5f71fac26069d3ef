"""Doing something about what cannot be trusted: asking account managers and sources, and a sheet to fill in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import Source
from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation, User
from gangshen.engines.vocabulary import Attribute
from gangshen.web.errors import Refused

from ._asking import ask, managers, question_key
from ._deliveries import deliveries
from ._facts import live_records, readable_attributes
from ._quality import doubts

__all__ = ["AT_ONCE", "Asked", "ask_for", "ask_source", "asked_sources"]

AT_ONCE = 50  # cases that one click opens


@dataclass(frozen=True, slots=True)
class Asked:
    """Cases opened, values already asked for, cases that found no account manager, values beyond the first AT_ONCE."""

    opened: int
    already: int
    to_office: int
    left: int


def _matter(attribute: str) -> str:
    return f"quality:{attribute}"


@transaction.atomic
def ask_for(rows: Sequence[str], *, actor: User, now: dt.datetime, today: dt.date) -> Asked:
    """Open one case for each value (``SUBJECT/ATTRIBUTE`` of :func:`doubts`) with whoever looks after the firm.

    A value asked for already stays as it is. Raises :class:`Refused` when none of them is in doubt any more.
    """
    require(actor, "add", Case)
    wanted = {row["id"]: row for row in doubts(today, actor).iter_rows(named=True) if row["id"] in set(rows)}
    if not wanted:
        raise Refused(_("None of these values is in doubt any more."), _("Reload the list."))
    keys = {question_key(row["subject"], _matter(row["attribute"])): id for id, row in wanted.items()}
    held = Case.objects.filter(key__in=keys).exclude(state=Case.State.CLOSED)
    already = {keys[key] for key in held.values_list("key", flat=True)}
    chosen = [wanted[id] for id in rows if id in wanted and id not in already]
    to_office = _ask_each(chosen[:AT_ONCE], actor, now, today)
    return Asked(len(chosen[:AT_ONCE]), len(already), to_office, len(chosen[AT_ONCE:]))


def _ask_each(rows: Sequence[Mapping[str, object]], actor: User, now: dt.datetime, today: dt.date) -> int:
    subjects = {str(row["subject"]) for row in rows}
    firms = {firm.key: firm for firm in Organisation.objects.filter(key__in=subjects)}
    last = dict(live_records().filter(subject__in=subjects).values_list("subject").annotate(Max("pk")).order_by())
    looks_after, words, to_office = managers(subjects, today), readable_attributes(actor), 0
    for row in rows:
        subject, attribute = str(row["subject"]), words[str(row["attribute"])]
        to_office += looks_after[subject].user is None
        ask(
            firms[subject],
            [attribute],
            matter=_matter(attribute.id),
            about=f"rec:{row['record']}#{attribute.id}" if row["record"] else f"rec:{last[subject]}",
            why=_why(str(row["state"]), attribute, row),
            manager=looks_after[subject],
            actor=actor,
            now=now,
        )
    return to_office


def _why(state: str, attribute: Attribute, row: Mapping[str, object]) -> str:
    if state == "stale":
        told = {"day": row["as_of"], "days": attribute.stale_after_days}
        return _("Last said for %(day)s; it is good for %(days)s days.") % told
    if state == "disputed":
        return _("Two sources disagree on it.")
    return _("Nobody has said it, and support is undecided for want of it.")


def ask_source(source: Source, *, actor: User, now: dt.datetime, today: dt.date) -> Case:
    """Open the case that asks a late source for its delivery, or give back the open one.

    Raises :class:`Refused` for a source that is inside its period or has never delivered.
    """
    require(actor, "add", Case)
    found = next(iter(deliveries(Source.objects.filter(pk=source.pk), today)), None)
    if found is None or not found.late:
        raise Refused(
            _("%(source)s is inside its period.") % {"source": source.name}, _("There is nothing to ask for.")
        )
    told = {"source": source.name, "days": found.days, "period": source.update_days}
    return cases.open_case(
        "question",
        _source_key(source),
        title=_("Ask %(source)s for its delivery") % told,
        about=f"rec:{found.record}",
        unit=source.owner,
        instruction=_("Its last data are %(days)s days old; it promises new ones every %(period)s days.") % told,
        actor=actor,
        now=now,
    )


def _source_key(source: Source) -> str:
    return f"source:{source.key}:late"


def asked_sources(sources: Iterable[Source]) -> dict[str, Case]:
    """Source → the open case that asks it for its delivery."""
    keys = {_source_key(one): one.key for one in sources}
    found = Case.objects.filter(key__in=keys).exclude(state=Case.State.CLOSED)
    return {keys[case.key]: case for case in found}
