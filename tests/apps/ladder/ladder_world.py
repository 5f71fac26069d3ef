"""A small zone: three rungs and a title beside, seven firms."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Zone
from gangshen.apps.ladder import portable
from gangshen.apps.registers import services as registers

DAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC)
TITLE = """\
id: {id}
title: {{zh: {zh}, en: {en}}}
certificate: {zh}
issuer: {{zh: 甲部门, en: Office A}}
editions:
  - edition: old
    valid_from: 2022-01-01
    valid_to: 2026-03-31
    place: {place}
    notice: {{title: 旧办法, number: 甲〔2022〕1号, place: 附件1}}
    conditions: {{all: [{{id: staff, attribute: employees, operator: ge, value: {low}, label: 人数}}]}}
    renewal: {{words: {{zh: 到期复核, en: Reviewed}}}}
  - edition: new
    valid_from: 2026-04-01
    place: {place}
    notice: {{title: 新办法, number: 甲〔2026〕1号, place: 附件1}}
    conditions:
      all:
        - {{id: staff, attribute: employees, operator: ge, value: {high}, label: 人数}}
        - {{id: patents, attribute: invention_patents, operator: ge, value: 2, label: 专利}}
    renewal: {{words: {{zh: 到期复核, en: Reviewed}}, judged_by: old}}
"""
COUNTS = """\
counts:
  - {key: two, label: {zh: 两类合计, en: Two kinds}, titles: [middle, aside]}
  - key: robots
    label: {zh: 机器人, en: Robots}
    titles: [middle, aside]
    among: {all: [{id: park, attribute: park, operator: eq, value: 甲园}]}
"""
FIRMS: dict[str, dict[str, Any]] = {
    "both": {"certificates": ["专精特新中小企业||N1|2024-01-01|2027-06-30", "高新技术企业||N2|2025-01-01|2027-12-31"], "park": "甲园"},
    "base": {"certificates": ["创新型中小企业||N3|2024-01-01|2027-01-15"], "employees": 60, "invention_patents": 3},
    "near": {"certificates": ["创新型中小企业||N4|2024-01-01|2028-01-15"], "employees": 60, "invention_patents": 1},
    "open": {"certificates": ["创新型中小企业||N5|2024-01-01|2028-01-15"], "invention_patents": 3},
    "gone": {"certificates": ["创新型中小企业||N6|2024-01-01|2028-01-15|2026-10-01"]},
    "high": {"certificates": ["高新技术企业||N7|2023-01-01|2026-12-01"]},
    "none": {},
}  # fmt: skip


def make_folder(folder: Path) -> Path:
    place = folder / "ladder"
    place.mkdir(parents=True, exist_ok=True)
    for id, zh, en, kind, low, high in (
        ("base", "创新型中小企业", "Base", "rung\n    rung: 1", 5, 10),
        ("middle", "专精特新中小企业", "Middle", "rung\n    rung: 2", 20, 50),
        ("aside", "高新技术企业", "Aside", "beside", 5, 10),
    ):
        text = TITLE.format(id=id, zh=zh, en=en, place=kind, low=low, high=high)
        (place / f"{id}.yaml").write_text(text, encoding="utf-8")
    (place / "counts.yaml").write_text(COUNTS, encoding="utf-8")
    return folder


def tell(key: str, values: dict[str, Any], source: str = "lists", day: dt.date = dt.date(2026, 9, 1)) -> None:
    words = registers.vocabulary()
    typed = {name: words.canon(name, value) for name, value in values.items()}
    kept = archive.upsert_source(source, name=source, rank=100)
    row = {"subject": key, "values": {"name": f"{key}公司", **typed}, "as_of": day}
    registers.publish(registers.stage(kept, "enterprise", [row], actor=None, now=NOW), NOW)


def make_world(tmp_path: Path) -> SimpleNamespace:
    """Users, firms with their certificates, the ladder loaded from files."""
    Zone.objects.create(key="z", name="试验区", demo_today=DAY)
    identity.upsert_organisations(
        [{"key": "desk", "kind": "agency", "name": "专班"}]
        + [{"key": key, "kind": "enterprise", "name": f"{key}公司"} for key in FIRMS]
    )
    desk = identity.organisation("desk")
    users = {
        name: identity.create_user(name, None, by=None, now=NOW, roles=[role], organisation=home, language="en")
        for name, role, home in (
            *((role, role, desk) for role in ("operator", "leader", "account_manager", "unit", "data_officer")),
            ("firm", "enterprise", identity.organisation("base")),
        )
    }
    for key, values in FIRMS.items():
        tell(key, values | ({"account_manager": "account_manager"} if key == "near" else {}))
    portable.load(make_folder(tmp_path / "zone"), now=NOW)
    return SimpleNamespace(users=SimpleNamespace(**users), folder=tmp_path / "zone")
