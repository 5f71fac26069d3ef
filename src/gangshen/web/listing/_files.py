"""A list as a file: Excel with typed cells, CSV as a stream."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gangshen.engines.formats import inert
from gangshen.web import excel
from gangshen.web.formatting import label, with_unit, yuan

from . import _cells
from ._declare import Column, Row
from ._query import words_of
from ._result import Result

__all__ = ["as_csv", "as_excel"]

_FIGURES = frozenset(("number", "percent", "date", "moment"))
_WIDTHS = {"money": 16, "number": 12, "percent": 10, "date": 12, "moment": 17, "bool": 8, "status": 18, "marks": 12}


def as_excel(result: Result, *, today: date | None = None, zone: str = "") -> bytes:
    """A workbook of every row that fits. An amount known as an interval takes two columns, lowest and highest."""
    columns = [column for column in result.columns if column.excel]
    heads = [head for column in columns for head in _heads(column)]
    heads.append(excel.Head(_("Marks"), width=12))
    line = _Line(result, columns)
    rows = (line.of(row) for row in result.each())
    return excel.workbook([excel.Sheet(label(result.listing.title), about(result, today, zone), heads, rows)])


def as_csv(result: Result) -> Iterator[str]:
    """Lines of a CSV file, the first with the mark by which Excel knows UTF-8."""
    writer = csv.writer(_Echo())
    columns = [column for column in result.columns if column.excel]
    yield "\ufeff" + writer.writerow(
        [inert(head.title) for column in columns for head in _heads(column)] + [_("Marks")]
    )
    line = _Line(result, columns, money=yuan)
    for row in result.each():
        yield writer.writerow([_written(cell) for cell in line.of(row)])


def about(result: Result, today: date | None, zone: str) -> str:
    """The line over an export: list, zone, conditions, scope, count, what was left out, date."""
    parts = [label(result.listing.title), zone, words_of(result.query.conditions), result.query.text]
    parts.append(label(result.listing.scope))
    parts.append(_("%(n)s rows") % {"n": f"{result.total:,}"})
    if result.unknown:
        parts.append(_("%(n)s unknown not included") % {"n": f"{result.unknown:,}"})
    parts.append(today.isoformat() if today else "")
    return _("; ").join(part for part in parts if part)


def _heads(column: Column) -> list[excel.Head]:
    title, width = with_unit(column.label, column.unit), _WIDTHS.get(column.kind, 28 if column.main else 20)
    kind = column.kind if column.kind in ("money", "number", "percent", "date", "moment") else "text"
    if column.kind == "percent":
        return [excel.Head(with_unit(column.label, "%"), kind, width)]
    if column.kind != "money":
        return [excel.Head(title, kind, width)]
    name = label(column.label)
    if not column.interval:
        return [excel.Head(_("%(name)s (yuan)") % {"name": name}, kind, width)]
    return [
        excel.Head(_("%(name)s, lowest (yuan)") % {"name": name}, kind, width),
        excel.Head(_("%(name)s, highest (yuan)") % {"name": name}, kind, width),
    ]


class _Line:
    """Writes the rows of one export; what a value reads as is put into words once."""

    def __init__(self, result: Result, columns: list[Column], money: Any = None) -> None:
        self.marks_of, self.money = result.listing.marks, money
        self.columns = [(column, column.value or column.id) for column in columns]
        self.marks: dict[tuple[str, ...], str] = {}
        self.words: dict[tuple[int, int], tuple[Any, str]] = {}  # column and value, which is kept with its words

    def of(self, row: Row) -> list[Any]:
        line: list[Any] = []
        plain = isinstance(row, dict)
        for at, (column, path) in enumerate(self.columns):
            held = row[path] if plain and path in row else _cells.value(column, row)
            if column.kind == "money":
                bounds = list(_bounds(held)) if column.interval else [held]
                line += [self.money(bound) if self.money and bound is not None else bound for bound in bounds]
            elif column.kind in _FIGURES:
                line.append(held)
            elif held is None:
                line.append("")
            elif type(held) is str and column.kind in ("text", "label"):
                line.append(held)
            else:
                line.append(self._in_words(at, column, held))
        marks = tuple(self.marks_of(row))
        if marks not in self.marks:
            self.marks[marks] = _cells.text(Column("marks", "", "marks"), marks)
        line.append(self.marks[marks])
        return line

    def _in_words(self, at: int, column: Column, held: Any) -> str:
        if column.kind != "label":
            return _cells.text(column, held)
        key = (at, id(held))
        if key not in self.words:
            self.words[key] = (held, _cells.text(column, held))
        return self.words[key][1]


def _bounds(held: Any) -> tuple[Any, Any]:
    if held is None or isinstance(held, int):
        return held, held
    return (held.low, held.high) if hasattr(held, "low") else (held[0], held[1])


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return inert(cell) if isinstance(cell, str) else str(cell)  # our own figures are not text


class _Echo:
    def write(self, line: str) -> str:
        return line
