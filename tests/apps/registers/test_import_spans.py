"""Figures of some months of a year, and amounts that are not in yuan: kept apart or left out, never taken for what they are not."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.commands import app
from gangshen.apps.registers.models import Batch, Record
from gangshen.apps.registers.services import facts, snapshot
from gangshen.apps.registers.services.importing import (
    examine,
    import_file,
    open_table,
    parse_given,
    parse_units,
    summary,
)
from gangshen.web.errors import Refused
from invented import code
from workbooks import workbook

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 2)

pytestmark = pytest.mark.django_db


def look(data: bytes | str, name: str = "f.csv", **more: Any) -> Any:
    table = open_table(data.encode() if isinstance(data, str) else data, name)
    given = parse_given(more.pop("maps", []))
    return examine(table, "enterprise", more.pop("source", None), given, today=TODAY, **more)


def bring(data: bytes | str, name: str = "f.csv", **more: Any) -> Any:
    raw = data.encode() if isinstance(data, str) else data
    return import_file(
        raw, name, kind="enterprises", actor=None, now=NOW, source="market", as_of=TODAY, inline=True, **more
    )


def said(found: Any) -> dict[tuple[str, str], Any]:
    """(attribute, period) → value of the first firm's figures."""
    rows = [row for row in found.parsed.rows if row["subject"] == code(1)]
    return {
        (name, row["period"]): value
        for row in rows
        for name, value in row["values"].items()
        if name not in ("uscc", "name")
    }


@pytest.mark.parametrize(
    ("header", "period"),
    [
        ("2026年1-10月营业收入（万元）", "2026-01/10"),
        ("营业收入（万元，2026年1—10月）", "2026-01/10"),
        ("2026年1月至10月营收(万元)", "2026-01/10"),
        ("2026年上半年营收（万元）", "2026-01/06"),
        ("2026年前三季度营业收入（万元）", "2026-01/09"),
        ("2026年三季度累计营业收入（万元）", "2026-01/09"),
        ("截至2026年10月末营业收入（万元）", "2026-01/10"),
        ("2026年Q1-Q3营业收入（万元）", "2026-01/09"),
        ("2025年下半年营业收入（万元）", "2025-07/12"),
        ("2025年1-12月营业收入（万元）", "2025"),
        ("2026年三季度营业收入（万元）", "2026Q3"),
        ("2025年累计营业收入（万元）", "2025"),
    ],
)
def test_some_months_of_a_year_are_kept_apart_from_the_year(header: str, period: str) -> None:
    assert said(look(f'统一社会信用代码,企业名称,"{header}"\n{code(1)},甲厂,5\n')) == {("revenue", period): 5_000_000}


@pytest.mark.parametrize(
    "header", ["1—6月营收（万元）", "今年1-9月产值（万元）", "上半年利润总额（万元）", "2026年累计营业收入（万元）"]
)
def test_months_of_a_year_that_nobody_names_are_left_out_with_the_reason_until_it_is_stated(header: str) -> None:
    text = f"统一社会信用代码,企业名称,{header}\n{code(1)},甲厂,5\n"
    found = look(text)
    assert not said(found)
    column = summary(found)["columns"][2]
    assert column["target"] == ""
    assert "一年的一部分" in column["why"]
    again = look(text, maps=[f"{header}=-"])
    assert again.columns[2].why == found.columns[2].why  # left out by hand, it still says so
    stated = look(text, period="2026年1-9月" if "累计" in header else "2026")
    ((_name, period),) = said(stated)
    assert period.startswith("2026-01/")


def test_one_mapped_by_hand_without_its_year_is_refused_with_the_remedy() -> None:
    text = f"统一社会信用代码,1-6月盘子（万元）\n{code(1)},5\n"
    with pytest.raises(Refused, match="2026"):
        look(text, maps=["1-6月盘子（万元）=revenue"])
    assert said(look(text, maps=["1-6月盘子（万元）=revenue"], period="2026")) == {("revenue", "2026-01/06"): 5_000_000}


TWO_ROWS = [
    ["2026年1-10月重点企业主要经济指标", None, None, None, None, None],
    ["单位：万元", None, None, None, None, None],
    ["统一社会信用代码", "企业名称", "营业收入", None, "从业人员期末数（人）", "工业总产值"],
    [None, None, "本年", "上年同期", None, None],
    [code(1), "甲厂", 12, 10, 30, 7],
]


