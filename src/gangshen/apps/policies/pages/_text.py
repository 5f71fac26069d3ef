"""The passages of a document that a rule rests on, cut where its words stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Paragraph", "Piece", "passages"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; ``clause`` is the condition (or ``benefit``) whose words it is, "" for none."""

    text: str
    clause: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    start: int
    pieces: tuple[Piece, ...]


def passages(text: str, spans: Iterable[tuple[int, int, str]]) -> list[Paragraph]:
    """Those paragraphs of ``text`` in which a span (start, end, clause) stands, each cut into pieces.

    Where spans overlap the shorter one is shown. Spans outside the text are left out.
    """
    held = sorted((start, end, clause) for start, end, clause in spans if 0 <= start < end <= len(text))
    found: list[Paragraph] = []
    seen: set[str] = set()
    at = 0
    for line in text.split("\n"):
        stop = at + len(line)
        mine = [one for one in held if one[0] < stop and one[1] > at]
        if mine:
            found.append(Paragraph(at, _cut(text, at, stop, mine, seen)))
        at = stop + 1
    return found


def _cut(text: str, at: int, stop: int, spans: list[tuple[int, int, str]], seen: set[str]) -> tuple[Piece, ...]:
    cuts = sorted({at, stop, *(min(max(edge, at), stop) for one in spans for edge in one[:2])})
    pieces = []
    for start, end in pairwise(cuts):
        over = [one for one in spans if one[0] <= start and one[1] >= end]
        clause = min(over, key=lambda one: one[1] - one[0])[2] if over else ""
        pieces.append(Piece(text[start:end], clause, bool(clause) and clause not in seen))
        seen.add(clause)
    return tuple(pieces)
