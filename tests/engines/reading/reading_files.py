"""Documents made on the fly: the same sentences in every format."""

from __future__ import annotations

import io
import zipfile

import docx
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

PLAN = """青禾区培育低空装备产业行动方案（2026-2028年）
为加快培育低空装备产业，结合青禾区实际，制定本方案。
一、总体目标
到2028年，引进整机企业12家以上，打造低空应用场景40个，产业规模突破90亿元。
二、主要任务
（一）强化研发攻关
1.攻关关键部件。围绕飞控、动力电池和复合材料，组织企业与高校开展联合攻关，推动部件就近配套，降低整机企业的采购成本和供货周期。（责任单位：区科委、区经委）
2.建设测试平台。建设开放的试飞与检测平台，为企业提供适航验证、环境试验和标准服务。（责任单位：区经委）
三、保障措施
3.加强组织领导。建立联席会议制度，定期研究重大事项。（责任单位：区发改委、各街镇）
"""


def make_docx(text: str = PLAN, table: list[list[str]] | None = None) -> bytes:
    document = docx.Document()
    for line in text.strip().splitlines():
        document.add_paragraph(line)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, value in zip(row.cells, cells, strict=True):
                cell.text = value
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_pdf(
    text: str = PLAN,
    *,
    columns: int = 36,
    head: str | None = None,
    lines_per_page: int = 12,
    password: str | None = None,
) -> bytes:
    """Wrapped lines of ``columns`` characters, few lines a page, page numbers and a running head."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, encrypt=password) if password else canvas.Canvas(out, pagesize=A4)
    lines: list[str] = []
    for paragraph in text.strip().splitlines():
        lines += [paragraph[i : i + columns] for i in range(0, len(paragraph), columns)]
    for number, start in enumerate(range(0, len(lines), lines_per_page), 1):
        page.setFont("STSong-Light", 12)
        if head:
            page.drawString(72, 800, head)
        for row, line in enumerate(lines[start : start + lines_per_page]):
            page.drawString(72, 760 - 22 * row, line)
        page.drawString(280, 40, f"— {number} —")
        page.showPage()
    page.save()
    return out.getvalue()


def make_picture_pdf() -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4)
    page.rect(50, 50, 400, 600, fill=1)
    page.showPage()
    page.save()
    return out.getvalue()


def make_ofd(text: str = PLAN, *, columns: int = 36) -> bytes:
    """A minimal document of one page per twenty lines, each line one text object."""
    lines: list[str] = []
    for paragraph in text.strip().splitlines():
        lines += [paragraph[i : i + columns] for i in range(0, len(paragraph), columns)]
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    parts = {
        "OFD.xml": f'<ofd:OFD {space} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'
    }
    pages = ""
    for number, start in enumerate(range(0, len(lines), 20)):
        pages += f'<ofd:Page ID="{number + 1}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
        objects = "".join(
            f'<ofd:TextObject ID="{row}" Boundary="20 {20 + 8 * row} 170 6" Font="1" Size="4.5">'
            f'<ofd:TextCode X="0" Y="4.5" DeltaX="g {len(line) - 1} 4.5">{line}</ofd:TextCode></ofd:TextObject>'
            for row, line in enumerate(lines[start : start + 20])
        )
        objects += f'<ofd:TextObject ID="99" Boundary="100 285 10 5" Font="1" Size="4"><ofd:TextCode X="0" Y="4">{number + 1}</ofd:TextCode></ofd:TextObject>'
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f"<ofd:Page {space}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    parts["Doc_0/Document.xml"] = f"<ofd:Document {space}><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"
    return make_zip(parts)


def make_zip(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in parts.items():
            archive.writestr(path, content)
    return out.getvalue()


def make_html(text: str = PLAN) -> bytes:
    body = "".join(f"<p>{line}</p>\n" for line in text.strip().splitlines())
    return f"<!DOCTYPE html><html><head><title>t</title><style>p{{}}</style></head><body><nav>首页</nav>{body}<script>x=1</script></body></html>".encode()
