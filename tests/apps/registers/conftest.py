from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import Organisation, Role, RoleGrant, User

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
CODE = "91310112MA1GB0001"  # first 17 characters of invented codes


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
