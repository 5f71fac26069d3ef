"""Derived attributes: worked out from what is believed, never from figures of different periods."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl

from gangshen.engines.vocabulary import Attribute, Period, Vocabulary

from ._law import Fact
from ._vocabulary import attributes, vocabulary

__all__ = ["derive", "derive_columns"]


def _periodic(words: Vocabulary, attribute: Attribute) -> list[str]:
    """Inputs that are figures of a period."""
    return [name for name in words.inputs(attribute.id) if words.get(name).period is not Period.STATE]


def derive(found: dict[str, Fact], as_of: dt.date, entity: str = "enterprise") -> dict[str, Fact]:
    """``found`` with the derived attributes added; one that a source states itself is kept as stated.

    Unknown where an input is, and where inputs are figures of different periods.
    """
    words = vocabulary()
    whole = dict(found)
    for attribute in attributes(entity).values():
        if attribute.expression is None or attribute.id in found:
            continue
        inputs = [found[name] for name in words.inputs(attribute.id) if name in found]
        periods = {found[name].period for name in _periodic(words, attribute) if name in found}
        if not inputs or len(periods) > 1:
            continue
        value = words.derive(
            attribute.id, {name: found[name].value for name in words.inputs(attribute.id) if name in found}, as_of
        )
        if value is None:
            continue
        oldest = min(inputs, key=lambda fact: fact.as_of)
        whole[attribute.id] = replace(
            oldest,
            value=value,
            record_id=None,
            source="",
            period=next(iter(periods), ""),
            stale=any(fact.stale for fact in inputs),
            conflict=any(fact.conflict for fact in inputs),
            synthetic=any(fact.synthetic for fact in inputs),
        )
    return whole


def derive_columns(values: pl.DataFrame, periods: pl.DataFrame, as_of: dt.date, entity: str) -> pl.DataFrame:
    """The same over columns: ``values`` as :func:`._columns.latest` gives them, ``periods`` the period of each value."""
    words = vocabulary()
    for attribute in attributes(entity).values():
        if attribute.expression is None:
            continue
        inputs = words.inputs(attribute.id)
        worked = pl.when(_one_period(periods, _periodic(words, attribute))).then(
            words.derived_column(attribute.id, as_of)
        )
        stale = [pl.col(f"{name}__stale") for name in inputs if f"{name}__stale" in values.columns]
        values = values.with_columns(
            pl.coalesce(attribute.id, worked).alias(attribute.id),
            *([pl.any_horizontal(stale).alias(f"{attribute.id}__stale")] if stale else []),
        )
    return values


def _one_period(periods: pl.DataFrame, names: list[str]) -> pl.Series:
    """Rows whose values of ``names`` (null ones aside) are of one period."""
    same = pl.Series([True]).new_from_index(0, periods.height)
    if len(names) < 2:
        return same
    firsts = periods.select(pl.min_horizontal(names).alias("low"), pl.max_horizontal(names).alias("high"))
    return firsts.select((pl.col("low") == pl.col("high")).fill_null(True)).to_series()
