"""What records state, decoded into columns, in the order in which it is believed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl

from gangshen.engines.vocabulary import Attribute, AttributeType, Period

from ._law import comparable, is_part, period_end

__all__ = ["ENDED_TOO", "ENTRIES", "ENTRY", "RECORDS", "Statements", "decoded", "dtype"]

ENTRY = pl.Struct(
    {
        "type": pl.String,
        "level": pl.String,
        "number": pl.String,
        "from": pl.Date,
        "to": pl.Date,
        "withdrawn_on": pl.Date,
        "batch": pl.String,
    }
)
_STORED_ENTRY = pl.Struct({field.name: pl.String for field in ENTRY.fields})
ENDED_TOO = "certificates"
"""The list of which what ended or was withdrawn is asked for too."""
ENTRIES = {"id": pl.String, "record": pl.Int64, **{field.name: field.dtype for field in ENTRY.fields}}
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
    "values": pl.String,  # JSON
}


def dtype(attribute: Attribute) -> Any:
    """Column type of an attribute: fen and counts Int64, percents Float64, lists List(ENTRY), text String."""
    return _DTYPES.get(attribute.type, pl.String)


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


def decoded(values: pl.Series, attributes: Iterable[Attribute]) -> pl.DataFrame:
    """Stored values, a JSON object a row, as a column per attribute; null where a row doesn't state it."""
    stored = {one.id: _stored(one) for one in attributes}
    return values.str.json_decode(pl.Struct(stored)).struct.unnest() if stored else pl.DataFrame()


