"""The law of ``_law`` for all subjects at once: columns in, columns out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from gangshen.engines.vocabulary import Attribute, AttributeType, Period

from ._law import period_end

__all__ = ["ENTRY", "RECORDS", "Latest", "dtype", "latest"]

ENTRY = pl.Struct(
    {
        "type": pl.String,
        "level": pl.String,
        "number": pl.String,
        "from": pl.Date,
        "to": pl.Date,
        "withdrawn_on": pl.Date,
    }
)
_STORED_ENTRY = pl.Struct({field.name: pl.String for field in ENTRY.fields})
_DTYPES: dict[AttributeType, Any] = {
    AttributeType.BOOL: pl.Boolean,
    AttributeType.COUNT: pl.Int64,
    AttributeType.MONEY: pl.Int64,
    AttributeType.NUMBER: pl.Float64,
    AttributeType.PERCENT: pl.Float64,
    AttributeType.DATE: pl.Date,
    AttributeType.LIST: pl.List(ENTRY),
}
RECORDS = {
    "id": pl.Int64,
    "subject": pl.String,
    "rank": pl.Int32,
    "source": pl.String,
    "synthetic": pl.Boolean,
    "period": pl.String,
    "as_of": pl.Date,
    "recorded_at": pl.Datetime("us", "UTC"),
    "values": pl.String,  # JSON
}


def dtype(attribute: Attribute) -> Any:
    """Column type of an attribute: fen and counts Int64, percents Float64, lists List(ENTRY), text String."""
    return _DTYPES.get(attribute.type, pl.String)


@dataclass(frozen=True, slots=True)
class Latest:
    """``values``: ``id`` (subject), ``synthetic``, one column per attribute, ``<attribute>__stale`` where it can be.

    ``records``: ``id`` and, per attribute, the id of the record believed (null where nothing is known).
    ``periods``: ``id`` and, per attribute that is a figure of a period, which period.
    All are sorted by ``id`` and have the same rows.
    """

    values: pl.DataFrame
    records: pl.DataFrame
    periods: pl.DataFrame


def latest(records: pl.DataFrame, attributes: Iterable[Attribute], as_of: dt.date) -> Latest:
    """Believed values of all subjects at ``as_of`` from a frame of ``RECORDS``.

    Rows are ordered from least to most believed; then, per attribute, the rows that state it write their position
    over the subject's, so that the last one stays. That is one pass per attribute, whatever the number of records.
    """
    wanted = list(attributes)
    records = records.filter(pl.col("as_of") <= as_of).with_columns(_period_ends(records))
    subjects = records.get_column("subject").unique().sort()
    states = _Statements(records.sort("rank", "as_of", "recorded_at", "id", descending=[True, False, False, False]))
    periods = _Statements(states.records.sort("period_end", maintain_order=True)) if _any_period(wanted) else states
    if periods is not states:
        states.take({a.id: a for a in wanted if a.period is Period.STATE}, subjects)
        periods.take({a.id: a for a in wanted if a.period is not Period.STATE}, subjects)
    else:
        states.take({a.id: a for a in wanted}, subjects)
    values: list[pl.Series] = [subjects.alias("id"), states.synthetic(subjects)]
    ids: list[pl.Series] = [subjects.alias("id")]
    of_periods: list[pl.Series] = [subjects.alias("id")]
    for attribute in wanted:
        side = states if attribute.period is Period.STATE else periods
        column, at, said = side.believed(attribute, as_of)
        values.append(column)
        ids.append(side.records.get_column("id").gather(at).alias(attribute.id))
        if side is periods and attribute.period is not Period.STATE:
            of_periods.append(side.records.get_column("period").gather(at).alias(attribute.id))
        if attribute.stale_after_days is not None:
            age = (pl.Series([as_of]).cast(pl.Date) - said).dt.total_days()
            values.append((age > attribute.stale_after_days).fill_null(False).alias(f"{attribute.id}__stale"))
    return Latest(pl.DataFrame(values), pl.DataFrame(ids), pl.DataFrame(of_periods))


def _any_period(attributes: Iterable[Attribute]) -> bool:
    return any(attribute.period is not Period.STATE for attribute in attributes)


def _period_ends(records: pl.DataFrame) -> pl.Expr:
    """Last day of each record's period; its as-of date where it has none."""
    named = [period for period in records.get_column("period").unique().to_list() if period]
    ends = pl.DataFrame(
        {"period": named, "end": [period_end(period) for period in named]},
        schema={"period": pl.String, "end": pl.Date},
    )
    known = pl.col("period").replace_strict(
        ends.get_column("period"), ends.get_column("end"), default=None, return_dtype=pl.Date
    )
    return pl.coalesce(known, "as_of").alias("period_end")


