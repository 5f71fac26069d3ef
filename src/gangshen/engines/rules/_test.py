"""A clause made ready: its attribute, and its threshold in the units values are stored in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gangshen.engines.formats import Fault
from gangshen.engines.vocabulary import (
    Access,
    Attribute,
    AttributeType,
    CellError,
    UnknownAttribute,
    Vocabulary,
    divisions_of,
    unit_factor,
)

from ._model import Clause, ClauseKind, Operator, Reason
from ._period import period_keys

__all__ = ["ClauseError", "Test", "ready"]

NUMERIC = frozenset({AttributeType.COUNT, AttributeType.NUMBER, AttributeType.MONEY, AttributeType.PERCENT})
WORDS = frozenset({AttributeType.TEXT, AttributeType.CODE, AttributeType.ENUM, AttributeType.REF})
_ORDERED = frozenset({Operator.GE, Operator.GT, Operator.LE, Operator.LT, Operator.EQ, Operator.NE, Operator.BETWEEN})
_SETS = frozenset({Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN})
_SEEN = frozenset({Operator.EXISTS})
_ALLOWED: dict[AttributeType, frozenset[Operator]] = (
    dict.fromkeys(NUMERIC, _ORDERED | _SETS | {Operator.APPROX})
    | dict.fromkeys(WORDS, _SETS | _SEEN)
    | {
        AttributeType.TEXT: _SETS | _SEEN | {Operator.CONTAINS},
        AttributeType.CODE: _SETS | _SEEN | {Operator.STARTS_WITH},
        AttributeType.BOOL: frozenset({Operator.EQ, Operator.NE}),
        AttributeType.DATE: _ORDERED | {Operator.WITHIN_YEARS, Operator.EXISTS},
        AttributeType.LIST: frozenset(
            {Operator.HAS_ANY, Operator.HAS_ALL, Operator.EXISTS, Operator.WITHIN_YEARS, Operator.GE, Operator.GT}
        ),
    }
)
_MANY = frozenset(
    {Operator.IN, Operator.NOT_IN, Operator.HAS_ANY, Operator.HAS_ALL, Operator.STARTS_WITH, Operator.CONTAINS}
)


class ClauseError(Fault):
    """A clause that cannot be tested as written; ``message`` says why and what to write."""


@dataclass(frozen=True, slots=True)
class Test:
    """A clause in canonical form.

    ``threshold`` is fen, a whole count, a float, a date, text or bool; a sorted tuple for sets; ``(low, high)`` for a
    range; ``((type, level or None), …)`` for lists. ``fixed`` is set when the clause is unknown whoever asks.
    """

    __test__ = False  # no test case of pytest

    clause: Clause
    attribute: Attribute | None
    operator: Operator | None
    threshold: Any
    fixed: Reason | None = None

    @property
    def key(self) -> Hashable:
        """Equal for clauses that ask the same, so that each is evaluated once."""
        id = self.attribute.id if self.attribute else None
        return (id, self.operator, self.threshold, type(self.threshold), self.clause.period, self.fixed)


def ready(clause: Clause, vocabulary: Vocabulary) -> Test:
    """The clause's test; raises :class:`ClauseError` for anything that is not meant or not allowed."""
    if clause.kind is ClauseKind.JUDGEMENT:
        return Test(clause, None, None, None, Reason.JUDGEMENT)
    if clause.kind is ClauseKind.UNTRANSLATED or clause.attribute is None:
        return Test(clause, None, None, None, Reason.UNTRANSLATED)
    try:
        attribute = vocabulary.get(clause.attribute)
    except UnknownAttribute as error:
        raise ClauseError(error.message.zh, error.message.in_language("en")) from None
    if vocabulary.access(attribute.id) is Access.STATISTICS:
        raise ClauseError(
            f"{attribute.label.zh}只用于统计，不得作为依据（改用企业申报的指标）",
            f"{attribute.id} is for statistics only and never a ground (use the figure the firm reports)",
        )
    if clause.operator is None:
        raise ClauseError("缺少比较方式 operator（补上）", "operator is missing (add it)")
    if clause.operator not in _ALLOWED[attribute.type]:
        usable = ", ".join(sorted(_ALLOWED[attribute.type] - {Operator.APPROX}))
        raise ClauseError(
            f"{attribute.label.zh}不能用 {clause.operator}（可用：{usable}）",
            f"{clause.operator} does not go with {attribute.id}, a {attribute.type} (use {usable})",
        )
    if period_keys(clause.period, dt.date(2026, 1, 1)) is None:
        raise ClauseError(
            f"未知的时期“{clause.period}”（写 last_year、this_year、last_2_years、2025 或 2025Q1）",
            f"unknown period {clause.period!r} (write last_year, this_year, last_2_years, 2025 or 2025Q1)",
        )
    fixed = Reason.UNTRANSLATED if clause.operator is Operator.APPROX else None
    return Test(clause, attribute, clause.operator, _threshold(clause, attribute, vocabulary), fixed)


