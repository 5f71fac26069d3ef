"""A rule as SQL, so that one policy can be previewed inside a database; equal to the interpreter, row by row.

NULL is unknown: AND, OR and NOT of SQL are those of the three values.
"""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Collection
from typing import Any, Literal

from gangshen.engines.vocabulary import Attribute, AttributeType, Expression, Vocabulary, World

from ._facts import absence, keys_of
from ._interpret import Prepared, prepare
from ._model import All, AtLeast, Clause, Node, None_, Operator
from ._period import back
from ._test import Test
from ._walk import children

__all__ = ["Dialect", "to_sql"]

Dialect = Literal["sqlite", "postgresql"]
_UNKNOWN = "CAST(NULL AS BOOLEAN)"
_COMPARED = {
    Operator.GE: ">=",
    Operator.GT: ">",
    Operator.LE: "<=",
    Operator.LT: "<",
    Operator.EQ: "=",
    Operator.NE: "<>",
}


def to_sql(
    rule: Node | Prepared,
    vocabulary: Vocabulary,
    as_of: dt.date,
    *,
    columns: Collection[str],
    dialect: Dialect = "postgresql",
    table: str = "snapshot",
) -> str:
    """A SELECT of ``id`` and ``decision`` ('yes', 'no', 'unknown') over a table of one row a subject.

    ``columns`` are those of the table, named and typed as in a snapshot: ``revenue`` (fen), ``revenue@2025``, masks
    ``revenue__stale`` and ``revenue__withheld``; lists are JSON (``jsonb`` in PostgreSQL) arrays of entries with ISO
    dates; in SQLite dates are ISO text. What has no column is missing. Raises :class:`RuleError` for a rule that must
    not be used, ValueError where a derived attribute is worked out by a table (size class) and has no column.
    """
    prepared = rule if isinstance(rule, Prepared) else prepare(rule, vocabulary)
    writer = _Writer(prepared, as_of, frozenset(columns), dialect)
    inner = f'SELECT "id", {writer.node(prepared.rule)} AS answer FROM {_name(table)}'
    decision = "CASE WHEN answer THEN 'yes' WHEN NOT answer THEN 'no' ELSE 'unknown' END AS decision"
    return f'SELECT "id", {decision} FROM ({inner}) AS decided ORDER BY "id"'


