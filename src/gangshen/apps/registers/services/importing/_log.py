"""What happened to an import, and which are under way or failed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from gangshen.apps.archive.models import LogEntry
from gangshen.apps.archive.services import EVENTS
from gangshen.apps.registers.models import Batch
from gangshen.apps.runs.models import Run

__all__ = ["Happened", "log_of", "under_way"]

_SHOWN = 8
_DAYS = dt.timedelta(days=7)
_TOLD = ("registers.import", "registers.undo", "registers.redo")


@dataclass(frozen=True, slots=True)
class Happened:
    """``word``: what was done, in the past tense; ``entry``: its number in the audit trail."""

    at: dt.datetime
    word: Any
    by: str
    entry: int


def log_of(batch: Batch) -> list[Happened]:
    """Imported, undone, redone: when and by whom, the latest first."""
    entries = LogEntry.objects.filter(event__in=_TOLD, object_pk=str(batch.pk)).select_related("actor").order_by("-pk")
    return [
        Happened(one.timestamp, EVENTS.get(one.event), str(one.actor) if one.actor else "", one.pk) for one in entries
    ]


def under_way(now: dt.datetime) -> list[Run]:
    """Imports that wait, run, failed or were stopped in the last week: what no batch tells of."""
    runs = Run.objects.filter(kind="registers.import", created_at__gte=now - _DAYS).exclude(state=Run.State.DONE)
    return list(runs.select_related("actor").order_by("-pk")[:_SHOWN])
