"""Runs on pages and in the API: progress while it goes, the error in words, who may stop it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Zone
from gangshen.apps.runs import services
from gangshen.apps.runs.models import Run

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def zone(db) -> None:
    Zone.objects.create(key="z", name="示例园区", demo_today=dt.date(2026, 4, 20))


def user(name: str, role: str):
    return identity.create_user(name, None, by=None, now=NOW, roles=[role], language="en")


def logged_in(one) -> Client:
    client = Client()
    client.force_login(one)
    return client


def test_a_page_asks_again_while_it_goes_and_stops_when_it_ends() -> None:
    client = logged_in(user("o", "operator"))
    run = Run.objects.create(kind="count", state="running", created_at=NOW, done=3120, total=4806, message="part 7")
    part = client.get(f"/runs/{run.pk}/", HTTP_HX_REQUEST="true").content.decode()
    assert 'hx-trigger="every 1s"' in part and "3,120" in part and "part 7" in part and "<html" not in part
    Run.objects.update(state="failed", error="The file has no rows.", remedy="Send one with rows.")
    page = client.get(f"/runs/{run.pk}/").content.decode()
    assert "every 1s" not in page and "The file has no rows." in page and "Send one with rows." in page


def test_the_starter_and_the_system_administrator_may_stop_it() -> None:
    starter, other, admin = user("a", "operator"), user("b", "operator"), user("s", "system_admin")
    runs = [services.start("count", {}, actor=starter, now=NOW) for _each in range(2)]
    assert logged_in(other).post(f"/runs/{runs[0].pk}/cancel/").status_code == 404
    assert logged_in(starter).post(f"/runs/{runs[0].pk}/cancel/").status_code == 302
    assert logged_in(admin).post(f"/api/runs/{runs[1].pk}/cancel").json()["state"] == "cancelled"
    assert logged_in(starter).post(f"/api/runs/{runs[1].pk}/cancel").status_code == 409


def test_a_result_file_is_fetched_and_the_fetch_is_noted() -> None:
    from gangshen.apps.archive.models import LogEntry

    run = services.start("keep", {}, actor=None, now=NOW, inline=True)
    client = logged_in(user("o", "operator"))
    assert client.get(f"/runs/{run.pk}/result/").getvalue() == b"a,b\n1,2\n"
    assert LogEntry.objects.filter(event="export").exists()


def test_runs_are_not_open_to_a_firm() -> None:
    run = services.start("count", {}, actor=None, now=NOW, inline=True)
    firm = logged_in(user("f", "enterprise"))
    assert firm.get("/runs/").status_code == 403
    assert firm.get(f"/runs/{run.pk}/").status_code == 404
    assert firm.get("/api/runs").json()["items"] == []
    assert firm.get(f"/evidence/?ref=run:{run.pk}").status_code == 404


def test_lists_and_evidence(db) -> None:
    run = services.start("count", {"to": 4}, actor=None, now=NOW, inline=True)
    client = logged_in(user("o", "operator"))
    services.ensure_schedules(NOW)
    page = client.get("/runs/").content.decode()
    assert "Seal the trail hourly" in page or "每小时" in page
    assert client.get("/api/lists/runs").json()["items"][0]["number"] == run.pk
    assert client.get("/lists/runs.xlsx").status_code == 200
    assert "counted" in client.get(f"/evidence/?ref=run:{run.pk}").content.decode()
    assert client.get("/api/runs?kind=count&state=done").json()["total"] == 1


def test_a_result_opens_to_who_may_see_what_it_tells_of() -> None:
    file = services.start("keep", {}, actor=None, now=NOW, inline=True).result_file
    run = Run.objects.create(kind="policies.match", state="done", created_at=NOW, result_file=file)
    seen = {}
    for role in ("operator", "system_admin", "data_officer"):
        client = logged_in(user(role, role))
        page = client.get(f"/runs/{run.pk}/").content.decode()
        seen[role] = ("/policies/matches/" in page, client.get(f"/runs/{run.pk}/result/").status_code)
    assert seen == {"operator": (True, 200), "system_admin": (False, 404), "data_officer": (False, 404)}
