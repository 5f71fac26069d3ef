"""Matching as a run."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gangshen.apps.identity.services import now, today
from gangshen.apps.policies import services
from gangshen.apps.runs.models import Run

__all__ = ["match", "match_today"]


def match(run: Run, progress: Any) -> dict[str, Any]:
    """Decide every pair as of the run's day and file the result."""
    as_of = dt.date.fromisoformat(run.params.get("as_of") or today().isoformat())
    frame = services.match_all(as_of)
    progress.keep(services.as_file(frame), f"match-{as_of}.arrow", now=now())
    counts = frame["decision"].value_counts().rows()
    named = {0: "no", 1: "unknown", 2: "yes"}
    return {"pairs": frame.height, **{named[code]: count for code, count in counts}}


def match_today(run: Run, progress: Any) -> dict[str, Any]:
    """The nightly match: nothing to do when nothing changed.

    The first of a zone also decides the day before, so that who is new can be told at once.
    """
    if not any(services.last_two()):
        services.start(today() - dt.timedelta(days=1), actor=None, now=now(), inline=True)
    made = services.start(today(), actor=None, now=now())
    return {"run": made.pk}
