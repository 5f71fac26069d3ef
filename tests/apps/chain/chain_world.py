"""A small zone: a chain of six nodes, firms told by a register, two candidates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from gangshen.apps.archive import services as archive
from gangshen.apps.chain import portable
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Zone
from gangshen.apps.registers import services as registers

DAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC)
CHAIN = """\
key: robot
name: {zh: 机器人, en: Robots}
sources:
  - {key: plan, title: 行动方案, issuer: 区经委, date: 2026-01-05}
  - {key: desk, title: 专班整理, assumed: true}
stages:
  - {key: parts, name: {zh: 零部件, en: Parts}}
  - {key: body, name: {zh: 整机, en: Bodies}}
nodes:
  - {key: sensor, name: {zh: 传感器, en: Sensors}, kind: segment, stage: parts, source: plan, section: 二3}
  - {key: force, name: {zh: 六维力传感器, en: Force sensors}, stage: parts, terms: [力传感器], source: plan}
  - {key: reducer, name: {zh: 减速器, en: Reducers}, kind: segment, stage: parts, terms: [谐波减速器], source: plan}
  - {key: battery, name: {zh: 动力电池, en: Batteries}, stage: parts, terms: [电池包], source: plan}
  - {key: body, name: {zh: 机器人本体, en: Bodies}, kind: segment, stage: body, terms: [人形机器人], source: plan}
edges:
  - {from: sensor, to: body, source: plan, section: 二3, confidence: 0.9}
  - {from: force, to: sensor, type: subclass, source: plan}
  - {from: reducer, to: body, source: desk, confidence: 0.6}
  - {from: battery, to: body, source: plan, confidence: 0.9}
"""
CANDIDATES = """\
key,name,kind,place,products,register,as_of,contact,note,synthetic
c1,甲电池,enterprise,外地,动力电池；充电柜,外地名录,2026-10-01,,,是
c2,乙储能,,外地,储能电池包,外地名录,2024-10-01,,,是
"""


def firm(key: str, **values: Any) -> dict[str, Any]:
    return {"subject": key, "values": {"name": f"{key}公司", **values}, "as_of": dt.date(2026, 9, 1)}


def made(*types: str, **nodes: str) -> list[dict[str, Any]]:
    return [{"type": one} for one in types] + [{"type": name, "node": node} for name, node in nodes.items()]


FIRMS = [
    *(firm(f"body{i}", products=made("人形机器人")) for i in range(6)),
    firm("only", products=made("谐波减速器", "超精密谐波减速器")),
    firm("scope", business_scope="一般项目：六维力传感器制造；货物进出口。"),
    firm("told", chain_nodes=[{"type": "传感器", "node": "sensor", "confidence": 0.9}]),
    firm("unsure", chain_nodes=[{"type": "传感器", "node": "sensor", "confidence": 0.5}]),
]


def make_folder(folder: Path, chain: str = CHAIN, **tables: str) -> Path:
    (folder / "chain").mkdir(parents=True, exist_ok=True)
    (folder / "chain" / "robot.yaml").write_text(chain, encoding="utf-8")
    for name, text in tables.items():
        (folder / "chain" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def tell(rows: list[dict[str, Any]], source: str = "park") -> None:
    kept = archive.upsert_source(source, name=source, rank=140)
    registers.publish(registers.stage(kept, "enterprise", rows, actor=None, now=NOW), NOW)


def make_world(tmp_path: Path) -> SimpleNamespace:
    Zone.objects.create(key="z", name="试验区", demo_today=DAY)
    units = [{"key": key, "kind": "agency", "name": key} for key in ("desk-a", "desk-b")]
    identity.upsert_organisations(units)
    tell(FIRMS)
    folder = make_folder(tmp_path / "zone", candidates=CANDIDATES)
    portable.load(folder, now=NOW)
    user = SimpleNamespace(
        **{
            name: identity.create_user(
                name, None, by=None, now=NOW, roles=[role], organisation=identity.organisation(home) if home else None
            )
            for name, role, home in (
                ("operator", "operator", "desk-a"),
                ("other", "operator", "desk-b"),
                ("leader", "leader", "desk-a"),
                ("firm", "enterprise", "only"),
                ("sysadmin", "system_admin", None),
            )
        }
    )
    return SimpleNamespace(folder=folder, user=user)
