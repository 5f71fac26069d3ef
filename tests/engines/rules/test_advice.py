"""What to change, what to ask, and the rule in words."""

import datetime as dt

import pytest

from gangshen.engines.formats import load_yaml
from gangshen.engines.rules import Decision, Node, Reason, interpret, nearest, questions, sentence
from gangshen.engines.vocabulary import Vocabulary

VOCABULARY = Vocabulary.load_builtin()
DAY = dt.date(2026, 11, 21)
WAN = 10**6
PATENTS = "{id: p, attribute: invention_patents, operator: ge, value: 5}"
RATIO = "{id: r, attribute: rd_ratio, operator: ge, value: 5, unit: '%'}"
TITLE = "{id: t, attribute: certificates, operator: has_any, value: [高企, 独角兽]}"
REVENUE = "{id: v, attribute: revenue, operator: ge, value: 2000, unit: 万元}"


def rule(text: str) -> Node:
    return load_yaml(text, Node)


def changes(text: str, **subject: object) -> list[tuple[str, object, object]] | None:
    found = nearest(rule(text), subject, VOCABULARY, DAY)
    return None if found is None else [(one.attribute, one.before, one.after) for one in found.changes]


def test_the_smallest_change_is_proposed() -> None:
    assert changes(PATENTS, invention_patents=4) == [("invention_patents", 4, 5)]
    assert changes(f"any: [{PATENTS}, {TITLE}]", invention_patents=4) == [("invention_patents", 4, 5)]
    assert changes(f"any: [{PATENTS}, {RATIO}]", invention_patents=0, rd_ratio=4.9) == [("rd_ratio", 4.9, 5.0)]
    assert changes(f"all: [{PATENTS}, {TITLE}]", invention_patents=4) == [
        ("invention_patents", 4, 5),
        ("certificates", None, "高新技术企业"),
    ]


def test_a_change_of_one_figure_serves_every_clause_on_it() -> None:
    text = f"all: [{PATENTS}, {{id: q, attribute: invention_patents, operator: gt, value: 7}}]"
    found = nearest(rule(text), {"invention_patents": 1}, VOCABULARY, DAY)
    assert found.subject["invention_patents"] == 8
    assert found.decision is Decision.YES


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (PATENTS, {"invention_patents": 5}),  # nothing to win
        (RATIO, {}),  # a question, not a change
        (REVENUE, {"revenue": 1}),  # not for a firm to decide
        ("{id: a, attribute: insured_employees, operator: le, value: 5}", {"insured_employees": 9}),  # never shrink
        ("{id: a, attribute: certificates, operator: has_any, value: [独角兽]}", {}),  # never buy a title
        ("{id: a, attribute: certificates, operator: has_all, value: [高企, 独角兽]}", {}),
        (
            "none: [{id: a, attribute: certificates, operator: has_any, value: [高企]}]",
            {"certificates": [{"type": "高新技术企业"}]},
        ),
        ("{id: a, attribute: registered_on, operator: within_years, value: 3}", {"registered_on": dt.date(2000, 1, 1)}),
        (f"all: [{PATENTS}, {REVENUE}]", {"invention_patents": 1, "revenue": 1}),
    ],
)
def test_nothing_is_advised_that_a_firm_should_not_do(text: str, subject: dict[str, object]) -> None:
    assert nearest(rule(text), subject, VOCABULARY, DAY) is None


def test_a_change_that_leaves_questions_open_says_so() -> None:
    found = nearest(rule(f"all: [{PATENTS}, {REVENUE}]"), {"invention_patents": 1}, VOCABULARY, DAY)
    assert found.decision is Decision.UNKNOWN
    sure = f"any: [{{all: [{PATENTS}, {REVENUE}]}}, {RATIO}]"
    found = nearest(rule(sure), {"invention_patents": 4, "rd_ratio": 1.0}, VOCABULARY, DAY)
    assert (found.decision, [one.attribute for one in found.changes]) == (Decision.YES, ["rd_ratio"])


def test_titles_needed_together_are_gained_together() -> None:
    text = "{id: a, attribute: certificates, operator: has_all, value: [高企, 企业技术中心/市级]}"
    assert changes(text, certificates=[]) == [
        ("certificates", None, "高新技术企业"),
        ("certificates", None, "企业技术中心/市级"),
    ]


