"""Workbooks that tests hand in, as bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import chain
from typing import Any

import openpyxl

__all__ = ["workbook", "workbook_of"]

_Rows = list[list[Any]]


def workbook(rows: _Rows, *merged: str, sheet: str = "Sheet1") -> bytes:
    """One sheet of ``rows``; ``merged`` are places as A1:C1."""
    return workbook_of((sheet, rows, merged))


def workbook_of(*sheets: tuple[str, _Rows] | tuple[str, _Rows, Sequence[str]]) -> bytes:
    """Sheets by their names and rows, with merged places where there are any."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows, *merged in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
        for place in chain(*merged):
            page.merge_cells(place)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
