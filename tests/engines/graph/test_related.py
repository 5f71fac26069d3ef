"""Relatedness density, against figures worked out by hand and the laws of its parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.graph import density, neighbours, proximity, rca

PLACES, INDUSTRIES = ["A", "B", "C"], ["robots", "motors", "wine"]
COUNTS = [[8.0, 8.0, 0.0], [9.0, 0.0, 0.0], [0.0, 1.0, 9.0]]
MATRIX = st.lists(st.lists(st.integers(0, 20), min_size=4, max_size=4), min_size=3, max_size=5)


def test_the_neighbour_of_robots_is_motors() -> None:
    found = neighbours(COUNTS, PLACES, INDUSTRIES, "B")
    assert [(one.industry, one.count) for one in found] == [("motors", 0.0)]
    # A alone is strong in motors, A and B in robots: proximity 1 / max(2, 1) = 0.5, its only neighbour
    assert found[0].near == (("robots", 0.5),) and found[0].density == pytest.approx(1.0)


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(ValueError, match="'Z' is not among the places"):
        neighbours(COUNTS, PLACES, INDUSTRIES, "Z")


@given(MATRIX)
def test_laws(rows: list[list[int]]) -> None:
    counts = np.asarray(rows, dtype=float)
    index = rca(counts)
    assert (index[counts == 0] == 0).all()
    assert rca(counts * 3) == pytest.approx(index)
    strong = (index >= 1).astype(float)
    near = proximity(strong)
    assert (near == near.T).all() and (near >= 0).all() and (near <= 1).all() and (np.diag(near) == 0).all()
    dense = density(strong, near)
    assert (dense >= 0).all() and (dense <= 1 + 1e-9).all()
