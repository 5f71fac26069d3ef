"""Which period the figures of a column are of: a year, quarter or month, or some months of a year, which are kept apart."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from gangshen.apps.registers.services._law import is_part
from gangshen.engines.formats import Table, Text
from gangshen.engines.vocabulary import Attribute, Period

from ._headers import of_another_year, of_this_year, period_in, year_of
from ._spans import Span, span_in, spanned

__all__ = ["FileTime", "file_time", "period_of_column"]

_WHOLE = re.compile(r"全年|年度")
_QUARTER_ENDS = {"Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12}


@dataclass(frozen=True, slots=True)
class FileTime:
    """``year``: what 本年 means; ``stated``: the period that whoever imports says; ``span``: the months that title, sheet or
    name of the file speak of; ``today``: the day it is looked at."""

    year: str = ""
    stated: str = ""
    span: Span | None = None
    today: dt.date | None = None


def file_time(table: Table, period: str, today: dt.date | None) -> FileTime:
    """What the file as a whole says of its period; a stated quarter, month or part of a year overrules its title."""
    told = [
        text for text in (table.layout.title, table.layout.sheet, table.name) if (found := span_in(text)) and found.last
    ]
    year = period[:4] or year_of(table.layout.title) or (year_of(told[0]) if told else "")
    span = span_in(told[0]) if told and len(period) <= 4 else None
    if span is None and is_part(period):
        span = Span(int(period[5:7]), int(period[8:10]))
    return FileTime(year, period, span, today)


def period_of_column(parts: tuple[str, ...], attribute: Attribute, when: FileTime) -> tuple[str, Text | None]:
    """The period that a header says; empty for that of its row. The text says why its figures cannot be taken.

    A figure of some months is never that of a year: ``2026-01/10`` where the year is known, else not taken.
    """
    said, own = period_in(parts, when.year), span_in(" ".join(parts))
    if attribute.period is Period.STATE:
        return (spanned(said[:4], own) if own and own.last and said else said), None
    if own is not None and own.last:
        year = said[:4] or ("" if of_another_year(parts) else when.year)
        return (spanned(year, own), None) if year else ("", _which_year(own))
    if own is not None:
        return _up_to_when(said or when.stated, when)
    if when.span is None:
        return said, None
    return _in_part(parts, said, when, when.span)


def _up_to_when(said: str, when: FileTime) -> tuple[str, Text | None]:
    """累计 alone: up to the month or quarter that is said, the months of the file, or a year that is over."""
    year, rest = said[:4], said[4:]
    if rest.startswith("Q"):
        return spanned(year, Span(1, _QUARTER_ENDS[rest])), None
    if rest:
        return spanned(year, Span(1, int(rest[-2:]))), None
    if when.span is not None and (year or when.year):
        return spanned(year or when.year, when.span), None
    if year and when.today is not None and int(year) < when.today.year:
        return year, None
    return "", Text(
        zh="“累计”是一年的一部分，不是全年数，而文件没有写明到哪个月（填写期间，如 2026年1-10月）",
        en="a figure so far is part of a year, not the year's, and the file doesn't say up to which month (state the period, as 2026-01/10)",
    )


def _in_part(parts: tuple[str, ...], said: str, when: FileTime, span: Span) -> tuple[str, Text | None]:
    """A header without months in a file of some months."""
    if "同期" in "".join(parts) and said:
        return spanned(said[:4], span), None
    if of_another_year(parts) and not _WHOLE.search("".join(parts)):
        return "", Text(
            zh="文件是一年中几个月的，不知此列是上年全年还是上年同期（改表头为上年同期或上年度）",
            en="the file is of some months of a year: last year's same months or whole year? (head it 上年同期 or 上年度)",
        )
    if not said or of_this_year(parts) or (said == when.year and len(said) == 4):
        year = said[:4] or when.year
        return (spanned(year, span), None) if year else ("", _which_year(span))
    return said, None


def _which_year(span: Span) -> Text:
    return Text(
        zh=f"{span.first}-{span.last}月是一年的一部分，不是全年数，而文件没有写明哪一年（填写期间，如 2026）",
        en=f"months {span.first} to {span.last} are part of a year, not the year's figure, and the file doesn't say which year (state the period, as 2026)",
    )
