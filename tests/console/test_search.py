"""The search box: an import is found without waiting for the schedule, and what is being made is said so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Role, RoleGrant, User
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.models import Batch
from gangshen.apps.registers.services import importing
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.console import index
from gangshen.engines.retrieval import Index
from invented import code

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
NAME = "上海云岫机器人科技有限公司"


@pytest.fixture(autouse=True)
def operator(tmp_path: Path, settings: Any) -> Iterator[User]:
    settings.HOME = str(tmp_path)
    identity.set_zone(key="z", name="测试区", demo_today=NOW.date())
    user = User.objects.create(username="desk")
    RoleGrant.objects.create(user=user, role=Role.OPERATOR, granted_at=NOW)
    yield user


def bring(name: str, number: int) -> Batch:
    rows = f"统一社会信用代码,企业名称\n{code(number)},{name}\n".encode()
    run = importing.import_file(rows, "firms.csv", kind="enterprises", actor=None, now=NOW, inline=True)
    return Batch.objects.get(pk=run.result["batch"])


def waiting() -> list[Run]:
    return list(Run.objects.filter(kind=index.KIND, state=Run.State.QUEUED))


def titles(user: User, words: str) -> list[str]:
    hits = index.search(user, words)
    return [one.title.text for one in hits.items] if hits else []


def test_an_import_and_its_undoing_order_the_index_once(operator: User) -> None:
    index.renew()
    batch = bring(NAME, 1)
    bring("苏州青梧传感器有限公司", 2)
    [run] = waiting()
    assert NAME not in titles(operator, NAME)
    runs.start(index.KIND, {}, actor=None, now=NOW, inline=True)
    assert NAME in titles(operator, NAME)
    run.delete()
    registers.undo(batch, None, NOW)
    assert len(waiting()) == 1
    index.renew()
    assert NAME not in titles(operator, NAME)


def test_a_fact_by_hand_waits_for_the_schedule() -> None:
    batch = bring(NAME, 1)
    Run.objects.all().delete()
    registers.add_record(code(1), {"operating_status": "存续"}, batch.source, NOW.date(), None, NOW)
    assert not waiting()


def test_an_index_in_the_making_is_said_to_be(operator: User, client: Client) -> None:
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    with Index.open(Path(index._place())).writing():
        body = client.get("/search/", {"q": NAME}).content.decode()
    assert "搜索正在准备" in body
    assert "没有找到" not in body
    bring(NAME, 1)
    assert NAME in client.get("/search/", {"q": NAME}).content.decode()
