"""The same amounts for every row of a snapshot; equal to the single computation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gangshen.engines.rules import Columns, figure_keys
from gangshen.engines.rules.columnar import Scalars, bits
from gangshen.engines.vocabulary import AttributeType

from ._amount import MU, TIMES, Way, floor_of, net_floor, slices, tier_types, ways
from ._fen import UNBOUNDED, share
from ._granted import Granted, granted_under
from ._model import Benefit, Cap
from ._uplift import raised, uplift_columns

__all__ = ["Amounts", "amounts"]

_Fen = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Amounts:
    """``low`` and ``high`` fen of every row, where ``known``; elsewhere nobody can compute it."""

    low: _Fen
    high: _Fen
    known: _Flags


def amounts(
    benefit: Benefit,
    columns: Columns,
    as_of: dt.date,
    *,
    granted_so_far: _Fen | Granted[_Fen] | None = None,
    matched: Amounts | None = None,
) -> Amounts:
    """What ``benefit`` pays every row of a prepared snapshot (see :func:`amount`)."""
    rows = columns.rows
    nothing = np.zeros(rows, dtype=np.int64)
    if benefit.judgement:
        return Amounts(nothing, nothing, np.zeros(rows, dtype=np.bool_))
    granted = granted_so_far if isinstance(granted_so_far, Granted) else Granted(*(granted_so_far,) * 2)
    granted = Granted(*(nothing if part is None else part for part in (granted.year, granted.ever)))
    figures = _Figures(columns, matched, benefit.period)
    paid = figures.marginal(benefit) if benefit.marginal else figures.paid(benefit)
    low, high = _uplifted(benefit, figures, columns, as_of, paid)
    sure, possible = uplift_columns(benefit, columns, as_of)
    if benefit.top_up or benefit.matches is not None:
        low = np.maximum(low - granted.ever, 0)
        high = np.where(high >= UNBOUNDED, UNBOUNDED, np.maximum(high - granted.ever, 0))
    if benefit.up_to:
        low = np.zeros_like(low)
    for cap in benefit.caps:
        few, many, bounded = figures.cap(
            cap,
            raised(benefit.uplifts, sure, 0, cap.amount_fen, caps=True),
            raised(benefit.uplifts, possible, 0, cap.amount_fen, caps=True),
            benefit.count,
        )
        before = granted_under(cap, granted)
        low = np.minimum(low, np.maximum(few - before, 0))
        high = np.where(bounded, np.minimum(high, np.maximum(many - before, 0)), high)
    known = high < UNBOUNDED
    if not (benefit.marginal or benefit.caps or benefit.tiers or benefit.rate or benefit.amount_fen is not None):
        known = np.zeros(rows, dtype=np.bool_)
    return Amounts(np.where(known, low, 0), np.where(known, high, 0), known)


def _uplifted(
    benefit: Benefit, figures: _Figures, columns: Columns, as_of: dt.date, paid: tuple[_Fen, _Fen]
) -> tuple[_Fen, _Fen]:
    """With what comes on top, and at least the floor."""
    low, high = paid
    least = benefit.floor_fen or 0
    if not benefit.uplifts:
        return np.maximum(low, least), np.maximum(high, least)
    sure, possible = uplift_columns(benefit, columns, as_of)
    base = figures.base(benefit)
    open_ = high >= UNBOUNDED
    if any(uplift.rate for uplift in benefit.uplifts):
        open_ = open_ | (base[1] >= UNBOUNDED)
    low = raised(benefit.uplifts, sure, base[0], low)
    high = raised(benefit.uplifts, possible, np.where(open_, 0, base[1]), np.where(open_, 0, high))
    return np.maximum(low, least), np.where(open_, UNBOUNDED, np.maximum(high, least))


class _Figures:
    """The columns a benefit reads, as bounds."""

    def __init__(self, columns: Columns, matched: Amounts | None, period: str | None) -> None:
        self.period = period
        self.columns, self.vocabulary, self.matched = columns, columns.vocabulary, matched
        self.unknown = np.full(columns.rows, UNBOUNDED, dtype=np.int64)

    def scalar(self, id: str) -> tuple[Any, _Flags]:
        attribute = self.vocabulary.get(id)
        key = figure_keys(attribute, self.period, self.columns.names, self.vocabulary, self.columns.as_of)[0]
        found: Scalars = self.columns.scalars(key, attribute)
        return found.values, bits(found.known, self.columns.rows).astype(np.bool_)

    def bounds(self, id: str | None) -> tuple[_Fen, _Fen] | None:
        if id is None:
            return None
        values, known = self.scalar(id)
        whole = np.maximum(np.where(known, values, 0).astype(np.int64), 0)
        return whole, np.where(known, whole, self.unknown)

    def base(self, benefit: Benefit) -> tuple[_Fen, _Fen]:
        if benefit.matches is not None:
            if self.matched is None:
                return np.zeros_like(self.unknown), self.unknown
            return self.matched.low, np.where(self.matched.known, self.matched.high, UNBOUNDED)
        found = self.bounds(benefit.base)
        if found is None:
            return np.zeros_like(self.unknown), self.unknown
        low, high = found
        if benefit.net_of_vat and benefit.base:
            low = net_floor(low, self.vocabulary.get(benefit.base))
        return low, high

    def pay(self, way: Way, base: tuple[_Fen, _Fen], count: tuple[_Fen, _Fen] | None) -> tuple[_Fen, _Fen]:
        zero = np.zeros_like(self.unknown)
        if way.rate is not None:
            high = np.where(base[1] >= UNBOUNDED, 0, base[1])
            most = share(high, way.rate[1])
            return share(base[0], way.rate[0]), np.where(base[1] >= UNBOUNDED, UNBOUNDED, most)
        if way.amount is None:
            return zero, zero
        if count is None:
            return zero + way.amount, zero + way.amount
        most = np.where(count[1] >= UNBOUNDED, 0, count[1]) * way.amount
        return count[0] * way.amount, np.where(count[1] >= UNBOUNDED, UNBOUNDED, most)

    def paid(self, benefit: Benefit) -> tuple[_Fen, _Fen]:
        plain, tiers = ways(benefit)
        if plain.rate is None and plain.amount is None and not tiers:
            return np.zeros_like(self.unknown), self.unknown
        base, count = self.base(benefit), self.bounds(benefit.count)
        lowest = self.pay(plain, base, count)
        if benefit.ladder is None or not tiers:
            return lowest
        steps = [self.pay(way, base, count) for way in tiers]
        standing, known = self.standing(benefit)
        low, high = np.full_like(self.unknown, -1), np.full_like(self.unknown, -1)
        for step, on in zip(steps, standing, strict=True):
            low = np.where(on, np.maximum(low, step[0]), low)
            high = np.where(on, np.maximum(high, step[1]), high)
        none = high < 0
        low, high = np.where(none, lowest[0], low), np.where(none, lowest[1], high)
        least = np.minimum.reduce([lowest[0], *(step[0] for step in steps)])
        most = np.maximum.reduce([lowest[1], *(step[1] for step in steps)])
        return np.where(known, low, least), np.where(known, high, most)

    def standing(self, benefit: Benefit) -> tuple[list[_Flags], _Flags]:
        """For every tier who stands on it, and for whom the ladder's attribute is known."""
        assert benefit.ladder is not None
        attribute, rows = self.vocabulary.get(benefit.ladder), self.columns.rows
        if attribute.type is AttributeType.LIST:
            titles = self.columns.titles(attribute.id, attribute)
            found = []
            for tier in benefit.tiers:
                planes = [titles.holding(*wanted) for wanted in tier_types(tier, self.vocabulary)]
                joined = np.bitwise_or.reduce(planes) if planes else self.columns.none
                found.append(bits(joined, rows).astype(np.bool_))
            return found, bits(titles.known, rows).astype(np.bool_)
        if attribute.type is AttributeType.ENUM:
            words = self.columns.words(attribute.id, attribute)
            held = [bits(words.where(tier.types.__contains__), rows).astype(np.bool_) for tier in benefit.tiers]
            return held, bits(words.known, rows).astype(np.bool_)
        values, known = self.scalar(attribute.id)
        last = np.full(rows, -1)
        for i, tier in enumerate(benefit.tiers):
            if tier.at is not None:
                last = np.where(values >= floor_of(tier, attribute), i, last)
        return [last == i for i in range(len(benefit.tiers))], known

    def cap(self, cap: Cap, low: Any, high: Any, count: str | None) -> tuple[_Fen, _Fen, _Flags]:
        """The cap at least and at most (raised to ``low`` and ``high`` fen each time), and where it binds at all."""
        rows = self.columns.rows
        times = TIMES.get(cap.over, 1)
        some = np.ones(rows, dtype=np.int64)
        if cap.subject == "firm":
            return some * low * times, some * high * times, np.ones(rows, dtype=np.bool_)
        mu = cap.subject == "mu"
        found = self.bounds("land_area" if mu else count)
        fallback = some * (0 if mu else low * times)
        if found is None:
            return fallback, fallback, np.zeros(rows, dtype=np.bool_)
        bounded = found[1] < UNBOUNDED
        scale, under = (MU[1] * times, MU[0]) if mu else (times, 1)
        few, many = np.where(bounded, found[0], 0), np.where(bounded, found[1], 0)
        least = np.where(bounded, low * few * scale // under, fallback)
        return least, high * many * scale // under, bounded

    def marginal(self, benefit: Benefit) -> tuple[_Fen, _Fen]:
        low, high = self.base(benefit)
        bounded = high < UNBOUNDED
        shown = np.where(bounded, high, 0)
        least, most = np.zeros_like(low), np.zeros_like(low)
        for start, end, rate in slices(benefit, self.vocabulary):
            width = (end or UNBOUNDED) - start
            least += share(np.minimum(np.maximum(low - start, 0), width), rate)
            most += share(np.minimum(np.maximum(shown - start, 0), width), rate)
        return least, np.where(bounded, most, UNBOUNDED)
