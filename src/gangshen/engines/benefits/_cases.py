"""Golden cases run against their edition, and what each comes to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gangshen.engines.formats import Text
from gangshen.engines.rules import (
    Decision,
    Fact,
    Prepared,
    Reason,
    interpret,
    prepare,
)
from gangshen.engines.vocabulary import CellError, UnknownAttribute, Vocabulary

from ._amount import amount
from ._fen import Interval
from ._policy import Case, Policy, PolicyVersion

__all__ = ["CaseResult", "facts_of", "run_cases"]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One golden case: what came out, and every difference from what was expected (none: passed)."""

    policy: str
    version: str
    case: str
    decision: Decision | None
    amount_fen: Interval | None
    differences: tuple[Text, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def facts_of(case: Case, vocabulary: Vocabulary) -> dict[str, Fact]:
    """The applicant of a case in canonical values; raises :class:`CellError` or :class:`UnknownAttribute`."""
    facts: dict[str, Fact] = {}
    for id in dict.fromkeys((*case.given, *case.stale, *case.withheld)):
        given = case.given.get(id)
        value = None if given is None else vocabulary.canon(id.partition("@")[0], given)
        facts[id] = Fact(value, stale=id in case.stale, withheld=id in case.withheld)
    return facts


def run_cases(policy: Policy, vocabulary: Vocabulary, *, version: str | None = None) -> list[CaseResult]:
    """Run the golden cases of every edition (or of one). A case without a date is decided on the edition's first day.

    Raises :class:`RuleError` when a rule itself cannot be used.
    """
    results: list[CaseResult] = []
    for edition in policy.versions:
        if version is None or edition.version == version:
            prepared = prepare(edition.eligibility, vocabulary)
            results.extend(_run(policy.id, edition, prepared, case, vocabulary) for case in edition.cases)
    return results


def _run(id: str, edition: PolicyVersion, prepared: Prepared, case: Case, vocabulary: Vocabulary) -> CaseResult:
    as_of = case.as_of or edition.valid_from or dt.date.max
    try:
        facts = facts_of(case, vocabulary)
    except (CellError, UnknownAttribute) as error:
        return CaseResult(id, edition.version, case.name, None, None, (error.message,))
    verdict = interpret(prepared, facts, vocabulary, as_of)
    matched = None if case.matched is None else Interval(case.matched.low, case.matched.high)
    paid = amount(edition.benefit, facts, vocabulary, as_of, granted_so_far=case.granted(), matched=matched)
    found: list[Text] = []
    expect = case.expect
    if verdict.decision is not expect.decision:
        found.append(_differs("结论", "decision", verdict.decision.value, expect.decision.value))
    if expect.amount_fen is not None:
        wanted = Interval(expect.amount_fen.low, expect.amount_fen.high)
        if paid != wanted:
            found.append(_differs("金额（分）", "amount (fen)", _written(paid), _written(wanted)))
    if expect.reasons:
        reasons = sorted({leaf.reason for leaf in verdict.deciding() if leaf.reason})
        if reasons != sorted(set(expect.reasons)):
            found.append(_differs("未知的原因", "reasons", _joined(reasons), _joined(sorted(set(expect.reasons)))))
    return CaseResult(id, edition.version, case.name, verdict.decision, paid, tuple(found))


def _differs(zh: str, en: str, found: str, wanted: str) -> Text:
    return Text(zh=f"{zh}为 {found}，应为 {wanted}", en=f"{en} is {found}, expected {wanted}")


def _written(interval: Interval | None) -> str:
    return "—" if interval is None else f"{interval.low}-{interval.high}"


def _joined(reasons: list[Reason]) -> str:
    return ", ".join(reason.value for reason in reasons) or "—"
