"""Cells and headers as officers write them: what they mean is read, what nobody can tell is refused, nothing is silent."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.services import add_record
from gangshen.apps.registers.services.importing import examine, open_table
from invented import code
from workbooks import workbook

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)

pytestmark = pytest.mark.django_db


def look(rows: list[list[Any]], *merged: str, data: bytes = b"", **more: Any) -> Any:
    table = open_table(data or workbook(rows, *merged), "f.xlsx")
    return examine(table, "enterprise", None, {}, today=TODAY, **more)


def told(found: Any, name: str) -> dict[str, Any]:
    return {row["period"]: row["values"][name] for row in found.parsed.rows if name in row["values"]}


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("(35)", -35_000_000), ("（1,200.50）", -1_200_500_000), ("-35", -35_000_000), ("35（万元）", 35_000_000)],
)
def test_a_figure_in_brackets_is_negative_and_a_unit_in_brackets_is_a_unit(typed: str, fen: int) -> None:
    found = look([["统一社会信用代码", "利润总额（万元）"], [code(1), typed]])
    assert told(found, "profit") == {"": fen}
    assert len(found.parsed.remarks) == int(typed[0] in "(（")


def test_a_place_is_no_firm_however_like_its_name(market: Source) -> None:
    add_record("named-q", {"name": "桥田"}, market, TODAY, None, NOW)
    found = look([["单位名称", "参保人数"], ["马桥镇", 300], ["桥田", 20]])
    assert [row["subject"] for row in found.parsed.rows] == ["named-q"]
    assert found.parsed.rows[0]["values"]["insured_employees"] == 20
    (fault,) = found.parsed.refused
    assert "是地名" in fault.message.zh


@pytest.mark.parametrize(
    ("head", "period"),
    [(["2025年实际", "2026年预计"], "2025"), (["2025年", "同比增长（%）"], "2025"), (["2025年", "母公司"], "2025")],
)
def test_estimates_growth_and_figures_of_others_are_not_the_firms(head: list[str], period: str) -> None:
    rows = [
        [None, None, head[0], None, head[1], None],
        ["统一社会信用代码", "企业名称", *["营业收入（万元）", "利润总额（万元）"] * 2],
        [code(1), "甲厂", 1, 2, 3, 4],
    ]
    found = look(rows, "C1:D1", "E1:F1")
    assert told(found, "revenue") == {period: 1_000_000}
    assert told(found, "profit") == {period: 2_000_000}


def test_an_estimate_in_brackets_is_left_out_and_a_second_column_of_the_same_says_so() -> None:
    heads = ["营业收入（2026年预计，万元）", "营业收入（万元）", "销售收入（万元）"]
    found = look([["统一社会信用代码", *heads], [code(1), 9, 1, 2]])
    assert told(found, "revenue") == {"": 1_000_000}
    assert [one.why is not None for one in found.columns] == [False, False, False, True]
    assert "营业收入（万元）" in found.columns[3].why.zh


def test_growth_that_is_an_attribute_of_its_own_stays_one() -> None:
    found = look([["统一社会信用代码", "营业收入增长率（同比，%）"], [code(1), 9]])
    assert told(found, "revenue_growth") == {"": 9.0}


def test_years_in_rows_are_periods_beside_figures_and_nothing_beside_titles() -> None:
    rows = [["统一社会信用代码", "年份", "营业收入（万元）"], [code(1), 2023, 1], [code(1), "2024年", 2]]
    assert told(look(rows), "revenue") == {"2023": 1_000_000, "2024": 2_000_000}
    listed = look([["统一社会信用代码", "年度", "资质认定"], [code(1), 2023, "高新技术企业"]])
    assert [one.target for one in listed.columns] == ["uscc", "", "certificates"]
    assert {row["period"] for row in listed.parsed.rows} == {""}


@pytest.mark.parametrize(
    ("written", "name", "former"),
    [
        ("新桁（上海）机器人有限公司（原：新桁（沪）科技有限公司）", "新桁（上海）机器人有限公司", "新桁（沪）科技有限公司"),
        ("甲机器人公司(曾用名 乙公司)", "甲机器人公司", "乙公司"),
        ("甲机器人\n有限公司", "甲机器人有限公司", None),
        ("甲机器人有限公司（已注销）", "甲机器人有限公司", None),
        ("甲投资中心（有限合伙）", "甲投资中心（有限合伙）", None),
        ("Alpha  Robotics Ltd", "Alpha Robotics Ltd", None),
    ],
)  # fmt: skip
def test_what_stands_behind_a_name_is_not_part_of_it(written: str, name: str, former: str | None) -> None:
    found = look([["统一社会信用代码", "企业名称"], [code(1), written]])
    own = found.parsed.rows[0]["values"]
    assert own["name"] == name
    assert [one["type"] for one in own.get("former_names", [])] == ([former] if former else [])
    assert len(found.parsed.remarks) == int("注销" in written)


def test_a_former_name_goes_beside_those_of_its_column() -> None:
    rows = [["统一社会信用代码", "企业名称", "曾用名"], [code(1), "甲公司（原：乙公司）", "丙公司"]]
    assert [one["type"] for one in look(rows).parsed.rows[0]["values"]["former_names"]] == ["丙公司", "乙公司"]


def test_a_figure_merged_over_several_firms_is_refused_and_over_one_firm_holds() -> None:
    rows = [
        ["统一社会信用代码", "企业名称", "使用面积（m²）"],
        [code(1), "甲", 500],
        [code(2), "乙", None],
        [code(3), "丙", 9],
    ]
    found = look(rows, "C2:C3")
    assert [row["subject"] for row in found.parsed.rows] == [code(3)]
    assert {one.line for one in found.parsed.refused} == {2, 3}
    rows = [["统一社会信用代码", "年份", "营业收入（万元）", "从业人员"], [code(1), 2023, 1, 5], [None, 2024, 2, None]]
    assert told(look(rows, "A2:A3", "D2:D3"), "employees") == {"2023": 5, "2024": 5}


@pytest.mark.parametrize(
    ("typed", "says"),
    [(2016.1, "10 月"), ("同上", "同上"), (201603, "不是日期")],
)
def test_dates_that_nobody_can_tell_are_refused(typed: Any, says: str) -> None:
    found = look([["统一社会信用代码", "成立日期"], [code(1), typed], [code(2), "2016.12"]])
    assert [row["subject"] for row in found.parsed.rows] == [code(2)]
    assert says in found.parsed.refused[0].message.zh


@pytest.mark.parametrize(
    ("typed", "says"), [("无", "写 0"), ("3000余", "约数"), ("约3000", "约数"), ("100以上", "约数")]
)
def test_what_is_no_figure_says_what_to_write(typed: str, says: str) -> None:
    (fault,) = look([["统一社会信用代码", "参保人数"], [code(1), typed]]).parsed.refused
    assert says in fault.message.zh


@pytest.mark.parametrize("written", ["'{}", '="{}"', "{}\u200b", "\ufeff{}", "{} "])
def test_codes_with_the_signs_that_keep_them_text(written: str) -> None:
    text = f"统一社会信用代码\t参保人数\n{written.format(code(1))}\t3\n"
    (row,) = look([], data=text.encode()).parsed.rows
    assert (row["subject"], row["values"]["uscc"]) == (code(1), code(1))


def test_a_code_that_became_a_number_says_so() -> None:
    (fault,) = look([["统一社会信用代码", "参保人数"], [9.13101120012345e17, 3]]).parsed.refused
    assert "末几位已丢失" in fault.message.zh


@pytest.mark.parametrize(
    ("form", "value", "fen"),
    [
        ('0.00"万元"', 1200, 1_200_000_000),
        ('0!.0,"万元"', 12_000_000, 1_200_000_000),
        ('0.00,,"百万元"', 12_000_000, 1_200_000_000),
        ("¥#,##0.00", 1200, 120_000),
        ("[$$-409]#,##0.00", 1200, None),
    ],
)
def test_what_the_format_of_a_number_shows_counts(form: str, value: float, fen: int | None) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["统一社会信用代码", "营业收入（元）"])
    page.append([code(1), value])
    page.cell(2, 2).number_format = form
    out = io.BytesIO()
    book.save(out)
    found = look([], data=out.getvalue())
    assert told(found, "revenue") == ({} if fen is None else {"": fen})
    assert len(found.parsed.refused) == int(fen is None)
