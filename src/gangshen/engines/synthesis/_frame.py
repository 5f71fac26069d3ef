"""The firms as a table, in the columns that rules read."""

from __future__ import annotations

import datetime as dt

import polars as pl

from gangshen.engines.vocabulary import AttributeType, Vocabulary

from ._firm import enterprises
from ._model import SOURCES, Place

__all__ = ["frame"]

DataType = pl.DataType | type[pl.DataType]

_DATES = ("from", "to", "withdrawn_on")
_ROW = pl.Struct(dict.fromkeys(("type", "level", "number"), pl.String) | dict.fromkeys(_DATES, pl.Date))
_COLUMNS: dict[AttributeType, DataType] = {
    AttributeType.BOOL: pl.Boolean,
    AttributeType.COUNT: pl.Int64,
    AttributeType.MONEY: pl.Int64,
    AttributeType.NUMBER: pl.Float64,
    AttributeType.PERCENT: pl.Float64,
    AttributeType.DATE: pl.Date,
    AttributeType.LIST: pl.List(_ROW),
}


def frame(n: int, *, seed: int, as_of: dt.date, place: Place | None = None, start: int = 0) -> pl.DataFrame:
    """The rows of :func:`enterprises` as typed columns beside ``id`` (the code); what is not known is null.

    List attributes are ``List(Struct{type, level, number, from, to, withdrawn_on})``; further fields of their rows are
    left out.
    """
    words = Vocabulary.load_builtin()
    told = {name: _COLUMNS.get(words.get(name).type, pl.String) for names in SOURCES.values() for name in names}
    rows = enterprises(n, seed=seed, as_of=as_of, place=place, start=start)
    schema: dict[str, DataType] = {"id": pl.String, "synthetic": pl.Boolean, **told}
    return pl.DataFrame([row | {"id": row["uscc"]} for row in rows], schema=schema, orient="row")
