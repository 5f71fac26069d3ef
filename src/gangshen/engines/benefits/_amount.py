"""What one applicant would get: an interval in fen, certain where everything it rests on is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gangshen.engines.rules import figure_keys, held_types, read
from gangshen.engines.vocabulary import Attribute, AttributeType, Vocabulary, convert

from ._fen import UNBOUNDED, Interval, fraction, share
from ._granted import Granted, granted_under
from ._model import Benefit, Cap, Tier
from ._uplift import raised, uplifts_of

__all__ = ["Way", "amount", "cap_factor", "ways"]

_HIGHEST_VAT = (100, 113)  # a gross figure holds at most 13 % VAT on top
TIMES = {"quarter": 4, "month": 12}  # amounts are of a year
MU = (2000, 3)  # 1 mu = 2000/3 m²


@dataclass(frozen=True, slots=True)
class Way:
    """One way of paying: rates as exact fractions of the base, or a fixed amount (per unit where counted)."""

    rate: tuple[tuple[int, int], tuple[int, int]] | None
    amount: int | None


def ways(benefit: Benefit) -> tuple[Way, list[Way]]:
    """The way without a ladder and the way of each tier."""

    def way(rate: float | tuple[float, float] | None, fixed: int | None) -> Way:
        if rate is None:
            return Way(None, fixed)
        low, high = rate if isinstance(rate, tuple) else (rate, rate)
        return Way((fraction(low), fraction(high)), None)

    tiers = [way(tier.rate, tier.amount_fen) for tier in benefit.tiers]
    return way(benefit.rate, benefit.amount_fen), tiers


def amount(
    benefit: Benefit,
    subject: Mapping[str, Any],
    vocabulary: Vocabulary,
    as_of: dt.date,
    *,
    granted_so_far: int | Granted[int] = 0,
    matched: Interval | None = None,
) -> Interval | None:
    """What ``benefit`` pays this subject (values or facts by attribute id) if it is eligible.

    ``granted_so_far`` (fen) is what was already granted under the same policy, this year and ever (a number: both);
    ``matched`` the grant that it tops up. None where nobody can compute it: decided case by case (一事一议), or unknown
    without a cap.
    """
    if benefit.judgement:
        return None
    granted = granted_so_far if isinstance(granted_so_far, Granted) else Granted(granted_so_far, granted_so_far)
    values = _Values(subject, vocabulary, as_of, matched, benefit.period)
    paid = _marginal(benefit, values) if benefit.marginal else _paid(benefit, values)
    if paid is None:
        return None
    sure, possible = uplifts_of(benefit, subject, vocabulary, as_of)
    base = values.base(benefit)
    least = benefit.floor_fen or 0
    low = max(raised(benefit.uplifts, sure, base[0], paid.low), least)
    high = UNBOUNDED
    if paid.high < UNBOUNDED and not (base[1] >= UNBOUNDED and any(u.rate for u in benefit.uplifts)):
        high = max(raised(benefit.uplifts, possible, base[1], paid.high), least)
    if benefit.top_up or benefit.matches is not None:
        low, high = max(low - granted.ever, 0), high if high >= UNBOUNDED else max(high - granted.ever, 0)
    low = 0 if benefit.up_to else low
    for cap in benefit.caps:
        few, many = cap_factor(cap, values.bounds(benefit.count), values.bounds("land_area"))
        before = granted_under(cap, granted)
        fixed = tuple(raised(benefit.uplifts, on, 0, cap.amount_fen, caps=True) for on in (sure, possible))
        low = min(low, max(fixed[0] * few[0] // few[1] - before, 0))
        if many is not None:
            high = min(high, max(fixed[1] * many[0] // many[1] - before, 0))
    return None if high >= UNBOUNDED else Interval(low, high)


def cap_factor(
    cap: Cap, count: tuple[int, int] | None, area: tuple[int, int] | None
) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """How often a cap counts in a year, at least and at most (fractions; None: nobody knows).

    A cap per person or item counts once for each counted one, at least once when the count is not known; per mu by the
    land used.
    """
    times = TIMES.get(cap.over, 1)
    if cap.subject == "firm":
        return (times, 1), (times, 1)
    known = area if cap.subject == "mu" else count
    if known is None or known[1] >= UNBOUNDED:
        return (0 if cap.subject == "mu" else times, 1), None
    scale = MU[1] * times if cap.subject == "mu" else times
    under = MU[0] if cap.subject == "mu" else 1
    return (known[0] * scale, under), (known[1] * scale, under)


class _Values:
    """The subject's figures as bounds; nothing known is [0, unbounded)."""

    def __init__(
        self,
        subject: Mapping[str, Any],
        vocabulary: Vocabulary,
        as_of: dt.date,
        matched: Interval | None,
        period: str | None,
    ) -> None:
        self.subject, self.vocabulary, self.as_of, self.matched = subject, vocabulary, as_of, matched
        self.period = period

    def known(self, id: str) -> Any:
        attribute = self.vocabulary.get(id)
        key = figure_keys(attribute, self.period, self.subject, self.vocabulary, self.as_of)[0]
        found = read(self.subject, key, attribute, self.vocabulary, self.as_of)
        return None if found.reason is not None else found.value

    def bounds(self, id: str | None) -> tuple[int, int] | None:
        if id is None:
            return None
        value = self.known(id)
        return (0, UNBOUNDED) if value is None else (max(int(value), 0),) * 2

    def base(self, benefit: Benefit) -> tuple[int, int]:
        if benefit.matches is not None:
            return (self.matched.low, self.matched.high) if self.matched else (0, UNBOUNDED)
        low, high = self.bounds(benefit.base) or (0, UNBOUNDED)
        if benefit.net_of_vat and benefit.base and high < UNBOUNDED:
            low = net_floor(low, self.vocabulary.get(benefit.base))
        return low, high


