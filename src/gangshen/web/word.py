"""Word files in the official layout: A4, fonts by name, page numbers as dashes, sources numbered at the end.

Layout after GB/T 9704-2012 (format of official documents): margins 37/35/28/26 mm, title in 方正小标宋 at 22 pt, body in
仿宋_GB2312 at 16 pt on 28 pt lines, first headings in 黑体, second in 楷体_GB2312. Fonts are named, never embedded: an
office that has them gets the standard page, any other its own substitute.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .components import MARKS
from .formatting import label, long_day

__all__ = ["MEDIA_TYPE", "Word"]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE, BODY, FIRST, SECOND = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN = "Times New Roman"
HEIGHT, WIDTH = 637, 442  # points between the margins
LINE, CELL = 28, 18  # points of a line of the body, of a line in a table or among the sources


@dataclass(slots=True)
class Word:
    """A brief being written, from top to bottom; ``save()`` gives its bytes."""

    title: Any
    day: date | None = None
    issuer: Any = ""
    marks: Sequence[str] = ()
    _document: Any = field(init=False)
    _sources: list[tuple[str, str]] = field(init=False, default_factory=list)
    _used: int = field(init=False, default=0)  # points, counted as if every sign had the width of its kind

    def __post_init__(self) -> None:
        self._document = Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        self._document.core_properties.title = label(self.title)
        self._document.core_properties.author = label(self.issuer) or "Gangshen"
        _page_number(section)
        self._line(label(self.title), TITLE, 22, center=True, indent=False)
        under = " ".join(part for part in (label(self.issuer), long_day(self.day) if self.day else "") if part)
        if under:
            self._line(under, SECOND, 16, center=True, indent=False)
        if self.marks:
            said = _(", ").join(str(MARKS[kind][0]) for kind in self.marks)
            self._line(_("[%(marks)s]") % {"marks": said}, BODY, 14, center=True, indent=False)

    def heading(self, words: Any, level: int = 1) -> Word:
        """A first (黑体) or second (楷体) heading; its number is part of the words: 一、 and （一）."""
        paragraph = self._line(label(words), FIRST if level == 1 else SECOND, 16)
        paragraph.paragraph_format.keep_with_next = True
        return self

    def paragraph(self, words: Any, ref: Any = None, source: Any = "") -> Word:
        """A paragraph of the body; with ``ref`` it ends in the number of its source."""
        paragraph = self._line(label(words), BODY, 16)
        if ref is not None:
            run = paragraph.add_run(f"[{self._number(str(ref), label(source))}]")
            _font(run, BODY, 12)
            run.font.superscript = True
        return self

    def fitting(self, rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> Sequence[Sequence[Any]]:
        """Those of ``rows``, from the first, that a table of ``widths`` (mm) still holds on the first page.

        Its head and the list of sources cited so far are left room.
        """
        cited = LINE + sum(CELL * _lines(f"[1] {words} ({ref})", WIDTH, 12) for ref, words in self._sources)
        left = HEIGHT - self._used - cited - CELL - 2 * LINE
        for count, row in enumerate(rows):
            left -= 1 + CELL * max(
                _lines(label(one), wide * 2.83 - 11, 12) for one, wide in zip(row, widths, strict=True)
            )
            if left < 0:
                return rows[:count]
        return rows

    def table(
        self,
        heads: Sequence[Any],
        rows: Iterable[Sequence[Any]],
        *,
        right: Sequence[int] = (),
        widths: Sequence[int] = (),
    ) -> Word:
        """A ruled table at 12 pt; the head repeats on each page; ``right`` are the columns of figures, ``widths`` in mm.

        A cell is words, or a list of (words, mark) where the mark ``gone`` strikes them out and ``new`` underlines them.
        """
        table = self._document.add_table(rows=1, cols=len(heads), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for cell, words in zip(table.rows[0].cells, heads, strict=True):
            _cell(cell, label(words), FIRST, center=True)
        _repeat(table.rows[0])
        for row in rows:
            cells = table.add_row().cells
            for at, value in enumerate(row):
                if isinstance(value, list):
                    _marked(cells[at], value)
                else:
                    _cell(cells[at], label(value), BODY, right=at in right)
        if widths:
            table.autofit = False
            for column, wide in zip(table.columns, widths, strict=True):
                for cell in column.cells:
                    cell.width = Mm(wide)
        self._document.add_paragraph().paragraph_format.line_spacing = Pt(12)
        return self

    def save(self) -> bytes:
        """The file; the sources cited stand as a numbered list at its end."""
        if self._sources:
            self._line(_("Sources of this page"), FIRST, 14, indent=False)
            for at, (ref, words) in enumerate(self._sources, start=1):
                line = self._line(f"[{at}] {words} ({ref})" if words else f"[{at}] {ref}", BODY, 12, indent=False)
                line.paragraph_format.line_spacing = Pt(CELL)
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _number(self, ref: str, words: str) -> int:
        for at, (held, _words) in enumerate(self._sources, start=1):
            if held == ref:
                return at
        self._sources.append((ref, words))
        return len(self._sources)

    def _line(self, words: str, font: str, size: int, *, center: bool = False, indent: bool = True) -> Any:
        paragraph = self._document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
        shape.space_before = shape.space_after = Pt(0)
        if center:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif indent:
            shape.first_line_indent = Pt(size * 2)
        _font(paragraph.add_run(words), font, size)
        self._used += LINE * _lines(words, WIDTH - (2 * size if indent and not center else 0), size)
        return paragraph


def _lines(words: str, width: float, size: int) -> int:
    """How many lines ``words`` take: a Chinese sign is as wide as it is high, any other half that."""
    wide = sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.55 for sign in words) * size
    return max(1, math.ceil(wide / width))


def _font(run: Any, name: str, size: int) -> None:
    run.font.size, run.font.name = Pt(size), LATIN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _tight(paragraph: Any) -> None:
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(CELL)


def _cell(cell: Any, words: str, font: str, *, right: bool = False, center: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    _tight(paragraph)
    if right or center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.CENTER
    _font(paragraph.add_run(words), font, 12)


def _marked(cell: Any, pieces: Sequence[tuple[str, str]]) -> None:
    paragraph = cell.paragraphs[0]
    _tight(paragraph)
    for words, mark in pieces:
        run = paragraph.add_run(words)
        _font(run, BODY, 12)
        run.font.strike = mark == "gone"
        run.font.bold = run.font.underline = mark == "new"


def _repeat(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _page_number(section: Any) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("", "— "), ("begin", ""), ("instr", "PAGE"), ("end", ""), ("", " —")):
        run = paragraph.add_run(text if not kind else "")
        _font(run, "宋体", 14)
        if kind == "instr":
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = text
            run._element.append(code)
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._element.append(mark)
