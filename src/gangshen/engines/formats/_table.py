"""Tables people send: CSV in the encodings Excel writes, and .xlsx; rows keep their line."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from ._problem import FormatError, Problem
from ._text import Text

__all__ = [
    "LIMIT",
    "UNPACKED",
    "Layout",
    "Row",
    "Table",
    "cell_text",
    "csv_rows",
    "decode",
    "fail",
    "inert",
    "read_table",
    "refuse_form",
    "write_csv",
]

LIMIT = 200 * 2**20
UNPACKED = 2**30
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|meta|table|\?xml)\b", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$(US\$|HK\$|\$|€|£)")
_UNIT_SHOWN = re.compile(r"([0#?.,!]+\s*)((?:百|千)?万元?|亿元?|千元|元)$")
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``line`` as an editor or Excel counts it, ``cells`` by header, empty cells None."""

    line: int
    cells: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table was found in its file.

    ``header_lines``: the one or two rows of headers; ``parts``: what stands above one another in them; ``unit``: what a
    note says of all amounts (单位：万元); ``title``: what stands above; ``skipped``: rows that are no data, with why;
    ``faults``: cells of a row that cannot be read; ``sheets``: all there are; ``epoch``: day 0 of date numbers. ``places``:
    where each row is one form, its line (the number of its sheet) → header → cell (基本情况!B5), and "" → the sheet.
    ``shared``: line → headers of cells that are merged with those of other rows.
    """

    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_lines: tuple[int, ...] = (1,)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str = ""
    title: str = ""
    skipped: tuple[tuple[int, Text], ...] = ()
    faults: Mapping[int, tuple[tuple[str, Text], ...]] = field(default_factory=dict)
    epoch: dt.date = dt.date(1899, 12, 30)
    places: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    shared: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A read table. ``form`` says how it was read: ``csv utf-8``, ``csv gb18030``, ``xlsx``."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    form: str
    layout: Layout = Layout()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def place(self, line: int, header: str) -> str:
        """Sheet and cell of what a form says under ``header``; its sheet for another header, empty for a table's row."""
        told = self.layout.places.get(line, {})
        return told.get(header, told.get("", ""))


def fail(name: str, line: int | None, field: str, zh: str, en: str) -> FormatError:
    return FormatError([Problem(name, line, field, Text(zh=zh, en=en))])


def read_table(
    source: Path | bytes, *, name: str | None = None, sheet: str | None = None, required: Collection[str] = ()
) -> Table:
    """Read CSV/TSV (UTF-8 with or without BOM, UTF-16 with BOM, GB18030) or .xlsx; the content decides, not the suffix.

    Cells come as text: dates as 2026-03-01, a percentage cell as ``5%``, TRUE as 是. The first row that is not empty
    holds the headers. Raises :class:`FormatError` for an unreadable, empty, encrypted or huge file, for empty, duplicate or
    missing headers and for rows wider than the headers; all faults of the rows together.
    """
    label = name or (source.name if isinstance(source, Path) else "table")
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        reason = error.strerror or str(error)
        zh, en = f"无法读取：{reason}（检查文件是否存在）", f"cannot be read: {reason} (check that the file is there)"
        raise fail(label, None, "", zh, en) from None
    if len(data) > LIMIT:
        raise fail(label, None, "", "文件超过 200 MB（拆分后再导入）", "file is larger than 200 MB (split it)")
    refuse_form(data, label)
    if data[:4] == b"PK\x03\x04":
        form, records = "xlsx", _xlsx(data, label, sheet)
    else:
        encoding, text = decode(data, label)
        form, records = f"csv {encoding}", csv_rows(text, label)
    return _table(label, form, records, required)


def refuse_form(data: bytes, name: str) -> None:
    """Raise for old .xls, encrypted workbooks and PDF, with what to do."""
    if data[:4] == b"\xd0\xcf\x11\xe0":
        zh, en = (
            "加密的或旧版 .xls 文件（去除密码，另存为 .xlsx）",
            "encrypted or old .xls (save as .xlsx without password)",
        )
        raise fail(name, None, "", zh, en)
    if _PAGE.match(data):
        zh, en = (
            "这是网页或 XML，不是表格（用 Excel 打开，另存为 .xlsx）",
            "a web page or XML, not a table (open it with Excel and save as .xlsx)",
        )
        raise fail(name, None, "", zh, en)
    if data[:4] == b"PK\x03\x04" and b"[Content_Types].xml" not in data and zipfile.is_zipfile(io.BytesIO(data)):
        zh, en = (
            "这是压缩包，不是 .xlsx（解压后导入其中的表）",
            "an archive, not .xlsx (unpack it and import its tables)",
        )
        raise fail(name, None, "", zh, en)
    if data[:5] == b"%PDF-":
        raise fail(
            name, None, "", "这是 PDF，不是表格（导出为 .xlsx 或 .csv）", "a PDF, not a table (export .xlsx or .csv)"
        )


def decode(data: bytes, name: str) -> tuple[str, str]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        order = ("utf-16",)
    else:
        order = ("utf-8-sig", "gb18030")  # type: ignore[assignment]
    for encoding in order:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            continue
        if "\0" not in text:
            return encoding.removesuffix("-sig"), text
        line = text.count("\n", 0, text.index("\0")) + 1
    zh, en = "不是文本表格（另存为 UTF-8 的 CSV 或 .xlsx）", "not a text table (save as UTF-8 CSV or as .xlsx)"
    raise fail(name, line, "", zh, en)


