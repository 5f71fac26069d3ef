"""Text of a web page: block elements as paragraphs, table rows as rows, navigation and scripts left out."""

from __future__ import annotations

from html.parser import HTMLParser

from ._furniture import FURNITURE
from ._layout import Piece, assemble
from ._model import SourceText

__all__ = ["extract_html"]

_BLOCKS = {
    *(
        "p",
        "div",
        "section",
        "article",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "br",
        "hr",
        "table",
    ),
    *(
        "blockquote",
        "pre",
        "dd",
        "dt",
        "dl",
        "title",
        "tr",
        "figure",
        "figcaption",
        "body",
        "caption",
        "thead",
        "tbody",
    ),
}
_SKIPPED = {
    "script",
    "style",
    "nav",
    "noscript",
    "template",
    "svg",
    "select",
    "button",
    "iframe",
    "head",
    "textarea",
    "footer",
    "aside",
    "form",
}
_VOID = {"br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed", "param", "track"}


_LAYOUT = 300  # characters of a cell from which on a table is only the page's frame


class _Table:
    """A table being read: its rows of cells, each a list of lines."""

    def __init__(self) -> None:
        self.cells: list[list[Piece]] = []
        self.open = False

    def row(self) -> list[Piece]:
        """The row as one piece, or its lines when it frames a text."""
        cells, self.cells, self.open = self.cells, [], False
        long = any(sum(len(p.text) for p in cell) > _LAYOUT for cell in cells)
        nested = any(p.row for cell in cells for p in cell)
        if long or nested or len(cells) == 1:
            return [piece for cell in cells for piece in cell]
        text = "\t".join(" ".join(p.text for p in cell) for cell in cells)
        return [Piece(text, row=True)] if text.strip() else []


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[Piece] = []
        self._buffer: list[str] = []
        self._tables: list[_Table] = []
        self._skipping: list[str] = []

    def _into(self) -> list[Piece]:
        """Where a finished line goes: the innermost open cell, or the page."""
        for table in reversed(self._tables):
            if table.open and table.cells:
                return table.cells[-1]
        return self._pieces

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping.append(tag)
        if self._skipping or (tag in _VOID and tag not in ("br", "hr")):
            return
        if tag in _BLOCKS or tag in ("td", "th"):
            self._flush()
        if tag == "table" and len(self._tables) < 50:
            self._tables.append(_Table())
        elif tag in ("tr", "td", "th") and self._tables:
            table = self._tables[-1]
            if tag == "tr":
                self._close_row()
            else:
                table.open = True
                table.cells.append([])

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag == self._skipping[-1]:
                self._skipping.pop()
            return
        if tag in _BLOCKS or tag in ("td", "th"):
            self._flush()
        if tag == "tr" and self._tables:
            self._close_row()
        elif tag == "table" and self._tables:
            self._close_row()
            self._tables.pop()

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._buffer.append(data)

    def _close_row(self) -> None:
        row = self._tables[-1].row()
        self._into().extend(row)

    def _flush(self) -> None:
        text = " ".join("".join(self._buffer).split())
        self._buffer = []
        if text and not FURNITURE.fullmatch(text):
            self._into().append(Piece(text))

    def finish(self) -> list[Piece]:
        self.close()
        self._flush()
        while self._tables:
            self._close_row()
            self._tables.pop()
        return self._pieces


def extract_html(text: str, name: str) -> SourceText:
    """Read a decoded page; never fails on broken markup."""
    reader = _Reader()
    reader.feed(text)
    return assemble(name, "html", reader.finish())
