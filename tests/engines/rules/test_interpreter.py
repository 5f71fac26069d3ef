"""One subject, explained: what was read, what was missing and why, what decided."""

import datetime as dt

import pytest

from gangshen.engines.formats import load_yaml
from gangshen.engines.rules import (
    FAR,
    Decision,
    Fact,
    Node,
    Reason,
    RuleError,
    back,
    check,
    interpret,
    is_stale,
    period_keys,
    prepare,
)
from gangshen.engines.vocabulary import Vocabulary

VOCABULARY = Vocabulary.load_builtin()
DAY = dt.date(2026, 11, 21)
WAN = 10**6


def rule(text: str) -> Node:
    return load_yaml(text, Node)


def decide(text: str, **subject: object) -> Decision:
    return interpret(rule(text), subject, VOCABULARY, DAY).decision


REVENUE = "{id: r, attribute: revenue, operator: ge, value: 2000, unit: 万元}"
HIGH_TECH = "{id: h, attribute: certificates, operator: has_any, value: [高企]}"


def held(**dates: dt.date) -> list[dict[str, object]]:
    return [
        {"type": "高新技术企业", "level": None, "number": None, "from": None, "to": None, "withdrawn_on": None} | dates
    ]


@pytest.mark.parametrize(
    ("fen", "decision"),
    [(2000 * WAN, "yes"), (2000 * WAN - 1, "no"), (None, "unknown"), (0, "no"), (float("nan"), "unknown")],
)
def test_a_threshold_to_the_fen(fen: int | None, decision: str) -> None:
    assert decide(REVENUE, revenue=fen) == decision


@pytest.mark.parametrize(
    ("rows", "decision"),
    [
        (held(), "yes"),
        (held(to=DAY), "yes"),
        (held(to=dt.date(2026, 11, 20)), "no"),
        ([held()[0] | {"from": DAY}], "yes"),
        ([held()[0] | {"from": dt.date(2026, 11, 22)}], "no"),
        (held(withdrawn_on=DAY), "no"),
        (held(withdrawn_on=dt.date(2026, 11, 22)), "yes"),
        ([], "no"),
        (None, "no"),  # a complete list: absent means no
    ],
)
def test_a_certificate_counts_on_the_days_it_holds(rows: object, decision: str) -> None:
    assert decide(HIGH_TECH, certificates=rows) == decision


def test_absence_means_what_the_vocabulary_says() -> None:
    assert decide("{id: a, attribute: judgment_defaulter, operator: eq, value: true}") is Decision.NO
    assert decide("{id: a, attribute: accidents_3y, operator: eq, value: true}") is Decision.UNKNOWN
    assert decide("{id: a, attribute: invention_patents, operator: ge, value: 1}") is Decision.NO
    assert decide("{id: a, attribute: tech_contract_value, operator: gt, value: 0, unit: 元}") is Decision.NO
    assert decide("{id: a, attribute: registered_capital, operator: gt, value: 0, unit: 元}") is Decision.UNKNOWN
    assert decide("{id: a, attribute: standards, operator: has_any, value: [国家标准]}") is Decision.UNKNOWN
    assert decide("{id: a, attribute: registered_on, operator: within_years, value: 3}") is Decision.UNKNOWN
    assert decide("{id: a, attribute: registered_on, operator: exists}") is Decision.NO
    assert decide("{id: a, attribute: tax_credit_grade, operator: exists}") is Decision.UNKNOWN


def test_every_unknown_has_its_reason() -> None:
    text = (
        "all:\n"
        "  - {id: missing, attribute: employees, operator: ge, value: 5}\n"
        "  - {id: stale, attribute: revenue, operator: ge, value: 1, unit: 元}\n"
        "  - {id: withheld, attribute: tax_paid, operator: ge, value: 1, unit: 元}\n"
        "  - {id: judged, kind: judgement, label: 技术先进}\n"
        "  - {id: open, kind: untranslated, quote: 经济效益良好}\n"
        "  - {id: about, attribute: rd_ratio, operator: approx, value: 5, unit: '%'}\n"
        "  - {id: derived, attribute: rd_ratio, operator: ge, value: 5, unit: '%'}\n"
    )
    subject = {
        "revenue": Fact(5, "rec:1#revenue", dt.date(2023, 12, 31)),
        "tax_paid": Fact(5, withheld=True),
        "rd_expense": 100,
    }
    verdict = interpret(rule(text), subject, VOCABULARY, DAY)
    assert verdict.decision is Decision.UNKNOWN
    assert {leaf.clause.id: leaf.reason for leaf in verdict.clauses()} == {
        "missing": Reason.MISSING,
        "stale": Reason.STALE,
        "withheld": Reason.WITHHELD,
        "judged": Reason.JUDGEMENT,
        "open": Reason.UNTRANSLATED,
        "about": Reason.UNTRANSLATED,
        "derived": Reason.STALE,
    }
    stale = next(leaf for leaf in verdict.clauses() if leaf.clause.id == "stale")
    assert (stale.value, stale.source, stale.dated) == (5, "rec:1#revenue", dt.date(2023, 12, 31))
    withheld = next(leaf for leaf in verdict.clauses() if leaf.clause.id == "withheld")
    assert withheld.value is None


