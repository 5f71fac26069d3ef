"""A plan of three tasks and two targets, on file and read, and the people around it."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.utils import translation

from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Zone

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
PLAN = """青禾区培育低空装备产业行动方案（2026-2028年）
为加快培育低空装备产业，结合青禾区实际，制定本方案。
一、总体目标
到2028年，引进整机企业12家以上，产业规模突破90亿元。
二、主要任务
（一）强化研发攻关
1.攻关关键部件。围绕飞控和动力电池，组织企业与高校开展联合攻关。（责任单位：区科委、区经委）
2.建设测试平台。建设开放的试飞与检测平台，为企业提供适航验证服务。（责任单位：区经委）
三、保障措施
3.加强组织领导。建立联席会议制度，定期研究重大事项。
"""


def word_file(text: str = PLAN) -> bytes:
    document = docx.Document()
    for line in text.strip().splitlines():
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def own_zone(db: None, settings: Any, tmp_path: Path) -> Any:
    settings.HOME = tmp_path / "home"
    Zone.objects.create(key="z", name="示例园区", demo_today=dt.date(2026, 4, 20))
    with translation.override("en"):
        yield


@pytest.fixture
def people(db: None) -> SimpleNamespace:
    def user(name: str, *roles: str) -> Any:
        return identity.create_user(name, None, by=None, now=NOW, roles=roles, language="en")

    return SimpleNamespace(
        clerk=user("clerk", "operator"),
        leader=user("leader", "leader"),
        unit=user("unit", "unit"),
        manager=user("manager", "account_manager"),
        nobody=user("nobody"),
    )


@pytest.fixture
def plan(db: None) -> Document:
    """The plan, filed and read."""
    document = services.upload(word_file(), "方案.docx", actor=None, now=NOW, key="plan")
    services.read(document, now=NOW)
    return document
