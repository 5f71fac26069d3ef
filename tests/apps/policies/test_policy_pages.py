"""Pages, lists, API, evidence and chain of policies over a small zone of three firms and two policies."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from django.test import Client
from django.utils import translation
from typer.testing import CliRunner

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import LogEntry, Source
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation, Zone
from gangshen.apps.policies import services
from gangshen.apps.policies.commands import app
from gangshen.apps.policies.models import Policy
from gangshen.apps.registers import services as registers
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.background import execute_run
from gangshen.apps.runs.models import Run
from gangshen.engines.benefits import Policy as PolicyFile
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import load_yaml
from gangshen.engines.rules import Decision
from gangshen.web.hookpoints import RESOLVERS

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 10)
AWARD = """
id: award
title: {zh: 研发奖励, en: R&D award}
theme: {zh: 研发, en: Research}
issuer: 示例园区
versions:
  - version: "2026"
    status: in_force
    valid_from: 2026-01-01
    valid_to: 2026-11-30
    authority: 区科委
    contact: {unit: 企业服务部, phone: 021-0000}
    materials: [{zh: 参保证明, en: proof of insured staff}]
    eligibility:
      all:
        - {id: staff, attribute: insured_employees, operator: ge, value: 50, label: 参保人数, quote: 参保人数50人以上, evidence: [社保缴纳记录],
           span: {start: 3, end: 12, document: measures}}
        - none: [{id: dishonest, attribute: serious_dishonesty, operator: exists, quote: 失信}]
    benefit: {kind: reward, amount_fen: 20万元}
    cases:
      - {name: 够, as_of: 2026-11-10, given: {insured_employees: 60, serious_dishonesty: []}, expect: {decision: yes}}
      - {name: 不够, as_of: 2026-11-10, given: {insured_employees: 3, serious_dishonesty: []}, expect: {decision: no}}
