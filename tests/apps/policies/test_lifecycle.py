"""Draft → reviewed → in force → superseded: who and when, no failing or missing case, two drafters, no overlap."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from deskzone import NOW, as_role, build, put
from gangshen.apps.archive.models import LogEntry
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import User
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy, PolicyVersion, Variant
from gangshen.apps.policies.pages._firm_files import papers
from gangshen.apps.policies.services import Changes
from gangshen.apps.registers.services import USED_BY
from gangshen.engines.benefits import Benefit
from gangshen.engines.benefits import PolicyVersion as EnginePolicyVersion
from gangshen.engines.rules import Any_, AtLeast, Clause, clauses
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
PAGE = "/policies/grant/editions/draft-2027/"


@pytest.fixture(autouse=True)
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    build(settings, tmp_path)


def drafter(name: str = "dora") -> User:
    return User.objects.filter(username=name).first() or identity.create_user(
        name, None, by=None, now=NOW, roles=["drafter"]
    )


def draft(name: str = "draft-2027") -> PolicyVersion:
    return PolicyVersion.objects.select_related("policy").get(policy__key="grant", version=name)


def moved(ratio: str) -> Any:
    return services.made(services.engine_version(draft()), Changes(values={"ratio": ratio}))


def test_the_way_into_force_is_recorded_with_who_and_when() -> None:
    who = drafter()
    services.record_review(draft(), "区市场监管局 1 号", actor=who, now=NOW)
    services.step(draft(), "reviewed", actor=who, now=NOW)
    services.put_in_force(draft(), actor=who, now=NOW)
    now_ = draft()
    assert now_.status == "in_force"
    assert list(now_.steps.values_list("kind", "actor__username")) == [
        ("fair_competition", "dora"),
        ("reviewed", "dora"),
        ("in_force", "dora"),
    ]
    flags = services.flags(now_.policy, now_, services.engine_version(now_))
    assert "fair_competition" not in {one.key for one in flags}, "the text is the one that was reviewed"
    assert LogEntry.objects.filter(object_pk=str(now_.pk), changes__has_key="status").exists()


def test_a_review_of_another_text_does_not_count() -> None:
    services.record_review(draft(), "1 号", actor=drafter(), now=NOW)
    services.write(draft(), moved("3"), base=draft().digest, actor=drafter(), now=NOW)
    flags = services.flags(draft().policy, draft(), services.engine_version(draft()))
    assert [one.state for one in flags if one.key == "fair_competition"] == ["near"]


@pytest.mark.parametrize(("case", "words"), [("够", "可享"), ("强度不够", "不符")])
def test_nothing_goes_in_force_with_a_missing_case(case: str, words: str) -> None:
    rule = services.engine_version(draft())
    cases = tuple(one for one in rule.cases if one.name != case)
    services.write(draft(), rule.model_copy(update={"cases": cases}), base=draft().digest, actor=drafter(), now=NOW)
    with pytest.raises(Refused, match=words):
        services.step(draft(), "reviewed", actor=drafter(), now=NOW)


def test_nothing_goes_in_force_with_a_failing_case() -> None:
    services.write(draft(), moved("7"), base=draft().digest, actor=drafter(), now=NOW)
    with pytest.raises(Refused, match="够"):
        services.step(draft(), "reviewed", actor=drafter(), now=NOW)
    assert draft().status == "draft"


def test_a_case_that_fails_later_stops_it_at_the_last_step() -> None:
    services.step(draft(), "reviewed", actor=drafter(), now=NOW)
    with pytest.raises(Refused):
        services.write(draft(), moved("7"), base=draft().digest, actor=drafter(), now=NOW)
    services.step(draft(), "draft", actor=drafter(), now=NOW)
    services.write(draft(), moved("4.5"), base=draft().digest, actor=drafter(), now=NOW)
    with pytest.raises(Refused):
        services.put_in_force(draft(), actor=drafter(), now=NOW)


def test_overlapping_editions_are_refused_or_the_earlier_is_ended() -> None:
    rule = services.engine_version(draft())
    early = rule.model_copy(update={"valid_from": dt.date(2026, 7, 1)})
    services.write(draft(), early, base=draft().digest, actor=drafter(), now=NOW)
    services.step(draft(), "reviewed", actor=drafter(), now=NOW)
    with pytest.raises(Refused, match="2026"):
        services.put_in_force(draft(), actor=drafter(), now=NOW)
    assert (draft().status, draft("2026").status) == ("reviewed", "in_force")
    services.put_in_force(draft(), supersede=True, actor=drafter(), now=NOW)
    assert (draft().status, draft("2026").status) == ("in_force", "superseded")
    assert draft("2026").valid_to == dt.date(2026, 6, 30)
    policy = Policy.objects.get(key="grant")
    days = (dt.date(2026, 6, 30), dt.date(2026, 7, 1))
    found = [services.edition_at(policy, day) for day in days]
    assert [one.version.version for one in found if one] == ["2026", "draft-2027"]


def test_two_drafters_lose_nothing() -> None:
    base = draft().digest
    first = services.write(draft(), moved("3"), base=base, actor=drafter("ann"), now=NOW)
    second = services.write(draft(), moved("2"), base=base, actor=drafter("bob"), now=NOW)
    assert first.conflict is None
    assert second.conflict is not None and second.conflict.conflict
    assert services.engine_version(draft()) == moved("3")
    assert services.variant_edition(second.conflict) == moved("2")
    assert second.conflict.changes == ["研发强度 3% → 2%"]


def test_the_page_tells_the_second_drafter_and_keeps_both_texts() -> None:
    client = as_role("drafter", name="ann")
    base = draft().digest
    services.write(draft(), moved("3"), base=base, actor=drafter("bob"), now=NOW)
    answer = client.post(PAGE, {"mode": "yaml", "base": base, "yaml": services.edition_yaml(moved("2"))})
    assert answer.status_code == 409
    assert "bob has saved this edition" in answer.content.decode()
    assert Variant.objects.get().conflict


def form_of(version: PolicyVersion) -> dict[str, str]:
    rule = services.engine_version(version)
    lines, cases = services.clause_lines(rule), services.case_lines(rule)
    sent = {"mode": "lines", "base": version.digest, "clauses": str(len(lines)), "cases": str(len(cases))}
    sent |= {f"clause.{n}.{field}": text for n, line in enumerate(lines) for field, text in line.items()}
    sent |= {f"case.{n}.{field}": text for n, line in enumerate(cases) for field, text in line.items()}
    return sent


def test_the_form_sent_back_as_it_was_changes_nothing() -> None:
    before = draft().digest
    assert as_role("drafter").post(PAGE, form_of(draft())).status_code == 302
    assert draft().digest == before
    assert not draft().steps.exists()


FIXED = {"way": "fixed", "kind": "subsidy", "amount": "25", "amount_unit": "万元"}


def test_the_form_changes_adds_and_drops() -> None:
    sent = form_of(draft())
    extra = {"id": "small", "group": "none", "attribute": "企业划型", "operator": "eq", "value": "大型"}
    sent |= {f"clause.3.{field}": extra.get(field, "") for field in services.CLAUSE_FIELDS}
    sent |= {"clauses": "4", "clause.0.value": "3.5", "clause.1.gone": "on"}
    sent |= {f"give.{name}": text for name, text in FIXED.items()}
    assert as_role("drafter").post(PAGE, sent).status_code == 302
    rule = services.engine_version(draft())
    assert [one.id for one in clauses(rule.eligibility)] == ["ratio", "dishonest", "small"]
    assert (clauses(rule.eligibility)[0].value, rule.benefit.amount_fen) == (3.5, 25_000_000)
    assert services.said(rule.eligibility).count("none of") == 1, "both stand in the one group of that kind"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("clause.0.value", "four", "is no number"),
        ("clause.0.attribute", "no_such", "no_such"),
        ("clause.0.operator", "about", "no operator"),
        ("case.0.given", "nonsense", "gives no value"),
        ("case.0.decision", "perhaps", "decision"),
        ("case.0.low", "many", "no amount"),
        ("case.0.low", "inf", "no amount"),
        ("case.1.name", "够", "two cases"),
        ("clause.1.id", "ratio", "two conditions called ratio"),
        ("clause.0.group", "any", "not in “any”"),
        ("case.0.given", "above_scale_declared=perhaps", "neither yes nor no"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(field: str, text: str, words: str) -> None:
    before = draft().digest
    answer = as_role("drafter").post(PAGE, form_of(draft()) | {field: text})
    body = answer.content.decode()
    assert answer.status_code == 400
    assert words in body
    assert text in body
    assert draft().digest == before


def with_new(*lines: dict[str, str]) -> dict[str, str]:
    sent = form_of(draft()) | {"clauses": str(3 + len(lines))}
    for n, line in enumerate(lines, start=3):
        sent |= {f"clause.{n}.{field}": line.get(field, "") for field in services.CLAUSE_FIELDS}
    return sent


def rich(id: str, group: str) -> dict[str, str]:
    return {"id": id, "group": group, "attribute": "revenue", "operator": "ge", "value": id[-1], "unit": "亿元"}


@pytest.mark.parametrize(
    ("ids", "group", "words"),
    [
        (["big1"], "any", "“any” has only big1"),
        (["big1", "big2"], "at_least 3", "“at_least 3” has only big1、big2"),
        (["big1"], "无", "there is no group “无”"),
        (["big1", "big2"], "at_least 0", "no group “at_least 0”"),
    ],
)
def test_a_new_condition_is_not_put_where_it_was_not_meant(ids: list[str], group: str, words: str) -> None:
    before = draft().digest
    answer = as_role("drafter").post(PAGE, with_new(*(rich(id, group) for id in ids)))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert draft().digest == before


def test_new_conditions_of_one_group_stand_together_and_a_later_one_joins_them() -> None:
    assert (
        as_role("drafter").post(PAGE, with_new(rich("big1", "any"), rich("big2", "any"), rich("must3", ""))).status_code
        == 302
    )
    rule = services.engine_version(draft()).eligibility
    [group] = [one for one in rule.all if isinstance(one, Any_)]
    assert [one.id for one in group.any] == ["big1", "big2"]
    assert "must3" in [one.id for one in rule.all if isinstance(one, Clause)]
    lines = [
        *services.clause_lines(services.engine_version(draft())),
        rich("big4", "any") | {"label": "", "quote": "", "period": ""},
    ]
    again = services.edited(
        services.engine_version(draft()), lines, services.case_lines(services.engine_version(draft()))
    )
    [group] = [one for one in again.eligibility.all if isinstance(one, Any_)]
    assert [one.id for one in group.any] == ["big1", "big2", "big4"]
    lines += [rich(id, "at_least 2") | {"label": "", "quote": "", "period": ""} for id in ("of1", "of2", "of3")]
    most = services.edited(
        services.engine_version(draft()), lines, services.case_lines(services.engine_version(draft()))
    )
    [held] = [one for one in most.eligibility.all if isinstance(one, AtLeast)]
    assert (held.at_least, [one.id for one in held.of]) == (2, ["of1", "of2", "of3"])


@pytest.mark.parametrize(
    ("text", "is_true"), [("是", True), ("true", True), ("否", False), ("no", False), ("也许", None), ("", None)]
)
def test_yes_and_no_are_not_guessed(text: str, is_true: bool | None) -> None:
    extra = {"id": "big", "attribute": "above_scale_declared", "operator": "eq", "value": text}
    sent = form_of(draft()) | {f"clause.3.{field}": extra.get(field, "") for field in services.CLAUSE_FIELDS}
    answer = as_role("drafter").post(PAGE, sent | {"clauses": "4"})
    assert answer.status_code == (400 if is_true is None else 302)
    if is_true is not None:
        assert {one.id: one.value for one in clauses(services.engine_version(draft()).eligibility)}["big"] is is_true


def test_an_amount_of_a_case_may_carry_its_unit() -> None:
    sent = form_of(draft()) | {"case.0.low": "10万元", "case.0.high": "1,000,000"}
    assert as_role("drafter").post(PAGE, sent).status_code == 302
    expect = services.engine_version(draft()).cases[0].expect.amount_fen
    assert expect is not None
    assert (expect.low, expect.high) == (10_000_000, 100_000_000)


@pytest.mark.parametrize(("language", "says"), [("en", "key given twice"), ("zh-hans", "键重复")])
def test_faults_of_a_text_are_told_in_the_language_of_the_page(language: str, says: str) -> None:
    text = services.edition_yaml(services.engine_version(draft())) + "authority: x\n"
    with translation.override(language), pytest.raises(Refused, match=says):
        services.edition_of_yaml(text, "draft-2027")


def test_a_draft_that_looks_below_nothing_still_opens() -> None:
    client = as_role("drafter")
    assert client.post(PAGE, form_of(draft()) | {"clause.0.value": "-5"}).status_code == 302
    assert client.get(PAGE).status_code == 200


def test_nothing_goes_in_force_without_an_authority() -> None:
    assert as_role("drafter").post(PAGE, form_of(draft()) | {"authority": " "}).status_code == 302
    assert any("decides and pays" in one for one in services.faults(draft()))


def test_an_edition_goes_out_as_excel_and_comes_back() -> None:
    client = as_role("drafter")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}edition.xlsx").content))
    heads = [cell.value for cell in book["conditions"][2]]
    book["conditions"].cell(row=3, column=heads.index("value") + 1).value = 3
    out = io.BytesIO()
    book.save(out)
    sent = {"mode": "sheet", "base": draft().digest, "file": SimpleUploadedFile("r.xlsx", out.getvalue())}
    assert client.post(PAGE, sent).status_code == 302
    assert services.engine_version(draft()) == moved("3")
    sent = {"mode": "sheet", "base": draft().digest, "file": SimpleUploadedFile("r.xlsx", b"a,b\n1,2\n")}
    assert client.post(PAGE, sent).status_code == 400


def test_boundary_cases_are_offered_and_kept() -> None:
    client = as_role("drafter")
    body = client.get(PAGE).content.decode()
    assert 'name="edge"' in body
    answer = client.post(PAGE, {"mode": "boundaries", "base": draft().digest, "edge": ["0", "1"]})
    assert answer.status_code == 302, answer.content.decode()
    rule = services.engine_version(draft())
    assert len(rule.cases) == 4
    assert not services.faults(draft())
    assert "ratio" not in {one.id for one in services.unproven(rule)}


def test_a_draft_is_made_from_the_law_once_a_name() -> None:
    client = as_role("drafter")
    client.post("/policies/grant/draft/", {"source": "2026", "name": "2028"})
    made = draft("2028")
    assert (made.status, made.valid_from) == ("draft", dt.date(2027, 1, 1))
    assert services.moves(services.engine_version(draft("2026")), services.engine_version(made)) == []
    assert client.post("/policies/grant/draft/", {"source": "2026", "name": "2028"}).status_code == 409


def test_only_drafters_change_and_firms_see_no_draft() -> None:
    assert as_role("operator").get(PAGE).status_code == 200
    operator = as_role("operator", name="o2")
    assert operator.post(PAGE, form_of(draft())).status_code == 403
    assert operator.post(f"{PAGE}move/", {"to": "reviewed"}).status_code == 403
    assert operator.post("/policies/grant/draft/", {"source": "2026", "name": "x"}).status_code == 403
    assert as_role("enterprise", "ahead").get(PAGE).status_code == 403


def test_what_is_tried_is_written_into_the_draft() -> None:
    client = as_role("drafter")
    sent = {"desk": "version=draft-2027&set.ratio=3", "base": draft().digest}
    client.post("/policies/grant/what-if/write/", sent)
    assert services.engine_version(draft()) == moved("3")
    client.post("/policies/grant/what-if/write/", sent | {"desk": "version=draft-2027&set.ratio=2"})
    assert services.engine_version(draft()) == moved("3")
    assert Variant.objects.get().changes == ["研发强度 3% → 2%"]


@given(st.floats(min_value=0.01, max_value=99, allow_nan=False).map(lambda value: round(value, 2)))
def test_lines_of_an_edition_read_back_to_it(ratio: float) -> None:
    rule = services.made(BASE.rule(), Changes(values={"ratio": f"{ratio:.2f}%"}))
    assert services.edited(rule, services.clause_lines(rule), services.case_lines(rule)) == rule


class BASE:
    """The draft's text without a database, for properties."""

    @staticmethod
    def rule() -> Any:
        from deskzone import GRANT
        from gangshen.engines.benefits import Policy as PolicyFile
        from gangshen.engines.formats import load_yaml

        return load_yaml(GRANT, PolicyFile, name="t").versions[1]


