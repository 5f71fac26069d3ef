"""What is known of one subject: facts as of a date, and how one of them came to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from gangshen.apps.identity.access import allowed, readable, roles_of, scope
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers.models import Batch, Record
from gangshen.engines.vocabulary import Access, Attribute

from ._derived import dated_keys, derive
from ._law import Fact, believe, believe_periods, believe_so_far, conflicting, read, statement_of
from ._pointers import of_subject
from ._vocabulary import attributes, vocabulary

__all__ = ["Said", "facts", "history", "live_records", "may_see", "personal", "readable_attributes"]


def live_records(entity: str = "enterprise") -> QuerySet[Record]:
    """Records of batches that are shown."""
    return Record.objects.filter(entity=entity, batch__state=Batch.State.LIVE)


def readable_attributes(user: User, entity: str = "enterprise", *, own: bool = False) -> dict[str, Attribute]:
    """The attributes whose values ``user`` may see; ``own`` for the data of the user's own firm."""
    held: dict[Any, dict[str, Attribute]] = user.__dict__.setdefault("_readable_attributes", {})
    asked = (roles_of(user), entity, own)  # a list asks once per column: worked out once per user and request
    if asked not in held:
        classes, words = readable(user, own=own), vocabulary()
        held[asked] = {name: one for name, one in attributes(entity).items() if words.access(name) in classes}
    return held[asked]


def facts(
    subject: str,
    as_of: dt.date,
    user: User | None = None,
    *,
    entity: str = "enterprise",
    known_at: dt.datetime | None = None,
    periods: bool = False,
    so_far: bool = False,
) -> dict[str, Fact]:
    """Attribute → what is believed at ``as_of`` (derived ones included), for what ``user`` may read; None reads all.

    ``known_at`` leaves out what was recorded later: the ground on which a past decision stood. ``periods`` adds what
    rules ask for by period, ``revenue@2025``, as the snapshot's columns have it: what is not known of a period is there
    with the value None.
    """
    known = attributes(entity)
    records = live_records(entity).filter(of_subject(subject))
    if known_at is not None:
        records = records.filter(recorded_at__lte=known_at)
    said = [statement_of(record) for record in records.select_related("source")]
    dated = believe_periods(said, known, as_of)
    found, dated = derive(believe(said, known, as_of), dated, as_of, entity)
    if periods:
        unknown = Fact(value=None, record_id=None, source="", as_of=as_of)
        found |= {key: dated.get(key, unknown) for key in dated_keys(as_of, entity)}
    else:
        found = {name: fact for name, fact in found.items() if fact.value is not None or fact.record_id is not None}
    if so_far:
        found |= believe_so_far(said, known, as_of)
    if user is None:
        return found
    may = readable_attributes(user, entity, own=is_own(user, subject))
    return {name: fact for name, fact in found.items() if name.partition("@")[0] in may}


def is_own(user: User, subject: str) -> bool:
    """Is ``subject`` the organisation that ``user`` logs in for?"""
    organisation: Organisation | None = getattr(user, "organisation", None)
    return organisation is not None and organisation.key == subject


def may_see(user: User, subject: str) -> bool:
    """May ``user`` open what is known of ``subject``?"""
    return scope(user, "view", Record) == "all" or (allowed(user, "view", Record) and is_own(user, subject))


def personal(names: Iterable[str]) -> list[str]:
    """Those of the attributes that are personal: reading them is recorded."""
    words = vocabulary()
    return sorted(name for name in names if name in words and words.access(name) is Access.PERSONAL)


@dataclass(frozen=True, slots=True)
class Said:
    """One statement in the history of an attribute, latest first; ``contradicts`` the believed one or not."""

    record_id: int
    value: Any
    source: str
    source_name: str
    as_of: dt.date
    recorded_at: dt.datetime
    period: str
    batch: int
    believed: bool
    contradicts: bool
    synthetic: bool


def history(subject: str, attribute: str, as_of: dt.date, *, entity: str = "enterprise") -> list[Said]:
    """Every live statement on ``attribute`` about ``subject`` up to ``as_of``, the latest said first."""
    definition = attributes(entity)[attribute]
    records = [
        one
        for one in live_records(entity).filter(of_subject(subject), as_of__lte=as_of).select_related("source")
        if attribute in one.values
    ]
    fact = believe(map(statement_of, records), {attribute: definition}, as_of).get(attribute)
    top = fact.record_id if fact is not None else None  # none: only figures of some months are known
    order = sorted(map(statement_of, records), key=lambda one: one.id == top)
    against = {one.id for one in conflicting(definition, order, as_of)} if top is not None else set()
    said = [
        Said(
            record_id=one.pk,
            value=read(definition, one.values[attribute]),
            source=one.source.key,
            source_name=one.source.name,
            as_of=one.as_of,
            recorded_at=one.recorded_at,
            period=one.period,
            batch=one.batch_id,
            believed=one.pk == top,
            contradicts=one.pk in against,
            synthetic=one.source.synthetic,
        )
        for one in records
    ]
    return sorted(said, key=lambda one: (one.as_of, one.recorded_at, one.record_id), reverse=True)
