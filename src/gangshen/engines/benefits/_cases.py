"""Golden cases run against their edition, and whether an edition may go in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gangshen.engines.formats import Text
from gangshen.engines.rules import (
    Decision,
    Fact,
    Prepared,
    Reason,
    RuleError,
    RuleProblem,
    check,
    clauses,
    interpret,
    prepare,
)
from gangshen.engines.vocabulary import CellError, UnknownAttribute, Vocabulary

from ._amount import Interval, amount
from ._check import check_benefit
from ._policy import Case, Policy, PolicyVersion, Status
from ._settled import settled

__all__ = ["CaseResult", "check_policy", "coverage", "facts_of", "run_cases"]


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
    paid = amount(edition.benefit, facts, vocabulary, as_of, granted_so_far=case.granted_so_far)
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


def coverage(edition: PolicyVersion, texts: Mapping[str, str]) -> list[RuleProblem]:
    """Quotes that do not stand at their span in the document's text, and clauses without a quote (warnings)."""
    found: list[RuleProblem] = []
    for clause in clauses(edition.eligibility):
        found.extend(_stands(clause.id, clause.quote, clause.span, edition.basis, texts))
    found.extend(_stands("benefit", edition.benefit.quote, edition.benefit.span, edition.basis, texts))
    return found


def _stands(id: str, quote: str, span: Any, basis: str, texts: Mapping[str, str]) -> list[RuleProblem]:
    if span is None or not quote:
        words = Text(zh="没有出处（写明 quote 与 span）", en="rests on no words (give quote and span)")
        return [RuleProblem("", id, words, warning=True)]
    text = texts.get(span.document or basis)
    if text is None:
        words = Text(
            zh=f"没有文件 {span.document or basis}", en=f"document {span.document or basis} is not there (add it)"
        )
        return [RuleProblem("", id, words)]
    if text[span.start : span.end] == quote:
        return []
    at = text.find(quote)
    if at < 0:
        words = Text(zh="原文中已无此句（核对原文）", en="these words no longer stand in the document (read it again)")
    else:
        words = Text(
            zh=f"此句现在 {at}-{at + len(quote)}",
            en=f"these words now stand at {at}-{at + len(quote)} (correct the span)",
        )
    return [RuleProblem("", id, words)]


def check_policy(policy: Policy, vocabulary: Vocabulary) -> list[RuleProblem]:
    """Everything that keeps a policy's editions from being used: faults of rule and benefit, failing cases, and, for an
    edition in force, no case for a yes or for a no that data can come to."""
    found: list[RuleProblem] = []
    for edition in policy.versions:
        where = f"{policy.id} {edition.version}"
        faults = [*check(edition.eligibility, vocabulary), *check_benefit(edition.benefit, vocabulary)]
        found.extend(
            RuleProblem(f"{where}: {f.place or 'eligibility'}", f.clause, f.message, f.warning) for f in faults
        )
        try:
            results = run_cases(policy, vocabulary, version=edition.version)
        except RuleError:
            continue
        for result in results:
            found.extend(RuleProblem(f"{where}: case {result.case}", None, words) for words in result.differences)
        wanted = {case.expect.decision for case in edition.cases}
        missing = [one for one in (Decision.YES, Decision.NO) if one in settled(edition.eligibility) - wanted]
        if missing and edition.status is Status.IN_FORCE:
            listed = ", ".join(one.value for one in missing)
            words = Text(zh=f"没有结论为 {listed} 的案例（补上）", en=f"no case comes to {listed} (add one)")
            found.append(RuleProblem(f"{where}: cases", None, words))
    return found
