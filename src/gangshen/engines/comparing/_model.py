"""What a comparison is made of; offsets are code points of the text they belong to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

__all__ = ["KINDS", "Change", "ChangeKind", "Comparison", "Figure", "FigureChange", "Part", "Passage"]

ChangeKind = Literal["number", "added", "removed", "moved", "reworded"]
KINDS: tuple[ChangeKind, ...] = ("number", "added", "removed", "moved", "reworded")


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence: ``text[start:end] == quote``; ``place`` holds the headings and numbers above it, outermost first."""

    start: int
    end: int
    quote: str
    place: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity or date of a passage as printed: ``text[start:end] == quote``."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure that became another, appeared (``old`` is None) or went (``new`` is None)."""

    old: Figure | None
    new: Figure | None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a passage; ``changed`` when the other version has other words there."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One passage that is not as it was. ``likeness`` is the share of common words, 0 to 1."""

    kind: ChangeKind
    old: Passage | None
    new: Passage | None
    figures: tuple[FigureChange, ...] = ()
    moved: bool = False
    likeness: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes: figures first, then added, removed, moved and reworded, each in the order of the text.

    ``same`` counts passages that stand unchanged in their place.
    """

    changes: tuple[Change, ...]
    same: int

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """Changes by kind, every kind present."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in KINDS}
