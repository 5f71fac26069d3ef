"""Which neighbour industries a town could enter: towns of the register x groups of GB/T 4754, by relatedness density."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from gangshen.apps.registers import services as registers
from gangshen.engines.graph import neighbours
from gangshen.engines.vocabulary import industry_path

__all__ = ["Entry", "Related", "related", "related_row"]

FEWEST = 2  # towns needed to compare with


@dataclass(frozen=True, slots=True)
class Entry:
    """A group the town is not strong in: density 0..1, firms now, and the groups it would grow from with their share."""

    code: str
    name: str
    density: float
    firms: int
    near: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True, slots=True)
class Related:
    """``town`` compared with ``towns`` (name → firms with a known group, the largest first); no entries without two."""

    town: str
    towns: dict[str, int]
    entries: tuple[Entry, ...]

    @property
    def firms(self) -> int:
        return sum(self.towns.values())


def related(today: dt.date, town: str = "") -> Related:
    """Entries for ``town``, or for the town with most firms. Raises KeyError for a town that the register does not name."""
    frame = registers.snapshot("enterprise", today).frame
    known = frame.drop_nulls(["registered_division", "industry_registered"])
    groups = {code: _group(str(code)) for code in known["industry_registered"].unique().to_list()}
    pairs = zip(known["registered_division"], known["industry_registered"], strict=True)
    counts = Counter((place, groups[code]) for place, code in pairs if groups[code])
    towns: Counter[str] = Counter()
    for (place, _code), count in counts.items():
        towns[place] += count
    ordered = dict(sorted(towns.items(), key=lambda pair: (-pair[1], pair[0])))
    here = town or next(iter(ordered), "")
    if town and town not in ordered:
        raise KeyError(town)
    if len(ordered) < FEWEST:
        return Related(here, ordered, ())
    codes = sorted({code for _place, code in counts})
    places = sorted(ordered)
    matrix = [[float(counts[place, code]) for code in codes] for place in places]
    entries = tuple(
        Entry(
            one.industry,
            _name(one.industry),
            one.density,
            int(one.count),
            tuple((code, _name(code), share) for code, share in one.near),
        )
        for one in neighbours(matrix, places, codes, here)
    )
    return Related(here, ordered, entries)


def related_row(found: Related) -> dict[str, Any]:
    """The comparison as the API and the command print it."""
    return {
        "town": found.town,
        "towns": found.towns,
        "groups": [
            {
                "code": one.code,
                "name": one.name,
                "density": round(one.density, 4),
                "firms": one.firms,
                "near": [{"code": code, "name": name, "share": round(share, 4)} for code, name, share in one.near],
            }
            for one in found.entries
        ],
    }


def _group(code: str) -> str:
    """``C3491``, ``3491`` → ``349``; nothing for a code that is not so long, or that nobody knows."""
    return next((one.code for one in industry_path(code) if one.level == "group"), "")


def _name(code: str) -> str:
    return industry_path(code)[-1].name
