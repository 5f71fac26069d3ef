"""Deadlines in workdays of the zone's calendar, and how much of them is left."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext_lazy, ngettext_lazy

from gangshen.apps.cases.models import Case, Holidays
from gangshen.engines.workdays import Calendar, Deadline, read_days

__all__ = ["SOON", "Clock", "calendar", "clock", "deadline"]

State = Literal["overdue", "today", "soon", "ok", "waiting", "none"]
SOON = 3  # workdays ahead in which a deadline counts as near


@dataclass(frozen=True, slots=True)
class Clock:
    """How a case stands in time; ``workdays_left`` is negative when overdue, None without a deadline or once closed."""

    workdays_left: int | None
    state: State
    words: Any  # lazy text
    due: dt.date | None = None
    provisional: bool = False  # beyond the last published holiday notice


@lru_cache(maxsize=4)
def _calendar(files: tuple[tuple[str, str], ...]) -> Calendar:
    published = Calendar.published()
    own = {day.date: day for name, text in files for day in read_days(Path(name), text)}
    years = {int(name[:4]) for name, _text in files}
    return Calendar({**published.days, **own}, published.years | years)


def calendar() -> Calendar:
    """The published years with the zone's own files over them."""
    return _calendar(tuple(Holidays.objects.values_list("name", "text")))


def deadline(workdays: int, today: dt.date) -> Deadline:
    """The last day of a term of ``workdays`` that begins today."""
    return calendar().add_workdays(today, workdays)


def clock(case: Case, today: dt.date, *, days: Calendar | None = None) -> Clock:
    """How the case stands on ``today``; give the calendar as ``days`` when asking for many."""
    if case.state == Case.State.CLOSED:
        return Clock(None, "none", gettext_lazy("Closed"), case.due)
    waiting = case.state in (Case.State.WAITING, Case.State.REPORTED)
    if case.due is None:
        words = Case.State(case.state).label if waiting else gettext_lazy("No deadline")
        return Clock(None, "waiting" if waiting else "none", words)
    left = (days or calendar()).workdays_between(today, case.due)
    provisional = case.due_provisional
    if case.due < today:
        # a deadline on a day off has passed though no workday has: it counts from the next one
        over = max(-left, 0)
        words = (
            ngettext_lazy("%(n)d workday overdue", "%(n)d workdays overdue", over) % {"n": over}
            if over
            else gettext_lazy("Overdue")
        )
        return Clock(-over, "overdue", words, case.due, provisional)
    if waiting:
        return Clock(left, "waiting", Case.State(case.state).label, case.due, provisional)
    if case.due == today:
        return Clock(0, "today", gettext_lazy("Due today"), case.due, provisional)
    if left == 0:  # the deadline is a day off, and no workday lies before it
        return Clock(0, "soon", gettext_lazy("No workday left"), case.due, provisional)
    words = ngettext_lazy("%(n)d workday left", "%(n)d workdays left", left) % {"n": left}
    return Clock(left, "soon" if left <= SOON else "ok", words, case.due, provisional)
