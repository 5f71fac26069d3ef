"""Faults of a benefit that would make its amount wrong or meaningless."""

from __future__ import annotations

from collections.abc import Iterator

from gangshen.engines.formats import Text
from gangshen.engines.rules import RuleProblem
from gangshen.engines.vocabulary import Access, AttributeType, UnknownAttribute, Vocabulary

from ._model import Benefit

__all__ = ["check_benefit"]

_PER = ("item", "firm", "year", "quarter", "month", "mu", "person", "total")
_NUMBERS = frozenset({AttributeType.MONEY, AttributeType.COUNT, AttributeType.NUMBER, AttributeType.PERCENT})


def check_benefit(benefit: Benefit, vocabulary: Vocabulary) -> list[RuleProblem]:
    """Every fault, each with its field and remedy."""
    return [*_attributes(benefit, vocabulary), *_figures(benefit), *_ladder(benefit, vocabulary)]


def _fault(field: str, zh: str, en: str, *, warning: bool = False) -> RuleProblem:
    return RuleProblem(f"benefit.{field}", None, Text(zh=zh, en=en), warning)


def _attributes(benefit: Benefit, vocabulary: Vocabulary) -> Iterator[RuleProblem]:
    wanted = {"base": {AttributeType.MONEY}, "count": _NUMBERS - {AttributeType.MONEY, AttributeType.PERCENT}}
    for field in ("base", "count", "ladder"):
        id = getattr(benefit, field)
        if id is None:
            continue
        try:
            attribute = vocabulary.get(id)
        except UnknownAttribute as error:
            yield RuleProblem(f"benefit.{field}", None, error.message)
            continue
        if vocabulary.access(id) is Access.STATISTICS:
            en = f"{id} is for statistics only (use the figure the firm reports)"
            yield _fault(field, f"{attribute.label.zh}只用于统计（改用企业申报的指标）", en)
        if field in wanted and attribute.type not in wanted[field]:
            en = f"{id} is a {attribute.type} (choose another attribute)"
            yield _fault(field, f"{attribute.label.zh}的类型不适用", en)


def _figures(benefit: Benefit) -> Iterator[RuleProblem]:
    rates = benefit.rate if isinstance(benefit.rate, tuple) else (benefit.rate,)
    for rate in (*rates, *(tier.rate for tier in benefit.tiers)):
        if rate is not None and not 0 < rate <= 1:
            en = f"{rate} is no rate (write 30 % as 0.3)"
            yield _fault("rate", f"{rate} 不是比例（30% 写作 0.3）", en)
    if isinstance(benefit.rate, tuple) and benefit.rate[0] > benefit.rate[1]:
        yield _fault("rate", "下限高于上限（对调）", "the lower rate is above the higher (swap them)")
    if benefit.rate is not None and benefit.amount_fen is not None:
        en = "has both a rate and an amount (an upper limit belongs in caps)"
        yield _fault("amount_fen", "同时有比例与金额（上限写在 caps）", en)
    rated = benefit.rate is not None or any(tier.rate is not None for tier in benefit.tiers)
    if rated and benefit.base is None:
        en = "a rate of nothing that is known: the amount stays open (name the base)"
        yield _fault("base", "比例没有可算的基数，金额不可算（写明 base）", en, warning=True)
    for i, cap in enumerate(benefit.caps):
        if cap.per not in _PER:
            en = f"unknown subject of a cap {cap.per!r} (use {', '.join(_PER)})"
            yield _fault(f"caps[{i}].per", f"未知的上限口径“{cap.per}”", en)


def _ladder(benefit: Benefit, vocabulary: Vocabulary) -> Iterator[RuleProblem]:
    if benefit.tiers and benefit.ladder is None and not benefit.marginal:
        yield _fault("ladder", "有分档而无分档依据（写明 ladder）", "has tiers but no ladder (name the attribute)")
    steps = [tier.at for tier in benefit.tiers if tier.at is not None]
    if steps != sorted(set(steps)):
        yield _fault("tiers", "各档起点应由低到高（排序）", "steps must rise (sort the tiers)")
    for i, tier in enumerate(benefit.tiers):
        if (tier.at is None) == (not tier.types):
            en = "a tier needs either at or types (give one)"
            yield _fault(f"tiers[{i}]", "每档写 at 或 types 之一", en)
        if (tier.rate is None) == (tier.amount_fen is None):
            en = "a tier needs either rate or amount_fen (give one)"
            yield _fault(f"tiers[{i}]", "每档写 rate 或 amount_fen 之一", en)
        if benefit.ladder == "certificates":
            for words in tier.types:
                if vocabulary.certificate(words) is None and vocabulary.certificate(words.partition("/")[0]) is None:
                    en = f"unknown certificate {words!r} (correct it or add it)"
                    yield _fault(f"tiers[{i}].types", f"未知的资质“{words}”", en)
