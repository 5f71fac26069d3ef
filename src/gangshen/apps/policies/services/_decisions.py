"""One decision to be pointed at: ``match:ENTERPRISE@WHEN#POLICY``, what it rests on, and deciding it again.

``WHEN`` is a day, or the number of the run that filed the decision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from gangshen.apps.policies.models import Policy, PolicyVersion
from gangshen.apps.registers import services as registers
from gangshen.apps.runs.models import Run
from gangshen.engines.benefits import Interval
from gangshen.engines.evidence import Ref
from gangshen.engines.rules import Decision, Fact, Verdict, clauses
from gangshen.web.errors import Refused

from ._because import because
from ._before import granted_to
from ._editions import Edition, edition_at
from ._law import engine_version
from ._matching import Match, explain, subject, subject_then
from ._runs import KIND, decisions
from ._together import law_of

__all__ = [
    "Filed",
    "decision_ref",
    "filed",
    "grounds_of_editions",
    "grounds_of_matches",
    "recompute",
    "rests_on",
    "run_of",
    "sources_of",
]

DECISIONS = (Decision.NO, Decision.UNKNOWN, Decision.YES)


@dataclass(frozen=True, slots=True)
class Filed:
    """What a run filed about one pair."""

    run: Run
    version: str
    decision: Decision
    amount: Interval | None

    @property
    def as_of(self) -> dt.date:
        return dt.date.fromisoformat(self.run.params["as_of"])

    def agrees(self, again: Match) -> bool:
        """Is the decision taken again the one on file, in answer, amount and edition?"""
        return (self.decision, self.amount, self.version) == (
            again.decision,
            again.amount,
            again.edition.version.version,
        )


def decision_ref(enterprise: str, policy: str, when: dt.date | int) -> str:
    """The reference of a decision, to be opened as evidence and followed down to its sources."""
    return f"match:{enterprise}@{when}#{policy}"


def run_of(number: str) -> Run | None:
    """The match run of that number, done and on file."""
    if not number.isdigit() or len(number) > 18:
        return None
    return Run.objects.filter(pk=int(number), kind=KIND, state=Run.State.DONE, result_file__isnull=False).first()


def filed(run: Run, enterprise: str, policy: str) -> Filed | None:
    """The decision that ``run`` filed about a pair."""
    rows = decisions(run).filter((pl.col("enterprise") == enterprise) & (pl.col("policy") == policy)).to_dicts()
    if not rows:
        return None
    row = rows[0]
    amount = None if row["high"] is None else Interval(row["low"], row["high"])
    return Filed(run, row["version"], DECISIONS[row["decision"]], amount)


def recompute(found: Filed, policy: Policy, enterprise: str) -> tuple[Match, dict[str, Fact]]:
    """Decide again as of the filed decision's day, on the edition it names and what was recorded when it was taken; with the facts."""
    version = policy.versions.filter(version=found.version).first()
    if version is None:
        raise Refused(f"{policy.key}: the edition {found.version} is no longer kept.", "Open another decision.")
    edition = Edition(policy, version, engine_version(version))
    digest = str(found.run.params.get("snapshot", ""))
    facts = subject_then(enterprise, found.as_of, digest, found.run.finished_at)
    granted = granted_to(enterprise, found.as_of, known_at=found.run.finished_at)
    law = law_of(found.as_of, editions=[*_then(found.run, enterprise), edition])
    return explain(edition, enterprise, facts, found.as_of, granted=granted, law=law), facts


def _then(run: Run, enterprise: str) -> list[Edition]:
    """The editions by which a match decided about an enterprise, as far as they are kept."""
    rows = decisions(run).filter(pl.col("enterprise") == enterprise).select("policy", "version").rows()
    read = dict(rows)
    versions = PolicyVersion.objects.filter(policy__key__in=read).exclude(content="").select_related("policy")
    return [Edition(one.policy, one, engine_version(one)) for one in versions if read[one.policy.key] == one.version]


def rests_on(found: Match, facts: Mapping[str, Fact]) -> list[str]:
    """References a decision rests on: the edition, the records of the values its clauses read, the grants that count.

    Of a derived value (an intensity) those are the records of what it was worked out from.
    """
    refs = [f"policy:{found.edition.key}@{found.edition.version.version}"]
    for leaf in found.verdict.clauses():
        refs += sources_of(leaf, facts)
    for line in because(found):
        refs += line.refs
    return list(dict.fromkeys(refs))


def sources_of(leaf: Verdict, facts: Mapping[str, Fact]) -> list[str]:
    """References of the value that a clause read."""
    if leaf.source:
        return leaf.source.split(", ")
    name = leaf.clause.attribute if leaf.clause else None
    if name is None or leaf.value is None or name not in registers.vocabulary():
        return []
    below = (facts.get(one) for one in registers.vocabulary().inputs(name))
    return [fact.source for fact in below if fact is not None and fact.source]


def _rests_on(ref: Ref) -> list[str]:
    policy = Policy.objects.filter(key=ref.part or "").first()
    if policy is None or not ref.at:
        return []
    if run := run_of(ref.at):
        found = filed(run, ref.id, policy.key)
        if found is None or not policy.versions.filter(version=found.version).exists():
            return [f"run:{run.pk}"]
        again, facts = recompute(found, policy, ref.id)
        return [f"run:{run.pk}", *rests_on(again, facts)]
    try:
        as_of = dt.date.fromisoformat(ref.at)
    except ValueError:
        return []
    edition = edition_at(policy, as_of)
    if edition is None:
        return []
    facts = subject(ref.id, as_of)
    return rests_on(explain(edition, ref.id, facts, as_of, granted=granted_to(ref.id, as_of)), facts)


def grounds_of_matches(refs: Sequence[Ref]) -> dict[Ref, list[str]]:
    """Each decision's edition and records; one that a run filed names the run as well."""
    return {ref: _rests_on(ref) for ref in refs}


def grounds_of_editions(refs: Sequence[Ref]) -> dict[Ref, list[str]]:
    """The document an edition stands in, where its conditions name no span of it."""
    found: dict[Ref, list[str]] = {}
    for policy in Policy.objects.filter(key__in={ref.id for ref in refs}).prefetch_related("versions"):
        for ref in (ref for ref in refs if ref.id == policy.key):
            named = [
                span.document
                for version in policy.versions.all()
                if ref.at in (None, version.version)
                for clause in clauses(engine_version(version).eligibility)
                if (span := clause.span)
            ]
            bases = [engine_version(v).basis for v in policy.versions.all() if ref.at in (None, v.version)]
            found[ref] = [f"doc:{key}" for key in dict.fromkeys(bases) if key and key not in named]
    return found