"""
DRAFT = AWARD.replace("id: award", "id: later").replace("in_force", "for_comment")
FIRMS = {"big": 80, "small": 40, "silent": None}


@pytest.fixture(autouse=True)
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path / "home"
    Zone.objects.create(key="z", name="示例园区", demo_today=TODAY)
    source = Source.objects.create(key="social", name="人社", rank=10)
    for key, staff in FIRMS.items():
        Organisation.objects.create(key=key, name=f"{key} 公司", kind="enterprise")
        values: dict[str, Any] = {"name": f"{key} 公司", "serious_dishonesty": []}
        if staff is not None:
            values["insured_employees"] = staff
        registers.add_record(key, values, source, TODAY, None, NOW)
    for text in (AWARD, DRAFT):
        services.save(load_yaml(text, PolicyFile, name="t"), actor=None, now=NOW)


def matched() -> Any:
    return services.start(TODAY, actor=None, now=NOW, inline=True)


def as_role(role: str, firm: str | None = None) -> Client:
    organisation = Organisation.objects.get(key=firm) if firm else None
    user = identity.create_user(
        f"{role}-{firm}", None, by=None, now=NOW, roles=[role], language="en", organisation=organisation
    )
    client = Client()
    client.force_login(user)
    return client


def test_the_library_tells_law_from_text_for_comment() -> None:
    matched()
    body = as_role("operator").get("/policies/").content.decode()
    assert '<a class="fig" href="?stands=in_force">1</a> policy is in force' in body
    assert "20 days left" in body
    assert "For comment" in body
    firm = as_role("enterprise", "big").get("/policies/").content.decode()
    assert "For comment" not in firm, "a text for comment is not open to a firm"


def test_a_policy_page_shows_reach_conditions_and_cases() -> None:
    matched()
    body = as_role("operator").get("/policies/award/").content.decode()
    assert "state=ok&quot;&gt;" not in body
    assert 'state=ok">1</a> enterprise gets it' in body
    assert "参保人数50人以上" in body
    assert body.count('id="if-staff"') == 1
    assert "not the same" not in body
    assert as_role("leader").get("/policies/award/?version=1999").status_code == 404
    assert as_role("drafter").get("/policies/later/").status_code == 200
    assert as_role("enterprise", "big").get("/policies/later/").status_code == 404


def test_matches_are_a_list_page_api_and_excel() -> None:
    matched()
    client = as_role("operator")
    rows = client.get("/api/lists/matches").json()
    assert rows["total"] == 3
    assert client.get("/policies/matches/?state=unk").content.decode().count("silent 公司") >= 1
    assert client.get("/lists/matches.xlsx?policy=award").status_code == 200
    own = as_role("enterprise", "small").get("/api/lists/matches").json()
    assert own["total"] == 1, "a firm sees its own matches alone"


@pytest.mark.parametrize(("firm", "words"), [("big", "Gets"), ("small", "Would get"), ("silent", "May get")])
def test_a_decision_says_why(firm: str, words: str) -> None:
    body = as_role("operator").get(f"/policies/award/for/{firm}/").content.decode()
    assert words in body
    assert "参保人数50人以上" in body
    part = as_role("leader").get(f"/policies/award/for/{firm}/", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part


def test_a_firm_opens_its_own_decision_only() -> None:
    client = as_role("enterprise", "big")
    assert client.get("/policies/award/for/big/").status_code == 200
    assert client.get("/policies/award/for/small/").status_code == 404
    assert client.get("/api/policies/match/small").status_code == 403
    assert client.get("/api/policies/match/big").json()[0]["decision"] == "yes"
    assert as_role("data_officer").get("/policies/award/for/big/").status_code == 403
    assert as_role("unit").get("/policies/").status_code == 403


def test_asking_twice_is_one_case() -> None:
    client = as_role("operator")
    first = client.post("/policies/award/for/silent/ask/", {"attribute": "insured_employees"})
    again = client.post("/policies/award/for/silent/ask/", {"attribute": "insured_employees"})
    assert first.status_code == 302
    assert first.url == again.url
    assert client.post("/policies/award/for/silent/ask/", {"attribute": "nonsense"}).status_code == 409
    assert as_role("enterprise", "silent").post("/policies/award/for/silent/ask/", {}).status_code in (403, 409)


def test_a_filed_decision_is_decided_again_the_same() -> None:
    run = matched()
    policy = Policy.objects.get(key="award")
    source = Source.objects.get(key="social")
    for firm in FIRMS:
        filed = services.filed(run, firm, "award")
        assert filed is not None
        assert filed.agrees(services.recompute(filed, policy, firm)[0])
    later = run.finished_at + dt.timedelta(minutes=1)
    registers.add_record("small", {"insured_employees": 90}, source, TODAY, None, later)
    filed = services.filed(run, "small", "award")
    assert filed is not None
    assert filed.decision is Decision.NO
    assert services.match(policy, "small", TODAY).decision is Decision.YES
    assert filed.agrees(services.recompute(filed, policy, "small")[0]), "what came later is left out"
    body = as_role("audit_admin").get(f"/policies/award/for/small/?run={run.pk}").content.decode()
    assert "the same" in body
    assert "not the same" not in body


def test_without_the_snapshot_a_decision_stands_on_what_was_recorded_by_then(settings: Any) -> None:
    run = matched()
    Run.objects.filter(pk=run.pk).update(finished_at=NOW + dt.timedelta(hours=1))
    run.refresh_from_db()
    later, source = NOW + dt.timedelta(hours=2), Source.objects.get(key="social")
    registers.add_record("small", {"insured_employees": 90}, source, TODAY, None, later)
    shutil.rmtree(settings.HOME / "snapshots")
    filed = services.filed(run, "small", "award")
    assert filed is not None
    assert filed.agrees(services.recompute(filed, Policy.objects.get(key="award"), "small")[0])


def test_the_chain_of_a_decision_walks_down_to_records_and_words() -> None:
    run = matched()
    ref = services.decision_ref("big", "award", run.pk)
    refs = list(archive.chain(ref).refs())
    assert f"run:{run.pk}" in refs
    assert "policy:award@2026" in refs
    assert "doc:measures#3-12" in refs
    assert any(one.startswith("rec:") and one.endswith("#insured_employees") for one in refs)
    page = as_role("audit_admin").get("/audit/chain/", {"ref": ref})
    assert page.status_code == 200
    assert "big 公司" in page.content.decode()
    by_day = list(archive.chain(services.decision_ref("big", "award", TODAY)).refs())
    assert "policy:award@2026" in by_day


def test_evidence_opens_to_whom_it_is_open() -> None:
    run = matched()
    ref = Ref.parse(services.decision_ref("big", "award", run.pk))
    operator = identity.create_user("o", None, by=None, now=NOW, roles=["operator"])
    other = identity.create_user(
        "f", None, by=None, now=NOW, roles=["enterprise"], organisation=Organisation.objects.get(key="small")
    )
    opened = RESOLVERS.get("match")(ref, operator)
    assert opened is not None
    assert opened.date == TODAY
    assert RESOLVERS.get("match")(ref, other) is None
    assert RESOLVERS.get("policy")(Ref.parse("policy:later"), other) is None
    clause = RESOLVERS.get("policy")(Ref.parse("policy:award@2026#staff"), other)
    assert clause is not None
    assert clause.quote == "参保人数50人以上"


def test_the_first_match_of_a_zone_has_the_day_before_to_be_compared_with() -> None:
    def nightly() -> None:
        runs.start("policies.nightly", {}, actor=None, now=NOW, inline=True)
        for one in Run.objects.filter(state=Run.State.QUEUED):
            execute_run.call(one.pk)

    nightly()
    latest, before = services.last_two()
    assert latest and before
    assert (latest.params["as_of"], before.params["as_of"]) == ("2026-11-10", "2026-11-09")
    operator = identity.create_user("first", None, by=None, now=NOW, roles=["operator"])
    assert [one.enterprise for one in services.morning(operator, TODAY).gained] == ["big"], "told on the first morning"
    nightly()
    assert services.last_two() == (latest, before), "the next night finds the same ground and does nothing"


def test_the_same_ground_is_matched_once_and_a_change_is_new() -> None:
    run = matched()
    assert services.start(TODAY, actor=None, now=NOW, inline=True).pk == run.pk
    source = Source.objects.get(key="social")
    registers.add_record("small", {"insured_employees": 90}, source, TODAY, None, NOW)
    matched()
    operator = identity.create_user("m", None, by=None, now=NOW, roles=["operator"])
    told = services.morning(operator, TODAY)
    assert [(one.enterprise, one.after) for one in told.gained] == [("small", 2)]
    assert [one.edition.key for one in told.ending] == ["award"]
    firm = identity.create_user("n", None, by=None, now=NOW, roles=["enterprise"])
    assert services.morning(firm, TODAY).gained == []
    assert as_role("operator").get("/api/lists/matches?changed=gained").json()["total"] == 1


def test_the_profile_shows_what_the_firm_gets() -> None:
    body = as_role("account_manager").get("/enterprises/big/").content.decode()
    assert 'id="policies"' in body
    assert "gets " in body
    assert 'id="policies"' not in as_role("data_officer").get("/enterprises/big/").content.decode()


def test_the_file_comes_back_as_it_was() -> None:
    client = as_role("operator")
    answer = client.get("/policies/award/policy.yaml")
    assert load_yaml(answer.content.decode(), PolicyFile, name="t") == load_yaml(AWARD, PolicyFile, name="t")
    assert as_role("enterprise", "big").get("/policies/award/policy.yaml").status_code == 403
    assert all(case["passed"] for case in client.get("/api/policies/award/cases").json())


def test_queries_do_not_grow_with_policies(django_assert_max_num_queries: Any) -> None:
    matched()
    client = as_role("operator")
    client.get("/policies/")
    with django_assert_max_num_queries(24):
        client.get("/policies/")
    for n in range(5):
        text = AWARD.replace("id: award", f"id: award-{n}")
        services.save(load_yaml(text, PolicyFile, name="t"), actor=None, now=NOW)
    with django_assert_max_num_queries(24):
        client.get("/policies/")


def test_a_firm_takes_its_policies_along() -> None:
    manager, own, other = as_role("account_manager"), as_role("enterprise", "big"), as_role("enterprise", "small")
    leader = as_role("leader")
    address = "/policies/firms/big/policies"
    sheet = openpyxl.load_workbook(io.BytesIO(own.get(f"{address}.xlsx").content)).worksheets[0]
    words = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"R&D award", "Gets it", "区科委; 企业服务部 021-0000", "proof of insured staff、社保缴纳记录"} <= set(
        words
    ), words
    paper = docx.Document(io.BytesIO(manager.get(f"{address}.docx").content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "20 days left" in cells and "区科委; 企业服务部 021-0000" in cells
    assert other.get(f"{address}.xlsx").status_code == 404 and leader.get(f"{address}.xlsx").status_code == 403
    assert LogEntry.objects.filter(event="export", object_repr__contains="big").count() == 2
    assert address in manager.get("/enterprises/big/").content.decode()
    assert address not in leader.get("/enterprises/big/").content.decode()


def test_the_table_of_matches_speaks_the_language_that_is_asked() -> None:
    found = list(services.all_matches(TODAY))
    for language, words in (
        ("en", {"Gets it", "Near", "Unknown", "Not met"}),
        ("zh-hans", {"可享", "接近", "未知", "不符"}),
    ):
        with translation.override(language):
            sheet = openpyxl.load_workbook(io.BytesIO(services.match_workbook(found, TODAY))).active
        said = {row[3] for row in sheet.iter_rows(min_row=3, values_only=True)}
        assert said and said <= words, said


def test_near_is_the_same_on_the_page_in_excel_and_on_the_command_line() -> None:
    more = AWARD.replace("id: award", "id: twice").replace(
        "      all:\n", "      all:\n        - {id: patents, attribute: invention_patents, operator: ge, value: 5}\n"
    )
    services.save(load_yaml(more, PolicyFile, name="t"), actor=None, now=NOW)
    found = list(services.all_matches(TODAY))
    near = {(one.enterprise, one.edition.key) for one in found if one.state == "near"}
    assert near and len(near) < sum(one.nearest is not None for one in found), "some lack more than one condition"
    with translation.override("en"):
        sheet = openpyxl.load_workbook(io.BytesIO(services.match_workbook(found, TODAY))).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert sum(row[3] == "Near" for row in rows) == len(near)
    told = CliRunner().invoke(app, ["match", "--only", "near", "--as-of", TODAY.isoformat(), "--json"])
    assert {(row["enterprise"], row["policy"]) for row in json.loads(told.output)} == near
