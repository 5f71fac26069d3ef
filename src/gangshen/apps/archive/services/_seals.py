"""Seals: each closed hour of the audit trail has a digest, chained to the seal before.

A seal proves that its entries stand as they stood; who keeps the newest digest outside the system can also prove that
none were cut off at the end.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import LogEntry, Seal

__all__ = ["Sealed", "canonical", "seal", "verify_seals"]

GRACE = dt.timedelta(minutes=10)  # for transactions that began before the hour's end
_HOUR = {"minute": 0, "second": 0, "microsecond": 0}


@dataclass(frozen=True, slots=True)
class Sealed:
    """Seals set now, and the digest at the chain's end."""

    seals: int
    entries: int
    digest: str


def canonical(entry: LogEntry) -> bytes:
    """An entry as one line of JSON, the same from any database."""
    content = {
        "id": entry.pk,
        "at": entry.timestamp.astimezone(dt.UTC).isoformat(),
        "actor": entry.actor_id,
        "event": entry.event,
        "action": entry.action,
        "type": entry.content_type_id and ".".join(entry.content_type.natural_key()),  # type: ignore[union-attr]
        "object": entry.object_pk,
        "repr": entry.object_repr,
        "subject": entry.subject,
        "personal": entry.personal,
        "changes": entry.changes,
        "detail": entry.additional_data,
        "address": entry.remote_addr,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _digest(previous: str, entries: Iterable[LogEntry]) -> tuple[str, int, int]:
    digest, count, last = hashlib.sha256(previous.encode()), 0, 0
    for entry in entries:
        digest.update(canonical(entry))
        count, last = count + 1, entry.pk
    return digest.hexdigest(), count, last


def _entries(after: int, until: int | None = None) -> Iterable[LogEntry]:
    rows = LogEntry.objects.filter(pk__gt=after).select_related("content_type").order_by("pk")
    return (rows.filter(pk__lte=until) if until is not None else rows).iterator(chunk_size=1000)


@transaction.atomic
def seal(now: dt.datetime) -> Sealed:
    """Seal the hours that are over, in the order entries were written; hours without entries get no seal."""
    newest = Seal.objects.select_for_update().order_by("hour").last()
    previous, after = (newest.digest, newest.last_entry) if newest else ("", 0)
    end = (now.astimezone(dt.UTC) - GRACE).replace(**_HOUR)
    seals = entries = 0
    floor = newest.hour + dt.timedelta(hours=1) if newest else None

    def hour_of(entry: LogEntry) -> dt.datetime:
        nonlocal floor  # an entry stamped before the one ahead of it belongs to the hour it was written in
        hour = entry.timestamp.astimezone(dt.UTC).replace(**_HOUR)
        floor = max(hour, floor) if floor else hour
        return floor

    for hour, group in groupby(_entries(after), key=hour_of):
        if hour >= end:
            break
        digest, count, last = _digest(previous, group)
        Seal.objects.create(hour=hour, last_entry=last, entries=count, digest=digest, previous=previous)
        previous, seals, entries = digest, seals + 1, entries + count
    return Sealed(seals, entries, previous)


def verify_seals(expect: str = "") -> list[str]:
    """What is wrong with the trail, one sentence each: entries changed, added or gone, seals missing.

    ``expect`` is a digest kept outside; it must be in the chain.
    """
    problems, previous, after, found = [], "", 0, not expect
    for one in Seal.objects.order_by("hour").iterator():
        place = {"hour": f"{one.hour.astimezone(dt.UTC):%Y-%m-%d %H}:00 UTC"}
        digest, count, _last = _digest(one.previous, _entries(after, one.last_entry))
        if one.previous != previous:
            problems.append(_("Seal of %(hour)s: a seal before it is missing or changed") % place)
        if count != one.entries:
            counts = {**place, "sealed": one.entries, "found": count}
            problems.append(_("Seal of %(hour)s: %(sealed)s entries were sealed, %(found)s are there") % counts)
        elif digest != one.digest:
            problems.append(_("Seal of %(hour)s: an entry was changed") % place)
        found = found or one.digest == expect
        previous, after = one.digest, one.last_entry
    if not found:
        problems.append(_("The expected digest is not in the chain: seals were cut off or replaced"))
    return problems
