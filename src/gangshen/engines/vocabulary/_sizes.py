"""Size classes (大中小微) and the directory's floors (规上) from dated tables, never constants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from ._model import ScaleEdition, SizeEdition, SizeRow

__all__ = ["CLASSES", "in_industries", "scale_floor", "size_class", "size_class_column"]

CLASSES = ("大型", "中型", "小型", "微型")
_FEN = 10**6  # of 万元


def in_industries(code: str, industries: Sequence[str]) -> bool:
    """Whether a GB/T 4754 code (digits) lies under one of the prefixes (``701``) or ranges of divisions (``06-46``)."""
    for entry in industries:
        first, _, last = entry.partition("-")
        if (first <= code[:2] <= last) if last else code.startswith(first):
            return True
    return False


def _edition(editions: Sequence[SizeEdition], as_of: dt.date) -> SizeEdition | None:
    dated = [edition for edition in editions if edition.valid_from <= as_of]
    return max(dated, key=lambda edition: edition.valid_from, default=None)


def _floors(row: SizeRow) -> list[tuple[int, tuple[float, ...]]]:
    """Position of the figure among (employees, revenue, assets) and its three floors, in persons or fen."""
    floors: list[tuple[int, tuple[float, ...]]] = []
    for position, given in enumerate((row.employees, row.revenue, row.assets)):
        if given is not None:
            floors.append((position, tuple(floor * (_FEN if position else 1) for floor in given)))
    return floors


def size_class(
    editions: Sequence[SizeEdition],
    as_of: dt.date,
    industry: str | None,
    employees: float | None,
    revenue: float | None,
    assets: float | None,
) -> str | None:
    """大型, 中型, 小型 or 微型: the highest class whose every floor is met (money in fen).

    None when the industry is unknown or not in the table, or a figure is missing that could still decide; one figure
    below the lowest floor makes a firm 微型 whatever the others are.
    """
    edition = _edition(editions, as_of)
    rows = edition.rows if edition and industry else ()
    row = next((row for row in rows if in_industries(industry or "", row.industries)), None)
    if row is None:
        return None
    figures = (employees, revenue, assets)
    classes = [
        None if figures[position] is None else sum(figures[position] < floor for floor in floors)  # type: ignore[operator]
        for position, floors in _floors(row)
    ]
    if 3 in classes:
        return CLASSES[3]
    if None in classes:
        return None
    return CLASSES[max(place for place in classes if place is not None)]


def size_class_column(editions: Sequence[SizeEdition], as_of: dt.date, inputs: Sequence[str]) -> pl.Expr:
    """:func:`size_class` over the columns ``inputs`` (industry, employees, revenue, assets)."""
    edition = _edition(editions, as_of)
    code, figures = pl.col(inputs[0]), [pl.col(name) for name in inputs[1:]]
    result = pl.lit(None, dtype=pl.String)
    for row in reversed(edition.rows if edition else ()):
        places = [
            pl.sum_horizontal(*[(figures[position] < floor).cast(pl.Int8) for floor in floors], ignore_nulls=False)
            for position, floors in _floors(row)
        ]
        lowest = pl.max_horizontal(*places)
        unknown = pl.any_horizontal(*[place.is_null() for place in places])
        names = lowest.replace_strict(dict(enumerate(CLASSES)), default=None, return_dtype=pl.String)
        here = pl.when(lowest == 3).then(pl.lit(CLASSES[3])).when(unknown).then(None).otherwise(names)
        result = pl.when(_in_industries_column(code, row.industries)).then(here).otherwise(result)
    return result


def _in_industries_column(code: pl.Expr, industries: Sequence[str]) -> pl.Expr:
    tests = []
    for entry in industries:
        first, _, last = entry.partition("-")
        division = code.str.slice(0, 2)
        tests.append((division >= first) & (division <= last) if last else code.str.starts_with(first))
    return pl.any_horizontal(*tests).fill_null(False)


def scale_floor(editions: Sequence[ScaleEdition], as_of: dt.date, industry: str) -> int | None:
    """The yearly main revenue (fen) from which the statistics directory takes units of this industry."""
    dated = [edition for edition in editions if edition.valid_from <= as_of]
    if not dated:
        return None
    rows = max(dated, key=lambda edition: edition.valid_from).rows
    row = next((row for row in rows if in_industries(industry, row.industries)), None)
    return None if row is None else int(row.revenue * _FEN)
