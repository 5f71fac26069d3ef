"""A snapshot made ready for rules: typed arrays and planes by attribute, once for as many rules as one likes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from gangshen.engines.vocabulary import Attribute, AttributeType, Vocabulary, World

from ._facts import absence
from ._planes import Plane, pack

__all__ = ["Columns", "Scalars", "SnapshotError", "Titles", "Words"]

_DTYPES: dict[AttributeType, Any] = {
    AttributeType.MONEY: pl.Int64,
    AttributeType.COUNT: pl.Int64,
    AttributeType.NUMBER: pl.Float64,
    AttributeType.PERCENT: pl.Float64,
    AttributeType.BOOL: pl.Boolean,
    AttributeType.DATE: pl.Date,
}


_ENTRY = {
    "subject": pl.Int64,
    "type": pl.String,
    "level": pl.String,
    "from": pl.Date,
    "to": pl.Date,
    "withdrawn_on": pl.Date,
}


class SnapshotError(ValueError):
    """A column of the snapshot is not of its attribute's type."""


@dataclass(frozen=True, slots=True)
class Scalars:
    """Numbers, truth values and days since 1970; 0 where not known."""

    values: npt.NDArray[Any]
    known: Plane
    absent: Plane  # a complete list without an entry


@dataclass(frozen=True, slots=True)
class Words:
    """Texts as codes into ``names``; code 0 where not known."""

    names: list[str]
    codes: npt.NDArray[np.uint32]
    known: Plane
    absent: Plane
    planes: dict[int, Plane] = field(default_factory=dict)

    def where(self, holds: Callable[[str], bool]) -> Plane:
        """The rows whose text ``holds``; each text is asked once."""
        wanted = [i for i, name in enumerate(self.names) if holds(name)]
        if len(self.names) <= 256:
            plane = np.zeros_like(self.known)
            for i in wanted:
                if i not in self.planes:
                    self.planes[i] = pack(self.codes == i) & self.known
                plane |= self.planes[i]
            return plane
        table = np.zeros(len(self.names), dtype=np.bool_)
        table[wanted] = True
        return pack(table[self.codes]) & self.known


@dataclass(frozen=True, slots=True)
class Titles:
    """The entries of a list attribute, one row each: which subject, what, since when, and whether valid."""

    rows: int
    subject: npt.NDArray[np.int64]
    entries: pl.DataFrame
    valid: npt.NDArray[np.bool_]
    known: Plane
    planes: dict[tuple[str, str | None], Plane] = field(default_factory=dict)

    def holding(self, kind: str, level: str | None) -> Plane:
        """The subjects that hold a valid entry of this type (and level)."""
        key = (kind, level)
        if key not in self.planes:
            same = (self.entries["type"] == kind).fill_null(False)
            if level is not None:
                same &= (self.entries["level"] == level).fill_null(False)
            self.planes[key] = self.of(same.to_numpy() & self.valid)
        return self.planes[key]

    def of(self, entries: npt.NDArray[np.bool_]) -> Plane:
        """The subjects of the entries marked."""
        flags = np.zeros(self.rows, dtype=np.bool_)
        flags[self.subject[entries]] = True
        return pack(flags)

    def count(self) -> npt.NDArray[np.int64]:
        """How many valid entries each subject has."""
        return np.bincount(self.subject[self.valid], minlength=self.rows)


def _without_nan(series: pl.Series) -> pl.Series:
    """What is no number is not known: it must not stand before a value that can be worked out."""
    return series.fill_nan(None) if series.dtype == pl.Float64 else series


