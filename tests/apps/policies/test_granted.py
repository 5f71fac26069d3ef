"""已享登记: loaded whole or not at all, undone whole, counted against ceilings and exclusions, carried in the zone folder."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from deskzone import GRANT, NOW, TODAY, as_role, build, put
from gangshen.apps.policies import portable, services
from gangshen.apps.policies.models import Grant, GrantBatch, Policy
from gangshen.engines.formats import FormatError
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
CAPPED = GRANT.replace("{kind: subsidy, amount_fen: 20万元}", "{kind: subsidy, amount_fen: 20万元, caps: [{amount_fen: 30万元, per: total}]}")  # fmt: skip
RIVAL = """
id: rival
title: {zh: 另一补助, en: Another grant}
theme: {zh: 研发, en: Research}
issuer: 示例园区
versions:
  - version: "1"
    status: in_force
    valid_from: 2026-01-01
    authority: 区科委
    eligibility: {id: staff, attribute: insured_employees, operator: ge, value: 5}
    benefit: {kind: subsidy, amount_fen: 5万元, not_with: [grant]}
"""
TABLE = """企业,政策,版本,金额（万元）,日期,来源
level,grant,2026,15,2026-03-02,区财政拨款单 7 号
ahead 公司,研发补助,2026,20,2025-06-30,区财政拨款单 2 号
"""


@pytest.fixture(autouse=True)
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    build(settings, tmp_path)
    put(CAPPED)
    translation.activate("en")


def load(text: str = TABLE) -> GrantBatch:
    batch = services.import_grants(text.encode(), "granted.csv", actor=None, now=NOW)
    assert batch is not None
    return batch


def amount(firm: str, policy: str = "grant") -> int | None:
    found = next(one for one in services.matches(firm, TODAY) if one.edition.key == policy)
    return found.amount.high if found.amount else None


def test_what_was_granted_counts_against_the_ceiling_for_one_and_for_all() -> None:
    assert amount("level") == 200_000_00
    load()
    assert amount("level") == 150_000_00, "of 300,000 once and for all, 150,000 are left"
    frame = services.match_all(TODAY)
    by_firm = {row[0]: row[1] for row in frame.select("enterprise", "high").rows()}
    assert (by_firm["level"], by_firm["ahead"]) == (150_000_00, 100_000_00)
    singly = {one.enterprise: one.amount.high for one in services.all_matches(TODAY) if one.amount}
    assert singly == {key: high for key, high in by_firm.items() if high is not None}
    assert services.granted_this_year(TODAY) == {"grant": 150_000_00}


def test_an_undone_table_counts_no_more_and_may_be_loaded_again() -> None:
    batch = load()
    services.undo_grants(batch, actor=None, now=NOW)
    assert amount("level") == 200_000_00
    with pytest.raises(Refused, match="undone already"):
        services.undo_grants(batch, actor=None, now=NOW)
    again = load()
    assert again.pk != batch.pk and amount("level") == 150_000_00


def test_the_same_table_twice_adds_nothing() -> None:
    load()
    assert services.import_grants(TABLE.encode(), "granted.csv", actor=None, now=NOW) is None
    assert Grant.objects.count() == 2
    more = load(TABLE + "close,grant,2026,1,2026-04-01,x\n")
    assert more.grants.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("level,grant", "nobody,grant", "granted.csv:2:企业", "no enterprise 'nobody'"),
        ("研发补助", "没有的", "granted.csv:3:政策", "no policy"),
        ("grant,2026,15", "grant,1999,15", "granted.csv:2:版本", "there are: 2026"),
        ("2026,15,", "2026,-15,", "granted.csv:2:金额（万元）", "is no amount"),
        ("2026,15,", "2026,很多,", "granted.csv:2:金额（万元）", "is no amount"),
        ("2026-03-02", "三月", "granted.csv:2:日期", "is no date"),
        ("区财政拨款单 2 号", "", "granted.csv:3:来源", "no source"),
        ("来源\n", "备注\n", "granted.csv:1", "columns missing: 来源|columns missing"),
    ],
)
def test_a_fault_names_row_and_column_and_nothing_is_kept(old: str, new: str, place: str, says: str) -> None:
    assert old in TABLE
    with pytest.raises(FormatError) as refused:
        load(TABLE.replace(old, new, 1))
    told = "\n".join(str(one) for one in refused.value.problems)
    assert place in told and any(each in told for each in says.split("|")), told
    assert not Grant.objects.exists() and not GrantBatch.objects.exists()


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(FormatError) as refused:
        load(TABLE.replace("level", "nobody").replace("2025-06-30", "?"))
    assert {one.line for one in refused.value.problems} == {2, 3}


def test_a_grant_made_before_rules_another_out_with_the_reason() -> None:
    put(RIVAL)
    client = as_role("enterprise", "level")
    before = client.get("/my/").content.decode()
    assert "Not beside these" in before, "the lower of two that exclude one another"
    load()
    body = client.get("/my/").content.decode()
    assert "ruled out by what was granted before: “R&amp;D grant”" in body
    assert "区财政拨款单 7 号" in body and "区财政拨款单 2 号" not in body


def test_a_match_rests_on_what_was_granted() -> None:
    first = services.start(TODAY, actor=None, now=NOW, inline=True)
    load()
    second = services.start(TODAY, actor=None, now=NOW, inline=True)
    assert second.pk != first.pk, "other grants are another ground"
    assert services.start(TODAY, actor=None, now=NOW, inline=True).pk == second.pk


def test_who_was_granted_all_meets_it_and_gets_nothing_now_in_list_reach_and_page() -> None:
    services.start(TODAY, actor=None, now=NOW, inline=True)
    whole = services.reach(services.last_two()[0])["grant"]
    load(TABLE.replace("level,grant,2026,15", "level,grant,2026,30"))
    services.start(TODAY, actor=None, now=NOW, inline=True)
    left = services.reach(services.last_two()[0])["grant"]
    assert (left.yes, left.spent, left.near, left.unknown) == (whole.yes - 1, 1, whole.near, whole.unknown)
    client = as_role("operator")
    rows = client.get("/api/lists/matches?state=na").json()["items"]
    assert [(row["firm"], row["amount"]) for row in rows if row["policy_key"] == "grant"], rows
    assert "1 more meets it, nothing now" in client.get("/policies/grant/").content.decode()
    assert "nothing is left" in as_role("enterprise", "level").get("/my/").content.decode()


def test_the_zone_folder_carries_it(tmp_path: Path) -> None:
    load()
    portable.dump(tmp_path / "a")
    text = (tmp_path / "a" / "policies" / "granted.csv").read_text(encoding="utf-8")
    assert "level,grant,2026,,,150000,2026-03-02" in text
    Grant.objects.all().delete()
    GrantBatch.objects.all().delete()
    portable.load(tmp_path / "a", now=NOW)
    portable.load(tmp_path / "a", now=NOW)
    assert Grant.objects.count() == 2
    portable.dump(tmp_path / "b")
    assert (tmp_path / "b" / "policies" / "granted.csv").read_text(encoding="utf-8") == text


def test_the_page_checks_loads_and_undoes() -> None:
    client = as_role("operator")
    bad = client.post("/policies/granted/", {"file": SimpleUploadedFile("t.csv", TABLE.replace("level", "x").encode())})
    assert "t.csv:2:企业" in bad.content.decode() and not Grant.objects.exists()
    sent = {"file": SimpleUploadedFile("t.csv", TABLE.encode()), "check": "1"}
    assert "The table is sound: 2 lines" in client.post("/policies/granted/", sent).content.decode()
    assert not Grant.objects.exists()
    client.post("/policies/granted/", {"file": SimpleUploadedFile("t.csv", TABLE.encode())})
    body = client.get("/policies/granted/").content.decode()
    assert "level 公司" in body and "区财政拨款单 7 号" in body
    book = openpyxl.load_workbook(io.BytesIO(client.get("/lists/grants.xlsx").content))
    assert sum(1 for row in book.worksheets[0].iter_rows(values_only=True) if "区财政拨款单 7 号" in row) == 1
    assert "granted this year" in client.get("/policies/").content.decode() or not services.last_two()[0]
    assert "区财政拨款单 7 号" in client.get("/enterprises/level/").content.decode()
    batch = GrantBatch.objects.get()
    client.post(f"/policies/granted/{batch.pk}/undo/")
    assert "区财政拨款单 7 号" not in client.get("/policies/granted/").content.decode()
    assert as_role("leader").post("/policies/granted/", sent).status_code == 403
    assert as_role("enterprise", "ahead").get("/lists/grants/").status_code == 200


def test_the_api_loads_and_names_faults() -> None:
    client = as_role("operator")
    told = client.post("/api/policies/granted?dry_run=true", {"file": SimpleUploadedFile("t.csv", TABLE.encode())})
    assert told.json()["added"] == 2 and not Grant.objects.exists()
    wrong = SimpleUploadedFile("t.csv", TABLE.replace("level", "x").encode())
    assert "t.csv:2:企业" in client.post("/api/policies/granted", {"file": wrong}).json()["faults"][0]
    kept = client.post("/api/policies/granted", {"file": SimpleUploadedFile("t.csv", TABLE.encode())}).json()
    assert kept["added"] == 2 and Grant.objects.count() == 2
    assert client.post(f"/api/policies/granted/{kept['batch']}/undo").json() == {"batch": kept["batch"]}
    assert Policy.objects.filter(grants__isnull=False).exists()
