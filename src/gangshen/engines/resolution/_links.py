"""Which names of one index may be of one firm: duplicate detection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ._resolver import Candidate, Names

__all__ = ["Link", "links"]

_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Link:
    """Two keys of an index that may be one firm; ``other`` tells the chance and why."""

    key: str
    name: str
    other: Candidate


def links(
    names: Names,
    *,
    least: float,
    apart: Callable[[str, str], bool] = lambda one, other: False,
    step: Callable[[int], object] = lambda done: None,
) -> Iterator[Link]:
    """Every pair of keys whose names are alike with a chance of ``least`` or more, each pair once.

    ``apart`` knows pairs that are two firms whatever their names (two valid codes). ``step`` hears how many names are done.
    """
    keys = list(names.keys())
    seen: set[tuple[str, str]] = set()
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        for key, found in zip(chunk, names.resolve([names.name(key) for key in chunk], own=chunk), strict=True):
            for other in found.candidates:
                pair = (min(key, other.key), max(key, other.key))
                if other.score < least or pair in seen or apart(*pair):
                    continue
                seen.add(pair)
                yield Link(key, names.name(key), other)
        step(start + len(chunk))
