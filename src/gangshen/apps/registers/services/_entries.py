"""Entries of a list attribute with the record each comes from, those that ended or were withdrawn too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from gangshen.apps.registers.models import Record

from ._facts import live_records
from ._law import _belief, latest_entries, read, statement_of
from ._pointers import pointers
from ._vocabulary import attributes

__all__ = ["entries"]


def entries(
    attribute: str, as_of: dt.date, subjects: Collection[str] | None = None, *, entity: str = "enterprise"
) -> dict[str, list[dict[str, Any]]]:
    """Subject → entries of ``attribute`` said by ``as_of``, typed, each with ``ref`` (``rec:17#certificates``).

    The law of the registers holds: an entry said again replaces the earlier one; an entry ends by its own dates. One
    query, and one more for merged subjects.
    """
    definition, into = attributes(entity)[attribute], pointers()
    records = live_records(entity).filter(values__has_key=attribute, as_of__lte=as_of).select_related("source")
    if subjects is not None:
        family = set(subjects) | {merged for merged, kept in into.items() if kept in set(subjects)}
        records = records.filter(subject__in=family)
    said: dict[str, list[Record]] = {}
    for record in records.order_by():
        said.setdefault(into.get(record.subject, record.subject), []).append(record)
    return {subject: _entries(definition, told) for subject, told in said.items()}


def _entries(definition: Any, told: list[Record]) -> list[dict[str, Any]]:
    order = sorted(map(statement_of, told), key=lambda statement: _belief(statement, definition))
    entries = (
        (dict(entry) | {"ref": f"rec:{one.id}#{definition.id}"}, one.as_of)
        for one in order
        for entry in one.values[definition.id] or ()
    )
    return [dict(entry) for entry in read(definition, latest_entries(entries))]
