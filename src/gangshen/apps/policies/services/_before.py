"""What firms were granted before, as amounts and exclusions read it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from django.db.models import Q, QuerySet

from gangshen.apps.policies.models import Grant
from gangshen.engines.benefits import Benefit, Granted

__all__ = [
    "Before",
    "columns_before",
    "granted_by_firm",
    "granted_digest",
    "granted_this_year",
    "granted_to",
    "live_grants",
    "sums_before",
]


@dataclass(frozen=True, slots=True)
class Before:
    """One line of the register: ``fen`` granted under ``policy`` (its key) on a day, as the source says."""

    pk: int
    policy: str
    edition: str
    period: str
    fen: int
    on: dt.date
    source: str

    @property
    def ref(self) -> str:
        return f"grant:{self.pk}"


def live_grants() -> QuerySet[Grant]:
    """What counts: every line of a batch that was not undone."""
    return Grant.objects.filter(batch__undone_at=None)


def granted_to(firm: str, as_of: dt.date, *, known_at: dt.datetime | None = None) -> tuple[Before, ...]:
    """What one firm was granted by ``as_of``, the earliest first; ``known_at`` as it was counted then."""
    rows = live_grants().filter(firm__key=firm, granted_on__lte=as_of)
    if known_at is not None:  # whether or not it was undone since
        then = Q(batch__undone_at=None) | Q(batch__undone_at__gt=known_at)
        rows = Grant.objects.filter(then, firm__key=firm, granted_on__lte=as_of, batch__at__lte=known_at)
    return _lines(rows).get(firm, ())


def granted_by_firm(as_of: dt.date) -> dict[str, tuple[Before, ...]]:
    """Firm → what it was granted by ``as_of``, in one query."""
    return _lines(live_grants().filter(granted_on__lte=as_of))


def _lines(rows: QuerySet[Grant]) -> dict[str, tuple[Before, ...]]:
    held: dict[str, list[Before]] = {}
    told = rows.order_by("granted_on", "pk")
    for firm, *line in told.values_list(
        "firm__key", "pk", "policy__key", "edition", "period", "fen", "granted_on", "source"
    ):
        held.setdefault(firm, []).append(Before(*line))
    return {firm: tuple(lines) for firm, lines in held.items()}


def sums_before(lines: Iterable[Before], others: Mapping[str, Benefit], year: int) -> dict[str, Granted[int]]:
    """The sums of ``year`` and of all time, by policy; those of ``others`` (no longer in force) also under
    the ceilings that they shared."""
    found: dict[str, Granted[int]] = {}
    for line in lines:
        shared = [ceiling.name for ceiling in others[line.policy].ceilings] if line.policy in others else []
        for name in (line.policy, *shared):
            was = found.get(name, Granted(0, 0))
            this_year = line.fen if line.on.year == year else 0
            found[name] = Granted(was.year + this_year, was.ever + line.fen)
    return found


def columns_before(
    by_firm: Mapping[str, Iterable[Before]], at: Mapping[str, int], others: Mapping[str, Benefit], year: int
) -> dict[str, Granted[np.ndarray[tuple[int], np.dtype[np.int64]]]]:
    """The same as columns; ``at`` says in which row each firm stands, and one that stands in none is left out."""
    found: dict[str, Granted[np.ndarray[tuple[int], np.dtype[np.int64]]]] = {}
    for firm, lines in by_firm.items():
        if firm not in at:
            continue
        for name, sums in sums_before(lines, others, year).items():
            if name not in found:
                found[name] = Granted(*(np.zeros(len(at), dtype=np.int64) for _ in range(2)))
            found[name].year[at[firm]], found[name].ever[at[firm]] = sums.year, sums.ever
    return found


def granted_this_year(as_of: dt.date) -> dict[str, int]:
    """Policy → fen granted in the year of ``as_of`` by that day."""
    found: dict[str, int] = {}
    rows = live_grants().filter(granted_on__lte=as_of, granted_on__year=as_of.year)
    for policy, fen in rows.values_list("policy__key", "fen"):
        found[policy] = found.get(policy, 0) + fen
    return found


def granted_digest() -> str:
    """Names what counts; a match that rests on other grants is another match. "" where nothing was granted."""
    rows = live_grants().order_by("pk").values_list("firm_id", "policy_id", "fen", "granted_on")
    told = "\n".join(map(str, rows))
    return hashlib.sha256(told.encode()).hexdigest() if told else ""
