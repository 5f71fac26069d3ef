"""Text of a .pdf, through PDFium: placed lines, then paragraphs."""

from __future__ import annotations

import threading
import unicodedata
from typing import Any

import pypdfium2 as pdfium

from ._errors import EncryptedDocument, ScannedDocument, UnreadableDocument
from ._layout import Line, assemble, rejoin
from ._model import SourceText

__all__ = ["extract_pdf"]

#: fonts that map common characters to the blocks of radicals: ⼈ is meant as 人
_RADICALS = {
    code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFB00))
}
_LOCK = threading.Lock()  # PDFium is not safe for threads


def extract_pdf(data: bytes, name: str) -> SourceText:
    """Read all pages; a file of pictures raises :class:`ScannedDocument`."""
    with _LOCK:
        lines, pages = _lines(data, name)
    if pages == 0:
        raise UnreadableDocument(name, "no pages")
    if sum(len(line.text.strip()) for line in lines) < 8 * pages:
        raise ScannedDocument(name)
    return assemble(name, "pdf", rejoin(lines), pages)


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
            bare = text[start:end].translate(_RADICALS).replace("\ufffe", "").replace("\x02", "").replace("\x00", "")
            out.append(_placed(textpage, bare, start, end - 1, number) if placed else _unplaced(bare, len(out), number))
        return out
    finally:
        textpage.close()


def _placed(textpage: Any, text: str, first: int, last: int, page: int) -> Line:
    left, bottom, right, top = textpage.get_charbox(first)
    right = max(right, textpage.get_charbox(last)[2])
    return Line(text, left, right, -top, max(top - bottom, 0.1), page)


def _unplaced(text: str, index: int, page: int) -> Line:
    return Line(text, 0.0, float(len(text)), float(index), 1.0, page)
