"""Terms of a whole document, texts that are no policy, and any text at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_words import POLICY, plan

from gangshen.engines.reading import read, to_scored
from gangshen.engines.rules import Operator


@pytest.mark.parametrize(
    ("text", "start", "end", "months"),
    [
        ("本措施自2026年5月1日起施行，有效期至2028年12月31日。", "2026-05-01", "2028-12-31", None),
        ("本措施自2026年5月1日起施行，有效期3年。", "2026-05-01", "2029-04-30", 36),
        ("本措施自印发之日起施行，试行一年。", None, None, 12),
        ("本措施有效期自2026年1月1日至2028年12月31日。", "2026-01-01", "2028-12-31", None),
        ("本措施有效期为2026年1月1日至2028年12月31日。", "2026-01-01", "2028-12-31", None),
        ("本措施自发布之日起实施，有效期至2028年12月31日。", None, "2028-12-31", None),
        ("本措施自2026年X月X日起施行，有效期2年。", None, None, 24),
        ("本政策自发布之日起施行，暂定三年有效期。", None, None, 36),
    ],
)
def test_validity(text: str, start: str | None, end: str | None, months: int | None) -> None:
    found = read(f"{POLICY}1.支持企业。对企业给予5万元奖励。\n2.附则\n{text}\n").validity
    assert found is not None
    assert (found.effective_from.isoformat() if found.effective_from else None) == start
    assert (found.valid_to.isoformat() if found.valid_to else None) == end
    assert found.months == months


def test_validity_from_the_day_of_issue_and_days_after() -> None:
    text = "青禾市人民政府\n2026年3月1日\n青禾市支持低空装备产业若干措施\n第一条 对企业给予5万元奖励。\n第二条 对团队给予1万元奖励。\n第三条 本措施自印发之日起{}施行，有效期2年。\n"
    plain, later = read(text.format("")).validity, read(text.format("30日后")).validity
    assert (
        plain is not None
        and plain.effective_from is not None
        and later is not None
        and later.effective_from is not None
    )
    assert (plain.effective_from.isoformat(), plain.doubts) == ("2026-03-01", ("effective from the day of issue",))
    assert later.effective_from.isoformat() == "2026-03-31"


def test_notes_in_english_are_no_plan() -> None:
    text = "# How to plan\n## 1. Goals\nText.\n## 2. Tasks\n1. One.\n2. Two.\n3. Three.\n4. Four 50%.\n"
    assert read(text).kind == "none"


def test_stacking_deferral_and_general_conditions() -> None:
    reading = read(
        POLICY
        + "一、支持对象\n本措施适用于在青禾区依法登记注册的低空装备企业，以及其他对象。\n二、支持内容\n1.奖励企业。对企业给予5万元奖励。\n"
        "三、附则\n同一项目按从高不重复原则执行。具体申报条件以年度申报通知为准。申报单位须信用记录良好，未被列入严重失信名单。\n"
    )
    assert [x.quote for x in reading.stacking] == ["同一项目按从高不重复原则执行"]
    assert [x.quote for x in reading.deferrals] == ["具体申报条件以年度申报通知为准"]
    words = [(c.value, c.operator) for c in reading.general_conditions]
    assert words == [
        ("在青禾区依法登记注册的低空装备企业", None),
        ("信用记录良好", None),
        ("未被列入严重失信名单", Operator.NE),
    ]


def test_a_novel_gives_an_empty_reading() -> None:
    reading = read(
        "夜里下了一场雨。他撑着伞走过三条街，花了20元买了一碗面。\n“你来了。”她说。两人坐了一个小时，谁也没有开口。\n"
    )
    assert reading.kind == "none"
    assert reading.items() == []


def test_news_is_left_alone_but_a_subsidy_in_it_is_kept_in_doubt() -> None:
    reading = read(
        "本报讯 全区今年已引进企业30家，产值增长12%。\n据介绍，企业算力成本可获补贴支持，区级支持金额最高可达800万元。\n"
    )
    assert reading.kind == "none"
    assert [i.offer.benefit.amount_fen for i in reading.offers] == [800_000_000]
    assert reading.offers[0].doubts[-1] == "from a text that is no policy"


def test_unread_figures_are_listed() -> None:
    reading = plan("1.完善配套。园区周边现有商业设施60处。\n")
    assert [x.quote for x in reading.unread] == ["园区周边现有商业设施60处"]


_WORDS = st.sampled_from(
    [
        "一、",
        "（二）",
        "3.",
        "第四条 ",
        "目标",
        "保障措施",
        "到2028年",
        "培育",
        "企业",
        "50家",
        "8—10个",
        "超过3亿元",
        "最高200万元",
        "按30%",
        "给予",
        "奖励",
        "对",
        "的，",
        "。",
        "；",
        "，",
        "、",
        "\n",
        "（责任单位：",
        "区经委",
        "）",
        "“",
        "”",
        "有效期",
        "三年",
        "自印发之日起施行",
        "（2026—2028年）",
        "近期",
        "清单",
        "发布",
        "—",
        " ",
        "[bookmark: x]",
        "# ",
        "\t",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=60).map("".join)))
def test_any_text_is_read_with_exact_quotes_and_twice_alike(text: str) -> None:
    reading = read(text)
    for item in [*reading.items(), *reading.headings, *reading.unread, *(u for t in reading.tasks for u in t.units)]:
        assert text[item.start : item.end] == item.quote
    for clause in [*reading.general_conditions, *(c for i in reading.offers for c in i.conditions)]:
        assert clause.span is not None
        assert text[clause.span.start : clause.span.end] == clause.quote
    assert read(text) == reading
    to_scored(reading)


def test_a_term_of_validity_beyond_all_reason_is_none() -> None:
    reading = read(
        "青禾区支持整机企业若干措施\n第一条 奖励。对整机企业奖励20万元。\n第二条 附则。自2026年9月1日起施行，有效期42018年。\n"
    )
    assert reading.validity is not None
    assert (reading.validity.months, reading.validity.valid_to) == (None, None)