def test_a_title_that_names_the_months_holds_for_every_figure(market: Source) -> None:
    data = workbook(TWO_ROWS, "A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4")
    assert said(look(data, "f.xlsx")) == {
        ("revenue", "2026-01/10"): 12_000_000,
        ("revenue", "2025-01/10"): 10_000_000,
        ("employees", "2026-01/10"): 30,
        ("output_value_reported", "2026-01/10"): 7_000_000,
    }
    assert said(look(data, "f.xlsx", period="2026")).keys() == said(look(data, "f.xlsx")).keys()
    named = [row[:] for row in TWO_ROWS]
    named[0][0] = "重点企业主要经济指标"
    named[3][3] = "上年"
    assert ("revenue", "2026-01/10") in said(look(workbook(named, "A3:A4", "B3:B4", "C3:D3"), "2026年1-10月.xlsx"))
    unsure = look(workbook(named, "A3:A4", "B3:B4", "C3:D3"), "2026年1-10月.xlsx")
    assert "上年同期" in unsure.columns[3].why.zh


def test_a_figure_so_far_is_neither_the_year_nor_the_latest_and_is_shown_with_its_months(
    market: Source, browse: Any
) -> None:
    bring(f"统一社会信用代码,企业名称,2025年营业收入（万元）,2025年1-10月营业收入（万元）\n{code(1)},甲厂,900,700\n")
    assert "revenue@2025-01/10" not in facts(code(1), TODAY, so_far=True)  # the whole year is known since
    bring(f"统一社会信用代码,2026年1-10月营业收入（万元）\n{code(1)},800\n")
    known = facts(code(1), TODAY, periods=True, so_far=True)
    assert (known["revenue"].value, known["revenue"].period) == (9_000_000_00, "2025")
    assert known["revenue@2026"].value is None
    assert known["revenue@2026-01/10"].value == 8_000_000_00
    frame = snapshot("enterprise", TODAY).frame
    assert frame.get_column("revenue").to_list() == [9_000_000_00]
    page = browse("data_officer").get(f"/enterprises/{code(1)}/?as_of=2026-11-02").content.decode()
    assert "营业收入（2026年1-10月）" in page
    assert "营业收入（2025）" in page


def test_only_figures_so_far_leave_the_figure_unknown(market: Source) -> None:
    bring(f"统一社会信用代码,企业名称,2026年上半年营业收入（万元）\n{code(1)},甲厂,800\n")
    assert "revenue" not in facts(code(1), TODAY)
    assert Record.objects.get(period="2026-01/06").values == {"revenue": 8_000_000_00}


def test_the_quarantine_of_figures_so_far_comes_in_again(market: Source) -> None:
    from gangshen.apps.archive import services as archive

    bring(f"统一社会信用代码,企业名称,2026年1-10月营收（万元）\n{code(1)},甲厂,很多\n{code(2)},乙厂,3\n")
    kept = Batch.objects.latest("pk").quarantine
    assert kept is not None
    book = openpyxl.load_workbook(io.BytesIO(archive.read(kept)))
    book.worksheets[0]["C2"] = "5"
    out = io.BytesIO()
    book.save(out)
    bring(out.getvalue(), "q.xlsx")
    assert facts(code(1), TODAY, so_far=True)["revenue@2026-01/10"].value == 5_000_000


@pytest.mark.parametrize("period", ["2026年1-10月", "2026-01/10"])
def test_the_period_of_the_file_may_be_some_months(period: str) -> None:
    text = f"统一社会信用代码,营业收入（万元）\n{code(1)},5\n"
    assert said(look(text, period=period)) == {("revenue", "2026-01/10"): 5_000_000}
    of_rows = f"统一社会信用代码,所属期,营业收入（万元）\n{code(1)},{period},5\n"
    assert said(look(of_rows)) == {("revenue", "2026-01/10"): 5_000_000}
    with pytest.raises(Refused, match="Q7"):
        look(text, period="2026Q7")


def refused(found: Any) -> list[tuple[int, str, str]]:
    return [(one.line, one.field, one.message.zh) for one in found.parsed.refused]


