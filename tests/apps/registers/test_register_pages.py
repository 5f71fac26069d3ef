"""Pages of the registers: what each role sees, evidence, imports from file to undo, the data dictionary."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from gangshen.apps.archive.models import LogEntry, Source
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.models import Organisation, Zone
from gangshen.apps.registers.models import WrongFact
from gangshen.apps.registers.services import (
    PROFILE_PANELS,
    USED_BY,
    Panel,
    Use,
    add_record,
    facts,
    snapshot,
    synthetic,
    vocabulary,
)
from invented import code

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def zone(db: None) -> Zone:
    return Zone.objects.create(key="test", name="测试园区", demo_today=TODAY)


def test_the_register_lists_what_each_role_may_read(known: Organisation, browse: Callable[..., Client]) -> None:
    page = browse("operator").get("/enterprises/").content.decode()
    assert "礁石关节机器人有限公司" in page
    assert "5,420" in page
    leader = browse("leader").get("/enterprises/").content.decode()
    assert "礁石关节机器人有限公司" in leader
    assert "5,420" not in leader
    assert browse("enterprise", known).get("/enterprises/").status_code == 403
    assert browse("system_admin").get("/enterprises/").status_code == 403


def test_filters_of_lists_and_the_search_box(db: None, browse: Callable[..., Client]) -> None:
    synthetic.load(40, seed=5, as_of=TODAY, now=NOW)
    client = browse("operator")
    whole = client.get("/api/lists/enterprises?size=100").json()
    assert whole["total"] == 40
    assert all(row["marks"] == ["synthetic"] for row in whole["items"])
    held = client.get("/api/lists/enterprises", {"certificates": "高新技术企业", "size": 100}).json()
    assert 0 < held["total"] < 40
    assert all("高新技术企业" in row["certificates"] for row in held["items"])
    node = next(row["chain"] for row in whole["items"] if row["chain"])
    assert client.get("/api/lists/enterprises", {"chain": node.split("、")[0]}).json()["total"] >= 1
    name = whole["items"][0]["name"]
    assert client.get("/api/lists/enterprises", {"q": name}).json()["total"] == 1
    excel = client.get("/lists/enterprises.xlsx")
    assert excel.status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_register(
    db: None, browse: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    synthetic.load(60, seed=5, as_of=TODAY, now=NOW)
    client = browse("operator")
    client.get("/enterprises/")
    with django_assert_max_num_queries(20):
        client.get("/enterprises/?certificates=高新技术企业&sort=-revenue")


def test_the_profile_shows_each_fact_with_source_age_and_state(
    known: Organisation, browse: Callable[..., Client]
) -> None:
    page = browse("account_manager").get("/enterprises/reef/").content.decode()
    assert "礁石关节机器人有限公司" in page
    assert re.search(r'data-ref="rec:\d+#insured_employees"', page)
    assert "2026-05-31" in page
    assert "某人" in page
    assert page.count('class="m"') == 5 - 2  # revenue, rd_ratio, insured: three of the first look are known
    leader = browse("leader").get("/enterprises/reef/").content.decode()
    assert "某人" not in leader
    assert "120" not in leader


def test_reading_personal_data_leaves_a_trace(known: Organisation, browse: Callable[..., Client]) -> None:
    def traces() -> int:
        return LogEntry.objects.filter(personal=True, event="read", subject="reef").count()

    browse("leader").get("/enterprises/reef/")
    assert traces() == 0
    browse("account_manager").get("/enterprises/reef/")
    assert traces() == 1
    browse("enterprise", known).get("/enterprises/reef/")
    assert traces() == 1


def test_a_firm_opens_its_own_profile_and_no_other(
    known: Organisation, market: Source, browse: Callable[..., Client]
) -> None:
    add_record("other", {"name": "别家"}, market, TODAY, None, NOW)
    client = browse("enterprise", known)
    assert client.get("/enterprises/reef/").status_code == 200
    assert client.get("/enterprises/other/").status_code == 404
    assert client.get("/enterprises/other/history/name/").status_code == 404
    own = "/enterprises/reef/history/name/"
    assert "/vocabulary/name/" not in client.get(own).content.decode()  # the dictionary is not open to a firm
    assert client.get("/api/enterprises/other").status_code == 404
    assert "/vocabulary/name/" in browse("operator").get(own).content.decode()


def test_history_and_evidence_open_in_the_panel(known: Organisation, browse: Callable[..., Client]) -> None:
    client = browse("operator")
    part = client.get("/enterprises/reef/history/insured_employees/", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert "86" in part
    assert "120" in part
    fact = facts("reef", TODAY)["insured_employees"]
    evidence = client.get("/evidence/", {"ref": f"rec:{fact.record_id}#insured_employees"}).content.decode()
    assert "市场监管" in evidence
    assert "86" in evidence
    assert "某人" not in evidence
    assert client.get("/evidence/", {"ref": f"rec:{fact.record_id}#legal_representative"}).status_code == 404
    assert client.get("/evidence/", {"ref": "rec:999999#name"}).status_code == 404


def test_this_is_wrong_becomes_a_case_and_a_review_settles_it(
    known: Organisation, browse: Callable[..., Client]
) -> None:
    client = browse("account_manager")
    ref = f"rec:{facts('reef', TODAY)['insured_employees'].record_id}#insured_employees"
    assert client.get("/enterprises/reef/wrong/", {"ref": ref}).status_code == 200
    assert client.post("/enterprises/reef/wrong/", {"ref": ref, "note": ""}).status_code == 409
    assert client.post("/enterprises/reef/wrong/", {"ref": ref, "note": "应为 120 人"}).status_code == 302
    assert WrongFact.objects.get().ref == ref
    assert Case.objects.get().type == "wrong_fact"
    right = next(s for s in _said("reef") if s.value == 120)
    assert client.post("/enterprises/reef/settle/insured_employees/", {"record": right.record_id}).status_code == 403
    officer = browse("data_officer")
    assert "120" in officer.get("/enterprises/conflicts/").content.decode()
    officer.post("/enterprises/reef/settle/insured_employees/", {"record": right.record_id, "reason": "看了社保单"})
    fact = facts("reef", TODAY)["insured_employees"]
    assert (fact.value, fact.source, fact.conflict) == (120, "review", False)
    assert "120" not in officer.get("/enterprises/conflicts/").content.decode()


def _said(subject: str) -> list[Any]:
    from gangshen.apps.registers.services import history

    return history(subject, "insured_employees", TODAY)


def test_panels_and_answers_of_the_offices_above(known: Organisation, browse: Callable[..., Client]) -> None:
    panel = Panel(
        label="p",
        template="parts/empty.html",
        context=lambda user, firm, today: {"title": f"卡片 {firm.key}"},
        answer=lambda user, firm, today: "现可享 3 项。",
    )
    PROFILE_PANELS.register("test", panel)
    try:
        page = browse("operator").get("/enterprises/reef/").content.decode()
    finally:
        PROFILE_PANELS._entries.pop("test")
    assert "现可享 3 项。" in page
    assert "卡片 reef" in page


def test_the_data_dictionary_and_an_edit_that_travels(known: Organisation, browse: Callable[..., Client]) -> None:
    client = browse("data_officer")
    page = client.get("/vocabulary/?q=研发").content.decode()
    assert "rd_ratio" in page
    USED_BY.register("test", lambda: {"rd_ratio": [Use("研发奖励", "/x/")]})
    try:
        word = client.get("/vocabulary/rd_ratio/", HTTP_HX_REQUEST="true").content.decode()
    finally:
        USED_BY._entries.pop("test")
    assert "研发奖励" in word
    assert "rd_expense" in word
    assert client.get("/vocabulary/nothing/").status_code == 404
    assert "id: rd_ratio" in client.get("/vocabulary/vocabulary.yaml").content.decode()
    change = {
        "zh": "参保人数",
        "en": "insured employees",
        "source": "人社",
        "synonyms": "社保人数\n缴费人数",
        "stale_after_days": 5,
        "tolerance": 0.5,
        "access": "internal",
    }
    assert client.post("/vocabulary/insured_employees/edit/", change).status_code == 302
    changed = vocabulary().get("insured_employees")
    assert (changed.synonyms, changed.stale_after_days, changed.access.value) == (
        ("社保人数", "缴费人数"),
        5,
        "internal",
    )
    assert facts("reef", TODAY)["insured_employees"].stale
    assert browse("operator").get("/vocabulary/insured_employees/edit/").status_code == 403


def test_the_api_gives_facts_records_and_history(known: Organisation, browse: Callable[..., Client]) -> None:
    client = browse("operator")
    firm = client.get("/api/enterprises/reef").json()
    told = {fact["attribute"]: fact for fact in firm["facts"]}
    assert told["insured_employees"]["value"] == 86
    assert told["insured_employees"]["conflict"]
    assert told["rd_ratio"]["ref"] is None
    assert "legal_representative" not in told
    assert "revenue" not in {
        f["attribute"] for f in client.get("/api/enterprises/reef?as_of=2022-01-01").json()["facts"]
    }
    assert len(client.get("/api/enterprises/reef/facts/insured_employees").json()) == 2
    records = client.get("/api/enterprises/reef/records").json()
    assert records["total"] == 3
    assert all("legal_representative" not in one["values"] for one in records["items"])
    assert client.get("/api/enterprises").json()["total"] == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_stand_in_both_languages(language: str, known: Organisation, browse: Callable[..., Client]) -> None:
    client = browse("data_officer")
    client.cookies.load({"django_language": language})
    for url in (
        "/enterprises/",
        "/enterprises/reef/",
        "/enterprises/imports/",
        "/enterprises/conflicts/",
        "/vocabulary/",
        "/vocabulary/revenue/",
        "/vocabulary/revenue/edit/",
    ):
        page = client.get(url)
        assert page.status_code == 200, url
        body = page.content.decode()
        assert "style=" not in body
        assert "<script>" not in body


def test_a_certificate_shows_its_batch_on_profile_list_and_exports(
    market: Source, browse: Callable[..., Client]
) -> None:
    held = {"type": "高新技术企业", "batch": "2025年第二批", "to": "2028-10-31"}
    add_record(code(7), {"name": "甲厂", "certificates": [held]}, market, TODAY, None, NOW)
    client = browse("operator")
    page = client.get(f"/enterprises/{code(7)}/").content.decode()
    assert "2025年第二批" in page.partition('id="facts"')[0]
    told = b"".join(client.get("/lists/enterprises.csv").streaming_content).decode()
    assert "高新技术企业 2025年第二批 →2028-10-31" in told
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/enterprises/{code(7)}/facts.xlsx").content))
    assert "2025年第二批" in [cell for row in book.worksheets[1].values for cell in row]
    assert snapshot(as_of=TODAY).frame.get_column("certificates").to_list()[0][0]["batch"] == "2025年第二批"


def test_contacts_are_shown_by_role_or_said_to_exist(market: Source, browse: Callable[..., Client]) -> None:
    people = [{"type": "财务", "name": "某人", "phone": "13800000000"}, {"type": "总经理", "name": "另一人"}]
    add_record(code(7), {"name": "甲厂", "contacts": people}, market, TODAY, None, NOW)
    page = browse("account_manager").get(f"/enterprises/{code(7)}/").content.decode()
    assert all(words in page for words in ("某人", "财务", "13800000000"))
    entry = LogEntry.objects.filter(event="read").latest("pk")
    assert "contacts" in entry.additional_data["attributes"]
    page = browse("leader").get(f"/enterprises/{code(7)}/").content.decode()
    assert "某人" not in page
    assert "13800000000" not in page
    assert "2 位联系人" in page