def test_the_question_with_most_money_behind_it_comes_first() -> None:
    first = interpret(rule(f"all: [{RATIO}, {REVENUE}]"), {"rd_ratio": 6.0}, VOCABULARY, DAY)
    second = interpret(rule(f"all: [{RATIO}, {{id: j, kind: judgement}}]"), {}, VOCABULARY, DAY)
    third = interpret(rule(f"any: [{RATIO}, {PATENTS}]"), {"invention_patents": 5}, VOCABULARY, DAY)
    asked = questions([("a", first, 100), ("b", second, 160), ("c", third, 1000)])
    assert [(one.attribute, one.amount_fen, one.policies, one.weight) for one in asked] == [
        ("revenue", 100, ("a",), 100.0),
        ("rd_ratio", 160, ("b",), 80.0),
    ]
    assert asked[0].reason is Reason.MISSING


def test_what_can_no_longer_matter_is_not_asked() -> None:
    verdict = interpret(
        rule(f"all: [{REVENUE}, {{any: [{RATIO}, {PATENTS}]}}]"), {"invention_patents": 9}, VOCABULARY, DAY
    )
    assert [one.attribute for one in questions([("a", verdict, 1)])] == ["revenue"]


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (REVENUE, "营业收入不少于 2000 万元", "revenue at least 20,000,000 CNY"),
        (
            "{id: a, attribute: rd_ratio, operator: between, value: [3, 5.5], unit: '%', period: last_year}",
            "上年度研发强度在 3 % 至 5.5 % 之间",
            "last year's R&D intensity between 3 % and 5.5 %",
        ),
        (TITLE, "持有高新技术企业、独角兽企业之一（有效期内）", "holds one of high-tech enterprise, unicorn (valid)"),
        (
            "{id: a, attribute: registered_on, operator: within_years, value: 5}",
            "成立日期在 5 年以内",
            "registered on within the last 5 years",
        ),
        (
            "{id: a, attribute: registered_on, operator: ge, value: 2020-01-01}",
            "成立日期不早于 2020 年 1 月 1 日",
            "registered on not before 2020-01-01",
        ),
        (
            "none: [{id: a, attribute: serious_dishonesty, operator: exists}]",
            "严重失信名单：无",
            None,
        ),
        (
            "none: [{id: a, attribute: serious_dishonesty, operator: exists},"
            " {id: b, attribute: accidents_3y, operator: eq, value: true}]",
            "同时满足：严重失信名单：无；三年内重大安全环保事故：否",
            None,
        ),
        (
            f"none: [{PATENTS}]",
            "没有下列任一情形：有效发明专利不少于 5 件",
            "none of: valid invention patents at least 5 items",
        ),
        ("{id: a, attribute: accidents_3y, operator: ne, value: true}", "三年内重大安全环保事故：否", None),
        ("{id: a, kind: judgement, quote: 技术先进}", "由主管单位认定：技术先进", "the authority decides: 技术先进"),
        ("{id: a, kind: untranslated, quote: 效益良好}", "“效益良好”（未译）", "“效益良好” (not translated)"),
        (
            f"all: [{PATENTS}, {{at_least: 1, of: [{TITLE}]}}]",
            "同时满足：有效发明专利不少于 5 件；（至少满足下列 1 项：持有高新技术企业、独角兽企业之一（有效期内））",
            None,
        ),
        (
            "{id: a, attribute: size_class, operator: in, value: [小型, 微型]}",
            "企业划型为其中之一：小型、微型",
            "size class is one of: small, micro",
        ),
        (
            "{id: a, attribute: employees, operator: ge, value: 5, period: last_2_years}",
            "近 2 年每年从业人员期末数不少于 5 人",
            None,
        ),
    ],
)
def test_a_rule_is_said_in_a_sentence(text: str, zh: str, en: str | None) -> None:
    assert sentence(rule(text), "zh-hans", VOCABULARY) == zh
    if en is not None:
        assert sentence(rule(text), "en", VOCABULARY) == en
    assert sentence(rule(text), "en", VOCABULARY)
