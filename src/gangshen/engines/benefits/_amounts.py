"""The same amounts for every row of a snapshot; equal to the single computation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gangshen.engines.rules import Columns
from gangshen.engines.rules.columnar import Scalars, bits
from gangshen.engines.vocabulary import AttributeType

from ._amount import UNBOUNDED, Way, floor_of, net_floor, share, slices, tier_types, ways
from ._model import Benefit, Cap

__all__ = ["Amounts", "amounts"]

_Fen = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Amounts:
    """``low`` and ``high`` fen of every row, where ``known``; elsewhere nobody can compute it."""

    low: _Fen
    high: _Fen
    known: _Flags


def amounts(benefit: Benefit, columns: Columns, as_of: dt.date, *, granted_so_far: _Fen | None = None) -> Amounts:
    """What ``benefit`` pays every row of a prepared snapshot (see :func:`amount`)."""
    rows = columns.rows
    if benefit.judgement:
        nothing = np.zeros(rows, dtype=np.int64)
        return Amounts(nothing, nothing, np.zeros(rows, dtype=np.bool_))
    figures = _Figures(columns)
    low, high = figures.marginal(benefit) if benefit.marginal else figures.paid(benefit)
    if benefit.up_to:
        low = np.zeros_like(low)
    granted = np.zeros(rows, dtype=np.int64) if granted_so_far is None else granted_so_far
    for cap in benefit.caps:
        least, most, bounded = figures.cap(cap, benefit.count)
        if cap.per in ("firm", "year", "total"):
            least, most = least - granted, most - granted
        low = np.minimum(low, np.maximum(least, 0))
        high = np.where(bounded, np.minimum(high, np.maximum(most, 0)), high)
    known = high < UNBOUNDED
    if not (benefit.marginal or benefit.caps or benefit.tiers or benefit.rate or benefit.amount_fen is not None):
        known = np.zeros(rows, dtype=np.bool_)
    return Amounts(np.where(known, low, 0), np.where(known, high, 0), known)


class _Figures:
    """The columns a benefit reads, as bounds."""

    def __init__(self, columns: Columns) -> None:
        self.columns, self.vocabulary = columns, columns.vocabulary
        self.unknown = np.full(columns.rows, UNBOUNDED, dtype=np.int64)

    def scalar(self, id: str) -> tuple[Any, _Flags]:
        found: Scalars = self.columns.scalars(id, self.vocabulary.get(id))
        return found.values, bits(found.known, self.columns.rows).astype(np.bool_)

    def bounds(self, id: str | None) -> tuple[_Fen, _Fen] | None:
        if id is None:
            return None
        values, known = self.scalar(id)
        whole = np.maximum(np.where(known, values, 0).astype(np.int64), 0)
        return whole, np.where(known, whole, self.unknown)

    def base(self, benefit: Benefit) -> tuple[_Fen, _Fen]:
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

    def cap(self, cap: Cap, count: str | None) -> tuple[_Fen, _Fen, _Flags]:
        """The cap at least and at most, and where it binds at all."""
        rows = self.columns.rows
        times = {"year": 1, "firm": 1, "total": 1, "quarter": 4, "month": 12}.get(cap.per)
        if times is not None:
            whole = np.full(rows, cap.amount_fen * times, dtype=np.int64)
            return whole, whole, np.ones(rows, dtype=np.bool_)
        found = self.bounds("land_area" if cap.per == "mu" else count)
        if found is None:
            least = np.full(rows, cap.amount_fen, dtype=np.int64)
            return least, least, np.zeros(rows, dtype=np.bool_)
        bounded = found[1] < UNBOUNDED
        most = np.where(bounded, found[1], 0)
        rate = (3, 2000) if cap.per == "mu" else (1, 1)
        capped = cap.amount_fen * most * rate[0] // rate[1]
        fallback = 0 if cap.per == "mu" else cap.amount_fen
        return np.where(bounded, capped, fallback), capped, bounded

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
