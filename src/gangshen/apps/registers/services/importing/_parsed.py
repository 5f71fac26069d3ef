"""What comes of the rows of a file: statements, refusals, remarks, and what waits for a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from gangshen.engines.formats import Row, Text
from gangshen.engines.resolution import Resolution

__all__ = ["Denied", "Parsed", "Refusal"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """``file:line:field: message``; ``row`` is the whole row, for the quarantine file; ``place``: sheet and cell of a form."""

    file: str
    line: int
    field: str
    message: Text
    row: Row
    place: str = ""

    def __str__(self) -> str:
        words = self.message.in_language(get_language() or "zh-hans")
        return ":".join(part for part in (self.file, self.place or str(self.line), self.field) if part) + f": {words}"


@dataclass(frozen=True, slots=True)
class Denied:
    """A firm of which ``row`` says, as of ``day`` and under ``header``, that it has not the title ``kind``."""

    subject: str
    kind: str
    day: dt.date
    header: str
    row: Row


@dataclass(slots=True)
class Parsed:
    """``rows`` as ``stage`` takes them; ``refused`` by row, each with all its faults; code states counted. ``doubtful`` rows
    are refused too, and wait for a person to say whom they mean. ``remarks``: cells that come in, and how they were read.
    ``denied``: cells that say no of a title, of which nothing is kept; ``against``: those of them whom the register
    contradicts, which are among the remarks too."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    doubtful: list[tuple[Resolution, dict[str, Any]]] = field(default_factory=list)
    remarks: list[Refusal] = field(default_factory=list)
    denied: list[Denied] = field(default_factory=list)
    against: list[Refusal] = field(default_factory=list)

    @property
    def refused_rows(self) -> int:
        return len({one.line for one in self.refused})
