"""Sections of GB/T 4754-2017: the letter and its divisions."""

from __future__ import annotations

__all__ = ["divisions_of"]

_SECTIONS = {
    "A": (1, 5),
    "B": (6, 12),
    "C": (13, 43),
    "D": (44, 46),
    "E": (47, 50),
    "F": (51, 52),
    "G": (53, 60),
    "H": (61, 62),
    "I": (63, 65),
    "J": (66, 69),
    "K": (70, 70),
    "L": (71, 72),
    "M": (73, 75),
    "N": (76, 79),
    "O": (80, 82),
    "P": (83, 83),
    "Q": (84, 85),
    "R": (86, 90),
    "S": (91, 96),
    "T": (97, 97),
}


def divisions_of(section: str) -> tuple[str, ...]:
    """The two-digit divisions of a section (C, manufacturing: 13 to 43); none for an unknown letter."""
    first, last = _SECTIONS.get(section, (1, 0))
    return tuple(f"{number:02d}" for number in range(first, last + 1))
