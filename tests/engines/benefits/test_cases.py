"""Golden cases pass or say exactly what differs; an edition in force needs them."""

from pathlib import Path

import pytest

from gangshen.engines.benefits import (
    Expect,
    Policy,
    as_case,
    boundaries,
    check_policy,
    coverage,
    mutants,
    quote_digest,
    run_cases,
    survivors,
    uncovered,
)
from gangshen.engines.formats import load_yaml
from gangshen.engines.rules import All
from gangshen.engines.vocabulary import Vocabulary

VOCABULARY = Vocabulary.load_builtin()
ZONE = Path(__file__).parents[3] / "zones" / "maqiao"
FILE = ZONE / "policies" / "equipment-renewal.yaml"
TEXT = (ZONE / "documents" / "equipment-renewal.md").read_text(encoding="utf-8")


def edited(*changes: tuple[str, str]) -> Policy:
    text = FILE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return load_yaml(text, Policy, name="p.yaml")


def test_the_worked_example_passes_its_cases() -> None:
    results = run_cases(edited(), VOCABULARY)
    assert len(results) == 12
    assert [result.case for result in results if not result.passed] == []
    assert check_policy(edited(), VOCABULARY) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: 500\n", "value: 501\n"),
        ("operator: ge", "operator: gt"),
        ("operator: ge", "operator: le"),
        ('value: ["310112"]', 'value: ["310113"]'),
        ("value: [C]", "value: [D]"),
        ("- any:", "- all:"),
        ("- none:", "- any:"),
        (
            "              value: true\n              label: 重大",
            "              value: false\n              label: 重大",
        ),
        ('value: [高新技术企业, 专精特新中小企业, "专精特新“小巨人”企业"]', "value: [高新技术企业]"),
        ("      rate: 0.1\n", "      rate: 0.11\n"),
        ("rate: 0.15", "rate: 0.2"),
        ("amount_fen: 300万元", "amount_fen: 301万元"),
    ],
)
def test_any_change_of_meaning_fails_a_case(old: str, new: str) -> None:
    assert not all(result.passed for result in run_cases(edited((old, new)), VOCABULARY))


def test_a_difference_says_what_came_out() -> None:
    results = run_cases(edited(("value: 500\n", "value: 501\n")), VOCABULARY)
    (first, *_) = [result for result in results if not result.passed]
    assert first.differences[0].in_language("en") == "decision is no, expected yes"
    assert first.differences[0].zh == "结论为 no，应为 yes"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("attribute: equipment_investment", "attribute: equipment_invest", "did you mean equipment_investment"),
        ("unit: 万元", "unit: 人", "does not measure"),
        ("base: equipment_investment", "base: above_scale", "statistics only"),
        ("equipment_investment: 500万元", "equipment_investment: 五百", "is no number"),
        ("decision: yes, amount_fen: {low: 50万元", "decision: no, amount_fen: {low: 40万元", "expected"),
        ("given: {registered_division", "given: {registered_place", "no attribute"),
    ],
)
def test_what_keeps_an_edition_from_use_is_listed(old: str, new: str, says: str) -> None:
    found = [str(problem) for problem in check_policy(edited((old, new)), VOCABULARY)]
    assert any(says in problem for problem in found), found
    assert all(problem.startswith("equipment-renewal 2026: ") for problem in found)


def test_an_edition_in_force_needs_a_yes_and_a_no() -> None:
    policy = edited()
    version = policy.versions[0].model_copy(update={"cases": policy.versions[0].cases[:1]})
    found = check_policy(policy.model_copy(update={"versions": (version,)}), VOCABULARY)
    assert [str(problem) for problem in found] == ["equipment-renewal 2026: cases: no case comes to no (add one)"]


def test_quotes_that_moved_or_vanished_are_found() -> None:
    version = edited().versions[0]
    assert coverage(version, {"equipment-renewal": TEXT}) == []
    moved = coverage(version, {"equipment-renewal": "序\n" + TEXT})
    assert len(moved) == 8
    assert "now stand at 113-121" in str(moved[0])
    gone = coverage(version, {"equipment-renewal": TEXT.replace("闵行区", "本区")})
    assert "no longer stand" in str(gone[0])
    assert "is not there" in str(coverage(version, {})[0])


def test_every_threshold_is_tried_on_both_sides() -> None:
    edges = [edge for edge in boundaries(edited().versions[0], VOCABULARY) if not edge.missing]
    assert [(edge.clause, edge.value - edge.edge, edge.decision) for edge in edges] == [
        ("investment", -1, "no"),
        ("investment", 0, "yes"),
        ("investment", 1, "yes"),
    ]
    exclusive = boundaries(
        edited(("operator: ge", "operator: gt"), ("500万元, above", "600万元, above")).versions[0], VOCABULARY
    )
    assert [edge.decision for edge in exclusive if not edge.missing] == ["no", "no", "yes"]
    nobody = edited().versions[0].model_copy(update={"cases": ()})
    assert boundaries(nobody, VOCABULARY) == []


