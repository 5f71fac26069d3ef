"""Tables of the kinds a zone is sent: bureau summaries, certificate lists, contacts, figures by year, exports gone wrong."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from typer.testing import CliRunner

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.commands import app
from gangshen.apps.registers.services import add_record, facts
from gangshen.apps.registers.services.importing import examine, import_file, open_table, parse_given, summary
from gangshen.web.errors import Refused
from invented import code
from workbooks import workbook_of

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)

pytestmark = pytest.mark.django_db


def look(data: bytes | str, name: str = "f.csv", **more: Any) -> Any:
    table = open_table(data.encode() if isinstance(data, str) else data, name, entity=more.get("entity", "enterprise"))
    given = parse_given(more.pop("maps", []))
    return examine(table, more.pop("entity", "enterprise"), None, given, today=TODAY, **more)


def refused(found: Any) -> list[tuple[int, str]]:
    return [(one.line, one.message.zh) for one in found.parsed.refused]


CERTIFIED = ["企业名称", "统一社会信用代码", "证书编号", "发证日期", "有效期", "批次"]


def test_a_list_that_names_its_certificate_in_the_title_brings_it_with_its_term() -> None:
    rows = [
        ["附件1"],
        ["2025年度第二批认定高新技术企业名单"],
        CERTIFIED,
        ["甲厂", code(1), "GR1", dt.date(2025, 12, 4), "三年", "第二批"],
        ["乙厂", code(2), "GR2", "2024.2.29", "3年", "第二批"],
    ]
    found = look(workbook_of(("名单", rows)), "f.xlsx")
    held = [row["values"]["certificates"][0] for row in found.parsed.rows]
    assert [(one["type"], one["number"], one["batch"], one["to"]) for one in held] == [
        ("高新技术企业", "GR1", "第二批", dt.date(2028, 12, 3)),
        ("高新技术企业", "GR2", "第二批", dt.date(2027, 2, 28)),
    ]
    assert look(workbook_of(("名单", rows)), "f.xlsx", maps=["资质认定（据标题）=-"]).columns[2].target == ""


@pytest.mark.parametrize(
    "title",
    ["2025年拟认定高新技术企业名单", "取消高新技术企业资格名单", "高新技术企业与专精特新中小企业名单", "企业名单"],
)
def test_a_title_that_names_no_one_certificate_held_brings_none(title: str) -> None:
    found = look(
        workbook_of(("Sheet1", [[title], CERTIFIED, ["甲厂", code(1), "GR1", "2025-12-04", "三年", ""]])), "f.xlsx"
    )
    assert "certificates" not in found.parsed.rows[0]["values"]


@pytest.mark.parametrize(
    ("term", "first", "last"),
    [
        ("2024年6月1日至2027年5月31日", "2024-06-01", "2027-05-31"),
        ("2023.7-2026.6", "2023-07-01", "2026-06-30"),
        ("2024-06-01-2027-05-31", "2024-06-01", "2027-05-31"),
        ("2024/6/1—2027/5/31", "2024-06-01", "2027-05-31"),
        ("至2027年12月", None, "2027-12-31"),
        ("2027-12-31", None, "2027-12-31"),
    ],
)
def test_a_term_in_one_cell(term: str, first: str | None, last: str) -> None:
    found = look(f"统一社会信用代码,认定称号,有效期\n{code(1)},专精特新中小企业,{term}\n")
    held = found.parsed.rows[0]["values"]["certificates"][0]
    assert (held["from"], held["to"]) == (first and dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_a_term_that_is_none_names_row_and_column() -> None:
    found = look(f"统一社会信用代码,认定称号,有效期\n{code(1)},专精特新中小企业,长期有效吧\n")
    assert [(one.line, one.field) for one in found.parsed.refused] == [(2, "有效期")]


def test_titles_with_a_comma_of_lists_between_them_are_several() -> None:
    found = look(f"统一社会信用代码,认定称号\n{code(1)},创新型中小企业、高企\n")
    assert [one["type"] for one in found.parsed.rows[0]["values"]["certificates"]] == ["创新型中小企业", "高新技术企业"]


def test_a_state_in_a_column_for_each_year_is_of_the_end_of_each() -> None:
    text = f"统一社会信用代码,2024年末参保人数,2025年末参保人数,2026年参保人数\n{code(1)},5,8,9\n"
    told = [(row["as_of"], row["period"], row["values"]) for row in look(text).parsed.rows]
    assert (dt.date(2024, 12, 31), "", {"insured_employees": 5}) in told
    assert (dt.date(2025, 12, 31), "", {"insured_employees": 8}) in told
    assert (TODAY, "", {"insured_employees": 9}) in told


def test_figures_of_a_year_end_are_of_that_year() -> None:
    text = f"统一社会信用代码,2023年末职工人数,截至2024年底员工人数\n{code(1)},5,8\n"
    told = {row["period"]: row["values"].get("employees") for row in look(text).parsed.rows if row["period"]}
    assert told == {"2023": 5, "2024": 8}


def test_last_year_needs_a_year_from_the_title_or_from_who_imports() -> None:
    rows = f"统一社会信用代码,上年营业收入（万元）,本年营业收入（万元）\n{code(1)},1,2\n"
    with pytest.raises(Refused, match="上年营业收入"):
        look(rows)
    told = {row["period"]: row["values"].get("revenue") for row in look(f"2025年度企业汇总表\n{rows}").parsed.rows}
    assert (told["2024"], told["2025"]) == (1_000_000, 2_000_000)
    of_rows = rows.replace("统一社会信用代码,", "数据年度,统一社会信用代码,").replace(code(1), f"2025,{code(1)}")
    (row,) = (row for row in look(of_rows).parsed.rows if "revenue" in row["values"])
    assert (row["period"], row["values"]["revenue"]) == ("2025", 2_000_000)


@pytest.mark.parametrize(
    "name", ["其中：甲厂", "其中:甲厂", "甲厂*", "#甲厂", "1、甲厂", "（2）甲厂", "含：甲厂", " 3.甲厂 ★"]
)
def test_what_lists_set_about_a_name_is_no_part_of_it(name: str) -> None:
    assert look(f"统一社会信用代码,企业名称\n{code(1)},{name}\n").parsed.rows[0]["values"]["name"] == "甲厂"


@pytest.mark.parametrize("name", ["含光科技有限公司", "360数字安全有限公司", "其美（上海）有限公司", "3M中国有限公司"])
def test_a_name_that_only_begins_so_stays(name: str) -> None:
    assert look(f"统一社会信用代码,企业名称\n{code(1)},{name}\n").parsed.rows[0]["values"]["name"] == name


def test_totals_of_towns_and_headings_of_groups_are_no_firms() -> None:
    text = (
        "序号,企业名称,统一社会信用代码,参保人数\n一、,马桥镇,,\n"
        f"1,甲厂,{code(1)},5\n,马桥镇小计,,5\n（二）吴泾镇,,,\n2,乙厂,{code(2)},6\n,全区总计：,,11\n合计（家）,2,,11\n"
    )
    found = look(text)
    assert [row["subject"] for row in found.parsed.rows] == [code(1), code(2)]
    assert not found.parsed.refused
    assert [(line, why.zh) for line, why in found.table.layout.skipped] == [
        (2, "分组行"),
        (4, "合计行"),
        (5, "分组行"),
        (7, "合计行"),
        (8, "合计行"),
    ]


PEOPLE = "统一社会信用代码,联系人,联系电话,邮箱,职务\n"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("张三,13800000000,a@x.cn,财务", [("财务", "张三", "13800000000", "a@x.cn")]),
        ("张三 13800000000,,,", [("联系人", "张三", "13800000000", None)]),
        ("张三（138 0000 0000）,021-60000000,,", [("联系人", "张三", "138 0000 0000 021-60000000", None)]),
        ("总经理 李四：13800000000,,,", [("总经理", "李四", "13800000000", None)]),
        (
            "赵六13800000003/钱七13800000004,,,",
            [("联系人", "赵六", "13800000003", None), ("联系人2", "钱七", "13800000004", None)],
        ),
        (
            "孙八、周九,13800000005、13800000006,,",
            [("联系人", "孙八", "13800000005", None), ("联系人2", "周九", "13800000006", None)],
        ),
        (",13800000000,,", [("联系人", None, "13800000000", None)]),
        ("无,/,,", None),
    ],
)
def test_contacts_as_people_type_them(row: str, told: list[tuple[str, ...]] | None) -> None:
    found = look(f"{PEOPLE}{code(1)},{row}\n", personal="keep")
    held = found.parsed.rows[0]["values"].get("contacts")
    said = held and [(one["type"], one.get("name"), one.get("phone"), one.get("email")) for one in held]
    assert said == told


def test_how_to_reach_a_person_is_personal_and_goes_with_the_person() -> None:
    text = f"{PEOPLE}{code(1)},张三,13800000000,a@x.cn,财务\n"
    dropped = look(text)
    assert "13800000000" not in str(summary(dropped))
    assert dropped.parsed.rows[0]["values"] == {"uscc": code(1)}
    masked = look(text, personal="mask").parsed.rows[0]["values"]["contacts"]
    assert masked == [{"type": "财务", "name": "张*", "phone": "138****0000", "email": "a***@x.cn"}]
    beside = look(f"统一社会信用代码,联系人,联系方式\n{code(1)},张三,13800000000\n", personal="keep")
    assert beside.parsed.rows[0]["values"]["contacts"] == [{"type": "联系人", "name": "张三", "phone": "13800000000"}]
    alone = look(f"统一社会信用代码,企业名称,联系电话\n{code(1)},甲厂,13800000000\n", personal="keep")
    assert alone.columns[2].personal == "drop"


@pytest.mark.parametrize("typed", ["9.13101E+17", "913101120000000000"])
def test_a_code_that_excel_took_for_a_number_says_so(typed: str) -> None:
    ((line, words),) = refused(look(f"统一社会信用代码,企业名称\n{typed},甲厂\n"))
    assert line == 2
    assert "Excel" in words


@pytest.mark.parametrize("blank", ["/", "无", "待补", "暂无", "——", "…"])
def test_a_blank_where_a_code_should_be_leaves_the_name_to_tell(blank: str, market: Source) -> None:
    add_record(code(1), {"uscc": code(1), "name": "甲机械厂"}, market, TODAY, None, NOW)
    (row,) = look(f"统一社会信用代码,企业名称,参保人数\n{blank},甲机械厂,5\n").parsed.rows
    assert row["subject"] == code(1)


def test_a_number_of_before_2015_of_a_firm_known_by_its_name_makes_no_second_firm(market: Source) -> None:
    add_record(code(1), {"uscc": code(1), "name": "甲机械厂"}, market, TODAY, None, NOW)
    (row,) = look("注册号,统一社会信用代码,企业名称,参保人数\nx,310112000123456,甲机械厂,5\n").parsed.rows
    assert row["subject"] == code(1)


def test_rows_of_one_firm_that_disagree_say_in_what() -> None:
    text = f"统一社会信用代码,企业名称,参保人数\n{code(1)},甲,1\n{code(1)},甲,2\n{code(1)},甲,1\n"
    (second, differs), (third, same) = refused(look(text))
    assert (second, third) == (3, 4)
    assert "参保人数不同" in differs
    assert "所说相同" in same


@pytest.mark.parametrize(
    ("header", "cell", "name", "value"),
    [
        ("登记状态", "在业", "operating_status", "存续"),
        ("登记状态", "存续（在营、开业、在册）", "operating_status", "存续"),
        ("企业类型", "有限责任公司分公司(自然人投资或控股)", "legal_form", "分支机构"),
        ("企业类型", "其他有限责任公司", "legal_form", "有限责任公司"),
        ("上市情况", "科创板上市", "listing_status", "境内上市"),
        ("注册资本", "1000万元人民币", "registered_capital", 1_000_000_000),
        ("注册资本", "人民币1,000万元", "registered_capital", 1_000_000_000),
        ("成立日期", "2018/1/2 0:00", "registered_on", dt.date(2018, 1, 2)),
        ("成立日期", "2018-01-02 10:23:45", "registered_on", dt.date(2018, 1, 2)),
    ],
)
def test_words_of_other_registers(header: str, cell: str, name: str, value: Any) -> None:
    found = look(f'统一社会信用代码,{header}\n{code(1)},"{cell}"\n')
    assert found.parsed.rows[0]["values"][name] == value


def test_shares_written_as_fractions_are_asked_about_and_can_be_stated() -> None:
    text = "统一社会信用代码,研发费用占比（%）\n" + "".join(f"{code(n)},0.{n}2\n" for n in range(1, 5))
    assert [one.header for one in look(text).questions] == ["研发费用占比（%）"]
    found = look(text, units={"研发费用占比（%）": "小数"})
    assert found.parsed.rows[0]["values"]["rd_ratio"] == pytest.approx(12)
    assert look(text, units={"研发费用占比（%）": "%"}).parsed.rows[0]["values"]["rd_ratio"] == pytest.approx(0.12)


def test_what_must_be_stated_is_named_with_a_unit_that_fits(market: Source) -> None:
    text = f"统一社会信用代码,研发费用占比\n{code(1)},0.12\n"
    with pytest.raises(Refused) as caught:
        bring(text)
    assert "研发费用占比=小数" in str(caught.value.remedy)


def bring(data: bytes | str, name: str = "f.csv", **more: Any) -> Any:
    raw = data.encode() if isinstance(data, str) else data
    return import_file(
        raw, name, kind="enterprises", actor=None, now=NOW, source="market", as_of=TODAY, inline=True, **more
    )


def test_a_file_of_headers_only_says_that_there_is_no_row(market: Source) -> None:
    with pytest.raises(Refused) as caught:
        bring("统一社会信用代码,企业名称\n合计,\n")
    assert "1" in str(caught.value)
    assert "0" not in str(caught.value)


def test_the_receipt_names_the_sheets_that_were_not_read(market: Source) -> None:
    rows = [["统一社会信用代码", "企业名称"], [code(1), "甲厂"]]
    told = bring(workbook_of(("一季度", rows), ("二季度", rows)), "f.xlsx").result
    assert (told["sheet"], told["sheets"]) == ("一季度", ["一季度", "二季度"])


@pytest.mark.parametrize(
    "data", [b"<html><body><table><tr><td>x</td></tr></table></body></html>", b"<?xml version='1.0'?>"]
)
def test_a_web_page_called_xls_says_how_to_save_it(data: bytes) -> None:
    with pytest.raises(Refused, match=r"\.xlsx"):
        open_table(data, "f.xls")


def test_an_archive_called_xlsx_says_so() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.csv", "x")
    with pytest.raises(Refused, match="压缩包"):
        open_table(out.getvalue(), "f.xlsx")


def test_columns_may_be_parted_by_bars() -> None:
    assert look(f"统一社会信用代码|企业名称\n{code(1)}|甲厂\n").parsed.rows[0]["values"]["name"] == "甲厂"


def test_a_register_without_words_says_so() -> None:
    with pytest.raises(Refused, match="device"):
        look("设备编号,设备名称\n1,床\n", entity="device")


def test_masked_then_kept_contacts_of_a_firm_read_back(market: Source) -> None:
    bring(f"{PEOPLE}{code(1)},张三,13800000000,,财务\n", personal="keep")
    assert facts(code(1), TODAY)["contacts"].value[0]["phone"] == "13800000000"


def test_neither_a_name_nor_its_telephone_is_shown_of_one_cell_that_holds_both() -> None:
    found = look(f"统一社会信用代码,企业名称,联系人\n{code(1)},甲厂,张小三 13800000000\n", personal="keep")
    shown = str(summary(found)["columns"])
    assert "张小三" not in shown
    assert "13800000000" not in shown


def test_a_file_of_unknown_words_can_be_mapped_on_the_page(browse: Any) -> None:
    client = browse("data_officer")
    upload = SimpleUploadedFile("f.csv", f"代码,单位,人头\n{code(1)},甲厂,3\n".encode())
    looked = client.post("/enterprises/imports/", {"file": upload, "kind": "enterprises", "source": "upload"})
    page = client.get(looked["Location"])
    assert page.status_code == 200
    assert 'name="to-2"' in page.content.decode()
    asked = {"to-0": "uscc", "to-1": "name", "to-2": "insured_employees", "purpose": "试"}
    page = client.get(looked["Location"], asked)
    assert page.status_code == 200


def test_headers_as_lists_write_them() -> None:
    text = f"统一社会信用代码,纳税人名称,营收（亿）,是否规上,联系人及电话\n{code(1)},甲厂,1.2,是,张三13800000000\n"
    (row,) = look(text, personal="keep").parsed.rows
    assert row["values"] == {
        "uscc": code(1),
        "name": "甲厂",
        "revenue": 12_000_000_000,
        "above_scale_declared": True,
        "contacts": [{"type": "联系人", "name": "张三", "phone": "13800000000"}],
    }


@pytest.mark.parametrize(
    "header",
    [
        "2025年1-11月产值（万元）",
        "2025年上半年营收（万元）",
        "2025年前三季度研发费用（万元）",
        "1-11月累计利润总额（万元）",
    ],
)
def test_part_of_a_year_is_not_taken_for_the_year(header: str) -> None:
    found = look(f"统一社会信用代码,企业名称,{header}\n{code(1)},甲厂,1\n")
    figures = [row for row in found.parsed.rows if row["values"].keys() - {"uscc", "name"}]
    assert all("/" in row["period"] for row in figures)
    assert len(figures) == (1 if header.startswith("2025") else 0)


def test_the_command_line_counts_rows_and_records_apart(market: Source, tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text(
        f"统一社会信用代码,企业名称,2024年营收（万元）,2025年营收（万元）\n{code(1)},甲厂,1,2\n", encoding="utf-8"
    )
    words = ("import", "enterprises", str(file), "--source", "market", "--purpose", "试", "--yes")
    said = CliRunner().invoke(app, words, catch_exceptions=False).stdout
    assert "1 rows (1 new, 0 changed, 0 unchanged) as 3 records, 0 refused" in said


def test_firms_numbered_like_headings_stay_firms(market: Source) -> None:
    for number, name in ((1, "甲机械有限公司"), (2, "乙机械厂")):
        add_record(code(number), {"uscc": code(number), "name": name}, market, TODAY, None, NOW)
    found = look("序号,企业名称,参保人数,备注\n一、,甲机械有限公司,,\n二、,乙机械厂,,\n三、马桥镇,,,\n")
    assert [line for line, _why in found.table.layout.skipped] == [4]
    assert len(found.table) == 2
