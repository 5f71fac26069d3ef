"""Imports as runs and on the command line: receipt, quarantine, undo, and a kill in the middle."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from typer.testing import CliRunner

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers.commands import app
from gangshen.apps.registers.models import Batch, HeaderMapping, Record
from gangshen.apps.registers.services import facts, snapshot
from gangshen.apps.registers.services.importing import import_file
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused
from invented import code
from workbooks import workbook

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def table(*lines: str) -> bytes:
    return "\n".join(["统一社会信用代码,企业名称,营业收入（万元）,参保人数,备注", *lines, ""]).encode()


@pytest.mark.django_db
def test_an_import_leaves_batch_receipt_mapping_and_quarantine(market: Source) -> None:
    data = table(f"{code(1)},甲厂,12.5,3,", f"{code(2)},=乙厂,很多,3,", f"{code(3)},丙厂,1,4,")
    run = import_file(data, "f.csv", kind="enterprises", actor=None, now=NOW, source="market", inline=True)
    result = run.result
    assert (result["imported"], result["new"], result["refused"], result["left_out"]) == (2, 2, 1, ["备注"])
    batch = Batch.objects.get(pk=result["batch"])
    assert batch.state == "live"
    assert batch.file is not None
    assert batch.file.sha256 == result["file"]["sha256"]
    assert batch.columns["营业收入（万元）"] == {"attribute": "revenue", "unit": "万元"}
    assert facts(code(1), dt.date(2100, 1, 1))["revenue"].value == 12_500_000
    assert Organisation.objects.get(key=code(1)).name == "甲厂"
    assert HeaderMapping.objects.filter(source=market).count() == 5
    assert batch.quarantine is not None
    sheet = openpyxl.load_workbook(io.BytesIO(archive.read(batch.quarantine))).active
    assert sheet is not None
    rows = list(sheet.values)
    assert rows[1][:3] == (code(2), "=乙厂", "很多")  # as it was sent, and no formula
    assert rows[1][5] == 3
    assert "营业收入" in str(rows[1][6])


HOW: dict[str, Any] = {"kind": "enterprises", "actor": None, "now": NOW, "source": "market", "inline": True}


def refused_of(run: Run) -> tuple[Any, str]:
    """The workbook of the rows that an import refused, and its name."""
    kept = Batch.objects.get(pk=run.result["batch"]).quarantine
    assert kept is not None
    return openpyxl.load_workbook(io.BytesIO(archive.read(kept))), kept.name


def brought_again(book: Any, name: str, cell: str, value: str) -> Run:
    """The import of the workbook with one cell corrected."""
    book.active[cell] = value
    out = io.BytesIO()
    book.save(out)
    return import_file(out.getvalue(), name, **HOW)


@pytest.mark.django_db
def test_a_corrected_quarantine_file_imports_as_it_is(market: Source) -> None:
    data = table(f"{code(1)},甲厂,12.5,3,", f"{code(2)},乙厂,很多,3,")
    book, _name = refused_of(import_file(data, "f.csv", **HOW))
    again = brought_again(book, "q.xlsx", "C2", "8")
    assert (again.result["imported"], again.result["refused"]) == (1, 0)


@pytest.mark.django_db
def test_refused_rows_mean_the_same_when_they_come_back(market: Source) -> None:
    """What title, sheet and name of the file said, and what was stated for all of it, goes along."""
    rows = [["马桥镇企业经营情况（单位：万元）"], ["统一社会信用代码", "企业名称", "营业收入", "利润总额"]]
    rows += [[code(1), "甲厂", "125", "3"], [code(2), "乙厂", "很多", "(4)"]]
    stated: dict[str, Any] = {"period": "2025", "as_of": dt.date(2025, 10, 9)}
    book, name = refused_of(import_file(workbook(rows, sheet="1-9月"), "2025.xlsx", **stated, **HOW))
    assert book.sheetnames == ["1-9月"]
    page = book["1-9月"]
    assert page["A1"].value == "2025年 马桥镇企业经营情况（单位：万元）"
    assert [cell.value for cell in page[3]][:6] == [code(2), "乙厂", "很多", "(4)", "2025", "2025-10-09"]
    again = brought_again(book, name, "C3", "80")
    assert (again.result["rows"], again.result["refused"]) == (1, 0)
    first, second = Record.objects.filter(values__has_key="revenue").order_by("pk")
    assert (second.period, second.as_of) == (first.period, first.as_of) == ("2025-01/09", dt.date(2025, 10, 9))
    assert (second.values["revenue"], second.values["profit"]) == (80_000_000, -4_000_000)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_unit_and_period_once_stated_hold_for_the_rows_that_were_refused(market: Source, language: str) -> None:
    data = f"统一社会信用代码,企业名称,利润总额\n{code(1)},甲厂,3\n{code(2)},乙厂,很多\n".encode()
    with translation.override(language):
        book, name = refused_of(import_file(data, "f.csv", units={"利润总额": "千元"}, period="2025", **HOW))
        brought_again(book, name, "C3", "8")
    assert Record.objects.get(values__profit=800_000).period == "2025"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "f.csv"),
        (table("123,x,1,1,"), "f.csv:2"),
        ("统一社会信用代码,营业收入\n{},5\n".encode(), "营业收入"),
        ("统一社会信用代码,统一社会信用代码\n1,2\n".encode(), "f.csv:1"),
    ],
)
def test_bad_files_are_refused_in_words_and_leave_nothing(data: bytes, fault: str, market: Source) -> None:
    with pytest.raises(Refused, match=fault):
        import_file(data, "f.csv", kind="enterprises", actor=None, now=NOW, source="market", inline=True)
    assert not Batch.objects.exists()
    assert not Record.objects.exists()


@pytest.mark.django_db
def test_an_unknown_register_or_source_is_refused_before_anything_is_kept() -> None:
    with pytest.raises(Refused, match="houses"):
        import_file(table(), "f.csv", kind="houses", actor=None, now=NOW)
    with pytest.raises(Refused, match="nobody"):
        import_file(table(), "f.csv", kind="enterprises", actor=None, now=NOW, source="nobody")


def invoke(*words: str) -> Any:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


@pytest.mark.django_db
def test_the_command_line_from_dry_run_to_undo(market: Source, tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_bytes(table(f"{code(1)},甲厂,12.5,3,", f"{code(2)},乙厂,很多,3,"))
    tried = invoke("import", "enterprises", str(file), "--source", "market", "--purpose", "试", "--dry-run", "--json")
    found = json.loads(tried.stdout)
    assert (found["new"], found["refused"], found["faults"][0]["row"]) == (1, 1, 3)
    assert not Batch.objects.exists()
    done = invoke("import", "enterprises", str(file), "--source", "market", "--purpose", "试", "--yes", "--json")
    batch = json.loads(done.stdout)["batch"]
    assert "甲厂" in invoke("list").stdout
    shown = json.loads(invoke("show", code(1), "--json").stdout)
    assert shown["facts"]["revenue"]["value"] == 12_500_000
    assert "market" in invoke("show", code(1)).stdout
    assert invoke("history", code(1), "insured_employees").stdout.startswith("*")
    quarantine = tmp_path / "q.xlsx"
    invoke("quarantine", str(batch), str(quarantine))
    assert openpyxl.load_workbook(quarantine).active is not None
    invoke("undo", str(batch))
    assert "甲厂" not in invoke("list").stdout
    invoke("redo", str(batch))
    assert "甲厂" in invoke("list").stdout
    assert str(batch) in invoke("batches").stdout
    assert "研发" in invoke("words", "rd_").stdout


@pytest.mark.django_db
def test_without_yes_and_nobody_to_ask_nothing_is_imported(market: Source, tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_bytes(table(f"{code(1)},甲厂,12.5,3,"))
    with pytest.raises(Refused, match="--yes"):
        invoke("import", "enterprises", str(file))
    assert not Batch.objects.exists()


KILLED = """
import os, sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
import datetime as dt
from gangshen.apps.registers.models import Record
from gangshen.apps.registers.services.importing import import_file
def watch(done, total, message):
    if done >= 2000 and Record.objects.exists():
        sys.stdout.write("half\\n")
        sys.stdout.flush()
        sys.stdin.read()
