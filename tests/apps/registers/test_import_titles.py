"""Columns of one title each: 是否高企 with 是, 否, √ or a year, and its number, dates and batch beside it."""

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
from gangshen.apps.registers.models import Batch, HeaderMapping
from gangshen.apps.registers.services import add_record, facts
from gangshen.apps.registers.services.importing import examine, import_file, open_table, parse_given, summary
from gangshen.web.errors import Refused
from invented import code
from workbooks import workbook

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
HIGH, SPECIAL = "高新技术企业", "专精特新中小企业"

pytestmark = pytest.mark.django_db


def look(data: bytes | str, name: str = "f.csv", **more: Any) -> Any:
    source = more.pop("source", None)
    table = open_table(data.encode() if isinstance(data, str) else data, name, source=source)
    return examine(table, "enterprise", source, parse_given(more.pop("maps", [])), today=TODAY, **more)


def bring(data: bytes | str, name: str = "f.csv", **more: Any) -> Any:
    raw = data.encode() if isinstance(data, str) else data
    return import_file(
        raw, name, kind="enterprises", actor=None, now=NOW, source="market", as_of=TODAY, inline=True, **more
    )


def held(found: Any, number: int = 1) -> list[dict[str, Any]]:
    told = [row["values"].get("certificates", []) for row in found.parsed.rows if row["subject"] == code(number)]
    return [{key: value for key, value in one.items() if value is not None} for one in (told[0] if told else [])]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("是否高企", HIGH),
        ("是否为高企", HIGH),
        ("是否国家高新技术企业", HIGH),
        ("高新技术企业(是/否)", HIGH),
        ("高新技术企业（是填1，否填0）", HIGH),
        ("是否有效期内高新技术企业", HIGH),
        ("是否认定高企", HIGH),
        ("高企情况", HIGH),
        ("高企", HIGH),
        ("是否专精特新中小企业", SPECIAL),
        ("是否市级专精特新", SPECIAL),
        ("是否专精特新“小巨人”企业", "专精特新“小巨人”企业"),
        ("是否科技型中小企业", "科技型中小企业"),
        ("瞪羚", "瞪羚企业"),
        ("是否制造业单项冠军", "制造业单项冠军企业"),
    ],
)
@pytest.mark.parametrize("yes", ["是", "√", "1", "有"])
def test_a_yes_is_the_title_without_number_or_dates(header: str, kind: str, yes: str) -> None:
    found = look(f"统一社会信用代码,企业名称,{header}\n{code(1)},甲厂,{yes}\n{code(2)},乙厂,\n{code(3)},丙厂,否\n")
    assert held(found) == [{"type": kind}]
    assert "certificates" not in found.parsed.rows[1]["values"]  # blank: unknown
    assert "certificates" not in found.parsed.rows[2]["values"]  # no: nothing is kept of it
    assert summary(found)["denied"] == {header: 1}


@pytest.mark.parametrize(
    "header",
    ["是否拟申报高企", "高企培育", "高企意向", "是否有申报高企意向", "拟申报专精特新", "高企奖励金额", "高企储备库"],
)
def test_what_is_about_no_title_held_is_left_out(header: str) -> None:
    assert look(f"统一社会信用代码,企业名称,{header}\n{code(1)},甲厂,是\n").columns[2].target == ""


@pytest.mark.parametrize("cell", ["申报中", "待定", "2027年申报", "预计2026"])
def test_anything_else_is_a_fault_of_its_cell(cell: str) -> None:
    found = look(f"统一社会信用代码,企业名称,是否高企\n{code(1)},甲厂,{cell}\n{code(2)},乙厂,是\n")
    assert [(one.line, one.field) for one in found.parsed.refused] == [(2, "是否高企")]
    assert held(found, 2) == [{"type": HIGH}]


