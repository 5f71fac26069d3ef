"""Forms of one enterprise a sheet: pairs of label and value in two or four columns, merged cells, groups, years side by side."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from typer.testing import CliRunner

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import Source
from gangshen.apps.registers.commands import app
from gangshen.apps.registers.models import Batch, Record
from gangshen.apps.registers.services import facts
from gangshen.apps.registers.services.importing import examine, import_file, open_table, summary
from invented import code
from workbooks import workbook_of

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)

pytestmark = pytest.mark.django_db


def look(data: bytes | str, name: str = "f.xlsx", **more: Any) -> Any:
    table = open_table(data.encode() if isinstance(data, str) else data, name)
    return examine(table, "enterprise", None, {}, today=TODAY, **more)


def bring(data: bytes, name: str = "f.xlsx", **more: Any) -> Any:
    return import_file(
        data, name, kind="enterprises", actor=None, now=NOW, source="market", as_of=TODAY, inline=True, **more
    )


def form(number: int, name: str, insured: Any = 86) -> list[list[Any]]:
    return [
        ["企业基本情况登记表", None, None, None, None],
        ["企业名称", name, None, None, None],
        ["统一社会信用代码", code(number), None, "成立日期", dt.date(2018, 5, 4)],
        ["注册资本", 1000, "万元", "登记状态", "存续"],
        ["注册地址", "某路 1 号", None, None, None],
        ["人员情况", "参保人数", insured, "研发人员", 20],
        [None, "联系人", "张三", "联系电话", "13800000000"],
        ["是否高企", "☑是 □否", None, "是否规上", "□是 ☑否"],
        ["主要经济指标（万元）", "2023年", None, "2024年", None],
        ["营业收入（万元）", 900, None, 1200, None],
        ["研发费用（万元）", 60, None, None, None],
        ["填表人：李四", None, None, "填报日期：2026年2月1日", None],
    ]


MERGED = ("A1:E1", "B2:E2", "B3:C3", "B5:E5", "A6:A7", "B8:C8", "B9:C9", "B10:C10", "B11:C11")
FORMS = (("甲公司", form(1, "甲机器人有限公司"), MERGED), ("乙公司", form(2, "乙机器人有限公司"), MERGED))


def values(found: Any, number: int = 1) -> dict[str, dict[str, Any]]:
    return {row["period"]: row["values"] for row in found.parsed.rows if row["subject"] == code(number)}


def test_each_sheet_of_a_form_is_a_row_with_the_same_words_units_and_years() -> None:
    found = look(workbook_of(*FORMS))
    assert found.counts()["rows"] == 2
    told = values(found)
    assert told[""] == {
        "name": "甲机器人有限公司",
        "uscc": code(1),
        "registered_on": dt.date(2018, 5, 4),
        "registered_capital": 1_000_000_000,
        "operating_status": "存续",
        "registered_division": "某路 1 号",
        "insured_employees": 86,
        "rd_staff": 20,
        "above_scale_declared": False,
        "certificates": [{"type": "高新技术企业"}],
    }
    assert told["2023"] == {"revenue": 9_000_000_00, "rd_expense": 60_000_000}
    assert told["2024"] == {"revenue": 1_200_000_000}
    assert not found.parsed.refused
    assert "13800000000" not in str(summary(found))


def test_a_fault_names_sheet_and_cell_and_its_row_comes_in_again(market: Source) -> None:
    data = workbook_of(("甲公司", form(1, "甲机器人有限公司", "很多"), MERGED), FORMS[1])
    found = look(data)
    (fault,) = found.parsed.refused
    assert (fault.place, fault.field) == ("甲公司!C6", "参保人数")
    assert "f.xlsx:甲公司!C6:参保人数" in str(fault)
    run = bring(data)
    batch = Batch.objects.get(pk=run.result["batch"])
    assert batch.quarantine is not None
    book = openpyxl.load_workbook(io.BytesIO(archive.read(batch.quarantine)))
    page = book.worksheets[0]
    heads = [cell.value for cell in page[2]]  # below the title of the forms
    assert page.cell(3, len(heads) - 1).value == "甲公司"
    page.cell(3, heads.index("参保人数") + 1).value = "7"
    out = io.BytesIO()
    book.save(out)
    bring(out.getvalue(), "q.xlsx")
    assert facts(code(1), TODAY)["insured_employees"].value == 7
    assert facts(code(1), TODAY)["revenue"].value == 1_200_000_000


def test_what_heads_the_columns_of_firms_are_their_names(market: Source) -> None:
    rows = [["指标", "甲关节有限公司", "乙关节有限公司"], ["统一社会信用代码", code(1), code(2)], ["参保人数", 4, 5]]
    rows += [["登记状态", "存续", "存续"], ["营业收入（万元）", 12, 13]]
    bring(workbook_of(("Sheet1", rows)))
    assert [facts(code(at), TODAY)["name"].value for at in (1, 2)] == ["甲关节有限公司", "乙关节有限公司"]
    assert facts(code(2), TODAY)["revenue"].value == 13_000_000


def test_the_cell_is_kept_in_the_evidence_and_shown_on_the_pages(market: Source, browse: Any) -> None:
    client = browse("data_officer")
    upload = SimpleUploadedFile("f.xlsx", workbook_of(*FORMS))
    looked = client.post("/enterprises/imports/", {"file": upload, "kind": "enterprises", "source": "upload"})
    page = client.get(looked["Location"]).content.decode()
    assert "2 张登记表" in page
    assert "甲公司、乙公司" in page
    run = bring(workbook_of(*FORMS))
    record = Record.objects.get(subject=code(1), period="")
    shown = client.get("/evidence/", {"ref": f"rec:{record.pk}#registered_capital"}).content.decode()
    assert "f.xlsx · 甲公司!B4" in shown
    assert "甲公司" in client.get(f"/enterprises/imports/{run.result['batch']}/").content.decode()


def test_the_command_line_names_the_forms(market: Source, tmp_path: Any) -> None:
    file = tmp_path / "f.xlsx"
    file.write_bytes(workbook_of(("填表说明", [["请如实填写"]], ()), *FORMS))
    words = ("import", "enterprises", str(file), "--source", "market", "--purpose", "试")
    shown = CliRunner().invoke(app, [*words, "--dry-run"], catch_exceptions=False).stdout
    assert "2 forms, one enterprise each: 甲公司, 乙公司" in shown
    assert "sheets not read: 填表说明" in shown
    done = CliRunner().invoke(app, [*words, "--yes"], catch_exceptions=False).stdout
    assert "2 rows (2 new" in done


def test_one_sheet_of_label_and_value_in_two_columns_and_an_empty_form_beside_it() -> None:
    rows = [
        ["单位：万元"],
        ["企业名称", "甲厂"],
        ["统一社会信用代码", code(1)],
        ["注册资本", 500],
        ["2025年1-10月营业收入", 30],
        ["参保人数", "12人"],
        ["某项自编指标", "3"],
    ]
    empty = [[row[0]] for row in rows]
    found = look(workbook_of(("甲", rows, ()), ("空表", empty, ())))
    assert values(found)[""]["registered_capital"] == 500_000_000
    assert values(found)["2025-01/10"] == {"revenue": 30_000_000}
    assert [(line, why.zh) for line, why in found.table.layout.skipped] == [(2, "空白表：空表")]
    assert values(look("\n".join(",".join(map(str, row)) for row in rows), "f.csv"))[""]["insured_employees"] == 12


def test_a_label_without_a_value_is_blank_and_takes_no_other_label_for_it() -> None:
    rows = [
        ["企业名称", "甲厂", "统一社会信用代码", code(1)],
        ["成立日期", None, "登记状态", "存续"],
        ["注册地址", None, "参保人数", None],
        ["从业人员", "30", "企业类型", None],
    ]
    told = values(look(workbook_of(("甲", rows, ()))))[""]
    assert told == {"name": "甲厂", "uscc": code(1), "operating_status": "存续", "employees": 30}


def test_a_table_with_a_firm_in_each_column_is_a_row_for_each() -> None:
    rows = [
        ["企业名称", "甲厂", "乙厂", "丙厂"],
        ["统一社会信用代码", code(1), code(2), code(3)],
        ["参保人数", 3, "很多", 5],
        ["2025年营业收入（万元）", 3, 4, 5],
        ["登记状态", "存续", "存续", "注销"],
    ]
    found = look(workbook_of(("甲", rows, ())))
    assert values(found, 3) == {
        "": {"name": "丙厂", "uscc": code(3), "insured_employees": 5, "operating_status": "注销"},
        "2025": {"revenue": 5_000_000},
    }
    (fault,) = found.parsed.refused
    assert fault.place == "甲!C3"


def test_a_table_of_firms_beside_a_form_is_read_as_a_table_where_it_tells_more() -> None:
    rows = [
        ["统一社会信用代码", "企业名称", "参保人数", "登记状态", "成立日期", "注册资本（万元）", "从业人员", "园区"]
    ]
    rows += [[code(number), f"{number}厂", "3", "存续", "2020-01-01", "5", "6", "一园"] for number in range(1, 4)]
    short = [["企业名称", "甲"], ["统一社会信用代码", code(9)], ["参保人数", 1], ["从业人员", 2]]
    found = look(workbook_of(("汇总", rows, ()), ("样表", short, ())))
    assert (found.table.layout.sheet, len(found.table)) == ("汇总", 3)


def test_a_formula_without_a_value_names_its_sheet_and_cell() -> None:
    rows = form(1, "甲机器人有限公司", "=40+46")
    (fault,) = look(workbook_of(("甲公司", rows, MERGED))).parsed.refused
    assert "甲公司!C6" in fault.message.zh
