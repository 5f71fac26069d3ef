"""Counting a statistic over the snapshot of a day: tables, growth on both scopes, the years before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gangshen.apps.indicators.models import Series
from gangshen.apps.indicators.models import Statistic as Row
from gangshen.apps.registers import services as registers
from gangshen.engines import statistics as engine
from gangshen.engines.formats import load_yaml
from gangshen.engines.statistics import Cell, Counting, Measure, Published, Statistic
from gangshen.engines.timeseries import GrowthError, average_annual_growth

from ._series import latest

__all__ = [
    "Growth",
    "Key",
    "Line",
    "count_now",
    "counted",
    "counted_by",
    "counting_key",
    "growth",
    "lines_of",
    "yearly",
]

Key = tuple[str, str, str, dt.date, tuple[str, ...]]

YEARS_BACK = 3  # the snapshot's columns reach so far


@dataclass(frozen=True, slots=True)
class Line:
    """A cell of a table as people see it: its classes in words, its figure, whether it is hidden outside."""

    cell: Cell
    classes: tuple[Any, ...]
    hidden: bool


@dataclass(frozen=True, slots=True)
class Growth:
    """同比: ``published`` of the whole scopes of both dates, ``comparable`` of the firms known in both; in %."""

    then: dt.date
    period: str
    before: float | int | None
    published: float | None
    firms: int
    comparable: float | None
    real: float | None = None  # at comparable prices, where a price index is named and known
    average: float | None = None  # 年均增长 from the base year
    base_year: int | None = None


def counted(row: Row, as_of: dt.date, axes: Collection[str] = ()) -> tuple[Counting, str]:
    """The statistic counted on ``as_of``, and the digest of the snapshot it rests on."""
    key = counting_key(row, as_of, axes)
    return counted_by(*key), key[1]


def counting_key(row: Row, as_of: dt.date, axes: Collection[str] = ()) -> Key:
    """All that a count depends on: definition, snapshot, vocabulary, day, axes."""
    taken = registers.snapshot(as_of=as_of)
    return row.definition, taken.digest, registers.vocabulary_digest(), as_of, tuple(sorted(axes))


@lru_cache(maxsize=64)
def counted_by(definition: str, digest: str, words: str, as_of: dt.date, axes: tuple[str, ...]) -> Counting:
    """The count of a key; kept in memory."""
    one = load_yaml(definition, Statistic, name="statistic")
    taken = registers.snapshot_kept(digest, "enterprise", as_of) or registers.snapshot(as_of=as_of)
    return engine.count(one, taken.frame, registers.vocabulary(), as_of, axes)


def count_now(one: Statistic, as_of: dt.date, digest: str = "") -> Counting:
    """A definition that is not kept, counted; over the snapshot of ``digest`` where it is still there."""
    taken = registers.snapshot_kept(digest, "enterprise", as_of) or registers.snapshot(as_of=as_of)
    return engine.count(one, taken.frame, registers.vocabulary(), as_of)


def lines_of(counting: Counting, by: tuple[str, ...], safe: Published | None = None) -> list[Line]:
    """A table of the count; with ``safe`` each cell says whether it is hidden from everyone else."""
    words, names = registers.vocabulary(), registers.names()
    return [
        Line(
            cell,
            tuple(engine.class_label(name, value, words, names) for name, value in zip(by, cell.key, strict=True)),
            bool(safe and not safe.shows(by, cell)),
        )
        for cell in counting.cells(by)
    ]


def growth(one: Statistic, now: Counting, digest: str = "") -> Growth | None:
    """Against the year before: of a figure of a year on the same day's data (its base as revised), else on that day's."""
    if now.total.value is None or one.measure is Measure.SHARE:
        return None
    then = _year_before(one, now, digest)
    if then is None:
        return None
    both = engine.both_known(now, then)
    parts = now.among(both).total, then.among(both).total
    rate = _rate(now.total.value, then.total.value)
    average, base_year = _average(one, now, digest)
    return Growth(
        then.as_of,
        then.period,
        then.total.value,
        rate,
        len(both),
        _rate(parts[0].value, parts[1].value),
        _real(one, now, rate),
        average,
        base_year,
    )


def _rate(now: float | None, before: float | None) -> float | None:
    return 100 * (now / before - 1) if now is not None and before is not None and before > 0 else None


def _year_before(one: Statistic, now: Counting, digest: str) -> Counting | None:
    if now.period:
        earlier = f"{int(now.period[:4]) - 1}{now.period[4:]}"
        return count_now(one.model_copy(update={"period": earlier}), now.as_of, digest)
    then = count_now(one, engine.year_before(now.as_of))
    return then if then.everyone else None


def _real(one: Statistic, now: Counting, rate: float | None) -> float | None:
    """At comparable prices, by the index of the period; None where the series does not say it."""
    if not one.deflator or rate is None:
        return None
    end = registers.period_end(now.period) if now.period else now.as_of
    held = latest(one.deflator, end) if Series.objects.filter(key=one.deflator).exists() else None
    return engine.real_growth(rate, float(held.value)) if held and held.at.year == end.year else None


def _average(one: Statistic, now: Counting, digest: str) -> tuple[float | None, int | None]:
    """年均增长 from the base year to the year of the figure, of a figure of whole years."""
    if one.base_year is None or len(now.period) != 4 or now.total.value is None:
        return None, None
    base = count_now(one.model_copy(update={"period": str(one.base_year)}), now.as_of, digest).total.value
    try:
        rate = average_annual_growth(
            float(base or 0), float(now.total.value), base_year=one.base_year, end_year=int(now.period)
        )
    except GrowthError:
        return None, one.base_year
    return rate, one.base_year


def yearly(one: Statistic, now: Counting, digest: str = "") -> Sequence[tuple[str, Cell]]:
    """The same figure of the years before that the register still tells, the oldest first."""
    if len(now.period) != 4:
        return []
    years = range(now.as_of.year - YEARS_BACK, int(now.period))
    made = [
        (str(year), count_now(one.model_copy(update={"period": str(year)}), now.as_of, digest).total) for year in years
    ]
    return [*((year, cell) for year, cell in made if cell.n), (now.period, now.total)]


def day_of(now: Counting) -> dt.date:
    """The date under which the figure is kept: the last day of its period, else the day it was counted for."""
    return registers.period_end(now.period) if now.period else now.as_of
