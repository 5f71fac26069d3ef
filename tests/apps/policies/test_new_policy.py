"""A policy begun on the desk from nothing, and written through the desk until it is the law."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deskzone import as_role, build
from gangshen.apps.policies import pages, services
from gangshen.apps.policies.models import Policy, PolicyVersion
from gangshen.apps.policies.services._new import RESERVED

pytestmark = pytest.mark.django_db
SENT = {"title": "试点补贴", "key": "trial-award", "theme": "试点", "issuer": "示例园区", "edition": "2027"}
TEXT = """version: "2027"
status: draft
valid_from: 2027-01-01
authority: 区科委
eligibility:
  all:
    - {id: staff, attribute: insured_employees, operator: ge, value: 50, unit: 人}
    - at_least: 2
      of:
        - {id: high, attribute: certificates, operator: has_any, value: [高企]}
        - {id: special, attribute: certificates, operator: has_any, value: [专精特新中小企业]}
        - {id: giant, attribute: certificates, operator: has_any, value: [小巨人]}
        - {id: centre, attribute: rd_institutions, operator: has_any, value: [企业技术中心/市级]}
benefit: {kind: subsidy, amount_fen: 2000元, count: insured_employees, caps: [{amount_fen: 30万元, per: year}]}
cases:
  - name: 两项
    given: {insured_employees: 60, certificates: [高企||A|2026-01-01|2028-12-31, 专精特新||B|2026-01-01|2028-12-31]}
    expect: {decision: yes, amount_fen: {low: 12万元, high: 12万元}}
  - name: 其一已撤销
    given: {insured_employees: 60, certificates: [高企||A|2026-01-01|2028-12-31|2026-12-31, 专精特新||B|2026-01-01|2028-12-31]}
    expect: {decision: no}
  - name: 今年已得 5 万元
    given: {insured_employees: 400, certificates: [高企||A|2026-01-01|2028-12-31, 小巨人||B|2026-01-01|2028-12-31]}
    granted_so_far: 50万元
    granted_this_year: 5万元
    expect: {decision: yes, amount_fen: {low: 25万元, high: 25万元}}
"""


@pytest.fixture(autouse=True)
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    build(settings, tmp_path)


def test_from_nothing_to_the_law() -> None:
    client = as_role("drafter")
    assert "/policies/new/" in client.get("/policies/").content.decode()
    made = client.post("/policies/new/", SENT)
    page = "/policies/trial-award/editions/2027/"
    assert (made.status_code, made["Location"]) == (302, page)
    version = PolicyVersion.objects.get(policy__key="trial-award")
    assert "Nothing is given yet" in client.get(page).content.decode()
    assert client.post(f"{page}move/", {"to": "reviewed"}).status_code == 409, "it decides nothing yet"
    assert client.post(page, {"mode": "yaml", "base": version.digest, "yaml": TEXT}).status_code == 302
    for to in ("reviewed", "in_force"):
        assert client.post(f"{page}move/", {"to": to}).status_code == 302
    version.refresh_from_db()
    assert version.status == "in_force"
    assert [one.kind for one in version.steps.order_by("pk")] == ["drafted", "edited", "reviewed", "in_force"]
    assert "试点补贴" in services.file_of(version.policy)


WORDS = {  # as an officer types them: names of the list, no ids
    "clause.1.attribute": "参保人数", "clause.1.operator": "ge", "clause.1.value": "50", "clause.1.unit": "人",
    "clause.2.attribute": "研发强度", "clause.2.operator": "ge", "clause.2.value": "5", "clause.2.unit": "%",
    "clause.3.attribute": "资质认定", "clause.3.operator": "has_any", "clause.3.value": "高新技术企业",
    "clause.4.attribute": "资质认定", "clause.4.operator": "has_any", "clause.4.value": "专精特新中小企业",
    "clause.5.attribute": "严重失信名单", "clause.5.operator": "exists", "clause.5.group": "none",
}  # fmt: skip
CASES = {
    "case.0.name": "两项齐全",
    "case.0.given": "参保人数=10；研发强度=6；资质认定=高新技术企业||A|2026-01-01|2029-12-31；严重失信名单=无",
    "case.0.decision": "yes",
    "case.0.low": "200000",
    "case.0.high": "200000",
    "case.1.name": "只有一项",
    "case.1.given": "参保人数=10；研发强度=6；资质认定=无；严重失信名单=无",
    "case.1.decision": "no",
}


def test_an_officer_writes_no_yaml() -> None:
    client, page = as_role("drafter"), "/policies/trial-award/editions/2027/"
    client.post("/policies/new/", SENT)

    def keep(**more: Any) -> None:
        rule = services.engine_version(version := PolicyVersion.objects.get(policy__key="trial-award"))
        form = {
            "mode": "lines",
            "base": version.digest,
            "clauses": "8",
            "cases": "4",
            "frame": "1",
            "authority": "区科委",
        }
        lines = enumerate(services.clause_lines(rule))
        form |= {f"clause.{n}.{field}": text for n, line in lines for field, text in line.items()}
        form |= {f"give.{name}": text for name, text in services.giving(rule.benefit).items()}
        answer = client.post(page, form | {"valid_from": "2027-01-01"} | more)
        assert answer.status_code == 302, answer.content.decode()

    keep(**WORDS)
    body = client.get(page).content.decode()
    assert "not translated" not in body, "what held the place of the conditions is gone"
    keep(do="at_least", least="2", pick=["all[1]", "all[2]", "all[3]"])
    keep(do="any", pick=["all[0]", "all[1]"])
    keep(**{"give.way": "fixed", "give.amount": "20", "give.amount_unit": "万元"}, **CASES)
    version = PolicyVersion.objects.get(policy__key="trial-award")
    said = services.said(services.engine_version(version).eligibility)
    assert "(one of: insured employees at least 50 people; (at least 2 of: " in said
    assert services.faults(version) == []
    assert client.post(page, {"mode": "boundaries", "base": version.digest, "edge": ["0"]}).status_code == 302
    for to in ("reviewed", "in_force"):
        assert client.post(f"{page}move/", {"to": to}).status_code == 302
    version.refresh_from_db()
    assert version.status == "in_force"
    assert "at least 2 of these" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"key": "grant"}, "There is a policy grant already"),
        ({"key": "matches"}, "There is a policy matches already"),
        ({"key": "Trial Award"}, "no key of a policy"),
        ({"key": "../x"}, "no key of a policy"),
        ({"title": " "}, "needs a title"),
        ({"theme": "长" * 41}, "too long"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_kept(wrong: dict[str, str], says: str) -> None:
    before = list(Policy.objects.values_list("key", flat=True))
    answer = as_role("drafter").post("/policies/new/", SENT | wrong)
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert list(Policy.objects.values_list("key", flat=True)) == before


def test_only_drafters_begin_one() -> None:
    client = as_role("operator")
    assert "/policies/new/" not in client.get("/policies/").content.decode()
    assert client.post("/policies/new/", SENT).status_code == 403


def test_no_policy_takes_the_address_of_a_page() -> None:
    heads = {str(one.pattern).split("/")[0] for one in pages.urlpatterns}
    assert {head for head in heads if head and not head.startswith("<")} <= RESERVED
