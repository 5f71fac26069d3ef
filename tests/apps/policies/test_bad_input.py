"""Rules that can't be meant: each is refused with file, line, field and remedy, and nothing of it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deskzone import NOW, build
from gangshen.apps.money import services as money
from gangshen.apps.money.models import Transaction
from gangshen.apps.money.portable import load as load_programmes
from gangshen.apps.policies import portable
from gangshen.apps.policies.models import Policy, PolicyVersion
from gangshen.engines.formats import FormatError

pytestmark = pytest.mark.django_db
HEAD = """id: award
title: {zh: 奖励, en: Award}
theme: {zh: 研发, en: Research}
issuer: 示例园区
versions:
"""
EDITION = """  - version: "1"
    status: in_force
    valid_from: 2026-01-01
    valid_to: 2026-12-31
    authority: 区科委
    eligibility:
      all:
        - {id: ratio, attribute: rd_ratio, operator: ge, value: 5, unit: "%"}
        - {id: title, attribute: certificates, operator: has_any, value: [高新技术企业]}
    benefit:
      kind: subsidy
      base: rd_expense
      rate: 0.3
      caps: [{amount_fen: 20万元, per: firm}]
    cases:
      - {name: 是, as_of: 2026-05-01, expect: {decision: yes},
         given: {rd_ratio: 6, certificates: [高新技术企业], rd_expense: 10万元}}
      - {name: 否, as_of: 2026-05-01, expect: {decision: no},
         given: {rd_ratio: 1, certificates: [高新技术企业], rd_expense: 10万元}}
