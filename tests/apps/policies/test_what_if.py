"""试算: moving a number says who enters, who leaves, who is unknown and what it costs, the same by page, API and CLI."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskzone import FIRMS, NOW, TODAY, as_role, build, put
from gangshen.apps.documents import services as documents
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy, Variant
from gangshen.apps.policies.services import Changes
from gangshen.apps.policies.services._changes import rebuilt
from gangshen.engines.benefits import Policy as PolicyFile
from gangshen.engines.benefits import PolicyVersion
from gangshen.engines.formats import load_yaml
from gangshen.engines.rules import Decision, Span, clauses
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    build(settings, tmp_path)


def edition(name: str = "2026") -> PolicyVersion:
    version = Policy.objects.get(key="grant").versions.get(version=name)
    return services.engine_version(version)


def tried(**values: str) -> services.Trial:
    rule = edition()
    return services.trial(rule, services.made(rule, Changes(values=values)), services.ground(TODAY))


def ids(found: services.Trial, mask: Any) -> set[str]:
    return {row["id"] for row in found.rows(mask)}


def test_a_lower_threshold_lets_in_those_between_and_leaves_the_silent_unknown() -> None:
    found = tried(ratio="4")
    assert ids(found, found.enters) == {"close"}
    assert ids(found, found.leaves) == set()
    assert ids(found, found.open) == {"silent"}
    assert (found.before.low, found.after.low, found.after.high) == (400_000_00, 600_000_00, 800_000_00)
    assert [one.line for one in found.moves] == ["研发强度 5% → 4%"]


def test_each_change_is_tried_alone_and_together() -> None:
    found = tried(ratio="4%", staff="50")
    assert ids(found, found.leaves) == {"level"}
    assert found.alone["ratio"][:2] == (1, 0)
    assert found.alone["staff"][:2] == (0, 1)


@pytest.mark.parametrize("ratio", ["1", "4.5", "5.01", "9"])
def test_the_desk_decides_as_the_match_does(ratio: str) -> None:
    found = tried(ratio=ratio)
    codes = {Decision.NO: 0, Decision.UNKNOWN: 1, Decision.YES: 2}
    policy = Policy.objects.get(key="grant")
    moved = services.Edition(policy, policy.versions.get(version="2026"), found.after.edition)
    for one in services.all_matches(TODAY, [moved]):
        at = found.ground.frame["id"].to_list().index(one.enterprise)
        assert found.after.decisions[at] == codes[one.decision]


def test_a_sweep_falls_as_the_threshold_rises_and_meets_the_trial() -> None:
    found = tried(ratio="4")
    setting = services.moved_setting(found.after.edition, found.moves)
    assert setting is not None
    points = services.sweep(found.after.edition, setting, found.ground, through=[4.0, 5.0])
    reached = [one.yes for one in points]
    assert reached == sorted(reached, reverse=True)
    assert {one.value: one.yes for one in points}[4.0] == found.after.yes
    assert {one.value: one.yes for one in points}[5.0] == found.before.yes


def test_clauses_are_dropped_and_added() -> None:
    rule = edition()
    less = services.made(rule, Changes(drop=("staff",)))
    assert [one.id for one in clauses(less.eligibility)] == ["ratio", "dishonest"]
    more = services.made(rule, Changes(add=("size_class in 小型、微型",)))
    found = services.trial(rule, more, services.ground(TODAY))
    assert ids(found, found.leaves) == {"ahead"}
    assert [one.now for one in found.moves if not one.was]


@pytest.mark.parametrize(
    "changes",
    [
        Changes(values={"nothing": "1"}),
        Changes(values={"ratio": "four"}),
        Changes(values={"ratio": "4万元"}),
        Changes(values={"amount": "-1"}),
        Changes(values={"amount": "20 km"}),
        Changes(values={"staff": "1e999"}),
        Changes(drop=("nobody",)),
        Changes(drop=("ratio", "staff", "dishonest")),
        Changes(add=("insured_employees",)),
        Changes(add=("no_such_thing >= 5",)),
    ],
)
def test_what_cannot_be_is_refused_in_words(changes: Changes) -> None:
    with pytest.raises(Refused) as refused:
        services.made(edition(), changes)
    assert refused.value.message


def test_a_fraction_is_not_taken_for_a_percentage() -> None:
    rated = edition().model_copy(
        update={"benefit": edition().benefit.model_copy(update={"rate": 0.3, "amount_fen": None})}
    )
    with pytest.raises(Refused):
        services.made(rated, Changes(values={"rate": "0.3"}))
    assert services.made(rated, Changes(values={"rate": "0.3%"})).benefit.rate == pytest.approx(0.003)
    assert services.made(rated, Changes(values={"rate": "25"})).benefit.rate == pytest.approx(0.25)


@given(st.integers(min_value=0, max_value=10**9))
def test_a_setting_typed_back_is_the_same_setting(people: int) -> None:
    rule = load_yaml(_BARE, PolicyFile, name="t").versions[0]
    moved = services.made(rule, Changes(values={"staff": f"{people:,}"}))
    setting = next(one for one in services.settings_of(moved) if one.key == "staff")
    assert services.made(rule, Changes(values={"staff": setting.value})) == moved


_BARE = """
id: bare
title: {zh: 一, en: one}
theme: {zh: 一, en: one}
issuer: 园区
versions:
  - version: "1"
    status: draft
    authority: 区
    eligibility: {id: staff, attribute: insured_employees, operator: ge, value: 5}
    benefit: {kind: reward, amount_fen: 1}
