"""The next question worth asking: what is unknown, and how much money waits for the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ._model import Decision, Reason
from ._verdict import Verdict

__all__ = ["Question", "questions"]

_ASKABLE = frozenset({Reason.MISSING, Reason.STALE, Reason.WITHHELD})


@dataclass(frozen=True, slots=True)
class Question:
    """Ask for ``attribute`` (of ``period``): it is ``reason`` for ``policies`` worth up to ``amount_fen`` together.

    ``weight`` ranks: the money of each policy divided by all it still waits for.
    """

    attribute: str
    period: str | None
    reason: Reason
    amount_fen: int
    weight: float
    policies: tuple[str, ...]


def questions(undecided: Iterable[tuple[str, Verdict, int]]) -> list[Question]:
    """Questions over several policies, the most valuable first.

    Takes (policy, its verdict, the most it would pay in fen); verdicts that are no unknown are passed over.
    """
    found: dict[tuple[str, str | None], Question] = {}
    for policy, verdict, fen in undecided:
        if verdict.decision is not Decision.UNKNOWN:
            continue
        open_ = list(_open(verdict))
        asked = {(id, period): reason for id, period, reason in filter(None, map(_asked, open_))}
        left = len(asked) + sum(_asked(leaf) is None for leaf in open_)
        for (id, period), reason in asked.items():
            old = found.get((id, period), Question(id, period, reason, 0, 0.0, ()))
            found[id, period] = Question(
                id, period, old.reason, old.amount_fen + fen, old.weight + fen / left, (*old.policies, policy)
            )
    return sorted(found.values(), key=lambda q: (-q.weight, -len(q.policies), q.attribute, q.period or ""))


def _asked(leaf: Verdict) -> tuple[str, str | None, Reason] | None:
    """What to ask for; None where no answer of the firm settles it (a judgement, words nobody translated)."""
    if leaf.clause is None or leaf.clause.attribute is None or leaf.reason not in _ASKABLE or leaf.reason is None:
        return None
    return leaf.clause.attribute, leaf.clause.period, leaf.reason


def _open(verdict: Verdict) -> Iterator[Verdict]:
    """The unknown clauses whose answer can still matter: those with nothing decided above them."""
    if verdict.decision is not Decision.UNKNOWN:
        return
    if verdict.clause is not None:
        yield verdict
    for child in verdict.children:
        yield from _open(child)