class Statements:
    """Records decoded once, with the two orders of belief as permutations of their rows."""

    def __init__(self, records: pl.DataFrame, attributes: list[Attribute]) -> None:
        self.records = records
        self.subjects = records.get_column("subject").unique().sort()
        codes = pl.DataFrame({"subject": self.subjects, "code": pl.int_range(self.subjects.len(), eager=True)})
        joined = records.select("subject").join(codes, on="subject", how="left", maintain_order="left")
        self.subject = joined.get_column("code").to_numpy()
        self.of_states = self._order("rank", "as_of", "id")
        self.of_periods = self._order("period_end", "rank", "as_of", "id")
        text = records.get_column("values")
        self.decoded = decoded(text, attributes)
        self.nulls = _stated_nulls(text)
        self.in_period: dict[str, Any] = {}
        parts = [one for one in records.get_column("period").unique().to_list() if is_part(one)]
        self.whole = ~records.get_column("period").is_in(parts).to_numpy()

    def _order(self, *keys: str) -> Any:
        """Row numbers from least to most believed; a lower rank is believed more."""
        by = self.records.with_columns(_period_ends(self.records)).select(keys).with_row_index("row")
        return by.sort(keys, descending=[key == "rank" for key in keys]).get_column("row").to_numpy()

    def synthetic(self) -> pl.Series:
        """Is any record of the subject from a synthetic source?"""
        made = np.zeros(self.subjects.len(), np.bool_)
        made[self.subject[self.records.get_column("synthetic").to_numpy()]] = True
        return pl.Series("synthetic", made)

    def _of_period(self, period: str) -> Any:
        """Which rows speak of ``period``."""
        if period not in self.in_period:
            self.in_period[period] = (self.records.get_column("period") == period).to_numpy()
        return self.in_period[period]

    def believed(self, attribute: Attribute, period: str | None = None) -> pl.Series:
        """Row of the believed record of each subject (of ``period`` only, when given); null where none states it."""
        stated = self.decoded.get_column(attribute.id).is_not_null().to_numpy().copy()
        stated[self.nulls.get(attribute.id, [])] = True
        if period is not None:
            stated &= self._of_period(period)
        elif attribute.period is not Period.STATE:
            stated &= self.whole
        order = self.of_states if attribute.period is Period.STATE else self.of_periods
        rows = order[stated[order]]
        position = np.full(self.subjects.len(), -1, np.int64)
        position[self.subject[rows]] = rows
        at = pl.Series(position)
        return at.set(at == -1, None).cast(pl.get_index_type())

    def value(self, attribute: Attribute, at: pl.Series) -> pl.Series:
        """Typed values of the rows ``at``."""
        values = self.decoded.get_column(attribute.id).gather(at)
        return (values.str.to_date() if attribute.type is AttributeType.DATE else values).alias(attribute.id)

    def told(self, attribute: Attribute) -> pl.DataFrame:
        """Entries ever said: ``code`` of the subject, ``row``, the fields; said again it is the later one, and last."""
        order = self.of_states if attribute.period is Period.STATE else self.of_periods
        belief = np.empty(len(order), np.int64)
        belief[order] = np.arange(len(order))
        said = pl.DataFrame(
            {
                "code": self.subject,
                "belief": belief,
                "_day": self.records.get_column("as_of"),
                "entry": self.decoded.get_column(attribute.id),
            }
        )
        return (
            said.with_row_index("row")
            .filter(pl.col("entry").is_not_null())
            .explode("entry", empty_as_null=False)
            .unnest("entry")
            .sort("belief", maintain_order=True)
            .with_columns(_key=pl.coalesce("number", "from", pl.lit("")), _level=pl.col("level").fill_null(""))
            .unique(["code", "type", "_level", "_key"], keep="last", maintain_order=True)
            .with_columns(pl.col(name).str.to_date() for name in ("from", "to", "withdrawn_on"))
            .pipe(_without_bare)
        )

    def entries(self, attribute: Attribute, as_of: dt.date) -> pl.Series:
        """Entries of a list in force at ``as_of``; empty where none is, null where nothing was ever said."""
        entries = (
            self.told(attribute)
            .filter(
                (pl.col("from").is_null() | (pl.col("from") <= as_of))
                & (pl.col("to").is_null() | (pl.col("to") >= as_of))
                & (pl.col("withdrawn_on").is_null() | (pl.col("withdrawn_on") > as_of))
            )
            .select("code", entry=pl.struct([field.name for field in ENTRY.fields]))
            .group_by("code", maintain_order=True)
            .agg("entry")
        )
        stated = self.decoded.get_column(attribute.id).is_not_null().to_numpy()
        nothing = pl.DataFrame({"code": np.unique(self.subject[stated])}).with_columns(
            empty=pl.lit([], dtype=pl.List(ENTRY))
        )
        return (
            pl.DataFrame({"code": pl.int_range(self.subjects.len(), eager=True)})
            .join(entries, on="code", how="left", maintain_order="left")
            .join(nothing, on="code", how="left", maintain_order="left")
            .select(pl.coalesce("entry", "empty").alias(attribute.id))
            .to_series()
        )

    def every_entry(self, attribute: Attribute) -> pl.DataFrame:
        """Entries ever said as columns of ``ENTRIES``."""
        told = self.told(attribute).sort("code", maintain_order=True)
        ids, records = self.subjects.gather(told["code"]), self.records.get_column("id").gather(told["row"])
        named = told.with_columns(ids.alias("id"), records.alias("record"))
        return named.select(pl.col(name).cast(kind) for name, kind in ENTRIES.items())

    def disputed(self, attributes: Iterable[Attribute]) -> pl.DataFrame:
        """Subjects of which two sources state one attribute, of one period, differently.

        Rows of one subject and period stand together; where neighbours differ both in source and in value, somebody
        contradicts somebody.
        """
        source = self.records.get_column("source").rank("dense").to_numpy()
        period = self.records.get_column("period").rank("dense").to_numpy().astype(np.int64)
        keys = {True: self.subject, False: self.subject * (int(period.max(initial=0)) + 1) + period}
        orders = {of_states: np.argsort(key, kind="stable") for of_states, key in keys.items()}
        found = np.zeros(self.subjects.len(), np.bool_)
        for attribute in filter(comparable, attributes):
            state = attribute.period is Period.STATE
            values = self.decoded.get_column(attribute.id)
            rows = orders[state][values.is_not_null().to_numpy()[orders[state]]]
            if not len(rows):
                continue
            key, held = keys[state][rows], values.gather(rows)
            same = np.append(False, key[1:] == key[:-1])
            begins = np.flatnonzero(~same)
            sources = same & np.append(False, source[rows][1:] != source[rows][:-1])
            apart = same & (held != held.shift(1)).fill_null(value=False).to_numpy()
            both = np.logical_or.reduceat(sources, begins) & np.logical_or.reduceat(apart, begins)
            found[self.subject[rows[begins[both]]]] = True
        return pl.DataFrame({"id": self.subjects.filter(pl.Series(found))}, schema={"id": pl.String})


def _without_bare(entries: pl.DataFrame) -> pl.DataFrame:
    """Less those that tell their type only, where a fuller one of the type covers their day."""
    lasts = pl.min_horizontal("to", pl.col("withdrawn_on") - pl.duration(days=1)).fill_null(dt.date.max)
    told = pl.any_horizontal(pl.col("number", "from", "to").is_not_null())
    fuller = entries.filter(told).group_by("code", "type").agg(_covered=lasts.max())
    bare = pl.all_horizontal(pl.col("level", "number", "from", "to", "withdrawn_on").is_null())
    joined = entries.join(fuller, on=["code", "type"], how="left", maintain_order="left")
    return joined.filter(~(bare & (pl.col("_covered") >= pl.col("_day")).fill_null(False)))


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
