"""Several tables or several firms on one sheet: read apart where that is sure, else refused with what to do."""

from __future__ import annotations

import re
from typing import Any

import pytest

from gangshen.engines.formats import FormatError, Table, find_table
from workbooks import workbook, workbook_of

WORDS = {"名称", "代码", "产值", "日期", "数量", "面积"}
CODES = ("91310112MA1GB00018", "91310112MA1GB0002B", "91310112MA1GB0003E")


def known(parts: tuple[str, ...]) -> bool:
    return any(re.sub(r"[（(].*|^\d{4}年", "", part) in WORDS for part in parts)


def found(rows: list[list[Any]], *merged: str, **more: Any) -> Table:
    return find_table(workbook(rows, *merged), name="t.xlsx", known=known, **more)


def csv(rows: list[list[Any]]) -> Table:
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return find_table(text.encode(), name="t.csv", known=known)


TOP: list[list[Any]] = [["代码", "名称", "产值（万元）"], ["1", "甲", 1], []]


@pytest.mark.parametrize(
    "below",
    [
        [["代码", "名称", "数量"], ["2", "乙", 9]],
        [["名称", "代码", "产值（万元）"], ["乙", "2", 9]],
        [["代码", "名称", "产值（元）"], ["2", "乙", 90000]],
        [["2025年度名单"], ["代码", "名称", "产值（万元）"], ["2", "乙", 9]],
        [["单位：元"], ["代码", "名称", "产值（万元）"], ["2", "乙", 9]],
    ],
)
def test_another_table_below_is_refused_until_its_headers_are_named(below: list[list[Any]]) -> None:
    rows = [*TOP, *below]
    line = len(rows) - 1
    with pytest.raises(FormatError, match=f"another table begins in row {line}"):
        found(rows)
    first = found(rows, header_lines=(1,))
    assert [row.cells["名称"] for row in first] == ["甲"]
    assert [where for where, _why in first.layout.skipped] == [line]
    assert [row.cells["名称"] for row in found(rows, header_lines=(line,))] == ["乙"]


def test_the_same_headers_on_each_page_are_passed_over_in_one_row_or_two() -> None:
    page = [["代码", "名称", "产值", None], [None, None, "2024年", "2025年"]]
    rows = [["某区名单"], *page, ["1", "甲", 1, 2], ["某区名单"], *page, ["2", "乙", 3, 4]]
    table = found(rows, "A1:D1", "A5:D5", "C2:D2", "C6:D6", "A2:A3", "B2:B3")
    assert [row.cells["名称"] for row in table] == ["甲", "乙"]
    assert [line for line, why in table.layout.skipped if why.en == "the headers once more"] == [6, 7]


def test_a_unit_that_changes_between_groups_is_refused_and_one_in_doubt_is_none() -> None:
    rows = [["单位：万元"], ["代码", "名称", "产值"], ["1", "甲", 1], ["二、其他（单位：元）"], ["2", "乙", 90000]]
    with pytest.raises(FormatError, match="another than in row 1"):
        found(rows, "A4:C4")
    rows = [["单位：万元"], ["代码", "名称", "产值"], ["1", "甲", 1], ["注：", "单位：元"]]
    assert not found(rows).layout.unit


def test_groups_headed_by_years_are_refused() -> None:
    rows = [["代码", "名称", "产值"], ["2024年"], ["1", "甲", 1], ["2025年"], ["1", "甲", 2]]
    with pytest.raises(FormatError, match="2024, 2025"):
        found(rows, "A2:C2", "A4:C4")
    rows[3] = ["三、其他"]
    assert len(found(rows, "A2:C2", "A4:C4")) == 2


@pytest.mark.parametrize("above", [[], [["规上", None, None, None, "规下"]]])
def test_tables_side_by_side_are_refused_but_years_side_by_side_are_read(above: list[list[Any]]) -> None:
    head = ["代码", "名称", "产值"]
    with pytest.raises(FormatError, match="stand 2 times side by side"):
        found([*above, [*head, None, *head], ["1", "甲", 1, None, "2", "乙", 2]])
    years = [[None, None, "2024年", None, "2025年"], ["代码", "名称", "产值", "数量", "产值", "数量"]]
    table = found([*years, ["1", "甲", 1, 2, 3, 4]], "C1:D1", "E1:F1")
    assert table.headers[2:] == ("2024年·产值", "2024年·数量", "2025年·产值", "2025年·数量")


def test_three_rows_of_headers_merged_or_not() -> None:
    rows = [
        ["基本情况", None, "2024年", None, "2025年", None, "备注"],
        [None, None, "经济", "占地", "经济", "占地", None],
        ["代码", "名称", "产值", "面积", "产值", "面积", None],
        ["1", "甲", 1, 2, 3, 4, "x"],
    ]
    merged = found(rows, "A1:B2", "C1:D1", "E1:F1", "G1:G3")
    for table in (merged, csv(rows)):
        assert table.layout.header_lines == (1, 2, 3)
        assert table.headers[2:] == (
            *("2024年·经济·产值", "2024年·占地·面积", "2025年·经济·产值", "2025年·占地·面积"),
            "备注",
        )


