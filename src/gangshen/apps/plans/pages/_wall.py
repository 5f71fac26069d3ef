"""What plans show on the wall: three targets of public grade and the month's three results."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from gangshen.apps.indicators.models import Observation
from gangshen.apps.plans.models import Report, Target, Task
from gangshen.apps.plans.pages._words import cards
from gangshen.apps.plans.services import standings
from gangshen.web.public import WallPart

__all__ = ["RESULTS", "TARGETS"]

SHOWN, DAYS, PUBLIC = 3, 31, "公开"


def _targets(today: dt.date) -> dict[str, Any] | None:
    """Of plans that are no drafts, those whose latest figure came from a source of public grade."""
    public = Observation.objects.filter(source__grade=PUBLIC).values("series")
    query = Target.objects.filter(plan__draft=False, series__in=public).select_related("plan", "series")
    stood = [one for one in standings(query, today) if one.pace and one.pace.observation]
    newest = sorted(cards(stood), key=lambda card: card.latest_at or dt.date.min, reverse=True)
    return {"cards": newest[:SHOWN]} if newest else None


def _results(today: dt.date) -> dict[str, Any] | None:
    """Tasks closed in the last month: the report that closed each was accepted."""
    since = timezone.make_aware(dt.datetime.combine(today - dt.timedelta(DAYS), dt.time.min))
    until = timezone.make_aware(dt.datetime.combine(today, dt.time.max))
    closed = Task.objects.filter(state=Task.State.CLOSED, plan__draft=False).select_related("plan")
    said = Report.objects.filter(state=Report.State.ACCEPTED, at__range=(since, until), task__in=closed)
    found: dict[int, dict[str, Any]] = {}
    for report in said.select_related("task__plan").order_by("-at"):
        found.setdefault(report.task_id, {"task": report.task, "at": timezone.localdate(report.at)})
    return {"results": list(found.values())[:SHOWN]}


TARGETS = WallPart(gettext_lazy("Three targets"), "plans/wall_targets.html", _targets)
RESULTS = WallPart(gettext_lazy("Results of the month"), "plans/wall_results.html", _results)
