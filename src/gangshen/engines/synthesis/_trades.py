"""The table of trades: what firms do, how large and how inventive they usually are."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate

__all__ = ["Trade", "trades", "weights"]


@dataclass(frozen=True, slots=True)
class Trade:
    """One kind of firm. ``per_head`` is median revenue a head in fen, ``rd`` median R&D in % of revenue."""

    id: str
    group: str  # robot (a segment of the chain), smart, manufacturing, services
    zh: str
    en: str
    weight: float
    industries: tuple[str, ...]
    words: tuple[str, ...]
    products: tuple[str, ...]
    staff: float
    per_head: float
    rd: float
    age: float

    def is_industry(self, code: str) -> bool:
        """Does this GB/T 4754-2017 code lie in manufacturing (section C, divisions 13-43)?"""
        return 13 <= int(code[:2]) <= 43


@cache
def trades() -> tuple[Trade, ...]:
    """All trades of the packaged table, in its order."""
    text = (files(__package__) / "data" / "trades.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        Trade(
            id=row["id"],
            group=row["group"],
            zh=row["zh"],
            en=row["en"],
            weight=float(row["weight"]),
            industries=tuple(row["industries"].split(";")),
            words=tuple(row["words"].split(";")),
            products=tuple(row["products"].split(";")),
            staff=float(row["staff"]),
            per_head=float(row["per_head"]) * 10_000 * 100,
            rd=float(row["rd"]),
            age=float(row["age"]),
        )
        for row in rows
    )


@cache
def weights() -> tuple[float, ...]:
    return tuple(accumulate(trade.weight for trade in trades()))
