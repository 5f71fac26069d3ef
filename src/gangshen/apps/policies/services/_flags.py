"""What a reviewer must look at before an edition goes further: law, money and proof, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gangshen.apps.documents import services as documents
from gangshen.apps.documents.models import Reading
from gangshen.apps.policies.models import Policy, PolicyVersion, VersionStep
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.rules import Clause, ClauseKind, Decision, RuleError, clauses, interpret, prepare
from gangshen.engines.vocabulary import Access, CellError, UnknownAttribute, Vocabulary
from gangshen.web.formatting import label

from ._conditions import said
from ._editions import Edition
from ._law import engine_version
from ._lifecycle import text_digest
from ._trial import YES, Ground, Outcome, decided

__all__ = ["Flag", "flags", "unproven"]

TAX = "tax_paid"
# 财政、税收贡献: what the fair-competition review regulation of 2024 forbids a reward to be tied to
_CONTRIBUTION = re.compile(r"(地方|区级|本级|财政|税收|经济)[^，。；]{0,4}(贡献|留成|财力)|实缴税")
_RIVALS = 5  # other policies that are compared firm by firm


@dataclass(frozen=True, slots=True)
class Flag:
    """``state`` is a shape's; ``place`` the clause or step it is about, "" for the whole edition; ``ref`` opens the words."""

    key: str
    state: str
    words: str
    place: str = ""
    ref: str = ""
    clause: str = ""


def flags(
    policy: Policy,
    version: PolicyVersion | None,
    edition: benefits.PolicyVersion,
    *,
    others: Iterable[Edition] = (),
    tried: Outcome | None = None,
    over: Ground | None = None,
) -> list[Flag]:
    """Flags of ``edition`` (as tried, it need not be ``version``'s text), the gravest first."""
    found = [
        *_fair_competition(version),
        *_tax(edition),
        *_statistics(edition),
        *_quotes(edition),
        *_unproven(edition),
    ]
    if tried is not None and over is not None:
        found += _overlap(policy, edition, others, tried, over)
    return sorted(found, key=lambda one: ("bad", "near", "unk").index(one.state))


def _fair_competition(version: PolicyVersion | None) -> Iterator[Flag]:
    steps = (
        []
        if version is None
        else list(version.steps.filter(kind=VersionStep.Kind.FAIR_COMPETITION).values_list("digest", flat=True))
    )
    if not steps:
        yield Flag("fair_competition", "bad", _("The fair competition review is not on record"))
    elif version is not None and text_digest(engine_version(version)) not in steps:
        yield Flag("fair_competition", "near", _("The text changed after its fair competition review"))


def _tax(edition: benefits.PolicyVersion) -> Iterator[Flag]:
    words, benefit = registers.vocabulary(), edition.benefit
    tied = any(_rests_on_tax(words, one) for one in (benefit.base, benefit.count, benefit.ladder) if one)
    if tied or _CONTRIBUTION.search(f"{benefit.base_label} {benefit.quote}"):
        span = benefit.span
        ref = f"doc:{span.document}#{span.start}-{span.end}" if span and span.document else ""
        said_ = _("The reward is tied to local tax paid: fair competition forbids it")
        yield Flag("tax", "bad", said_, benefit.quote or _("what is given"), ref, "benefit")
    for clause in clauses(edition.eligibility):
        if (clause.attribute and _rests_on_tax(words, clause.attribute)) or _CONTRIBUTION.search(clause.quote):
            yield Flag(
                "tax", "near", _("A condition asks for tax paid: check fair competition"), *_place(clause), clause.id
            )


def _rests_on_tax(words: Vocabulary, id: str) -> bool:
    return id == TAX or (id in words and any(_rests_on_tax(words, one) for one in words.inputs(id)))


def _place(clause: Clause) -> tuple[str, str]:
    span = clause.span
    return clause.quote or said(
        clause
    ), f"doc:{span.document}#{span.start}-{span.end}" if span and span.document else ""


