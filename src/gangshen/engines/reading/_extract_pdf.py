"""Text of a .pdf, through PDFium: placed lines, then paragraphs."""

from __future__ import annotations

import threading
import unicodedata
from typing import Any

import pypdfium2 as pdfium

from ._columns import Line
from ._errors import EncryptedDocument, ScannedDocument, UnreadableDocument
from ._layout import assemble, rejoin
from ._model import SourceText
from ._recognise import recogniser

__all__ = ["extract_pdf"]

#: fonts that map common characters to the blocks of radicals: ⼈ is meant as 人
_RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00))
}
_SCALE = 2.5  # 180 dots an inch: the least that reads small print
_LOCK = threading.Lock()  # PDFium is not safe for threads


def extract_pdf(data: bytes, name: str) -> SourceText:
    """Read all pages; a file of pictures raises :class:`ScannedDocument`."""
    with _LOCK:
        lines, pages = _lines(data, name)
        if pages == 0:
            raise UnreadableDocument(name, "no pages")
        scanned = sum(len(line.text.strip()) for line in lines) < 8 * pages
        if scanned:
            lines = _recognised(data, name)
    source = assemble(name, "pdf", rejoin(lines), pages)
    return source.model_copy(update={"recognised": True, "notes": ("recognised from pictures",)}) if scanned else source


def _recognised(data: bytes, name: str) -> list[Line]:
    """The lines of a scan, read off its pages as pictures."""
    read = recogniser()
    if read is None:
        raise ScannedDocument(name)
    document = pdfium.PdfDocument(data)
    try:
        out: list[Line] = []
        for number in range(len(document)):
            page = document[number]
            try:
                out += read(page.render(scale=_SCALE).to_numpy(), number + 1)
            finally:
                page.close()
        return out
    except (pdfium.PdfiumError, ValueError, OSError) as error:
        raise UnreadableDocument(name, "damaged page") from error
    finally:
        document.close()


def _lines(data: bytes, name: str) -> tuple[list[Line], int]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedDocument(name) from error
        raise UnreadableDocument(name, "damaged pdf") from error
    try:
        out: list[Line] = []
        for number in range(len(document)):
            page = document[number]
            try:
                out += _page_lines(page, number + 1)
            finally:
                page.close()
        return out, len(document)
    except (pdfium.PdfiumError, ValueError, OSError, UnicodeError) as error:
        raise UnreadableDocument(name, "damaged page") from error
    finally:
        document.close()


def _page_lines(page: Any, number: int) -> list[Line]:
    textpage = page.get_textpage()
    try:
        count = textpage.count_chars()
        text = textpage.get_text_range() if count else ""
        placed = len(text) == count
        out: list[Line] = []
        position = 0
        for raw in text.split("\n"):
            line = raw.rstrip("\r")
            start, end = position, position + len(line)
            position += len(raw) + 1
            while start < end and text[start].isspace():
                start += 1
            while end > start and text[end - 1].isspace():
                end -= 1
            if end <= start:
                continue
            if not placed:
                out.append(_unplaced(_bare(text[start:end]), len(out), number))
                continue
            for a, b in _stretches(textpage, text, start, end):
                out.append(_placed(textpage, _bare(text[a:b]), a, b - 1, number))
        return out
    finally:
        textpage.close()


def _bare(text: str) -> str:
    return text.translate(_RADICALS).replace("\ufffe", "").replace("\x02", "").replace("\x00", "")


def _stretches(textpage: Any, text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A line parted where a gap is wider than any between words: columns, cells of a row."""
    out = []
    first = start
    position = start
    while position < end:
        if not text[position].isspace():
            position += 1
            continue
        after = position
        while after < end and text[after].isspace():
            after += 1
        before, following = textpage.get_charbox(position - 1), textpage.get_charbox(after)
        if following[0] - before[2] > 1.6 * max(before[3] - before[1], before[2] - before[0]):
            out.append((first, position))
            first = after
        position = after
    return [*out, (first, end)]


def _placed(textpage: Any, text: str, first: int, last: int, page: int) -> Line:
    left, bottom, right, top = textpage.get_charbox(first)
    right = max(right, textpage.get_charbox(last)[2])
    return Line(text, left, right, -top, max(top - bottom, 0.1), page)


def _unplaced(text: str, index: int, page: int) -> Line:
    return Line(text, 0.0, float(len(text)), float(index), 1.0, page)
