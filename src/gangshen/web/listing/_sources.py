"""Rows by two means, one behaviour: a Django queryset or a polars frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import F, Q, QuerySet

from ._query import Condition

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Rows", "rows_of"]

CHUNK = 1000


class Rows(Protocol):
    """What a list asks of its source; each call but ``count``, ``slice`` and ``each`` gives a narrower source."""

    def search(self, text: str, fields: Sequence[str]) -> Rows: ...
    def keep(self, condition: Condition, *, unknown: bool) -> Rows: ...
    def order(self, field: str, *, descending: bool) -> Rows: ...
    def choices(self, field: str) -> list[tuple[str, str]]: ...
    def count(self) -> int: ...
    def slice(self, start: int, stop: int) -> list[Any]: ...
    def each(self) -> Iterator[Any]: ...


def rows_of(source: Any) -> Rows:
    """Wrap what a listing's ``source`` gave."""
    if isinstance(source, QuerySet):
        return QueryRows(source)
    return FrameRows(source)


class QueryRows:
    """Rows of a queryset: model instances."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows

    def search(self, text: str, fields: Sequence[str]) -> QueryRows:
        found = self.rows
        for word in text.split():
            either = Q()
            for field in fields:
                either |= Q(**{f"{field}__icontains": word})
            found = found.filter(either)
        return QueryRows(found)

    def keep(self, condition: Condition, *, unknown: bool) -> QueryRows:
        one, value, path = condition.filter, condition.value, condition.filter.path
        if one.apply:
            return QueryRows(one.apply(self.rows, value))
        if one.kind in ("range", "date"):
            low, high = value
            q = Q(**{f"{path}__isnull": False})
            q &= Q() if low is None else Q(**{f"{path}__gte": low})
            q &= Q() if high is None else Q(**{f"{path}__lte": high})
        else:
            lookup = {"choice": "in", "bool": "exact", "text": "icontains"}[one.kind]
            q = Q(**{f"{path}__{lookup}": list(value) if one.kind == "choice" else value})
        return QueryRows(self.rows.filter(q | Q(**{f"{path}__isnull": True}) if unknown else q))

    def order(self, field: str, *, descending: bool) -> QueryRows:
        by = F(field).desc(nulls_last=True) if descending else F(field).asc(nulls_last=True)
        return QueryRows(self.rows.order_by(by, "pk"))

    def choices(self, field: str) -> list[tuple[str, str]]:
        values = self.rows.order_by(field).values_list(field, flat=True).distinct()
        return [(str(value), str(value)) for value in values if value not in (None, "")]

    def count(self) -> int:
        return self.rows.count()

    def slice(self, start: int, stop: int) -> list[Any]:
        rows = self.rows if self.rows.ordered else self.rows.order_by("pk")
        return list(rows[start:stop])

    def each(self) -> Iterator[Any]:
        return iter(self.rows.iterator(chunk_size=CHUNK))


class FrameRows:
    """Rows of a polars frame: dicts."""

    def __init__(self, frame: pl.DataFrame | pl.LazyFrame, by: tuple[str, bool] | None = None) -> None:
        self.frame: pl.LazyFrame = frame.lazy()
        self.by = by

    def search(self, text: str, fields: Sequence[str]) -> FrameRows:
        import polars as pl

        found = self.frame
        for word in text.lower().split():
            texts = [pl.col(one).cast(pl.String) for one in fields]
            if word.upper() != word:  # characters and digits have no case: nothing to lower
                texts = [text.str.to_lowercase() for text in texts]
            hits = [text.str.contains(word, literal=True).fill_null(False) for text in texts]
            found = found.filter(pl.any_horizontal(hits))
        return FrameRows(found.collect())  # the dearest step, and what follows asks of it several times

    def keep(self, condition: Condition, *, unknown: bool) -> FrameRows:
        import polars as pl

        one, value = condition.filter, condition.value
        if one.apply:
            return FrameRows(one.apply(self.frame, value))
        column = pl.col(one.path)
        if one.kind in ("range", "date"):
            low, high = value
            test = column.is_not_null()
            test = test if low is None else test & (column >= low)
            test = test if high is None else test & (column <= high)
        elif one.kind == "choice":
            test = column.cast(pl.String).is_in(list(value))
        elif one.kind == "bool":
            test = column == value
        else:
            test = column.str.to_lowercase().str.contains(value.lower(), literal=True)
        return FrameRows(self.frame.filter(test.fill_null(False) | column.is_null() if unknown else test))

    def order(self, field: str, *, descending: bool) -> FrameRows:
        return FrameRows(self.frame, (field, descending))

    def choices(self, field: str) -> list[tuple[str, str]]:
        import polars as pl

        values = self.frame.select(pl.col(field).cast(pl.String).drop_nulls().unique().sort()).collect()
        return [(value, value) for value in values.to_series().to_list() if value]

    def count(self) -> int:
        import polars as pl

        return int(self.frame.select(pl.len()).collect().item())

    def slice(self, start: int, stop: int) -> list[Any]:
        return self._ordered(start, stop - start).to_dicts()

    def each(self) -> Iterator[Any]:
        for part in self._ordered().iter_slices(CHUNK):
            yield from part.to_dicts()

    def _ordered(self, start: int = 0, length: int | None = None) -> pl.DataFrame:
        """Rows in their order. One column is sorted and the page taken by place: a sort of all columns is the dearest.

        A column known to stand in that order isn't sorted again. The first pages are picked out, which is the
        cheapest; for deep ones the whole column is sorted, which is cheaper than to pick that many.
        """
        import polars as pl

        frame = self.frame.collect()
        if self.by is None or _stands(frame[self.by[0]], descending=self.by[1]):
            return frame.slice(start, length)
        field, descending = self.by
        places = pl.LazyFrame({"by": frame[field]}).with_row_index("at")
        places = places.sort("by", descending=descending, nulls_last=True, maintain_order=True)
        if length is None or start + length > CHUNK:
            places = places.collect().lazy()
        return frame[places.slice(start, length).collect()["at"]]


def _stands(column: pl.Series, *, descending: bool) -> bool:
    """Is the column known to be in that order, with no empty cells to be put last?"""
    return bool(column.flags["SORTED_DESC" if descending else "SORTED_ASC"]) and not column.null_count()
