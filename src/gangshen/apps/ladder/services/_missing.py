"""One firm and one title: the answer with every condition, what is missing, and what to ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.registers import services as registers
from gangshen.engines import rungs
from gangshen.engines.rules import (
    All,
    Clause,
    Decision,
    Fact,
    Nearest,
    None_,
    Question,
    Verdict,
    interpret,
    nearest,
    prepare,
    questions,
    sentence,
)
from gangshen.web.formatting import label

__all__ = ["Lacking", "Outlook", "conditions_of", "facts_of", "missing_words", "outlook", "title_words"]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A condition that is not met or not known: what it asks, what is known, where from."""

    words: str
    state: str  # bad or unk
    value: str = ""
    reason: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A firm before a title: the answer, the least that would change it, and the next questions."""

    title: rungs.Title
    edition: rungs.Edition
    verdict: Verdict
    nearest: Nearest | None
    questions: tuple[Question, ...]
    by: dt.date | None  # until when the title that this one builds on holds

    @property
    def decision(self) -> Decision:
        return self.verdict.decision

    @property
    def state(self) -> str:
        if self.decision is Decision.YES:
            return "ok"
        if self.decision is Decision.UNKNOWN:
            return "unk"
        return "near" if self.nearest is not None and self.verdict.distance <= 2 else "bad"

    def lacking(self, may: Container[str] | None = None) -> list[Lacking]:
        """What decides against it, or keeps it open, in the order of the text; values only as far as ``may`` reads."""
        if self.decision is Decision.YES:
            return []
        return [_lacking(leaf, may, turned) for leaf, turned in _against(self.verdict)]


def _against(verdict: Verdict) -> list[tuple[Verdict, bool]]:
    """Clauses that stand against a yes, and whether each must not hold; of alternatives the nearest alone."""
    if verdict.decision is Decision.YES:
        return []
    if verdict.clause is not None:
        return [(verdict, False)]
    if verdict.kind == "none":
        hit = [child for child in verdict.children if child.decision is not Decision.NO]
        return [(leaf, True) for child in hit for leaf in child.clauses()]
    if verdict.kind == "any":
        return _against(min(verdict.children, key=lambda child: child.distance))
    return [pair for child in verdict.children for pair in _against(child)]


def _lacking(leaf: Verdict, may: Container[str] | None, turned: bool) -> Lacking:
    clause = leaf.clause
    assert clause is not None
    unknown = leaf.reason is not None
    attribute = registers.attributes().get(clause.attribute or "")
    reads = attribute is not None and (may is None or attribute.id in may)
    value = registers.shown(attribute, leaf.value) if attribute and reads and leaf.value is not None else ""
    return Lacking(
        _said(clause, turned),
        "unk" if unknown else "bad",
        value,
        _reason(leaf) if unknown else "",
        leaf.source or "" if reads else "",
    )


def _reason(leaf: Verdict) -> str:
    words = {
        "missing": _("not known"),
        "stale": _("out of date"),
        "withheld": _("not open to be used"),
        "judgement": _("a person judges"),
        "untranslated": _("not translated"),
    }
    return words[str(leaf.reason)] if leaf.reason else ""


def _said(clause: Clause, turned: bool) -> str:
    """A condition in words of the active language; ``turned`` says its contrary, which is what must hold."""
    if clause.attribute is None:
        return clause.label
    node = None_(none=(clause,)) if turned else clause
    return sentence(node, get_language() or "zh-hans", registers.vocabulary())


def conditions_of(edition: rungs.Edition) -> list[str]:
    """What an edition asks, a line for each part of its rule, in words of the active language."""
    rule = edition.conditions
    if rule is None:
        return []
    parts = rule.all if isinstance(rule, All) else (rule,)
    return [sentence(part, get_language() or "zh-hans", registers.vocabulary()) for part in parts]


def facts_of(firm: str, as_of: dt.date) -> dict[str, Fact]:
    """What is believed of a firm, as the conditions read it."""
    found = {}
    for name, fact in registers.facts(firm, as_of, periods=True).items():
        source = f"rec:{fact.record_id}#{name.partition('@')[0]}" if fact.record_id else None
        found[name] = Fact(fact.value, source, fact.as_of, stale=fact.stale)
    return found


def outlook(
    ladder: rungs.Ladder,
    title: str,
    facts: Mapping[str, Any],
    held: rungs.Holding,
    *,
    edition: str = "",
) -> Outlook | None:
    """The firm before ``title`` by the edition of the day (or ``edition``); None for a named list without conditions."""
    of, now = ladder.titles[title]
    chosen = of.edition(edition) if edition else now
    if chosen is None or chosen.conditions is None:
        return None
    words = registers.vocabulary()
    prepared = prepare(chosen.conditions, words)
    verdict = interpret(prepared, facts, words, ladder.as_of)
    way = nearest(prepared, facts, words, ladder.as_of, verdict=verdict)
    base = [one for one in held.valid if ladder.titles[one.title][1].rung == held.rung and held.rung]
    ends = [one.ends for one in base if one.ends is not None]
    asked = tuple(questions([(title, verdict, 0)]))
    return Outlook(of, chosen, verdict, way, asked, max(ends) if ends and len(ends) == len(base) else None)


def missing_words(found: Outlook | None, may: Container[str] | None = None) -> str:
    """What is missing in one line: conditions not met first, then what to ask."""
    if found is None:
        return ""
    rows = found.lacking(may)
    parts = [
        _("%(what)s (%(value)s)") % {"what": one.words, "value": one.value} if one.value else one.words
        for one in rows
        if one.state == "bad"
    ]
    parts += [_("ask: %(what)s") % {"what": one.words} for one in rows if one.state == "unk"]
    return _("; ").join(parts)


def title_words(ladder: rungs.Ladder, title: str) -> str:
    """The title's name in the active language."""
    return label(ladder.titles[title][0].title)
