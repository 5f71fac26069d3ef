"""Tables as people lay them out: where the headers are, what is passed over, what cannot be read."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import re
import zipfile
from typing import Any

import pytest

from gangshen.engines.formats import FormatError, Table, _extent, exceeds, find_table
from workbooks import workbook_of

WORDS = {"名称", "代码", "产值", "日期", "数量"}


def known(parts: tuple[str, ...]) -> bool:
    return any(re.sub(r"[（(].*", "", part) in WORDS for part in parts)


def found(data: bytes | str, **more: Any) -> Table:
    raw = data.encode() if isinstance(data, str) else data
    return find_table(raw, name="t.csv", known=known, **more)


TWO_ROWS = [
    ["某园区台账"],
    [None, None, None, "单位：万元"],
    ["名称", "产值", None, "日期"],
    [None, "2024年", "2025年", None],
    ["甲", 1, 2, dt.date(2020, 5, 1)],
    ["乙", 3, 4, dt.date(2021, 5, 1)],
    ["合计", 4, 6, None],
    ["注：未经审计"],
]
MERGED = ["A1:D1", "A3:A4", "B3:C3", "D3:D4"]


def test_two_rows_of_headers_with_title_note_and_total() -> None:
    table = found(workbook_of(("台账", TWO_ROWS, MERGED)))
    assert table.headers == ("名称", "产值·2024年", "产值·2025年", "日期")
    assert [row.line for row in table] == [5, 6]
    assert table.rows[1].cells == {"名称": "乙", "产值·2024年": "3", "产值·2025年": "4", "日期": "2021-05-01"}
    layout = table.layout
    assert (layout.header_lines, layout.unit, layout.title) == ((3, 4), "万元", "某园区台账")
    assert [(line, why.zh) for line, why in layout.skipped] == [(7, "合计行"), (8, "表下附注")]


def test_the_sheet_with_most_known_words_is_read_and_another_can_be_named() -> None:
    data = workbook_of(("说明", [["填表须知"], ["请如实填写"]], []), ("数据", [["名称", "产值"], ["甲", 1]], []))
    assert found(data).layout.sheet == "数据"
    assert found(data).layout.sheets == ("说明", "数据")
    assert found(data, sheet="说明").layout.sheet == "说明"
    with pytest.raises(FormatError, match="no such sheet"):
        found(data, sheet="别的")


def test_cells_merged_downwards_hold_for_every_row() -> None:
    rows = [["名称", "日期", "产值"], ["甲", "2024", 1], [None, "2025", 2], ["乙", "2025", 3]]
    table = found(workbook_of(("s", rows, ["A2:A3"])))
    assert [row.cells["名称"] for row in table] == ["甲", "甲", "乙"]


def test_a_formula_counts_by_its_stored_value_and_without_one_is_named() -> None:
    data = workbook_of(("s", [["名称", "产值"], ["甲", "=1+1"], ["乙", "=2+2"]], []))
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stored, "w") as new:
        for entry in old.infolist():
            text = old.read(entry.filename)
            if entry.filename.endswith("sheet1.xml"):
                text = re.sub(rb"(<f>1\+1</f>)<v\s*/>|(<f>1\+1</f>)<v></v>", rb"<f>1+1</f><v>2</v>", text)
            new.writestr(entry, text)
    table = found(stored.getvalue())
    assert table.rows[0].cells["产值"] == "2"
    assert list(table.layout.faults) == [3]
    assert "B3" in table.layout.faults[3][0][1].zh


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_with_a_title_above_and_any_separator(mark: str) -> None:
    text = "园区企业一览\n" + "\n".join(mark.join(row) for row in (["名称", "产值（万元）"], ["甲", "1"], ["乙", "2"]))
    table = found(text)
    assert (table.headers, len(table)) == (("名称", "产值（万元）"), 2)
    assert table.layout.header_lines == (2,)


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
def test_two_rows_of_headers_in_text_of_any_encoding(encoding: str) -> None:
    table = found("名称,产值,,日期\n,2024年,2025年,\n甲,1,2,2020-01-01\n".encode(encoding))
    assert table.headers == ("名称", "产值·2024年", "产值·2025年", "日期")
    assert len(table) == 1


def test_named_header_rows_are_taken_and_an_empty_one_is_refused() -> None:
    text = "名称,产值\n甲,1\n字号,盘子\n乙,2\n"
    assert found(text, header_lines=(3,)).headers == ("字号", "盘子")
    with pytest.raises(FormatError, match="empty"):
        found(text, header_lines=(9,))


def test_rows_that_are_no_data_are_named_not_lost() -> None:
    rows = [
        ["名称", "产值", "数量"],
        ["甲", 1, 2],
        ["甲厂", 1, 2],
        ["一、规模以上"],
        ["名称", "产值", "数量"],
        ["乙", 3, 4],
    ]
    table = found(workbook_of(("s", rows, ["A4:C4"])))
    assert [(line, why.en) for line, why in table.layout.skipped] == [
        (2, "numbers of the columns"),
        (4, "a heading of a group"),
        (5, "the headers once more"),
    ]
    assert [row.cells["名称"] for row in table] == ["甲厂", "乙"]


def test_a_row_too_wide_is_a_fault_of_that_row_only() -> None:
    table = found("名称,产值\n甲,1\n乙,2,3\n丙,4\n")
    assert [row.line for row in table] == [2, 3, 4]
    assert list(table.layout.faults) == [3]


def test_headers_twice_are_refused_and_a_column_without_one_is_called_by_its_place() -> None:
    with pytest.raises(FormatError, match="given twice"):
        found("名称,名称\n甲,1\n")
    table = found(workbook_of(("s", [["名称", None, "产值"], ["甲", "x", 1]], [])))
    assert table.headers == ("名称", "第 2 列", "产值")


@pytest.mark.parametrize("packed", [False, True])
def test_a_text_tells_whether_it_has_more_rows(packed: bool) -> None:
    data = b"a,b\n" + b"1,2\n" * 10
    source = io.BytesIO(gzip.compress(data) if packed else data)
    assert exceeds(source, 9)
    source.seek(0)
    assert not exceeds(source, 11)


def test_a_workbook_tells_whether_a_sheet_has_more_rows() -> None:
    data = workbook_of(("短", [["a"]], []), ("长", [["a"]] * 30, []))
    assert exceeds(io.BytesIO(data), 29)
    assert not exceeds(io.BytesIO(data), 30)
    assert not exceeds(io.BytesIO(data[:200]), 1)  # broken: left to whoever reads it to say so
    assert not exceeds(io.BytesIO(gzip.compress(b"a\n" * 9)[:-9]), 20)


def test_more_cells_than_can_be_laid_out_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_extent, "MOST_CELLS", 1000)
    assert len(found("名称,代码\n" + "甲,1\n" * 400)) == 400
    with pytest.raises(FormatError, match="1,000 cells"):
        found("名称,代码\n" + "甲,1\n" * 600)
    with pytest.raises(FormatError, match="1,000 cells"):
        found(workbook_of(("大", [["名称", "代码"], *[["甲", 1]] * 600], [])))
