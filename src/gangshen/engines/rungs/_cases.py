"""Golden cases of a title's editions, and what each comes to."""

from __future__ import annotations

from dataclasses import dataclass

from gangshen.engines.formats import Text
from gangshen.engines.rules import Fact, interpret, prepare
from gangshen.engines.vocabulary import CellError, UnknownAttribute, Vocabulary

from ._model import Case, Edition, Title

__all__ = ["CaseResult", "facts_of", "run_cases"]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """Edition ``number``, case ``case`` (both from 0), and every difference from what was expected."""

    number: int
    case: int
    differences: tuple[Text, ...]


def facts_of(case: Case, vocabulary: Vocabulary) -> dict[str, Fact]:
    """The enterprise of a case in canonical values; raises CellError or UnknownAttribute."""
    facts: dict[str, Fact] = {}
    for id in dict.fromkeys((*case.given, *case.stale, *case.withheld)):
        given = case.given.get(id)
        value = None if given is None else vocabulary.canon(id.partition("@")[0], given)
        facts[id] = Fact(value, stale=id in case.stale, withheld=id in case.withheld)
    return facts


def run_cases(title: Title, vocabulary: Vocabulary) -> list[CaseResult]:
    """All cases of all editions; one without a date is decided on its edition's first day."""
    return [
        CaseResult(number, at, tuple(_differences(edition, case, vocabulary)))
        for number, edition in enumerate(title.editions)
        for at, case in enumerate(edition.cases)
    ]


def _differences(edition: Edition, case: Case, vocabulary: Vocabulary) -> list[Text]:
    if edition.conditions is None:
        return [Text(zh="本版没有条件，案例无从判断（删去）", en="the edition has no conditions (remove the case)")]
    try:
        facts = facts_of(case, vocabulary)
    except (CellError, UnknownAttribute) as error:
        return [error.message]
    verdict = interpret(prepare(edition.conditions, vocabulary), facts, vocabulary, case.as_of or edition.valid_from)
    found = []
    if verdict.decision is not case.expect.decision:
        got, want = verdict.decision.value, case.expect.decision.value
        found.append(
            Text(zh=f"案例“{case.name}”：结论为 {got}，应为 {want}", en=f"case {case.name}: {got}, expected {want}")
        )
    reasons = sorted({leaf.reason.value for leaf in verdict.deciding() if leaf.reason})
    wanted = sorted({one.value for one in case.expect.reasons})
    if wanted and reasons != wanted:
        zh = f"案例“{case.name}”：未知的原因为 {'、'.join(reasons)}"
        found.append(Text(zh=zh, en=f"case {case.name}: open for {', '.join(reasons)}, not {', '.join(wanted)}"))
    return found
