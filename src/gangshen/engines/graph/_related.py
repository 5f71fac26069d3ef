"""Which neighbour industries a place could enter: revealed comparative advantage → proximity → density.

After Hidalgo, Klinger, Barabási and Hausmann (2007), "The Product Space Conditions the Development of Nations", Science
317; the matrices as py-ecomplexity (Growth Lab at Harvard) computes them, an industry being no neighbour of itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Neighbour", "density", "neighbours", "proximity", "rca"]

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An industry the place is not strong in: its density 0..1, what it has of it now, and the nearest it is strong in
    (industry, proximity), nearest first."""

    industry: str
    density: float
    count: float
    rca: float
    near: tuple[tuple[str, float], ...]


def rca(counts: Matrix) -> Matrix:
    """Balassa's index of places x industries: share of the industry in the place over its share in all; 0 where empty."""
    whole = counts.sum()
    by_place, by_industry = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)
    expected = by_place * by_industry / whole if whole else np.zeros_like(counts)
    index: Matrix = np.divide(counts, expected, out=np.zeros_like(counts), where=expected > 0)
    return index


def proximity(strong: Matrix) -> Matrix:
    """Industry x industry: the smaller of the two chances that a place strong in one is strong in the other."""
    both = strong.T @ strong
    ubiquity = strong.sum(axis=0)
    most = np.maximum.outer(ubiquity, ubiquity)
    near: Matrix = np.divide(both, most, out=np.zeros_like(both), where=most > 0)
    np.fill_diagonal(near, 0)
    return near


def density(strong: Matrix, near: Matrix) -> Matrix:
    """Place x industry: the part of an industry's proximity that lies in industries the place is strong in, 0..1."""
    whole = near.sum(axis=0, keepdims=True)
    held = strong @ near
    dense: Matrix = np.divide(held, whole, out=np.zeros_like(held), where=whole > 0)
    return dense


def neighbours(
    counts: Sequence[Sequence[float]], places: Sequence[str], industries: Sequence[str], place: str, *, shown: int = 3
) -> list[Neighbour]:
    """Industries in which ``place`` is not yet strong (RCA < 1), the densest first.

    ``counts``: one row per place, one column per industry. Raises ValueError for a place that is not among ``places``
    or a matrix of another shape.
    """
    matrix = np.asarray(counts, dtype=np.float64).reshape(len(places), len(industries))
    if place not in places:
        raise ValueError(f"{place!r} is not among the places")
    at = list(places).index(place)
    index = rca(matrix)
    strong = (index >= 1).astype(np.float64)
    near = proximity(strong)
    dense = density(strong, near)
    found = []
    for i, industry in enumerate(industries):
        if strong[at, i] or not dense[at, i] > 0:
            continue
        order = [j for j in np.argsort(-near[:, i], kind="stable") if strong[at, j] and near[j, i] > 0][:shown]
        found.append(
            Neighbour(
                industry=industry,
                density=float(dense[at, i]),
                count=float(matrix[at, i]),
                rca=float(index[at, i]),
                near=tuple((industries[j], float(near[j, i])) for j in order),
            )
        )
    return sorted(found, key=lambda one: (-one.density, one.industry))
