"""Where nodes and edges stand in the picture: columns by stage, few crossings, the supporting stages in a band below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ._graph import Graph

__all__ = ["Box", "Column", "Link", "Picture", "picture"]

WIDTH, HEIGHT, GAP_X, GAP_Y, TOP = 140, 48, 42, 9, 30


@dataclass(frozen=True, slots=True)
class Box:
    node: str
    x: float
    y: float
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True, slots=True)
class Link:
    tail: str
    head: str
    path: str  # SVG path data


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with the place of its heading; ``band`` when it stands below the columns."""

    stage: str
    x: float
    y: float
    count: int
    band: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    width: float
    height: float
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    columns: tuple[Column, ...]
    line: float | None  # y of the line above the band


def picture(graph: Graph, stages: Sequence[str], band: Sequence[str] = (), *, most: int = 4) -> Picture:
    """Lay out the nodes that have a stage. ``stages`` from left to right; ``band`` stages stand in rows of ``most`` below."""
    columns = {stage: [key for key, node in graph.nodes.items() if node.stage == stage] for stage in (*stages, *band)}
    order = _ordered(graph, [columns[stage] for stage in stages])
    rows = max((len(column) for column in order), default=0)
    full = rows * (HEIGHT + GAP_Y) - GAP_Y if rows else 0
    boxes: dict[str, Box] = {}
    heads = []
    for at, (stage, column) in enumerate(zip(stages, order, strict=True)):
        x = at * (WIDTH + GAP_X)
        tall = len(column) * (HEIGHT + GAP_Y) - GAP_Y if column else 0
        heads.append(Column(stage, x, 12, len(column)))
        for row, key in enumerate(column):
            boxes[key] = Box(key, x, TOP + (full - tall) / 2 + row * (HEIGHT + GAP_Y))
    bottom, line = TOP + full, None
    wide = max(len(stages), most if any(columns[stage] for stage in band) else 0)
    for stage in band:
        if not columns[stage]:
            continue
        line = line if line is not None else bottom + 24
        heads.append(Column(stage, 0, bottom + 42, len(columns[stage]), band=True))
        per = max(wide, 1)
        for at, key in enumerate(columns[stage]):
            row, column_at = divmod(at, per)
            boxes[key] = Box(key, column_at * (WIDTH + GAP_X), bottom + 56 + row * (HEIGHT + GAP_Y))
        bottom = bottom + 56 + -(-len(columns[stage]) // per) * (HEIGHT + GAP_Y)
    links = [
        Link(edge.tail, edge.head, _path(boxes[edge.tail], boxes[edge.head]))
        for edge in graph.edges
        if graph.supply_edge(edge.tail, edge.head) is edge and edge.tail in boxes and edge.head in boxes
    ]
    width = wide * (WIDTH + GAP_X) - GAP_X if wide else 0
    return Picture(width, bottom + 4, tuple(boxes.values()), tuple(links), tuple(heads), line)


def _ordered(graph: Graph, columns: list[list[str]]) -> list[list[str]]:
    """Each column by the mean place of its neighbours in the one beside it, there and back (barycentre method)."""
    made = [list(column) for column in columns]
    for _round in range(3):
        for at in range(1, len(made)):
            made[at] = _by_mean(made[at], _places(made[:at]), graph.up)
        for at in range(len(made) - 2, -1, -1):
            made[at] = _by_mean(made[at], _places(made[at + 1 :]), graph.down)
    return made


def _places(columns: Sequence[Sequence[str]]) -> dict[str, float]:
    return {key: (row + 0.5) / len(column) for column in columns for row, key in enumerate(column)}


def _by_mean(column: list[str], place: Mapping[str, float], beside: Callable[[str], Sequence[str]]) -> list[str]:
    mean: dict[str, float] = {}
    for row, key in enumerate(column):
        known = [place[other] for other in beside(key) if other in place]
        mean[key] = sum(known) / len(known) if known else (row + 0.5) / len(column)
    return sorted(column, key=lambda key: mean[key])


def _path(tail: Box, head: Box) -> str:
    """From the right side of one box to the left of the other; between boxes of one column, around their left side."""
    y1, y2 = tail.y + tail.height / 2, head.y + head.height / 2
    if head.x > tail.x:
        x1, x2 = tail.x + tail.width, head.x
        mid = GAP_X / 2
        return f"M{x1:g} {y1:g}C{x1 + mid:g} {y1:g} {x2 - mid:g} {y2:g} {x2:g} {y2:g}"
    x1, x2 = tail.x, head.x + (head.width if head.x < tail.x else 0)
    bend = GAP_X / 2 - 8
    sign = 1 if head.x < tail.x else -1
    return f"M{x1:g} {y1:g}C{x1 - bend:g} {y1:g} {x2 + sign * bend:g} {y2:g} {x2:g} {y2:g}"
