"""The pages of plans: what they say first, who sees what, and every form."""

from __future__ import annotations

import datetime as dt
import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from plans_world import NOW, TODAY, logged_in, target, task

from gangshen.apps.archive.models import File
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.models import User
from gangshen.apps.indicators.models import Observation
from gangshen.apps.plans import services
from gangshen.apps.plans.models import Plan, Report

pytestmark = pytest.mark.django_db
PANEL = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "panel"}
PAGES = (
    "/plans/",
    "/plans/work-2026/",
    "/plans/draft/",
    "/plans/tasks/",
    "/plans/targets/",
    "/plans/tasks/work-2026-t1/",
    "/plans/targets/work-2026-g1/",
)
TASK = "/plans/tasks/work-2026-t1/"


def body(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def full(world):
    """Every kind of row a page can meet."""
    task(world.plan, "2", None)
    task(world.plan, "3", dt.date(2026, 12, 1), world.town, state="closed", promised_list="场景清单")
    task(world.draft, "1", dt.date(2026, 4, 1), world.town)
    target(world.plan, None, "g2", 30, world.town, unit="家")
    target(world.draft, world.series, "g3", 10, high=20, comparator="range", denominator="全市")
    services.report(world.task, "清单已编制。", actor=world.clerk, now=NOW)
    services.instruct(world.plan, "盯住第1项", unit=world.town, due=None, actor=world.leader, now=NOW)
    return world


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("url", PAGES)
def test_pages_render_in_both_languages_for_all_who_see_plans(full, url: str, language: str) -> None:
    User.objects.update(language=language)
    for user in (full.operator, full.leader):
        user.refresh_from_db()
        page = body(logged_in(user).get(url))
        assert f'lang="{language[:2]}' in page
        assert ("Tasks" in page) == (language == "en") or url not in PAGES[:4]
    assert Client().get(url).status_code == 302
    assert logged_in(full.firm).get(url).status_code in (403, 404)


def test_the_list_of_plans_counts_what_is_late_and_leaves_drafts_out(world) -> None:
    task(world.draft, "1", dt.date(2026, 4, 1), world.town)
    page = body(logged_in(world.operator).get("/plans/"))
    assert "<b>1</b> task is overdue," in page
    assert "<b>1</b> target is below pace." in page


def test_without_a_plan_the_way_to_one_is_shown(world) -> None:
    Plan.objects.exclude(pk=world.plan.pk).delete()
    world.task.delete()
    world.target.delete()
    world.plan.delete()
    assert "A plan comes from a document" in body(logged_in(world.operator).get("/plans/"))


def test_a_plan_says_first_how_many_are_late_and_the_board_can_be_narrowed(full) -> None:
    late = task(full.plan, "9", dt.date(2026, 4, 1), full.bureau)
    client = logged_in(full.operator)
    page = body(client.get("/plans/work-2026/"))
    assert '<a class="fig" href="?light=bad#board">1</a> are overdue' in page
    assert "盯住第1项" in page
    assert "清单" in page
    only = body(client.get("/plans/work-2026/?light=bad"))
    assert late.title in only
    assert full.task.title not in only.split('id="board"')[1].split("</section>")[0]
    assert "No task here" in body(client.get("/plans/work-2026/?unit=无"))


def test_queries_do_not_grow_with_the_rows(world, django_assert_max_num_queries) -> None:
    for number in range(2, 30):
        one = task(world.plan, str(number), dt.date(2026, 5, number), world.town, world.bureau)
        target(world.plan, world.series, f"x{number}", number * 1000, world.town)
        Report.objects.create(task=one, text="x", actor=world.clerk, at=NOW)
    client, unit = logged_in(world.operator), logged_in(world.clerk)
    for asker, url in (
        (client, "/plans/"),
        (client, "/plans/work-2026/"),
        (client, "/plans/tasks/"),
        (client, "/plans/targets/"),
        (client, TASK),
        (client, "/plans/targets/work-2026-g1/"),
        (unit, "/plans/mine/"),
        (unit, TASK),
        (client, "/api/plans/status"),
    ):
        asker.get(url)
        with django_assert_max_num_queries(36):
            assert asker.get(url).status_code == 200


def test_a_unit_sees_its_own_and_nothing_else(full) -> None:
    theirs = task(full.plan, "8", TODAY, full.bureau)
    unit = logged_in(full.clerk)
    page = body(unit.get("/plans/mine/"))
    assert "signed up for <b>1</b> open tasks; <b>0</b> are overdue" in page
    assert "In drafts for comment" in page
    assert theirs.title not in page
    assert theirs.title not in body(unit.get("/plans/work-2026/"))
    assert unit.get(f"/plans/tasks/{theirs.key}/").status_code == 404
    assert unit.get("/plans/targets/draft-g3/").status_code == 404
    panel = body(unit.get(TASK, **PANEL))
    assert "<html" not in panel
    assert 'action="/plans/tasks/work-2026-t1/report/"' in panel
    assert "follow-up/" not in panel and "close/" not in panel and "extend/" not in panel
    assert "Report</button>" not in body(unit.get("/plans/tasks/draft-t1/", **PANEL))


def test_the_office_presses_returns_takes_note_and_closes(world) -> None:
    office, unit = logged_in(world.operator), logged_in(world.clerk)
    response = office.post(f"{TASK}follow-up/", {"instruction": "请报进展"}, **PANEL)
    assert json.loads(response["HX-Trigger"])["toast"]["state"] == "ok"
    assert Case.objects.get(type="follow_up").unit == world.town
    assert office.post(f"{TASK}return/", {"reason": "x"}).status_code == 409
    proof = SimpleUploadedFile("清单.txt", b"a list", "text/plain")
    assert unit.post(f"{TASK}report/", {"text": "清单已编制。", "file": proof}).status_code == 302
    assert "清单.txt" in body(office.get(TASK))
    office.post(f"{TASK}return/", {"reason": "缺附件"})
    assert "缺附件" in body(unit.get(TASK))
    assert "<b>1</b> reports came back" in body(unit.get("/plans/mine/"))
    unit.post(f"{TASK}report/", {"text": "补齐。"})
    office.post(f"{TASK}accept/")
    world.task.refresh_from_db()
    assert world.task.state == "open"
    unit.post(f"{TASK}report/", {"text": "全部完成。"})
    assert office.post(f"{TASK}close/", {"receipt": ""}).status_code == 409
    assert office.post(f"{TASK}close/", {"receipt": "第3号清单"}).status_code == 302
    page = body(office.get(TASK))
    assert "Closed out" in page and "第3号清单" in page and "<form" not in page.split('id="panel-here"')[1]


@pytest.mark.parametrize("verb", ["follow-up", "return", "accept", "assign", "close", "extend"])
def test_only_the_office_decides(world, verb: str) -> None:
    sent = {"instruction": "x", "reason": "x", "receipt": "x", "due": "2026-12-01", "unit": "bureau"}
    services.report(world.task, "清单已编制。", actor=world.clerk, now=NOW)
    for user in (world.clerk, world.leader):
        assert logged_in(user).post(f"{TASK}{verb}/", sent).status_code == 403
    assert logged_in(world.firm).post(f"{TASK}{verb}/", sent).status_code == 404
    assert logged_in(world.operator).get(f"{TASK}{verb}/").status_code == 405


def test_a_leader_reports_nothing(world) -> None:
    assert logged_in(world.leader).post(f"{TASK}report/", {"text": "x"}).status_code == 403


FIGURE = {"text": "产值见右。", "at": "2026-04-15", "figure:work-2026-g1": "26,000,000"}


def test_a_jump_is_asked_about_beside_the_form_as_typed(world) -> None:
    unit = logged_in(world.clerk)
    asked = unit.post(f"{TASK}report/", FIGURE, **PANEL)
    assert (asked["HX-Retarget"], asked["HX-Reswap"]) == ("#question", "innerHTML show:top")
    assert "10000.0 times the last figure 2600" in body(asked)
    assert "<form" not in body(asked) and 'name="confirmed"' in body(asked)
    page = body(unit.post(f"{TASK}report/", FIGURE))
    assert (
        'value="26,000,000"' in page
        and "产值见右。" in page
        and 'name="confirmed"' in page
        and 'value="2026-04-15"' in page
    )
    assert Observation.objects.count() == 3
    unit.post(f"{TASK}report/", FIGURE | {"figure:work-2026-g1": "2,650"})
    unit.post(f"{TASK}report/", FIGURE | {"at": "2026-04-14", "confirmed": "1"})
    assert set(Observation.objects.filter(at__month=4).values_list("value", flat=True)) == {2650, 26000000}


def test_a_question_keeps_no_file(world) -> None:
    proof = SimpleUploadedFile("x.txt", b"proof", "text/plain")
    logged_in(world.clerk).post(f"{TASK}report/", FIGURE | {"file": proof})
    assert not File.objects.filter(name="x.txt").exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"figure:work-2026-g1": "两千"},
        {"figure:work-2026-g1": "NaN"},
        {"figure:work-2026-g1": "1", "at": "soon"},
        {"text": ""},
    ],
)
def test_what_cannot_be_read_is_said(world, typed) -> None:
    assert logged_in(world.clerk).post(f"{TASK}report/", FIGURE | typed).status_code == 409
    assert not Report.objects.exists()