class _Statements:
    """Records in one order of belief, decoded, with the position of the most believed row per subject and attribute."""

    def __init__(self, records: pl.DataFrame) -> None:
        self.records = records
        self.subject = np.empty(0, np.int64)
        self.decoded = pl.DataFrame()
        self.nulls: dict[str, list[int]] = {}
        self.subjects = pl.Series("subject", [], pl.String)

    def take(self, attributes: Mapping[str, Attribute], subjects: pl.Series) -> None:
        """Decode the JSON of these attributes; remember who is who."""
        self.subjects = subjects
        codes = pl.DataFrame({"subject": subjects, "code": pl.int_range(subjects.len(), eager=True)})
        joined = self.records.select("subject").join(codes, on="subject", how="left", maintain_order="left")
        self.subject = joined.get_column("code").to_numpy()
        stored = {name: _stored(attribute) for name, attribute in attributes.items()}
        if not stored:
            return
        text = self.records.get_column("values")
        self.decoded = text.str.json_decode(pl.Struct(stored)).struct.unnest()
        self.nulls = _stated_nulls(text)

    def synthetic(self, subjects: pl.Series) -> pl.Series:
        """Is any record of the subject from a synthetic source?"""
        made = np.zeros(subjects.len(), np.bool_)
        made[self.subject[self.records.get_column("synthetic").to_numpy()]] = True
        return pl.Series("synthetic", made)

    def believed(self, attribute: Attribute, as_of: dt.date) -> tuple[pl.Series, pl.Series, pl.Series]:
        """Value, position of the believed record (null: none) and its as-of date, per subject."""
        column = self.decoded.get_column(attribute.id)
        stated = column.is_not_null().to_numpy().copy()
        stated[self.nulls.get(attribute.id, [])] = True
        rows = np.flatnonzero(stated)
        position = np.full(self.subjects.len(), -1, np.int64)
        position[self.subject[rows]] = rows
        at = pl.Series(position).replace(-1, None).cast(pl.get_index_type())
        said = self.records.get_column("as_of").gather(at)
        if attribute.type is AttributeType.LIST:
            return self._entries(attribute, as_of), at, said
        values = column.gather(at)
        return (values.str.to_date() if attribute.type is AttributeType.DATE else values).alias(attribute.id), at, said

    def _entries(self, attribute: Attribute, as_of: dt.date) -> pl.Series:
        """Entries of a list in force at ``as_of``; empty where none is, null where nothing was ever said."""
        column = self.decoded.get_column(attribute.id)
        flat = (
            pl.DataFrame({"code": self.subject, "entry": column})
            .with_row_index("order")
            .filter(pl.col("entry").is_not_null())
        )
        told = flat.get_column("code").unique()
        dates = [pl.col(name).str.to_date() for name in ("from", "to", "withdrawn_on")]
        entries = (
            flat.explode("entry", empty_as_null=False)
            .unnest("entry")
            .with_columns(_key=pl.coalesce("number", "from", pl.lit("")), _level=pl.col("level").fill_null(""))
            .unique(["code", "type", "_level", "_key"], keep="last", maintain_order=True)
            .with_columns(dates)
            .filter(
                (pl.col("from").is_null() | (pl.col("from") <= as_of))
                & (pl.col("to").is_null() | (pl.col("to") >= as_of))
                & (pl.col("withdrawn_on").is_null() | (pl.col("withdrawn_on") > as_of))
            )
            .select("code", entry=pl.struct([field.name for field in ENTRY.fields]))
            .group_by("code", maintain_order=True)
            .agg("entry")
        )
        base = pl.DataFrame({"code": pl.int_range(self.subjects.len(), eager=True)})
        empty = pl.lit([], dtype=pl.List(ENTRY))
        return (
            base.join(entries, on="code", how="left", maintain_order="left")
            .select(
                pl.when(pl.col("entry").is_null() & pl.col("code").is_in(told.implode()))
                .then(empty)
                .otherwise(pl.col("entry"))
            )
            .to_series()
            .alias(attribute.id)
        )


def _stored(attribute: Attribute) -> Any:
    if attribute.type is AttributeType.LIST:
        return pl.List(_STORED_ENTRY)
    return pl.String if attribute.type is AttributeType.DATE else dtype(attribute)


def _stated_nulls(text: pl.Series) -> dict[str, list[int]]:
    """Attribute → rows that state null for it: rare, so each is found by a search of the text."""
    found: dict[str, list[int]] = {}
    rows = np.flatnonzero(text.str.contains(r":\s*null\b").to_numpy())
    for row, names in zip(rows, text.gather(rows).str.extract_all(r'"\w+":\s*null\b').to_list(), strict=True):
        for name in names:
            found.setdefault(name.split('"')[1], []).append(int(row))
    return found
