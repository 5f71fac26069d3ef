"""Counting days as Chinese offices count them."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from ._files import CalendarError, Day, published_files, read_days, year_of

__all__ = ["Calendar", "Deadline"]

_ONE = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a term. ``provisional``: a day of an unpublished year was counted as a plain week day."""

    date: dt.date
    provisional: bool = False

    def __str__(self) -> str:
        return self.date.isoformat() + ("?" if self.provisional else "")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and made-up workdays of the published years; outside them Saturday and Sunday are off.

    Terms follow the Civil Code of the PRC, articles 201-203: the opening day is not counted; a term of months ends on
    the corresponding day, or on the month's last day where there is none; a last day that is off moves to the next
    workday.
    """

    days: Mapping[dt.date, Day] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    @classmethod
    def load(cls, paths: Iterable[Path]) -> Self:
        """Read yearly files; of two files that speak of one date the later in order holds (a local adjustment)."""
        days: dict[dt.date, Day] = {}
        years: set[int] = set()
        for path in paths:
            days.update((day.date, day) for day in read_days(path))
            years.add(year_of(path))
        return cls(days, frozenset(years))

    @classmethod
    def published(cls, more: Iterable[Path] = ()) -> Self:
        """The years shipped with the project, with a zone's own files over them."""
        return cls.load([*published_files(), *more])

    def is_workday(self, date: dt.date) -> bool:
        day = self.days.get(date)
        return day.kind == "workday" if day else date.weekday() < 5

    def name(self, date: dt.date) -> str | None:
        """The holiday whose day off, or made-up workday, this is."""
        day = self.days.get(date)
        return day.name if day else None

    def is_provisional(self, start: dt.date, end: dt.date) -> bool:
        """Does the stretch, both ends included, touch a year whose notice is not loaded?"""
        first, last = sorted((start, end))
        return any(year not in self.years for year in range(first.year, last.year + 1))

    def next_workday(self, date: dt.date) -> Deadline:
        """``date`` itself when it is a workday, else the first one after it."""
        day = date
        while not self.is_workday(day):
            day = self._step(day, _ONE)
        return Deadline(day, self.is_provisional(date, day))

    def add_workdays(self, start: dt.date, n: int) -> Deadline:
        """``n`` 工作日 from ``start``, counted from the day after; 0 is ``start`` or the next workday.

        A negative ``n`` counts back from the day before (for reminders ahead of a deadline).
        """
        if n == 0:
            return self.next_workday(start)
        step, left, day = (_ONE if n > 0 else -_ONE), abs(n), start
        while left:
            day = self._step(day, step)
            left -= self.is_workday(day)
        return Deadline(day, self.is_provisional(start + step, day))

    def add_days(self, start: dt.date, n: int) -> Deadline:
        """``n`` 日 (calendar days) from ``start``; a last day off moves to the next workday."""
        return self.next_workday(self._step(start, dt.timedelta(days=n)))

    def add_months(self, start: dt.date, n: int) -> Deadline:
        """``n`` 个月 from ``start``; a year is 12. A last day off moves to the next workday."""
        year, month = divmod(start.year * 12 + start.month - 1 + n, 12)
        if not dt.MINYEAR <= year <= dt.MAXYEAR:
            raise CalendarError(f"{n} months from {start} leaves the calendar; give a shorter term")
        last = months.monthrange(year, month + 1)[1]
        return self.next_workday(dt.date(year, month + 1, min(start.day, last)))

    def workdays_between(self, start: dt.date, end: dt.date) -> int:
        """Workdays after ``start`` up to and including ``end``; negative when ``end`` comes first (days overdue)."""
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(start + _ONE * i) for i in range(1, (end - start).days + 1))

    @staticmethod
    def _step(day: dt.date, by: dt.timedelta) -> dt.date:
        try:
            return day + by
        except OverflowError:
            raise CalendarError(f"{by.days} days from {day} leaves the calendar; give a shorter term") from None