def test_dates_move_by_form(world) -> None:
    office = logged_in(world.operator)
    for sent in ({"due": "", "reason": "x"}, {"due": "soon", "reason": "x"}, {"due": "2026-05-29", "reason": ""}):
        assert office.post(f"{TASK}extend/", sent).status_code == 409
    office.post(f"{TASK}extend/", {"due": "2026-05-29", "reason": "市里推迟"})
    page = body(office.get(TASK))
    assert "2026-05-29" in page and "市里推迟" in page and "Nothing was reported yet" in page


def test_a_task_is_assigned_by_form(world) -> None:
    alone = task(world.plan, "2", None)
    office = logged_in(world.operator)
    url = f"/plans/tasks/{alone.key}/"
    assert "Assign a unit" in body(office.get(url))
    assert office.post(f"{url}assign/", {"unit": "nobody"}).status_code == 404
    office.post(f"{url}assign/", {"unit": "bureau"})
    page = body(office.get(url))
    assert "经委" in page and "Assign a unit" not in page


def test_a_target_page_says_whether_it_will_be_reached(full) -> None:
    leader = logged_in(full.leader)
    page = body(leader.get("/plans/targets/work-2026-g1/"))
    assert "points behind pace" in page
    assert "26 million CNY" in page and "≥ 120 million CNY" in page
    assert "No forecast: it needs five comparable observations." in page
    assert "月报" in page
    assert "Nobody reports this figure" in body(leader.get("/plans/targets/work-2026-g2/"))
    assert "Give the instruction" not in body(leader.get("/plans/targets/draft-g3/"))


