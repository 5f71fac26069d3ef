"""从高不重复: of benefits in one group only the highest is paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ._amount import Interval

__all__ = ["Offered", "Stacked", "stack"]


@dataclass(frozen=True, slots=True)
class Offered:
    """What one policy would pay a firm; ``group`` is its exclusive group, None when it stacks with anything."""

    policy: str
    amount_fen: Interval | None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Stacked:
    """``kept`` policies with their sum, and for each left out the one that is paid instead."""

    kept: tuple[Offered, ...]
    left_out: dict[str, str]
    total: Interval


def stack(offers: Iterable[Offered]) -> Stacked:
    """Keep the highest of each group (by what is certain at least, then at most, then by name) and everything else."""
    best: dict[str, Offered] = {}
    kept: list[Offered] = []
    left_out: dict[str, str] = {}
    offers = list(offers)
    for offer in sorted(offers, key=_worth):
        if offer.group is not None and offer.group in best:
            left_out[offer.policy] = best[offer.group].policy
            continue
        if offer.group is not None:
            best[offer.group] = offer
        kept.append(offer)
    order = {offer.policy: i for i, offer in enumerate(offers)}
    kept.sort(key=lambda offer: order[offer.policy])
    total = Interval(0, 0)
    for offer in kept:
        total = total + (offer.amount_fen or Interval(0, 0))
    return Stacked(tuple(kept), left_out, total)


def _worth(offer: Offered) -> tuple[int, int, str]:
    low, high = (offer.amount_fen.low, offer.amount_fen.high) if offer.amount_fen else (0, 0)
    return (-low, -high, offer.policy)
