"""What offices show to everyone: rows of the public page and parts of the wall.

What is registered here is shown without a log-in: public-grade only, no firm-level secret, totals above the suppression
limit, each with its date and scope. An office that has nothing today gives nothing; the page says so with the date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .hookpoints import HookPoint

__all__ = ["PUBLIC_ROWS", "SMALLEST", "WALL", "PublicPart", "PublicRow", "WallPart"]

SMALLEST = 10
"""Counts of firms below this are not published (assumed; a zone's statistics office sets its own)."""


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One row: what, a figure if there is one, in which scope, as of when; ``closes`` counts days left."""

    title: Any
    figure: Any = ""
    unit: Any = ""
    note: Any = ""  # issuer, scope, whom to ask
    day: dt.date | None = None  # when it was said, or as of
    opens: dt.date | None = None
    closes: dt.date | None = None
    marks: tuple[str, ...] = ()

    def days_left(self, today: dt.date) -> int | None:
        """Days until it closes, the last day counting as 0; None when it does not close."""
        return None if self.closes is None else (self.closes - today).days


@dataclass(frozen=True, slots=True)
class PublicPart:
    """A card of the public page; ``rows(today)`` may be empty, then ``empty`` says what comes next."""

    label: Any
    rows: Callable[[dt.date], Sequence[PublicRow]]
    empty: Any = ""
    scope: Any = ""


@dataclass(frozen=True, slots=True)
class WallPart:
    """A sheet of the wall: ``template`` drawn with ``context(today)``; None leaves it out."""

    label: Any
    template: str
    context: Callable[[dt.date], dict[str, Any] | None]


PUBLIC_ROWS: HookPoint[PublicPart] = HookPoint("part of the public page")
WALL: HookPoint[WallPart] = HookPoint("part of the wall")
