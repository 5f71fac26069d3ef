"""A cost interval held against what its programme was given for the year."""

from __future__ import annotations

from dataclasses import dataclass

from gangshen.apps.money import services as money
from gangshen.apps.money.models import Programme

from ._earlier import Earlier

__all__ = ["Budget", "budget_of"]


@dataclass(frozen=True, slots=True)
class Budget:
    """What ``programme`` was given (``appropriated``) and has left in ``year``, fen; ``asked`` is the year one wanted."""

    programme: Programme
    year: int
    asked: int
    appropriated: int
    available: int
    granted: int = 0  # under the policy itself in that year, before what is tried

    @property
    def earlier(self) -> bool:
        """Is it an earlier year's, since nothing is given yet for the year asked?"""
        return self.year != self.asked

    def state(self, low: int, high: int) -> str:
        """Shape of a cost: it fits, may not fit, or can't fit."""
        return "ok" if high <= self.room else "near" if low <= self.room else "bad"

    def over(self, high: int) -> int:
        """By how much the cost at most passes the appropriation; 0 where it doesn't."""
        return max(high - self.room, 0)

    @property
    def room(self) -> int:
        """The appropriation less what was granted of it already."""
        return self.appropriated - self.granted


def budget_of(programme: Programme | None, year: int, *, earlier: Earlier | None = None) -> Budget | None:
    """The programme's money in ``year``, or in the latest earlier year that has any; None without.

    ``earlier`` is what was granted under the policy; it counts where its year is that of the money.
    """
    if programme is None:
        return None
    held = {at: one for (key, at), one in money.balances().items() if key == programme.key and one.appropriated}
    if not held:
        return None
    found = year if year in held else max((at for at in held if at <= year), default=max(held))
    granted = earlier.in_year if earlier and found == earlier.year else 0
    return Budget(programme, found, year, held[found].appropriated, held[found].available, granted)
