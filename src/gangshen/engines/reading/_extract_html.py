"""Text of a web page: block elements as paragraphs, table rows as rows, navigation and scripts left out."""

from __future__ import annotations

from html.parser import HTMLParser

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


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._buffer: list[str] = []
        self._cells: list[str] | None = None
        self._skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping.append(tag)
        if self._skipping or (tag in _VOID and tag not in ("br", "hr")):
            return
        if tag == "tr":
            self._flush()
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._buffer = []
        elif tag in _BLOCKS:
            if self._cells is None:
                self._flush()
            else:
                self._buffer.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag == self._skipping[-1]:
                self._skipping.pop()
            return
        if tag in ("td", "th") and self._cells is not None:
            self._cells.append(" ".join("".join(self._buffer).split()))
            self._buffer = []
        elif tag in ("tr", "table") and self._cells is not None:
            if any(self._cells):
                self.pieces.append(Piece("\t".join(self._cells), row=True))
            self._cells = None
            self._buffer = []
        elif tag in _BLOCKS and self._cells is None:
            self._flush()

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._buffer.append(data)

    def _flush(self) -> None:
        text = " ".join("".join(self._buffer).split())
        self._buffer = []
        if text:
            self.pieces.append(Piece(text))

    def finish(self) -> list[Piece]:
        self.close()
        self._flush()
        return self.pieces


def extract_html(text: str, name: str) -> SourceText:
    """Read a decoded page; never fails on broken markup."""
    reader = _Reader()
    reader.feed(text)
    return assemble(name, "html", reader.finish())
