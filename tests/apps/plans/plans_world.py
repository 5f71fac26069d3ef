"""A zone with a plan in force and a draft, two units, a figure with its history, and the people around them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from django.test import Client

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Organisation, Zone
from gangshen.apps.indicators import services as indicators
from gangshen.apps.plans.models import Assignment, Phase, Plan, Target, Task

TODAY = dt.date(2026, 4, 15)  # a Wednesday
NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)  # 09:00 in Shanghai


def make_world() -> SimpleNamespace:
    zone = Zone.objects.create(key="z", name="示例园区", demo_today=TODAY)
    town, bureau = (
        Organisation.objects.create(key=key, kind="agency", name=name)
        for key, name in (("town", "马镇"), ("bureau", "经委"))
    )

    def user(name: str, role: str, unit: Organisation | None = None):
        return identity.create_user(name, None, by=None, now=NOW, roles=[role], organisation=unit, language="en")

    plan = Plan.objects.create(key="work-2026", title="2026年工作要点", start_year=2026, end_year=2026)
    draft = Plan.objects.create(key="draft", title="行动方案（征求意见稿）", draft=True, start_year=2026, end_year=2027)
    Phase.objects.create(plan=plan, name="全年", start_year=2026, end_year=2026)
    series = indicators.upsert_series(
        [{"key": "output", "name": "产值", "unit": "万元", "period": "month", "nature": "cumulative"}]
    )[0]
    for day, value in ((dt.date(2026, 1, 31), 900), (dt.date(2026, 2, 28), 1800), (dt.date(2026, 3, 31), 2600)):
        indicators.observe(series, day, value, citation="月报", actor=None, now=NOW)
    return SimpleNamespace(
        zone=zone,
        town=town,
        bureau=bureau,
        operator=user("operator", "operator"),
        second=user("second", "operator"),
        leader=user("leader", "leader"),
        clerk=user("clerk", "unit", town),
        other=user("other", "unit", bureau),
        firm=user("firm", "enterprise"),
        plan=plan,
        draft=draft,
        series=series,
        task=task(plan, "1", dt.date(2026, 4, 10), town, bureau),
        target=target(plan, series, "g1", 12000, town),
    )


def task(plan: Plan, number: str, due: dt.date | None, *units: Organisation, **values) -> Task:
    """A task of ``plan``; the first unit leads, the others cooperate."""
    values = {"title": f"第{number}项任务", "text": "编制并公布清单。"} | values
    made = Task.objects.create(plan=plan, key=f"{plan.key}-t{number}", number=number, due=due, **values)
    for place, unit in enumerate(units):
        role = "cooperating" if place else "lead"
        Assignment.objects.create(task=made, unit=unit, printed=unit.name, role=role)
    return made


def target(plan: Plan, series, name: str, low: float, *units: Organisation, **values) -> Target:
    values = {"subject": "工业产值", "unit": "万元", "deadline": dt.date(plan.end_year or 2026, 12, 31)} | values
    made = Target.objects.create(plan=plan, key=f"{plan.key}-{name}", low=Decimal(str(low)), series=series, **values)
    made.units.set(units)
    return made


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client
