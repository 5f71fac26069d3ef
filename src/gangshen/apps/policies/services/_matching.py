"""Who gets what, why, how much, and what one change would win: one enterprise explained, or all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy

from gangshen.apps.identity.models import Organisation
from gangshen.apps.policies.models import Policy
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import Interval, Standing
from gangshen.engines.rules import (
    Decision,
    Fact,
    Nearest,
    Question,
    Verdict,
    interpret,
    nearest,
    questions,
    subject_of,
)
from gangshen.engines.vocabulary import Vocabulary
from gangshen.web.errors import Refused

from ._because import because
from ._before import Before, granted_by_firm, granted_to
from ._editions import Edition, edition_at
from ._together import Law, Together, law_of

__all__ = [
    "STATES",
    "Match",
    "all_matches",
    "as_row",
    "decide",
    "explain",
    "match",
    "matches",
    "matches_of",
    "questions_for",
    "subject",
    "subject_then",
]

STATES = {
    "ok": gettext_lazy("Gets it"),
    "near": gettext_lazy("Near"),
    "unk": gettext_lazy("Unknown"),
    "na": gettext_lazy("Nothing now"),
    "bad": gettext_lazy("Not met"),
}
"""How a match stands, in the order of every list."""


@dataclass(frozen=True, slots=True)
class Match:
    """One enterprise and one policy: the verdict with every clause, the amount if it is (or may be) entitled."""

    enterprise: str
    edition: Edition
    verdict: Verdict
    amount: Interval | None  # what it pays if entitled; None where nobody can compute it, or the answer is no
    together: Together  # the law and the grants it was worked out beside
    standing: Standing | None = None  # why the amount (of a no: that of the nearest change) is what it is
    nearest: Nearest | None = None  # of a no: the lightest change that leads out of it
    nearest_amount: Interval | None = None

    @property
    def decision(self) -> Decision:
        return self.verdict.decision

    @property
    def near(self) -> bool:
        return self.nearest is not None

    @property
    def spent(self) -> bool:
        """Is it entitled, and nothing is to be had now: granted already, ruled out, or waiting for another grant?"""
        told = self.standing
        if self.decision is not Decision.YES or told is None or self.amount is None or self.amount.high:
            return False
        return bool(told.less or told.ruled_out or told.unmatched or told.ceiling)

    @property
    def state(self) -> str:
        """How it stands (a key of ``STATES``); na is a yes that pays nothing beside earlier grants."""
        if self.decision is Decision.YES:
            return "na" if self.spent else "ok"
        if self.decision is Decision.UNKNOWN:
            return "unk"
        return "near" if self.close else "bad"

    @property
    def close(self) -> bool:
        """Is one change of one condition all that a no lacks?"""
        return self.near and self.verdict.distance == 1

    @property
    def questions(self) -> list[Question]:
        """What would settle an unknown, the most valuable first."""
        most = self.amount.high if self.amount else 0
        return questions([(self.edition.key, self.verdict, most)])


def subject(enterprise: str, as_of: dt.date, *, known_at: dt.datetime | None = None) -> dict[str, Fact]:
    """All that is believed of one enterprise on ``as_of``, as the rules read it; ``known_at`` leaves later records out."""
    found: dict[str, Fact] = {}
    for name, fact in registers.facts(enterprise, as_of, known_at=known_at, periods=True).items():
        source = f"rec:{fact.record_id}#{name.partition('@')[0]}" if fact.record_id else None
        found[name] = Fact(fact.value, source, fact.as_of, stale=fact.stale)
    return found


def explain(
    edition: Edition,
    enterprise: str,
    facts: Mapping[str, Any],
    as_of: dt.date,
    *,
    granted: Sequence[Before] = (),
    law: Law | None = None,
) -> Match:
    """Decide one pair and say why; for a no also what would change it.

    The amount is what the policy comes to beside all that was ``granted`` before, under the ``law`` of the day (with
    ``edition`` in it).
    """
    law = law or law_of(as_of, editions=[edition])
    (found,) = decide(law, enterprise, facts, granted, [edition.key])
    return found


def decide(
    law: Law, enterprise: str, facts: Mapping[str, Any], granted: Sequence[Before], keys: Collection[str] | None = None
) -> list[Match]:
    """One enterprise against the policies ``keys`` (all in force), in the order of the law."""
    words = registers.vocabulary()
    wanted = [key for key in law.editions if keys is None or key in keys]
    verdicts = {key: interpret(law.prepared(key), facts, words, law.as_of) for key in law.with_bases(wanted)}
    decisions = {key: verdict.decision for key, verdict in verdicts.items()}
    together = Together(law, tuple(granted), facts)
    stand = together.standings(decisions, wanted)
    found = []
    for key in wanted:
        edition, verdict = law.editions[key], verdicts[key]
        if verdict.decision is not Decision.NO:
            found.append(Match(enterprise, edition, verdict, stand[key].amount, together, stand[key]))
            continue
        way = nearest(law.prepared(key), facts, words, law.as_of, verdict=verdict)
        won = None
        if way is not None:
            won = together.standings(decisions | {key: way.decision}, [key], way.subject)[key]
        found.append(Match(enterprise, edition, verdict, None, together, won, way, won.amount if won else None))
    return found


def matches(enterprise: str, as_of: dt.date, *, known_at: dt.datetime | None = None) -> list[Match]:
    """One enterprise against every policy in force, by policy key."""
    facts = subject(enterprise, as_of, known_at=known_at)
    return decide(law_of(as_of), enterprise, facts, granted_to(enterprise, as_of, known_at=known_at))


def match(policy: Policy, enterprise: str, as_of: dt.date, *, known_at: dt.datetime | None = None) -> Match:
    """One decision as of a day; with ``known_at`` on the ground it stood on then: the same answer again."""
    edition = edition_at(policy, as_of)
    if edition is None:
        raise Refused(f"{policy.key} was not in force on {as_of}.", "Choose another date.")
    granted = granted_to(enterprise, as_of, known_at=known_at)
    return explain(edition, enterprise, subject(enterprise, as_of, known_at=known_at), as_of, granted=granted)


def questions_for(found: Sequence[Match]) -> list[Question]:
    """What to ask this enterprise next, over all its open policies."""
    return questions([(m.edition.key, m.verdict, m.amount.high if m.amount else 0) for m in found])


def all_matches(as_of: dt.date, editions: Sequence[Edition] | None = None) -> Iterator[Match]:
    """Every enterprise against every policy in force (or these ``editions``), from the snapshot, by enterprise and policy."""
    law, words, granted = law_of(as_of, editions=editions), registers.vocabulary(), granted_by_firm(as_of)
    keys = None if editions is None else [edition.key for edition in editions]
    taken = registers.snapshot(as_of=as_of)
    for row, sources in zip(_rows(taken.frame.sort("id")), _rows(taken.records.sort("id")), strict=True):
        facts = subject_of(row, _sources(sources, words))
        yield from decide(law, row["id"], facts, granted.get(row["id"], ()), keys)


def matches_of(edition: Edition, as_of: dt.date, enterprises: Collection[str]) -> list[Match]:
    """These enterprises against one edition, from the snapshot, by enterprise."""
    law, words, granted = law_of(as_of, editions=[edition]), registers.vocabulary(), granted_by_firm(as_of)
    taken = registers.snapshot(as_of=as_of)
    chosen = [frame.filter(pl.col("id").is_in(list(enterprises))).sort("id") for frame in (taken.frame, taken.records)]
    found = []
    for row, sources in zip(_rows(chosen[0]), _rows(chosen[1]), strict=True):
        facts = subject_of(row, _sources(sources, words))
        found += decide(law, row["id"], facts, granted.get(row["id"], ()), [edition.key])
    return found


def subject_then(enterprise: str, as_of: dt.date, digest: str, known_at: dt.datetime | None) -> dict[str, Fact]:
    """What a match read of one enterprise: from its snapshot while that is kept, else from what was recorded by then."""
    kept = registers.snapshot_kept(digest, "enterprise", as_of)
    if kept is not None:
        for row, sources in zip(_of(kept.frame, enterprise), _of(kept.records, enterprise), strict=True):
            return subject_of(row, _sources(sources, registers.vocabulary()))
    return subject(enterprise, as_of, known_at=known_at)


def _of(frame: pl.DataFrame, enterprise: str) -> list[dict[str, Any]]:
    return frame.filter(pl.col("id") == enterprise).to_dicts()


def _rows(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    return frame.iter_rows(named=True)


def _sources(records: Mapping[str, Any], words: Vocabulary) -> dict[str, str]:
    named = ((name, name.partition("@")[0], pk) for name, pk in records.items() if isinstance(pk, int))
    return {name: f"rec:{pk}#{attribute}" for name, attribute, pk in named if attribute in words}


def as_row(found: Match) -> dict[str, Any]:
    """The row of ``gangshen policies match --json``."""
    return {
        "enterprise": found.enterprise,
        "policy": found.edition.key,
        "version": found.edition.version.version,
        "decision": found.decision.value,
        "amount_fen": _range(found.amount),
        "because": [{"kind": one.kind, "words": one.words, "refs": list(one.refs)} for one in because(found)],
        "clauses": [_clause(leaf) for leaf in found.verdict.clauses()],
        "nearest": found.nearest
        and {
            "changes": [
                {"attribute": c.attribute, "from": _plain(c.before), "to": _plain(c.after)}
                for c in found.nearest.changes
            ],
            "amount_fen": _range(found.nearest_amount),
        },
        "questions": [
            {"attribute": q.attribute, "period": q.period, "amount_fen": q.amount_fen} for q in found.questions
        ],
    }


def _clause(leaf: Verdict) -> dict[str, Any]:
    clause = leaf.clause
    assert clause is not None
    return {
        "id": clause.id,
        "attribute": clause.attribute,
        "operator": clause.operator.value if clause.operator else None,
        "threshold": _plain(leaf.threshold),
        "value": _plain(leaf.value),
        "decision": leaf.decision.value,
        "reason": leaf.reason.value if leaf.reason else None,
        "quote": clause.quote,
        "source": leaf.source,
    }


def _range(interval: Interval | None) -> dict[str, int] | None:
    return None if interval is None else {"low": interval.low, "high": interval.high}


_ENTRY = ("type", "level", "number", "from", "to", "withdrawn_on")


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):  # an entry of a list, without what a source added of its own
        return {key: _plain(value[key]) for key in _ENTRY if value.get(key) is not None}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    return value


def names(keys: Sequence[str]) -> dict[str, Organisation]:
    """Organisations by key."""
    return {one.key: one for one in Organisation.objects.filter(key__in=keys)}
