"""A rule as SQL answers as the interpreter does, in SQLite in memory and, where there is a server, in PostgreSQL."""

import datetime as dt
import json
import os
import sqlite3
from typing import Any

import pytest
from hypothesis import given, settings
from rule_strategies import COLUMNS, kept, rows, rules

from gangshen.engines.rules import (
    Clause,
    Node,
    Operator,
    clauses,
    from_json,
    interpret,
    rule_schema,
    subject_of,
    to_json,
    to_sql,
)
from gangshen.engines.vocabulary import AttributeType, Vocabulary

VOCABULARY = Vocabulary.load_builtin()
DAY = dt.date(2026, 2, 28)
SQL_TYPES = {
    AttributeType.MONEY: "BIGINT",
    AttributeType.COUNT: "BIGINT",
    AttributeType.NUMBER: "DOUBLE PRECISION",
    AttributeType.PERCENT: "DOUBLE PRECISION",
    AttributeType.BOOL: "BOOLEAN",
    AttributeType.DATE: "DATE",
    AttributeType.LIST: "JSONB",
}


def cell(value: Any, dialect: str) -> Any:
    if isinstance(value, list):
        return json.dumps(value, default=str)
    if isinstance(value, dt.date) and dialect == "sqlite":
        return value.isoformat()
    return value


def sql_of(rule: Node, columns: set[str], dialect: Any) -> str:
    return to_sql(rule, VOCABULARY, DAY, columns=columns, dialect=dialect)


def told_by_interpreter(rule: Node, data: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(i, interpret(rule, subject_of(row), VOCABULARY, DAY).decision.value) for i, row in enumerate(data)]


def reads_a_table(rule: Node, columns: set[str]) -> bool:
    return "size_class" not in columns and any(clause.attribute == "size_class" for clause in clauses(rule))


def prepared(data: list[dict[str, Any]], absent: list[str]) -> tuple[list[dict[str, Any]], set[str]]:
    absent = [key for key in absent if key != "size_class"]
    columns = {key for key in COLUMNS if key not in absent}
    found = [{key: value for key, value in row.items() if key in columns} for row in data]
    for row in found:  # a value that is worked out by a table has a column of its own, known throughout
        row["size_class"] = row["size_class"] or "微型"
    return found, columns


@settings(max_examples=150, deadline=None)
@given(rules, rows, kept)
def test_sqlite_answers_as_the_interpreter(rule: Node, data: list[dict[str, Any]], absent: list[str]) -> None:
    data, columns = prepared(data, absent)
    names = sorted(columns)
    with sqlite3.connect(":memory:") as base:
        listed = ", ".join(f'"{name}"' for name in ("id", *names))
        base.execute(f"CREATE TABLE snapshot ({listed})")
        marks = ", ".join("?" for _ in range(len(names) + 1))
        for i, row in enumerate(data):
            base.execute(f"INSERT INTO snapshot VALUES ({marks})", [i, *(cell(row[n], "sqlite") for n in names)])
        assert base.execute(sql_of(rule, columns, "sqlite")).fetchall() == told_by_interpreter(rule, data)
    base.close()


@pytest.mark.full
@pytest.mark.skipif(
    not os.environ.get("GANGSHEN_DATABASE_URL", "").startswith("postgres"),
    reason="needs PostgreSQL: set GANGSHEN_DATABASE_URL",
)
@settings(max_examples=60, deadline=None)
@given(rules, rows, kept)
def test_postgresql_answers_as_the_interpreter(rule: Node, data: list[dict[str, Any]], absent: list[str]) -> None:
    import psycopg

    data, columns = prepared(data, absent)
    names = sorted(columns)

    def sql_type(name: str) -> str:
        if "__" in name:
            return "BOOLEAN"
        return SQL_TYPES.get(VOCABULARY.get(name.partition("@")[0]).type, "TEXT")

    with psycopg.connect(os.environ["GANGSHEN_DATABASE_URL"]) as base:
        listed = ", ".join(f'"{name}" {sql_type(name)}' for name in names)
        base.execute(f'CREATE TEMPORARY TABLE snapshot ("id" BIGINT, {listed})')
        marks = ", ".join("%s" for _ in range(len(names) + 1))
        for i, row in enumerate(data):
            base.execute(f"INSERT INTO snapshot VALUES ({marks})", [i, *(cell(row[n], "postgresql") for n in names)])
        assert base.execute(sql_of(rule, columns, "postgresql")).fetchall() == told_by_interpreter(rule, data)
        base.rollback()


def test_words_cannot_break_out() -> None:
    nasty = "x'); DROP TABLE snapshot; --"
    rule = Clause(id="a", attribute="business_scope", operator=Operator.CONTAINS, value=(nasty,))
    with sqlite3.connect(":memory:") as base:
        base.execute('CREATE TABLE "my ""table" ("id", "business_scope")')
        base.execute('INSERT INTO "my ""table" VALUES (1, ?), (2, ?)', [f"a {nasty} b", "other"])
        told = to_sql(rule, VOCABULARY, DAY, columns={"business_scope"}, dialect="sqlite", table='my "table')
        assert base.execute(told).fetchall() == [(1, "yes"), (2, "no")]
    base.close()


def test_what_a_table_works_out_needs_a_column() -> None:
    rule = Clause(id="a", attribute="size_class", operator=Operator.EQ, value="小型")
    with pytest.raises(ValueError, match="give it a column"):
        to_sql(rule, VOCABULARY, DAY, columns={"employees"})


@settings(max_examples=100, deadline=None)
@given(rules)
def test_a_rule_travels_as_json(rule: Node) -> None:
    written = json.loads(json.dumps(to_json(rule), ensure_ascii=False))
    assert from_json(written) == rule


def test_the_schema_names_what_may_stand_in_a_rule() -> None:
    schema = rule_schema()
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert set(schema["$defs"]) >= {"All", "Any_", "None_", "AtLeast", "Clause", "Operator", "Span"}
    assert schema["$defs"]["Clause"]["additionalProperties"] is False
    assert "has_any" in schema["$defs"]["Operator"]["enum"]
    assert json.loads(json.dumps(schema)) == schema
