"""Minutes and leaders' instructions: what was ordered, to whom, by when."""

import datetime as dt

import pytest

from gangshen.engines.reading import Task, read

MINUTES = """青禾区区长办公会会议纪要
（2026）第7号
3月12日上午，区长主持召开办公会，研究机器人产业等工作。现纪要如下：
一、关于训练场建设
会议听取了区经委的汇报。会议要求：
1.由区经委牵头，区规资局、青禾镇配合，4月底前完成选址论证。
2.由区财政局负责，5月15日前落实首期资金2000万元。
二、关于人才公寓
会议原则同意方案。会议明确，区房管局要于6月30日前交付房源200套；区人社局要抓紧制定入住细则，上半年印发实施。
参加人员：王强、赵丽。
"""


def said(task: Task) -> tuple[str, list[tuple[str, str]], dt.date | None]:
    return task.title, [(u.name, u.role) for u in task.units], task.due


def test_minutes_hold_orders_with_owner_and_day() -> None:
    reading = read(MINUTES)
    assert reading.kind == "minutes"
    assert [said(t) for t in reading.tasks] == [
        (
            "完成选址论证",
            [("区经委", "lead"), ("区规资局", "cooperating"), ("青禾镇", "cooperating")],
            dt.date(2026, 4, 30),
        ),
        ("落实首期资金2000万元", [("区财政局", "responsible")], dt.date(2026, 5, 15)),
        ("交付房源200套", [("区房管局", "responsible")], dt.date(2026, 6, 30)),
        ("制定入住细则，上半年印发实施", [("区人社局", "responsible")], dt.date(2026, 6, 30)),
    ]
    assert all(MINUTES[t.start : t.end] == t.quote for t in reading.tasks)
    assert all("year not printed" in t.doubts for t in reading.tasks)


def test_a_leaders_instruction_is_an_order() -> None:
    text = "关于对《机器人产业情况报告》的批示\n区长3月15日批示：\n请经委牵头，会同科委、财政局认真研究，提出扶持措施，4月10日前报我。\n请投促中心对接头部企业，年内引进5家以上。\n"
    reading = read(text, issued=dt.date(2026, 3, 15))
    assert reading.kind == "directive"
    assert [(t.number, *said(t)) for t in reading.tasks] == [
        (
            "1",
            "认真研究，提出扶持措施，4月10日前报我",
            [("经委", "lead"), ("科委", "cooperating"), ("财政局", "cooperating")],
            dt.date(2026, 4, 10),
        ),
        ("2", "对接头部企业，年内引进5家以上", [("投促中心", "responsible")], dt.date(2026, 12, 31)),
    ]


def test_without_the_documents_day_a_day_without_a_year_stays_unknown() -> None:
    (task,) = read("关于训练场的批示\n请经委牵头，抓紧研究，4月10日前报我。\n").tasks
    assert task.due is None


@pytest.mark.parametrize(
    "text",
    [
        "会议纪要\n会议听取了情况汇报，大家作了发言。\n与会同志一致认为，形势很好。\n",
        "他要在年底前回到故乡的小镇。镇上的人都说，他应该早些回来。\n",
    ],
)
def test_where_nothing_was_ordered_nothing_is_read(text: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.tasks) == ("none", ())


def test_a_day_that_has_passed_is_next_years() -> None:
    text = "专题会议纪要\n青禾府阅〔2026〕9号\n11月20日，会议研究了供暖工作。会议要求：\n1.由区住建局牵头，3月底前完成评估。\n"
    (task,) = read(text).tasks
    assert task.due == dt.date(2027, 3, 31)
