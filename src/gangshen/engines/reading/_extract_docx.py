"""Text of a .docx: paragraphs with their automatic numbers, tables as rows, revisions as accepted."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx

from gangshen.engines.quantities import to_numeral

from ._archive import open_archive, part
from ._errors import EncryptedDocument, UnreadableDocument
from ._layout import Piece, assemble
from ._model import SourceText

__all__ = ["extract_docx"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = {
    f"{_W}{tag}" for tag in ("del", "moveFrom", "txbxContent", "pPr", "instrText", "rPr", "rt", "footnoteReference")
}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def extract_docx(data: bytes, name: str) -> SourceText:
    """Read the body in its order; headers, footers, comments and notes are left out."""
    archive = open_archive(data, name)
    if "EncryptedPackage" in archive.namelist():
        raise EncryptedDocument(name)
    for path in archive.namelist():
        if path.endswith((".xml", ".rels")):
            part(archive, path, name)
    try:
        document = docx.Document(io.BytesIO(data))
        numbering = _Numbering(document)
        pieces = list(_body(document.element.body, numbering))
    except Exception as error:  # the library raises KeyError, ValueError, lxml errors and more on damaged files
        raise UnreadableDocument(name, "damaged docx") from error
    return assemble(name, "docx", [p for p in pieces if p.text.strip()])


def _body(element: Any, numbering: _Numbering) -> Iterator[Piece]:
    held = ""
    for child in element:
        if child.tag == f"{_W}p":
            label = "" if held else numbering.label(child)
            held = held + label + _text(child)
            if child.find(f"{_W}pPr/{_W}rPr/{_W}del") is None:  # a deleted mark joins what follows
                yield Piece(held)
                held = ""
            for box in child.iter(f"{_W}txbxContent"):
                if not any(a.tag == _FALLBACK for a in box.iterancestors()):
                    yield from _body(box, numbering)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child, numbering)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}smartTag", f"{_W}customXml"):
            yield from _body(child, numbering)
    if held:
        yield Piece(held)


def _rows(table: Any, numbering: _Numbering) -> Iterator[Piece]:
    """One row a piece; a cell over several columns leaves the others empty, a deleted row is left out."""
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table or row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        framed = [c for c in _cells(row) if _text_of_cell(c)]
        if len(framed) == 1 and len(_text_of_cell(framed[0])) > 200:  # a frame around a text
            yield from _body(framed[0], numbering)
            continue
        cells = []
        for cell in _cells(row):
            cells.append(_text_of_cell(cell, numbering))
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            cells += [""] * min(int((span.get(f"{_W}val") if span is not None else "1") or 1) - 1, 50)
        if any(cells):
            yield Piece("\t".join(cells), row=True)


def _cells(row: Any) -> list[Any]:
    return [c for c in row.iter(f"{_W}tc") if next(c.iterancestors(f"{_W}tr")) is row]


def _text_of_cell(cell: Any, numbering: _Numbering | None = None) -> str:
    paragraphs = ((numbering.label(p) if numbering else "") + _text(p) for p in cell.iter(f"{_W}p"))
    return " ".join(filter(None, (p.replace("\n", " ").replace("\t", " ").strip() for p in paragraphs)))


def _text(paragraph: Any) -> str:
    return "".join(_runs(paragraph))


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag in _SKIPPED or tag == _FALLBACK or (tag == f"{_W}r" and child.find(f"{_W}rPr/{_W}vanish") is not None):
            continue
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag == f"{_W}tab":
            yield " "
        elif tag == f"{_W}br" and child.get(f"{_W}type") in ("page", "column"):
            continue
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        else:
            yield from _runs(child)


class _Numbering:
    """Automatic numbers as Word would print them; bullets print nothing."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._abstract: dict[str, str] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, list[int]] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for abstract in root.iter(f"{_W}abstractNum"):
            key = abstract.get(f"{_W}abstractNumId")
            for level in abstract.iter(f"{_W}lvl"):
                index = int(level.get(f"{_W}ilvl") or 0)
                self._levels[key, index] = (
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", ""),
                    int(_value(level, "start", "1") or 1),
                )
        for number in root.iter(f"{_W}num"):
            reference = number.find(f"{_W}abstractNumId")
            if reference is not None:
                key = number.get(f"{_W}numId")
                self._abstract[key] = reference.get(f"{_W}val")
                self._overrides[key] = {
                    int(o.get(f"{_W}ilvl") or 0): int(_value(o, "startOverride", "1") or 1)
                    for o in number.iter(f"{_W}lvlOverride")
                    if o.find(f"{_W}startOverride") is not None
                }
        for style in document.styles.element.iter(f"{_W}style"):
            found = style.find(f"{_W}pPr/{_W}numPr")
            if found is not None:
                self._styles[style.get(f"{_W}styleId")] = (_value(found, "numId", ""), int(_value(found, "ilvl", "0")))

    def label(self, paragraph: Any) -> str:
        """The number before a paragraph, and one step on."""
        found = paragraph.find(f"{_W}pPr/{_W}numPr")
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        number, level = self._styles.get(style.get(f"{_W}val") if style is not None else "", ("", 0))
        if found is not None:
            number, level = _value(found, "numId", number), int(_value(found, "ilvl", str(level)))
        abstract = self._abstract.get(number)
        if abstract is None or (abstract, level) not in self._levels:
            return ""
        form, pattern, _ = self._levels[abstract, level]
        counts = self._counts.setdefault(abstract, [])  # lists of one form count on, unless one starts anew
        for at, start in self._overrides.pop(number, {}).items():
            del counts[at:]
            while len(counts) < at:
                counts.append(1)
            counts.append(start - 1)
        while len(counts) <= level:
            counts.append(self._levels.get((abstract, len(counts)), ("", "", 1))[2] - 1)
        counts[level] += 1
        del counts[level + 1 :]
        if form in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", lambda m: self._print(abstract, int(m[1]) - 1, counts), pattern)

    def _print(self, abstract: str, level: int, counts: list[int]) -> str:
        form = self._levels.get((abstract, level), ("decimal", "", 1))[0]
        number = counts[level] if level < len(counts) else 1
        if number < 0:
            return str(number)
        if form.startswith(("chinese", "japanese", "ideograph", "taiwanese", "korean")):
            return to_numeral(number)
        if form == "decimalEnclosedCircle" and 1 <= number <= 20:
            return chr(ord("①") + number - 1)
        if form in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
            return chr(ord("A" if form == "upperLetter" else "a") + number - 1)
        return str(number)


def _value(element: Any, tag: str, default: str) -> str:
    found = element.find(f"{_W}{tag}")
    value = found.get(f"{_W}val") if found is not None else None
    return value if value is not None else default
