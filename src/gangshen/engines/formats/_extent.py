"""How large a table is, told from its bytes before anything of it is laid out in memory."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from ._problem import FormatError
from ._table import fail

__all__ = ["MOST_CELLS", "exceeds", "guard_package", "guard_text"]

MOST_CELLS = 10_000_000
"""More than that is refused: laid out, they would take several gigabytes."""
_BLOCK = 1 << 20
_SHEETS = ("xl/worksheets/", ".xml")


def exceeds(source: IO[bytes], rows: int) -> bool:
    """Has the file more than ``rows`` lines, or one of its sheets more rows? Reads no further than that many.

    ``source`` holds CSV, .xlsx or either of them gzipped. A file that is broken has as many as can be read.
    """
    head = source.read(4)
    source.seek(0)
    try:
        if head[:2] == b"\x1f\x8b":
            with gzip.open(source) as packed:
                return _reaches(_blocks(packed), b"\n", rows + 1)
        if head == b"PK\x03\x04":
            with zipfile.ZipFile(source) as package:
                return any(_reaches(_blocks(sheet), b"<row", rows + 1) for sheet in _sheets(package))
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
        return False
    return _reaches(_blocks(source), b"\n", rows + 1)


def guard_text(text: str, name: str) -> None:
    """Raise :class:`FormatError` for a text with more cells than can be laid out."""
    if text.count("\n") + max(map(text.count, ",\t;")) > MOST_CELLS:
        raise _too_many(name)


def guard_package(package: zipfile.ZipFile, name: str) -> None:
    """The same of a workbook: its largest sheet counts."""
    for sheet in _sheets(package):
        if _reaches(_blocks(sheet), b"<c ", MOST_CELLS):
            raise _too_many(name)


def _too_many(name: str) -> FormatError:
    zh, en = (
        f"超过 {MOST_CELLS // 10_000} 万个单元格（拆分，或删去不需要的列）",
        f"more than {MOST_CELLS:,} cells (split it, or drop columns nobody needs)",
    )
    return fail(name, None, "", zh, en)


def _sheets(package: zipfile.ZipFile) -> Iterator[IO[bytes]]:
    start, end = _SHEETS
    for entry in package.infolist():
        if entry.filename.startswith(start) and entry.filename.endswith(end):
            with package.open(entry) as sheet:
                yield sheet


def _blocks(source: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while block := source.read(_BLOCK):
        yield block


def _reaches(blocks: Iterator[bytes], sign: bytes, count: int) -> bool:
    """Does ``sign`` stand in ``blocks`` at least ``count`` times? It may lie across two of them."""
    seen, rest = 0, b""
    for block in blocks:
        held = rest + block
        seen += held.count(sign)
        if seen >= count:
            return True
        rest = held[-(len(sign) - 1) :] if len(sign) > 1 else b""
    return False
