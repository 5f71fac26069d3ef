"""The register counted, and filtered by industry and by the state of a code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import Organisation, User, Zone
from gangshen.apps.registers import services
from gangshen.engines.synthesis import uscc_check_digit

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
BODY = "91310112MA1GB0001"
CODES = {
    "valid": BODY + uscc_check_digit(BODY),
    "legacy": "310112000123456",
    "masked": "91310112****B00013",
    "wrong": BODY + ("A" if uscc_check_digit(BODY) != "A" else "B"),
    "missing": None,
}


@pytest.fixture(autouse=True)
def zone(db: None, market: Source) -> None:
    Zone.objects.create(key="z", name="示例园区", demo_today=TODAY)
    for number, (key, code) in enumerate(CODES.items()):
        Organisation.objects.create(key=key, kind=Organisation.Kind.ENTERPRISE, name=f"{key}厂")
        said = {"name": f"{key}厂", "uscc": code, "industry_registered": ["C3491", "3491", "6513"][number % 3]}
        services.add_record(key, said, market, TODAY, None, NOW)
    services.add_record("valid", {"chain_nodes": [{"type": "减速器"}, {"type": "本体"}]}, market, TODAY, None, NOW)
    services.add_record("legacy", {"chain_nodes": [{"type": "减速器"}]}, market, TODAY, None, NOW)


def keys(client: Client, **asked: object) -> set[str]:
    return {item["id"] for item in client.get("/api/lists/enterprises", asked).json()["items"]}


def test_codes_and_industries_are_filters(client: Client, someone: Callable[..., User]) -> None:
    client.force_login(someone("operator"))
    for state in CODES:
        assert keys(client, code=state) == {state}
    assert keys(client, section="C") == {"valid", "legacy", "wrong", "missing"}
    assert keys(client, division="65") == {"masked"}
    items = client.get("/api/lists/enterprises", {"q": "legacy"}).json()["items"]
    assert items[0]["industry"] == "3491 工业机器人制造"
    assert "旧 15 位注册号" in client.get("/enterprises/legacy/").content.decode()
    assert "代码状态" not in client.get("/enterprises/valid/").content.decode()


def test_a_count_has_the_conditions_of_the_list(client: Client, someone: Callable[..., User]) -> None:
    client.force_login(someone("operator"))
    page = client.get("/enterprises/counts/?by=chain")
    assert page.context["lines"][0][:2] == ("减速器", 2)
    assert (page.context["known"], page.context["unknown"]) == (2, 3)
    page = client.get("/enterprises/counts/?by=section&code=masked&code=valid")
    assert [line[:2] for line in page.context["lines"]] == [
        ("C 制造业", 1),
        ("I 信息传输、软件和信息技术服务业", 1),
    ]
    assert client.get(page.context["lines"][0][2]).context["list"].result.total == 1
    assert client.get("/enterprises/counts/?by=nothing").status_code == 404
    assert "企业" in client.get("/enterprises/counts/?by=town").content.decode(), "nothing known is said so"
