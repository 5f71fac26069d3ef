"""Comparing: two versions of a text clause by clause, and places of one found again in the other.

``compare`` cuts both texts into passages (sentences with the headings above them), pairs them, and says of each
what changed: its figures, its words, its place, or that it is new or gone. ``Anchors`` finds the span of one
version in the other as long as its words still stand.
"""

from ._anchors import Anchors
from ._compare import compare
from ._model import KINDS, Change, ChangeKind, Comparison, Figure, FigureChange, Part, Passage
from ._shape import to_dict
from ._words import parts

__all__ = [
    "KINDS",
    "Anchors",
    "Change",
    "ChangeKind",
    "Comparison",
    "Figure",
    "FigureChange",
    "Part",
    "Passage",
    "compare",
    "parts",
    "to_dict",
]
