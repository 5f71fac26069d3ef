"""Linear programmes in exact fractions: an oracle that shares nothing with the engine's flows."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Row = list[Fraction]


def highest(objective: Sequence[int], rows: Sequence[Sequence[int]], right: Sequence[int]) -> Fraction | None:
    """The largest objective over x ≥ 0 with rows·x = right; None where it has no end. Two phases, Bland's rule."""
    n, m = len(objective), len(rows)
    table: list[Row] = []
    for i, (row, end) in enumerate(zip(rows, right, strict=True)):
        sign = -1 if end < 0 else 1
        table.append(
            [Fraction(sign * a) for a in row] + [Fraction(int(i == j)) for j in range(m)] + [Fraction(sign * end)]
        )
    basis = [n + i for i in range(m)]
    _solve(table, basis, [Fraction(0)] * n + [Fraction(-1)] * m, n + m)
    assert all(table[i][-1] == 0 for i in range(m) if basis[i] >= n), "the table itself must fit"
    for i in range(m):
        if basis[i] >= n:
            at = next((j for j in range(n) if table[i][j] != 0), None)
            if at is not None:
                _turn(table, basis, i, at)
    return _solve(table, basis, [Fraction(a) for a in objective] + [Fraction(0)] * m, n)


def _solve(table: list[Row], basis: list[int], costs: Row, allowed: int) -> Fraction | None:
    while True:
        gains = [
            costs[j] - sum((costs[b] * row[j] for b, row in zip(basis, table, strict=True)), Fraction(0))
            for j in range(allowed)
        ]
        enters = next((j for j, gain in enumerate(gains) if gain > 0), None)
        if enters is None:
            return sum((costs[b] * row[-1] for b, row in zip(basis, table, strict=True)), Fraction(0))
        ratios = [(row[-1] / row[enters], basis[i], i) for i, row in enumerate(table) if row[enters] > 0]
        if not ratios:
            return None
        _turn(table, basis, min(ratios)[2], enters)


def _turn(table: list[Row], basis: list[int], at: int, enters: int) -> None:
    pivot = table[at][enters]
    table[at] = [a / pivot for a in table[at]]
    for i, row in enumerate(table):
        if i != at and row[enters] != 0:
            factor = row[enters]
            table[i] = [a - factor * b for a, b in zip(row, table[at], strict=True)]
    basis[at] = enters


def bounds(
    key: object, values: dict[object, int], relations: Sequence[dict[object, int]], hidden: set[object]
) -> tuple[Fraction, Fraction | None]:
    """What a reader can derive of ``key``: lowest and highest value that fit all that is shown."""
    order = sorted(hidden, key=str)
    rows, right = [], []
    for relation in relations:
        if hidden & relation.keys():
            rows.append([relation.get(one, 0) for one in order])
            right.append(-sum(sign * values[one] for one, sign in relation.items() if one not in hidden))
    aim = [int(one == key) for one in order]
    low = highest([-a for a in aim], rows, right)
    assert low is not None
    return -low, highest(aim, rows, right)
