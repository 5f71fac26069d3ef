"""Ask a list: the one function behind page, API, Excel, CSV and command line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from . import _cells
from ._declare import MAY, READ, Actor, Column, Listing, Row
from ._query import Query, choices_of, read
from ._sources import Rows, rows_of

__all__ = ["Result", "as_json", "as_text", "open_to", "rows"]


@dataclass(slots=True)
class Result:
    """One answer of a list: a page of rows, how many there are, how many were left out as unknown."""

    listing: Listing
    actor: Actor
    query: Query
    columns: list[Column]
    total: int
    unknown: int
    rows: list[Row]
    source: Rows  # all rows that fit, for exports
    whole: Rows  # all that the actor may see, for the choices of filters
    exportable: bool = True  # may the actor take the rows away?

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.query.size))

    @property
    def first(self) -> int:
        return (self.query.page - 1) * self.query.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.query.page * self.query.size, self.total)

    def each(self) -> Iterator[Row]:
        """Every row that fits, not only this page's."""
        return self.source.each()


def rows(
    listing: Listing,
    actor: Actor,
    params: Mapping[str, Any] | QueryDict,
    *,
    channel: str = "page",
    strict: bool = False,
) -> Result:
    """Ask ``listing`` on behalf of ``actor``.

    ``params`` as in the address: filters by id, ``q``, ``sort``, ``page``, ``size``, ``unknown``. Raises PermissionDenied
    when the list is not open to the actor (or not for export), :class:`ListingError` on a fault when ``strict``. The
    number of queries does not depend on the number of rows: one count, one more when conditions leave unknown rows out,
    one page.
    """
    export = channel in ("excel", "csv")
    if not listing.allowed(actor):
        raise PermissionDenied
    given = listing.source(actor)
    exportable = bool(listing.exportable(actor)) and _may(actor, "export", given)
    if not _may(actor, "view", given) or (export and not exportable):
        raise PermissionDenied
    query = read(listing, actor, params, strict=strict)
    source = whole = rows_of(given)
    if query.text and listing.search_fields:
        source = source.search(query.text, listing.search_fields)
    fitting = _keep(source, query, unknown=query.unknown)
    total = fitting.count()
    unknown = 0
    if query.conditions and not query.unknown:
        unknown = _keep(source, query, unknown=True).count() - total
    columns = listing.columns_for(actor)
    order = next((column.sort_field() for column in columns if column.id == query.sort), None)
    if order:
        fitting = fitting.order(order, descending=query.descending)
    query.page = min(query.page, max(1, -(-total // query.size)))
    start = (query.page - 1) * query.size
    held = [] if export else fitting.slice(start, start + query.size)
    for heard in READ:
        heard(listing, actor, channel, total if export else len(held))
    return Result(listing, actor, query, columns, total, unknown, held, fitting, whole, exportable)


def open_to(listing: Listing, actor: Actor) -> bool:
    """May ``actor`` read this list at all?"""
    return bool(listing.allowed(actor)) and _may(actor, "view", listing.source(actor))


def _may(actor: Actor, action: str, source: Any) -> bool:
    """The rights on a model hold for every list of it, also for one that forgot to ask."""
    model = getattr(source, "model", None)
    return model is None or all(may(actor, action, model) for may in MAY)


def _keep(source: Rows, query: Query, *, unknown: bool) -> Rows:
    for condition in query.conditions:
        source = source.keep(condition, unknown=unknown)
    return source


def filter_choices(result: Result) -> dict[str, list[tuple[str, Any]]]:
    """Choices of each choice filter; those not declared are read from the rows the actor may see."""
    return {
        one.id: list(choices_of(one, result.actor))
        or [(value, one.named(name)) for value, name in result.whole.choices(one.path)]
        for one in result.listing.filters_for(result.actor)
        if one.kind == "choice"
    }


def as_json(result: Result) -> dict[str, Any]:
    """The answer as JSON: ``{key, total, unknown, page, pages, size, items}``, each item by column id."""
    row_id, marks = result.listing.row_id, result.listing.marks
    return {
        "key": result.listing.key,
        "total": result.total,
        "unknown": result.unknown,
        "page": result.query.page,
        "pages": result.pages,
        "size": result.query.size,
        "items": [
            {"id": _cells.plain(Column("id", ""), _cells.reach(row, row_id)), "marks": list(marks(row))}
            | {column.id: _cells.plain(column, _cells.value(column, row)) for column in result.columns}
            for row in result.rows
        ],
    }


def as_text(result: Result) -> str:
    """The answer as an aligned table for a terminal; wide characters count as two columns."""
    shown = [column for column in result.columns if column.page]
    table = [[_cells.head(column) for column in shown]]
    table += [[_cells.text(column, _cells.value(column, row)) for column in shown] for row in result.rows]
    widths = [max(_width(line[at]) for line in table) for at in range(len(shown))]
    right = [column.kind in _cells.RIGHT for column in shown]
    lines = []
    for line in table:
        cells = []
        for text, width, to_right in zip(line, widths, right, strict=True):
            pad = " " * (width - _width(text))
            cells.append(pad + text if to_right else text + pad)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def file_name(listing: Listing, suffix: str, today: date | None) -> str:
    """``tasks-2026-11-20.xlsx``."""
    return f"{listing.key}{f'-{today.isoformat()}' if today else ''}.{suffix}"
