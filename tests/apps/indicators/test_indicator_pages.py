"""Indicators: list, series, vintages, the form; as page, API and command."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from gangshen.apps.cases.models import Case
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation, Zone
from gangshen.apps.indicators import commands, services
from gangshen.apps.indicators.models import Observation
from gangshen.web.errors import Refused
from gangshen.web.hookpoints import RESOLVERS

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
FORM = {"at": "2025-12-31", "value": "1,062", "vintage": "preliminary", "citation": "《公报》第二节", "note": ""}


@pytest.fixture(autouse=True)
def series(db) -> None:
    Zone.objects.create(key="z", name="示例园区", demo_today=dt.date(2026, 4, 20))
    services.upsert_series(
        [{"key": "output", "name": "工业总产值", "unit": "亿元", "nature": "flow", "entity": "town"}]
    )
    for year, value in ((2023, 900), (2024, 980.5)):
        services.observe("output", dt.date(year, 12, 31), value, citation="《公报》", now=NOW, actor=None)


def as_role(role: str, unit: Organisation | None = None) -> Client:
    client = Client()
    client.force_login(
        identity.create_user(role, None, by=None, now=NOW, roles=[role], language="en", organisation=unit)
    )
    return client


def test_a_clerk_adds_then_revises_with_a_reason() -> None:
    clerk = as_role("statistics_clerk")
    assert clerk.post("/indicators/output/", FORM).status_code == 302
    assert "needs its reason" in clerk.post("/indicators/output/", FORM | {"value": "1070"}).content.decode()
    clerk.post("/indicators/output/", FORM | {"value": "1070", "note": "更正"})
    body = clerk.get("/indicators/output/").content.decode()
    assert "1,070" in body and "<s>1,062</s>" in body and "更正" in body
    panel = clerk.get("/indicators/output/2025-12-31/", HTTP_HX_REQUEST="true").content.decode()
    assert panel.index("1,062") < panel.index("1,070") and "<html" not in panel


def test_a_leader_reads_and_cannot_add() -> None:
    leader = as_role("leader")
    assert "Add a value" not in leader.get("/indicators/output/").content.decode()
    assert leader.post("/indicators/output/", FORM).status_code == 403
    assert Observation.objects.count() == 2


def test_a_unit_reports_its_own_series_only() -> None:
    town = Organisation.objects.create(key="town", kind="agency", name="镇")
    other = Organisation.objects.create(key="other", kind="agency", name="别处")
    assert as_role("unit", town).post("/indicators/output/", FORM).status_code == 302
    client = Client()
    client.force_login(identity.create_user("u2", None, by=None, now=NOW, roles=["unit"], organisation=other))
    assert client.get("/indicators/output/").status_code == 404
    assert client.post("/api/indicators/output", {}, content_type="application/json").status_code in (404, 422)


def test_the_list_shows_the_value_that_holds() -> None:
    client = as_role("operator")
    item = client.get("/api/lists/series").json()["items"][0]
    assert (item["value"], item["at"]) == (980.5, "2024-12-31")
    assert "980.5" in client.get("/indicators/").content.decode()
    assert client.get("/lists/series.xlsx").status_code == 200


def test_the_api_speaks_of_every_vintage() -> None:
    client = as_role("statistics_clerk")
    send = {"content_type": "application/json"}
    new = {"at": "2025-12-31", "value": 1062, "citation": "《公报》"}
    assert client.post("/api/indicators/output", new, **send).status_code == 200
    assert client.post("/api/indicators/output", new | {"value": 1}, **send).status_code == 409
    assert [one["at"] for one in client.get("/api/indicators/output").json()["items"]][-1] == "2025-12-31"
    assert client.get("/api/indicators").json()["items"][0]["key"] == "output"
    assert as_role("leader").post("/api/indicators/output", new, **send).status_code == 403


def test_an_observation_opens_as_evidence() -> None:
    client = as_role("operator")
    assert "980.5" in client.get("/evidence/?ref=obs:output@2024-12-31").content.decode()
    for missing in ("obs:output@2020-12-31", "obs:nope@2024-12-31", "obs:output@yesterday"):
        assert client.get(f"/evidence/?ref={missing}").status_code == 404


def test_the_command_wants_a_source(capsys) -> None:
    at = dt.datetime(2025, 12, 31)  # noqa: DTZ001, as typer gives it
    with pytest.raises(Refused):
        commands.observe("output", at, "1", "final", "", "", "", "")
    commands.observe("output", at, "1", "final", "", "", "《年报》", "")
    commands.list_series(as_json=False)
    assert "1 亿元  2025-12-31  final" in capsys.readouterr().out


@pytest.mark.parametrize("role", ["operator", "leader", "statistics_clerk", "unit", "audit_admin"])
def test_whoever_sees_a_figure_may_say_that_it_is_wrong_but_who_only_watches(role) -> None:

    unit = Organisation.objects.create(key="bureau", kind="agency", name="统计局")
    (of,) = services.upsert_series([{"key": "firms", "name": "企业数", "unit": "家", "entity": "bureau"}])
    services.observe(of, dt.date(2025, 12, 31), 92, citation="公报", actor=None, now=NOW)
    user = identity.create_user("x", None, by=None, now=NOW, roles=[role], organisation=unit, language="en")
    ref = services.ref(of, dt.date(2025, 12, 31))
    url = RESOLVERS.get("obs")(ref, user).wrong_url
    client = Client()
    client.force_login(user)
    if role == "audit_admin":
        assert not url and client.get("/cases/wrong/", {"about": str(ref)}).status_code == 409
        return
    assert "92" in client.get(url).content.decode()
    assert client.post(url.partition("?")[0], {"about": str(ref), "note": " "}).status_code == 409
    said = client.post(url.partition("?")[0], {"about": str(ref), "note": "应为 95 家"}, follow=True)
    case = Case.objects.get()
    assert said.status_code == 200 and f"Noted as case {case.pk}" in said.content.decode()
    assert (case.type, case.about, case.events.get().actor) == ("wrong_fact", str(ref), user)
    assert (case.opened_by == user) == (role in ("operator", "leader"))
    client.post(url.partition("?")[0], {"about": str(ref), "note": "再问一次"})
    assert Case.objects.count() == 1 and case.events.last().text == "再问一次"


def test_what_one_may_not_see_one_may_not_doubt() -> None:

    (of,) = services.upsert_series([{"key": "firms", "name": "企业数", "unit": "家", "entity": "elsewhere"}])
    services.observe(of, dt.date(2025, 12, 31), 92, citation="公报", actor=None, now=NOW)
    client = Client()
    client.force_login(identity.create_user("x", None, by=None, now=NOW, roles=["unit"], language="en"))
    assert client.post("/cases/wrong/", {"about": "obs:firms@2025-12-31", "note": "x"}).status_code == 404
