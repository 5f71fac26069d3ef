"""A unit's own: the plans, tasks and targets that name it, and the reports on its tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from gangshen.apps.identity.access import NOTHING

__all__ = ["own"]


def own(user: Any, model: type[Model]) -> Q:
    """The rows of ``model`` that belong to the user's unit."""
    unit = user.organisation_id
    if unit is None:
        return NOTHING
    match model._meta.model_name:
        case "plan":
            return Q(pk__in=_plans(unit))
        case "task":
            return Q(pk__in=_tasks(unit))
        case "report":
            return Q(task__in=_tasks(unit))
        case "target":
            return Q(units=unit)
    return NOTHING


def _tasks(unit: int) -> Any:
    from gangshen.apps.plans.models import Assignment

    return Assignment.objects.filter(unit=unit).values("task")


def _plans(unit: int) -> Any:
    from gangshen.apps.plans.models import Assignment

    return Assignment.objects.filter(unit=unit).values("task__plan")
