"""The daily look at dates."""

from __future__ import annotations

from typing import Any

from gangshen.apps.identity.services import now, today
from gangshen.apps.plans import services
from gangshen.apps.runs.models import Run

__all__ = ["look_at_dates"]


def look_at_dates(run: Run, progress: Any) -> dict[str, Any]:
    """Open a case for each overdue task of a plan in force, once."""
    return {"overdue": services.tick(today(), now())}
