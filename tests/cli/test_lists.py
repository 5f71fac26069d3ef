"""`gangshen list`: what a page shows, asked for from the command line in somebody's name."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from django.test import Client
from typer.testing import CliRunner, Result

from gangshen.apps.archive.models import LogEntry
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Role, RoleGrant, User
from gangshen.apps.registers.services import importing
from gangshen.cli import lists
from gangshen.web.errors import Refused
from gangshen.web.listing import ListingError
from invented import code

pytestmark = pytest.mark.django_db
FILTERED = ["--where", "status=存续", "--where", "revenue.min=1000"]
app = typer.Typer()
app.command()(lists.rows_of)
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def zone(tmp_path: Path, settings: Any) -> None:
    settings.HOME = str(tmp_path / "home")
    identity.set_zone(key="z", name="测试区", demo_today=NOW.date())
    for name, role in (("operator", Role.OPERATOR), ("firm", Role.ENTERPRISE)):
        RoleGrant.objects.create(user=User.objects.create(username=name), role=role, granted_at=NOW)
    lines = ["统一社会信用代码,企业名称,登记状态,营业收入（万元）"]
    lines += [
        f"{code(at)},上海测试{at}号机器人有限公司,{'存续' if at % 4 else '注销'},{at * 500}" for at in range(1, 13)
    ]
    importing.import_file(
        "\n".join(lines).encode(), "f.csv", kind="enterprises", actor=None, now=NOW, period="2025", inline=True
    )


def said(*words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--as", "operator"], catch_exceptions=False)


def test_the_rows_are_those_of_the_api(client: Client) -> None:
    told = json.loads(said("enterprises", *FILTERED, "--sort", "-revenue", "--size", "5", "--json").stdout)
    client.force_login(User.objects.get(username="operator"), backend="django.contrib.auth.backends.ModelBackend")
    query = {"status": "存续", "revenue.min": "1000", "sort": "-revenue", "size": "5"}
    assert told == client.get("/api/lists/enterprises", query).json()
    assert told["total"] > len(told["items"]) == 5
    shown = said("enterprises", *FILTERED, "--sort", "-revenue", "--size", "5")
    assert [one["name"] in shown.stdout for one in told["items"]] == [True] * 5
    assert f"1-5 of {told['total']}" in shown.stderr


def test_every_row_that_fits_goes_into_a_file_and_into_the_trail(tmp_path: Path) -> None:
    total = json.loads(said("enterprises", *FILTERED, "--json").stdout)["total"]
    for name in ("firms.csv", "firms.xlsx"):
        assert f"{total} rows" in said("enterprises", *FILTERED, "--out", str(tmp_path / name)).stderr
    lines = list(csv.reader(io.StringIO((tmp_path / "firms.csv").read_text("utf-8-sig"))))
    sheet: Any = openpyxl.load_workbook(tmp_path / "firms.xlsx").worksheets[0]
    assert len(lines) == total + 1
    assert lines[1][0] in [row[0] for row in sheet.iter_rows(values_only=True)]
    assert not list(tmp_path.glob("*.part"))
    exports = LogEntry.objects.filter(event="export").order_by("-pk")[:2]
    assert [str(one.actor) for one in exports] == ["operator", "operator"]


def test_what_is_open_and_how_it_is_filtered_is_told() -> None:
    told = {one["key"]: one for one in json.loads(said("--json").stdout)}
    assert "revenue.min/.max (万元)" in told["enterprises"]["filters"]
    assert "enterprises" in said().stdout
    firm = CliRunner().invoke(app, ["--as", "firm", "--json"], catch_exceptions=False)
    assert {one["key"] for one in json.loads(firm.stdout)} < set(told)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["enterprises", "--where", "section=无此门类"], "无此门类"),
        (["enterprises", "--where", "nothing=1"], "nothing"),
        (["enterprises", "--where", "status"], "NAME=VALUE"),
        (["enterprises", "--sort", "nothing"], "nothing"),
        (["enterprises", "--out", "firms.pdf"], "xlsx"),
        (["nothing"], "no list nothing"),
    ],
)
def test_a_wrong_question_is_refused_in_words(words: list[str], fault: str) -> None:
    with pytest.raises((Refused, ListingError), match=fault):
        said(*words)


def test_nobody_in_particular_is_shown_nothing() -> None:
    with pytest.raises(Refused, match="--as"):
        CliRunner().invoke(app, ["enterprises"], catch_exceptions=False)
