"""GB/T 4754: sections and their divisions, and the names of all codes of an edition."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

__all__ = [
    "EDITIONS",
    "OLDER",
    "Industry",
    "divisions_of",
    "industries",
    "industry_named",
    "industry_path",
    "older",
    "successors",
]

EDITIONS = ("2017",)
OLDER = ("2011",)
"""Editions whose codes are converted, where that is certain."""
Level = Literal["section", "division", "group", "class"]
_LEVELS: dict[int, Level] = {1: "section", 2: "division", 3: "group", 4: "class"}
_CODE = re.compile(r"[A-T]?(\d{2,4})|([A-T])")

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


@dataclass(frozen=True, slots=True)
class Industry:
    """One code of an edition and what it is called."""

    code: str
    name: str

    @property
    def level(self) -> Level:
        return "section" if self.code.isalpha() else _LEVELS[len(self.code)]


@lru_cache(maxsize=4)
def industries(edition: str = "2017") -> dict[str, Industry]:
    """Every code of an edition, in its order; KeyError for an edition that is not here."""
    if edition not in EDITIONS:
        raise KeyError(f"no edition {edition!r} of GB/T 4754; there are {', '.join(EDITIONS)}")
    text = files(__package__).joinpath(f"data/gbt4754-{edition}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["code"]: Industry(row["code"], row["name"]) for row in rows}


@lru_cache(maxsize=1)
def industry_named() -> dict[str, str]:
    """Name → code of those names that mean one thing; of a group and its only class of the same name the group."""
    codes: dict[str, list[str]] = {}
    for one in industries().values():
        codes.setdefault(one.name, []).append(one.code)
    return {name: said[0] for name, said in codes.items() if all(code.startswith(said[0]) for code in said)}


def industry_path(code: str, edition: str = "2017") -> tuple[Industry, ...]:
    """What ``code`` (``3491``, ``C3491``, ``C34``) lies under: section, division, group, class as far as it is known.

    >>> [one.code for one in industry_path("C3491")]
    ['C', '34', '349', '3491']
    """
    found = _CODE.fullmatch(code.strip())
    known = industries(edition)
    if found is None:
        return ()
    if found[2]:
        return (known[found[2]],)
    digits = found[1]
    section = next((letter for letter, (first, last) in _SECTIONS.items() if first <= int(digits[:2]) <= last), "")
    wanted = [section, *(digits[:size] for size in (2, 3, 4) if size <= len(digits))]
    return tuple(known[one] for one in wanted if one in known)


@lru_cache(maxsize=4)
def _moved(edition: str) -> dict[str, tuple[Industry, tuple[str, ...]]]:
    """Code of an older edition → what it was called there, and the codes that have its activity now."""
    text = files(__package__).joinpath(f"data/gbt4754-{edition}-to-2017.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["code"]: (Industry(row["code"], row["name"]), tuple(row["to"].split())) for row in rows}


def older(code: str, edition: str = "2011") -> Industry | None:
    """What a code meant in an older edition; None for one that it hasn't."""
    found = _moved(edition).get(code)
    return found[0] if found else None


def successors(code: str, edition: str = "2011") -> tuple[str, ...]:
    """The codes of 2017 that a code of ``edition`` may be: one, several where it was divided, none where it isn't certain.

    Sections and divisions are all known, classes and groups where both editions name them alike or they were compared
    by hand. KeyError for an edition that is not here.

    >>> successors("3963"), successors("C3610"), successors("83"), successors("3429")
    (('3973',), ('3611', '3612'), ('84',), ())
    """
    if edition not in OLDER:
        raise KeyError(f"no edition {edition!r} to convert from; there are {', '.join(OLDER)}")
    found = _CODE.fullmatch(code.strip())
    if found is None:
        return ()
    moved = _moved(edition).get(found[1] or found[2])
    return moved[1] if moved else ()
