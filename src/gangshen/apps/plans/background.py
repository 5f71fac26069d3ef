"""The daily look at dates."""

from __future__ import annotations

from typing import Any

from gangshen.apps.identity.services import now, today
from gangshen.apps.plans import services
from gangshen.apps.runs.models import Run

__all__ = ["look_at_dates"]


def look_at_dates(run: Run, progress: Any) -> dict[str, Any]:
    """Ask for a report before a task's date and after it, once each; only for plans in force."""
    return dict(services.tick(today(), now()))
