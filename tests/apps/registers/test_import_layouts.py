"""What the import makes of any layout: periods and units of headers, personal data, jumps, odd dates, the receipt."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import LogEntry, Source
from gangshen.apps.identity.models import User
from gangshen.apps.registers.commands import app
from gangshen.apps.registers.models import Batch, HeaderMapping, Likeness, Record
from gangshen.apps.registers.services import add_record, undo
from gangshen.apps.registers.services.importing import (
    check_receipt,
    examine,
    execute,
    import_file,
    open_table,
    parse_given,
    receipt,
    receipt_word,
)
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused
from invented import code
from workbooks import workbook

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
Make = Callable[..., User]

pytestmark = pytest.mark.django_db


def look(data: bytes | str, name: str = "f.csv", source: Source | None = None, **more: Any) -> Any:
    table = open_table(data.encode() if isinstance(data, str) else data, name, source=source)
    given = parse_given(more.pop("maps", []))
    return examine(table, "enterprise", source, given, today=TODAY, **more)


def bring(data: bytes | str, **more: Any) -> Run:
    raw = data.encode() if isinstance(data, str) else data
    options = {
        "kind": "enterprises",
        "actor": None,
        "now": NOW,
        "source": "market",
        "as_of": TODAY,
        "inline": True,
    } | more
    return import_file(raw, "f.csv", **options)


def test_a_column_for_each_year_becomes_a_record_for_each_year(market: Source) -> None:
    data = workbook(
        [
            ["企业年报汇总（单位：万元）"],
            ["统一社会信用代码", "企业名称", "营业收入", None],
            [None, None, "2024年", "2025年"],
            [code(1), "甲厂", 12, 15],
        ],
        *("A1:D1", "A2:A3", "B2:B3", "C2:D2"),
    )
    bring(data)
    said = {one.period: one.values for one in Record.objects.all()}
    assert said["2024"] == {"revenue": 12_000_000}
    assert said["2025"] == {"revenue": 15_000_000}
    assert said[""] == {"uscc": code(1), "name": "甲厂"}
    counts = look(data, "f.xlsx", market).counts()
    assert (counts["rows"], counts["new"]) == (1, 0)


def test_this_year_and_last_year_are_read_from_the_period_of_the_file() -> None:
    text = f"统一社会信用代码,本年营业收入（万元）,上年营业收入（万元）\n{code(1)},2,1\n"
    rows = look(text, period="2025").parsed.rows
    assert {row["period"]: row["values"].get("revenue") for row in rows if "revenue" in row["values"]} == {
        "2025": 2_000_000,
        "2024": 1_000_000,
    }


def test_a_unit_may_stand_in_a_note_and_is_remembered(market: Source) -> None:
    text = f"金额单位：亿元\n统一社会信用代码,企业名称,营业收入\n{code(1)},甲厂,3\n"
    assert look(text).parsed.rows[0]["values"]["revenue"] == 3 * 10**10
    bring(text)
    bare = f"统一社会信用代码,企业名称,营业收入\n{code(2)},乙厂,4\n"
    again = look(bare, source=market)
    assert again.parsed.rows[0]["values"]["revenue"] == 4 * 10**10
    assert not again.questions
    others = f"统一社会信用代码,企业名称,营业收入,参保人数\n{code(2)},乙厂,4,5\n"
    assert [one.header for one in look(others, source=market).questions] == ["营业收入"]


def test_mappings_are_kept_apart_by_the_set_of_headers(market: Source) -> None:
    bring(f"统一社会信用代码,企业名称,金额\n{code(1)},甲,3\n", given=parse_given(["金额=revenue:万元"]))
    bring(f"统一社会信用代码,金额,人数\n{code(1)},3,8\n", given=parse_given(["金额=rd_expense:元", "人数=employees"]))
    first = look(f"统一社会信用代码,企业名称,金额\n{code(1)},甲,3\n", source=market)
    second = look(f"人数,统一社会信用代码,金额\n8,{code(1)},3\n", source=market)
    assert [one.target for one in first.columns] == ["uscc", "name", "revenue"]
    assert [one.target for one in second.columns] == ["employees", "uscc", "rd_expense"]
    assert HeaderMapping.objects.filter(source=market, header="金额").count() == 2


@pytest.mark.parametrize(
    ("typed", "day"),
    [("45000", "2023-03-15"), ("2023年5月", "2023-05-01"), ("2023.5.1", "2023-05-01"), ("2023/5/1", "2023-05-01")],
)
def test_dates_as_people_type_them(typed: str, day: str) -> None:
    found = look(f"统一社会信用代码,成立日期\n{code(1)},{typed}\n")
    assert found.parsed.rows[0]["values"]["registered_on"] == dt.date.fromisoformat(day)
    assert len(found.parsed.remarks) == (1 if typed in ("45000", "2023年5月") else 0)


def test_a_formula_without_a_value_refuses_its_row_and_names_the_cell() -> None:
    data = workbook([["统一社会信用代码", "参保人数"], [code(1), "=2*3"], [code(2), 7]])
    found = look(data, "f.xlsx")
    assert [row["subject"] for row in found.parsed.rows] == [code(2)]
    assert "B2" in found.parsed.refused[0].message.zh


def test_personal_data_are_dropped_unless_masked_or_kept(market: Source) -> None:
    person, phone = "某某某", "13800000000"
    text = f"统一社会信用代码,企业名称,法定代表人,备用\n{code(1)},甲厂,{person},{phone}\n坏码,乙厂,{person},{phone}\n"
    dropped = look(text)
    assert [one.personal for one in dropped.columns] == ["", "", "drop", "drop"]
    assert phone not in "".join(one.sample for one in dropped.columns)
    assert "legal_representative" not in dropped.parsed.rows[0]["values"]
    run = bring(text)
    kept = Batch.objects.get(pk=run.result["batch"]).quarantine
    assert kept is not None
    cells = [cell.value for row in openpyxl.load_workbook(io.BytesIO(archive.read(kept))).active for cell in row]  # type: ignore[union-attr]
    assert "法定代表人" in cells
    assert person not in cells
    assert phone not in cells
    assert look(text, personal="mask").parsed.rows[0]["values"]["legal_representative"] == "某**"
    assert look(text, personal="keep").parsed.rows[0]["values"]["legal_representative"] == person
    with pytest.raises(Refused, match="burn"):
        look(text, personal="burn")


def test_who_may_not_see_personal_data_may_not_keep_them(market: Source, someone: Make) -> None:
    with pytest.raises(Refused):
        bring("x", actor=someone("leader"), personal="keep")


def test_a_column_that_jumps_by_powers_of_ten_is_asked_about_until_its_unit_is_stated(market: Source) -> None:
    for number in range(1, 6):
        values = {"uscc": code(number), "name": f"{number}厂", "revenue": number * 10**9}
        add_record(code(number), values, market, TODAY, None, NOW, period="2024")
    text = "统一社会信用代码,营业收入（元）\n" + "".join(f"{code(n)},{n * 1000 + 1}\n" for n in range(1, 6))
    found = look(text, period="2025")
    assert [(one.header, one.jump) for one in found.questions] == [("营业收入（元）", -4)]
    with pytest.raises(Refused, match="营业收入"):
        bring(text, period="2025")
    assert Batch.objects.filter(file__isnull=False).count() == 0
    assert bring(text, period="2025", units={"营业收入（元）": "万元"}).result["imported"] == 5
    mixed = text.replace(f"{code(2)},2001", f"{code(2)},20000000").replace("（元）", "（万元）")
    queried = look(mixed, period="2025")
    assert not queried.questions
    assert [(one.line, one.field) for one in queried.parsed.remarks] == [(3, "营业收入（万元）")]


def test_the_receipt_is_signed_stands_in_the_trail_and_is_checked(market: Source) -> None:
    run = bring(f"统一社会信用代码,企业名称\n{code(1)},甲厂\n", purpose="试", grade="内部")
    batch = Batch.objects.get(pk=run.result["batch"])
    told = json.loads(json.dumps(receipt(batch)))
    assert (told["imported"], told["purpose"], told["state"]) == (1, "试", "live")
    entry = LogEntry.objects.get(pk=told["trail"]["entry"])
    assert entry.additional_data["receipt"] == told["signature"]["digest"]
    assert check_receipt(told) == ""
    assert check_receipt(told | {"imported": 2})
    assert check_receipt({})
    assert receipt_word(batch)[:2] == b"PK"
    undo(batch, None, NOW)
    assert receipt(Batch.objects.get(pk=batch.pk))["state"] == "undone"
    assert check_receipt(told) == ""


def test_a_run_that_died_after_its_batch_was_shown_does_not_bring_it_again(market: Source) -> None:
    run = bring(f"统一社会信用代码,企业名称\n{code(1)},甲厂\n")
    assert execute(run, runs.Progress(run)) == run.result
    assert Batch.objects.count() == 1


def test_names_that_may_mean_a_firm_are_counted_with_their_scores(market: Source) -> None:
    add_record("k1", {"name": "上海澜桁机器人科技有限公司"}, market, TODAY, None, NOW)
    add_record("k2", {"name": "上海澜桁机器人技术有限公司"}, market, TODAY, None, NOW)
    text = "企业名称,参保人数\n上海澜桁机器人有限公司,5\n上海澜桁机器人科技有限公司,6\n"
    found = look(text)
    (asked,) = found.same()
    assert (asked["row"], len(asked["candidates"])) == (2, 2)
    run = bring(text)
    assert run.result["waiting"] == 1
    assert Likeness.objects.get().batch_id == run.result["batch"]


@pytest.mark.parametrize(
    "written", ["新澜（上海）机器人有限公司", "新澜(上海)机器人有限公司", "新澜 (上海) 机器人有限公司"]
)
def test_brackets_of_either_width_and_blanks_name_the_same_firm(written: str, market: Source) -> None:
    add_record("k1", {"name": "新澜（上海）机器人有限公司"}, market, TODAY, None, NOW)
    (row,) = look(f"企业名称,参保人数\n{written},5\n").parsed.rows
    assert row["subject"] == "k1"


def test_rows_of_one_name_are_resolved_together(market: Source) -> None:
    add_record("k1", {"name": "新澜（上海）机器人有限公司"}, market, TODAY, None, NOW)

    def asked(rows: int) -> int:
        text = "企业名称,参保人数\n" + "".join(f"某某{number}号机械厂,5\n" for number in range(rows))
        with CaptureQueriesContext(connection) as queries:
            assert look(text).counts()["refused"] == rows
        return len(queries)

    few = asked(2)
    assert asked(60) <= few <= 30


def invoke(*words: str) -> Any:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_the_command_line_states_layout_units_and_purpose(market: Source, tmp_path: Path) -> None:
    file = tmp_path / "台账.xlsx"
    file.write_bytes(workbook([["台账"], ["统一社会信用代码", "企业名称", "盘子"], [code(1), "甲厂", 3]], "A1:C1"))
    words = ("import", "enterprises", str(file), "--source", "market", "--map", "盘子=revenue", "--unit", "盘子=亿元")
    with pytest.raises(Refused, match="purpose"):
        invoke(*words, "--yes")
    tried = json.loads(invoke(*words, "--purpose", "试", "--dry-run", "--json").stdout)
    assert (tried["header_rows"], tried["columns"][2]["unit"], tried["new"]) == ([2], "亿元", 1)
    assert "headers in row 2; purpose 试" in invoke(*words, "--purpose", "试", "--dry-run").stdout
    done = json.loads(invoke(*words, "--purpose", "试", "--header-row", "2", "--yes", "--json").stdout)
    told = tmp_path / "receipt.json"
    told.write_text(invoke("receipt", str(done["batch"]), "--json").stdout, encoding="utf-8")
    assert "unchanged" in invoke("receipt", "--check", str(told)).stdout
    told.write_text(told.read_text(encoding="utf-8").replace('"imported": 1', '"imported": 9'), encoding="utf-8")
    with pytest.raises(Refused):
        invoke("receipt", "--check", str(told))
    invoke("receipt", str(done["batch"]), "--word", str(tmp_path / "r.docx"))
    assert (tmp_path / "r.docx").read_bytes()[:2] == b"PK"
