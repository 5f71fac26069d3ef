"""How far the checking of a reading is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from gangshen.apps.documents.models import Item, Reading
from gangshen.apps.documents.services._adding import sentences

__all__ = ["Progress", "progress"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the checking is: counts of items; ``doubtful`` are pending ones with a doubt, ``unread`` sentences with figures that
    nothing quotes and nobody settled."""

    total: int
    accepted: int
    corrected: int
    dropped: int
    pending: int
    doubtful: int
    unread: int

    @property
    def seen(self) -> int:
        return self.total - self.pending


def progress(reading: Reading) -> Progress:
    """Counts for the head of the review page."""
    counts = reading.items.exclude(kind=Item.Kind.UNREAD).aggregate(
        total=Count("pk"),
        **{state: Count("pk", filter=Q(state=state)) for state in ("accepted", "corrected", "dropped", "pending")},
        doubtful=Count("pk", filter=Q(state="pending") & ~Q(doubts=[])),
    )
    unread = sum(sentence.settled is None for sentence in sentences(reading))
    return Progress(**counts, unread=unread)
