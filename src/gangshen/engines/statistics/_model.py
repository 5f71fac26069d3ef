"""What is counted: a measure over a scope, split by classes; the form of a file under ``indicators/statistics``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field

from gangshen.engines.formats import Fault, Text
from gangshen.engines.rules import Node, RuleError, clauses, period_keys, prepare
from gangshen.engines.vocabulary import Access, AttributeType, UnknownAttribute, Vocabulary, VocabularyFile, unit_factor

from ._axes import AXES, axes_of

__all__ = ["FIGURES", "Limits", "Measure", "Statistic", "attributes_of", "check", "for_counting"]

FIGURES = (AttributeType.MONEY, AttributeType.COUNT, AttributeType.NUMBER)
_ANY_DAY = dt.date(2026, 1, 1)  # of no weight: only whether the words name a period is asked


class Measure(StrEnum):
    COUNT = "count"  # firms of the scope
    SUM = "sum"  # of an attribute over them
    SHARE = "share"  # of those for which ``counted`` holds, in %
    PER_HEAD = "per_head"  # sum of an attribute over the sum of another: revenue per employee


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_File):
    """When a cell is too small to publish, and how far it must stay unsure."""

    units: int = Field(default=3, ge=1)  # fewer firms than this
    dominance: float = Field(default=80, gt=0, le=100)  # or one firm with more than this share, in %
    protect: float = Field(default=20, gt=0)  # a hidden sum can't be told closer than this, in %


class Statistic(_File):
    """One statistic. ``by`` are the tables it is split into, each of one axis (``town``) or two (``town,size``)."""

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)
    name: Text
    note: Text | None = None
    measure: Measure = Measure.COUNT
    attribute: str | None = None
    per: str | None = None
    period: str | None = None
    unit: str | None = None
    scope: Node | None = None
    counted: Node | None = None
    by: tuple[str, ...] = ()
    published: str | None = None  # key of the series that others published, with a scope of its own
    deflator: str | None = None  # key of a series of price indices, previous year = 100
    base_year: int | None = None
    public: bool = False
    shared: bool = True
    owner: str | None = None  # log-in of who made it; none: the zone's own
    limits: Limits = Limits()

    @property
    def tables(self) -> tuple[tuple[str, ...], ...]:
        return tuple(axes_of(one) for one in self.by)


def _nodes(one: Statistic) -> Iterator[tuple[str, Node]]:
    if one.scope is not None:
        yield "scope", one.scope
    if one.counted is not None:
        yield "counted", one.counted


def attributes_of(one: Statistic, by: tuple[str, ...] = ()) -> list[str]:
    """Every attribute that the statistic reads, and those of the axes ``by``; each once."""
    read = [clause.attribute for _place, node in _nodes(one) for clause in clauses(node) if clause.attribute]
    read += [name for name in (one.attribute, one.per) if name]
    return list(dict.fromkeys([*read, *(AXES[name].attribute for name in by if name in AXES)]))


@lru_cache(maxsize=4)
def for_counting(words: Vocabulary) -> Vocabulary:
    """The vocabulary in which conditions may read what is for statistics only: a total decides on no single firm.

    For policies the wall stays: their rules are compiled with the vocabulary itself.
    """
    walled = [words.get(one.id) for one in words if one.access is Access.STATISTICS]
    opened = tuple(one.model_copy(update={"access": Access.INTERNAL}) for one in walled)
    return words.merge(VocabularyFile(attributes=opened)) if opened else words


def check(one: Statistic, words: Vocabulary) -> Statistic:
    """The statistic, if it can be counted; raises :class:`Fault` naming the field and what to write instead."""
    for place, node in _nodes(one):
        try:
            prepare(node, for_counting(words))
        except RuleError as error:
            said = error.problems[0].message
            raise Fault(f"{place}：{said.zh}", f"{place}: {said.in_language('en')}") from None
    _check_measure(one, words)
    _check_tables(one)
    for name in attributes_of(one):
        if words.access(name) is Access.PERSONAL:
            raise Fault(
                f"{name} 属个人信息，不作统计（换一个指标）", f"{name} is personal; it is not counted (use another)"
            )
    return one


def _check_measure(one: Statistic, words: Vocabulary) -> None:
    wants = {Measure.SUM: ("attribute",), Measure.PER_HEAD: ("attribute", "per")}.get(one.measure, ())
    for field in ("attribute", "per"):
        name = getattr(one, field)
        if field in wants:
            _figure(field, name, words)
        elif name:
            raise Fault(f"{field}：{one.measure} 不用这一项（删去）", f"{field}: {one.measure} takes none (remove it)")
    if (one.measure is Measure.SHARE) != (one.counted is not None):
        raise Fault("counted：占比须写明，其他不写", "counted: a share needs it, nothing else takes it")
    keys = period_keys(one.period, _ANY_DAY)
    if one.period and (not wants or keys is None or len(keys) != 1):
        raise Fault(
            f"period：“{one.period}”不能用（写 last_year、2025 或 2025Q1，且只用于求和）",
            f"period: {one.period!r} cannot be used (write last_year, 2025 or 2025Q1, and only for a sum)",
        )
    if one.unit and one.measure is Measure.SUM and unit_factor(words.get(one.attribute or ""), one.unit) is None:
        raise Fault(
            f"unit：“{one.unit}”不能用于 {one.attribute}", f"unit: {one.unit!r} does not measure {one.attribute}"
        )


def _figure(field: str, name: str | None, words: Vocabulary) -> None:
    try:
        known = words.get(name or "")
    except UnknownAttribute:
        raise Fault(f"{field}：词汇里没有“{name or ''}”", f"{field}: the vocabulary has no {name!r}") from None
    if known.type not in FIGURES:
        raise Fault(
            f"{field}：{known.label.zh}不能求和（换一个数值指标）", f"{field}: {name} cannot be added up (use a figure)"
        )


def _check_tables(one: Statistic) -> None:
    """Crosses that share an axis could be played off against each other, so they are not published together."""
    crossed: set[str] = set()
    for said, axes in zip(one.by, one.tables, strict=True):
        unknown = [name for name in axes if name not in AXES]
        if unknown or not 1 <= len(axes) <= 2 or len(set(axes)) < len(axes):
            raise Fault(
                f"by：“{said}”不能用（写一或两项：{'、'.join(AXES)}）",
                f"by: {said!r} cannot be used (write one or two of {', '.join(AXES)})",
            )
        if len(axes) == 2:
            if shared := crossed & set(axes):
                raise Fault(
                    f"by：两张交叉表都用到 {'、'.join(shared)}，合看会露出小格（只留一张，另立一项统计）",
                    f"by: two crosses use {', '.join(shared)}; seen together they give small cells away (keep one)",
                )
            crossed |= set(axes)
