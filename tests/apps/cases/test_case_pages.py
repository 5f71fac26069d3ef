"""My work, one case, its moves: as page, panel, Excel and API; only for those it is open to."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gangshen.apps.cases import services
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.models import Zone

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
PANEL = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "panel"}


@pytest.fixture(autouse=True)
def zone(db, settings, tmp_path) -> Zone:
    settings.HOME = tmp_path
    return Zone.objects.create(key="z", name="示例园区", demo_today=dt.date(2026, 4, 20))


@pytest.fixture
def late(people) -> Case:
    how = {"title": "清单未公布", "about": "task:1", "unit": people.town, "actor": people.operator, "now": NOW}
    return services.open_case("pressed", "task:1/late", **how)


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_my_work_says_first_what_is_overdue(people, late) -> None:
    body = logged_in(people.clerk).get("/cases/").content.decode()
    assert '<a class="fig" href="/cases/?due.max=2026-04-19">1</a> overdue' in body
    assert "1 workday overdue" in body
    assert "清单未公布" in body
    assert "清单未公布" not in logged_in(people.other).get("/cases/").content.decode()
    assert "Nothing waits for you" in logged_in(people.other).get("/cases/").content.decode()


def test_pages_want_a_log_in(late) -> None:
    for url in ("/cases/", f"/cases/{late.pk}/", "/cases/new/"):
        assert Client().get(url).status_code == 302


def test_the_lists_cost_the_same_however_long(people, late, django_assert_max_num_queries) -> None:
    client = logged_in(people.clerk)
    client.get("/cases/")
    for number in range(25):
        how = {"title": f"第 {number} 件", "about": "task:1", "unit": people.town, "actor": None, "now": NOW}
        services.open_case("pressed", f"k{number}", **how)
    with django_assert_max_num_queries(32):
        assert client.get("/cases/").content.decode().count("data-label") >= 26


def test_report_return_close_over_the_pages(people, late) -> None:
    unit, office = logged_in(people.clerk), logged_in(people.operator)
    proof = SimpleUploadedFile("清单.txt", b"a list", "text/plain")
    response = unit.post(f"/cases/{late.pk}/report/", {"text": "清单已公布", "file": proof}, **PANEL)
    assert json.loads(response["HX-Trigger"])["toast"]["state"] == "ok"
    assert "<html" not in response.content.decode()
    event = late.events.get(kind="reported")
    assert office.get(f"/cases/{late.pk}/files/{event.pk}/").getvalue() == b"a list"
    assert logged_in(people.other).get(f"/cases/{late.pk}/files/{event.pk}/").status_code == 404
    assert office.post(f"/cases/{late.pk}/return/", {"text": "缺一页"}).status_code == 302
    unit.post(f"/cases/{late.pk}/report/", {"text": "补齐"})
    assert unit.post(f"/cases/{late.pk}/close/", {}).status_code == 409
    office.post(f"/cases/{late.pk}/close/", {})
    late.refresh_from_db()
    assert (late.state, late.receipt) == ("closed", "补齐")
    page = office.get(f"/cases/{late.pk}/").content.decode()
    assert "缺一页" in page and "清单.txt" in page


def test_a_refused_move_keeps_no_file(people, late) -> None:
    from gangshen.apps.archive.models import File

    proof = SimpleUploadedFile("x.txt", b"not yours", "text/plain")
    response = logged_in(people.operator).post(f"/cases/{late.pk}/return/", {"text": "x", "file": proof}, **PANEL)
    assert response.status_code == 409
    assert json.loads(response["HX-Trigger"])["toast"]["state"] == "bad"
    assert not File.objects.exists()


def test_handing_over_and_extending_by_form(people, late) -> None:
    office = logged_in(people.operator)
    assert office.post(f"/cases/{late.pk}/hand_over/", {"to": ""}).status_code == 200
    office.post(f"/cases/{late.pk}/hand_over/", {"to": f"unit:{people.finance.pk}", "text": "归口财政"})
    office.post(f"/cases/{late.pk}/extend/", {"due": "2026-05-08", "text": "补件"})
    late.refresh_from_db()
    assert (late.unit, late.due) == (people.finance, dt.date(2026, 5, 8))
    assert office.post(f"/cases/{late.pk}/extend/", {"text": "补件"}).status_code == 200
    assert office.post(f"/cases/{late.pk}/dance/", {"text": "补件"}).status_code == 404


def test_a_leader_gives_an_instruction_and_a_manager_cannot(people) -> None:
    given = {
        "type": "instruction",
        "title": "汇总缺减速器的企业",
        "to": f"user:{people.operator.pk}",
        "instruction": "周五前",
    }
    assert logged_in(people.leader).post("/cases/new/", given).status_code == 302
    case = Case.objects.get()
    assert (case.owner, case.opened_by, case.due, case.about) == (
        people.operator,
        people.leader,
        dt.date(2026, 4, 27),
        "zone:z",
    )
    assert "Select a valid choice" in logged_in(people.manager).post("/cases/new/", given).content.decode()
    assert logged_in(people.nobody).get("/cases/new/").status_code == 403


def test_the_list_is_excel_and_api_too(people, late) -> None:
    client = logged_in(people.operator)
    assert client.get("/lists/cases.xlsx").status_code == 200
    assert client.get("/api/lists/cases").json()["items"][0]["what"] == "清单未公布"
    assert logged_in(people.nobody).get("/api/lists/cases").status_code == 403


def test_the_api_lists_opens_and_moves(people, late) -> None:
    unit, office = logged_in(people.clerk), logged_in(people.operator)
    shown = unit.get("/api/cases").json()
    assert [(one["key"], one["workdays_left"], one["clock"]) for one in shown["items"]] == [
        ("task:1/late", -1, "overdue")
    ]
    assert "report" in unit.get(f"/api/cases/{late.pk}").json()["actions"]
    assert logged_in(people.other).get(f"/api/cases/{late.pk}").status_code == 404
    send = {"content_type": "application/json"}
    assert unit.post(f"/api/cases/{late.pk}/report", {"text": "办结"}, **send).json()["state"] == "reported"
    assert unit.post(f"/api/cases/{late.pk}/close", {}, **send).status_code == 409
    assert office.post(f"/api/cases/{late.pk}/close", {}, **send).json()["state"] == "closed"
    new = {"type": "question", "key": "q1", "title": "补问", "about": "org:e1", "unit": "town"}
    assert office.post("/api/cases", new, **send).json()["unit"] == "town"
    assert office.post("/api/cases", new | {"type": "nope"}, **send).status_code == 409
    assert logged_in(people.nobody).post("/api/cases", new, **send).status_code == 403


def test_a_case_is_evidence_only_for_those_who_may_see_it(people, late) -> None:
    url = f"/evidence/?ref=case:{late.pk}"
    assert "清单未公布" in logged_in(people.operator).get(url).content.decode()
    assert logged_in(people.other).get(url).status_code == 404