"""
FILE = HEAD + EDITION
RATIO = '{id: ratio, attribute: rd_ratio, operator: ge, value: 5, unit: "%"}'


@pytest.fixture(autouse=True)
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    build(settings, tmp_path)


def refusal(folder: Path, **files: str) -> str:
    """What is said of the files; the database is as it was before."""
    before = list(PolicyVersion.objects.values_list("pk", "digest"))
    (folder / "policies").mkdir(parents=True)
    sound = FILE.replace("id: award", "id: sound")
    for name, text in {"sound": sound, **files}.items():
        (folder / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as refused:
        portable.load(folder, now=NOW)
    assert list(PolicyVersion.objects.values_list("pk", "digest")) == before, "nothing is half-written"
    assert not Policy.objects.filter(key__in=["award", "sound", "other"]).exists()
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("rate: 0.3", "rate: 0.3\n      floor_fen: 50万元", "award.yaml:20:", "cap is below the floor"),
        ("rate: 0.3", "rate: 30%", "award.yaml:18:versions[0].benefit.rate", "write 30 % as 0.3"),
        ("rate: 0.3", "rate: 30", "award.yaml:18:versions[0].benefit.rate", "write 30 % as 0.3"),
        ("20万元", "-20万元", "award.yaml:19:versions[0].benefit.caps[0].amount_fen", "must not be below 0"),
        (RATIO, RATIO.replace('5, unit: "%"', "0.05"), "award.yaml:13:", "looks like a fraction, not a percentage"),
        ("value: [高新技术企业]", "value: [高新科技企业]", "award.yaml:14:", "unknown certificate"),
        ("value: [高新技术企业]", "value: []", "award.yaml:14:", "the set is empty"),
        ("id: ratio", "id: ''", "award.yaml:13:", "a clause has no id"),
        (RATIO, f"{RATIO}\n        - {RATIO.replace('id: ratio', 'id: top').replace('ge, value: 5', 'le, value: 4')}",
         "award.yaml:11:", "can never hold together"),
        ("kind: subsidy", "kind: subsidy\n      not_with: [award]", "award.yaml:17:", "no other policy"),
        ("kind: subsidy", "kind: subsidy\n      not_with: [nobody]", "award.yaml:17:", "no other policy"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_meant(tmp_path: Path, old: str, new: str, place: str, says: str) -> None:
    assert old in FILE
    told = refusal(tmp_path / "zone", award=FILE.replace(old, new, 1))
    assert place in told and says in told, told
    assert "at least 1 item" not in told, "what is refused inside is not told again as missing"


def test_an_empty_rule(tmp_path: Path) -> None:
    start, end = FILE.index("      all:\n"), FILE.index("    benefit:")
    told = refusal(tmp_path / "zone", award=FILE[:start] + "      all: []\n" + FILE[end:])
    assert "award.yaml:11:" in told and "holds no condition" in told


def test_editions_in_force_on_the_same_day(tmp_path: Path) -> None:
    later = EDITION.replace('"1"', '"2"').replace("2026-01-01", "2026-06-01")
    told = refusal(tmp_path / "zone", award=FILE + later)
    line = (FILE + later).splitlines().index("    valid_from: 2026-06-01") + 1
    assert f"award.yaml:{line}:versions[1].valid_from: versions 1 and 2 are in force on the same day" in told


def test_a_programme_that_is_not_there(tmp_path: Path) -> None:
    told = refusal(tmp_path / "zone", award=FILE.replace("issuer", "programme: nothing\nissuer", 1))
    assert "policies/award.yaml:4:programme: no programme 'nothing' (add it to programmes.yaml" in told


def test_two_editions_of_one_name_and_a_basis_that_is_no_document(tmp_path: Path) -> None:
    again = EDITION.replace("2026-01-01", "2027-01-01").replace("2026-12-31", "2027-12-31")
    line = len(FILE.splitlines()) + 1
    assert f"award.yaml:{line}:versions[1].version: two versions" in refusal(tmp_path / "a", award=FILE + again)
    told = refusal(tmp_path / "b", award=FILE.replace("    cases:", "    basis: nowhere\n    cases:", 1))
    assert "versions[0].basis: basis 'nowhere' is none of the documents" in told


def test_grants_that_top_up_one_another_round_a_circle(tmp_path: Path) -> None:
    plain = FILE.replace("      base: rd_expense\n", "")
    one = plain.replace("kind: subsidy", "kind: subsidy\n      matches: other")
    other = plain.replace("id: award", "id: other").replace("kind: subsidy", "kind: subsidy\n      matches: award")
    told = refusal(tmp_path / "zone", award=one, other=other)
    assert all(f"{name}.yaml:17:" in told for name in ("award", "other")) and "round a circle" in told


def test_a_grant_that_tops_up_what_it_rules_out(tmp_path: Path) -> None:
    words = "kind: subsidy\n      matches: award\n      not_with: [award]"
    other = (
        FILE.replace("      base: rd_expense\n", "").replace("id: award", "id: other").replace("kind: subsidy", words)
    )
    told = refusal(tmp_path / "zone", award=FILE, other=other)
    assert "other.yaml:17:" in told and "rules it out" in told


def test_a_grant_that_tops_up_what_rules_it_out(tmp_path: Path) -> None:
    tops = FILE.replace("id: award", "id: other").replace("      base: rd_expense\n", "      matches: award\n")
    barred = FILE.replace("kind: subsidy", "kind: subsidy\n      not_with: [other]")
    told = refusal(tmp_path / "zone", award=barred, other=tops)
    assert "versions[0].benefit.matches" in told
    assert "tops up award, which rules it out" in told


def test_a_negative_appropriation(tmp_path: Path) -> None:
    posted = Transaction.objects.count()
    with pytest.raises(ValueError, match="positive"):
        money.appropriate("research", 2026, -1, key="b", at=NOW, actor=None, memo="x")
    text = "- key: research\n  name: 研发资金\n  years:\n    - {year: 2027, on: 2027-01-01, appropriated: -5万元}\n"
    (tmp_path / "programmes.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as refused:
        load_programmes(tmp_path, now=NOW)
    told = str(refused.value)
    assert "programmes.yaml:4:" in told and "appropriated" in told and "must be above 0" in told
    assert Transaction.objects.count() == posted
