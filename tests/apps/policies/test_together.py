"""One firm's amount under one policy is one figure wherever it is shown, with what bears on it: the grant that it tops up,
what was granted before, a ceiling shared with others."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import docx
import openpyxl
import polars as pl
import pytest
from django.utils import translation
from typer.testing import CliRunner

from deskzone import NOW, TODAY, as_role, build, put
from gangshen.apps.archive import services as archive
from gangshen.apps.money import services as money
from gangshen.apps.money.models import Programme
from gangshen.apps.policies import services
from gangshen.apps.policies.commands import app
from gangshen.apps.policies.models import Grant, GrantBatch, Policy
from gangshen.engines.benefits import Interval
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
WAN = 10**6
FRAME = """
id: {id}
title: {{zh: {zh}, en: {en}}}
theme: {{zh: 研发, en: Research}}
issuer: 示例园区
versions:
  - version: "{version}"
    status: {status}
    valid_from: 2026-01-01
    authority: 区科委
    eligibility: {{id: staff, attribute: insured_employees, operator: ge, value: {staff}}}
    benefit: {{kind: subsidy, {benefit}}}
"""
SHARED = "ceilings: [{name: talents, amount_fen: 25万元}]"
HEAD = "企业,政策,金额（万元）,日期,来源\n"


def policy(id: str, en: str, staff: int, benefit: str, status: str = "in_force", version: str = "1") -> None:
    put(FRAME.format(id=id, zh=en, en=en, staff=staff, benefit=benefit, status=status, version=version))


@pytest.fixture(autouse=True)
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    build(settings, tmp_path)
    policy("city", "City grant", 40, f"amount_fen: 20万元, {SHARED}")
    policy("more", "Matching grant", 20, f"rate: 0.5, matches: city, {SHARED}")
    translation.activate("en")


def load(*lines: str) -> GrantBatch:
    text, day = (HEAD + "\n".join(lines)).encode(), NOW - dt.timedelta(days=3)
    batch = services.import_grants(text, "granted.csv", actor=None, now=day)
    assert batch is not None
    return batch


def of(firm: str, key: str) -> services.Match:
    return next(one for one in services.matches(firm, TODAY) if one.edition.key == key)


def words(firm: str, key: str) -> str:
    return "; ".join(one.words for one in services.because(of(firm, key)))


def everywhere(firm: str, key: str) -> Interval | None:
    """The figure on every way to it; they are one."""
    found = of(firm, key)
    row = services.match_all(TODAY).row(
        by_predicate=(pl.col("enterprise") == firm) & (pl.col("policy") == key), named=True
    )
    told = {None if row["high"] is None else (row["low"], row["high"])}
    for one in services.all_matches(TODAY):
        if (one.enterprise, one.edition.key) == (firm, key):
            told.add(one.amount and (one.amount.low, one.amount.high))
    single = services.match(Policy.objects.get(key=key), firm, TODAY)
    told.add(single.amount and (single.amount.low, single.amount.high))
    printed = CliRunner().invoke(app, ["match", "--enterprise", firm, "--json"])
    assert printed.exit_code == 0, printed.output
    given = next(one for one in json.loads(printed.stdout) if one["policy"] == key)["amount_fen"]
    told.add(given and (given["low"], given["high"]))
    assert told == {found.amount and (found.amount.low, found.amount.high)}
    return found.amount


def test_a_matching_grant_is_of_the_grant_it_tops_up() -> None:
    assert everywhere("level", "more") == Interval(10 * WAN, 10 * WAN)
    assert "tops up “City grant” (open now" in words("level", "more")
    assert everywhere("silent", "more") == Interval(0, 0), "thirty insured: the city grant is not open to it"
    assert "waits for that grant" in words("silent", "more")
    load("silent,city,12,2025-05-05,市财政 3 号")
    assert everywhere("silent", "more") == Interval(6 * WAN, 6 * WAN)
    assert words("silent", "more") == "tops up “City grant” (granted 120,000 CNY)"
    load("silent,more,6,2025-06-05,区财政 4 号")
    assert everywhere("silent", "more") == Interval(0, 0)
    assert services.because(of("silent", "more"))[0].used_up


def test_a_shared_ceiling_counts_what_others_were_granted() -> None:
    load("level,city,22,2026-03-02,市财政 7 号")
    assert everywhere("level", "city") == Interval(3 * WAN, 3 * WAN)
    assert everywhere("level", "more") == Interval(3 * WAN, 3 * WAN)
    told = services.because(of("level", "more"))
    assert [one.kind for one in told] == ["tops_up", "ceiling"]
    assert "are left" in told[1].words and told[1].refs == (f"grant:{Grant.objects.get().pk}",)
    load("level,more,3,2026-04-02,区财政 8 号")
    assert everywhere("level", "more") == Interval(0, 0)
    assert services.because(of("level", "more"))[-1].used_up


def test_a_policy_that_ended_still_takes_of_the_ceiling_and_rules_out() -> None:
    policy("old", "Old grant", 40, f"amount_fen: 5万元, exclusive: talent, {SHARED}")
    policy("new", "New grant", 40, "amount_fen: 5万元, exclusive: talent")
    load("level,old,15,2026-02-02,区财政 1 号")
    policy("old", "Old grant", 40, f"amount_fen: 5万元, exclusive: talent, {SHARED}", status="draft")
    assert everywhere("level", "city") == Interval(10 * WAN, 10 * WAN)
    assert everywhere("level", "new") == Interval(0, 0)
    assert "ruled out by what was granted before: “Old grant”" in words("level", "new")


def test_the_sum_and_each_figure_are_the_same_on_every_page() -> None:
    load("level,city,22,2026-03-02,市财政 7 号")
    city, more = (services.because(of("level", key))[-1].words for key in ("city", "more"))
    firm, clerk = as_role("enterprise", "level"), as_role("operator")
    mine = firm.get("/my/").content.decode()
    assert city in mine and more in mine
    assert "shares a ceiling with City grant" in mine, "both ask for the last 30,000"
    profile = clerk.get("/enterprises/level/").content.decode()
    assert more in profile and "shares a ceiling with City grant" in profile
    decided = clerk.get("/policies/more/for/level/").content.decode()
    assert more in decided and f"ref=grant%3A{Grant.objects.get().pk}" in decided
    book = openpyxl.load_workbook(io.BytesIO(clerk.get("/policies/firms/level/policies.xlsx").content))
    rows = {row[0]: row for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    assert (rows["Matching grant"][2], rows["Matching grant"][3]) == (30_000, 30_000)
    assert more in str(rows["Matching grant"])
    told = {one["policy"]: one for one in clerk.get("/api/policies/match/level").json()}
    assert told["more"]["amount_fen"] == {"low": 3 * WAN, "high": 3 * WAN}
    assert told["more"]["because"][-1]["words"] == more
    run = services.start(TODAY, actor=None, now=NOW, inline=True)
    filed = services.filed(run, "level", "more")
    assert filed is not None and filed.amount == Interval(3 * WAN, 3 * WAN)


def test_a_filed_decision_is_decided_again_on_what_counted_then() -> None:
    batch = load("level,city,22,2026-03-02,市财政 7 号")
    run = services.start(TODAY, actor=None, now=NOW, inline=True)
    found = services.filed(run, "level", "more")
    assert found is not None and run.finished_at is not None
    services.undo_grants(batch, actor=None, now=run.finished_at + dt.timedelta(hours=1))
    policy("city", "City grant", 40, f"amount_fen: 20万元, {SHARED}", status="superseded")
    policy("city", "City grant", 40, f"amount_fen: 8万元, {SHARED}", version="2")
    again, facts = services.recompute(found, Policy.objects.get(key="more"), "level")
    assert again.amount == Interval(3 * WAN, 3 * WAN)
    refs = services.rests_on(again, facts)
    assert f"grant:{Grant.objects.get().pk}" in refs
    assert everywhere("level", "more") == Interval(4 * WAN, 4 * WAN)


def test_the_chain_of_a_decision_ends_at_the_grants() -> None:
    load("silent,city,12,2025-05-05,市财政 3 号")
    refs = list(archive.chain(services.decision_ref("silent", "more", TODAY)).refs())
    assert f"grant:{Grant.objects.get().pk}" in refs and f"match:silent@{TODAY}#city" in refs
    body = as_role("operator").get(f"/evidence/?ref=grant:{Grant.objects.get().pk}").content.decode()
    assert "市财政 3 号" in body and "City grant" in body
    other = as_role("enterprise", "level").get(f"/evidence/?ref=grant:{Grant.objects.get().pk}")
    assert "市财政 3 号" not in other.content.decode()


def tried(key: str, **values: str) -> services.Study:
    return services.studied(key, None, services.Changes(values), TODAY)


def test_what_if_subtracts_what_was_granted_and_says_so() -> None:
    yearly = "amount_fen: 20万元, caps: [{amount_fen: 25万元, per: year}]"
    policy("yearly", "Yearly grant", 40, yearly)
    money.upsert_programme("research", "研发资金")
    Policy.objects.filter(key="yearly").update(programme=Programme.objects.get(key="research"))
    gross = tried("yearly")
    assert (gross.trial.after.low, gross.trial.earlier) == (80 * WAN, None), "four firms of forty or more"
    load("level,yearly,15,2026-03-02,区财政 1 号", "ahead,yearly,15,2025-03-02,区财政 2 号")
    net = tried("yearly")
    assert net.trial.earlier is not None and net.budget is not None
    assert (net.trial.earlier.firms, net.trial.earlier.in_year, net.trial.earlier.ever) == (2, 15 * WAN, 30 * WAN)
    assert net.trial.after.low == net.trial.before.low == 70 * WAN, "of a year's ceiling only this year's grant counts"
    assert net.trial.earlier.spared == 10 * WAN
    assert net.budget.room == net.budget.appropriated - 15 * WAN
    assert sum(one.amount.low for one in services.all_matches(TODAY) if one.edition.key == "yearly" and one.amount) == (
        net.trial.after.low
    ), "the desk and the match say the same"
    said = "2 firms were granted 300,000 CNY under it, 150,000 CNY of it in 2026; without that it would cost up to"
    body = as_role("drafter").get("/policies/yearly/what-if/").content.decode()
    assert said in body
    paper = "\n".join(one.text for one in docx.Document(io.BytesIO(services.what_if_memo(net))).paragraphs)
    assert said in paper
    told: Any = services.what_if_json(net)
    assert told["earlier"]["spared_fen"] == 10 * WAN and told["budget"]["granted_in_year_fen"] == 15 * WAN


def test_a_text_of_next_year_begins_its_yearly_ceiling_anew() -> None:
    policy("yearly", "Yearly grant", 40, "amount_fen: 20万元, caps: [{amount_fen: 25万元, per: year}]")
    load("level,yearly,15,2026-03-02,区财政 1 号")
    draft = FRAME.replace("2026-01-01", "2027-01-01")
    once = "amount_fen: 20万元, caps: [{amount_fen: 25万元, per: total}]"
    for name, benefit, low in (
        ("2", "amount_fen: 20万元, caps: [{amount_fen: 25万元, per: year}]", 80),
        ("3", once, 70),
    ):
        values = {"id": "yearly", "zh": "Yearly grant", "en": "Yearly grant", "staff": 40, "status": "draft"}
        put(draft.format(benefit=benefit, version=name, **values))
        found = services.studied("yearly", name, services.Changes(), TODAY)
        assert found.trial.after.low == low * WAN


def test_what_if_of_a_matching_grant_follows_its_grant() -> None:
    assert tried("more").trial.after.high == 4 * 10 * WAN, "the four that get the city grant; the fifth waits"
    load("silent,city,12,2025-05-05,市财政 3 号")
    found = tried("more")
    assert found.trial.after.high == (4 * 10 + 6) * WAN
    assert found.trial.earlier is None or found.trial.earlier.spared <= 0


def test_what_pays_nothing_now_is_not_counted_as_gained() -> None:
    load("level,city,25,2026-03-02,市财政 7 号")
    city = of("level", "city")
    assert city.spent and city.decision.value == "yes" and services.together([city]).total == Interval(0, 0)
    page = as_role("enterprise", "level").get("/my/")
    assert {one.edition.key for one in page.context["gets"]} == {"grant"}
    left = page.content.decode().partition('id="beside"')[2]
    assert "City grant" in left and "the ceiling that" in left
    clerk = as_role("operator")
    assert "Nothing now" in clerk.get("/enterprises/level/").content.decode()
    decided = clerk.get("/policies/city/for/level/").content.decode()
    assert "Meets every condition; nothing is to be had now" in decided
    waits = as_role("enterprise", "silent").get("/my/").content.decode().partition('id="beside"')[2]
    assert "waits for that grant" in waits


def test_a_text_that_tops_up_itself_is_refused_on_the_desk() -> None:
    policy("city", "City grant", 40, "rate: 0.5, matches: more", status="draft", version="2")
    with pytest.raises(Refused, match="round a circle"):
        services.studied("city", "2", services.Changes(), TODAY)
    body = as_role("drafter").get("/policies/city/what-if/?version=2").content.decode()
    assert "can&#x27;t be worked out" in body and "Correct what it tops up." in body
