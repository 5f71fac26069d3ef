"""What is measured and what is wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["Comparator", "Nature", "Observation", "Part", "Period", "Target", "TargetError", "Vintage"]


class Vintage(StrEnum):
    """How final a figure is, weakest first: 快报, 初步核算, 年报."""

    FLASH = "flash"
    PRELIMINARY = "preliminary"
    FINAL = "final"

    @property
    def rank(self) -> int:
        return list(Vintage).index(self)


class Nature(StrEnum):
    """How a quantity behaves in time."""

    CUMULATIVE = "cumulative"  # 累计: adds up from the start of its period
    LEVEL = "level"  # a stock at a date: firms, parcels, or a year's output taken as a whole
    RATE = "rate"  # a ratio or intensity: never adds up


class Comparator(StrEnum):
    GE = "ge"
    LE = "le"
    RANGE = "range"  # between value and high, both included


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        return {"month": 1, "quarter": 3, "year": 12}[self.value]


class TargetError(ValueError):
    """A target that cannot be read: the message names the field and the remedy."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure of a series.

    ``at`` is the last day of what it covers (2025 as a whole: 2025-12-31; 累计 to September: 09-30). ``rate`` is the
    year-on-year change in % *as published*: on comparable scope, so it need not equal the ratio of two figures and is
    never recomputed. ``scope`` names the 口径; figures of different scopes are not comparable. ``ref`` says where it
    came from.
    """

    at: dt.date
    value: float
    vintage: Vintage = Vintage.FINAL
    published_on: dt.date | None = None
    rate: float | None = None
    scope: str = ""
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What a plan wants: ``value`` (the low end of a range) by ``due``.

    ``start`` is the first day of the plan's period and ``base`` the value on the day before it; both are needed for a
    path, except that a cumulative quantity starts from 0.
    """

    comparator: Comparator
    value: float
    due: dt.date
    nature: Nature = Nature.LEVEL
    high: float | None = None
    start: dt.date | None = None
    base: float | None = None

    def __post_init__(self) -> None:
        if (self.comparator is Comparator.RANGE) != (self.high is not None):
            raise TargetError("high belongs to a range and to nothing else: give both ends, or drop high")
        if self.high is not None and self.high < self.value:
            raise TargetError(f"high {self.high:g} lies below value {self.value:g}: swap them")
        if self.start is not None and self.start > self.due:
            raise TargetError(f"start {self.start} comes after due {self.due}: swap them")

    @property
    def path_base(self) -> float | None:
        """Where the path begins: the stated base, 0 for what adds up, else not known."""
        return self.base if self.base is not None else (0.0 if self.nature is Nature.CUMULATIVE else None)

    def met_by(self, value: float) -> bool:
        if self.comparator is Comparator.LE:
            return value <= self.value
        return value >= self.value and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a reason: a code that the reader's language puts into words, with its figures."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
