"""What the command line and the API do about tasks, in somebody's name and with that person's rights."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from plans_world import logged_in
from typer.testing import CliRunner

from gangshen.apps.cases.models import Case
from gangshen.apps.indicators import services as indicators
from gangshen.apps.plans.commands import app
from gangshen.apps.plans.models import Report
from gangshen.cli import _in_words
from gangshen.web.errors import Refused


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def test_a_unit_reports_with_a_figure_and_a_proof(world: SimpleNamespace, tmp_path: Path) -> None:
    proof = tmp_path / "清单.txt"
    proof.write_text("proof", encoding="utf-8")
    figure = ["--figure", f"{world.target.key}=3500", "--at", "2026-04-10"]
    said = run("report", world.task.key, "清单已印发。", "--as", "clerk", *figure, "--file", str(proof))
    made = Report.objects.get()
    assert said.startswith(f"report:{world.task.key}@") and made.unit == world.town
    assert made.file is not None and made.file.name == "清单.txt"
    latest = indicators.latest(world.series)
    assert latest is not None and (latest.value, latest.at) == (3500, dt.date(2026, 4, 10))


def test_a_figure_that_jumps_is_asked_about_and_leaves_nothing(world: SimpleNamespace) -> None:
    words = ["report", world.task.key, "已完成。", "--as", "clerk", "--figure", f"{world.target.key}=99000000"]
    with pytest.raises(Refused, match="times the last figure"):
        run(*words)
    assert not Report.objects.exists()
    run(*words, "--confirm")
    assert Report.objects.count() == 1


@pytest.mark.parametrize("figure", ["nothing", "=5", "x=five", "x=NaN", "x=1"])
def test_a_figure_that_can_not_be_read_is_refused(world: SimpleNamespace, figure: str) -> None:
    with pytest.raises(Refused):
        run("report", world.task.key, "已完成。", "--as", "clerk", "--figure", figure)
    assert not Report.objects.exists()


def test_the_office_answers_extends_and_closes(world: SimpleNamespace) -> None:
    key = world.task.key
    run("follow-up", key, "请报进度。", "--as", "operator")
    assert Case.objects.get(type="follow_up").instruction == "请报进度。"
    run("report", key, "做了一半。", "--as", "clerk")
    assert run("return", key, "没有附件。", "--as", "operator").endswith("returned")
    run("report", key, "已补附件。", "--as", "clerk")
    run("accept", key, "--as", "operator")
    assert run("extend", key, "2026-05-30", "等名单印发。", "--as", "operator").endswith("due 2026-05-30")
    run("report", key, "全部完成。", "--as", "clerk")
    run("close", key, "名单已公布。", "--as", "operator")
    world.task.refresh_from_db()
    assert world.task.state == "closed"


def test_rights_of_the_person_hold(world: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="sees no task"):
        run("report", world.task.key, "x", "--as", "firm")
    with pytest.raises(PermissionDenied) as told:
        run("close", world.task.key, "x", "--as", "clerk")
    assert "--as" in (_in_words(told.value) or "")
    with pytest.raises(Refused, match="no user nobody"):
        run("accept", world.task.key, "--as", "nobody")
    world.operator.is_active = False
    world.operator.save()
    with pytest.raises(Refused, match="is disabled"):
        run("follow-up", world.task.key, "x", "--as", "operator")


def post(user: Any, path: str, **body: Any) -> Any:
    return logged_in(user).post(f"/api/plans/{path}", body, content_type="application/json")


def test_the_api_moves_a_task_as_the_page_does(world: SimpleNamespace) -> None:
    task = f"tasks/{world.task.key}"
    assert post(world.operator, f"{task}/follow_up", text="请报进度。").json()["case"] == Case.objects.get().pk
    assert post(world.clerk, f"{task}/reports", text="已完成。").status_code == 201
    assert post(world.clerk, f"{task}/close", text="自己销号").status_code == 403
    assert post(world.firm, f"{task}/close", text="x").status_code == 404
    assert post(world.operator, f"{task}/accept").json()["state"] == "open"
    assert post(world.operator, f"{task}/extend", text="等名单").status_code == 409
    moved = post(world.operator, f"{task}/extend", text="等名单", due="2026-06-01").json()
    assert moved["due"] == "2026-06-01" and moved["units"] == ["马镇", "经委"]
    assert post(world.operator, f"{task}/close", text="名单已公布").json()["state"] == "closed"


def test_an_instruction_comes_by_the_api_too(world: SimpleNamespace) -> None:
    made = post(world.leader, "work-2026/instructions", text="抓紧。", unit="town", about=f"task:{world.task.key}")
    assert made.status_code == 201
    assert Case.objects.get(pk=made.json()["case"]).about == f"task:{world.task.key}"
    assert post(world.clerk, "work-2026/instructions", text="抓紧。", unit="town").status_code in (403, 404)
