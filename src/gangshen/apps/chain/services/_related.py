"""Which neighbour industries the zone could enter: towns of the register x industry classes, by relatedness density."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from gangshen.apps.registers import services as registers
from gangshen.engines.graph import neighbours

__all__ = ["Entry", "related"]

LEVEL = 3  # digits of GB/T 4754: the group (中类)
FEWEST = 2  # towns needed to compare with


@dataclass(frozen=True, slots=True)
class Entry:
    """A group of GB/T 4754 the town is not strong in: density 0..1, firms now, and the groups it would grow from."""

    code: str
    density: float
    firms: int
    near: tuple[tuple[str, float], ...]


def related(today: dt.date, place: str) -> tuple[list[Entry], list[str], int]:
    """Entries for ``place``, the towns compared, and how many firms the comparison counts.

    Empty when the register holds fewer than two towns, or none of ``place``.
    """
    frame = registers.snapshot("enterprise", today).frame
    known = frame.drop_nulls(["registered_division", "industry_registered"])
    counts = Counter(
        zip(known["registered_division"], known["industry_registered"].cast(str).str.slice(0, LEVEL), strict=True)
    )
    towns = sorted({town for town, _code in counts})
    codes = sorted({code for _town, code in counts})
    here = next((town for town in towns if place in town), None)
    if here is None or len(towns) < FEWEST:
        return [], towns, 0
    matrix = [[float(counts[town, code]) for code in codes] for town in towns]
    found = neighbours(matrix, towns, codes, here)
    entries = [
        Entry(
            one.industry,
            one.density,
            int(one.count),
            one.near,
        )
        for one in found
    ]
    return entries, towns, sum(counts.values())
