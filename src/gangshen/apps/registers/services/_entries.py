"""Entries of a list attribute with the record each comes from, those that ended or were withdrawn too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from gangshen.apps.registers.models import Record

from ._facts import live_records
from ._law import _belief, latest_entries, read, statement_of
from ._pointers import pointers
from ._snapshots import snapshot
from ._statements import ENDED_TOO
from ._vocabulary import attributes

__all__ = ["entries", "every_entry"]


def every_entry(as_of: dt.date) -> dict[str, list[dict[str, Any]]]:
    """:func:`entries` of the certificates of all enterprises, out of the snapshot; a field that nobody gave is None."""
    said: dict[str, list[dict[str, Any]]] = {}
    for entry in snapshot(as_of=as_of).entries.to_dicts():
        ref = f"rec:{entry.pop('record')}#{ENDED_TOO}"
        said.setdefault(entry.pop("id"), []).append(entry | {"ref": ref})
    return said


def entries(
    attribute: str, as_of: dt.date, subjects: Collection[str], *, entity: str = "enterprise"
) -> dict[str, list[dict[str, Any]]]:
    """Subject → entries of ``attribute`` said by ``as_of``, typed, each with ``ref`` (``rec:17#certificates``).

    The law of the registers holds: an entry said again replaces the earlier one; an entry ends by its own dates. One
    query, and one more for merged subjects.
    """
    definition, into = attributes(entity)[attribute], pointers()
    records = live_records(entity).filter(values__has_key=attribute, as_of__lte=as_of).select_related("source")
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