@pytest.mark.parametrize(
    ("cell", "entry"),
    [
        ("2024", {"type": HIGH, "batch": "2024年"}),
        ("2024年度", {"type": HIGH, "batch": "2024年"}),
        ("2024年第二批", {"type": HIGH, "batch": "2024年第二批"}),
        ("2024-12-04", {"type": HIGH, "from": dt.date(2024, 12, 4)}),
        ("GR202431000123", {"type": HIGH, "number": "GR202431000123"}),
        ("是（2024年）", {"type": HIGH, "batch": "2024年"}),
        ("是，GR202431000123", {"type": HIGH, "number": "GR202431000123"}),
        ("小巨人", {"type": "专精特新“小巨人”企业"}),
        ("☑是 □否", {"type": HIGH}),
    ],
)
def test_a_cell_may_tell_year_batch_day_or_number_itself(cell: str, entry: dict[str, Any]) -> None:
    assert held(look(f'统一社会信用代码,企业名称,高企\n{code(1)},甲厂,"{cell}"\n')) == [entry]


def test_number_dates_and_year_beside_it_are_of_the_same_certificate_under_two_rows_of_headers() -> None:
    rows = [
        ["企业资质情况汇总表"],
        ["统一社会信用代码", "企业名称", "高新技术企业", None, None, "专精特新中小企业", None],
        [None, None, "是否认定", "证书编号", "有效期至", "是否认定", "认定年份"],
        [code(1), "甲厂", "是", "GR202431000123", "2027.12.3", "√", 2025],
        [code(2), "乙厂", "否", None, None, None, "2025年"],
        [code(3), "丙厂", "否", "GR202431000124", "2027.12.3", "否", None],
        [code(4), "丁厂", "否", "GR201931000124", "2022.12.3", "否", None],
    ]
    found = look(workbook(rows, "A1:G1", "A2:A3", "B2:B3", "C2:E2", "F2:G2"), "f.xlsx")
    assert held(found) == [
        {"type": HIGH, "number": "GR202431000123", "to": dt.date(2027, 12, 3)},
        {"type": SPECIAL, "batch": "2025年"},
    ]
    assert held(found, 2) == [{"type": SPECIAL, "batch": "2025年"}]
    ((line, field),) = {(one.line, one.field) for one in found.parsed.refused}
    assert (line, field) == (6, "高新技术企业·是否认定")
    assert held(found, 4) == [{"type": HIGH, "number": "GR201931000124", "to": dt.date(2022, 12, 3)}]  # it ended


def test_headers_that_name_title_and_part_are_joined() -> None:
    text = (
        "统一社会信用代码,企业名称,高企认定年份,高企证书编号,高企有效期至,专精特新认定时间,是否规上\n"
        f"{code(1)},甲厂,2024,GR202431000123,2027-12-03,2025年3月,是\n"
        f"{code(2)},乙厂,,,,2025,否\n"
    )
    found = look(text)
    assert held(found) == [
        {"type": HIGH, "batch": "2024年", "number": "GR202431000123", "to": dt.date(2027, 12, 3)},
        {"type": SPECIAL, "from": dt.date(2025, 3, 1)},
    ]
    assert held(found, 2) == [{"type": SPECIAL, "batch": "2025年"}]
    assert [row["values"]["above_scale_declared"] for row in found.parsed.rows] == [True, False]


def test_a_bare_number_beside_the_one_title_is_its_own_and_beside_two_is_nobodys() -> None:
    text = f"统一社会信用代码,企业名称,是否高企,证书编号,批次\n{code(1)},甲厂,是,GR202431000123,第二批\n"
    assert held(look(text)) == [{"type": HIGH, "number": "GR202431000123", "batch": "第二批"}]
    two = text.replace("批次", "是否专精特新").replace("第二批", "是")
    assert held(look(two)) == [{"type": HIGH}, {"type": SPECIAL}]
    by_hand = look(two, maps=[f"证书编号=certificates.{HIGH}.number"])
    assert held(by_hand)[0] == {"type": HIGH, "number": "GR202431000123"}
    with pytest.raises(Refused, match="certificates"):
        look(two, maps=["证书编号=certificates.无此资质.number"])


def test_a_year_whose_term_is_over_is_no_title_held() -> None:
    text = (
        f"统一社会信用代码,企业名称,是否高企,高企认定年份\n{code(1)},甲厂,,2019\n{code(2)},乙厂,是,2019\n"
        f"{code(3)},丙厂,,2023\n"
    )
    found = look(text)
    assert held(found) == []
    assert held(found, 2) == [{"type": HIGH, "batch": "2019年"}]
    assert held(found, 3) == [{"type": HIGH, "batch": "2023年"}]
    assert [(one.line, one.field) for one in found.parsed.remarks] == [(2, "高企认定年份"), (3, "是否高企")]


