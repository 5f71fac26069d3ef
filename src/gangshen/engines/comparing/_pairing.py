"""Which passage of one version is which of the other.

Passages with the same words are paired first (patience diff: those that occur once on each side and keep their order
hold the frame, repeated ones are matched between them), then similar ones in the gaps between, then similar ones
anywhere, which have moved.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

__all__ = ["Pairs", "likeness", "pair"]

_FIGURE = re.compile(r"[0-9][0-9,.]*|[一二两三四五六七八九十百千万亿〇]{2,}")
_IN_PLACE = 0.45  # of common pairs of signs, for two passages that stand between the same neighbours
_ANYWHERE = 0.7
_SHORT = 6  # signs; a shorter passage is too common to have moved
_GAP = 4_000  # cells of a gap that is aligned exactly
_ALL = 4_000_000
_COMMON = 60  # a pair of signs in more passages than this tells nothing


@dataclass(slots=True)
class Pairs:
    """Index in the old version → index in the new one: in place, and moved; ``same`` holds pairs of equal words."""

    stays: dict[int, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    same: set[int] = field(default_factory=set)


def _grams(key: str) -> Counter[str]:
    """Pairs of signs, with every figure as one sign: a changed figure is still the same sentence."""
    masked = _FIGURE.sub("#", key)
    return Counter(masked[at : at + 2] for at in range(max(1, len(masked) - 1)))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def likeness(one: str, other: str) -> float:
    """How alike two folded passages are, 0 to 1; figures count as one sign."""
    return _dice(_grams(one), _grams(other))


def pair(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Pair the folded passages of two versions."""
    made = Pairs()
    once = _once(old, new)
    frame = _rising(once)
    _repeated(old, new, frame, made)
    for a, b in once:
        if a not in made.stays and len(old[a]) >= _SHORT:
            made.moved[a] = b
            made.same.add(a)
    grams_old = {a: _grams(old[a]) for a in range(len(old)) if a not in made.stays and a not in made.moved}
    taken = {*made.stays.values(), *made.moved.values()}
    grams_new = {b: _grams(new[b]) for b in range(len(new)) if b not in taken}
    _similar_in_gaps(made, grams_old, grams_new, len(old), len(new))
    _similar_anywhere(made, grams_old, grams_new, old)
    return made


def _once(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of passages whose words stand once in each version, in the order of the old one."""
    count_old, count_new = Counter(old), Counter(new)
    at_new = {key: at for at, key in enumerate(new)}
    return [(at, at_new[key]) for at, key in enumerate(old) if count_old[key] == 1 and count_new[key] == 1]


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs that keeps the order of both versions."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = [-1] * len(pairs)
    for at, (_, b) in enumerate(pairs):
        slot = bisect_left(tails, b)
        before[at] = ends[slot - 1] if slot else -1
        if slot == len(tails):
            tails.append(b)
            ends.append(at)
        else:
            tails[slot], ends[slot] = b, at
    chosen: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = before[at]
    return chosen[::-1]


def _repeated(old: Sequence[str], new: Sequence[str], frame: Sequence[tuple[int, int]], made: Pairs) -> None:
    """The frame, and between its posts the passages of equal words, in order."""
    for (a, b), (c, d) in pairwise([(-1, -1), *frame, (len(old), len(new))]):
        if a >= 0:
            made.stays[a] = b
            made.same.add(a)
        if (c - a) * (d - b) > _ALL:
            continue
        matcher = SequenceMatcher(None, old[a + 1 : c], new[b + 1 : d], autojunk=False)
        for block in matcher.get_matching_blocks():
            for step in range(block.size):
                made.stays[a + 1 + block.a + step] = b + 1 + block.b + step
                made.same.add(a + 1 + block.a + step)


def _similar_in_gaps(
    made: Pairs, grams_old: dict[int, Counter[str]], grams_new: dict[int, Counter[str]], last_old: int, last_new: int
) -> None:
    posts = [(-1, -1), *sorted(made.stays.items()), (last_old, last_new)]
    for (a, b), (c, d) in pairwise(posts):
        left = [at for at in range(a + 1, c) if at in grams_old]
        right = [at for at in range(b + 1, d) if at in grams_new]
        if left and right and len(left) * len(right) <= _GAP:
            for one, other in _aligned(left, right, grams_old, grams_new):
                made.stays[one] = other
                del grams_old[one], grams_new[other]


def _aligned(
    left: Sequence[int], right: Sequence[int], grams_old: dict[int, Counter[str]], grams_new: dict[int, Counter[str]]
) -> list[tuple[int, int]]:
    """The in-order choice of pairs with the greatest sum of likeness."""
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    like: dict[tuple[int, int], float] = {}
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            score = _dice(grams_old[left[i]], grams_new[right[j]])
            paired = score + best[i + 1][j + 1] if score >= _IN_PLACE else -1.0
            like[i, j] = paired
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    chosen: list[tuple[int, int]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if like[i, j] >= 0 and best[i][j] == like[i, j]:
            chosen.append((left[i], right[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return chosen


def _similar_anywhere(
    made: Pairs, grams_old: dict[int, Counter[str]], grams_new: dict[int, Counter[str]], old: Sequence[str]
) -> None:
    """Passages that went elsewhere with other words: the most alike first."""
    if len(grams_old) * len(grams_new) > _ALL:
        return
    where: dict[str, list[int]] = {}
    for b, grams in grams_new.items():
        for gram in grams:
            where.setdefault(gram, []).append(b)
    found: list[tuple[float, int, int]] = []
    for a, grams in grams_old.items():
        if len(old[a]) < _SHORT:
            continue
        near = Counter(b for gram in grams if len(where.get(gram, ())) <= _COMMON for b in where.get(gram, ()))
        for b, _count in near.most_common(8):
            score = _dice(grams, grams_new[b])
            if score >= _ANYWHERE:
                found.append((-score, a, b))
    gone: set[int] = set()
    for _score, a, b in sorted(found):
        if a not in made.moved and b not in gone:
            made.moved[a] = b
            gone.add(b)
