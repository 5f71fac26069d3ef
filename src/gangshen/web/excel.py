"""Excel workbooks a colleague can work with and import again: typed cells, frozen heads, nothing read as a formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from math import isfinite
from typing import Any

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

__all__ = ["MEDIA_TYPE", "Head", "Sheet", "plain", "workbook"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
    "percent": "0.0#",
    "number": "#,##0.####",
}
_LONGEST = 32_767  # signs in a cell, by the format
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML holds them
_HEAD = {"bold": True, "bg_color": "#EEF0F2", "text_wrap": True, "valign": "vcenter"}


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its title as the import reads it, its kind (text, money in yuan, number, percent, date, moment), its width."""

    title: str
    kind: str = "text"
    width: int = 16


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a line saying what it is (scope, date, marks; None where there is to be no such line), the heads, the
    rows."""

    title: str
    about: str | None
    heads: Sequence[Head]
    rows: Iterable[Sequence[Any]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The file's bytes. Money cells are given in fen and written in yuan as numbers."""
    out = BytesIO()
    with Workbook(out, {"constant_memory": True}) as book:
        formats = {kind: book.add_format({"num_format": written}) for kind, written in _FORMATS.items()}
        head_format, grey = book.add_format(_HEAD), book.add_format({"font_color": "#5D666F"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.title[:31].translate({ord(char): "-" for char in "[]:*?/\\"}))
            heads = 0 if sheet.about is None else 1  # their row
            page.freeze_panes(heads + 1, 0)
            for at, head in enumerate(sheet.heads):
                page.set_column(at, at, head.width)
            if sheet.about:
                page.write_string(0, 0, plain(sheet.about), grey)
            for at, head in enumerate(sheet.heads):
                page.write_string(heads, at, plain(head.title), head_format)
            last = _write(page, sheet, formats, heads + 1)
            page.autofilter(heads, 0, last, max(len(sheet.heads) - 1, 0))
    return out.getvalue()


def _write(page: Worksheet, sheet: Sheet, formats: Mapping[str, Format], first: int) -> int:
    """Write the sheet's rows from row ``first``; returns the number of the last one."""
    last = first - 1
    for last, row in enumerate(sheet.rows, start=first):
        for at, (value, head) in enumerate(zip(row, sheet.heads, strict=True)):
            if type(value) is str:
                if value:
                    page.write_string(last, at, plain(value))
            elif value is not None:
                write, written, kind = _figure(page, value, head.kind)
                write(last, at, written, formats.get(kind))
    return last


def _figure(page: Worksheet, value: Any, kind: str) -> tuple[Callable[..., int], Any, str]:
    """How to write what is no text: an amount, a number, a yes or no, a day or moment; anything else by its words."""
    if isinstance(value, bool):
        return page.write_boolean, value, kind
    if isinstance(value, datetime):
        value = timezone.make_naive(value) if timezone.is_aware(value) else value
        return page.write_datetime, value, kind if kind in ("date", "moment") else "moment"
    if isinstance(value, date):
        return page.write_datetime, value, kind if kind in ("date", "moment") else "date"
    if isinstance(value, int | float | Decimal):
        figure = Decimal(value) / 100 if kind == "money" else value
        return (page.write_number, figure, kind) if isfinite(figure) else (page.write_blank, None, kind)
    return page.write_string, plain(str(value)), ""


def plain(text: str) -> str:
    """Without the signs that no workbook can hold, and no longer than a cell."""
    return text[:_LONGEST] if text.isprintable() else _ILLEGAL.sub("", text)[:_LONGEST]