def test_a_no_withdraws_nothing_and_is_told_where_the_register_knows_better(market: Source, browse: Any) -> None:
    entry = {"type": HIGH, "number": "GR1", "from": dt.date(2024, 1, 1), "to": dt.date(2026, 12, 31)}
    add_record(code(1), {"uscc": code(1), "name": "甲厂", "certificates": [entry]}, market, TODAY, None, NOW)
    text = f"统一社会信用代码,企业名称,是否高企\n{code(1)},甲厂,否\n{code(2)},乙厂,否\n"
    found = look(text)
    assert [(one.line, one.field) for one in found.parsed.against] == [(2, "是否高企")]
    assert "GR1" in found.parsed.against[0].message.zh
    run = bring(text)
    assert run.result["denied"] == {"是否高企": 2}
    assert [one["row"] for one in run.result["against"]] == [2]
    assert [one["number"] for one in facts(code(1), TODAY)["certificates"].value] == ["GR1"]
    page = browse("data_officer").get(f"/enterprises/imports/{run.result['batch']}/").content.decode()
    assert "GR1 有效至 2026-12-31" in page


def test_a_yes_adds_nothing_to_the_certificate_that_is_known_and_does_not_outlive_it(market: Source) -> None:
    bring(f"统一社会信用代码,企业名称,是否高企\n{code(1)},甲厂,是\n{code(2)},乙厂,是\n")
    bring(f"统一社会信用代码,企业名称,高企证书编号,高企有效期至\n{code(1)},甲厂,GR1,2026-06-30\n")
    bring(f"统一社会信用代码,是否高企\n{code(1)},是\n")
    assert [one.get("number") for one in facts(code(1), TODAY)["certificates"].value] == ["GR1"]
    assert facts(code(2), TODAY)["certificates"].value == [{"type": HIGH}]


def test_the_mapping_is_remembered_and_shown_on_page_and_command_line(
    market: Source, browse: Any, tmp_path: Any
) -> None:
    text = f"统一社会信用代码,企业名称,盘子,高企证书编号\n{code(1)},甲厂,是,\n{code(2)},乙厂,否,\n"
    bring(text, given=parse_given([f"盘子=certificates.{SPECIAL}"]))
    assert HeaderMapping.objects.get(header="盘子").attribute == f"certificates.{SPECIAL}"
    again = look(text, source=market)
    assert held(again) == [{"type": SPECIAL}]
    client = browse("data_officer")
    upload = SimpleUploadedFile("f.csv", text.encode())
    looked = client.post("/enterprises/imports/", {"file": upload, "kind": "enterprises", "source": "market"})
    page = client.get(looked["Location"]).content.decode()
    assert f'<option value="certificates.{SPECIAL}" selected>' in page
    assert f'<option value="certificates.{HIGH}.number" selected>' in page
    file = tmp_path / "f.csv"
    file.write_text(text, encoding="utf-8")
    words = ("import", "enterprises", str(file), "--source", "market", "--purpose", "试", "--dry-run")
    shown = CliRunner().invoke(app, list(words), catch_exceptions=False).stdout
    assert f"盘子 → certificates.{SPECIAL}" in shown
    assert "盘子: 1 times no" in shown


def test_the_quarantine_comes_in_again_once_corrected(market: Source) -> None:
    run = bring(f"统一社会信用代码,企业名称,是否高企,高企证书编号\n{code(1)},甲厂,申报中,\n{code(2)},乙厂,是,\n")
    kept = Batch.objects.get(pk=run.result["batch"]).quarantine
    assert kept is not None
    book = openpyxl.load_workbook(io.BytesIO(archive.read(kept)))
    book.worksheets[0]["C2"] = "是"
    out = io.BytesIO()
    book.save(out)
    bring(out.getvalue(), "q.xlsx")
    assert facts(code(1), TODAY)["certificates"].value == [{"type": HIGH}]


def test_names_of_titles_in_cells_are_no_headers() -> None:
    text = f"企业名称,统一社会信用代码,称号\n甲厂,{code(1)},高新技术企业\n乙厂,{code(2)},专精特新中小企业\n"
    found = look(text)
    assert found.table.layout.header_lines == (1,)
    assert held(found, 2) == [{"type": SPECIAL}]
