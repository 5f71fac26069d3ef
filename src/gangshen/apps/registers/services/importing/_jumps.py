"""Figures that left the last ones known by powers of ten: a slip of the unit, of a column or of one cell."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from statistics import median
from typing import Any

from gangshen.engines.vocabulary import Attribute, AttributeType

from ._mapping import Column

__all__ = ["find_jumps"]

_FIGURES = (AttributeType.MONEY, AttributeType.NUMBER, AttributeType.COUNT, AttributeType.PERCENT)
_FEWEST = 3  # firms that must agree before a column is asked about
_NEAR = 0.95  # of a power of ten


def find_jumps(
    rows: list[dict[str, Any]],
    columns: Collection[Column],
    known: Mapping[str, Attribute],
    latest: Mapping[str, list[Any]],
    position: Mapping[str, int],
    sure: Collection[str],
) -> tuple[dict[str, int], list[tuple[int, str, int]]]:
    """Header → power of ten by which the column as a whole jumps, and (line, header, times) of single cells.

    ``sure``: headers whose unit was confirmed; they are not asked about.
    """
    headers = {(column.target, column.period): column.header for column in columns if column.kept}
    apart: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row in rows:
        at = position.get(row["subject"])
        if at is None:
            continue
        for name, value in row["values"].items():
            header = headers.get((name, row["period"])) or headers.get((name, ""))
            if header is None or header in sure or known[name].type not in _FIGURES or name not in latest:
                continue
            before = latest[name][at]
            if before and value and (before > 0) == (value > 0):
                apart[header].append((row["row"], math.log10(value / before)))
    jumps: dict[str, int] = {}
    cells: list[tuple[int, str, int]] = []
    for header, ratios in apart.items():
        middle = median(ratio for _line, ratio in ratios)
        if abs(middle) >= _NEAR and len(ratios) >= _FEWEST:
            jumps[header] = round(middle)
        else:
            cells += [(line, header, round(10 ** abs(ratio))) for line, ratio in ratios if abs(ratio) >= _NEAR]
    return jumps, sorted(cells)
