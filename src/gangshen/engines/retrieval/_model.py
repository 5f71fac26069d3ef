"""What is put in and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Entry", "EntryError", "Fragment", "Hit", "Hits", "IndexLocked", "IndexUnusable", "RetrievalError"]


class RetrievalError(Exception):
    """Base of what can go wrong with an index."""


class IndexLocked(RetrievalError):
    """Another process is writing to the index: wait for it, one writer at a time."""


class IndexUnusable(RetrievalError):
    """The folder holds no index this version can read: build it anew."""


class EntryError(ValueError):
    """An entry that cannot be indexed; the message names the field."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be found.

    ``id`` is unique over all kinds (``enterprise:17``). ``names`` are further names it is known by; short forms of a
    company's name are derived from the title. ``audience`` lists the groups that may see it: an entry without any is
    found by nobody but a caller who asks without audiences. ``boost``, 1 to 16, multiplies the score. ``extra`` comes back
    with the hit and must be JSON.
    """

    id: str
    kind: str
    title: str
    body: str = ""
    url: str = ""
    audience: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    boost: float = 1.0
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("id", "kind"):
            if not getattr(self, name):
                raise EntryError(f"{name} is empty; every entry needs one")
        if not 1 <= self.boost <= 16:
            raise EntryError(f"boost {self.boost:g} of {self.id} is outside 1 to 16")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text with the matched stretches as (start, end) in code points; never HTML."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    id: str
    kind: str
    title: Fragment
    fragment: Fragment | None  # of the body; None where the body is empty
    url: str
    score: float
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hits:
    """``items`` best first, of ``total``; ``counts`` by kind over all of them, whatever kinds were asked for.

    ``relaxed``: nothing held every part of the query, so entries that hold some of it are shown.
    """

    query: str
    items: tuple[Hit, ...] = ()
    total: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    relaxed: bool = False

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)
