"""What an app says on the morning page: its clause of the sentence, its figure, what is to be done, its card.

An app registers one :class:`Morning` under its name in ``hooks.py``; the console puts them together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from .components import Measure
from .hookpoints import HookPoint

__all__ = ["MORNING", "Clause", "Morning", "Todo", "remembered"]


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the day's sentence: words with ``%(figure)s`` where the figure stands, and where the figure opens."""

    words: Any
    figure: Any
    url: str
    state: str = "bad"  # how urgent: bad and near come into the sentence, ok does not
    source: str = ""  # in words, for the brief


@dataclass(frozen=True, slots=True)
class Todo:
    """A row of 先办这些: when, what, of which kind, whose, on what ground, and where it is done."""

    title: Any
    url: str
    kind: Any
    state: str
    clock: Any
    due: dt.date | None = None
    owner: Any = ""
    evidence: str = ""
    evidence_label: Any = ""
    action: Any = ""
    marks: tuple[str, ...] = ()
    panel: bool = False  # does url answer htmx with a panel?
    mine: bool = False
    key: str = ""  # two todos about the same thing share it; the first stays


T = TypeVar("T")


def remembered(work: Callable[[Any, dt.date], T]) -> Callable[[Any, dt.date], T]:
    """What several parts of one page ask for is worked out once: kept on the user object, which lives for a request."""
    name = f"_morning_{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def once(user: Any, today: dt.date) -> T:
        held: dict[str, T] = user.__dict__
        if name not in held:
            held[name] = work(user, today)
        return held[name]

    return once


def _nothing(user: Any, today: dt.date) -> Sequence[Any]:
    return ()


def _no_context(user: Any, today: dt.date) -> dict[str, Any] | None:
    return None


@dataclass(frozen=True, slots=True)
class Morning:
    """One app's part. ``card`` is the context of ``template``, None for no card today."""

    clauses: Callable[[Any, dt.date], Sequence[Clause]] = _nothing
    measures: Callable[[Any, dt.date], Sequence[Measure]] = _nothing
    todos: Callable[[Any, dt.date], Sequence[Todo]] = _nothing
    template: str = ""
    card: Callable[[Any, dt.date], dict[str, Any] | None] = _no_context
    next_date: Callable[[Any, dt.date], dt.date | None] = lambda user, today: None


MORNING: HookPoint[Morning] = HookPoint("morning page")