@pytest.mark.parametrize("cell", ["500万美元", "USD 500万", "$500万", "500万元港币", "100（万欧元）"])
def test_an_amount_in_another_currency_is_refused_with_its_reason(cell: str) -> None:
    found = look(f"统一社会信用代码,企业名称,注册资本\n{code(1)},甲厂,{cell}\n{code(2)},乙厂,500万元\n")
    ((line, field, why),) = refused(found)
    assert (line, field) == (2, "注册资本")
    assert "不是人民币" in why
    assert [row["subject"] for row in found.parsed.rows] == [code(2)]


def test_a_column_headed_in_another_currency_is_left_out_with_its_reason() -> None:
    text = f"统一社会信用代码,企业名称,注册资本（万美元）,营业收入（万元）\n{code(1)},甲厂,500,3\n"
    found = look(f"单位：万元\n{text}", period="2025")
    assert said(found) == {("revenue", ""): 3_000_000} or said(found) == {("revenue", "2025"): 3_000_000}
    assert "美元" in found.columns[2].why.zh
    with pytest.raises(Refused, match="美元"):
        look(text, maps=["注册资本（万美元）=registered_capital"])
    with pytest.raises(Refused, match="美元"):
        look(text, maps=["注册资本（万美元）=registered_capital:万元"])


def test_a_note_in_another_currency_holds_for_bare_amounts_and_a_mixed_one_for_none() -> None:
    rows = f"统一社会信用代码,企业名称,注册资本\n{code(1)},甲厂,500\n"
    noted = look(f"单位：万美元\n{rows}")
    assert not said(noted)
    assert "美元" in noted.columns[2].why.zh
    assert [one.header for one in look(f"单位：万元（外资企业为万美元）\n{rows}").questions] == ["注册资本"]
    stated = look(f"单位：万美元\n{rows}", units=parse_units(["注册资本=万元"]))
    assert said(stated) == {("registered_capital", ""): 5_000_000_00}


@pytest.mark.parametrize("word", ["人民币", "CNY", "RMB", "人民币元", "156", ""])
def test_yuan_in_any_words_is_yuan(word: str) -> None:
    text = f"统一社会信用代码,注册资本（万元）,币种\n{code(1)},500,{word}\n"
    assert said(look(text)) == {("registered_capital", ""): 500_000_000}


def test_a_column_of_currencies_refuses_the_rows_in_others() -> None:
    text = (
        "统一社会信用代码,企业名称,注册资本（万元）,注册资本币种,实缴资本（万元）,实缴资本币种\n"
        f"{code(1)},甲,500,美元,5,人民币\n{code(2)},乙,500,人民币,5,港币\n{code(3)},丙,500万元人民币,其他,,美元\n"
    )
    found = look(text)
    assert [(line, field) for line, field, _why in refused(found)] == [(2, "注册资本（万元）"), (3, "实缴资本（万元）")]
    assert "注册资本币种" in refused(found)[0][2]
    assert [one.target for one in found.columns][3::2] == ["currency", "currency"]


def test_the_command_line_says_why_a_known_column_is_left_out(market: Source, tmp_path: Any) -> None:
    file = tmp_path / "f.csv"
    file.write_text(
        f"统一社会信用代码,企业名称,1-6月营收（万元）,注册资本（万美元）\n{code(1)},甲,1,2\n", encoding="utf-8"
    )
    words = ("import", "enterprises", str(file), "--source", "market", "--purpose", "试")
    shown = CliRunner().invoke(app, [*words, "--dry-run"], catch_exceptions=False).stdout
    assert "part of a year" in shown
    assert "not yuan" in shown
    done = CliRunner().invoke(app, [*words, "--yes"], catch_exceptions=False).stdout
    assert "part of a year" in done or "一年的一部分" in done


def test_the_same_figures_so_far_are_unchanged(market: Source) -> None:
    text = f"统一社会信用代码,企业名称,2026年1-10月营业收入（元）\n{code(1)},一厂,700\n{code(2)},二厂,800\n"
    bring(text)
    again = text.replace("800", "900") + f"{code(3)},三厂,900\n"
    assert look(again).counts() == {"rows": 3, "new": 1, "changed": 1, "unchanged": 1, "refused": 0}
    whole = text.replace("1-10月", "")
    assert look(whole).counts()["changed"] == 2
