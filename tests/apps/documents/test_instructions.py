"""Instructions and minutes: what they set becomes cases with owner and date, once."""

from __future__ import annotations

import datetime as dt

import pytest

from gangshen.apps.cases import services as cases
from gangshen.apps.cases.models import Case
from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document
from gangshen.apps.identity.models import Organisation

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
MINUTES = """青禾区低空产业工作专题会议纪要
〔2026〕3号
2026年4月10日，副区长李明主持召开专题会议，研究低空产业发展有关工作。纪要如下：
一、会议听取了区经委关于整机项目落地情况的汇报。
二、会议要求，区经委会同区规划资源局于2026年5月15日前完成试飞场选址方案，报区政府审定。
三、会议明确，由区科委牵头，区财政局配合，6月底前制定测试平台补贴办法。
"""
DIRECTIVE = """关于训练场建设进度的批示
张区长2026年4月12日批示：
请区经委牵头，会同园区公司，抓紧推进训练场二期建设，4月底前报送方案。
请区财政局研究资金安排，一周内反馈意见。
"""


@pytest.fixture(autouse=True)
def units(db) -> None:
    for key, name in (("jw", "区经委"), ("kw", "区科委")):
        Organisation.objects.create(key=key, name=name, kind="unit")


def finished(text: str, people, key: str = "paper") -> Document:
    document = services.upload(text.encode(), f"{key}.txt", actor=None, now=NOW, key=key)
    reading = services.read(document, now=NOW)
    for item in reading.items.all():
        services.decide(item, "accepted", actor=people.clerk, now=NOW)
    services.finish(document, actor=people.clerk, now=NOW)
    return document


@pytest.mark.parametrize(("text", "kind", "least"), [(MINUTES, "meeting_task", 2), (DIRECTIVE, "instruction", 2)])
def test_each_task_becomes_a_case_that_opens_to_its_words(people, text: str, kind: str, least: int) -> None:
    document = finished(text, people)
    reading = services.current(document)
    opened = list(Case.objects.filter(type=kind))
    assert len(opened) == reading.items.filter(kind="task").count() >= least
    for item in reading.items.filter(kind="task"):
        case = cases.case(int(item.adopted_as.removeprefix("case:")))
        assert case.about == f"doc:paper@{reading.text_hash}#{item.start}-{item.end}"
        assert item.quote in case.instruction
        assert case.due is not None
    assert not document.plans.exists()


def test_owner_and_date_are_those_that_are_printed(people) -> None:
    finished(MINUTES, people)
    site = Case.objects.get(title__contains="选址")
    assert (site.unit.name, site.due) == ("区经委", dt.date(2026, 5, 15))
    assert "区规划资源局" in site.instruction


def test_finishing_and_reading_again_open_no_second_case(people) -> None:
    document = finished(MINUTES, people)
    before = Case.objects.count()
    Case.objects.update(state="closed")
    services.finish(document, actor=people.clerk, now=NOW)
    services.read(document, now=NOW)
    services.finish(document, actor=people.clerk, now=NOW)
    assert Case.objects.count() == before


def test_a_plan_opens_no_such_case(plan, people) -> None:
    for item in services.current(plan).items.all():
        services.decide(item, "accepted", actor=people.clerk, now=NOW)
    services.finish(plan, actor=people.clerk, now=NOW)
    assert not Case.objects.filter(type__in=["instruction", "meeting_task"]).exists()
