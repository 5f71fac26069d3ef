"""Counting over a snapshot: what is certain, and apart from it the firms whose values are missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from gangshen.engines.rules import Node, compile_rules, period_keys
from gangshen.engines.vocabulary import Vocabulary

from ._axes import AXES, classes
from ._model import Measure, Statistic, for_counting

__all__ = ["Cell", "Counting", "both_known", "count"]

NO, UNKNOWN, YES = 0, 1, 2
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure. ``n`` firms are in it; of ``open`` more it is unknown whether, or with how much.

    ``num`` over ``den`` gives a share or a figure per head; ``top`` and ``top_den`` are the largest single parts.
    ``value`` is None where nothing is certain: unknown, never zero. Money in fen.
    """

    key: tuple[str, ...]
    n: int
    open: int
    num: int | float
    den: int | float
    top: float
    top_den: float
    value: int | float | None

    @property
    def among(self) -> int:
        return self.n + self.open


@dataclass(frozen=True, slots=True)
class Counting:
    """A statistic counted on a day: one row a firm that is, or may be, meant."""

    statistic: Statistic
    as_of: dt.date
    period: str  # 2025, 2025Q3; empty for a state
    rows: pl.DataFrame  # id, synthetic, known, num, den and a list of classes per axis asked
    everyone: frozenset[str]  # ids of the register on that day

    @property
    def total(self) -> Cell:
        made = self.cells(())
        return made[0] if made else Cell((), 0, 0, 0, 0, 0.0, 0.0, None)

    def cells(self, by: tuple[str, ...]) -> list[Cell]:
        """The figures of every class (or pair of classes) that has a firm, the largest first."""
        frame = self.rows
        for name in by:
            frame = frame.explode(name)
        known = pl.col("known")
        figures = [
            known.sum().alias("n"),
            (~known).sum().alias("open"),
            pl.col("num").filter(known).sum().alias("num"),
            pl.col("den").filter(known).sum().alias("den"),
            pl.col("num").filter(known).abs().max().fill_null(0).cast(pl.Float64).alias("top"),
            pl.col("den").filter(known).abs().max().fill_null(0).cast(pl.Float64).alias("top_den"),
        ]
        if frame.is_empty():
            return []
        made = frame.group_by(by).agg(figures) if by else frame.select(figures)
        found = [self._cell(tuple(row[name] for name in by), row) for row in made.iter_rows(named=True)]
        return sorted(found, key=lambda cell: (-cell.n, -cell.open, cell.key))

    def _cell(self, key: tuple[str, ...], row: dict[str, Any]) -> Cell:
        num, den, measure = row["num"], row["den"], self.statistic.measure
        value: int | float | None = None
        if measure is Measure.COUNT:
            value = row["n"] if row["n"] or not row["open"] else None
        elif row["n"] and measure is Measure.SUM:
            value = num
        elif row["n"] and den:
            value = (100 if measure is Measure.SHARE else 1) * num / den
        return Cell(key, row["n"], row["open"], num, den, row["top"], row["top_den"], value)

    def firms(self, by: tuple[str, ...] = (), key: tuple[str, ...] = ()) -> pl.DataFrame:
        """The firms of one cell: known ones first, by their part."""
        frame = self.rows
        for name, value in zip(by, key, strict=True):
            frame = frame.filter(pl.col(name).list.contains(value))
        return frame.sort(["known", "num", "id"], descending=[True, True, False])

    def among(self, ids: Collection[str]) -> Counting:
        """The same over some of the firms only: the comparable scope."""
        kept = self.rows.filter(pl.col("id").is_in(list(ids)))
        return Counting(self.statistic, self.as_of, self.period, kept, self.everyone & frozenset(ids))


def count(
    one: Statistic, frame: pl.DataFrame, words: Vocabulary, as_of: dt.date, axes: Collection[str] = ()
) -> Counting:
    """Count ``one`` over ``frame``, a snapshot of ``as_of``; ``axes`` are made ready beside those of its own tables."""
    wanted = list(dict.fromkeys([*(name for table in one.tables for name in table), *axes]))
    meant = _answers(one.scope, frame, words, as_of)
    member, maybe = meant == YES, meant == UNKNOWN
    ones = np.ones(frame.height, dtype=np.int64)
    keys = period_keys(one.period, as_of) or ()
    period = keys[0] if keys else ""
    num, den, told = pl.Series(ones), pl.Series(ones), np.ones(frame.height, dtype=bool)
    if one.measure is Measure.SHARE:
        answers = _answers(one.counted, frame, words, as_of)
        num, told = pl.Series((answers == YES).astype(np.int64)), answers != UNKNOWN
    elif one.measure in (Measure.SUM, Measure.PER_HEAD):
        num, told = _values(one.attribute or "", period, frame)
        if one.measure is Measure.PER_HEAD:
            den, both = _values(one.per or "", period, frame)
            told = told & both
    named = frame["name"] if "name" in frame.columns else frame["id"]
    synthetic = frame["synthetic"] if "synthetic" in frame.columns else pl.repeat(False, frame.height, eager=True)
    rows = pl.DataFrame(
        [
            frame["id"].alias("id"),
            named.alias("name"),
            synthetic.alias("synthetic"),
            pl.Series("known", member & told),
            num.alias("num"),
            den.alias("den"),
            *(classes(name, frame, [True] * frame.height).alias(name) for name in wanted if name in AXES),
        ]
    )
    return Counting(one, as_of, period, rows.filter(pl.Series(member | maybe)), frozenset(frame["id"].to_list()))


def _answers(node: Node | None, frame: pl.DataFrame, words: Vocabulary, as_of: dt.date) -> npt.NDArray[np.uint8]:
    if node is None:
        return np.full(frame.height, YES, dtype=np.uint8)
    answers: npt.NDArray[np.uint8] = (
        compile_rules([node], for_counting(words)).evaluate(frame, as_of, distances=False).decisions[0]
    )
    return answers


def _values(attribute: str, period: str, frame: pl.DataFrame) -> tuple[pl.Series, Flags]:
    """The values of the period asked for, else the latest, and where they are known and not out of date."""
    name = f"{attribute}@{period}" if period else attribute
    if name not in frame.columns or frame[name].dtype == pl.Null:
        return pl.Series([0] * frame.height, dtype=pl.Int64), np.zeros(frame.height, dtype=bool)
    column = frame[name]
    known = column.is_not_null()
    if f"{name}__stale" in frame.columns:
        known &= ~frame[f"{name}__stale"].fill_null(value=False)
    return column.fill_null(0), known.to_numpy()


def both_known(now: Counting, then: Counting) -> frozenset[str]:
    """The comparable scope of two dates: firms known in both, or, of a count, of the register on both days."""
    if now.statistic.measure in (Measure.COUNT, Measure.SHARE):
        return now.everyone & then.everyone
    sure = [frozenset(one.rows.filter(pl.col("known"))["id"].to_list()) for one in (now, then)]
    return sure[0] & sure[1]