def test_the_older_of_two_years_asked_for_is_not_stale_late_in_the_year() -> None:
    clause = rule("{id: r, attribute: revenue, operator: ge, value: 2000, unit: 万元, period: last_2_years}")
    filed = Fact(3000 * WAN, "rec:1#revenue", dt.date(2025, 4, 30))  # 570 days ago: the latest known would be stale
    renewed = Fact(3000 * WAN, "rec:2#revenue", dt.date(2026, 4, 30))
    asked = {"revenue": renewed, "revenue@2024": filed, "revenue@2025": renewed}
    assert interpret(clause, asked, VOCABULARY, DAY).decision is Decision.YES
    assert interpret(clause, asked | {"revenue@2024": None}, VOCABULARY, DAY).decision is Decision.UNKNOWN
    assert interpret(rule(REVENUE), {"revenue": filed}, VOCABULARY, DAY).decision is Decision.UNKNOWN


def test_a_derived_value_is_worked_out_and_names_its_sources() -> None:
    subject = {"rd_expense": Fact(6, "rec:1#rd_expense", DAY), "revenue": Fact(100, "rec:2#revenue", DAY)}
    verdict = interpret(
        rule("{id: a, attribute: rd_ratio, operator: ge, value: 5, unit: '%'}"), subject, VOCABULARY, DAY
    )
    assert verdict.decision is Decision.YES
    assert verdict.value == pytest.approx(6)
    assert verdict.sources == ("rec:1#rd_expense", "rec:2#revenue")
    assert verdict.source == "rec:1#rd_expense"


def test_a_period_is_read_where_it_is_kept_apart() -> None:
    text = "{id: r, attribute: revenue, operator: ge, value: 10, unit: 元, period: %s}"
    years = {"revenue": 2000, "revenue@2025": 999, "revenue@2024": 1000}
    assert decide(text % "last_year", **years) is Decision.NO
    assert decide(text % "'2024'", **years) is Decision.YES
    assert decide(text % "last_2_years", **years) is Decision.NO
    assert decide(text % "last_year", revenue=1000) is Decision.YES
    assert decide(text % "last_year", **{"revenue": 1000, "revenue@2025": None}) is Decision.UNKNOWN


def test_periods_and_dates() -> None:
    assert period_keys("last_quarter", dt.date(2026, 2, 1)) == ("2025Q4",)
    assert period_keys("last_quarter", dt.date(2026, 5, 1)) == ("2026Q1",)
    assert period_keys("last_3_years", DAY) == ("2023", "2024", "2025")
    assert period_keys("2025q2", DAY) == ("2025Q2",)
    assert period_keys("soon", DAY) is None
    assert back(dt.date(2024, 2, 29), 1) == dt.date(2023, 2, 28)
    assert back(dt.date(2024, 3, 31), 0.5) == dt.date(2023, 9, 30)
    assert is_stale(VOCABULARY.get("revenue"), dt.date(2024, 12, 31), DAY)
    assert not is_stale(VOCABULARY.get("revenue"), dt.date(2025, 12, 31), DAY)
    assert not is_stale(VOCABULARY.get("certificates"), dt.date(1990, 1, 1), DAY)


def test_three_values_combine() -> None:
    yes, no, open_ = (
        "{id: y, attribute: employees, operator: ge, value: 1}",
        "{id: n, attribute: insured_employees, operator: ge, value: 1}",
        "{id: u, kind: judgement}",
    )
    known = {"employees": 1, "insured_employees": 0}
    for group, expected in {
        f"all: [{yes}, {open_}]": "unknown",
        f"all: [{no}, {open_}]": "no",
        f"any: [{yes}, {open_}]": "yes",
        f"any: [{no}, {open_}]": "unknown",
        f"none: [{yes}, {open_}]": "no",
        f"none: [{no}, {open_}]": "unknown",
        f"none: [{no}]": "yes",
        f"{{at_least: 1, of: [{no}, {open_}]}}": "unknown",
        f"{{at_least: 2, of: [{no}, {open_}]}}": "no",
        f"{{at_least: 2, of: [{no}, {open_}, {yes}]}}": "unknown",
    }.items():
        assert decide(group, **known) == expected, group


