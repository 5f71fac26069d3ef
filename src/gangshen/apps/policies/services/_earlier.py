"""For a trial: what was granted before under its policy, and the grant that it tops up, for every enterprise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gangshen.apps.policies.models import Policy
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.benefits import Amounts, Granted, standing_columns
from gangshen.engines.rules import Columns, compile_rules

from ._before import columns_before, granted_by_firm
from ._law import engine_version
from ._together import Law, law_of

__all__ = ["Beside", "Earlier", "beside"]

_Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Of a policy: the ``firms`` that were granted ``ever`` fen under it, ``in_year`` of it in ``year``; ``spared`` is what
    a text would cost more at most, had nothing been granted before."""

    year: int
    firms: int
    in_year: int
    ever: int
    spared: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What bears on the amounts of every text of ``policy`` that is tried."""

    policy: str
    law: Law
    year: int  # the one that is paid for; ceilings of a year begin anew in the next
    granted: Mapping[str, Granted[npt.NDArray[np.int64]]]
    decided: Mapping[str, _Codes]  # of the policies that others top up

    def paid(self, edition: benefits.PolicyVersion, codes: _Codes, columns: Columns) -> Amounts:
        """What ``edition`` pays every enterprise, decided by ``codes``, beside all that was granted before."""
        given = {**self.law.benefits, self.policy: edition.benefit}
        decided = {**self.decided, self.policy: codes}
        found = standing_columns(
            given,
            decided,
            columns,
            self.law.as_of,
            granted=self.granted,
            groups=self.law.groups,
            only=[self.policy],
        )
        return found[self.policy]

    def without(self) -> Beside:
        """The same, had nothing been granted."""
        return replace(self, granted={})

    def earlier(self, spared: int) -> Earlier | None:
        """What was granted under the policy; None where nothing was that counts."""
        own = self.granted.get(self.policy)
        if own is None:
            return Earlier(self.year, 0, 0, 0, spared) if spared > 0 else None
        return Earlier(self.year, int((own.ever > 0).sum()), int(own.year.sum()), int(own.ever.sum()), spared)


def beside(policy: Policy, as_of: dt.date, year: int, columns: Columns, at: Mapping[str, int]) -> Beside:
    """For texts of ``policy`` that pay in ``year``; ``at`` says in which row of ``columns`` each enterprise stands."""
    law = law_of(as_of)
    others = {key: benefit for key, benefit in law.others.items() if key != policy.key}
    law = replace(law, others=others)
    named = {edition.rule.benefit.matches for edition in law.editions.values()}
    named |= {engine_version(one).benefit.matches for one in policy.versions.exclude(content="")}
    bases = [key for key in law.with_bases(name for name in named if name) if key != policy.key]
    decided: dict[str, _Codes] = {}
    if bases:
        rules = {key: law.editions[key].rule.eligibility for key in bases}
        matrix = compile_rules(rules, registers.vocabulary()).evaluate(columns, as_of, distances=False)
        decided = dict(zip(matrix.rules, matrix.decisions, strict=True))
    granted = columns_before(granted_by_firm(as_of), at, others, year)
    return Beside(policy.key, law, year, granted, decided)
