"""The columnar batch equals the interpreter in every decision, distance and clause, whatever the rule and the data."""

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_strategies import COLUMNS, DAY, VOCABULARY, kept, rows, rules

from gangshen.engines.rules import (
    Clause,
    Decision,
    Node,
    Operator,
    clauses,
    compile_rules,
    interpret,
    nearest,
    prepare,
    subject_of,
)
from gangshen.engines.vocabulary import AttributeType

DECISIONS = [Decision.NO, Decision.UNKNOWN, Decision.YES]


@settings(max_examples=100, deadline=None)
@given(st.lists(rules, min_size=1, max_size=3), rows, kept)
def test_batch_equals_interpreter(some: list[Node], data: list[dict[str, Any]], absent: list[str]) -> None:
    data = [{key: value for key, value in row.items() if key not in absent} for row in data]
    schema = {key: dtype for key, (_, dtype) in COLUMNS.items() if key not in absent}
    frame = pl.DataFrame(data, schema=schema).with_columns(id=pl.Series([str(i) for i in range(len(data))]))
    batch = compile_rules(some, VOCABULARY)
    columns = batch.columns(frame, DAY)
    matrix = batch.evaluate(columns, DAY)
    for i, rule in enumerate(some):
        prepared = prepare(rule, VOCABULARY)
        verdicts = [interpret(prepared, subject_of(row), VOCABULARY, DAY) for row in data]
        assert [DECISIONS[d] for d in matrix.decisions[i]] == [verdict.decision for verdict in verdicts]
        assert matrix.distances[i].tolist() == [verdict.distance for verdict in verdicts]
        for one in clauses(rule):
            answers = batch.clause(columns, DAY, str(i), one.id)
            told = [next(leaf for leaf in v.clauses() if leaf.clause is one).decision for v in verdicts]
            assert [DECISIONS[d] for d in answers] == told


def test_a_figure_that_is_no_number_is_worked_out_in_both() -> None:
    rule = Clause(id="r", attribute="rd_ratio", operator=Operator.GE, value=5, unit="%")
    row = {"rd_ratio": float("nan"), "revenue": 100, "rd_expense": 6}
    batch = compile_rules([rule], VOCABULARY)
    matrix = batch.evaluate(batch.columns(pl.DataFrame([row | {"id": "0"}]), DAY), DAY)
    assert DECISIONS[matrix.decisions[0][0]] is Decision.YES
    assert interpret(rule, subject_of(row), VOCABULARY, DAY).decision is Decision.YES


@settings(max_examples=60, deadline=None)
@given(rules, rows)
def test_a_fact_more_never_turns_a_yes_into_a_no(rule: Node, data: list[dict[str, Any]]) -> None:
    """What is decided with a value missing stands whatever the value turns out to be (absence in a closed list is a
    value; so are dates that make another value be read)."""
    for row in data:
        plain = {key: value for key, value in row.items() if "__" not in key and "@" not in key}
        for key, value in plain.items():
            attribute = VOCABULARY.get(key)
            if (
                value is None
                or attribute.world == "closed"
                or attribute.expression
                or attribute.type is AttributeType.LIST
            ):
                continue
            without = interpret(rule, plain | {key: None}, VOCABULARY, DAY).decision
            if without is not Decision.UNKNOWN:
                assert interpret(rule, plain, VOCABULARY, DAY).decision is without


@settings(max_examples=100, deadline=None)
@given(rules, rows)
def test_the_nearest_change_wins_and_only_raises_what_may_be_raised(rule: Node, data: list[dict[str, Any]]) -> None:
    prepared = prepare(rule, VOCABULARY)
    for row in data:
        facts = subject_of(row)
        verdict = interpret(prepared, facts, VOCABULARY, DAY)
        found = nearest(prepared, facts, VOCABULARY, DAY, verdict=verdict)
        if found is None:
            continue
        assert verdict.decision is Decision.NO
        assert interpret(prepared, found.subject, VOCABULARY, DAY).decision is found.decision is not Decision.NO
        assert {key for key in found.subject if found.subject[key] is not facts.get(key)} <= {
            change.attribute if change.period is None else f"{change.attribute}@{change.period}"
            for change in found.changes
        } | {change.attribute for change in found.changes}
        for change in found.changes:
            attribute = VOCABULARY.get(change.attribute)
            if attribute.id == "certificates":
                assert VOCABULARY.certificate(change.after.partition("/")[0]).actionable
            else:
                assert attribute.actionable
                assert attribute.type is AttributeType.LIST or change.after > change.before
