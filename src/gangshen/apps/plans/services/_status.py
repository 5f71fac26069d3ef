"""The rows of ``gangshen plans status``."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gangshen.apps.plans.models import Plan, Target, Task
from gangshen.apps.plans.services._board import board
from gangshen.apps.plans.services._figures import standings

__all__ = ["status"]


def status(today: dt.date, *, plan: str | None = None, user: Any = None) -> list[dict[str, Any]]:
    """Plans with their tasks and targets as they stand on ``today``; only what ``user`` may see, when given."""
    plans = Plan.objects.for_user(user) if user else Plan.objects.all()
    tasks = Task.objects.for_user(user) if user else Task.objects.all()
    targets = Target.objects.for_user(user) if user else Target.objects.all()
    if plan:
        plans = plans.filter(key=plan)
    rows = []
    for one in plans:
        lights = board(tasks.filter(plan=one).select_related("plan").prefetch_related("assignments__unit"), today)
        stood = standings(targets.filter(plan=one).select_related("plan", "series"), today, counted=True)
        rows.append(
            {
                "plan": one.key,
                "title": one.title,
                "draft": one.draft,
                "tasks": [
                    {
                        "task": task.key,
                        "number": task.number,
                        "title": task.title,
                        "units": [{"unit": a.printed, "role": a.role} for a in task.assignments.all()],
                        "due": task.due.isoformat() if task.due else None,
                        "state": task.state,
                        "light": light.light.value,
                        "reason": light.code,
                        "workdays": light.workdays,
                        "provisional": light.provisional,
                        "evidence": task.evidence or None,
                    }
                    for task, light in lights
                ],
                "targets": [_target(standing) for standing in stood],
            }
        )
    return rows


def _target(standing: Any) -> dict[str, Any]:
    target, pace = standing.target, standing.pace
    return {
        "target": target.key,
        "subject": target.subject,
        "comparator": target.comparator,
        "value": [float(target.low), float(target.high)] if target.high is not None else float(target.low),
        "unit": target.unit,
        "deadline": target.deadline.isoformat() if target.deadline else None,
        "series": target.series.key if target.series else None,
        "status": pace.status.value if pace else "unknown",
        "reasons": [part.code for part in pace.reasons] if pace else [f"no_{standing.missing}"],
        "latest": pace.value if pace else None,
        "at": pace.observation.at.isoformat() if pace and pace.observation else None,
        "share": _round(pace and pace.share),
        "time_share": _round(pace and pace.time_share),
        "needed_per_period": _round(pace and pace.needed_per_period),
        "periods_left": pace.periods_left if pace else None,
        "growth_needed": _round(pace and pace.growth_needed),
        "evidence": target.evidence or None,
        "register": _register(standing.measured),
    }


def _register(found: Any) -> dict[str, Any] | None:
    """The value by the register: what is certain, the most it may be, and how many firms leave it open."""
    if found is None:
        return None
    return {
        "low": _round(found.low),
        "high": _round(found.high),
        "counted": len(found.counted),
        "open": len(found.open),
        "as_of": found.as_of.isoformat(),
        "fault": found.fault or None,
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
