"""A cost interval held against what its programme was given for the year."""

from __future__ import annotations

from dataclasses import dataclass

from gangshen.apps.money import services as money
from gangshen.apps.money.models import Programme

__all__ = ["Budget", "budget_of"]


@dataclass(frozen=True, slots=True)
class Budget:
    """What ``programme`` was given (``appropriated``) and has left in ``year``, fen; ``asked`` is the year one wanted."""

    programme: Programme
    year: int
    asked: int
    appropriated: int
    available: int

    @property
    def earlier(self) -> bool:
        """Is it an earlier year's, since nothing is given yet for the year asked?"""
        return self.year != self.asked

    def state(self, low: int, high: int) -> str:
        """Shape of a cost: it fits, may not fit, or can't fit."""
        return "ok" if high <= self.appropriated else "near" if low <= self.appropriated else "bad"

    def over(self, high: int) -> int:
        """By how much the cost at most passes the appropriation; 0 where it doesn't."""
        return max(high - self.appropriated, 0)


def budget_of(programme: Programme | None, year: int) -> Budget | None:
    """The programme's money in ``year``, or in the latest earlier year that has any; None without."""
    if programme is None:
        return None
    held = {at: one for (key, at), one in money.balances().items() if key == programme.key and one.appropriated}
    if not held:
        return None
    found = year if year in held else max((at for at in held if at <= year), default=max(held))
    return Budget(programme, found, year, held[found].appropriated, held[found].available)