@pytest.mark.parametrize(
    ("clause", "tried"),
    [
        ("{id: new, attribute: revenue_growth, operator: ge, value: -5, unit: '%'}", [-5.01, -5.0, -4.99]),
        ("{id: new, attribute: registered_on, operator: within_years, value: 90000}", ["0001-01-01", "0001-01-02"]),
    ],
)
def test_a_threshold_below_nothing_or_before_the_calendar_is_tried_too(clause: str, tried: list[object]) -> None:
    (edition,) = edited(("      all:\n", f"      all:\n        - {clause}\n")).versions
    found = [one.value for one in boundaries(edition, VOCABULARY) if one.clause == "new" and one.value is not None]
    assert [value if isinstance(value, float) else str(value) for value in found] == tried


def test_a_case_may_state_what_a_ratio_of_one_year_is_worked_out_from() -> None:
    clause = "{id: new, attribute: rd_ratio, operator: ge, value: 3, unit: '%', period: last_year}"
    policy = edited(("      all:\n", f"      all:\n        - {clause}\n"))
    case = policy.versions[0].cases[0]
    for spent, decision in (("4万元", "yes"), ("2万元", "no")):
        given = case.given | {"rd_expense@2025": spent, "revenue@2025": "100万元", "rd_expense": "1亿元"}
        asked = case.model_copy(update={"given": given})
        edition = policy.versions[0].model_copy(update={"cases": (asked,)})
        (result,) = run_cases(policy.model_copy(update={"versions": (edition,)}), VOCABULARY)
        assert result.decision == decision


def test_a_clause_and_an_amount_of_two_years_are_told() -> None:
    found = check_policy(edited(("      period: last_year\n      base_label", "      base_label")), VOCABULARY)
    assert [(one.warning, one.place.rpartition(" ")[2]) for one in found] == [(True, "benefit.base")]
    assert "write period: last_year" in str(found[0])


def test_every_attribute_is_tried_missing() -> None:
    gone = {
        edge.attribute: (edge.decision, edge.decides)
        for edge in boundaries(edited().versions[0], VOCABULARY)
        if edge.missing
    }
    assert gone == {
        "registered_division": ("unknown", True),
        "industry_registered": ("unknown", True),
        "equipment_investment": ("unknown", True),
        "above_scale_declared": ("unknown", True),
        "certificates": ("no", True),  # a complete list: not there means not held
        "accidents_3y": ("unknown", True),
        "serious_dishonesty": ("yes", True),
    }


def test_a_boundary_is_offered_as_a_case_that_passes() -> None:
    policy = edited()
    edition = policy.versions[0]
    made = [as_case(edge, edition, VOCABULARY) for edge in boundaries(edition, VOCABULARY)]
    assert made[0].name == "登记住所所在区划不知道" or made[0].name.endswith("不知道")
    assert any(case.name.startswith("设备投资") and "略低于界限（499" in case.name for case in made)
    proved = policy.model_copy(update={"versions": (edition.model_copy(update={"cases": tuple(made)}),)})
    assert [result.case for result in run_cases(proved, VOCABULARY) if not result.passed] == []


def test_a_slip_that_no_case_notices_is_named() -> None:
    policy = edited()
    edition = policy.versions[0]
    alive, tried = survivors(policy, edition, VOCABULARY)
    assert (alive, tried) == ([], len(list(mutants(edition, VOCABULARY))))
    assert tried >= 25
    fewer = edition.model_copy(update={"cases": tuple(case for case in edition.cases if case.name != "不是制造业")})
    alive, _ = survivors(policy, fewer, VOCABULARY)
    assert [(one.place, one.clause, one.change.en) for one in alive] == [("eligibility.all[1]", "industry", "left out")]
    failing = edition.model_copy(
        update={"cases": tuple(case.model_copy(update={"expect": Expect(decision="no")}) for case in edition.cases[:1])}
    )
    alive, tried = survivors(policy, failing, VOCABULARY)
    assert len(alive) == tried, "a case that fails anyway notices nothing"


def test_conditions_without_a_clause_are_listed() -> None:
    edition = edited().versions[0]
    assert uncovered([edition], {"equipment-renewal": TEXT}) == []
    more = TEXT + "\n第九条 企业从业人员不少于50人，且近三年未受到行政处罚的，优先支持。每家给予不超过20万元奖励。"
    found = uncovered([edition], {"equipment-renewal": more})
    assert [one.words for one in found] == ["第九条 企业从业人员不少于50人", "且近三年未受到行政处罚的"]
    assert all(more[one.start : one.end] == one.words for one in found)
    within = {"equipment-renewal": [(0, len(TEXT))]}
    assert uncovered([edition], {"equipment-renewal": more}, within=within) == []


def test_a_quote_may_be_kept_as_its_digest() -> None:
    edition = edited().versions[0]
    (first, *rest) = edition.eligibility.all
    proved = first.model_copy(
        update={"quote": "", "span": first.span.model_copy(update={"digest": quote_digest(first.quote)})}
    )
    bare = edition.model_copy(update={"eligibility": All(all=(proved, *rest))})
    assert coverage(bare, {"equipment-renewal": TEXT}) == []
    assert "no longer stand" in str(coverage(bare, {"equipment-renewal": "序" + TEXT})[0])
