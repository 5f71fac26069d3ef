"""A small register: 21 firms of three towns, their R&D of two years, one statistic of each measure."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Zone
from gangshen.apps.indicators import services
from gangshen.apps.registers import services as registers
from gangshen.engines.statistics import Statistic

DAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC)
TOWNS = ["甲镇"] * 12 + ["乙镇"] * 6 + ["丙镇"] * 2 + [None]


def tell(rows: list[dict[str, Any]], source: str = "firm", **more: Any) -> None:
    kept = archive.upsert_source(source, name=source, rank=100, **more)
    registers.publish(registers.stage(kept, "enterprise", rows, actor=None, now=NOW), NOW)


def firm(at: int, town: str | None) -> list[dict[str, Any]]:
    """Firm f00…: R&D of 10 yuan and its number in 2025, 10 yuan in 2024; f18 and f20 said nothing of 2025."""
    key = f"f{at:02}"
    values = {"name": f"示例{at:02}公司", "above_scale": at % 3 == 0} | ({"registered_division": town} if town else {})
    said: list[dict[str, Any]] = [{"subject": key, "values": values, "as_of": dt.date(2026, 9, 1)}]
    if at not in (18, 20):
        spent = {"rd_expense": (10 + at) * 100}
        said.append({"subject": key, "values": spent, "as_of": dt.date(2026, 4, 1), "period": "2025"})
    if at < 15:
        said.append({"subject": key, "values": {"rd_expense": 1000}, "as_of": dt.date(2025, 4, 1), "period": "2024"})
    return said


def define(key: str, **more: Any) -> Any:
    given = {"key": key, "name": {"zh": key, "en": key}} | more
    return services.save(Statistic.model_validate(given), actor=None, now=NOW)


ABOVE = {"all": [{"id": "a", "attribute": "above_scale", "operator": "eq", "value": True}]}


def make_world() -> SimpleNamespace:
    Zone.objects.create(key="z", name="试验区", demo_today=DAY)
    tell([row for at, town in enumerate(TOWNS) for row in firm(at, town)])
    services.upsert_series([{"key": "press", "name": "报道数", "unit": "家", "scope": "另一口径"}])
    services.observe("press", dt.date(2025, 10, 31), 150, citation="《报道》", now=NOW, actor=None)
    rows = SimpleNamespace(
        firms=define("firms", by=["town"], published="press", public=True),
        rd=define(
            "rd", measure="sum", attribute="rd_expense", period="last_year", unit="元", by=["town"], base_year=2024
        ),
        above=define("above", scope=ABOVE, by=["town"]),
    )
    roles = ("operator", "leader", "statistics_clerk", "account_manager")
    users = {role: identity.create_user(role, None, by=None, now=NOW, roles=[role], language="en") for role in roles}
    return SimpleNamespace(rows=rows, users=users)