class Columns:
    """A frame (one row a subject, the snapshot's column convention) as rules read it on the day ``as_of``.

    Columns: ``id``; attributes typed Int64 (money, counts), Float64, Boolean, Date, String; lists as
    ``List(Struct{type, level, number, from, to, withdrawn_on})``; ``attr@2025`` for one period; optional Boolean masks
    ``attr__stale`` and ``attr__withheld``. A column that is not there is missing for every row. Raises
    :class:`SnapshotError` when a column read is not of its type.
    """

    def __init__(self, frame: pl.DataFrame, vocabulary: Vocabulary, as_of: dt.date) -> None:
        self.frame, self.vocabulary, self.as_of = frame, vocabulary, as_of
        self.rows = frame.height
        self.names = frozenset(frame.columns)
        self.all = pack(np.ones(self.rows, dtype=np.bool_))
        self.none = np.zeros_like(self.all)
        self._scalars: dict[str, Scalars] = {}
        self._words: dict[str, Words] = {}
        self._titles: dict[str, Titles] = {}

    def _series(self, key: str, attribute: Attribute) -> tuple[pl.Series, pl.Series]:
        """The values that may be used, and where they were neither stale nor withheld."""
        dtype = _DTYPES.get(attribute.type, pl.String)
        usable = pl.repeat(True, self.rows, dtype=pl.Boolean, eager=True)
        for mask in (f"{key}__stale", f"{key}__withheld"):
            if mask in self.names:
                usable &= ~self.frame[mask].fill_null(False)
        if key in self.names:
            series = self._typed(key, attribute, dtype)
        else:
            series = pl.Series(key, [None], dtype=dtype).new_from_index(0, self.rows)
        series = _without_nan(series)
        if self.vocabulary.expression(attribute.id) is not None:
            worked = _without_nan(self._derived(key, attribute).cast(dtype))
            series = series.zip_with(series.is_not_null() | ~usable, worked)
        return series, usable

    def _typed(self, key: str, attribute: Attribute, dtype: Any) -> pl.Series:
        series = self.frame[key]
        if series.dtype == dtype:
            return series
        fits = (dtype in (pl.Int64, pl.Float64) and series.dtype.is_integer()) or (
            dtype == pl.Float64 and series.dtype.is_float()
        )
        texts = dtype == pl.String and series.dtype in (pl.Categorical, pl.Enum)
        if not (fits or texts or series.dtype == pl.Null):
            raise SnapshotError(f"column {key} is {series.dtype}, not {dtype} (build the snapshot with typed columns)")
        return series.cast(dtype)

    def _derived(self, key: str, attribute: Attribute) -> pl.Series:
        period = key.partition("@")[2]
        inputs = {}
        for name in self.vocabulary.inputs(attribute.id):
            own = f"{name}@{period}" if period and f"{name}@{period}" in self.names else name
            item = self.vocabulary.get(name)
            series, usable = self._series(own, item)
            zero = absence(item)
            if zero is not None:
                series = series.fill_null(zero)
            inputs[name] = series.zip_with(usable, pl.Series([None], dtype=series.dtype).new_from_index(0, self.rows))
        worked = self.vocabulary.derived_column(attribute.id, self.as_of)
        return pl.DataFrame(inputs).select(worked.alias(key))[key]

    def _known(self, series: pl.Series, usable: pl.Series, attribute: Attribute) -> tuple[pl.Series, Plane, Plane]:
        """Values with absence filled in, where known, and where a complete list has none."""
        zero = absence(attribute)
        if zero is not None:
            series = series.fill_null(zero)
        known = series.is_not_null()
        absent = ~known & usable if attribute.world is World.CLOSED else pl.repeat(False, self.rows, eager=True)
        return series, pack((known & usable).to_numpy()), pack(absent.to_numpy())

    def scalars(self, key: str, attribute: Attribute) -> Scalars:
        if key not in self._scalars:
            series, known, absent = self._known(*self._series(key, attribute), attribute)
            if attribute.type is AttributeType.DATE:
                values = series.to_physical().fill_null(0).to_numpy()
            else:
                values = series.fill_null(False if attribute.type is AttributeType.BOOL else 0).to_numpy()
            self._scalars[key] = Scalars(values, known, absent)
        return self._scalars[key]

    def words(self, key: str, attribute: Attribute) -> Words:
        if key not in self._words:
            series, known, absent = self._known(*self._series(key, attribute), attribute)
            names = series.drop_nulls().unique().sort()
            codes = series.rank("dense").fill_null(1).to_numpy().astype(np.uint32) - 1
            self._words[key] = Words(names.to_list() or [""], codes, known, absent)
        return self._words[key]

    def titles(self, key: str, attribute: Attribute) -> Titles:
        if key not in self._titles:
            self._titles[key] = self._read_titles(key, attribute)
        return self._titles[key]

    def _read_titles(self, key: str, attribute: Attribute) -> Titles:
        usable = pl.repeat(True, self.rows, dtype=pl.Boolean, eager=True)
        for mask in (f"{key}__stale", f"{key}__withheld"):
            if mask in self.names:
                usable &= ~self.frame[mask].fill_null(False)
        given = self.frame[key] if key in self.names else pl.Series(key, [None]).new_from_index(0, self.rows)
        known = usable if attribute.world is World.CLOSED else usable & given.is_not_null()
        if given.dtype == pl.Null:
            given = given.cast(pl.List(pl.Struct({"type": pl.String})))
        if not isinstance(given.dtype, pl.List) or not isinstance(given.dtype.inner, pl.Struct):
            raise SnapshotError(f"column {key} is {given.dtype}, not a list of entries (type, level, from, to, …)")
        listed = pl.DataFrame({"subject": pl.arange(0, self.rows, eager=True), "entry": given}).explode("entry")
        entries = listed.filter(pl.col("entry").is_not_null()).unnest("entry")
        entries = entries.select(
            (pl.col(name) if name in entries.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in _ENTRY.items()
        )
        begins, ends, withdrawn = (pl.col(name) for name in ("from", "to", "withdrawn_on"))
        day = pl.lit(self.as_of)
        valid = (
            (begins.fill_null(day) <= day) & (ends.fill_null(day) >= day) & (withdrawn.is_null() | (withdrawn > day))
        )
        return Titles(
            self.rows,
            entries["subject"].to_numpy(),
            entries,
            entries.select(valid.alias("valid"))["valid"].to_numpy(),
            pack(known.to_numpy()),
        )
