"""What a target counts over the register of enterprises: a number of firms, a share of them, or the sum of a value."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from gangshen.apps.registers import services as registers
from gangshen.engines.formats import Fault
from gangshen.engines.rules import All, Clause, Operator, RuleError, period_keys, prepare, sentence
from gangshen.engines.vocabulary import Access, Attribute, AttributeType, unit_factor

__all__ = ["Condition", "Query", "check_condition", "check_query", "check_unit", "definition", "query_of"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SUMMED = (AttributeType.MONEY, AttributeType.COUNT, AttributeType.NUMBER)


def _dated(value: Any) -> Any:
    """A date as JSON keeps it."""
    return dt.date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else value


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(_Frozen):
    """One condition on a firm, said as in a policy: attribute, operator, value with its unit, period."""

    attribute: str
    operator: Operator
    value: Annotated[
        bool | int | float | dt.date | str | tuple[str | int | float, ...] | None, BeforeValidator(_dated)
    ] = None
    unit: str | None = None
    period: str | None = None

    def clause(self, number: int = 1) -> Clause:
        """The condition as a clause of the rule engine."""
        return Clause(id=f"q{number}", **self.model_dump())


class Query(_Frozen):
    """Which firms a target counts.

    ``count``: firms for which ``among`` and ``where`` hold; ``share``: the percentage of those of ``among`` for which
    ``where`` holds; ``sum``: of ``attribute`` (of ``period``) over the firms for which both hold.
    """

    measure: Literal["count", "share", "sum"] = "count"
    attribute: str | None = None
    period: str | None = None
    among: tuple[Condition, ...] = ()
    where: tuple[Condition, ...] = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return (*self.among, *self.where)

    def attributes(self) -> list[str]:
        """Ids of all attributes it reads, each once."""
        summed = [self.attribute] if self.attribute else []
        return list(dict.fromkeys([*(one.attribute for one in self.conditions), *summed]))


def query_of(stored: Any) -> Query | None:
    """The query of a target as its row keeps it."""
    return Query.model_validate(stored) if stored else None


def check_condition(one: Condition) -> Condition:
    """The condition, if the rule engine takes it; raises :class:`Fault` with what to write instead."""
    words = registers.vocabulary()
    try:
        prepare(All(all=(one.clause(),)), words)
    except RuleError as error:
        said = error.problems[0].message
        raise Fault(said.zh, said.in_language("en")) from None
    _not_personal(words.get(one.attribute))
    return one


def _not_personal(attribute: Attribute) -> None:
    if registers.vocabulary().access(attribute.id) is Access.PERSONAL:
        raise Fault(
            f"{attribute.label.zh}属个人信息，目标不按它统计（换一个指标）",
            f"{attribute.id} is personal; no target is counted by it (use another attribute)",
        )


def check_query(query: Query) -> Query:
    """The query, if it is whole: a sum needs its attribute, a share what it is a share of; raises :class:`Fault`."""
    if query.measure == "sum":
        _summed(query)
    elif query.attribute or query.period:
        raise Fault("只有求和才写 attribute、period（删去）", "only a sum takes attribute and period (remove them)")
    if query.measure == "share" and not (query.among and query.where):
        raise Fault("占比需要 among（分母）与 where（分子）", "a share needs among (of whom) and where (who counts)")
    if query.measure == "count" and not query.conditions:
        raise Fault("没有条件（至少写一条 where）", "there is no condition (write one under where)")
    return query


def _summed(query: Query) -> None:
    known = registers.attributes().get(query.attribute or "")
    if known is None:
        raise Fault(
            f"词汇里没有“{query.attribute or ''}”（写求和的指标）",
            f"the vocabulary has no {query.attribute or 'attribute'!r} (name the attribute that is added up)",
        )
    if known.type not in SUMMED:
        raise Fault(f"{known.label.zh}不能求和（换一个数值指标）", f"{known.id} cannot be added up (use a figure)")
    if registers.vocabulary().access(known.id) is Access.STATISTICS:
        raise Fault(
            f"{known.label.zh}只用于统计（改用企业申报的指标）",
            f"{known.id} is for statistics only (use the figure the firm reports)",
        )
    _not_personal(known)
    if len(period_keys(query.period, dt.date(2026, 1, 1)) or ()) > 1 or (
        query.period and not period_keys(query.period, dt.date(2026, 1, 1))
    ):
        raise Fault(
            f"未知的时期“{query.period}”（写 last_year、this_year、2025 或 2025Q1）",
            f"unknown period {query.period!r} (write last_year, this_year, 2025 or 2025Q1)",
        )


def check_unit(query: Query, unit: str) -> None:
    """Raise :class:`Fault` unless what the query gives can be said in the target's ``unit``."""
    if query.measure == "share" and unit not in ("%", "％"):
        raise Fault("占比的单位应为 %（改正 unit）", "a share is said in % (correct the unit)")
    if query.measure == "sum" and factor(query, unit) is None:
        raise Fault(
            f"单位“{unit}”不能用于 {query.attribute}（改正 unit）",
            f"the unit {unit!r} does not measure {query.attribute} (correct it)",
        )


def factor(query: Query, unit: str) -> float | None:
    """How many of what the register stores are one ``unit`` of the target; of a count 1."""
    if query.measure != "sum":
        return 1.0
    known = registers.attributes().get(query.attribute or "")
    found = unit_factor(known, unit) if known else None
    return None if found is None else float(found)


def _parts(query: Query) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    if query.among:
        yield "among", query.among
    if query.where:
        yield "where", query.where


def definition(query: Query, language: str) -> dict[str, str]:
    """In words, what is counted: ``among`` and ``where`` as sentences, ``summed`` the attribute; absent where unused."""
    words = registers.vocabulary()
    said = {
        name: sentence(All(all=tuple(one.clause(i) for i, one in enumerate(part))), language, words)
        for name, part in _parts(query)
        if all(one.attribute in words for one in part)
    }
    known = registers.attributes().get(query.attribute or "")
    return said | ({"summed": known.label.in_language(language)} if known else {})
