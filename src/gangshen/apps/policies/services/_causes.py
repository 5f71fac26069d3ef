"""Of a trial: by which of the numbers that moved a firm enters or leaves, and which conditions leave it open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.rules import Clause, clauses, compile_rules
from gangshen.web.formatting import label

from ._moves import Move
from ._trial import UNKNOWN, YES, Ground, Trial

__all__ = ["Causes", "causes", "clause_words"]

_Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Causes:
    """Asked row by row; ``before`` and ``after`` hold each clause's answers, by its id."""

    trial: Trial
    before: Mapping[str, _Codes]
    after: Mapping[str, _Codes]
    clauses: Mapping[str, Clause]

    def moves_of(self, at: int) -> tuple[Move, ...]:
        """The moves that decide for the firm in row ``at``: those that do it alone, else all whose answer changed."""
        trial = self.trial
        gets = trial.after.decisions[at] == YES
        alone = [one for one in trial.moves if (trial.shifts[one.key][at] == YES) == gets]
        return tuple(alone or [one for one in trial.moves if self._turned(one, at)])

    def _turned(self, move: Move, at: int) -> bool:
        key = move.key if move.key in self.clauses else move.key.partition(".")[0]
        old, new = self.before.get(key), self.after.get(key)
        if old is None or new is None:
            return (old is not None or new is not None) and key in self.clauses
        return bool(old[at] != new[at])

    def words(self, at: int) -> str:
        """What decides for the firm in row ``at``, in words: the moves, or the open conditions of an unknown."""
        if self.trial.after.decisions[at] == UNKNOWN and self.trial.before.decisions[at] != YES:
            return self.open(at)
        found = self.moves_of(at)
        alone = any((self.trial.shifts[one.key][at] == YES) == (self.trial.after.decisions[at] == YES) for one in found)
        joined = (_(" or ") if alone else _(" and ")).join(one.line for one in found)
        if self.trial.after.decisions[at] == UNKNOWN:  # it got it, now nobody can tell
            return _("; ").join(filter(None, (joined, _("open: %(what)s") % {"what": self.open(at)})))
        return joined

    def open(self, at: int) -> str:
        """The conditions nobody can answer for the firm in row ``at``."""
        named = [clause_words(self.clauses[id]) for id, codes in self.after.items() if codes[at] == UNKNOWN]
        return _(", ").join(dict.fromkeys(named))


def causes(found: Trial) -> Causes:
    """Work out every clause of both texts once; rows are asked afterwards."""
    before, after = found.before.edition, found.after.edition
    every = {one.id: one for each in (before, after) for one in clauses(each.eligibility)}
    return Causes(found, _answers(before, found.ground), _answers(after, found.ground), every)


def _answers(edition: benefits.PolicyVersion, over: Ground) -> dict[str, _Codes]:
    batch = compile_rules({"rule": edition.eligibility}, registers.vocabulary())
    return {one.id: batch.clause(over.columns, over.as_of, "rule", one.id) for one in clauses(edition.eligibility)}


def clause_words(clause: Clause) -> str:
    """A clause by its short name: its label, else its attribute's, else its words in the text."""
    known = registers.any_attribute(clause.attribute)
    name = label(known.label) if known else ""
    return clause.label or name or clause.quote
