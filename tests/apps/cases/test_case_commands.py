"""Moving a case from the command line, in somebody's name and with that person's rights."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from gangshen.apps.cases import services
from gangshen.apps.cases.commands import app
from gangshen.apps.cases.models import Case
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


@pytest.fixture
def number(people: SimpleNamespace, settings, tmp_path: Path) -> str:
    settings.HOME = tmp_path
    how = {"title": "清单未公布", "about": "task:1", "unit": people.town, "actor": people.operator, "now": NOW}
    return str(services.open_case("pressed", "task:1/late", **how).pk)


def test_a_case_goes_its_way(number: str, people: SimpleNamespace) -> None:
    run("comment", number, "已致电。", "--as", "clerk")
    assert "waiting" in run("wait", number, "等名单。", "--as", "clerk")
    assert "reported" in run("report", number, "已公布。", "--as", "clerk")
    assert "open" in run("return", number, "缺附件。", "--as", "operator")
    assert "due 2026-05-08" in run("extend", number, "2026-05-08", "名单推迟。", "--as", "operator")
    assert "finance" in run("hand-over", number, "--unit", "finance", "--reason", "归口调整", "--as", "operator")
    run("report", number, "已公布。", "--as", "other")
    assert "closed" in run("close", number, "见公告。", "--as", "operator")
    assert "open" in run("reopen", number, "名单有误。", "--as", "operator")
    assert Case.objects.get().events.count() == 10


def test_a_proof_comes_with_the_report(number: str, tmp_path: Path) -> None:
    proof = tmp_path / "名单.csv"
    proof.write_text("a", encoding="utf-8")
    run("report", number, "已公布。", "--file", str(proof), "--as", "clerk")
    held = Case.objects.get().receipt_file
    assert held is not None and held.name == "名单.csv"


def test_rights_of_the_person_hold(number: str) -> None:
    with pytest.raises(Refused, match="sees no case"):
        run("report", number, "x", "--as", "other")
    with pytest.raises(Refused, match="can't be done"):
        run("close", number, "x", "--as", "clerk")
    with pytest.raises(Refused, match="one person or one unit"):
        run("hand-over", number, "--as", "operator")
    with pytest.raises(Refused, match="no user stranger"):
        run("comment", number, "x", "--as", "stranger")
    assert Case.objects.get().events.count() == 1
