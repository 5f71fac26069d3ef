"""The law of a day, and a firm's amounts under all of it together: one figure for a pair, wherever it is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from gangshen.apps.policies.models import Policy, PolicyVersion
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import (
    Amounts,
    Benefit,
    Interval,
    Standing,
    rooms,
    standing_columns,
    standings,
)
from gangshen.engines.rules import Columns, Decision, Prepared, prepare

from ._before import Before, columns_before, granted_by_firm, sums_before
from ._editions import Edition, editions_in_force
from ._law import engine_version

__all__ = ["Law", "Together", "law_of"]

_Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Law:
    """The ``editions`` that apply on ``as_of``, by policy; ``others`` are what policies gave whose grants still count."""

    as_of: dt.date
    editions: Mapping[str, Edition]
    others: Mapping[str, Benefit]
    _prepared: dict[str, Prepared] = field(default_factory=dict)

    @property
    def benefits(self) -> dict[str, Benefit]:
        return {key: edition.rule.benefit for key, edition in self.editions.items()}

    @property
    def groups(self) -> dict[str, str | None]:
        return {key: benefit.exclusive for key, benefit in self.others.items()}

    def prepared(self, key: str) -> Prepared:
        """The rule of a policy, ready to be interpreted; made once."""
        if key not in self._prepared:
            self._prepared[key] = prepare(self.editions[key].rule.eligibility, registers.vocabulary())
        return self._prepared[key]

    def with_bases(self, keys: Iterable[str]) -> list[str]:
        """The policies ``keys`` and those in force that they top up."""
        found: dict[str, None] = {}
        for key in keys:
            at: str | None = key
            while at is not None and at in self.editions and at not in found:
                found[at] = None
                at = self.editions[at].rule.benefit.matches
        return list(found)

    def members(self, ceiling: str) -> set[str]:
        """The policies, in force or not, that share a ceiling."""
        every = {**self.others, **self.benefits}
        return {key for key, benefit in every.items() if ceiling in {one.name for one in benefit.ceilings}}

    def columns(
        self,
        decided: Mapping[str, _Codes],
        columns: Columns,
        ids: Sequence[str],
        *,
        only: Collection[str] | None = None,
        granted: Mapping[str, Sequence[Before]] | None = None,
    ) -> dict[str, Amounts]:
        """What each policy comes to for every firm, as :class:`Together` says it of one; ``decided`` by policy."""
        lines = granted_by_firm(self.as_of) if granted is None else granted
        before = columns_before(lines, {id: i for i, id in enumerate(ids)}, self.others, self.as_of.year)
        return standing_columns(
            self.benefits, decided, columns, self.as_of, granted=before, groups=self.groups, only=only
        )


def law_of(as_of: dt.date, *, editions: Sequence[Edition] | None = None) -> Law:
    """The law of a day; ``editions`` take the place of those in force under the same policies."""
    held = {edition.key: edition for edition in editions_in_force(as_of)}
    for edition in editions or ():
        held[edition.key] = edition
    return Law(as_of, dict(sorted(held.items())), _others(held))


def _others(held: Collection[str]) -> dict[str, Benefit]:
    """Of policies with grants that are not in force: what their latest text gives."""
    gone = Policy.objects.filter(grants__batch__undone_at=None, grants__isnull=False).exclude(key__in=held).distinct()
    versions = PolicyVersion.objects.filter(policy__in=gone).exclude(content="").select_related("policy")
    found = versions.order_by("policy__key", "valid_from", "pk")
    return {version.policy.key: engine_version(version).benefit for version in found}


@dataclass(frozen=True, slots=True)
class Together:
    """What bears on one firm's amounts: the ``law``, what was granted ``before``, and the firm's facts."""

    law: Law
    before: tuple[Before, ...]
    subject: Mapping[str, Any]

    @property
    def told(self) -> dict[str, str | None]:
        """Policies granted before, with their exclusive group."""
        groups = {key: benefit.exclusive for key, benefit in self.law.benefits.items()} | self.law.groups
        return {line.policy: groups.get(line.policy) for line in self.before}

    def standings(
        self, decisions: Mapping[str, Decision], only: Collection[str], subject: Mapping[str, Any] | None = None
    ) -> dict[str, Standing]:
        """What the policies ``only`` come to; ``subject`` where the firm's facts are taken as changed."""
        law = self.law
        return standings(
            law.benefits,
            decisions,
            self.subject if subject is None else subject,
            registers.vocabulary(),
            law.as_of,
            granted=sums_before(self.before, law.others, law.as_of.year),
            groups=law.groups,
            only=only,
        )

    def rooms(self) -> dict[str, Interval]:
        """What is left under each shared ceiling."""
        law = self.law
        granted = sums_before(self.before, law.others, law.as_of.year)
        return rooms(law.benefits, self.subject, registers.vocabulary(), law.as_of, granted=granted)
