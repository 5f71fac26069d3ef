"""Blocking: which names of an index could be meant, by the rarest characters and pairs of characters they share.

A name is cut into its characters and the unordered pairs of characters one or two apart, so that a swapped, lost or
misheard character leaves most of its keys whole. All names are cut at once in numpy; nothing runs per name in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Postings", "Shortlist"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_BITS = 21  # of a character, and of the number of a name
_MASK = (1 << _BITS) - 1
_FOLD = (1 << 41) - 21  # pairs of 42 bits into 41, so that key and name together fit 63
_WEIGHT = 18  # bits of a weight, in steps of 1 / _FINE nats
_HEAVIEST = (1 << _WEIGHT) - 1
_FINE = 256
_UNSEEN = 500  # characters that firms use and an index has not seen
MOST = _MASK
"""How many names an index may hold."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Candidates of all queries: ``query[i]`` may mean ``name[i]``, sharing keys of ``weight[i]``; by query, best first."""

    query: Ints
    name: Ints
    weight: Floats


def _characters(stems: Sequence[str]) -> tuple[Ints, Ints]:
    """All characters of all names in a row, and the number of the name each belongs to."""
    text = "\n".join(stems) + "\n"
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    breaks = codes == 10
    owner = np.cumsum(breaks) - breaks
    return codes[~breaks], owner[~breaks]


def _pair(first: Ints, second: Ints) -> Ints:
    """The key of two characters in either order."""
    return np.asarray((np.minimum(first, second) << _BITS | np.maximum(first, second)) % _FOLD)


def _cut(stems: Sequence[str]) -> Ints:
    """Keys of all names, each with its name in the low bits, sorted and once each."""
    codes, owner = _characters(stems)
    found = [(codes << _BITS | owner)]
    for apart in (1, 2):
        first, second = codes[:-apart], codes[apart:]
        same = owner[:-apart] == owner[apart:]
        found.append(_pair(first[same], second[same]) << _BITS | owner[:-apart][same])
    cut = np.concatenate(found)
    cut.sort()
    return cut[np.append(True, cut[1:] != cut[:-1])] if len(cut) else cut


class Postings:
    """The keys of ``stems`` and which names have each."""

    def __init__(self, stems: Sequence[str]) -> None:
        if len(stems) > MOST:
            raise ValueError(f"an index holds at most {MOST} names, not {len(stems)}")
        cut = _cut(stems)
        keys = cut >> _BITS
        first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.zeros(0, np.int64)
        self._names: Ints = cut & _MASK
        self._keys: Ints = keys[first]
        self._ends: Ints = np.append(first, len(keys))
        self._count = max(1, len(stems))

    def _look(self, keys: Ints) -> tuple[Ints, Ints]:
        """Beginning and length of each key's list of names; length 0 for a key no name has."""
        if not len(self._keys):
            return np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        here = self._keys[at] == keys
        begin = self._ends[at]
        return begin, np.where(here, self._ends[at + 1] - begin, 0)

    def surprise(self, stems: Sequence[str]) -> Floats:
        """How much each stem says, in nats: what it takes to draw its characters from the names of the index."""
        codes, owner = _characters(stems)
        told = np.zeros(len(stems))
        if not len(codes):
            return told
        seen = self._look(codes)[1]
        alone = (seen + 1) / (self._count + _UNSEEN)
        pair = self._look(_pair(np.append(codes[0], codes[:-1]), codes))[1]
        after = (pair + 2 * alone) / (np.append(0, seen[:-1]) + 2)
        inside = np.append(False, owner[1:] == owner[:-1])
        likely = np.where(inside, np.maximum(alone, np.minimum(after, 1.0)), alone)
        np.add.at(told, owner, -np.log(likely))
        return told

    def shortlist(self, stems: Sequence[str], *, budget: int, keep: int) -> Shortlist:
        """The ``keep`` names of each query that share the heaviest keys, looking at ``budget`` names of its rarest."""
        cut = _cut(stems)
        query = cut & _MASK
        begin, length = self._look(cut >> _BITS)
        known = length > 0
        query, begin, length = query[known], begin[known], length[known]
        order = np.lexsort((length, query))
        query, begin, length = query[order], begin[order], length[order]
        spent = _running(length, query)
        within = (spent <= budget) | (spent == length)  # the rarest key of a query always counts
        query, begin, length = query[within], begin[within], length[within]
        weight = np.log1p(self._count / length)
        starts = np.repeat(begin - np.append(0, np.cumsum(length)[:-1]), length)
        name = self._names[starts + np.arange(len(starts))] if len(starts) else np.zeros(0, np.int64)
        return _heaviest(
            np.repeat(query, length), name, np.repeat(np.rint(weight * _FINE).astype(np.int64), length), keep
        )


def _running(values: Ints, group: Ints) -> Ints:
    """Running sums that begin anew with each group."""
    total = np.cumsum(values)
    first = np.append(True, group[1:] != group[:-1]) if len(group) else np.zeros(0, bool)
    before = np.maximum.accumulate(np.where(first, total - values, 0)) if len(total) else total
    return np.asarray(total - before)


def _heaviest(query: Ints, name: Ints, weight: Ints, keep: int) -> Shortlist:
    """Sum the weights of each pair and keep the best of each query; everything is sorted as one packed number."""
    packed = (query << _BITS | name) << _WEIGHT | weight
    packed.sort()
    both = packed >> _WEIGHT
    first = np.flatnonzero(np.append(True, both[1:] != both[:-1])) if len(both) else np.zeros(0, np.int64)
    if not len(first):
        return Shortlist(query, name, weight / _FINE)
    total = np.minimum(np.add.reduceat(packed & _HEAVIEST, first), _HEAVIEST)
    query, name = both[first] >> _BITS, both[first] & _MASK
    packed = (query << _WEIGHT | (_HEAVIEST - total)) << _BITS | name
    packed.sort()
    query = packed >> (_WEIGHT + _BITS)
    best = _running(np.ones(len(query), np.int64), query) <= keep
    packed, query = packed[best], query[best]
    return Shortlist(query, packed & _MASK, (_HEAVIEST - (packed >> _BITS & _HEAVIEST)) / _FINE)
