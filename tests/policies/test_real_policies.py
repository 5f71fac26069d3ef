"""Articles of public policies, encoded in words of our own: the rules are sound, the cases prove every part of them, and
where the documents are at hand every place cited still says what it said."""

import os
from pathlib import Path

import pytest

from gangshen.engines.benefits import (
    Policy,
    boundaries,
    check_policies,
    coverage,
    load_policies,
    run_cases,
    survivors,
    uncovered,
)
from gangshen.engines.rules import clauses
from gangshen.engines.vocabulary import Vocabulary

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("GANGSHEN_SHARED", HERE.parents[2] / "shared")) / "documents"
VOCABULARY = Vocabulary.load_builtin()
POLICIES = load_policies(HERE.glob("*.yaml"), root=HERE)
each = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)


def test_they_are_many_and_may_stand_together() -> None:
    assert len(POLICIES) >= 16
    assert len({document.key for policy in POLICIES for document in policy.documents}) >= 11
    assert [str(fault) for fault in check_policies(POLICIES, VOCABULARY) if not fault.warning] == []


@each
def test_every_place_is_cited_and_no_sentence_is_copied(policy: Policy) -> None:
    (edition,) = policy.versions
    for span in (*(clause.span for clause in clauses(edition.eligibility)), edition.benefit.span):
        assert span is not None and span.digest and 0 < span.end - span.start <= 40
    assert not any(clause.quote for clause in clauses(edition.eligibility))
    assert not edition.benefit.quote
    assert all(document.citation and document.issued_on for document in policy.documents)


@each
def test_the_cases_pass_and_notice_every_slip(policy: Policy) -> None:
    (edition,) = policy.versions
    assert [(one.case, one.differences) for one in run_cases(policy, VOCABULARY) if not one.passed] == []
    alive, tried = survivors(policy, edition, VOCABULARY)
    assert [(one.place, one.change.en) for one in alive] == []
    assert tried > 0
    decided = {edge.clause for edge in boundaries(edition, VOCABULARY) if edge.decides}
    assert decided or all(clause.attribute is None for clause in clauses(edition.eligibility))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the developer data is not beside the checkout")
@each
def test_the_document_still_says_so(policy: Policy) -> None:
    (edition,) = policy.versions
    texts = {one.key: (SHARED / f"{one.key}.txt").read_text(encoding="utf-8") for one in policy.documents}
    assert [str(problem) for problem in coverage(edition, texts)] == []
    changed = {key: text[:1] + text for key, text in texts.items()}
    assert len(coverage(edition, changed)) == len(clauses(edition.eligibility)) + 1 + len(edition.benefit.uplifts)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the developer data is not beside the checkout")
def test_conditions_left_out_of_the_articles_are_those_that_the_notes_name() -> None:
    editions = [edition for policy in POLICIES for edition in policy.versions]
    texts = {one.key: (SHARED / f"{one.key}.txt").read_text(encoding="utf-8") for p in POLICIES for one in p.documents}
    within: dict[str, list[tuple[int, int]]] = {}
    for edition in editions:
        text, span = texts[edition.basis], edition.benefit.span
        assert span is not None
        within.setdefault(edition.basis, []).append((text.rfind("\n", 0, span.start) + 1, text.find("\n", span.end)))
    left = uncovered(editions, texts, within=within)
    assert {(one.document, one.start) for one in left} == set(OTHER_OFFERS)


# Conditions of other offers of the same articles, which are not encoded.
OTHER_OFFERS = {
    ("policy_hz_shangcheng", 1417): "size of a fund that the district sets up",
    ("policy_hz_shangcheng", 1561): "rent turned into shares",
    ("policy_liuhe_2023", 1707): "award for results put to use",
    ("policy_liuhe_2023", 2458): "award for trading companies",
    ("policy_sip", 1673): "purchase of data sets",
    ("policy_xz_tongshan", 1579): "renewed recognition of high-tech firms",
}
