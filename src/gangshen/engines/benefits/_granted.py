"""What was granted before, and which caps it counts against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ._model import Cap

__all__ = ["Granted", "granted_under"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Granted(Generic[T]):
    """Fen already granted under one policy (or one shared ceiling): this ``year`` and ``ever``, this year included.

    Whole numbers for one firm, columns for all.
    """

    year: T
    ever: T


def granted_under(cap: Cap, granted: Granted[Any]) -> Any:
    """The part that counts against ``cap``: of the year or of all time for a firm; nothing for one item or quarter."""
    if cap.subject != "firm" or cap.over in ("quarter", "month"):
        return 0
    return granted.year if cap.over == "year" else granted.ever
