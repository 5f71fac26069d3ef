"""A small zone for the policy desk: six firms, a law of this year, a draft of the next, money for both."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.test import Client

from gangshen.apps.archive.models import Source
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation, Zone
from gangshen.apps.money import services as money
from gangshen.apps.policies import services
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import Policy as PolicyFile
from gangshen.engines.formats import load_yaml

NOW = dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 10)
GRANT = """
id: grant
title: {zh: 研发补助, en: R&D grant}
theme: {zh: 研发, en: Research}
issuer: 示例园区
programme: research
versions:
  - version: "2026"
    status: in_force
    valid_from: 2026-01-01
    valid_to: 2026-12-31
    authority: 区科委
    eligibility:
      all:
        - {id: ratio, attribute: rd_ratio, operator: ge, value: 5, unit: "%", label: 研发强度, quote: 不低于5%}
        - {id: staff, attribute: insured_employees, operator: ge, value: 20, label: 参保人数, quote: 20人以上}
        - none: [{id: dishonest, attribute: serious_dishonesty, operator: exists, quote: 失信}]
    benefit: {kind: subsidy, amount_fen: 20万元}
    cases:
      - {name: 够, as_of: 2026-11-10, given: {rd_ratio: 6, insured_employees: 60, serious_dishonesty: []},
         expect: {decision: yes}}
      - {name: 强度不够, as_of: 2026-11-10, given: {rd_ratio: 3, insured_employees: 60, serious_dishonesty: []},
         expect: {decision: no}}
  - version: draft-2027
    status: draft
    valid_from: 2027-01-01
    valid_to: 2027-12-31
    authority: 区科委
    eligibility:
      all:
        - {id: ratio, attribute: rd_ratio, operator: ge, value: 4, unit: "%", label: 研发强度, quote: 不低于4%}
        - {id: staff, attribute: insured_employees, operator: ge, value: 20, label: 参保人数, quote: 20人以上}
        - none: [{id: dishonest, attribute: serious_dishonesty, operator: exists, quote: 失信}]
    benefit: {kind: subsidy, amount_fen: 20万元}
    cases:
      - {name: 够, as_of: 2027-01-10, given: {rd_ratio: 6, insured_employees: 60, serious_dishonesty: []},
         expect: {decision: yes}}
      - {name: 强度不够, as_of: 2027-01-10, given: {rd_ratio: 3, insured_employees: 60, serious_dishonesty: []},
         expect: {decision: no}}
"""
# key -> research ratio (None: nobody has said), insured, size
FIRMS: dict[str, tuple[float | None, int, str]] = {
    "ahead": (8.0, 80, "中型"),
    "level": (5.0, 40, "小型"),
    "close": (4.5, 40, "小型"),
    "behind": (2.0, 40, "小型"),
    "tiny": (9.0, 5, "微型"),
    "silent": (None, 30, "小型"),
}


def build(settings: Any, tmp_path: Path) -> None:
    """Fill the empty database of a test."""
    settings.HOME = tmp_path / "home"
    Zone.objects.create(key="z", name="示例园区", demo_today=TODAY)
    source = Source.objects.create(key="social", name="人社", rank=10)
    for key, (ratio, staff, size) in FIRMS.items():
        Organisation.objects.create(key=key, name=f"{key} 公司", kind="enterprise")
        values: dict[str, Any] = {"name": f"{key} 公司", "serious_dishonesty": [], "insured_employees": staff}
        values |= {"size_class": size, "registered_division": "310112 马桥镇"}
        if ratio is not None:
            values["rd_ratio"] = ratio
        registers.add_record(key, values, source, TODAY, None, NOW)
    money.upsert_programme("research", "研发资金")
    money.appropriate("research", 2026, 500_000_00, key="a", at=NOW, actor=None, memo="预算")
    put(GRANT)


def put(text: str) -> None:
    """Keep a policy file."""
    services.save(load_yaml(text, PolicyFile, name="t"), actor=None, now=NOW)


def as_role(role: str, firm: str | None = None, name: str = "") -> Client:
    """A client logged in as somebody of that role."""
    organisation = Organisation.objects.get(key=firm) if firm else None
    user = identity.create_user(
        name or f"{role}-{firm}", None, by=None, now=NOW, roles=[role], language="en", organisation=organisation
    )
    client = Client()
    client.force_login(user)
    return client
