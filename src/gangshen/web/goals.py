"""Targets over counts: an office that sets them registers how to find them, an office that counts shows them beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .hookpoints import HookPoint

__all__ = ["GOALS", "Goal", "goals"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A target that stands over a series, or that names itself by ``key``: what is to be reached, by when, set where."""

    key: str
    series: str
    words: str
    comparator: str
    low: Decimal
    high: Decimal | None
    unit: str
    deadline: dt.date | None
    url: str
    draft: bool = False


GOALS: HookPoint[Callable[[Any, Collection[str], Collection[str]], list[Goal]]] = HookPoint("targets over counts")
"""Each gives the goals with these keys or over these series that the user may see: (user, keys, series) -> goals."""


def goals(user: Any, keys: Collection[str] = (), series: Collection[str] = ()) -> list[Goal]:
    """Targets by their own key or by the key of their series, of whoever sets targets, by deadline."""
    found = [goal for ask in GOALS for goal in ask(user, keys, series)]
    return sorted(found, key=lambda one: (one.deadline or dt.date.max, one.key))
