"""Sheets as they lie: rows of cells with their line, merged ranges, cells whose formula has no stored value."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ._extent import guard_package, guard_text
from ._problem import FormatError
from ._table import LIMIT, UNPACKED, cell_text, csv_rows, decode, fail, refuse_form

__all__ = ["Grid", "read_grids"]

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]+)(\d+)"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERRORS = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
_EPOCH = dt.date(1899, 12, 30)


@dataclass(slots=True)
class Grid:
    """One sheet, or a text file as its one sheet. Lines and columns count from 1.

    ``merged``: (first line, first column, last line, last column); ``unread``: (line, column) of cells that hold a formula
    without a stored value, or an error; ``epoch``: the day that the sheet's date numbers count from; ``width``: most cells of a row.
    """

    name: str
    form: str
    rows: list[tuple[int, list[str | None]]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unread: set[tuple[int, int]] = field(default_factory=set)
    hidden: bool = False
    epoch: dt.date = _EPOCH
    width: int = 0


def read_grids(data: bytes, name: str, sheet: str | None, peek: int) -> tuple[list[Grid], tuple[str, ...]]:
    """Every sheet's first ``peek`` rows, or the whole of the one that is named or alone; and the names of all.

    Raises :class:`FormatError` for what is no table, is too large, or has no such sheet.
    """
    if len(data) > LIMIT:
        raise fail(name, None, "", "文件超过 200 MB（拆分后再导入）", "file is larger than 200 MB (split it)")
    refuse_form(data, name)
    if data[:4] != b"PK\x03\x04":
        encoding, text = decode(data, name)
        guard_text(text, name)
        return [Grid("", f"csv {encoding}", list(csv_rows(text, name)))], ("",)
    book, package = _open(data, name)
    try:
        pages = {page.title: page for page in book.worksheets}
        if sheet is not None and sheet not in pages:
            listed = "、".join(pages)
            raise fail(name, None, sheet, f"没有此工作表（有：{listed}）", f"no such sheet (there are: {listed})")
        if not pages:
            raise fail(name, None, "", "没有工作表", "has no sheet with cells (add one)")
        chosen = sheet or (next(iter(pages)) if len(pages) == 1 else None)
        if chosen is not None:
            return [_grid(pages[chosen], book, package, None)], tuple(pages)
        return [_grid(page, book, package, peek) for page in pages.values()], tuple(pages)
    except FormatError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part raised
        zh, en = f"不是可读的 .xlsx（重新另存）：{error}", f"not a readable .xlsx (save it again): {error}"
        raise fail(name, None, "", zh, en) from None
    finally:
        book.close()
        package.close()


def _open(data: bytes, name: str) -> tuple[Any, zipfile.ZipFile]:
    import openpyxl  # takes a tenth of a second to import, and CSV does not need it

    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        if sum(entry.file_size for entry in package.infolist()) > UNPACKED:
            raise fail(name, None, "", "解压后超过 1 GB（拆分后再导入）", "larger than 1 GB unpacked (split it)")
        guard_package(package, name)
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True), package
    except FormatError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part raised
        zh, en = f"不是可读的 .xlsx（重新另存）：{error}", f"not a readable .xlsx (save it again): {error}"
        raise fail(name, None, "", zh, en) from None


def _grid(page: Any, book: Any, package: zipfile.ZipFile, peek: int | None) -> Grid:
    page.reset_dimensions()
    grid = Grid(page.title, "xlsx", [], hidden=page.sheet_state != "visible", epoch=book.epoch.date())
    for line, row in _rows(page, peek):
        cells = [cell_text(cell.value, cell) for cell in row]
        grid.unread |= {(line, at) for at, text in enumerate(cells, 1) if text and _ERRORS.fullmatch(text)}
        while cells and cells[-1] is None:
            cells.pop()
        grid.width = max(grid.width, len(cells))
        grid.rows.append((line, cells))
    raw = package.read(page._worksheet_path)  # what is merged, or has no stored value, only the raw sheet says
    grid.merged = [
        (int(top), _column(left), int(bottom), _column(right)) for left, top, right, bottom in _MERGED.findall(raw)
    ]
    if b"<f" in raw or b":f" in raw:
        grid.unread |= {(int(line), _column(letters)) for letters, line in _FORMULA.findall(raw)}
    return grid


def _rows(page: Any, peek: int | None) -> Iterator[tuple[int, Any]]:
    yield from enumerate(page.iter_rows(max_row=peek), start=1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
