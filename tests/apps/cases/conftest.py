"""People, units and case types made for the tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.utils import translation

from gangshen.apps.cases.services import CASE_TYPES, ON_CLOSE, CaseType
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation
from gangshen.engines.formats import Text
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)  # Wednesday, 09:00 in Shanghai


@pytest.fixture
def people(db) -> SimpleNamespace:
    units = {key: Organisation.objects.create(key=key, kind="agency", name=key) for key in ("town", "finance")}

    def user(name: str, *roles: str, unit: str | None = None):
        return identity.create_user(
            name, None, by=None, now=NOW, roles=roles, organisation=units[unit] if unit else None, language="en"
        )

    return SimpleNamespace(
        town=units["town"],
        finance=units["finance"],
        operator=user("operator", "operator"),
        second=user("second", "operator"),
        leader=user("leader", "leader"),
        clerk=user("clerk", "unit", unit="town"),
        other=user("other", "unit", unit="finance"),
        manager=user("manager", "account_manager"),
        nobody=user("nobody"),
    )


@pytest.fixture(autouse=True)
def types() -> Iterator[list[int]]:
    called: list[int] = []

    def note(case, actor) -> None:
        called.append(case.pk)
        if case.title == "refuse me":
            raise Refused("The office is not satisfied.")

    before = dict(CASE_TYPES._entries), dict(ON_CLOSE._entries)
    CASE_TYPES.register(
        "pressed",
        CaseType("pressed", Text(zh="督办"), workdays=2, receipt="text", closes=("operator",), on_close=note),
    )
    CASE_TYPES.register("proof", CaseType("proof", Text(zh="凭证"), receipt="file"))
    with translation.override("en"):
        yield called
    CASE_TYPES._entries, ON_CLOSE._entries = before
