"""Written names on the command line: against a file, against the register, and tables that cannot be used."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers.commands import app
from gangshen.apps.registers.services import add_record, resolve_names
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def column(path: Path, *names: str, encoding: str = "utf-8") -> str:
    path.write_text("\n".join(["name", *names, ""]), encoding=encoding)
    return str(path)


@pytest.fixture
def full(tmp_path: Path) -> str:
    return column(
        tmp_path / "full.csv", "合肥银河景观工程有限公司", "安徽双鹏实业有限公司", "江苏宏达新材料股份有限公司"
    )


def test_names_come_back_in_their_order_with_score_and_reason(tmp_path: Path, full: str) -> None:
    names = column(tmp_path / "n.csv", "武汉银河景观工程有限公司", "安徽双鹏有限公司", "宏达新材", encoding="gb18030")
    told = json.loads(run("resolve", names, "--against", full, "--json").output)
    assert [one["name"] for one in told] == ["武汉银河景观工程有限公司", "安徽双鹏有限公司", "宏达新材"]
    assert [one["full_name"] for one in told] == [None, "安徽双鹏实业有限公司", "江苏宏达新材料股份有限公司"]
    assert list(told[0]) == ["name", "full_name", "score", "reason"]
    assert told[0]["reason"] == "地名不同：武汉／合肥"
    assert 0.6 <= told[1]["score"] <= 1


def test_a_workbook_is_read_and_an_empty_cell_answered(tmp_path: Path, full: str) -> None:
    book = openpyxl.Workbook()
    for row in (["no", "name"], [1, "合肥银河景观工程"], [2, None]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    (tmp_path / "n.xlsx").write_bytes(out.getvalue())
    told = run("resolve", str(tmp_path / "n.xlsx"), "--against", full).output.splitlines()
    assert told[0].startswith("合肥银河景观工程 → 合肥银河景观工程有限公司")
    assert told[1].startswith(" → ?")


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "empty"), ("name\n", "no name under the header"), ("名称\n甲\n", "column missing")],
)
def test_a_table_without_names_is_refused_in_one_sentence(tmp_path: Path, full: str, text: str, words: str) -> None:
    (tmp_path / "n.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match=words):
        run("resolve", str(tmp_path / "n.csv"), "--against", full)
    with pytest.raises(Refused, match="no such file"):
        run("resolve", str(tmp_path / "missing.csv"), "--against", full)


@pytest.fixture
def firms(market: Source) -> None:
    for key, name in (("K1", "合肥银河景观工程有限公司"), ("K2", "安徽云岫机器人科技有限公司")):
        add_record(key, {"name": name}, market, dt.date(2026, 3, 1), None, NOW)
    Organisation.objects.filter(key="K1").update(short_name="银河", aliases="老银河；星河")


@pytest.mark.usefixtures("firms")
def test_without_a_file_the_register_answers_with_its_key(tmp_path: Path) -> None:
    names = column(tmp_path / "n.csv", "云岫机器人", "星河", "合肥银河景观工程有限公司第一分公司")
    told = json.loads(run("resolve", names, "--json").output)
    assert [(one["full_name"], one["id"]) for one in told] == [
        ("安徽云岫机器人科技有限公司", "K2"),
        ("合肥银河景观工程有限公司", "K1"),
        (None, None),
    ]
    assert "又名“星河”" in told[1]["reason"]


@pytest.mark.usefixtures("firms")
def test_a_former_name_and_a_new_record_are_known_at_once(market: Source) -> None:
    assert resolve_names(["安徽旧名机器人有限公司"])[0].best is None
    former = [{"type": "安徽旧名机器人有限公司", "to": dt.date(2025, 1, 1)}]
    add_record("K2", {"former_names": former}, market, dt.date(2026, 3, 2), None, NOW)
    add_record("K3", {"name": "芜湖后来者化工有限公司"}, market, dt.date(2026, 3, 2), None, NOW)
    found = resolve_names(["安徽旧名机器人有限公司", "芜湖后来者化工"])
    assert [one.best and one.best.key for one in found] == ["K2", "K3"]
