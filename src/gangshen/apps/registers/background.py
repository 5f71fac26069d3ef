"""Background work of the registers: imports, and the morning's snapshot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gangshen.apps.identity import services as identity
from gangshen.apps.registers.services import (
    PULL,
    connector,
    due,
    find_duplicates,
    measure,
    prune,
    pull,
    snapshot,
    sweep,
)
from gangshen.apps.registers.services.importing import execute as import_table
from gangshen.apps.registers.services.importing import look as look_at_table
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused

__all__ = ["duplicates", "import_table", "look_at_table", "measure_quality", "pull_due", "pull_one", "refresh"]

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


def duplicates(run: Run, progress: runs.Progress) -> dict[str, Any]:
    """Look through the register for firms that stand in it twice."""
    return find_duplicates(identity.now(), lambda done, total: progress.step(done, total, _("Comparing names")))


def measure_quality(run: Run, progress: runs.Progress) -> dict[str, Any]:
    """Keep how far the register can be trusted today, to be compared with other days."""
    return measure(identity.today())


def pull_one(run: Run, progress: runs.Progress) -> dict[str, Any]:
    """Bring what one connector has new."""
    one = connector(run.params["connector"])
    step = progress.step
    return pull(
        one, actor=run.actor, now=identity.now(), at=timezone.now(), step=lambda done, words: step(done, None, words)
    )


def pull_due(run: Run, progress: runs.Progress) -> dict[str, Any]:
    """Pull every connector whose time has come; one that fails keeps no other back and says so on its page."""
    pulled: list[str] = []
    failed: list[str] = []
    for one in due(timezone.now()):
        progress.step(len(pulled) + len(failed), None, one.key)
        try:
            runs.start(PULL, {"connector": one.key}, actor=None, now=identity.now(), inline=True)
        except Refused:
            failed.append(one.key)
        else:
            pulled.append(one.key)
    return {"pulled": pulled, "failed": failed}
