"""Tables as people send them: encodings, headers, rows with their lines."""

import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.formats import FormatError, read_table, write_csv

TEXT = "企业名称,营业收入\n甲公司,100\n\n乙公司,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    table = read_table(TEXT.encode(encoding))
    assert table.headers == ("企业名称", "营业收入")
    assert [(row.line, row.cells["企业名称"], row.cells["营业收入"]) for row in table] == [
        (2, "甲公司", "100"),
        (4, "乙公司", None),
    ]
    assert encoding.removesuffix("-sig") in table.form


def test_tabs_and_quoted_line_breaks_keep_line_numbers() -> None:
    assert read_table(b"a\tb\n1\t2\n").rows[0].cells == {"a": "1", "b": "2"}
    table = read_table(b'a,b\n"x\ny",2\n3,4\n')
    assert [row.line for row in table] == [2, 4]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"a,a\n1,2\n", "t.csv:1:a: header given twice"),
        (b"a,,c\n1,2,3\n", "t.csv:1: column 2 has no header"),
        (b"b,c\n1,2\n", "t.csv:1:a: column missing"),
        (b"a,b\n1,2,3\n4,5,6,7\n", "t.csv:3: has 4 cells under 2 headers"),
        (b'a,b\n1,"2\n', "broken CSV"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0....", "encrypted or old"),
        (b"PK\x03\x04 not really", "not a readable .xlsx"),
        (b"a,b\n\xff\xfe\xfd,1\n", "not a text table"),
        (b"a,b\n1\0,2\n", "not a text table"),
    ],
)
def test_bad_tables_name_place_and_remedy(data: bytes, says: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_table(data, name="t.csv", required=["a"])
    assert says in str(caught.value)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "名册"
    page.append(["企业", "日期", "占比", "规上", "金额"])
    page.append(["甲", dt.date(2024, 1, 2), 0.05, True, 12345678901234])
    page.append([])
    page.append(["乙", dt.datetime.fromisoformat("2024-01-02T03:04"), 0.1, None, 0.1 + 0.2])
    page["C2"].number_format = "0.0%"
    book.create_sheet("空")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_excel_cells_come_as_text_and_percentages_stay_percentages() -> None:
    table = read_table(workbook())
    assert [tuple(row.cells.values()) for row in table] == [
        ("甲", "2024-01-02", "5%", "是", "12345678901234"),
        ("乙", "2024-01-02 03:04:00", "0.1", None, "0.3"),
    ]
    assert [row.line for row in table] == [2, 4]


def test_excel_sheets_are_named() -> None:
    with pytest.raises(FormatError, match="no such sheet"):
        read_table(workbook(), sheet="不存在")
    with pytest.raises(FormatError, match="empty"):
        read_table(workbook(), sheet="空")


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8).map(str.strip)


@given(st.lists(st.tuples(cells, cells.filter(bool)), max_size=5))
def test_what_is_written_is_read(rows: list[tuple[str, str]]) -> None:
    table = read_table(write_csv(["甲", "乙"], rows).encode())
    assert [tuple(row.cells.values()) for row in table] == [(a or None, b) for a, b in rows]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_table(data)
    except FormatError as error:
        assert error.problems
