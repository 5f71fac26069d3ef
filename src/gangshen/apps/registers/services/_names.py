"""Organisations follow the registers: the name and code of an enterprise are what is believed of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers.models import Batch, Record

from ._law import Statement, believe
from ._pointers import pointers
from ._vocabulary import attributes

__all__ = ["refresh_names", "refresh_subjects"]

CHUNK = 1000
_FIELDS = {"name": "name", "uscc": "code"}  # attribute → field of the organisation
Said = dict[str, list[Statement]]


def refresh_names(batch: Batch) -> None:
    """Bring the batch's enterprises to the name and code now believed; a batch not undone counts as shown.

    Runs beside the flip of the batch and in chunks: an organisation without live records is listed nowhere, so a kill
    between the two leaves nothing to be seen.
    """
    if batch.entity != "enterprise":
        return
    records = Record.objects.filter(batch=batch)
    if batch.state == Batch.State.UNDONE:
        records = records.filter(Exists(_live_beside()))  # of whom nothing else is said, the name stays as it was
    subjects = records.order_by("subject").values_list("subject", flat=True).distinct()
    feed = iter(list(subjects))  # read to the end: SQLite lets nobody write beside a statement that others outran
    while chunk := list(islice(feed, CHUNK)):
        held = {one.key: one for one in Organisation.objects.filter(key__in=chunk)}
        own = _said(records.filter(subject__in=chunk))
        if batch.state == Batch.State.UNDONE:
            doubtful = [subject for subject in chunk if any(one.values for one in own[subject])]
        else:
            doubtful = [key for key, said in own.items() if key in held and _news(said, held[key])]
            identity.upsert_organisations(_rows({key: own[key] for key in own if key not in held}, new=True))
        if doubtful:
            identity.upsert_organisations(_rows(_said(_shown(doubtful, batch)), new=False))


def _live_beside() -> QuerySet[Record]:
    """Live records of the subject of an outer record; its own batch is not live."""
    return Record.objects.filter(entity=OuterRef("entity"), subject=OuterRef("subject"), batch__state=Batch.State.LIVE)


def refresh_subjects(subjects: Iterable[str]) -> None:
    """Bring these enterprises to the name and code now believed of them, after a merge came or went."""
    into = pointers()
    said: Said = defaultdict(list)
    wanted = set(subjects)
    family = wanted | {merged for merged, kept in into.items() if kept in wanted}
    records = Record.objects.filter(batch__state=Batch.State.LIVE, entity="enterprise", subject__in=family)
    for subject, statements in _said(records).items():
        said[subject] += statements
        if subject in into:
            said[into[subject]] += statements
    identity.upsert_organisations(_rows({key: said[key] for key in sorted(wanted) if said[key]}, new=False))


def _news(said: Iterable[Statement], held: Organisation) -> bool:
    """Does any statement give another name or code than the organisation has?"""
    return any(value != getattr(held, _FIELDS[name]) for one in said for name, value in one.values.items())


def _shown(subjects: list[str], batch: Batch) -> QuerySet[Record]:
    shown = Q(batch__state=Batch.State.LIVE)
    if batch.state != Batch.State.UNDONE:
        shown |= Q(batch=batch)
    return Record.objects.filter(shown, entity=batch.entity, subject__in=subjects)


def _said(records: QuerySet[Record]) -> Said:
    """Names and codes by subject; the rest of the values stays in the database."""
    said: Said = defaultdict(list)
    for subject, pk, source, rank, synthetic, as_of, at, name, code in records.values_list(
        "subject",
        "pk",
        "source__key",
        "source__rank",
        "source__synthetic",
        "as_of",
        "recorded_at",
        KT("values__name"),
        KT("values__uscc"),
    ):
        values = {attribute: value for attribute, value in (("name", name), ("uscc", code)) if value}
        said[subject].append(Statement(pk, source, rank, "", as_of, at, values, synthetic))
    return said


def _rows(said: Said, *, new: bool) -> Iterator[dict[str, Any]]:
    known = {name: one for name, one in attributes().items() if name in _FIELDS}
    for subject, about in said.items():
        row: dict[str, Any] = {"key": subject}
        if new:
            synthetic = any(one.synthetic for one in about)
            row |= {"name": subject, "kind": Organisation.Kind.ENTERPRISE, "synthetic": synthetic}
        for name, fact in believe(about, known, dt.date.max).items():
            row[_FIELDS[name]] = fact.value
        if len(row) > 1:
            yield row