def _statistics(edition: benefits.PolicyVersion) -> Iterator[Flag]:
    words = registers.vocabulary()
    text = _("“%(name)s” is for statistics only and may be no ground for one firm")
    for clause in clauses(edition.eligibility):
        if clause.attribute in words and words.access(clause.attribute) is Access.STATISTICS:
            name = label(words.get(clause.attribute).label)
            yield Flag("statistics", "bad", text % {"name": name}, *_place(clause), clause.id)
    for id in (edition.benefit.base, edition.benefit.count, edition.benefit.ladder):
        if id and id in words and words.access(id) is Access.STATISTICS:
            yield Flag("statistics", "bad", text % {"name": label(words.get(id).label)}, edition.benefit.quote)


def unproven(edition: benefits.PolicyVersion) -> list[Clause]:
    """Clauses on data that no golden case both meets and fails: a slip in one of them would go unseen."""
    words = registers.vocabulary()
    try:
        prepared = prepare(edition.eligibility, words)
    except RuleError:
        return []
    seen: dict[str, set[Decision]] = {}
    for case in edition.cases:
        try:
            facts = benefits.facts_of(case, words)
        except (CellError, UnknownAttribute):
            continue
        as_of = case.as_of or edition.valid_from
        if as_of is None:
            continue
        for leaf in interpret(prepared, facts, words, as_of).clauses():
            if leaf.clause is not None:
                seen.setdefault(leaf.clause.id, set()).add(leaf.decision)
    both = {Decision.YES, Decision.NO}
    return [
        one
        for one in clauses(edition.eligibility)
        if one.kind is ClauseKind.DATA and not both <= seen.get(one.id, set())
    ]


def _quotes(edition: benefits.PolicyVersion) -> Iterator[Flag]:
    """Words that do not stand where the edition says, in the documents that were read."""
    spans = {clause.id: clause.span for clause in clauses(edition.eligibility)} | {"benefit": edition.benefit.span}
    keys = {span.document or edition.basis for span in spans.values() if span is not None}
    readings = Reading.objects.filter(current=True, document__key__in=keys).select_related("document", "text_file")
    texts = {one.document.key: documents.text(one) for one in readings} if keys else {}
    quotes = {clause.id: clause.quote for clause in clauses(edition.eligibility)} | {"benefit": edition.benefit.quote}
    for one in benefits.coverage(edition, texts):
        span = spans.get(one.clause or "")
        if not one.warning and span is not None and (span.document or edition.basis) in texts:
            words = quotes[one.clause or ""]
            yield Flag("quote", "bad", label(one.message), words, f"doc:{span.document}", one.clause or "")


def _unproven(edition: benefits.PolicyVersion) -> Iterator[Flag]:
    for clause in unproven(edition):
        yield Flag("no_case", "unk", _("No pair of cases proves this clause"), *_place(clause), clause.id)


def _overlap(
    policy: Policy, edition: benefits.PolicyVersion, others: Iterable[Edition], tried: Outcome, over: Ground
) -> Iterator[Flag]:
    rivals = [one for one in others if one.key != policy.key and _same_purpose(policy, edition, one)][:_RIVALS]
    if not rivals:
        return
    found = decided(over, {one.key: one.rule for one in rivals})
    for one in rivals:
        both = int(((found[one.key] == YES) & (tried.decisions == YES)).sum())
        if both:
            words = ngettext(
                "%(n)d firm gets “%(other)s” for the same thing too",
                "%(n)d firms get “%(other)s” for the same thing too",
                both,
            )
            name = label(one.policy.label)
            yield Flag("overlap", "near", words % {"n": both, "other": name}, one.policy.issuer, f"policy:{one.key}")


def _same_purpose(policy: Policy, edition: benefits.PolicyVersion, other: Edition) -> bool:
    """Do both pay for the same figure, or reward the same title, without excluding each other?"""
    mine, its = edition.benefit, other.rule.benefit
    if mine.exclusive is not None and mine.exclusive == its.exclusive:
        return False
    if mine.base or its.base:
        return mine.base == its.base
    if mine.kind != its.kind:
        return False
    return bool(_titles(edition) & _titles(other.rule)) or (mine.ladder is not None and mine.ladder == its.ladder)


def _titles(edition: benefits.PolicyVersion) -> set[str]:
    held: set[str] = set()
    for clause in clauses(edition.eligibility):
        if clause.attribute == "certificates" and clause.value is not None:
            held |= {str(one) for one in (clause.value if isinstance(clause.value, tuple) else (clause.value,))}
    return held
