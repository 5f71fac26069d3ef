"""Bit planes: one bit a row, packed in 64-bit words, so that a clause over 100,000 rows is 12.5 kB.

Three values are two planes (yes, no; neither is unknown): AND is ``yes & yes, no | no``, NOT swaps them. Costs are
numbers kept as planes of their binary digits, so that adding and taking the smaller run on whole words as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Cost", "Kleene", "Plane", "at_least_cost", "at_least_of", "bits", "cost_column", "decision_column", "pack"]

Plane = npt.NDArray[np.uint64]
Column = npt.NDArray[np.uint8]


def pack(flags: npt.NDArray[np.bool_]) -> Plane:
    """A boolean column as a plane; the bits past its end are 0."""
    packed = np.packbits(flags, bitorder="little")
    words = np.zeros((len(flags) + 63) // 64 * 8, dtype=np.uint8)
    words[: len(packed)] = packed
    return words.view(np.uint64)


def bits(plane: Plane, rows: int) -> Column:
    """The plane as 0 and 1, one byte a row."""
    return np.unpackbits(plane.view(np.uint8), count=rows, bitorder="little")


@dataclass(frozen=True, slots=True)
class Kleene:
    """The answer of every row in three values."""

    yes: Plane
    no: Plane

    def __and__(self, other: Kleene) -> Kleene:
        return Kleene(self.yes & other.yes, self.no | other.no)

    def __or__(self, other: Kleene) -> Kleene:
        return Kleene(self.yes | other.yes, self.no & other.no)

    def __invert__(self) -> Kleene:
        return Kleene(self.no, self.yes)


def at_least_of(parts: Sequence[Kleene], needed: int) -> Kleene:
    """Yes where ``needed`` parts are yes, no where so many no longer can be."""
    reached: list[Kleene] = []  # reached[j]: at least j + 1 of the parts so far
    for part in parts:
        grown = [part if j == 0 else reached[j - 1] & part for j in range(min(len(reached) + 1, needed))]
        reached = [old | new for old, new in zip(reached, grown, strict=False)] + grown[len(reached) :]
    return reached[needed - 1]


@dataclass(frozen=True, slots=True)
class Cost:
    """A whole number for every row: ``digits`` from the lowest, ``far`` where there is no way (None: nowhere)."""

    digits: tuple[Plane, ...]
    far: Plane | None = None

    def __add__(self, other: Cost) -> Cost:
        far = self.far if other.far is None else other.far if self.far is None else self.far | other.far
        short, long = sorted((self.digits, other.digits), key=len)
        total: list[Plane] = []
        carry: Plane | None = None
        for i, digit in enumerate(long):
            if i < len(short):
                half = digit ^ short[i]
                both = digit & short[i]
                total.append(half if carry is None else half ^ carry)
                carry = both if carry is None else both | (half & carry)
            elif carry is None:
                total.append(digit)
            else:
                total.append(digit ^ carry)
                carry = digit & carry
        if carry is not None:
            total.append(carry)
        return Cost(tuple(total), far)

    def smaller(self, other: Cost) -> Cost:
        """The smaller of the two in every row."""
        width = max(len(self.digits), len(other.digits))
        mine, theirs = (cost.digits + (None,) * (width - len(cost.digits)) for cost in (self, other))
        take = np.zeros_like(self.digits[0])  # where the other is smaller
        for a, b in zip(mine, theirs, strict=True):  # from the lowest digit: a higher one overrules
            if a is None:
                assert b is not None
                take = take & ~b
            elif b is None:
                take = take | a
            else:
                take = (a & ~b) | (take & ~(a ^ b))
        far: Plane | None = None
        if self.far is not None:
            take = take | self.far
        if other.far is not None:
            take = take & ~other.far
            far = None if self.far is None else self.far & other.far
        chosen: list[Plane] = []
        for a, b in zip(mine, theirs, strict=True):
            if a is None:
                assert b is not None
                chosen.append(b & take)
            elif b is None:
                chosen.append(a & ~take)
            else:
                chosen.append(a ^ ((a ^ b) & take))
        return Cost(tuple(chosen), far)


def at_least_cost(parts: Sequence[Cost], needed: int) -> Cost:
    """The sum of the ``needed`` smallest costs in every row."""
    if needed == len(parts):
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total
    sums: list[Cost] = []  # sums[j]: the j + 1 smallest of the parts so far
    for part in parts:
        grown = [part if j == 0 else sums[j - 1] + part for j in range(min(len(sums) + 1, needed))]
        sums = [old.smaller(new) for old, new in zip(sums, grown, strict=False)] + grown[len(sums) :]
    return sums[needed - 1]


def decision_column(answer: Kleene, rows: int) -> Column:
    """0 no, 1 unknown, 2 yes."""
    column = bits(answer.yes, rows)
    column += np.uint8(1)
    column -= bits(answer.no, rows)
    return column


def cost_column(cost: Cost, rows: int) -> Column:
    """The cost of every row, 254 for more, 255 where there is no way."""
    column = bits(cost.digits[0], rows)
    for i, digit in enumerate(cost.digits[1:8], start=1):
        if digit.any():
            column |= bits(digit, rows) << np.uint8(i)
    column = np.minimum(column, np.uint8(254))
    for digit in cost.digits[8:]:
        column[bits(digit, rows) == 1] = 254
    if cost.far is not None:
        column |= bits(cost.far, rows) * np.uint8(255)
    return column
