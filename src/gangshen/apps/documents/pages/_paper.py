"""The text with what was read marked in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from gangshen.apps.documents.models import Item

__all__ = ["Line", "Piece", "line_at", "paper", "pieces_of"]

_CLASSES = {Item.State.ACCEPTED: "sp-ok", Item.State.CORRECTED: "sp-ok", Item.State.DROPPED: ""}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under one item (the innermost where items overlap), a sentence nothing read, or neither."""

    text: str
    item: Item | None = None
    css: str = ""
    first: bool = False  # the item's number stands here
    id: str = ""
    hit: bool = False  # the words that a search or a reference points at


@dataclass(frozen=True, slots=True)
class Line:
    pieces: tuple[Piece, ...]
    start: int  # offset of its first character


def css_of(item: Item) -> str:
    """How an item is drawn: settled, to be seen, doubtful; dropped ones not at all."""
    return _CLASSES.get(Item.State(item.state), "sp-doubt" if item.doubts else "sp-todo")


def paper(
    text: str, items: Sequence[Item], unread: Iterable[tuple[int, int]], hit: tuple[int, int] | None = None
) -> list[Line]:
    """Lines of the text cut into pieces; every character stands in one piece. O(n log n) in items."""
    shown = sorted((item for item in items if css_of(item)), key=lambda item: (item.start, -item.end))
    misses = sorted(unread)
    spans = [(item.start, item.end) for item in shown] + misses + ([hit] if hit else [])
    cuts = sorted({0, len(text), *(min(max(edge, 0), len(text)) for pair in spans for edge in pair)})
    lines: list[Line] = []
    current: list[Piece] = []
    begin = at = 0
    seen: set[int] = set()
    serial: dict[int, int] = {}
    for start, end, item, missed in _runs(cuts, shown, misses):
        for index, part in enumerate(text[start:end].split("\n")):
            if index:
                lines.append(Line(tuple(current), begin))
                current = []
                at += 1
                begin = at
            at += len(part)
            if part:
                piece = _piece(part, item, missed, seen, serial)
                current.append(replace(piece, hit=True) if hit and hit[0] <= start and end <= hit[1] else piece)
    lines.append(Line(tuple(current), begin))
    return [line for line in lines if any(piece.text.strip() for piece in line.pieces)]


def _runs(
    cuts: Sequence[int], shown: Sequence[Item], misses: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, Item | None, bool]]:
    open_items: list[Item] = []
    at = miss = 0
    for start, end in pairwise(cuts):
        while at < len(shown) and shown[at].start <= start:
            open_items.append(shown[at])
            at += 1
        open_items = [item for item in open_items if item.end > start]
        while miss < len(misses) and misses[miss][1] <= start:
            miss += 1
        inner = min(open_items, key=lambda item: (item.end - item.start, -item.start), default=None)
        yield start, end, inner, inner is None and miss < len(misses) and misses[miss][0] <= start


def _piece(part: str, item: Item | None, missed: bool, seen: set[int], serial: dict[int, int]) -> Piece:
    if item is None:
        return Piece(part, css="sp-miss" if missed else "")
    first = item.pk not in seen
    seen.add(item.pk)
    serial[item.pk] = serial.get(item.pk, 0) + 1
    return Piece(part, item, css_of(item), first, f"sp-{item.pk}-{serial[item.pk]}")


def line_at(lines: Sequence[Line], at: int | None) -> Line | None:
    """The line an offset stands in."""
    return None if at is None else next((line for line in reversed(lines) if line.start <= at), None)


def pieces_of(lines: Iterable[Line], pk: int) -> list[Piece]:
    """The pieces of one item, to be drawn anew after a decision."""
    return [piece for line in lines for piece in line.pieces if piece.item is not None and piece.item.pk == pk]
