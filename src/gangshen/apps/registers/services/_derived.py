"""Derived attributes: worked out from what is believed, never from figures of different periods.

A derived attribute that rests on yearly figures is worked out for each year; the latest year in which it can be known
is its value. Where figures are known but of no common year, the value is unknown and marked stale, so that nothing is
worked out from them further up. What a source states itself is kept as stated. A derived value is stale when the latest
statement of it or of any input is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl

from gangshen.engines.vocabulary import Attribute, Period, Vocabulary

from ._law import Fact, asked_periods
from ._statements import dtype
from ._vocabulary import attributes, vocabulary

__all__ = ["dated_keys", "derive", "derive_columns"]


def _periodic(words: Vocabulary, attribute: Attribute) -> list[str]:
    """Inputs that are figures of a period."""
    return [name for name in words.inputs(attribute.id) if words.get(name).period is not Period.STATE]


def _years(words: Vocabulary, attribute: Attribute, as_of: dt.date) -> list[str]:
    """Periods the inputs can share, the latest first."""
    periods = [asked_periods(words.get(name), as_of) for name in _periodic(words, attribute)]
    return [period for period in periods[0] if all(period in one for one in periods)] if periods else []


def dated_keys(as_of: dt.date, entity: str = "enterprise") -> list[str]:
    """``revenue@2025`` … of every figure and period that rules may ask for, derived ones included."""
    words = vocabulary()
    return [
        f"{attribute.id}@{period}"
        for attribute in attributes(entity).values()
        for period in dict.fromkeys(
            (
                *asked_periods(attribute, as_of),
                *(_years(words, attribute, as_of) if attribute.expression is not None else ()),
            )
        )
    ]


def derive(
    found: dict[str, Fact], dated: dict[str, Fact], as_of: dt.date, entity: str = "enterprise"
) -> tuple[dict[str, Fact], dict[str, Fact]]:
    """``found`` and ``dated`` (``attribute@2025``) with the derived attributes added."""
    words = vocabulary()
    found, dated = dict(found), dict(dated)
    for attribute in attributes(entity).values():
        if attribute.expression is None:
            continue
        inputs = words.inputs(attribute.id)
        periodic = set(_periodic(words, attribute))
        years = _years(words, attribute, as_of)
        for year in years:
            facts = {name: dated.get(f"{name}@{year}") if name in periodic else found.get(name) for name in inputs}
            key = f"{attribute.id}@{year}"
            if key not in dated and (fact := _worked(words, attribute, facts, year, as_of)):
                dated[key] = fact
        best = next((dated[key] for year in years if (key := f"{attribute.id}@{year}") in dated), None)
        if best is not None:
            stale = any(fact.stale for name in (attribute.id, *inputs) if (fact := found.get(name)))
            found[attribute.id] = replace(best, stale=stale)
        elif attribute.id in found:
            stale = any(fact.stale for name in (attribute.id, *inputs) if (fact := found.get(name)))
            found[attribute.id] = replace(found[attribute.id], stale=stale and found[attribute.id].value is not None)
        else:
            facts = {name: found.get(name) for name in inputs}
            if fact := _latest(words, attribute, facts, periodic, as_of):
                found[attribute.id] = fact
    return found, dated


def _latest(
    words: Vocabulary, attribute: Attribute, facts: dict[str, Fact | None], periodic: set[str], as_of: dt.date
) -> Fact | None:
    """From the latest inputs, when they are of one period; else unknown, and marked so that nobody does otherwise."""
    periods = {fact.period for name in periodic if (fact := facts[name])}
    if len(periods) <= 1:
        return _worked(words, attribute, facts, next(iter(periods), ""), as_of)
    held = [fact for fact in facts.values() if fact]
    return replace(min(held, key=lambda fact: fact.as_of), value=None, record_id=None, source="", period="", stale=True)


def _worked(
    words: Vocabulary, attribute: Attribute, facts: dict[str, Fact | None], period: str, as_of: dt.date
) -> Fact | None:
    held = [fact for fact in facts.values() if fact]
    value = words.derive(attribute.id, {name: fact.value for name, fact in facts.items() if fact}, as_of)
    if value is None or not held:
        return None
    return replace(
        min(held, key=lambda fact: fact.as_of),
        value=value,
        record_id=None,
        source="",
        period=period,
        stale=any(fact.stale for fact in held),
        conflict=any(fact.conflict for fact in held),
        synthetic=any(fact.synthetic for fact in held),
    )


def derive_columns(values: pl.DataFrame, periods: pl.DataFrame, as_of: dt.date, entity: str) -> pl.DataFrame:
    """The same over columns: ``values`` and ``periods`` as :func:`._columns.latest` gives them."""
    words = vocabulary()
    for attribute in attributes(entity).values():
        if attribute.expression is None:
            continue
        inputs, periodic = words.inputs(attribute.id), _periodic(words, attribute)
        kind, own = dtype(attribute), attribute.id
        years = _years(words, attribute, as_of)
        for year in years:
            names = [f"{name}@{year}" if name in periodic else name for name in inputs]
            if any(values.schema[name] == pl.Null for name in names):
                worked = pl.lit(None, dtype=kind)
            else:
                row = values.select(pl.col(name).alias(alias) for name, alias in zip(names, inputs, strict=True))
                worked = pl.lit(row.select(words.derived_column(own, as_of).cast(kind)).to_series())
            key = f"{own}@{year}"
            stated: list[Any] = [pl.col(key).cast(kind)] if key in values.columns else []
            values = values.with_columns(pl.coalesce(*stated, worked).alias(key))
        apart = ~_one_period(periods, periodic)
        latest = pl.when(pl.lit(apart)).then(None).otherwise(words.derived_column(own, as_of).cast(kind))
        by_year = [pl.col(f"{own}@{year}") for year in years]
        stale = [pl.col(f"{name}__stale") for name in (own, *inputs) if f"{name}__stale" in values.columns]
        values = values.with_columns(pl.coalesce(*by_year, pl.col(own).cast(kind), latest).alias(own))
        values = values.with_columns(
            pl.when(pl.col(own).is_null())
            .then(pl.lit(apart))
            .otherwise(pl.any_horizontal(*stale, pl.lit(False)))
            .alias(f"{own}__stale")
        )
    return values


def _one_period(periods: pl.DataFrame, names: list[str]) -> pl.Series:
    """Rows whose latest values of ``names`` (unknown ones aside) are of one period."""
    if len(names) < 2:
        return pl.Series([True]).new_from_index(0, periods.height)
    ends = periods.select(pl.min_horizontal(names).alias("low"), pl.max_horizontal(names).alias("high"))
    return ends.select((pl.col("low") == pl.col("high")).fill_null(True)).to_series()
