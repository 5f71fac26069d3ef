"""plans/*.yaml: out and in again byte for byte, and refusals that name the place; the commands over the same data."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
from plans_world import NOW, target, task

from gangshen.apps.identity.models import Organisation
from gangshen.apps.plans import commands, portable, services
from gangshen.apps.plans.models import Plan, Report, Target, Task
from gangshen.engines.formats import FormatError
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(world):
    task(world.draft, "1", None, promised_list="清单", done_when="公布", part="safeguard", section="保障")
    task(world.plan, "2", dt.date(2026, 12, 1), world.bureau)
    target(
        world.draft,
        world.series,
        "g2",
        0.25,
        high=Decimal("0.5"),
        comparator="range",
        denominator="全市",
        note="口径另定",
    )
    made = services.report(
        world.task,
        "清单已编制。",
        actor=world.clerk,
        now=NOW,
        figures={world.target.key: (Decimal("2700.5"), NOW.date())},
    )
    services.return_report(made, "缺附件", actor=world.operator, now=NOW)
    services.extend(world.task, dt.date(2026, 5, 29), "市里推迟", actor=world.operator, now=NOW + dt.timedelta(hours=1))
    return world


def out(folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    portable.dump(folder)
    return {path.name: path.read_bytes() for path in sorted((folder / "plans").iterdir())}


def test_out_in_and_out_again_is_the_same(full, tmp_path: Path) -> None:
    first = out(tmp_path / "a")
    assert set(first) == {"work-2026.yaml", "draft.yaml"}
    before = list(
        Report.objects.order_by("pk").values_list("kind", "text", "state", "reply", "figures", "at", "unit__key")
    )
    assert portable.load(tmp_path / "a", now=NOW) == 2
    assert Report.objects.count() == 2  # over what is there nothing is doubled
    assert out(tmp_path / "b") == first
    for model in (Report, Task, Target):
        model.objects.all().delete()
    Plan.objects.all().delete()
    portable.load(tmp_path / "a", now=NOW)
    assert out(tmp_path / "c") == first
    assert (
        list(Report.objects.order_by("pk").values_list("kind", "text", "state", "reply", "figures", "at", "unit__key"))
        == before
    )


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("unit: bureau", "unit: moon", "moon"),
        ("unit: town\n        state", "unit: mars\n        state", "mars"),
        ("series: output", "series: nothing", "nothing"),
        ("low: 12000", "low: many", "low"),
        ("number: '1'", "numbr: '1'", "numbr"),
    ],
)
def test_what_the_zone_does_not_know_is_refused_and_nothing_is_loaded(
    full, tmp_path: Path, old: str, new: str, place: str
) -> None:
    out(tmp_path / "a")
    path = tmp_path / "a/plans/work-2026.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1).replace("2026年工作要点", "改名"), encoding="utf-8")
    with pytest.raises(FormatError, match=rf"(?s)work-2026.yaml.*{place}"):
        portable.load(tmp_path / "a", now=NOW)
    assert not Plan.objects.filter(title="改名").exists()


def test_a_printed_unit_without_a_key_is_looked_up(world, tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/p.yaml").write_text(
        "key: p\ntitle: {zh: 计划}\ntasks:\n  - {key: p-1, number: '1', title: 建清单, units: [{printed: 马镇}, {printed: 无名}]}\n",
        encoding="utf-8",
    )
    portable.load(tmp_path, now=NOW)
    named = dict(Task.objects.get(key="p-1").assignments.values_list("printed", "unit__key"))
    assert named == {"马镇": "town", "无名": None}
    assert Organisation.objects.count() == 2


@pytest.fixture
def booted(monkeypatch):
    monkeypatch.setattr("gangshen.web.boot.boot", lambda: None)


def test_the_status_for_people_and_machines(full, booted, capsys) -> None:
    commands.status(plan=None, as_json=True)
    rows = {row["plan"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["draft"]["draft"] is True
    assert [(one["number"], one["light"], one["reason"], one["workdays"]) for one in rows["work-2026"]["tasks"]] == [
        ("1", "ok", "on_time", 30),
        ("2", "ok", "on_time", 157),
    ]
    (goal,) = rows["work-2026"]["targets"]
    assert (goal["status"], goal["latest"], goal["at"], goal["value"]) == ("behind", 2700.5, "2026-04-15", 12000.0)
    assert (goal["share"], goal["reasons"][0]) == (round(2700.5 / 12000, 6), "behind_path")
    assert rows["draft"]["targets"][0]["value"] == [0.25, 0.5]
    commands.status(plan="work-2026", as_json=False)
    said = capsys.readouterr().out
    assert "第1项任务" in said and "behind" in said and "草案" not in said
    with pytest.raises(Refused, match="no plan nothing"):
        commands.status(plan="nothing", as_json=False)


def test_lists_of_plans_and_tasks(full, booted, capsys) -> None:
    commands.list_()
    assert "work-2026" in capsys.readouterr().out
    commands.tasks(plan="work-2026", unit="", late=False, as_json=False)
    said = capsys.readouterr().out
    assert "work-2026-t1" in said and "draft-t1" not in said
    commands.tasks(plan=None, unit="经委", late=False, as_json=True)
    assert [one["task"] for one in json.loads(capsys.readouterr().out)] == ["work-2026-t1", "work-2026-t2"]
    Task.objects.filter(key="work-2026-t2").update(due=dt.date(2026, 4, 1))
    commands.tasks(plan=None, unit="", late=True, as_json=True)
    assert [one["task"] for one in json.loads(capsys.readouterr().out)] == ["work-2026-t2"]