import_file(open(sys.argv[1], "rb").read(), "many.csv", kind="enterprises", actor=None,
            now=dt.datetime(2026, 3, 2, tzinfo=dt.UTC), inline=True, watch=watch)
"""
AFTER = """
import json
import django
django.setup()
import datetime as dt
from django.utils import timezone
from gangshen.apps.registers.models import Batch, Record
from gangshen.apps.registers.services import snapshot
from gangshen.apps.runs import services as runs
day = dt.date(2100, 1, 1)
found = {"records": Record.objects.count(), "states": list(Batch.objects.values_list("state", flat=True)),
         "shown": snapshot(as_of=day).frame.height}
again, = runs.recover(timezone.now())
runs.execute(again.pk)
found |= {"after": snapshot(as_of=day).frame.height, "left": Record.objects.count()}
print(json.dumps(found))
"""


@pytest.mark.full
def test_an_import_killed_half_way_shows_nothing_and_is_resumed(tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    file.write_bytes(table(*(f"{code(number)},厂{number},1,3," for number in range(5000))))
    environment = os.environ | {
        "GANGSHEN_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "gangshen.settings",
        "GANGSHEN_DATABASE_URL": "",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    (tmp_path / "home").mkdir()
    command = [sys.executable, "-c", KILLED, str(file)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.send_signal(signal.SIGKILL)
    time.sleep(0.1)
    after = subprocess.run([sys.executable, "-c", AFTER], env=environment, capture_output=True, text=True, check=True)
    found = json.loads(after.stdout)
    assert found["records"] >= 2000
    assert (found["states"], found["shown"]) == (["staged"], 0)
    assert (found["after"], found["left"]) == (5000, 5000)


@pytest.mark.django_db
def test_the_snapshot_sees_an_import_at_once(market: Source) -> None:
    day = dt.date(2100, 1, 1)
    assert snapshot(as_of=day).frame.is_empty()
    import_file(table(f"{code(1)},甲厂,1,3,"), "f.csv", kind="enterprises", actor=None, now=NOW, inline=True)
    assert snapshot(as_of=day).frame.get_column("name").to_list() == ["甲厂"]
