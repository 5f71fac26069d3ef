"""Counting the ladder as a run: every count written to its series."""

from __future__ import annotations

from typing import Any

from gangshen.apps.identity.services import now, today
from gangshen.apps.ladder import services
from gangshen.apps.runs.models import Run

__all__ = ["count"]


def count(run: Run, progress: Any) -> dict[str, Any]:
    """Write today's counts; the same register gives the same figures and adds nothing."""
    progress.step(0, 1)
    written = services.write_counts(services.survey(today()), now=now(), actor=run.actor)
    progress.step(1, 1)
    return {"series": written}
