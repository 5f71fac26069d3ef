"""What Word keeps beside plain paragraphs: lists, revisions, tables, text boxes, notes."""

import io
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from gangshen.engines.reading import extract

W = nsdecls("w")
RUN = "<w:r><w:t>{}</w:t></w:r>"


def lines(document: Any) -> list[str]:
    out = io.BytesIO()
    document.save(out)
    return extract(out.getvalue(), "a.docx").text.splitlines()


def numbered(document: Any, formats: list[tuple[str, str]], overrides: dict[int, str]) -> None:
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(formats)
    )
    numbering.append(parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{levels}</w:abstractNum>'))
    for number, inner in overrides.items():
        numbering.append(parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="90"/>{inner}</w:num>'))


def listed(document: Any, text: str, number: int, level: int = 0) -> None:
    paragraph = document.add_paragraph(text)
    inner = f'<w:ilvl w:val="{level}"/><w:numId w:val="{number}"/>'
    paragraph._p.get_or_add_pPr().append(parse_xml(f"<w:numPr {W}>{inner}</w:numPr>"))


def test_lists_of_one_form_count_on_and_may_start_anew() -> None:
    document = docx.Document()
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbered(document, [("decimal", "%1.")], {90: "", 91: "", 92: restart})
    for text, number in (("甲", 90), ("乙", 91), ("丙", 92), ("丁", 92)):
        listed(document, text, number)
    assert lines(document) == ["1.甲", "2.乙", "1.丙", "2.丁"]


def test_a_column_of_automatic_numbers_is_printed() -> None:
    document = docx.Document()
    numbered(document, [("decimal", "%1")], {90: ""})
    table = document.add_table(rows=2, cols=2)
    for row, text in zip(table.rows, ("建设平台", "引育人才"), strict=True):
        row.cells[1].text = text
        inner = '<w:ilvl w:val="0"/><w:numId w:val="90"/>'
        row.cells[0].paragraphs[0]._p.get_or_add_pPr().append(parse_xml(f"<w:numPr {W}>{inner}</w:numPr>"))
    assert lines(document) == ["1\t建设平台", "2\t引育人才"]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (f'<w:ins w:id="1" w:author="a">{RUN.format("三十家")}</w:ins>', ["培育企业三十家"]),
        ('<w:del w:id="1" w:author="a"><w:r><w:delText>二十家</w:delText></w:r></w:del>', ["培育企业"]),
        (f'<w:moveFrom w:id="1" w:author="a">{RUN.format("旧")}</w:moveFrom>', ["培育企业"]),
        (f'<w:moveTo w:id="1" w:author="a">{RUN.format("新")}</w:moveTo>', ["培育企业新"]),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>", ["培育企业"]),
        ("<w:r><w:ruby><w:rt><w:r><w:t>pei</w:t></w:r></w:rt></w:ruby></w:r>", ["培育企业"]),
        ('<w:r><w:footnoteReference w:id="2"/></w:r>', ["培育企业"]),
        ('<w:r><w:br w:type="page"/><w:t>十家</w:t></w:r>', ["培育企业十家"]),
    ],
)
def test_revisions_and_marks_inside_a_paragraph(inner: str, expected: list[str]) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("培育企业")
    for child in parse_xml(f"<w:p {W}>{inner}</w:p>"):
        paragraph._p.append(child)
    assert lines(document) == expected


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    document = docx.Document()
    first = document.add_paragraph("培育企业")
    deleted = f'<w:rPr {W}><w:del w:id="1" w:author="a"/></w:rPr>'
    first._p.get_or_add_pPr().append(parse_xml(deleted))
    document.add_paragraph("三十家")
    document.add_paragraph("开放场景")
    assert lines(document) == ["培育企业三十家", "开放场景"]


def test_deleted_rows_spans_and_frames_of_tables() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row, texts in zip(table.rows, (("任务", "单位", "时限"), ("甲", "乙", "丙"), ("丁", "戊", "己")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {W} w:id="1" w:author="a"/>'))
    table.rows[2].cells[0].merge(table.rows[2].cells[1])
    frame = document.add_table(rows=1, cols=1).rows[0].cells[0]
    frame.text = "一、总体目标"
    frame.add_paragraph("到2028年，" + "产业更强、企业更多、场景更广，" * 20)
    found = lines(document)
    assert found[:2] == ["任务\t单位\t时限", "丁 戊\t\t己"]
    assert found[2] == "一、总体目标"
    assert found[3].startswith("到2028年")


def test_text_boxes_are_read_once() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("正文")
    box = f"<w:txbxContent><w:p>{RUN.format('框中文字')}</w:p></w:txbxContent>"
    choice = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    xml = f"<w:r {W} {choice}><mc:AlternateContent><mc:Choice Requires='wps'><w:pict>{box}</w:pict></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    paragraph._p.append(parse_xml(xml))
    assert lines(document) == ["正文", "框中文字"]