def _threshold(clause: Clause, attribute: Attribute, vocabulary: Vocabulary) -> Any:
    operator, value = clause.operator, clause.value
    if operator is Operator.EXISTS:
        if value not in (None, True, False):
            raise ClauseError("exists 的值只能是 true 或 false", "exists takes true or false (correct its value)")
        return value is not False
    if operator in _MANY:
        parts = value if isinstance(value, tuple) else () if value is None else (value,)
        if not parts:
            raise ClauseError("集合为空（列出至少一项）", "the set is empty (list at least one)")
        if attribute.type is AttributeType.LIST:
            return tuple(_title(part, attribute, vocabulary) for part in parts)
        if operator is Operator.STARTS_WITH:
            return _prefixes(parts, attribute)
        if operator is Operator.CONTAINS:
            return tuple(sorted({str(part) for part in parts}))
        return tuple(sorted({_one(part, clause, attribute, vocabulary) for part in parts}))
    if operator is Operator.BETWEEN:
        if not (isinstance(value, tuple) and len(value) == 2):
            raise ClauseError("between 需要 [下限, 上限]", "between takes [low, high] (give both)")
        low, high = (_one(part, clause, attribute, vocabulary) for part in value)
        if low > high:
            raise ClauseError("下限高于上限（对调）", "the lower bound is above the upper (swap them)")
        return (low, high)
    if operator is Operator.WITHIN_YEARS or attribute.type is AttributeType.LIST:
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise ClauseError("需要一个不小于 0 的数", "takes one number of 0 or more (correct its value)")
        years = operator is Operator.WITHIN_YEARS
        if clause.unit not in ((None, "年", "月", "个月") if years else (None, *"个项件家条次款")):
            raise ClauseError(
                f"单位“{clause.unit}”不适用", f"the unit {clause.unit!r} does not fit (use {'年' if years else '项'})"
            )
        return value / 12 if years and clause.unit in ("月", "个月") else value
    if isinstance(value, tuple):
        raise ClauseError("只能比较一个值（或改用 in、between）", "compares with one value (or use in or between)")
    return _one(value, clause, attribute, vocabulary)


def _one(value: Any, clause: Clause, attribute: Attribute, vocabulary: Vocabulary) -> Any:
    """One threshold in the stored unit."""
    if value is None:
        raise ClauseError("缺少比较的值 value（补上）", "value is missing (add it)")
    if attribute.type in NUMERIC:
        return _number(value, clause, attribute)
    if clause.unit:
        raise ClauseError(f"{attribute.label.zh}没有单位（删去 unit）", f"{attribute.id} has no unit (remove it)")
    if attribute.type is AttributeType.BOOL and not isinstance(value, bool):
        raise ClauseError("应为 true 或 false", "must be true or false")
    if attribute.type is AttributeType.DATE and type(value) is not dt.date:
        raise ClauseError("应为日期，写作 2026-03-01", "must be a date (write 2026-03-01)")
    if attribute.type in WORDS and (not isinstance(value, str) or not value):
        raise ClauseError("应为文字（加引号）", "must be text (put it in quotes)")
    if attribute.type is AttributeType.ENUM:
        try:
            return vocabulary.canon(attribute, value)
        except CellError as error:
            raise ClauseError(error.message.zh, str(error)) from None
    return value


def _number(value: Any, clause: Clause, attribute: Attribute) -> int | float:
    zh, id = attribute.label.zh, attribute.id
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise ClauseError(f"{zh}应与数值比较", f"{id} is compared with a number (correct its value)")
    factor = unit_factor(attribute, clause.unit)
    if factor is None:
        raise ClauseError(
            f"单位“{clause.unit}”不能用于{zh}（写{attribute.unit or '数值'}）",
            f"the unit {clause.unit!r} does not measure {id} (use {attribute.unit or 'none'})",
        )
    if attribute.type is AttributeType.MONEY and not clause.unit:
        raise ClauseError(f"{zh}须写明单位（元、万元、亿元）", f"{id} needs a unit (write 元, 万元 or 亿元)")
    if attribute.type is AttributeType.PERCENT and not clause.unit and 0 < abs(value) < 1:
        percent = f"{value * 100:g}"
        raise ClauseError(
            f'{value} 像是小数而非百分数（写 {percent}，unit: "%"）',
            f'{value} looks like a fraction, not a percentage (write {percent} with unit "%")',
        )
    stored = Decimal(repr(value)) * factor
    if attribute.type in (AttributeType.MONEY, AttributeType.COUNT):
        if stored != stored.to_integral_value():
            raise ClauseError(f"{zh}的值应为整数（元须到分）", f"{id} is counted whole (give a whole number)")
        if abs(stored) >= 2**62:
            raise ClauseError(f"{value} 过大（核对单位）", f"{value} is too large (check the unit)")
        return int(stored)
    return float(stored)


def _title(words: Any, attribute: Attribute, vocabulary: Vocabulary) -> tuple[str, str | None]:
    """``类别`` or ``类别/级别``; certificates by any of their names."""
    if not isinstance(words, str) or not words:
        raise ClauseError("列表的类别应为文字", "a type of a list must be text (put it in quotes)")
    name, _, level = words.partition("/")
    if attribute.id != "certificates":
        return (name.strip(), level.strip() or None)
    found = vocabulary.certificate(words)
    if found is not None:
        return (found.type.zh, None)
    found = vocabulary.certificate(name)
    if found is None:
        raise ClauseError(
            f"未知的资质“{words}”（改正或加入词汇）", f"unknown certificate {words!r} (correct it or add it)"
        )
    if level.strip() not in found.levels:
        usable = "、".join(found.levels) or "—"
        raise ClauseError(f"{name}没有级别“{level}”（有：{usable}）", f"{name} has no level {level!r} (use {usable})")
    return (found.type.zh, level.strip())


def _prefixes(parts: tuple[Any, ...], attribute: Attribute) -> tuple[str, ...]:
    prefixes: set[str] = set()
    for part in parts:
        if not isinstance(part, str) or not part:
            raise ClauseError("代码应为文字（加引号）", "a code must be text (put it in quotes)")
        if attribute.extra.get("scheme") == "gbt4754" and part.isalpha():
            divisions = divisions_of(part)
            if not divisions:
                raise ClauseError(f"GB/T 4754 没有门类“{part}”", f"GB/T 4754 has no section {part!r} (use A to T)")
            prefixes.update(divisions)
        prefixes.add(part)
    return tuple(sorted(prefixes))
