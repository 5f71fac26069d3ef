"""Chance that gives the same on every machine: built on nothing but ``random.Random(...).random()``."""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Draw"]

T = TypeVar("T")


class Draw:
    """One stream of chance, named by what it is for, so that streams do not disturb each other."""

    __slots__ = ("unit",)

    def __init__(self, *name: object) -> None:
        self.unit = random.Random(":".join(map(str, name))).random  # [0, 1)

    def chance(self, probability: float) -> bool:
        return self.unit() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.unit() * len(options))]

    def weighted(self, options: Sequence[T], cumulative: Sequence[float]) -> T:
        return options[bisect(cumulative, self.unit() * cumulative[-1])]

    def normal(self) -> float:
        """Nearly standard normal: the sum of twelve, which is the same to the last bit everywhere."""
        u = self.unit
        return u() + u() + u() + u() + u() + u() + u() + u() + u() + u() + u() + u() - 6.0

    def around(self, median: float, spread: float) -> float:
        """Log-normal with the given median; ``spread`` is the standard deviation of the logarithm."""
        return median * math.exp(spread * self.normal())