def net_floor(value: Any, attribute: Attribute) -> Any:
    """The least a figure can be net of VAT when nobody says that it already is."""
    return value if attribute.extra.get("vat") == "net" else share(value, _HIGHEST_VAT)


def _pay(way: Way, base: tuple[int, int], count: tuple[int, int] | None) -> Interval:
    if way.rate is not None:
        low = share(base[0], way.rate[0])
        return Interval(low, UNBOUNDED if base[1] >= UNBOUNDED else share(base[1], way.rate[1]))
    if way.amount is None:
        return Interval(0, 0)
    least, most = count or (1, 1)
    return Interval(way.amount * least, UNBOUNDED if most >= UNBOUNDED else way.amount * most)


def _paid(benefit: Benefit, values: _Values) -> Interval | None:
    plain, tiers = ways(benefit)
    if plain.rate is None and plain.amount is None and not tiers:
        return Interval(0, UNBOUNDED) if benefit.caps else None
    base, count = values.base(benefit), values.bounds(benefit.count)
    if benefit.ladder is None or not tiers:
        return _pay(plain, base, count)
    attribute = values.vocabulary.get(benefit.ladder)
    steps = [_pay(way, base, count) for way in tiers]
    lowest = _pay(plain, base, count)
    value = values.known(benefit.ladder)
    if value is None:
        return Interval(
            min(lowest.low, *(step.low for step in steps)), max(lowest.high, *(step.high for step in steps))
        )
    held = [step for step, on in zip(steps, _standing(benefit, attribute, value, values), strict=True) if on]
    if not held:
        return lowest
    return Interval(max(step.low for step in held), max(step.high for step in held))


def _standing(benefit: Benefit, attribute: Attribute, value: Any, values: _Values) -> list[bool]:
    """Which tiers the subject stands on: every list type it holds, or the highest step its figure reaches."""
    if attribute.type is AttributeType.LIST:
        return [bool(held_types(value, tier_types(tier, values.vocabulary), values.as_of)) for tier in benefit.tiers]
    if attribute.type is AttributeType.ENUM:
        return [value in tier.types for tier in benefit.tiers]
    reached = [tier.at is not None and value >= floor_of(tier, attribute) for tier in benefit.tiers]
    last = max((i for i, on in enumerate(reached) if on), default=-1)
    return [i == last for i in range(len(reached))]


def floor_of(tier: Tier, attribute: Attribute) -> int | float:
    """Where a step begins, in the stored unit."""
    floor = convert(attribute, tier.at or 0, None)
    return 0 if floor is None else floor


def tier_types(tier: Tier, vocabulary: Vocabulary) -> tuple[tuple[str, str | None], ...]:
    """The list entries of a tier, certificates by any of their names, ``type/level`` where the level matters."""
    found: list[tuple[str, str | None]] = []
    for words in tier.types:
        name, _, level = words.partition("/")
        title = vocabulary.certificate(words) or vocabulary.certificate(name)
        if title is not None:
            found.append((title.type.zh, level if level in title.levels else None))
        else:
            found.append((name, level or None))
    return tuple(found)


def slices(benefit: Benefit, vocabulary: Vocabulary) -> list[tuple[int, int | None, tuple[int, int]]]:
    """The slices of a marginal ladder: from, to (fen, None: no end), rate."""
    attribute = vocabulary.get(benefit.ladder or benefit.base or "")
    steps: Sequence[tuple[int, float]] = [(int(floor_of(tier, attribute)), tier.rate or 0.0) for tier in benefit.tiers]
    if isinstance(benefit.rate, float) and (not steps or steps[0][0] > 0):
        steps = [(0, benefit.rate), *steps]
    ends: list[int | None] = [*(start for start, _ in steps[1:]), None]
    return [(start, end, fraction(rate)) for (start, rate), end in zip(steps, ends[: len(steps)], strict=True)]


def _marginal(benefit: Benefit, values: _Values) -> Interval:
    """Each slice of the base at its own rate."""
    low, high = values.base(benefit)
    parts = slices(benefit, values.vocabulary)
    least = sum(share(min(max(low - start, 0), (end or UNBOUNDED) - start), rate) for start, end, rate in parts)
    if high >= UNBOUNDED:
        return Interval(least, UNBOUNDED)
    most = sum(share(min(max(high - start, 0), (end or UNBOUNDED) - start), rate) for start, end, rate in parts)
    return Interval(least, most)
