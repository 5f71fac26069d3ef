"""同一家企业？ as pages and in the API: asked by an import or a search, decided by key, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import User
from gangshen.apps.registers import services
from gangshen.apps.registers.models import Likeness
from gangshen.apps.registers.services.importing import import_file
from gangshen.apps.runs import services as runs
from invented import code

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def officer(client: Client, someone: Callable[..., User]) -> User:
    user = someone("data_officer")
    client.force_login(user)
    return user


@pytest.fixture
def firms(market: Source) -> None:
    services.add_record("K1", {"name": "合肥银河景观工程有限公司", "registered_on": DAY}, market, DAY, None, NOW)
    services.add_record("K2", {"name": "合肥银河景观工程公司", "registered_on": DAY}, market, DAY, None, NOW)
    services.add_record("K3", {"name": "江苏宏达新材料股份有限公司", "uscc": code(3)}, market, DAY, None, NOW)
    services.add_record("K4", {"name": "上海宏达新材料股份有限公司", "uscc": code(4)}, market, DAY, None, NOW)


def imported(*lines: str) -> dict[str, Any]:
    data = "\n".join(["企业名称,营业收入（万元）", *lines, ""]).encode()
    return import_file(
        data, "f.csv", kind="enterprises", actor=None, now=NOW, source="market", as_of=DAY, period="2025", inline=True
    ).result


@pytest.mark.usefixtures("firms")
def test_a_sure_name_is_imported_and_an_unsure_one_waits(client: Client, officer: User) -> None:
    result = imported("江苏宏达新材料,12", "宏达新材,34", "武汉银河景观工程有限公司,56")
    assert (result["imported"], result["refused"]) == (1, 2)
    believed = services.facts("K3", dt.date(2026, 4, 1))
    assert believed["revenue"].value == 12_000_000
    assert believed["name"].value == "江苏宏达新材料股份有限公司", "a short name renames nobody"
    asked = Likeness.objects.get()
    assert {one["key"] for one in asked.candidates} == {"K3", "K4"}
    page = client.get(f"/enterprises/same/{asked.pk}/").content.decode()
    assert "江苏宏达新材料股份有限公司" in page
    assert 'data-key="a"' in page and 'data-key="s"' in page and 'data-key="x"' in page
    client.post(f"/enterprises/same/{asked.pk}/decide/", {"verb": "K4"})
    assert services.facts("K4", dt.date(2026, 4, 1))["revenue"].value == 34_000_000
    imported("江苏宏达新材料,12", "宏达新材,34")
    assert Likeness.objects.count() == 1, "the same row is not asked about again"


@pytest.mark.usefixtures("firms")
def test_the_search_over_the_register_finds_two_of_one_name_but_not_two_codes(client: Client, officer: User) -> None:
    run = runs.start("registers.duplicates", {}, actor=officer, now=NOW, inline=True)
    assert (run.result["enterprises"], run.result["found"], run.result["new"]) == (4, 1, 1)
    asked = Likeness.objects.get()
    assert {asked.subject, asked.candidates[0]["key"]} == {"K1", "K2"}
    assert any("成立日期" in zh for zh, _en in asked.candidates[0]["reasons"])
    assert runs.start("registers.duplicates", {}, actor=officer, now=NOW, inline=True).result["new"] == 0
    page = client.get("/enterprises/same/?state=open").content.decode()
    assert asked.name in page
    answer = client.post(f"/enterprises/same/{asked.pk}/decide/", {"verb": "K2"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/enterprises/same/"
    merged, kept = asked.subject, "K2" if asked.subject == "K1" else "K1"
    assert services.kept_key(merged) in {kept, merged}
    moved = client.get("/enterprises/K1/", follow=True)
    assert moved.redirect_chain == [("/enterprises/K2/", 302)]
    assert "K1" in client.get("/enterprises/merges/").content.decode()
    client.post(f"/enterprises/same/{asked.pk}/decide/", {"verb": "back"})
    assert services.kept_key("K1") == "K1"
    second = client.post(f"/enterprises/same/{asked.pk}/decide/", {"verb": "back"})
    assert second.status_code == 400 or "没有决定" in second.content.decode()


@pytest.mark.usefixtures("firms")
def test_the_same_by_the_api(client: Client, officer: User) -> None:
    def send(path: str, data: Any) -> Any:
        return client.post(f"/api/enterprises/{path}", data, content_type="application/json")

    told = send("resolve", {"names": ["江苏宏达新材料", "宏达新材"]}).json()
    assert [one["id"] for one in told] == ["K3", None]
    made = send("merges", {"kept": "K1", "merged": "K2"}).json()
    assert made["merged"] == ["K2"]
    assert client.get("/api/enterprises/K2").json()["key"] == "K1"
    assert send("merges", {"kept": "K3", "merged": "K2"}).status_code in (400, 409, 422)
    assert client.delete(f"/api/enterprises/merges/{made['batch']}").status_code == 204
    assert client.get("/api/enterprises/K2").json()["key"] == "K2"
    assert client.delete("/api/enterprises/merges/999").status_code == 404


@pytest.mark.usefixtures("firms")
def test_who_may_not_decide_sees_no_buttons_and_is_refused(client: Client, someone: Callable[..., User]) -> None:
    imported("江苏宏达新材料,12", "宏达新材,34")
    asked = Likeness.objects.get()
    client.force_login(someone("audit_admin"))
    assert "data-key=" not in client.get(f"/enterprises/same/{asked.pk}/").content.decode().split("<main")[1]
    assert client.post(f"/enterprises/same/{asked.pk}/decide/", {"verb": "K3"}).status_code == 403
    client.force_login(someone("leader"))
    assert client.get(f"/enterprises/same/{asked.pk}/").status_code == 404
    assert client.get("/enterprises/same/").status_code in (403, 404)