OTHER = """
id: other
title: 另一补助
theme: 研发
issuer: 示例园区
versions:
  - version: "1"
    status: in_force
    valid_from: 2026-01-01
    authority: 区科委
    eligibility: {id: staff, attribute: insured_employees, operator: ge, value: 20}
    benefit: {kind: subsidy, BENEFIT}
"""


@pytest.mark.parametrize(
    ("other", "mine", "says"),
    [
        ("rate: 0.5, matches: grant", {"rate": 0.5, "matches": "other"}, "round a circle"),
        ("amount_fen: 5万元", {"amount_fen": 1, "not_with": ["nobody"]}, "no other policy"),
        (
            "amount_fen: 5万元, ceilings: [{name: x, amount_fen: 9万元}]",
            {"amount_fen": 1, "ceilings": [{"name": "x", "amount_fen": 1}]},
            "differs from that of",
        ),
    ],
)
def test_what_a_draft_says_of_other_policies_keeps_it_from_force(other: str, mine: dict[str, Any], says: str) -> None:
    put(OTHER.replace("BENEFIT", other))
    benefit = Benefit.model_validate({"kind": "subsidy"} | mine)
    text = services.engine_version(draft()).model_copy(update={"benefit": benefit})
    services.write(draft(), text, base=draft().digest, actor=drafter(), now=NOW)
    translation.activate("en")
    assert any(says in one for one in services.faults(draft())), services.faults(draft())
    with pytest.raises(Refused):
        services.step(draft(), "reviewed", actor=drafter(), now=NOW)
    assert draft().status == "draft"


def test_a_paper_is_asked_for_once() -> None:
    clause = {"id": "a", "kind": "judgement", "quote": "验收", "evidence": ["验收报告", "合同"]}
    rule = EnginePolicyVersion.model_validate(
        {
            "version": "1",
            "status": "draft",
            "authority": "区科委",
            "eligibility": clause,
            "benefit": {"kind": "service"},
        }
        | {"materials": ["项目合同、付款凭证与验收报告", "合同、验收报告"]}
    )
    assert papers(rule) == "项目合同、付款凭证与验收报告、合同、验收报告"


def test_what_only_an_uplift_or_a_ceiling_reads_is_in_use_too() -> None:
    version = draft()
    rule = services.engine_version(version)
    more = {
        "uplifts": [
            {"when": {"id": "u", "attribute": "exports", "operator": "gt", "value": 0, "unit": "元"}, "rate": 0.1}
        ],
        "ceilings": [{"name": "all", "rate": 0.5, "base": "profit"}],
    }
    benefit = Benefit.model_validate(rule.benefit.model_dump() | more)
    version.content = services.edition_yaml(rule.model_copy(update={"benefit": benefit}))
    version.save()
    used = {name for uses in USED_BY for name in uses()}
    assert {"exports", "profit"} <= used
