"""The law of ``_law`` for all subjects at once: columns in, columns out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from gangshen.engines.vocabulary import Attribute, AttributeType, Period

from ._law import asked_periods
from ._statements import ENDED_TOO, ENTRIES, Statements

__all__ = ["Latest", "latest", "lay_over"]


@dataclass(frozen=True, slots=True)
class Latest:
    """``values``: ``id`` (subject), ``synthetic``, one column per attribute, ``<attribute>__stale`` where it can be.

    A figure of a period has a column per period that rules may ask for too (``revenue@2025``; of type Null when nobody
    states it). ``records``: ``id`` and, per attribute and period, the id of the record believed (null where nothing is
    known). ``periods``: ``id`` and, per figure of a period, which period is the latest known. All are sorted by ``id``
    and have the same rows. ``entries``: columns of ``ENTRIES``, each entry of ``ENDED_TOO`` ever said, by ``id``, the
    last said last. ``disputed``: ``id`` of subjects of which two sources state one attribute differently, a coarse sieve.
    """

    values: pl.DataFrame
    records: pl.DataFrame
    periods: pl.DataFrame
    entries: pl.DataFrame
    disputed: pl.DataFrame


def latest(records: pl.DataFrame, attributes: Iterable[Attribute], as_of: dt.date) -> Latest:
    """Believed values of all subjects at ``as_of`` from a frame of ``RECORDS``.

    Per attribute, the rows that state it write their position over the subject's, from the least to the most believed,
    so that the last one stays: one pass per attribute, whatever the number of records.
    """
    wanted = list(attributes)
    said = Statements(records.filter(pl.col("as_of") <= as_of), wanted)
    values: list[pl.Series] = [said.subjects.alias("id"), said.synthetic()]
    ids: list[pl.Series] = [said.subjects.alias("id")]
    periods: list[pl.Series] = [said.subjects.alias("id")]
    for attribute in wanted:
        at = said.believed(attribute)
        values.append(
            said.entries(attribute, as_of) if attribute.type is AttributeType.LIST else said.value(attribute, at)
        )
        ids.append(said.records.get_column("id").gather(at).alias(attribute.id))
        if attribute.period is not Period.STATE:
            periods.append(said.records.get_column("period").gather(at).alias(attribute.id))
        if attribute.stale_after_days is not None:
            age = (pl.Series([as_of]).cast(pl.Date) - said.records.get_column("as_of").gather(at)).dt.total_days()
            values.append((age > attribute.stale_after_days).fill_null(False).alias(f"{attribute.id}__stale"))
        for period in asked_periods(attribute, as_of):
            at, name = said.believed(attribute, period), f"{attribute.id}@{period}"
            if at.null_count() == len(at):
                values.append(pl.Series(name, [None], dtype=pl.Null).new_from_index(0, len(at)))
                continue
            values.append(said.value(attribute, at).alias(name))
            ids.append(said.records.get_column("id").gather(at).alias(name))
    ever = next((said.every_entry(one) for one in wanted if one.id == ENDED_TOO), pl.DataFrame(schema=ENTRIES))
    return Latest(pl.DataFrame(values), pl.DataFrame(ids), pl.DataFrame(periods), ever, said.disputed(wanted))


def lay_over(
    values: pl.DataFrame,
    records: pl.DataFrame,
    fresh_values: pl.DataFrame,
    fresh_records: pl.DataFrame,
    subjects: Iterable[str],
    attributes: Iterable[Attribute],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``values`` and ``records`` with the rows of ``subjects`` replaced by the fresh ones, as if all were built anew.

    So a figure of a period that nobody states any more is of type Null again, and has no column among the records.
    """
    old = pl.col("id").is_in(list(subjects))
    joined = pl.concat([values.filter(~old), fresh_values], how="vertical_relaxed").sort("id")
    told = pl.concat([records.filter(~old), fresh_records], how="diagonal_relaxed").sort("id")
    told_of = {name for name in told.columns if told.get_column(name).null_count() < told.height or "@" not in name}
    stated = {one.id for one in attributes if one.expression is None}
    unsaid = [name for name in joined.columns if name.split("@")[0] in stated and "@" in name and name not in told_of]
    return (
        joined.with_columns(pl.lit(None, dtype=pl.Null).alias(name) for name in unsaid),
        told.select(name for name in joined.columns if name in told_of),
    )
