"""Holiday files: one CSV a year, as the State Council's yearly notice fixes it."""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

__all__ = ["CalendarError", "Day", "published_files", "read_days", "year_of"]

_COLUMNS = ["date", "kind", "name"]
_STEM = re.compile(r"(\d{4})(?:-[\w-]+)?")


class CalendarError(ValueError):
    """A calendar file or a request to the calendar is not usable; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day that differs from the plain week: a day off, or a weekend day worked in exchange (调休上班)."""

    date: dt.date
    kind: Literal["holiday", "workday"]
    name: str


def published_files() -> list[Path]:
    """The files shipped with the project, by year."""
    return sorted(Path(str(path)) for path in (files(__package__) / "data").iterdir() if path.name.endswith(".csv"))


def year_of(path: Path) -> int:
    """The year that a file publishes, from its name: ``2026.csv`` or ``2026-local.csv``."""
    found = _STEM.fullmatch(path.stem)
    if found is None or path.suffix.lower() != ".csv":
        raise CalendarError(f"{path}: name the file by the year it publishes, such as 2027.csv")
    return int(found[1])


def read_days(path: Path, text: str | None = None) -> list[Day]:
    """Read ``date,kind,name`` rows; lines that begin with # are comments. ``text``: the content, when it is at hand.

    Rows lie in the file's year or in the December before it, as the notices do. Raises :class:`CalendarError` with
    file, line and field.
    """
    year = year_of(path)
    try:
        lines = (path.read_text(encoding="utf-8-sig") if text is None else text.removeprefix("\ufeff")).splitlines()
    except FileNotFoundError:
        raise CalendarError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise CalendarError(f"{path}: not UTF-8 text; save the file as UTF-8 CSV") from None
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    rows = [(n, next(csv.reader([line]))) for n, line in numbered]
    if not rows or rows[0][1] != _COLUMNS:
        raise CalendarError(f"{path}: the first line must be the header {','.join(_COLUMNS)}")
    days: dict[dt.date, Day] = {}
    for number, cells in rows[1:]:
        day = _day(cells, f"{path}:{number}", year)
        if day.date in days:
            raise CalendarError(f"{path}:{number}: date {day.date} stands twice; keep one line")
        days[day.date] = day
    return list(days.values())


def _day(cells: list[str], place: str, year: int) -> Day:
    if len(cells) != len(_COLUMNS):
        raise CalendarError(f"{place}: {len(cells)} cells where {len(_COLUMNS)} are expected ({','.join(_COLUMNS)})")
    text, kind, name = (cell.strip() for cell in cells)
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise CalendarError(f"{place}: date {text!r} is not a date; write YYYY-MM-DD") from None
    if not dt.date(year - 1, 12, 1) <= date <= dt.date(year, 12, 31):
        raise CalendarError(f"{place}: date {date} does not belong to {year}; put it in that year's file")
    if kind == "workday" and date.weekday() < 5:
        raise CalendarError(f"{place}: kind workday on {date}, a weekday anyway; only weekend days are made up")
    if kind == "holiday":
        return Day(date, "holiday", name)
    if kind == "workday":
        return Day(date, "workday", name)
    raise CalendarError(f"{place}: kind {kind!r} is neither holiday nor workday")
