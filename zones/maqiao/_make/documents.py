"""Make the demo zone's sample documents from `texts/`: run `python zones/maqiao/_make/documents.py`.

The texts are written for this zone. The light mark-up is `# title`, `> note`, `## section`, `### subsection`; every
other line is a paragraph. The same texts give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import zipfile
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

HERE = Path(__file__).parent
OUTPUTS = {
    "work-plan-2019": ".docx",
    "robot-action-plan-draft": ".pdf",
    "statistics-2025": ".md",
    "compute-subsidy": ".docx",
    "support-measures": ".docx",
    "rent-measures-2024": ".docx",
    "training-voucher-draft": ".docx",
    "operating-plan-2026": ".docx",
}
FACES = {
    "title": ("方正小标宋简体", 22),
    "section": ("黑体", 16),
    "subsection": ("楷体_GB2312", 16),
    "body": ("仿宋_GB2312", 16),
}


def lines(name: str) -> list[tuple[str, str]]:
    """(style, words) of each line of a text."""
    marks = {"#": "title", ">": "note", "##": "section", "###": "subsection"}
    found = []
    for line in (HERE / "texts" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.strip():
            mark, _, rest = line.partition(" ")
            found.append((marks[mark], rest) if mark in marks else ("body", line))
    return found


def docx(name: str) -> bytes:
    """The text in the official layout (A4, margins and faces of the genre)."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Cm(3.7), Cm(3.5), Cm(2.8), Cm(2.6)
    for style, words in lines(name):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(words)
        face, size = FACES.get(style, FACES["body"])
        run.font.size = Pt(10.5 if style == "note" else size)
        run.font.name = face
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
        if style == "title" or words.startswith("（征求意见稿"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif style != "note":
            paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    properties = document.core_properties
    properties.author, properties.title = "Gangshen", lines(name)[0][1]
    properties.created = properties.modified = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    raw = io.BytesIO()
    document.save(raw)
    return _without_times(raw.getvalue())


def _without_times(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pdf(name: str) -> bytes:
    """The text as PDF with a running head and page numbers, in a font that every reader has."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    base = ParagraphStyle("body", fontName="STSong-Light", fontSize=12, leading=22, firstLineIndent=24, wordWrap="CJK")
    styles = {
        "body": base,
        "title": ParagraphStyle("title", base, fontSize=16, leading=26, alignment=TA_CENTER, firstLineIndent=0),
        "section": ParagraphStyle("section", base, fontSize=14),
        "subsection": base,
        "note": ParagraphStyle("note", base, fontSize=9, leading=14, firstLineIndent=0),
    }
    story = []
    for style, words in lines(name):
        centred = words.startswith("（征求意见稿")
        story.append(Paragraph(words, styles["title" if centred else style]))
        if style == "title":
            story.append(Spacer(1, 4 * mm))
    title = re.sub(r"转述本$", "", lines(name)[0][1])

    def furniture(canvas, document) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 14 * mm, title)
        canvas.drawCentredString(A4[0] / 2, 12 * mm, f"— {document.page} —")

    out = io.BytesIO()
    SimpleDocTemplate(
        out,
        pagesize=A4,
        topMargin=25 * mm,
        bottomMargin=25 * mm,
        title=lines(name)[0][1],
        author="Gangshen",
        invariant=1,
    ).build(story, onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


def md(name: str) -> bytes:
    """The text as it stands."""
    return (HERE / "texts" / f"{name}.txt").read_bytes()


def make(folder: Path) -> list[Path]:
    """Write all documents into ``folder``."""
    makers = {".docx": docx, ".pdf": pdf, ".md": md}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, suffix in OUTPUTS.items():
        path = folder / f"{name}{suffix}"
        path.write_bytes(makers[suffix](name))
        written.append(path)
    return written


if __name__ == "__main__":
    for path in make(HERE.parent / "documents"):
        sys.stdout.write(f"{path.name}\n")
