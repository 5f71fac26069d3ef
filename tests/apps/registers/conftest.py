from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import Organisation, Role, RoleGrant, User
from gangshen.apps.registers.services import add_record
from invented import code

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    return settings.HOME


@pytest.fixture
def market(db: None) -> Source:
    return Source.objects.create(key="market", name="市场监管", rank=10)


@pytest.fixture
def firm(db: None) -> Source:
    return Source.objects.create(key="firm", name="企业填报", rank=50, consent=True)


@pytest.fixture
def review(db: None) -> Source:
    return Source.objects.create(key="review", name="人工核定", rank=0)


@pytest.fixture
def someone(db: None) -> Callable[..., User]:
    def make(role: str, organisation: Organisation | None = None) -> User:
        user = User.objects.create(username=f"{role}-{User.objects.count()}", organisation=organisation)
        RoleGrant.objects.create(user=user, role=Role(role), granted_at=NOW)
        return user

    return make


@pytest.fixture
def browse(client: Client, someone: Callable[..., User]) -> Callable[..., Client]:
    def log_in(role: str, organisation: Organisation | None = None) -> Client:
        client.force_login(someone(role, organisation))
        return client

    return log_in


@pytest.fixture
def known(market: Source, firm: Source) -> Organisation:
    values: dict[str, Any] = {
        "uscc": code(1),
        "name": "礁石关节机器人有限公司",
        "park": "一园",
        "certificates": [
            {"type": "高新技术企业", "number": "GR1", "from": dt.date(2023, 6, 1), "to": dt.date(2026, 5, 31)},
            {"type": "瞪羚企业", "from": dt.date(2020, 1, 1), "to": dt.date(2021, 1, 1)},
        ],
        "insured_employees": 86,
        "legal_representative": "某人",
    }
    add_record("reef", values, market, TODAY - dt.timedelta(days=10), None, NOW)
    add_record("reef", {"insured_employees": 120}, firm, TODAY - dt.timedelta(days=30), None, NOW)
    figures = {"revenue": 54_200_000_00, "rd_expense": 2_500_000_00}
    add_record("reef", figures, firm, dt.date(2023, 5, 1), None, NOW, period="2022")
    return Organisation.objects.get(key="reef")