def test_a_year_or_unit_over_some_columns_counts_and_a_title_or_note_does_not() -> None:
    head, row = ["代码", "名称", "产值", "数量"], ["1", "甲", 1, 2]
    assert found([[None, None, "2024年"], head, row], "C1:D1").headers[2:] == ("2024年·产值", "2024年·数量")
    assert found([["概况", None, "效益（万元）"], head, row], "A1:B1", "C1:D1").headers[2] == "效益（万元）·产值"
    for above in (["2024年"], ["填报单位：某镇", None, "2024年"], ["某镇2024年", None, None, "单位：万元"]):
        assert found([above, head, row]).headers == tuple(head)


def test_a_row_of_units_below_the_headers_is_theirs() -> None:
    rows = [["代码", "名称", "产值", "面积"], ["-", None, "（万元）", "亩"], ["1", "甲", 1, 2]]
    for table in (found(rows), found(rows, header_lines=(1, 2))):
        assert table.headers == ("代码", "名称", "产值·万元", "面积·亩")
        assert len(table) == 1


def forms(number: int, name: str, area: Any) -> list[list[Any]]:
    return [
        ["登记表"],
        ["名称", name, "代码", CODES[number]],
        ["产值", number + 1, "数量", 7],
        ["面积", area, "日期", None],
    ]


def test_forms_one_under_another_are_a_row_each_and_lend_each_other_nothing() -> None:
    table = found([*forms(0, "甲", None), [], *forms(1, "乙", 5), [], *forms(2, None, 6)])
    assert [row.cells["名称"] for row in table] == ["甲", "乙", None]
    assert [row.cells["面积"] for row in table] == [None, "5", "6"]
    assert [table.place(row.line, "") for row in table] == ["Sheet1!1:4", "Sheet1!6:9", "Sheet1!11:14"]
    assert table.place(2, "面积") == "Sheet1!B9"


def test_many_forms_on_one_sheet_are_all_read() -> None:
    rows = [row for number in range(60) for row in forms(number % 3, f"厂{number}", number)]
    assert [row.cells["名称"] for row in found(rows)] == [f"厂{number}" for number in range(60)]


def test_forms_side_by_side_are_refused() -> None:
    rows = [
        [*one, *[None] * (5 - len(one)), *other]
        for one, other in zip(forms(0, "甲", 1), forms(1, "乙", 2), strict=True)
    ]
    with pytest.raises(FormatError, match="forms of several firms"):
        found(rows)


COLUMNS: list[list[Any]] = [
    ["情况表"],
    ["指标", "单位", "甲厂", "乙厂", "合计"],
    ["代码", None, *CODES[:2], None],
    ["产值", "万元", 1, 2, 3],
    ["面积", "亩", 3, None, 3],
    ["日期", None, "2020-01-01", "2021-01-01", None],
]


def test_a_table_with_a_firm_in_each_column_is_turned() -> None:
    table = found(COLUMNS, "A1:E1")
    assert [row.cells for row in table] == [
        {"指标": "甲厂", "代码": CODES[0], "产值": "1万元", "面积": "3亩", "日期": "2020-01-01"},
        {"指标": "乙厂", "代码": CODES[1], "产值": "2万元", "面积": None, "日期": "2021-01-01"},
    ]
    assert (table.place(2, ""), table.place(2, "产值")) == ("Sheet1!D:D", "Sheet1!D4")


def test_columns_of_firms_without_codes_or_with_a_label_twice_are_refused() -> None:
    with pytest.raises(FormatError, match="no row gives each its code"):
        found([["名称", "甲厂", "乙厂"], ["产值", 1, 2], ["面积", 3, 4], ["数量", 1, 2]])
    with pytest.raises(FormatError, match="stands in two rows"):
        found([*COLUMNS, ["产值", "万元", 5, 6, 11]], "A1:E1")


def test_what_only_seems_a_table_of_columns_leaves_a_table_beside_it_alone() -> None:
    seems = [["名称", "甲厂", "乙厂"], ["产值", 1, 2], ["面积", 3, 4], ["数量", 1, 2]]
    data = workbook_of(("填报", [["名称", "产值"], ["甲", 1]]), ("现有", seems))
    assert find_table(data, name="t.xlsx", known=known).layout.sheet == "填报"


def test_years_merged_beside_the_labels_of_such_a_table_are_told() -> None:
    rows = [[None, *row] for row in COLUMNS[1:3]]
    rows += [["2024年", "产值", "万元", 1, 2], [None, "面积", "亩", 3, 4]]
    rows += [["2025年", "产值", "万元", 5, 6], [None, "面积", "亩", 7, 8]]
    table = found([row[:5] for row in rows], "A3:A4", "A5:A6")
    assert table.rows[0].cells["2024年·产值"] == "1万元"
    assert table.rows[1].cells["2025年·面积"] == "8亩"
    assert table.layout.parts["2025年·面积"] == ("2025年", "面积")