TREE = f"""
all:
  - {REVENUE}
  - any:
      - {HIGH_TECH}
      - {{id: p, attribute: invention_patents, operator: ge, value: 3}}
  - {{id: e, attribute: employees, operator: ge, value: 20}}
"""


def test_a_no_is_explained_by_the_fewest_clauses() -> None:
    verdict = interpret(rule(TREE), {"revenue": 5000 * WAN, "employees": None}, VOCABULARY, DAY)
    assert verdict.decision is Decision.NO
    assert [leaf.clause.id for leaf in verdict.deciding()] == ["h", "p"]
    both = interpret(rule(TREE), {"revenue": 0, "employees": 30}, VOCABULARY, DAY)
    assert [leaf.clause.id for leaf in both.deciding()] == ["r"]


def test_an_unknown_is_explained_by_what_to_settle() -> None:
    verdict = interpret(rule(TREE), {"revenue": None, "invention_patents": 3, "employees": 30}, VOCABULARY, DAY)
    assert [leaf.clause.id for leaf in verdict.deciding()] == ["r"]
    sure = interpret(rule(TREE), {"revenue": 2000 * WAN, "invention_patents": 3, "employees": 30}, VOCABULARY, DAY)
    assert [leaf.clause.id for leaf in sure.deciding()] == ["r", "p", "e"]


