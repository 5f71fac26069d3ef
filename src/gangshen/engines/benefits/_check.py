"""Faults of a benefit that would make its amount wrong or meaningless."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Set

from gangshen.engines.formats import Text
from gangshen.engines.rules import Clause, Node, RuleProblem, check, clauses, period_keys
from gangshen.engines.vocabulary import Access, AttributeType, UnknownAttribute, Vocabulary

from ._model import Benefit

__all__ = ["check_benefit", "check_periods"]

_ANY_DAY = dt.date(2026, 1, 1)
_PER = ("firm", "item", "person", "mu", "year", "quarter", "month", "total")
_OVER = ("year", "quarter", "month", "total")
_NUMBERS = frozenset({AttributeType.MONEY, AttributeType.COUNT, AttributeType.NUMBER, AttributeType.PERCENT})


def check_benefit(benefit: Benefit, vocabulary: Vocabulary) -> list[RuleProblem]:
    """Every fault, each with its field and remedy."""
    return [
        *_attributes(benefit, vocabulary),
        *_figures(benefit),
        *_caps(benefit),
        *_ladder(benefit, vocabulary),
        *_uplifts(benefit, vocabulary),
        *_beside(benefit, vocabulary),
    ]


def check_periods(rule: Node, benefit: Benefit) -> Iterator[RuleProblem]:
    """A warning for each figure that the rule asks for one year and the amount takes of another."""
    asked = {one.attribute: one for one in clauses(rule) if isinstance(one, Clause) and one.period is not None}
    for field in ("base", "count", "ladder"):
        clause = asked.get(getattr(benefit, field))
        if clause is not None and clause.period != benefit.period:
            was = benefit.period or "—"
            zh = f"条件 {clause.id} 取 {clause.period} 的数，金额取 {was}（最近）的数（写 period: {clause.period}）"
            en = f"clause {clause.id} asks {clause.period}, the amount takes {was} (write period: {clause.period})"
            yield _fault(field, zh, en, warning=True)


def _fault(field: str, zh: str, en: str, *, warning: bool = False) -> RuleProblem:
    return RuleProblem(f"benefit.{field}", None, Text(zh=zh, en=en), warning)


def _attributes(benefit: Benefit, vocabulary: Vocabulary) -> Iterator[RuleProblem]:
    yield from _named("base", benefit.base, {AttributeType.MONEY}, vocabulary)
    yield from _named("count", benefit.count, _NUMBERS - {AttributeType.MONEY, AttributeType.PERCENT}, vocabulary)
    yield from _named("ladder", benefit.ladder, None, vocabulary)
    if benefit.period is not None and len(period_keys(benefit.period, _ANY_DAY) or ()) != 1:
        zh = f"“{benefit.period}”不是一个年度或季度（写 last_year、this_year、2025 或 2025Q1）"
        en = f"{benefit.period!r} is no one year or quarter (write last_year, this_year, 2025 or 2025Q1)"
        yield _fault("period", zh, en)


def _named(
    field: str, id: str | None, types: Set[AttributeType] | None, vocabulary: Vocabulary
) -> Iterator[RuleProblem]:
    """Faults of the attribute a figure is taken from."""
    if id is None:
        return
    try:
        attribute = vocabulary.get(id)
    except UnknownAttribute as error:
        yield RuleProblem(f"benefit.{field}", None, error.message)
        return
    if vocabulary.access(id) is Access.STATISTICS:
        en = f"{id} is for statistics only (use the figure the firm reports)"
        yield _fault(field, f"{attribute.label.zh}只用于统计（改用企业申报的指标）", en)
    if types is not None and attribute.type not in types:
        en = f"{id} is a {attribute.type} (choose another attribute)"
        yield _fault(field, f"{attribute.label.zh}的类型不适用", en)


def _share(field: str, rate: float | None) -> Iterator[RuleProblem]:
    if rate is not None and not 0 < rate <= 1:
        yield _fault(field, f"{rate} 不是比例（30% 写作 0.3）", f"{rate} is no rate (write 30 % as 0.3)")


def _figures(benefit: Benefit) -> Iterator[RuleProblem]:
    for rate in benefit.rate if isinstance(benefit.rate, tuple) else (benefit.rate,):
        yield from _share("rate", rate)
    for i, tier in enumerate(benefit.tiers):
        yield from _share(f"tiers[{i}].rate", tier.rate)
    if isinstance(benefit.rate, tuple) and benefit.rate[0] > benefit.rate[1]:
        yield _fault("rate", "下限高于上限（对调）", "the lower rate is above the higher (swap them)")
    if benefit.rate is not None and benefit.amount_fen is not None:
        en = "has both a rate and an amount (an upper limit belongs in caps)"
        yield _fault("amount_fen", "同时有比例与金额（上限写在 caps）", en)
    rated = benefit.rate is not None or any(tier.rate is not None for tier in benefit.tiers)
    if rated and benefit.base is None and benefit.matches is None:
        en = "a rate of nothing that is known: the amount stays open (name the base)"
        yield _fault("base", "比例没有可算的基数，金额不可算（写明 base）", en, warning=True)
    if benefit.matches is not None and benefit.base is not None:
        en = "tops up another grant and has a base of its own (keep one)"
        yield _fault("base", "配套的基数是上级资助，不另写 base（删去其一）", en)
    given = rated or benefit.amount_fen is not None or benefit.tiers or benefit.caps or benefit.up_to
    if not given and not benefit.judgement and benefit.kind.value not in ("service", "talent", "housing"):
        en = "gives nothing that can be counted (write rate, amount_fen or tiers, or judgement: true)"
        yield _fault("kind", "没有写明支持标准（写 rate、amount_fen 或 tiers，或 judgement: true）", en, warning=True)


def _caps(benefit: Benefit) -> Iterator[RuleProblem]:
    seen: set[tuple[str, str]] = set()
    for i, cap in enumerate(benefit.caps):
        if cap.per not in _PER:
            en = f"unknown subject of a cap {cap.per!r} (use {', '.join(_PER)})"
            yield _fault(f"caps[{i}].per", f"未知的上限口径“{cap.per}”", en)
        if cap.period is not None and cap.period not in _OVER:
            en = f"unknown period of a cap {cap.period!r} (use {', '.join(_OVER)})"
            yield _fault(f"caps[{i}].period", f"未知的上限期间“{cap.period}”", en)
        if cap.period is not None and cap.per in _OVER:
            en = f"per: {cap.per} already says the period (write per: firm)"
            yield _fault(f"caps[{i}].period", f"per: {cap.per} 已是期间（写 per: firm）", en)
        if (cap.subject, cap.over) in seen:
            en = "two caps of the same subject and period (keep the lower)"
            yield _fault(f"caps[{i}]", "同一口径有两个上限（留较低者）", en)
        seen.add((cap.subject, cap.over))
        if benefit.floor_fen is not None and cap.subject == "firm" and cap.amount_fen < benefit.floor_fen:
            en = "the cap is below the floor (correct one)"
            yield _fault(f"caps[{i}].amount_fen", "上限低于下限 floor_fen（改正其一）", en)
    fixed = [cap.amount_fen for cap in benefit.caps if cap.subject == "firm"]
    once = benefit.count is None and not benefit.up_to
    if once and fixed and benefit.amount_fen is not None and min(fixed) < benefit.amount_fen:
        en = "a fixed amount above its own cap is never paid (correct one)"
        yield _fault("amount_fen", "定额高于自身上限，永远付不足（改正其一）", en, warning=True)
    wholes = {cap.over: cap.amount_fen for cap in benefit.caps if cap.subject == "firm"}
    if "total" in wholes and "year" in wholes and wholes["total"] < wholes["year"]:
        en = "the cap in total is below the cap of one year (swap them)"
        yield _fault("caps", "总额上限低于年度上限（对调）", en)


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
    if benefit.marginal and any(tier.rate is None for tier in benefit.tiers):
        en = "slices of a base need rates (a step with an amount is whole: remove marginal)"
        yield _fault("marginal", "分段累进各档须为比例（定额分档删去 marginal）", en)
    if benefit.top_up and not benefit.tiers:
        en = "pays the difference to a lower step but has no steps (add tiers)"
        yield _fault("top_up", "补差须有分档（加 tiers）", en)


def _uplifts(benefit: Benefit, vocabulary: Vocabulary) -> Iterator[RuleProblem]:
    for i, uplift in enumerate(benefit.uplifts):
        for fault in check(uplift.when, vocabulary):
            place = f"benefit.uplifts[{i}].when" + (f".{fault.place}" if fault.place else "")
            yield RuleProblem(place, fault.clause, fault.message, fault.warning)
        yield from _share(f"uplifts[{i}].rate", uplift.rate)
        yield from _share(f"uplifts[{i}].factor", uplift.factor)
        if sum(part is not None for part in (uplift.rate, uplift.amount_fen, uplift.factor)) != 1:
            en = "an uplift needs one of rate, amount_fen and factor (give one)"
            yield _fault(f"uplifts[{i}]", "上浮写 rate、amount_fen、factor 之一", en)
        if uplift.caps and uplift.factor is None:
            en = "caps rise only by a factor (write factor, or leave caps out)"
            yield _fault(f"uplifts[{i}].caps", "上限只能按 factor 上浮（写 factor 或删去 caps）", en)


def _beside(benefit: Benefit, vocabulary: Vocabulary) -> Iterator[RuleProblem]:
    if benefit.matches is not None and benefit.matches in benefit.not_with:
        en = f"tops up {benefit.matches} and rules it out (remove one)"
        yield _fault("matches", f"既与 {benefit.matches} 配套，又不得与其同时享受（删去其一）", en)
    for i, ceiling in enumerate(benefit.ceilings):
        yield from _share(f"ceilings[{i}].rate", ceiling.rate)
        yield from _named(f"ceilings[{i}].base", ceiling.base, {AttributeType.MONEY}, vocabulary)
        if (ceiling.amount_fen is None) == (ceiling.rate is None) or (ceiling.rate is None) != (ceiling.base is None):
            en = "a shared ceiling needs an amount, or a rate with its base (give one)"
            yield _fault(f"ceilings[{i}]", "合计上限写 amount_fen，或 rate 与 base", en)
        if ceiling.period not in ("year", "total"):
            en = f"unknown period of a shared ceiling {ceiling.period!r} (use year, total)"
            yield _fault(f"ceilings[{i}].period", f"未知的期间“{ceiling.period}”（写 year 或 total）", en)