def test_instructions_are_given_from_the_plan_and_shown_there(world) -> None:
    leader = logged_in(world.leader)
    url = "/plans/work-2026/instruct/"
    sent = {"words": "汇总缺口", "unit": "town", "due": "", "about": "target:work-2026-g1"}
    assert leader.post(url, sent).status_code == 302
    assert "汇总缺口" in body(leader.get("/plans/work-2026/"))
    assert leader.post(url, sent | {"due": "soon"}).status_code == 409
    assert leader.post(url, sent | {"unit": "nobody"}).status_code == 404
    assert leader.post(url, sent | {"about": "money:1"}).status_code == 409
    assert logged_in(world.clerk).post(url, sent).status_code == 403
    assert Case.objects.count() == 1


def test_brief_slip_and_board_go_out_as_files(full) -> None:
    services.follow_up(full.task, "请报进展", actor=full.operator, now=NOW)
    office = logged_in(full.operator)
    brief = Document(io.BytesIO(office.get("/plans/work-2026/brief.docx").content))
    assert brief.paragraphs[0].text == full.plan.title
    slip = Document(io.BytesIO(office.get(f"{TASK}slip.docx").content))
    cells = [cell.text for row in slip.tables[0].rows for cell in row.cells]
    assert "请报进展" in cells and "马镇、经委" in cells
    sheet = openpyxl.load_workbook(io.BytesIO(office.get("/plans/work-2026/board.xlsx").content)).worksheets[0]
    assert "清单已编制。" in {cell.value for row in sheet.iter_rows() for cell in row}
    assert logged_in(full.clerk).get(f"{TASK}slip.docx").status_code == 403
    assert logged_in(full.firm).get("/plans/work-2026/board.xlsx").status_code == 404


def test_the_lists_are_api_and_excel(full) -> None:
    office = logged_in(full.operator)
    assert office.get("/api/lists/tasks").json()["total"] == 4
    assert office.get("/api/lists/tasks?plan=draft").json()["total"] == 1
    assert office.get("/lists/targets.xlsx").status_code == 200
    assert logged_in(full.clerk).get("/api/lists/targets").json()["total"] == 2


def test_the_api_tells_how_plans_stand_and_takes_reports(full) -> None:
    unit = logged_in(full.clerk)
    send = {"content_type": "application/json"}
    (one,) = logged_in(full.operator).get("/api/plans/status?plan=work-2026").json()
    assert [row["light"] for row in one["tasks"]] == ["near", "unk", "ok"]
    assert [row["status"] for row in one["targets"]] == ["behind", "unknown"]
    mine = unit.get("/api/plans/status").json()
    assert [len(row["tasks"]) for row in mine] == [1, 2]
    url = "/api/plans/tasks/work-2026-t1/reports"
    figure = {"target": "work-2026-g1", "value": 26000000, "at": "2026-04-15"}
    asked = unit.post(url, {"text": "x", "figures": [figure]}, **send)
    assert asked.status_code == 409 and "万元 or 元?" in asked.json()["message"]
    assert unit.post(url, {"text": "x", "figures": [figure], "confirmed": True}, **send).status_code == 201
    assert logged_in(full.leader).post(url, {"text": "x"}, **send).status_code == 403
    assert logged_in(full.other).post("/api/plans/tasks/work-2026-t3/reports", {"text": "x"}, **send).status_code == 404


def test_tasks_targets_plans_and_reports_open_as_evidence_for_those_who_see_them(full) -> None:
    said = services.report_ref(full.task.reports.get())
    for ref, words in (
        ("task:work-2026-t1", "编制并公布清单。"),
        ("target:work-2026-g1", "工业产值"),
        ("plan:work-2026", full.plan.title),
        (said, "清单已编制。"),
    ):
        assert words in body(logged_in(full.operator).get("/evidence/", {"ref": ref}))
        assert logged_in(full.firm).get("/evidence/", {"ref": ref}).status_code == 404
    for wrong in (
        "report:work-2026-t1",
        "report:work-2026-t1@soon",
        "report:work-2026-t1@2026-04-15T01:00:00",
        "task:no",
        "target:no",
        "plan:no",
    ):
        assert logged_in(full.operator).get("/evidence/", {"ref": wrong}).status_code == 404
    alone = task(full.plan, "8", TODAY, full.bureau)
    assert logged_in(full.clerk).get("/evidence/", {"ref": f"task:{alone.key}"}).status_code == 404