def test_distance_counts_what_a_firm_can_do() -> None:
    def distance(text: str, **subject: object) -> int:
        return interpret(rule(text), subject, VOCABULARY, DAY).distance

    patents = "{id: p, attribute: invention_patents, operator: ge, value: 3}"
    assert distance(patents, invention_patents=3) == 0
    assert distance(patents, invention_patents=1) == 1
    assert distance(HIGH_TECH) == 1
    assert distance(REVENUE, revenue=1) == FAR  # nobody is advised to earn more
    assert distance(REVENUE) == 1  # but may be asked
    assert distance(f"any: [{REVENUE}, {patents}]", revenue=1) == 1
    assert distance(f"all: [{HIGH_TECH}, {patents}]", certificates=[]) == 2
    assert distance("{id: u, attribute: certificates, operator: has_any, value: [独角兽]}") == FAR
    assert distance("{id: u, attribute: insured_employees, operator: le, value: 5}", insured_employees=9) == FAR
    assert distance("none: [{id: u, attribute: insured_employees, operator: le, value: 5}]", insured_employees=4) == 1
    between = "{id: u, attribute: insured_employees, operator: between, value: [5, 9]}"
    assert (distance(between, insured_employees=1), distance(between, insured_employees=10)) == (1, FAR)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("{id: a, attribute: revenu, operator: ge, value: 1}", "rule", "did you mean revenue"),
        ("all: [{id: a, attribute: revenue, operator: ge, value: 1}]", "all[0]", "needs a unit"),
        ("{id: a, attribute: revenue, operator: ge, value: 1, unit: 人}", "rule", "does not measure"),
        ("{id: a, attribute: revenue, operator: ge, value: 很多, unit: 元}", "rule", "compared with a number"),
        ("{id: a, attribute: rd_ratio, operator: ge, value: 0.05}", "rule", "looks like a fraction"),
        ("{id: a, attribute: rd_ratio, operator: ge, value: 5, unit: 万元}", "rule", "does not measure"),
        ("{id: a, attribute: employees, operator: ge, value: 2.5}", "rule", "whole number"),
        ("{id: a, attribute: revenue, operator: ge, value: 99999999999999, unit: 亿元}", "rule", "too large"),
        ("{id: a, attribute: revenue, operator: between, value: [5, 1], unit: 元}", "rule", "swap"),
        ("{id: a, attribute: revenue, operator: between, value: 5, unit: 元}", "rule", "low, high"),
        ("{id: a, attribute: revenue, operator: ge, value: [1, 2], unit: 元}", "rule", "one value"),
        ("{id: a, attribute: revenue, operator: ge, unit: 元}", "rule", "value is missing"),
        ("{id: a, attribute: revenue, value: 1, unit: 元}", "rule", "operator is missing"),
        ("{id: a, attribute: revenue, operator: has_any, value: [甲]}", "rule", "does not go with"),
        ("{id: a, attribute: certificates, operator: has_any, value: []}", "rule", "set is empty"),
        ("{id: a, attribute: certificates, operator: has_any, value: [十佳]}", "rule", "unknown certificate"),
        ("{id: a, attribute: certificates, operator: has_any, value: [企业技术中心/乡级]}", "rule", "no level"),
        ("{id: a, attribute: tax_credit_grade, operator: eq, value: 甲}", "rule", "not among the options"),
        ("{id: a, attribute: registered_on, operator: ge, value: 去年}", "rule", "must be a date"),
        ("{id: a, attribute: registered_on, operator: within_years, value: -1}", "rule", "0 or more"),
        ("{id: a, attribute: accidents_3y, operator: eq, value: 否}", "rule", "true or false"),
        ("{id: a, attribute: industry_registered, operator: starts_with, value: [Z]}", "rule", "no section"),
        ("{id: a, attribute: registered_division, operator: eq, value: 310112}", "rule", "quotes"),
        ("{id: a, attribute: revenue, operator: ge, value: 1, unit: 元, period: 往年}", "rule", "unknown period"),
        ("{id: a, attribute: above_scale, operator: eq, value: true}", "rule", "never a ground"),
        ("all: []", "rule", "no condition"),
        ("{at_least: 2, of: [{id: a, kind: judgement}]}", "rule", "between 1 and 1"),
        ("any: [{id: a, kind: judgement}, {id: a, kind: judgement}]", "any[1]", "given twice"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(text: str, place: str, says: str) -> None:
    with pytest.raises(RuleError) as caught:
        prepare(rule(text), VOCABULARY)
    assert says in str(caught.value)
    assert str(caught.value).startswith(place)
    assert all(problem.message.zh for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("first", "second", "impossible"),
    [
        ("operator: ge, value: 10", "operator: lt, value: 10", True),
        ("operator: ge, value: 10", "operator: le, value: 10", False),
        ("operator: gt, value: 10", "operator: le, value: 10", True),
        ("operator: between, value: [1, 5]", "operator: ge, value: 6", True),
        ("operator: eq, value: 5", "operator: in, value: [6, 7]", True),
        ("operator: in, value: [5, 6]", "operator: gt, value: 5", False),
        ("operator: ge, value: 1", "operator: ge, value: 5", False),
    ],
)
def test_contradictions_are_found(first: str, second: str, impossible: bool) -> None:
    text = f"all: [{{id: a, attribute: employees, {first}}}, {{id: b, attribute: employees, {second}}}]"
    found = [fault for fault in check(rule(text), VOCABULARY) if "never hold" in str(fault)]
    assert bool(found) is impossible


def test_what_is_left_to_people_is_a_warning() -> None:
    text = "all: [{id: a, kind: untranslated}, {id: b, attribute: rd_ratio, operator: approx, value: 5}]"
    found = check(rule(text), VOCABULARY)
    assert [(fault.clause, fault.warning) for fault in found] == [("a", True), ("b", True)]
    prepare(rule(text), VOCABULARY)


@pytest.mark.parametrize(
    ("first", "second", "covered"),
    [
        ("operator: ge, value: 10", "operator: lt, value: 10", True),
        ("operator: gt, value: 10", "operator: lt, value: 10", False),
        ("operator: ge, value: 5", "operator: le, value: 8", True),
        ("operator: ge, value: 8", "operator: le, value: 5", False),
        ("operator: ne, value: 5", "operator: ne, value: 6", True),
        ("operator: not_in, value: [5]", "operator: not_in, value: [5, 6]", False),
    ],
)
def test_alternatives_that_leave_out_no_value_are_found(first: str, second: str, covered: bool) -> None:
    parts = f"[{{id: a, attribute: employees, {first}}}, {{id: b, attribute: employees, {second}}}]"
    (told,) = check(rule(f"any: {parts}"), VOCABULARY) or (None,)
    assert (told is not None and told.warning and "cover every value" in str(told)) is covered
    never = [str(fault) for fault in check(rule(f"none: {parts}"), VOCABULARY) if not fault.warning]
    assert any("none of them never holds" in fault for fault in never) is covered


def test_a_none_beside_a_bound_can_contradict_it() -> None:
    inside = "none: [{id: b, attribute: employees, operator: ge, value: %d}]"
    whole = "all: [{id: a, attribute: employees, operator: ge, value: 5}, {%s}]"
    assert any("never hold" in str(fault) for fault in check(rule(whole % (inside % 3)), VOCABULARY))
    assert check(rule(whole % (inside % 9)), VOCABULARY) == []
    flags = "{id: a, attribute: accidents_3y, operator: eq, value: true}"
    both = f"all: [{flags}, {{none: [{flags.replace('id: a', 'id: b')}]}}]"
    assert any("never hold" in str(fault) for fault in check(rule(both), VOCABULARY))
