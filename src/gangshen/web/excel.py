"""Excel workbooks a colleague can work with and import again: typed cells, frozen heads, nothing read as a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

__all__ = ["MEDIA_TYPE", "Head", "Sheet", "workbook"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "percent": "0.0#",
    "number": "#,##0.####",
}
_LONGEST = 32_767  # signs in a cell, by the format
_BOLD = Font(bold=True)
_GREY = Font(color="5D666F")
_FILL = PatternFill("solid", fgColor="EEF0F2")


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its title as the import reads it, its kind (text, money in yuan, number, percent, date, moment), its width."""

    title: str
    kind: str = "text"
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a line saying what it is (scope, date, marks), the heads, the rows."""

    title: str
    about: str
    heads: Sequence[Head]
    rows: Iterable[Sequence[Any]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The file's bytes. Money cells are given in fen and written in yuan as numbers."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title[:31].translate({ord(char): "-" for char in "[]:*?/\\"}))
        page.freeze_panes = "A3"
        for at, head in enumerate(sheet.heads, start=1):
            page.column_dimensions[get_column_letter(at)].width = head.width
        about = _cell(page, sheet.about, "text")
        about.font = _GREY
        page.append([about])
        page.append([_head(page, head) for head in sheet.heads])
        last = 2
        for last, row in enumerate(sheet.rows, start=3):  # noqa: B007 - the row count is needed below
            page.append([_value(page, value, head.kind) for value, head in zip(row, sheet.heads, strict=True)])
        page.auto_filter.ref = f"A2:{get_column_letter(max(len(sheet.heads), 1))}{last}"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _head(page: Any, head: Head) -> WriteOnlyCell:
    cell = _cell(page, head.title, "text")
    cell.font, cell.fill, cell.alignment = _BOLD, _FILL, Alignment(wrap_text=True, vertical="center")
    return cell


def _value(page: Any, value: Any, kind: str) -> Any:
    """The value as it can be written: plain text as it is, which is far cheaper than a cell of its own."""
    if isinstance(value, str) and value[:1] not in ("=", "#") and value.isprintable() and len(value) < _LONGEST:
        return value
    return None if value is None else _cell(page, value, kind)


def _cell(page: Any, value: Any, kind: str) -> WriteOnlyCell:
    if kind == "money" and value is not None:
        value = Decimal(value) / 100
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.make_naive(value)
    if not isinstance(value, (int, float, Decimal, date, datetime, bool, type(None))):
        value = _clean(str(value))
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # "=1+1" from a register stays those four signs
    elif kind in _FORMATS:
        cell.number_format = _FORMATS[kind]
    return cell


def _clean(text: str) -> str:
    """Without the control characters that no workbook can hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r")[:_LONGEST]
