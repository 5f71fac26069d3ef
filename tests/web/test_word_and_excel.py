"""Leaders' copies are Word in the official layout, colleagues' copies Excel that can be imported again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from openpyxl import load_workbook

from gangshen.engines.formats import Text
from gangshen.web.excel import Head, Sheet, workbook
from gangshen.web.word import Word


def written() -> Word:
    word = Word(Text(zh="园区每日简报", en="Daily brief"), day=date(2026, 11, 20), issuer="示例专班", marks=["draft"])
    word.heading("一、任务").paragraph("2 项任务超期。", "run:12#2", "任务清单").paragraph(
        "同上。", "run:12#2", "任务清单"
    )
    return word.table(["专项", "余额（万元）"], [["算力补贴", "540"]], right=[1]).paragraph("余 540 万元。", "entry:7")


def test_the_page_is_official() -> None:
    section = Document(BytesIO(written().save())).sections[0]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    assert round((section.page_width - section.left_margin - section.right_margin) / Mm(1)) == 156
    assert "PAGE" in section.footer._element.xml


def test_fonts_go_by_name_for_chinese_and_latin() -> None:
    document = Document(BytesIO(written().save()))
    named = [one.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) for one in document.paragraphs if one.runs]
    assert named[:5] == ["方正小标宋简体", "楷体_GB2312", "仿宋_GB2312", "黑体", "仿宋_GB2312"]


def test_marks_and_sources_stand_on_paper_each_source_once() -> None:
    lines = [one.text for one in Document(BytesIO(written().save())).paragraphs]
    assert "[草案]" in lines
    assert [line for line in lines if line.startswith("[") and ":" in line] == [
        "[1] 任务清单 (run:12#2)",
        "[2] entry:7",
    ]
    assert sum("[1]" in line for line in lines) == 3


def test_excel_cells_have_their_types() -> None:
    heads = [
        Head("名称"),
        Head("金额（元）", "money"),
        Head("比例（%）", "percent"),
        Head("日期", "date"),
        Head("时间", "moment"),
    ]
    rows = [
        ["=A1", 1_286_05, 4.6, date(2026, 11, 20), datetime(2026, 11, 20, tzinfo=UTC)],
        ["坏\x07字", None, None, None, None],
    ]
    book = load_workbook(BytesIO(workbook([Sheet("任务/清单", "范围", heads, rows)])))
    sheet = book["任务-清单"]
    assert [cell.value for cell in sheet[3]][1:4] == [1286.05, 4.6, datetime(2026, 11, 20)]  # noqa: DTZ001 - Excel has no zones
    assert sheet["E3"].value == datetime(2026, 11, 20, 8)  # noqa: DTZ001 - the zone's time
    assert sheet["A3"].data_type == "s"
    assert sheet["A4"].value == "坏字"
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == "A2:E4"
    assert Decimal(str(sheet["B3"].value)) * 100 == 128605


def test_excel_keeps_text_as_text_and_refuses_no_value() -> None:
    """What stands in registers: codes with leading noughts, marks of XML, line ends, half signs, figures without end."""
    words = ["0070", "=1+1", "甲<乙>&丙", " 首尾空格 ", "两\n行", "半\ud800字", "长" * 40_000]
    heads = [Head("文字"), Head("数字", "number"), Head("另一文字"), Head("金额", "money")]
    figures = [3, 2.5, Decimal("1.25"), float("nan"), True, None, ""]
    others = [date(2026, 11, 20), datetime(2026, 11, 20, 8, 30), 12, False, None, "甲", Text(zh="乙", en="b")]  # noqa: DTZ001
    rows = [[word, figure, other, -5] for word, figure, other in zip(words, figures, others, strict=True)]
    sheet = load_workbook(BytesIO(workbook([Sheet("表", "范围", heads, rows)])))["表"]
    assert [sheet.cell(at, 1).value for at in range(3, 10)] == [*words[:5], "半字", "长" * 32_767]
    assert {sheet.cell(at, 1).data_type for at in range(3, 10)} == {"s"}
    assert [sheet.cell(at, 2).value for at in range(3, 10)] == [3, 2.5, 1.25, None, True, None, None]
    assert sheet["C3"].number_format == "yyyy-mm-dd"
    assert sheet["C4"].value == datetime(2026, 11, 20, 8, 30)  # noqa: DTZ001
    assert [sheet.cell(at, 3).value for at in (5, 6, 7, 8)] == [12, False, None, "甲"]
    assert (sheet["D3"].value, sheet["D3"].number_format) == (-0.05, "#,##0.00")


def test_excel_of_many_rows_and_sheets_has_every_row_on_its_own_sheet() -> None:
    sheets = [
        Sheet(name, name, [Head("号", "number")], ([at] for at in range(count)))
        for name, count in (("甲", 4_321), ("乙", 0))
    ]
    book = load_workbook(BytesIO(workbook(sheets)))
    assert [cell.value for (cell,) in book["甲"].iter_rows(min_row=3)] == list(range(4_321))
    assert (book["甲"].auto_filter.ref, book["乙"].auto_filter.ref) == ("A2:A4323", "A2")
    assert (book["乙"]["A1"].value, book["乙"]["A2"].value, book["乙"].max_row) == ("乙", "号", 2)
