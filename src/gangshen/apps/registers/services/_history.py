"""The quality of the register over time: what each day's run measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gangshen.apps.runs.models import Run

from ._quality import quality

__all__ = ["MEASURE", "Measured", "measure", "measured"]

MEASURE = "registers.quality"
_MOST = 400  # runs looked at
_DAYS = 31  # for which every day is shown; before that the last of each month


@dataclass(frozen=True, slots=True)
class Measured:
    """What stood on ``day``; ``figures`` as of :meth:`Quality.figures`."""

    day: dt.date
    run: int
    figures: dict[str, int]

    @property
    def share(self) -> float | None:
        """Per cent of the known values that were out of date."""
        known = self.figures.get("known", 0)
        return round(100 * self.figures.get("stale", 0) / known, 1) if known else None


def measure(as_of: dt.date) -> dict[str, object]:
    """The result of a run: the day and its figures, and of each attribute how much is known and out of date."""
    found = quality(as_of)
    lines = {line.attribute.id: [line.known, line.stale, line.disputed] for line in found.lines}
    return {"day": as_of.isoformat(), "figures": found.figures(), "attributes": lines}


def measured(today: dt.date) -> list[Measured]:
    """The days measured up to ``today``, oldest first: each of the last month, and the last of every month before."""
    done = Run.objects.filter(kind=MEASURE, state=Run.State.DONE).order_by("-pk")
    kept: dict[str, Measured] = {}
    for run, result in done.values_list("pk", "result")[:_MOST]:
        day = dt.date.fromisoformat(result["day"])
        slot = day.isoformat() if (today - day).days <= _DAYS else f"{day:%Y-%m}"
        if day <= today and slot not in kept:
            kept[slot] = Measured(day, run, result["figures"])
    return sorted(kept.values(), key=lambda one: one.day)
