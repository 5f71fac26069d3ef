"""Whether each source delivers within the period it is expected in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.models import Batch, Record

__all__ = ["Delivery", "deliveries", "late"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """``newest`` is the latest day that the source's last delivery speaks of; None when it never delivered."""

    source: Source
    newest: dt.date | None
    record: int | None
    days: int | None  # since ``newest``
    late: bool

    @property
    def over(self) -> int:
        """Days beyond its period."""
        return (self.days or 0) - (self.source.update_days or 0) if self.late else 0


def deliveries(sources: QuerySet[Source], today: dt.date) -> list[Delivery]:
    """The sources that deliver in periods, the latest of all first; one query."""
    last = Batch.objects.filter(source=OuterRef("pk"), state=Batch.State.LIVE, rows__gt=0).order_by("-pk")
    newest = Record.objects.filter(batch=OuterRef("last")).order_by("-as_of", "-pk")
    rows = (
        sources.filter(update_days__isnull=False)
        .select_related("owner")
        .annotate(last=Subquery(last.values("pk")[:1]))
        .annotate(newest=Subquery(newest.values("as_of")[:1]), record=Subquery(newest.values("pk")[:1]))
    )
    found = [_delivery(source, source.newest, source.record, today) for source in rows]
    return sorted(found, key=lambda one: (-one.over, one.source.rank, one.source.key))


def _delivery(source: Source, newest: dt.date | None, record: int | None, today: dt.date) -> Delivery:
    days = None if newest is None else (today - newest).days
    return Delivery(source, newest, record, days, days is not None and days > (source.update_days or 0))


def late(found: Iterable[Delivery]) -> list[Delivery]:
    """Those beyond their period, the oldest first."""
    return sorted((one for one in found if one.late), key=lambda one: -(one.days or 0))
