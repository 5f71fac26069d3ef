"""Money: the sentence, the programme, the journal; roles without it see nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Zone
from gangshen.apps.money import services

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
HOW = {"at": AT, "actor": None}


@pytest.fixture(autouse=True)
def books(db) -> None:
    Zone.objects.create(key="z", name="示例园区", demo_today=dt.date(2026, 4, 20))
    services.upsert_programme("compute", "算力补贴", assumed=True)
    services.appropriate("compute", 2026, 1_000_000_00, "a", evidence="doc:budget#1-9", memo="年初批复", **HOW)
    services.reserve("compute", 2026, 820_000_00, "r", holder="e1", line="x", **HOW)


def as_role(role: str) -> Client:
    client = Client()
    client.force_login(identity.create_user(role, None, by=None, now=AT, roles=[role], language="en"))
    return client


def test_the_sentence_has_what_may_be_spent_and_what_runs_out() -> None:
    body = as_role("operator").get("/money/").content.decode()
    assert "82%" in body
    assert "算力补贴" in body
    assert "Nothing is appropriated for 2020" in as_role("leader").get("/money/?year=2020").content.decode()


@pytest.mark.parametrize("url", ["/money/", "/money/compute/", "/money/entries/", "/api/money/balances"])
def test_money_is_not_open_to_a_firm_or_a_unit(url: str) -> None:
    assert as_role("operator").get(url).status_code == 200
    assert as_role("enterprise").get(url).status_code in (403, 404)
    assert as_role("unit").get(url).status_code in (403, 404)


def test_bad_years_and_names_are_not_found() -> None:
    client = as_role("operator")
    assert client.get("/money/?year=soon").status_code == 404
    assert client.get("/money/nope/").status_code == 404
    assert client.get("/money/entries/999999/").status_code == 404


def test_an_entry_opens_as_page_panel_and_evidence() -> None:
    client, leader = as_role("audit_admin"), as_role("leader")
    number = services.line_of("x", "compute").transaction_id
    assert "820" in client.get(f"/money/entries/{number}/").content.decode()
    assert "<html" not in client.get(f"/money/entries/{number}/", HTTP_HX_REQUEST="true").content.decode()
    assert client.get(f"/evidence/?ref=entry:{number}").status_code == 200
    assert leader.get(f"/evidence/?ref=entry:{number}").status_code == 404
    assert leader.get(f"/money/entries/{number}/").status_code == 404


def test_the_api_gives_fen() -> None:
    client = as_role("operator")
    assert client.get("/api/money/balances/compute/2026").json()["available"] == 180_000_00
    assert client.get("/api/money/check").json() == []
    assert client.get("/api/lists/entries").json()["total"] == 4
    assert client.get("/lists/entries.xlsx").status_code == 200


def test_the_command_line_says_the_same(capsys) -> None:
    from gangshen.apps.money import commands

    commands.list_balances(year=None, as_json=False)
    assert "180,000.00" in capsys.readouterr().out
    commands.check()
    commands.appropriate("compute", 2026, "5万元", key="追加", evidence="", memo="")
    commands.appropriate("compute", 2026, "5万元", key="追加", evidence="", memo="")
    assert services.balance("compute", 2026).available == 230_000_00
