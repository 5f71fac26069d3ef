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
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", f"{_W}pPr", f"{_W}instrText", f"{_W}rPr"}
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
    for child in element:
        if child.tag == f"{_W}p":
            yield Piece(numbering.label(child) + _text(child))
            for box in child.iter(f"{_W}txbxContent"):
                if not any(a.tag == _FALLBACK for a in box.iterancestors()):
                    yield from _body(box, numbering)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}smartTag", f"{_W}customXml"):
            yield from _body(child, numbering)


def _rows(table: Any) -> Iterator[Piece]:
    for row in table.iter(f"{_W}tr"):
        cells = []
        for cell in row.iter(f"{_W}tc"):
            if cell.find(f"{_W}tcPr/{_W}vMerge") is not None and not _text_of_cell(cell):
                cells.append("")
                continue
            cells.append(_text_of_cell(cell))
        if any(cells):
            yield Piece("\t".join(cells), row=True)


def _text_of_cell(cell: Any) -> str:
    return " ".join(filter(None, (_text(p).replace("\n", " ").strip() for p in cell.iter(f"{_W}p"))))


def _text(paragraph: Any) -> str:
    return "".join(_runs(paragraph))


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag in _SKIPPED or tag == _FALLBACK:
            continue
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag == f"{_W}tab":
            yield " "
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
                self._abstract[number.get(f"{_W}numId")] = reference.get(f"{_W}val")
        for style in document.styles.element.iter(f"{_W}style"):
            found = style.find(f"{_W}pPr/{_W}numPr")
            if found is not None:
                self._styles[style.get(f"{_W}styleId")] = (_value(found, "numId", ""), int(_value(found, "ilvl", "0")))

    def label(self, paragraph: Any) -> str:
        """The number before a paragraph, and one step on."""
        found = paragraph.find(f"{_W}pPr/{_W}numPr")
        if found is not None:
            number, level = _value(found, "numId", ""), int(_value(found, "ilvl", "0"))
        else:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            number, level = self._styles.get(style.get(f"{_W}val") if style is not None else "", ("", 0))
        abstract = self._abstract.get(number)
        if abstract is None or (abstract, level) not in self._levels:
            return ""
        form, pattern, _ = self._levels[abstract, level]
        counts = self._counts.setdefault(number, [])
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