def csv_rows(text: str, name: str) -> Iterator[tuple[int, list[str | None]]]:
    heads = text[:20_000].split("\n")[:20]
    head = next((line for line in heads if any(mark in line for mark in ",\t;，|")), "")  # a title may stand above it
    delimiter = max(",\t;，|", key=head.count)
    if delimiter == "，":  # a header row typed with full-width commas is not a separator Excel would use
        delimiter = ","
    csv.field_size_limit(2**24)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() or None for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise fail(name, line, "", f"CSV 有误：{error}（检查引号）", f"broken CSV: {error} (check quotes)") from None


def _xlsx(data: bytes, name: str, sheet: str | None) -> Iterator[tuple[int, list[str | None]]]:
    import openpyxl  # takes a tenth of a second to import, and CSV does not need it

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(entry.file_size for entry in package.infolist()) > UNPACKED:
                raise fail(name, None, "", "解压后超过 1 GB（拆分后再导入）", "larger than 1 GB unpacked (split it)")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except FormatError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part raised
        zh, en = f"不是可读的 .xlsx（重新另存）：{error}", f"not a readable .xlsx (save it again): {error}"
        raise fail(name, None, "", zh, en) from None
    names = [page.title for page in book.worksheets]
    if sheet is not None and sheet not in names:
        listed = "、".join(names)
        raise fail(name, None, sheet, f"没有此工作表（有：{listed}）", f"no such sheet (there are: {listed})")
    if not names:
        raise fail(name, None, "", "没有工作表", "has no sheet with cells (add one)")
    page = book[sheet] if sheet else book.worksheets[0]
    page.reset_dimensions()
    for number, cells in enumerate(page.iter_rows(), start=1):
        yield number, [cell_text(cell.value, cell) for cell in cells]


def cell_text(value: Any, cell: Any = None) -> str | None:
    """The cell's text; ``cell`` tells the number format, asked only of numbers because looking it up is slow."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, int | float):
        before, behind = _around(getattr(cell, "number_format", "") or "")
        number = value * 100 if behind == "%" else value
        text = f"{number:.15g}" if isinstance(number, float) else str(number)
        if "e" in text:
            text = f"{Decimal(text):f}"
        return f"{before}{text}{behind}"
    return str(value).strip() or None


@lru_cache(maxsize=256)
def _around(number_format: str) -> tuple[str, str]:
    """What a number format shows before and behind the stored number: %, a foreign currency, the unit it stands in.

    Where the format divides what it shows (``0!.0,"万元"``) the stored number is in yuan.
    """
    shown = re.sub(r'["\\\\]', "", number_format.partition(";")[0]).rstrip("_ )")
    if shown.endswith("%"):
        return "", "%"
    if money := _CURRENCY.search(shown):
        return money[1], ""
    if unit := _UNIT_SHOWN.search(shown):
        return "", "元" if "!." in unit[1] or unit[1].rstrip().endswith(",") else unit[2]
    return "", ""


def _table(name: str, form: str, records: Iterable[tuple[int, list[str | None]]], required: Collection[str]) -> Table:
    headers: tuple[str, ...] | None = None
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, cells in records:
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if headers is None:
            headers = _headers(name, line, cells, required)
            continue
        if len(cells) > len(headers):
            words = Text(
                zh=f"有 {len(cells)} 格而表头只有 {len(headers)} 列（检查分隔符与引号）",
                en=f"has {len(cells)} cells under {len(headers)} headers (check separators and quotes)",
            )
            problems.append(Problem(name, line, "", words))
            continue
        cells.extend([None] * (len(headers) - len(cells)))
        rows.append(Row(line, dict(zip(headers, cells, strict=True))))
    if headers is None:
        raise fail(name, None, "", "文件为空（首行写表头）", "file is empty (put headers in its first row)")
    if problems:
        raise FormatError(problems)
    return Table(name, headers, tuple(rows), form)


def _headers(name: str, line: int, cells: Sequence[str | None], required: Collection[str]) -> tuple[str, ...]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        if cell is None:
            words = Text(zh=f"第 {number} 列没有表头（补上）", en=f"column {number} has no header (name it)")
            problems.append(Problem(name, line, "", words))
        elif cell in seen:
            problems.append(
                Problem(name, line, cell, Text(zh="表头重复（改名）", en="header given twice (rename one)"))
            )
        seen.add(cell or "")
    for header in required:
        if header not in seen:
            listed = "、".join(cell for cell in cells if cell)
            words = Text(zh=f"缺少此列（现有：{listed}）", en=f"column missing (there are: {listed})")
            problems.append(Problem(name, line, header, words))
    if problems:
        raise FormatError(problems)
    return tuple(cell or "" for cell in cells)


def inert(text: str) -> str:
    """``text`` so that no spreadsheet program runs it when it opens a CSV: a quote stands before what looks like a formula."""
    looks = text[:1] in tuple("=+-@\t\r\n＝＋－＠") and not _PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if len(text) > 1 and looks else text


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Deterministic CSV: ``\\n`` line ends, None empty, booleans 是/否, dates ISO."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headers)
    for row in rows:
        writer.writerow(
            ["" if value is None else cell_text(value) if isinstance(value, bool) else value for value in row]
        )
    return out.getvalue()
