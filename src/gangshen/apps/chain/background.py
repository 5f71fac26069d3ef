"""Placing firms on the chain as a run: propose anew from the registers, then write down what differs."""

from __future__ import annotations

from typing import Any

from gangshen.apps.chain import services
from gangshen.apps.identity.services import now, today
from gangshen.apps.runs.models import Run

__all__ = ["place"]


def place(run: Run, progress: Any) -> dict[str, Any]:
    """Propose placements and write each firm's segments down; people's decisions stay."""
    day = today()
    progress.step(0, 2)
    counts = services.propose(day)
    progress.step(1, 2)
    written = services.write_down(day, now=now(), actor=run.actor, run=run)
    return {**counts, "written": written}
