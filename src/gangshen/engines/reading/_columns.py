"""Columns and rows of a printed page: which lines stand side by side, and in what order they are read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby

__all__ = ["Line", "in_reading_order"]

_LEAST = 6  # lines a column must have


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; positions in any unit, ``top`` growing downwards."""

    text: str
    left: float
    right: float
    top: float
    height: float
    page: int


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Two columns one after the other, each stretched to the width of the page; cells of a row joined by tabs."""
    out: list[Line] = []
    for _, group in groupby(lines, key=lambda line: line.page):
        own = list(group)
        edges = _columns(own)
        out += _unfolded(own, *edges) if edges else _rows(own)
    return out


def _columns(lines: list[Line]) -> tuple[float, float, float, float] | None:
    """(left edge, right edge) of both columns, if the page has two."""
    if len(lines) < 2 * _LEAST:
        return None
    left, right = min(x.left for x in lines), max(x.right for x in lines)
    size = sorted(x.height for x in lines)[len(lines) // 2]
    middle = [x for x in lines if left + 0.35 * (right - left) < x.left < left + 0.65 * (right - left)]
    if len(middle) < _LEAST:
        return None
    common, _ = Counter(round(x.left / size) for x in middle).most_common(1)[0]
    edge = min(x.left for x in middle if abs(round(x.left / size) - common) <= 1)
    first = [x for x in lines if x.right < edge]
    second = [x for x in lines if x.left >= edge - 0.1]
    across = len(lines) - len(first) - len(second)
    if min(len(first), len(second)) < _LEAST or across > 0.3 * len(lines):
        return None
    gutter = edge - max(x.right for x in first)
    full = [
        sum(x.right - x.left > 0.75 * w for x in side) for side, w in ((first, edge - left), (second, right - edge))
    ]
    overlap = min(max(x.top for x in s) for s in (first, second)) - max(min(x.top for x in s) for s in (first, second))
    if gutter < 0.5 * size or min(full) < _LEAST // 2 or overlap < _LEAST * size:
        return None
    return left, max(x.right for x in first), edge, right


def _unfolded(lines: list[Line], left: float, first_end: float, edge: float, right: float) -> list[Line]:
    out: list[Line] = []
    waiting: tuple[list[Line], list[Line]] = ([], [])

    def flush() -> None:
        for side, start, end in ((waiting[0], left, first_end), (waiting[1], edge, right)):
            scale = (right - left) / max(end - start, 0.1)
            for line in sorted(side, key=lambda x: x.top):
                a, b = left + (line.left - start) * scale, left + (line.right - start) * scale
                out.append(replace(line, left=a, right=b))
            side.clear()

    for line in sorted(lines, key=lambda x: x.top):
        if line.right < edge:
            waiting[0].append(line)
        elif line.left >= edge - 0.1:
            waiting[1].append(line)
        else:  # a heading over both columns
            flush()
            out.append(line)
    flush()
    return out


def _rows(lines: list[Line]) -> list[Line]:
    """Stretches of one printed line: cells where several lines have three or more, else one line with its gaps."""
    grouped: list[list[Line]] = []
    for line in lines:
        last = grouped[-1][-1] if grouped else None
        same = last is not None and abs(last.top - line.top) <= 0.4 * max(last.height, line.height)
        if last is not None and same and line.left >= last.right - 0.1:
            grouped[-1].append(line)
        else:
            grouped.append([line])
    out = []
    for index, group in enumerate(grouped):
        around = [len(grouped[i]) for i in (index - 1, index + 1) if 0 <= i < len(grouped)]
        gap = "\t" if len(group) >= 3 and any(n >= 3 for n in around) else " "
        first, last = group[0], group[-1]
        text = gap.join(x.text for x in group)
        out.append(replace(first, text=text, right=last.right, height=max(x.height for x in group)))
    return out
