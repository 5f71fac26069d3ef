"""A policy that judges a project: on the desk, in words and in one firm's decision as any other, said to be asked of each."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from deskzone import NOW, as_role, build
from gangshen.apps.policies import portable, services
from gangshen.apps.policies.models import PolicyVersion
from gangshen.apps.registers import services as registers
from gangshen.engines.formats import load_yaml
from gangshen.engines.vocabulary import VocabularyFile

pytestmark = pytest.mark.django_db
WORDS = """attributes:
  - {id: works_cost, entity: project, label: {zh: 项目总投资, en: cost of the works}, type: money, unit: 元,
     world: open, access: internal, source: 企业申报, update: event}
  - {id: works_begun, entity: project, label: {zh: 开工日期, en: start of the works}, type: date,
     world: open, access: internal, source: 企业申报, update: event}
"""
POLICY = """id: pilot
title: {zh: 中试项目补助, en: Pilot plants}
theme: {zh: 创新, en: innovation}
issuer: 示例园区
versions:
  - version: "1"
    status: draft
    authority: 区科委
    valid_from: 2026-01-01
    entity: project
    eligibility:
      all:
        - {id: cost, attribute: works_cost, operator: ge, value: 1000, unit: 万元}
        - {id: begun, attribute: works_begun, operator: ge, value: 2026-01-01}
    benefit: {kind: subsidy, rate: 0.15, base: works_cost, caps: [{amount_fen: 300万元, per: item}]}
    cases:
      - {name: 够, as_of: 2026-05-01, given: {works_cost: 1000万元, works_begun: 2026-03-01},
         expect: {decision: yes, amount_fen: {low: 150万元, high: 150万元}}}
      - {name: 不够, as_of: 2026-05-01, given: {works_cost: 999万元, works_begun: 2026-03-01}, expect: {decision: no}}
"""
PAGE = "/policies/pilot/editions/1/"


@pytest.fixture(autouse=True)
def zone(db: None, settings: Any, tmp_path: Path) -> None:
    build(settings, tmp_path)
    registers.put_part("pilot", load_yaml(WORDS, VocabularyFile), actor=None, now=NOW)
    folder = tmp_path / "more"
    (folder / "policies").mkdir(parents=True)
    (folder / "policies" / "pilot.yaml").write_text(POLICY, encoding="utf-8")
    portable.load(folder, now=NOW)


def pilot() -> PolicyVersion:
    return PolicyVersion.objects.select_related("policy").get(policy__key="pilot", version="1")


def test_its_figures_are_named_moved_and_tried_at_their_edges() -> None:
    client, version = as_role("drafter"), pilot()
    rule = services.engine_version(version)
    with translation.override("en"):
        assert services.benefit_lines(rule.benefit)[0] == "15% of cost of the works"
    assert [one.key for one in services.settings_of(rule)][:2] == ["cost", "begun"]
    assert client.get(PAGE).status_code == 200
    moved = services.made(rule, services.Changes(values={"cost": "1200"}))
    assert moved.eligibility.all[0].value == 1200  # type: ignore[union-attr]
    assert client.post(PAGE, {"mode": "boundaries", "base": version.digest, "edge": ["0"]}).status_code == 302
    assert len(services.engine_version(pilot()).cases) == 3
    book = client.get(f"{PAGE}edition.xlsx").content
    sent = {"mode": "sheet", "base": pilot().digest, "file": io.BytesIO(book)}
    assert client.post(PAGE, sent).status_code == 302


def test_a_firms_decision_says_that_each_project_is_asked() -> None:
    version = pilot()
    client = as_role("drafter")
    for to in ("reviewed", "in_force"):
        assert client.post(f"{PAGE}move/", {"to": to}).status_code == 302
    firm = registers.snapshot(as_of=NOW.date()).frame["id"][0]
    reader = as_role("operator")
    body = reader.get(f"/policies/{version.policy.key}/for/{firm}/").content.decode()
    assert "asked of each project" in body
    assert "not open to your role" not in body
    assert "each project, not the firm" in reader.get("/policies/pilot/").content.decode()
