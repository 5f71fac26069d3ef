"""企业端 and the search box over the demo zone: an answer counts at once, and nobody finds what is not theirs to see."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.policies import services as policies
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.models import Record
from gangshen.cli import folders
from gangshen.console import index
from gangshen.console.enterprise import _period

ZONE = Path(__file__).parents[2] / "zones" / "maqiao"


@pytest.fixture
def maqiao(transactional_db: None) -> None:
    folders.fill(ZONE)


def entered(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


@pytest.mark.usefixtures("maqiao")
def test_the_demo_zone_at_its_doors() -> None:
    _an_answer_counts_at_once()
    _others_have_no_door_here()
    _search_keeps_the_wall()


def _an_answer_counts_at_once() -> None:
    firm, client, day = User.objects.get(username="firm"), entered("firm"), identity.today()
    assert firm.organisation
    page = client.get("/my/")
    assert page.status_code == 200
    ending = page.context["ending_policies"]
    assert ending and [one.day for one in ending] == sorted(one.day for one in ending)
    reach = {one.edition.key for name in ("gets", "near", "unknown") for one in page.context[name]}
    assert {one.edition.key for one in ending} <= reach, "what does not reach the firm is no news to it"
    assert f"/policies/firms/{firm.organisation.key}/policies.docx" in page.content.decode()
    asked = page.context["asked"][0]
    said = {"attribute": asked["question"].attribute, "period": asked["period"], "value": "300万元"}
    held = Record.objects.count()
    assert client.post("/my/answer/", said).status_code == 409  # without consent
    assert client.post("/my/answer/", said | {"consent": "1", "value": ""}).status_code == 409
    assert client.post("/my/answer/", said | {"consent": "1", "period": "1999"}).status_code == 409
    assert client.post("/my/answer/", said | {"consent": "1", "attribute": "name"}).status_code == 409
    assert Record.objects.count() == held
    assert client.post("/my/answer/", said | {"consent": "1"}).status_code == 302
    left = {one.attribute for one in policies.questions_for(policies.matches(firm.organisation.key, day))}
    assert said["attribute"] not in left
    assert registers.facts(firm.organisation.key, day)[said["attribute"]].value == 300_0000_00


def _others_have_no_door_here() -> None:
    for name in ("operator", "unit", "auditor"):
        assert entered(name).get("/my/").status_code == 403
        assert entered(name).post("/my/answer/", {"attribute": "x", "consent": "1"}).status_code == 403


def _search_keeps_the_wall() -> None:
    firm = User.objects.get(username="firm")
    assert firm.organisation
    other = Organisation.objects.filter(kind="enterprise").exclude(pk=firm.organisation_id).first()
    assert other
    index.renew()

    def found(user: User, query: str) -> set[str]:
        hits = index.search(user, query)
        return {hit.id for hit in hits.items} if hits else set()

    operator, auditor = (User.objects.get(username=name) for name in ("operator", "sysadmin"))
    assert f"enterprise:{other.key}" in found(operator, other.name)
    assert f"enterprise:{firm.organisation.key}" in found(firm, firm.organisation.name)
    assert not {one for one in found(firm, other.name) if one == f"enterprise:{other.key}"}
    assert not {one for one in found(auditor, other.name) if one.startswith("enterprise:")}
    assert entered("firm").get("/search/", {"q": other.name}).content.decode().count(f"/{other.key}/") == 0


@pytest.mark.parametrize(
    ("words", "period"), [(None, ""), ("last_year", "2025"), ("this_year", "2026"), ("2024", "2024"), ("odd", "")]
)
def test_a_rules_period_is_a_year_on_the_day(words: str | None, period: str) -> None:
    assert _period(words, dt.date(2026, 11, 20)) == period


@pytest.mark.usefixtures("maqiao")
def test_what_began_lately_is_news_for_a_month() -> None:
    editions = policies.editions_in_force(dt.date(2026, 10, 20))
    told = policies.fresh(dt.date(2026, 10, 20), editions)
    assert told and all(dt.date(2026, 9, 20) <= day <= dt.date(2026, 10, 20) for _one, day in told)
    assert policies.fresh(dt.date(2026, 12, 20), editions) == []
