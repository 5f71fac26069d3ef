"""What plans register below: adopters of readings, kinds of cases, the daily look at dates."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from gangshen.apps.cases.models import Case
from gangshen.apps.cases.services import CASE_TYPES, CaseType
from gangshen.apps.documents.services import ADOPTERS, Adopter
from gangshen.apps.plans import background, services
from gangshen.apps.runs.services import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text


def _task_page(case: Case) -> str:
    return reverse("plans:task", args=[Ref.parse(case.about).id])


ADOPTERS.register(
    "plans",
    Adopter(Text(zh="规划", en="Plan"), frozenset({"task", "target", "phase", "promised_list"}), services.adopt),
)
for key, label, workdays, closes in (
    ("follow_up", Text(zh="督办", en="Follow-up"), 2, ("operator", "leader")),
    ("task_overdue", Text(zh="任务超期", en="Task overdue"), None, ("operator",)),
    ("task_unassigned", Text(zh="任务待分派", en="Task without a unit"), 3, ("operator",)),
    ("report_returned", Text(zh="报送退回", en="Report returned"), 2, ("operator",)),
):
    CASE_TYPES.register(key, CaseType(key, label, workdays=workdays, receipt="text", closes=closes, url=_task_page))

KINDS.register(
    "plans.dates",
    RunKind(Text(zh="检查任务期限", en="Look at the dates of tasks"), background.look_at_dates, resumable=True),
)
SCHEDULES.register(
    "plans-dates",
    ScheduleDefaults(
        "plans.dates", Text(zh="每日检查任务期限", en="Look at the dates of tasks daily"), daily_at=dt.time(6, 30)
    ),
)
