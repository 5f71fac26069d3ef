"""The best bundle of every row at once; worth the same as the single computation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import numpy.typing as npt

from ._bundle import Offered, best_bundle, components, conflicts, largest_sets, refuse_crossing
from ._fen import Interval

__all__ = ["Bundles", "Rooms", "best_bundles"]

Fen = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
Rooms = Mapping[str, tuple[Fen, Fen]]  # what is left under each ceiling, at least and at most, by row

_TRIED = 512  # sets of one component tried on all rows at once; beyond, rows are searched one by one


@dataclass(frozen=True, slots=True)
class Bundles:
    """``kept[policy, row]`` and what the kept policies come to together (fen)."""

    kept: Flags
    low: Fen
    high: Fen


def best_bundles(
    offers: Sequence[Offered],
    low: Fen,
    high: Fen,
    open_: Flags,
    *,
    rooms: Rooms | None = None,
    granted: Mapping[str, Flags] | None = None,
    groups: Mapping[str, str] | None = None,
) -> Bundles:
    """The bundle worth most of every row (see :func:`best_bundle`).

    ``offers`` say what each policy may not stand beside (their amounts are not read); ``low``, ``high`` and ``open_``
    are ``[policy, row]``: what each would pay, and whether it may be taken. ``granted`` marks the rows to which a policy
    was granted before, ``groups`` the exclusive group of such a policy. Raises ValueError where ceilings cross.
    """
    refuse_crossing(offers)
    rooms = rooms or {}
    offers = [replace(offer, ceilings=tuple(c for c in offer.ceilings if c in rooms)) for offer in offers]
    told = {name: np.asarray(flags, dtype=np.bool_) for name, flags in (granted or {}).items()}
    state = _State(offers, low, high, _still_open(offers, open_, told, groups or {}), rooms, told)
    everyone = np.arange(open_.shape[1])
    for part in components(offers):
        state.settle([state.index[name] for name in part], everyone)
    return Bundles(state.kept, state.total_low, state.total_high)


def _still_open(
    offers: Sequence[Offered], open_: Flags, granted: Mapping[str, Flags], groups: Mapping[str, str]
) -> Flags:
    """Without what earlier grants rule out, and without what tops up a grant that is not there."""
    left = open_.copy()
    index = {offer.policy: i for i, offer in enumerate(offers)}
    for i, offer in enumerate(offers):
        for name, flags in granted.items():
            group = groups.get(name) or (offers[index[name]].group if name in index else None)
            if name != offer.policy and (name in offer.not_with or (group is not None and group == offer.group)):
                left[i] &= ~flags
    nobody = np.zeros(left.shape[1], dtype=np.bool_)
    for _ in offers:
        before = left.copy()
        for i, offer in enumerate(offers):
            if offer.matches is not None:
                base = left[index[offer.matches]] if offer.matches in index else nobody
                left[i] &= base | granted.get(offer.matches, nobody)
        if np.array_equal(before, left):
            break
    return left


class _State:
    """The rows while one component after the other is settled."""

    def __init__(
        self, offers: Sequence[Offered], low: Fen, high: Fen, open_: Flags, rooms: Rooms, granted: Mapping[str, Flags]
    ) -> None:
        self.offers, self.low, self.high, self.open, self.rooms = offers, low, high, open_, rooms
        self.granted = granted
        self.index = {offer.policy: i for i, offer in enumerate(offers)}
        self.kept = np.zeros_like(open_)
        self.total_low, self.total_high = (np.zeros(open_.shape[1], dtype=np.int64) for _ in range(2))
        self.against = conflicts(offers)

    def settle(self, part: list[int], rows: Rows) -> None:
        """Decide one component for these rows; where no ceiling can bind, each of its parts by itself."""
        bound = self._bound(part)
        asked = np.zeros(len(rows), dtype=np.bool_)
        for name in bound:
            under = [i for i in part if name in self.offers[i].ceilings]
            most = np.where(self.open[np.ix_(np.array(under), rows)], self.high[np.ix_(np.array(under), rows)], 0).sum(
                axis=0
            )
            asked |= most > self.rooms[name][0][rows]
        self._decide(part, rows[asked])
        free = [replace(self.offers[i], ceilings=()) for i in part] if bound else [self.offers[i] for i in part]
        for names in components(free):
            self._decide([self.index[name] for name in names], rows[~asked])

    def _decide(self, part: list[int], rows: Rows) -> None:
        """The best of the component's largest sets, for all rows at once while these are few, else by what is open."""
        if not len(rows):
            return
        tops = {m for i in part if (m := self.offers[i].matches) in self.index and m in self.granted}
        sets = None if tops else self._sets(part, set())
        if sets is not None:
            self._best_of(sets, rows)
            return
        marks = np.concatenate(
            [self.open[np.ix_(np.array(part), rows)], *(self.granted[m][None, rows] for m in sorted(tops))]
        )
        packed = np.ascontiguousarray(np.packbits(marks, axis=0).T)
        _, of = np.unique(packed.view(np.dtype((np.void, packed.shape[1]))).ravel(), return_inverse=True)
        order = np.argsort(of, kind="stable")
        for some in np.split(rows[order], np.cumsum(np.bincount(of))[:-1]):
            present = [i for i in part if self.open[i, some[0]]]
            granted = {m for m in tops if self.granted[m][some[0]]}
            for names in components([self.offers[i] for i in present]):
                inside = [self.index[name] for name in names]
                found = self._sets(inside, granted)
                if found is None:
                    self._one_by_one(inside, some, granted)
                else:
                    self._best_of(found, some)

    def _sets(self, part: list[int], granted: set[str]) -> list[list[int]] | None:
        """The largest sets of these policies; None where they are too many to try on every row."""
        names = [self.offers[i].policy for i in part]
        against = {name: self.against[name].intersection(names) for name in names}
        matches = {self.offers[i].policy: self.offers[i].matches for i in part}
        outside = granted | {m for m in matches.values() if m is not None and m not in self.index}
        sets = list(islice(largest_sets(names, against, matches, outside), _TRIED + 1))
        return None if len(sets) > _TRIED else [[self.index[name] for name in found] for found in sets]

    def _best_of(self, sets: list[list[int]], rows: Rows) -> None:
        best_low, best_high = (np.full(len(rows), -1, dtype=np.int64) for _ in range(2))
        best = np.zeros(len(rows), dtype=np.int64)
        involved = sorted({i for found in sets for i in found})
        low = {i: np.where(self.open[i, rows], self.low[i, rows], 0) for i in involved}
        high = {i: np.where(self.open[i, rows], self.high[i, rows], 0) for i in involved}
        for k, found in enumerate(sets):
            least, most = self._paid(found, rows, low, 0), self._paid(found, rows, high, 1)
            better = (least > best_low) | ((least == best_low) & (most > best_high))
            best_low[better], best_high[better], best[better] = least[better], most[better], k
        self.total_low[rows] += best_low
        self.total_high[rows] += np.maximum(best_high, best_low)
        for i in involved:
            holding = np.array([i in found for found in sets])
            self.kept[i, rows] = holding[best] & self.open[i, rows]

    def _bound(self, part: Sequence[int]) -> list[str]:
        return sorted({name for i in part for name in self.offers[i].ceilings if name in self.rooms})

    def _paid(self, chosen: Sequence[int], rows: Rows, amounts: Mapping[int, Fen], side: int) -> Fen:
        """What the chosen come to together under their ceilings."""
        left = {name: self.rooms[name][side][rows] for name in self._bound(chosen)}
        total = np.zeros(len(rows), dtype=np.int64)
        for i in chosen:
            pay = amounts[i]
            under = [name for name in self.offers[i].ceilings if name in left]
            for name in under:
                pay = np.minimum(pay, left[name])
            for name in under:
                left[name] = left[name] - pay
            total += pay
        return total

    def _one_by_one(self, present: list[int], rows: Rows, granted: set[str]) -> None:
        bound = self._bound(present)
        for row in rows:
            made = [
                replace(self.offers[i], amount_fen=Interval(int(self.low[i, row]), int(self.high[i, row])))
                for i in present
            ]
            rooms = {name: Interval(*(int(side[row]) for side in self.rooms[name])) for name in bound}
            found = best_bundle(made, rooms=rooms, granted=dict.fromkeys(granted))
            for offer in found.kept:
                self.kept[self.index[offer.policy], row] = True
            self.total_low[row] += found.total.low
            self.total_high[row] += found.total.high
