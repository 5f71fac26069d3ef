"""The answer for one subject, with every clause that led to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ._model import Clause, Decision, Reason

__all__ = ["Verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One node of an explanation.

    ``kind`` is all, any, none, at_least or clause; ``distance`` the fewest clauses that would have to change or be
    answered for a yes, 255 where a firm cannot get there. Of a clause: the ``value`` read, the ``threshold`` in stored
    units, why it is unknown (``reason``), where the value came from (``sources``, several
    references where it was worked out) and its date.
    """

    decision: Decision
    kind: str
    distance: int
    children: tuple[Verdict, ...] = ()
    needed: int | None = None  # k of at_least
    clause: Clause | None = None
    value: Any = None
    threshold: Any = None
    reason: Reason | None = None
    sources: tuple[str, ...] = ()
    dated: dt.date | None = None

    @property
    def source(self) -> str | None:
        """The first reference behind the value."""
        return self.sources[0] if self.sources else None

    @property
    def quote(self) -> str:
        return self.clause.quote if self.clause else ""

    def clauses(self) -> Iterator[Verdict]:
        """Every clause, in the order of the rule."""
        if self.clause is not None:
            yield self
        for child in self.children:
            yield from child.clauses()

    def deciding(self) -> list[Verdict]:
        """The clauses that made the answer: for a no the fewest that fail, for an unknown the fewest to settle, for a
        yes those it rests on."""
        return _deciding(self, self.decision)


_TURNED = {Decision.YES: Decision.NO, Decision.NO: Decision.YES, Decision.UNKNOWN: Decision.UNKNOWN}


def _deciding(verdict: Verdict, want: Decision) -> list[Verdict]:
    """The smallest set of clauses that hold ``verdict`` at its decision ``want``."""
    if verdict.clause is not None:
        return [verdict]
    below = _TURNED[want] if verdict.kind == "none" else want
    parts = sorted((_deciding(child, below) for child in verdict.children if child.decision is below), key=len)
    if want is Decision.UNKNOWN:
        needed = len(parts)  # all that is open
        if verdict.kind == "any":
            needed = 1  # one answer may settle it
        elif verdict.kind == "at_least":
            yes = sum(child.decision is Decision.YES for child in verdict.children)
            needed = (verdict.needed or 0) - yes
    elif verdict.kind == "at_least":
        k, n = verdict.needed or 0, len(verdict.children)
        needed = k if want is Decision.YES else n - k + 1
    else:
        every = verdict.kind == "all" if want is Decision.YES else verdict.kind == "any"
        every = want is Decision.YES if verdict.kind == "none" else every
        needed = len(verdict.children) if every else 1
    chosen = parts[:needed]
    order = [leaf for child in verdict.children for leaf in child.clauses()]
    flat = [leaf for part in chosen for leaf in part]
    return [leaf for leaf in order if any(leaf is one for one in flat)]