def _name(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


class _Writer:
    def __init__(self, prepared: Prepared, as_of: dt.date, columns: frozenset[str], dialect: Dialect) -> None:
        self.prepared, self.as_of, self.columns, self.dialect = prepared, as_of, columns, dialect
        self.vocabulary = prepared.vocabulary

    def node(self, node: Node) -> str:
        if isinstance(node, Clause):
            return self.clause(self.prepared.test(node))
        parts = [self.node(child) for child in children(node)]
        if isinstance(node, All):
            return "(" + " AND ".join(parts) + ")"
        if isinstance(node, AtLeast):
            sure = " + ".join(f"CASE WHEN {part} THEN 1 ELSE 0 END" for part in parts)
            possible = " + ".join(f"CASE WHEN NOT {part} THEN 0 ELSE 1 END" for part in parts)
            return f"(CASE WHEN {sure} >= {node.at_least} THEN TRUE WHEN {possible} < {node.at_least} THEN FALSE END)"
        either = "(" + " OR ".join(parts) + ")"
        return f"(NOT {either})" if isinstance(node, None_) else either

    def clause(self, test: Test) -> str:
        if test.fixed is not None or test.attribute is None:
            return _UNKNOWN
        parts = [
            self.one(test, test.attribute, key) for key in keys_of(test, self.columns, self.vocabulary, self.as_of)
        ]
        return parts[0] if len(parts) == 1 else "(" + " AND ".join(parts) + ")"

    def one(self, test: Test, attribute: Attribute, key: str) -> str:
        """The answer under one column."""
        if attribute.type is AttributeType.LIST:
            return self.listed(test, attribute, key)
        value, threshold = self.value(key, attribute), test.threshold
        match test.operator:
            case Operator.EXISTS:
                otherwise = " ELSE FALSE" if attribute.world is World.CLOSED else ""
                hidden = self.hidden(key)
                known = f"(CASE WHEN {hidden} THEN NULL WHEN {value} IS NOT NULL THEN TRUE{otherwise} END)"
                return known if threshold else f"(NOT {known})"
            case Operator.BETWEEN:
                return f"({value} BETWEEN {self.literal(threshold[0])} AND {self.literal(threshold[1])})"
            case Operator.WITHIN_YEARS:
                first = back(self.as_of, threshold)
                return f"({value} BETWEEN {self.literal(first)} AND {self.literal(self.as_of)})"
            case Operator.IN | Operator.NOT_IN:
                wanted = ", ".join(map(self.literal, threshold))
                return f"({value} {'NOT ' if test.operator is Operator.NOT_IN else ''}IN ({wanted}))"
            case Operator.STARTS_WITH:
                starts = (f"SUBSTR({value}, 1, {len(one)}) = {self.literal(one)}" for one in threshold)
                return "(" + " OR ".join(starts) + ")"
            case Operator.CONTAINS:
                return (
                    "("
                    + " OR ".join(f"REPLACE({value}, {self.literal(one)}, '') <> {value}" for one in threshold)
                    + ")"
                )
            case operator if operator in _COMPARED:
                return f"({value} {_COMPARED[operator]} {self.literal(threshold)})"
            case _:
                return _UNKNOWN

    def hidden(self, key: str) -> str:
        """Whether the value may not be used: stale or withheld."""
        masks = [
            f"COALESCE({_name(key + end)}, FALSE)" for end in ("__stale", "__withheld") if key + end in self.columns
        ]
        return "(" + " OR ".join(masks) + ")" if masks else "FALSE"

    def value(self, key: str, attribute: Attribute) -> str:
        """The value that may be read: given, worked out, or what absence from a complete list means; else NULL."""
        found = []
        if key in self.columns:
            given = _name(key)
            real = attribute.type in (AttributeType.NUMBER, AttributeType.PERCENT)
            found.append(f"NULLIF({given}, 'NaN')" if real and self.dialect == "postgresql" else given)
        expression = self.vocabulary.expression(attribute.id)
        if expression is not None and not (found and expression.function):
            found.append(self.derived(expression, key, attribute))
        zero = absence(attribute)
        if zero is not None:
            found.append(self.literal(zero))
        if not found:
            return f"CAST(NULL AS {self.type(attribute)})"
        told = f"COALESCE({', '.join(found)})" if len(found) > 1 else found[0]
        hidden = self.hidden(key)
        return told if hidden == "FALSE" else f"(CASE WHEN {hidden} THEN NULL ELSE {told} END)"

    def type(self, attribute: Attribute) -> str:
        types = {
            AttributeType.MONEY: "BIGINT",
            AttributeType.COUNT: "BIGINT",
            AttributeType.NUMBER: "DOUBLE PRECISION",
            AttributeType.PERCENT: "DOUBLE PRECISION",
            AttributeType.BOOL: "BOOLEAN",
            AttributeType.DATE: "DATE" if self.dialect == "postgresql" else "TEXT",
        }
        return types.get(attribute.type, "TEXT")

    def derived(self, expression: Expression, key: str, attribute: Attribute) -> str:
        if expression.function is not None:
            raise ValueError(f"{attribute.id} is worked out by a table outside SQL (give it a column)")
        period = key.partition("@")[2]
        inputs = {}
        for name in expression.inputs:
            own = f"{name}@{period}" if period and f"{name}@{period}" in self.columns else name
            inputs[name] = self.value(own, self.vocabulary.get(name))
        worked = _arithmetic(ast.parse(expression.text, mode="eval").body, inputs)
        whole = attribute.type in (AttributeType.MONEY, AttributeType.COUNT)
        return f"CAST(ROUND({worked}) AS BIGINT)" if whole else worked

    def listed(self, test: Test, attribute: Attribute, key: str) -> str:
        """A test of a list's entries."""
        if key not in self.columns:
            source = "SELECT NULL AS value WHERE FALSE"
            unknown = self.hidden(key) if attribute.world is World.CLOSED else "TRUE"
        else:
            each = "json_each" if self.dialect == "sqlite" else "jsonb_array_elements"
            source = f"SELECT value FROM {each}({_name(key)})"
            unknown = self.hidden(key)
            if attribute.world is not World.CLOSED:
                unknown = f"({unknown} OR {_name(key)} IS NULL)"
        answer = self.entries(test, source if key in self.columns else None)
        return answer if unknown == "FALSE" else f"(CASE WHEN {unknown} THEN NULL ELSE {answer} END)"

    def entries(self, test: Test, source: str | None) -> str:
        day = f"'{self.as_of.isoformat()}'"
        begins, ends, withdrawn = (f"entry.value ->> '{name}'" for name in ("from", "to", "withdrawn_on"))
        kept = f"({withdrawn} IS NULL OR {withdrawn} > {day})"
        valid = f"({begins} IS NULL OR {begins} <= {day}) AND ({ends} IS NULL OR {ends} >= {day}) AND {kept}"

        def some(holds: str) -> str:
            return "FALSE" if source is None else f"EXISTS (SELECT 1 FROM ({source}) AS entry WHERE {holds})"

        def holding(kind: str, level: str | None) -> str:
            words = f"{valid} AND entry.value ->> 'type' = {self.literal(kind)}"
            return some(words if level is None else f"{words} AND entry.value ->> 'level' = {self.literal(level)}")

        match test.operator:
            case Operator.HAS_ANY:
                return "(" + " OR ".join(holding(*one) for one in test.threshold) + ")"
            case Operator.HAS_ALL:
                return "(" + " AND ".join(holding(*one) for one in test.threshold) + ")"
            case Operator.EXISTS:
                return some(valid) if test.threshold else f"(NOT {some(valid)})"
            case Operator.WITHIN_YEARS:
                first = f"'{back(self.as_of, test.threshold).isoformat()}'"
                recent = some(f"{kept} AND {begins} BETWEEN {first} AND {day}")
                return f"(CASE WHEN {recent} THEN TRUE WHEN {some(f'{kept} AND {begins} IS NULL')} THEN NULL ELSE FALSE END)"
            case _:
                assert test.operator is not None
                many = "0" if source is None else f"(SELECT COUNT(*) FROM ({source}) AS entry WHERE {valid})"
                return f"({many} {_COMPARED[test.operator]} {self.literal(test.threshold)})"

    def literal(self, value: Any) -> str:
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, dt.date):
            return ("DATE " if self.dialect == "postgresql" else "") + f"'{value.isoformat()}'"
        if isinstance(value, str):
            return "'" + value.replace("'", "''") + "'"
        return repr(value)


def _arithmetic(tree: ast.expr, inputs: dict[str, str]) -> str:
    if isinstance(tree, ast.BinOp):
        left, right = _arithmetic(tree.left, inputs), _arithmetic(tree.right, inputs)
        if isinstance(tree.op, ast.Div):
            return f"({left} / NULLIF({right}, 0))"
        sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}[type(tree.op)]
        return f"({left} {sign} {right})"
    if isinstance(tree, ast.UnaryOp):
        return f"(-{_arithmetic(tree.operand, inputs)})"
    if isinstance(tree, ast.Name):
        return f"CAST({inputs[tree.id]} AS DOUBLE PRECISION)"
    return repr(float(tree.value))  # type: ignore[attr-defined]
