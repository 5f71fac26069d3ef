"""Status lights of tasks (红黄绿灯): computed from dates, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gangshen.apps.cases.services import calendar
from gangshen.apps.plans.models import Task
from gangshen.engines.workdays import Calendar

__all__ = ["Light", "StatusLight", "board", "light"]

SOON = 5  # workdays


class Light(StrEnum):
    """The shapes of the look: ok ●, near ▲, bad ◆, unk ○, na ―."""

    GREEN = "ok"
    AMBER = "near"
    RED = "bad"
    GREY = "unk"
    NONE = "na"


@dataclass(frozen=True, slots=True)
class StatusLight:
    """A task's light and why; ``workdays`` are those left (negative: overdue), None without a date."""

    light: Light
    code: str  # closed, draft, undated, reported, overdue, today, soon, on_time
    workdays: int | None = None
    provisional: bool = False  # counts days beyond the last published year

    @property
    def words(self) -> str:
        days = abs(self.workdays or 0)
        match self.code:
            case "closed":
                return _("Closed out")
            case "draft":
                return _("Draft: tracked, not followed up")
            case "undated":
                return _("No date in the plan")
            case "reported":
                return _("Reported, to be closed out")
            case "overdue" if not days:
                return _("Overdue, no workday since")
            case "overdue":
                return ngettext("%(n)d workday overdue", "%(n)d workdays overdue", days) % {"n": days}
            case "today":
                return _("Due today")
            case _:
                return ngettext("%(n)d workday left", "%(n)d workdays left", days) % {"n": days}


def light(task: Task, today: dt.date, *, days: Calendar | None = None) -> StatusLight:
    """The light of ``task`` on ``today``; ``task.plan`` should be fetched with it. ``days`` saves reading the calendar."""
    if task.state == Task.State.CLOSED:
        return StatusLight(Light.GREEN, "closed")
    if task.plan.draft:
        return StatusLight(Light.NONE, "draft")
    if task.due is None:
        return StatusLight(Light.GREY, "undated")
    days = days or calendar()
    provisional = days.is_provisional(min(today, task.due), max(today, task.due))
    if task.due < today:
        if task.state == Task.State.REPORTED:
            return StatusLight(Light.AMBER, "reported", -days.workdays_between(task.due, today), provisional)
        return StatusLight(Light.RED, "overdue", -days.workdays_between(task.due, today), provisional)
    left = days.workdays_between(today, task.due)
    if task.state == Task.State.REPORTED:
        return StatusLight(Light.AMBER, "reported", left, provisional)
    if task.due == today:
        return StatusLight(Light.AMBER, "today", 0, provisional)
    return StatusLight(
        Light.AMBER if left <= SOON else Light.GREEN, "soon" if left <= SOON else "on_time", left, provisional
    )


_ORDER = {Light.RED: 0, Light.AMBER: 1, Light.GREY: 2, Light.GREEN: 3, Light.NONE: 4}


def board(tasks: Iterable[Task], today: dt.date) -> list[tuple[Task, StatusLight]]:
    """Tasks with their lights: what is late first, then by date."""
    days = calendar()
    rows = [(task, light(task, today, days=days)) for task in tasks]
    return sorted(rows, key=lambda row: (_ORDER[row[1].light], row[0].due or dt.date.max, row[0].pk))
