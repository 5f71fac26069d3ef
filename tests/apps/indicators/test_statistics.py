"""Statistics over the register: golden figures, who sees what, results kept once, files, pages, API, command."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from counted_world import DAY, NOW, define, make_world, tell
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import translation
from typer.testing import CliRunner

from gangshen.apps.indicators import commands, portable, services
from gangshen.apps.indicators.models import Observation, Result, Series, Statistic
from gangshen.engines.formats import FormatError
from gangshen.engines.statistics import Statistic as Definition
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
KEPT = sum(10 + at for at in range(20) if at != 18)  # yuan of 2025: all but f18 and f20


@pytest.fixture(autouse=True)
def world(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.HOME = tmp_path
    with translation.override("en"):
        yield make_world()


def entered(world: SimpleNamespace, role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.users[role])
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_golden_figures(world: SimpleNamespace) -> None:
    made = services.report(world.rows.rd, DAY)
    assert (made["value"], made["unit"], made["firms"], made["unknown"], made["period"]) == (KEPT, "元", 19, 2, "2025")
    towns = {line["classes"][0]: (line["value"], line["unknown"]) for line in made["tables"][0]["cells"]}
    assert towns == {"甲镇": (186, 0), "乙镇": (147, 0), "丙镇": (29, 1), "Unknown": (None, 1)}
    grown = made["growth"]
    assert grown["comparable_firms"] == 15
    assert grown["comparable_scope"] == pytest.approx(100 * (sum(10 + at for at in range(15)) / 150 - 1))
    assert grown["published_scope"] == pytest.approx(100 * (KEPT / 150 - 1))
    assert (grown["base_year"], grown["average"]) == (2024, pytest.approx(100 * (KEPT / 150 - 1)))


def test_who_may_read_every_value_sees_small_cells_and_firms(world: SimpleNamespace) -> None:
    operator = entered(world, "operator")
    body = page(operator, "/indicators/statistics/rd/")
    assert "362" in body and "unknown <b>2</b> of 21 firms" in body and "29" in body
    panel = page(operator, "/indicators/statistics/rd/firms/?by=town&class=丙镇")
    assert (
        "示例18公司" in panel
        and "示例19公司" in panel
        and "rec:" in panel
        and "2026-04-01" in panel
        and "29 CNY" in panel
    )


def test_others_see_the_published_result_only(world: SimpleNamespace) -> None:
    leader = entered(world, "leader")
    assert "No result has been published yet" in page(leader, "/indicators/statistics/rd/")
    services.keep(world.rows.rd, DAY, actor=None, now=NOW)
    body = page(leader, "/indicators/statistics/rd/")
    assert "362" in body and ">29<" not in body and body.count("…") >= 6
    assert leader.get("/indicators/statistics/rd/firms/?by=town&class=丙镇").status_code == 403
    assert "table-2" not in page(leader, "/indicators/statistics/rd/?by=founded")
    cells = leader.get("/api/statistics/rd").json()["tables"][0]["cells"]
    hidden = [line for line in cells if line["hidden"]]
    assert len(hidden) >= 2 and all(line["value"] is line["firms"] is line["unknown"] is None for line in hidden)
    assert leader.post("/indicators/statistics/rd/keep/").status_code == 403
    book = openpyxl.load_workbook(io.BytesIO(leader.get("/indicators/statistics/rd.xlsx").content))
    assert "Firms" not in book.sheetnames
    assert 29 not in [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]


def test_the_order_of_hidden_cells_tells_nothing(world: SimpleNamespace) -> None:
    made, _new = services.keep(world.rows.rd, DAY, actor=None, now=NOW)
    lines = services.published_lines(made)[0]["lines"]
    hidden = [line["key"] for line in lines if line["hidden"]]
    assert hidden == sorted(hidden) and [line["hidden"] for line in lines] == sorted(line["hidden"] for line in lines)


def test_statistics_only_data_are_for_statistics_roles(world: SimpleNamespace) -> None:
    clerk, operator = entered(world, "statistics_clerk"), entered(world, "operator")
    assert "<b>" in page(clerk, "/indicators/statistics/above/") and ">7" in page(
        clerk, "/indicators/statistics/above/"
    )
    assert operator.get("/indicators/statistics/above/").status_code == 404
    assert "above" not in [line["key"] for line in operator.get("/api/statistics").json()["items"]]
    services.keep(world.rows.above, DAY, actor=None, now=NOW)
    assert not Series.objects.filter(key="count-above").exists()
    define("above", scope=services.definition_of(world.rows.above).scope, by=["town"], public=True)
    assert "No result has been published yet" not in page(operator, "/indicators/statistics/above/")
    assert operator.get("/indicators/statistics/above/firms/").status_code == 403


def test_a_private_view_is_its_owners(world: SimpleNamespace) -> None:
    operator = entered(world, "operator")
    form = {"name": "我的", "name_en": "Mine", "measure": "count", "by": "town park", "note": "n"}
    line = {"scope-0-attribute": "registered_division", "scope-0-operator": "in", "scope-0-value": "甲镇、乙镇"}
    assert operator.post("/indicators/statistics/new/", form | line).status_code == 302
    made = Statistic.objects.get(key="mine")
    assert made.owner == world.users["operator"] and not made.shared
    assert "18" in page(operator, "/indicators/statistics/mine/")
    assert entered(world, "statistics_clerk").get("/indicators/statistics/mine/").status_code == 404
    again = page(operator, "/indicators/statistics/mine/edit/")
    assert "甲镇、乙镇" in again
    assert operator.post("/indicators/statistics/mine/edit/", form | line | {"shared": "on"}).status_code == 302
    assert entered(world, "statistics_clerk").get("/indicators/statistics/mine/").status_code == 200
    with pytest.raises(Refused, match="belongs to"):
        services.save(services.definition_of(made), actor=world.users["statistics_clerk"], now=NOW)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"measure": "sum"}, "attribute"),
        ({"by": "colour"}, "colour"),
        ({"scope-0-attribute": "revenue", "scope-0-operator": "ge", "scope-0-value": "many"}, "does not fit"),
        ({"scope-0-value": "1"}, "Choose the attribute"),
        ({"published": "nowhere"}, "no series"),
    ],
)
def test_a_form_with_a_fault_names_it_and_keeps_nothing(
    world: SimpleNamespace, given: dict[str, str], words: str
) -> None:
    form = {"name": "x", "name_en": "x", "measure": "count"} | given
    answer = entered(world, "operator").post("/indicators/statistics/new/", form)
    assert answer.status_code == 200 and words in answer.content.decode()
    assert not Statistic.objects.filter(key="x").exists()


def test_the_same_figures_again_add_no_vintage(world: SimpleNamespace) -> None:
    first, new = services.keep(world.rows.rd, DAY, actor=world.users["statistics_clerk"], now=NOW)
    again, renewed = services.keep(world.rows.rd, DAY, actor=None, now=NOW + dt.timedelta(hours=1))
    assert new and not renewed and first == again
    held = Observation.objects.get(series__key="count-rd")
    assert (held.at, held.value) == (dt.date(2025, 12, 31), Decimal(KEPT))
    assert "19" in held.citation and "2" in held.citation
    tell([{"subject": "f18", "values": {"rd_expense": 5000}, "as_of": dt.date(2026, 5, 1), "period": "2025"}])
    with pytest.raises(Refused, match="needs its reason"):
        services.keep(world.rows.rd, DAY, actor=None, now=NOW)
    made, new = services.keep(world.rows.rd, DAY, actor=None, now=NOW, note="late report")
    assert new and made.value == 100 * (KEPT + 50)
    assert [float(one.value) for one in services.vintages("count-rd", held.at)] == [KEPT, KEPT + 50]
    compared = page(entered(world, "operator"), "/indicators/statistics/rd/compare/")
    assert "412" in compared and "362" in compared and ">50<" in compared


def test_a_sum_changed_by_one_firm_hides_its_town_from_then_on(world: SimpleNamespace) -> None:
    early = DAY - dt.timedelta(days=30)
    one, _new = services.keep(world.rows.rd, early, actor=None, now=NOW)
    tell([{"subject": "f00", "values": {"rd_expense": 9900}, "as_of": DAY - dt.timedelta(days=1), "period": "2025"}])
    two, _new = services.keep(world.rows.rd, DAY, actor=None, now=NOW, note="revised")
    hidden = [{tuple(cell["key"]) for cell in result.tables[0]["cells"] if cell["hidden"]} for result in (one, two)]
    assert ("甲镇",) in hidden[1]


def test_without_the_right_nothing_is_kept(world: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        services.keep(world.rows.rd, DAY, actor=world.users["leader"], now=NOW)
    with pytest.raises(Refused, match="future"):
        services.keep(world.rows.rd, DAY + dt.timedelta(days=9), actor=None, now=NOW)
    empty = define("exports", measure="sum", attribute="exports", period="last_year")
    with pytest.raises(Refused, match="no data"):
        services.keep(empty, DAY, actor=None, now=NOW)
    assert "The scope has no data" in page(entered(world, "operator"), "/indicators/statistics/exports/")
    assert not Result.objects.exists()


def test_the_published_figure_stands_beside_with_its_scope(world: SimpleNamespace) -> None:
    body = page(entered(world, "operator"), "/indicators/statistics/firms/")
    assert "21" in body and "150" in body and "另一口径" in body and "obs:press@2025-10-31" in body


def test_the_public_page_has_safe_totals_and_names_no_firm(world: SimpleNamespace) -> None:
    visitor = Client(headers={"accept-language": "en"})
    services.keep(world.rows.firms, DAY, actor=None, now=NOW)
    services.keep(world.rows.rd, DAY, actor=None, now=NOW)  # not public
    for path in ("/public/", "/public/data.csv", "/indicators/statistics/open.csv"):
        body = page(visitor, path)
        assert "示例" not in body and "362" not in body
        assert "21" in body
    lines = list(csv.reader(io.StringIO(page(visitor, "/indicators/statistics/open.csv").lstrip("\ufeff"))))
    cells = {line[4]: line[5] for line in lines[1:]}
    assert cells["甲镇"] == "12" or cells["甲镇"] == "…"
    assert cells["丙镇"] == cells["乙镇"] == "…"  # fewer than ten


def test_the_files_go_out_and_come_in_the_same(world: SimpleNamespace, tmp_path: Path) -> None:
    services.keep(world.rows.rd, DAY, actor=None, now=NOW, note="first")
    services.keep(world.rows.above, DAY, actor=None, now=NOW)
    out, again = tmp_path / "out", tmp_path / "again"
    out.mkdir(), again.mkdir()
    portable.dump(out)
    Result.objects.all()._raw_delete("default")
    Statistic.objects.all()._raw_delete("default")
    loaded = portable.load(out, now=NOW).loaded
    assert (loaded["statistics"], loaded["results"]) == (3, 2)
    assert "results" not in portable.load(out, now=NOW).loaded
    portable.dump(again)
    files = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert files == {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()}
    assert Path("indicators/statistics/rd.yaml") in files
    assert Statistic.objects.get(key="rd").series == Series.objects.get(key="count-rd")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("key: other\nname: {zh: 甲}\n", "one.yaml:1:key"),
        ("key: one\nname: {zh: 甲}\nmeasure: mean\n", "one.yaml:3:measure"),
        ("key: one\nname: {zh: 甲}\nby: [colour]\n", "colour"),
        ("key: one\nname: {zh: 甲}\nowner: nobody\n", "nobody"),
    ],
)
def test_faults_of_a_file_are_named(tmp_path: Path, text: str, place: str) -> None:
    folder = tmp_path / "z" / "indicators" / "statistics"
    folder.mkdir(parents=True)
    (folder / "one.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=place):
        portable.load(tmp_path / "z", now=NOW)
    assert not Statistic.objects.filter(key="one").exists()


def test_a_result_that_cannot_be_read_is_named_by_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "z" / "indicators").mkdir(parents=True)
    (tmp_path / "z" / "indicators/results.csv").write_text("statistic,as_of,n\nrd,yesterday,3\n", encoding="utf-8")
    with pytest.raises(FormatError, match=r"results.csv:2:as_of"):
        portable.load(tmp_path / "z", now=NOW)


def test_the_command_counts_keeps_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = CliRunner().invoke
    shown = json.loads(run(commands.app, ["count", "rd", "--by", "town", "--json"]).stdout)
    assert shown["value"] == KEPT and [table["by"] for table in shown["tables"]] == [["town"]]
    book = tmp_path / "rd.xlsx"
    done = run(commands.app, ["count", "rd", "--published", "--keep", "--xlsx", str(book)])
    assert done.exit_code == 0 and "29" not in [line.split()[-1] for line in done.stdout.splitlines()]
    assert openpyxl.load_workbook(book).sheetnames[1] == "town"
    kept = json.loads(run(commands.app, ["statistics", "--json"]).stdout)
    assert {line["key"]: line["value"] for line in kept}["rd"] == KEPT
    assert isinstance(run(commands.app, ["count", "rd", "--by", "colour"]).exception, Refused)
    assert isinstance(run(commands.app, ["count", "nothing"]).exception, Refused)
    assert isinstance(run(commands.app, ["count", "rd", "--by", "founded", "--published"]).exception, Refused)


def test_pages_and_files_open_for_each_role(world: SimpleNamespace) -> None:
    services.keep(world.rows.firms, DAY, actor=None, now=NOW)
    for role in world.users:
        client = entered(world, role)
        assert "firms" in page(client, "/indicators/statistics/")
        page(client, "/indicators/statistics/firms/compare/")
        export = 403 if role == "account_manager" else 200
        assert client.get("/indicators/statistics/firms.xlsx").status_code == export
        assert client.get("/indicators/statistics/firms.docx").status_code == export
    clerk = entered(world, "statistics_clerk")
    kept = clerk.post("/api/statistics/rd", json.dumps({}), content_type="application/json").json()
    assert kept == {"new": True, "as_of": str(DAY), "series": "count-rd"}
    assert "Split by" in page(clerk, "/indicators/statistics/firms/?by=founded&as_of=2026-10-01")


def test_monthly_flows_are_shown_cumulated(world: SimpleNamespace) -> None:
    services.upsert_series([{"key": "m", "name": "月产值", "unit": "亿元", "period": "month", "nature": "flow"}])
    for month, value in ((1, 2), (2, 3), (3, 4)):
        end = dt.date(2026, month + 1, 1) - dt.timedelta(days=1)
        services.observe("m", end, value, citation="《快报》", now=NOW, actor=None)
    body = page(entered(world, "operator"), "/indicators/m/")
    assert "2026 1–2" in body and "2026 1–3" in body and "2026 1–1" not in body and ">9<" in body


def test_a_definition_that_is_kept_is_the_file(world: SimpleNamespace) -> None:
    held = services.definition_of(world.rows.rd)
    assert isinstance(held, Definition) and held.base_year == 2024
