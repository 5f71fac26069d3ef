"""Amounts in whole fen: intervals, and shares rounded down."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

__all__ = ["UNBOUNDED", "Interval", "fraction", "share"]

UNBOUNDED = 2**62


@dataclass(frozen=True, slots=True)
class Interval:
    """Between ``low`` and ``high`` fen."""

    low: int
    high: int

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)


def fraction(rate: float) -> tuple[int, int]:
    """A printed rate as numerator and denominator, exactly: 0.15 → (3, 20)."""
    return Decimal(repr(rate)).as_integer_ratio()


def share(base: Any, rate: tuple[int, int]) -> Any:
    """``base × rate`` in whole fen, rounded down; for numbers and columns alike, without overflow."""
    numerator, denominator = rate
    return base // denominator * numerator + base % denominator * numerator // denominator