"""


def test_the_page_says_it_in_one_sentence_and_htmx_gets_a_part() -> None:
    client = as_role("drafter")
    body = client.get("/policies/grant/what-if/").content.decode()
    assert "研发强度 5% → 4%" in body, "the draft is held against the law in force"
    assert '<a class="fig" href="#who">1</a> firm enters' in body
    part = client.get("/policies/grant/what-if/?set.staff=50", HTTP_HX_REQUEST="true")
    assert "<html" not in part.content.decode()
    assert "set.staff=50" in part.headers["HX-Push-Url"]
    assert "hx-swap-oob" in part.content.decode()


def test_a_wrong_number_keeps_the_page_and_says_what_to_write() -> None:
    answer = as_role("drafter").get("/policies/grant/what-if/?set.ratio=abc")
    assert answer.status_code == 200
    assert "is no number" in answer.content.decode()


def test_the_desk_is_for_those_who_see_every_match() -> None:
    assert as_role("leader").get("/policies/grant/what-if/").status_code == 200
    assert as_role("leader", name="l2").get("/policies/what-if/").status_code == 200
    assert as_role("enterprise", "ahead").get("/policies/grant/what-if/").status_code == 403
    assert as_role("enterprise", "level").get("/policies/what-if/").status_code == 403
    assert as_role("data_officer").get("/policies/grant/what-if/").status_code == 403
    post = as_role("enterprise", "close").post(
        "/api/policies/grant/what-if", json.dumps({}), content_type="application/json"
    )
    assert post.status_code == 403


def test_variants_are_kept_with_author_compared_and_taken_away() -> None:
    client = as_role("drafter")
    for value in ("4.5", "3"):
        client.post("/policies/grant/what-if/keep/", {"desk": f"version=2026&set.ratio={value}"})
    kept = list(Variant.objects.order_by("pk"))
    assert [(one.name, one.author.username if one.author else "", one.changes) for one in kept] == [
        ("A", "drafter-None", ["研发强度 5% → 4.5%"]),
        ("B", "drafter-None", ["研发强度 5% → 3%"]),
    ]
    assert services.variant_edition(kept[0]) == services.made(edition(), Changes(values={"ratio": "4.5"}))
    body = client.get("/policies/grant/what-if/?version=2026").content.decode()
    assert f"variant={kept[0].pk}" in body
    twice = client.post("/policies/grant/what-if/keep/", {"desk": "version=2026&set.ratio=3", "name": "A"})
    assert twice.status_code == 409
    client.post(f"/policies/grant/what-if/drop/{kept[0].pk}/")
    assert list(Variant.objects.values_list("name", flat=True)) == ["B"]
    refused = as_role("operator").post("/policies/grant/what-if/keep/", {"desk": "version=2026&set.ratio=3"})
    assert refused.status_code == 403


def test_flags_name_the_review_the_tax_and_the_unproven_clause() -> None:
    policy = Policy.objects.get(key="grant")
    version = policy.versions.get(version="draft-2027")
    found = services.flags(policy, version, services.engine_version(version))
    assert {one.key for one in found} == {"fair_competition", "no_case"}
    assert {one.clause for one in found if one.key == "no_case"} == {"staff", "dishonest"}
    taxed = services.engine_version(version)
    taxed = taxed.model_copy(
        update={"benefit": taxed.benefit.model_copy(update={"rate": 0.1, "base": "tax_paid", "amount_fen": None})}
    )
    assert services.flags(policy, version, taxed)[0].state == "bad"
    assert "tax" in {one.key for one in services.flags(policy, version, taxed)}


def test_two_policies_for_the_same_figure_overlap_unless_one_excludes_the_other() -> None:
    rated = _BARE.replace("id: bare", "id: rated").replace(
        "status: draft", "status: in_force\n    valid_from: 2026-01-01"
    )
    put(rated.replace("amount_fen: 1", "rate: 0.1, base: rd_expense"))
    policy = Policy.objects.get(key="grant")
    rule = edition()
    for group, overlapping in ((None, True), ("research", False)):
        put(rated.replace("amount_fen: 1", "rate: 0.1, base: rd_expense" + (f", exclusive: {group}" if group else "")))
        benefit = rule.benefit.model_copy(
            update={"rate": 0.2, "base": "rd_expense", "amount_fen": None, "exclusive": group}
        )
        mine = rule.model_copy(update={"benefit": benefit})
        over = services.ground(TODAY)
        outcome = services.outcomes(over, {"it": mine})["it"]
        found = services.flags(policy, None, mine, others=services.editions_in_force(TODAY), tried=outcome, over=over)
        assert ("overlap" in {one.key for one in found}) is overlapping


def test_the_money_is_green_amber_or_red() -> None:
    budget = services.budget_of(Policy.objects.get(key="grant").programme, 2027)
    assert budget is not None
    assert (budget.year, budget.earlier) == (2026, True)
    assert [budget.state(*cost) for cost in ((0, 500_000_00), (400_000_00, 600_000_00), (500_000_01, 600_000_00))] == [
        "ok",
        "near",
        "bad",
    ]
    assert budget.over(600_000_00) == 100_000_00


def test_word_and_excel_carry_the_figures_of_the_trial() -> None:
    client = as_role("drafter")
    query = "version=2026&set.ratio=4"
    memo = docx.Document(io.BytesIO(client.get(f"/policies/grant/what-if/memo.docx?{query}").content))
    text = "\n".join(one.text for one in memo.paragraphs)
    assert "1 enter, 0 leave, 1 are unknown" in text
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/policies/grant/what-if/what-if.xlsx?{query}").content))
    firms = [row[2] for row in book.worksheets[2].iter_rows(min_row=3, values_only=True)]
    assert firms == ["close", "silent"]
    assert as_role("leader").get(f"/policies/grant/what-if/memo.docx?{query}").status_code == 403


def test_the_api_answers_what_the_page_says() -> None:
    body = {"set": {"ratio": "4"}, "version": "2026"}
    answer = as_role("operator").post("/api/policies/grant/what-if", json.dumps(body), content_type="application/json")
    said = answer.json()
    assert [one["enterprise"] for one in said["enters"]] == ["close"]
    assert said["after"]["cost_fen"] == {"low": 600_000_00, "high": 800_000_00}
    assert said["budget"]["state"] == "does_not_fit"
    assert sum(one["after"] for one in said["by"]["size"]) == said["after"]["yes"] == 3
    assert len(FIRMS) == said["enterprises"]


def test_a_page_asks_the_database_as_often_for_many_variants(django_assert_max_num_queries: Any) -> None:
    client = as_role("drafter")
    client.get("/policies/grant/what-if/")
    with django_assert_max_num_queries(34):
        client.get("/policies/grant/what-if/")
    for n in range(5):
        client.post("/policies/grant/what-if/keep/", {"desk": f"version=2026&set.ratio={n + 1}"})
    with django_assert_max_num_queries(34):
        client.get("/policies/grant/what-if/")


def test_two_editions_stand_side_by_side() -> None:
    body = as_role("drafter").get("/policies/grant/compare/?a=2026&b=draft-2027").content.decode()
    assert "<del>5%</del>" in body
    assert as_role("enterprise", "ahead").get("/policies/grant/compare/?a=2026&b=draft-2027").status_code == 404


def test_the_command_never_writes_over_a_file(tmp_path: Path) -> None:
    there = tmp_path / "m.xlsx"
    there.write_bytes(b"mine")
    from gangshen.apps.policies.commands._match import free

    with pytest.raises(Refused):
        free(there, force=False)
    free(there, force=True)
    assert there.read_bytes() == b"mine"


def test_the_day_of_a_command_is_a_day() -> None:
    import typer

    from gangshen.apps.policies.commands._match import day_of

    assert day_of("2030-01-01") == dt.date(2030, 1, 1)
    with pytest.raises(typer.BadParameter):
        day_of("soon")


def why(found: services.Trial, firm: str) -> str:
    at = found.ground.frame["id"].to_list().index(firm)
    return services.causes(found).words(at)


def test_a_firm_that_enters_or_leaves_names_the_number_that_decided() -> None:
    found = tried(ratio="4", staff="50")
    assert why(found, "level") == "参保人数 20 人 → 50 人"
    assert "研发强度" in why(tried(ratio="4"), "silent"), "who can't be told names what is missing"
    both = tried(ratio="1", staff="5")
    assert ids(both, both.enters) == {"close", "behind", "tiny"}
    assert why(both, "tiny") == "参保人数 20 人 → 5 人"
    assert why(both, "behind") == "研发强度 5% → 1%"


def test_two_numbers_that_decide_together_are_both_named() -> None:
    rule = edition()
    law = services.made(rule, Changes(values={"ratio": "10", "staff": "20"}))
    found = services.trial(
        law, services.made(law, Changes(values={"ratio": "9", "staff": "5"})), services.ground(TODAY)
    )
    assert "tiny" in ids(found, found.enters)
    assert "10% → 9%" in why(found, "tiny") and "20 人 → 5 人" in why(found, "tiny")
    assert " or " not in why(found, "tiny")
    answer = as_role("drafter").get("/policies/grant/what-if/?version=2026&set.ratio=4").content.decode()
    assert "By which condition" in answer and "+1, −0" in answer


def test_words_that_do_not_stand_where_they_are_said_to_are_flagged() -> None:
    text = "试点措施\n\n一、支持研发\n研发强度不低于5%的企业，给予奖励。\n"
    document = documents.upload(text.encode(), "measures.md", actor=None, now=NOW, key="measures", title="试点措施")
    read = documents.text(documents.read(document, now=NOW))
    policy = Policy.objects.get(key="grant")
    version = policy.versions.get(version="draft-2027")
    rule = services.engine_version(version)
    words = "研发强度不低于5%"
    at = read.index(words)

    def flagged(start: int, quote: str, key: str = "measures") -> list[tuple[str, str]]:
        span = Span(start=start, end=start + len(quote), document=key)
        changed = rebuilt(
            rule.eligibility,
            lambda one: one.model_copy(update={"quote": quote, "span": span}) if one.id == "ratio" else one,
        )
        found = services.flags(policy, version, rule.model_copy(update={"eligibility": changed}))
        return [(one.state, one.clause) for one in found if one.key == "quote"]

    assert flagged(at, words) == []
    assert flagged(at + 1, words) == [("bad", "ratio")]
    assert flagged(at, "研发强度不低于8%") == [("bad", "ratio")]
    assert flagged(99_999, words) == [("bad", "ratio")]
    assert flagged(at, words, "not-filed") == [], "of a text that is not here nothing can be said"
