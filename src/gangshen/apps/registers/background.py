"""Background work of the registers: imports, and the morning's snapshot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gangshen.apps.identity import services as identity
from gangshen.apps.registers.services import prune, snapshot, sweep
from gangshen.apps.registers.services.importing import execute as import_table
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run

__all__ = ["import_table", "refresh"]

_ABANDONED = dt.timedelta(days=1)


def refresh(run: Run, progress: runs.Progress) -> dict[str, Any]:
    """Remove what killed imports left, and build today's snapshot before anyone waits for it."""
    removed = sweep(identity.now() - _ABANDONED)
    made = snapshot("enterprise", identity.today())
    return {
        "removed_batches": removed,
        "removed_snapshots": prune(),
        "snapshot": made.digest,
        "enterprises": made.frame.height,
    }
