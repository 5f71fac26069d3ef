"""A rule's conditions for the eye: one line each, its shape, the value read, why it is open, the words it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.registers import services as registers
from gangshen.engines.rules import (
    All,
    AtLeast,
    Change,
    Clause,
    Decision,
    Fact,
    Node,
    None_,
    Operator,
    Reason,
    Verdict,
    children,
    sentence,
)
from gangshen.engines.vocabulary import Attribute, AttributeType

from ._decisions import sources_of
from ._matching import Match
from ._words import REASONS, title_words

__all__ = ["Condition", "conditions", "dots", "rule_lines", "said"]

_STATES = {Decision.YES: "ok", Decision.NO: "bad", Decision.UNKNOWN: "unk"}
_TURNED = {"ok": "bad", "bad": "ok", "unk": "unk"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A clause, or a group of them (``parts``); ``state`` is a shape's, "" for a rule that nobody is held against.

    ``value`` is what was read in words, "" where there is none or it is not the reader's to see; ``needed`` what one
    change would make of it; ``sources`` references of the value; ``ref`` opens the words in the document.
    """

    words: str
    state: str = ""
    value: str = ""
    needed: str = ""
    reason: str = ""
    attribute: str = ""
    dated: dt.date | None = None
    sources: tuple[str, ...] = ()
    quote: str = ""
    ref: str = ""
    id: str = ""
    hidden: bool = False
    parts: tuple[Condition, ...] = field(default=())

    def leaves(self) -> Iterator[Condition]:
        """The single conditions, in order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class _Against:
    """What a rule is held against: the changes that would win, what may be read, the facts."""

    changes: Mapping[str, Change]
    readable: Container[str]
    facts: Mapping[str, Fact]


def _language() -> str:
    return get_language() or "zh-hans"


def said(node: Node) -> str:
    """A node in a sentence of the active language."""
    return sentence(node, _language(), registers.vocabulary())


def _lead(node: Node, turned: bool) -> str:
    """The head of a group; what must not hold is said by its contrary, so “none of” becomes “all of” the contraries."""
    if isinstance(node, AtLeast):
        k = len(node.of) - node.at_least + 1 if turned else node.at_least
        return _("At least %(k)d of these") % {"k": k}
    return _("All of these") if isinstance(node, All | None_) != turned else _("One of these")


def rule_lines(rule: Node) -> tuple[Condition, ...]:
    """A rule as it stands in the policy, held against nobody."""
    line = _line(rule, None, _Against({}, (), {}), turned=False)
    return line.parts or (line,)


def conditions(
    found: Match, rule: Node, readable: Container[str], facts: Mapping[str, Fact] | None = None
) -> tuple[Condition, ...]:
    """The rule held against one enterprise; values of attributes that are not ``readable`` are left out, and said so.

    With ``facts`` a derived value shows the records of what it was worked out from.
    """
    changes = {one.clause: one for one in found.nearest.changes} if found.nearest else {}
    line = _line(rule, found.verdict, _Against(changes, readable, facts or {}), turned=False)
    return line.parts or (line,)


def dots(lines: tuple[Condition, ...]) -> list[str]:
    """The shapes of a rule's conditions, in the order of the text."""
    return [leaf.state for line in lines for leaf in line.leaves()]


def _line(node: Node, verdict: Verdict | None, against: _Against, *, turned: bool) -> Condition:
    if isinstance(node, Clause):
        return _leaf(node, verdict, against, turned=turned)
    below = verdict.children if verdict else [None] * len(children(node))
    inner = turned != isinstance(node, None_)
    parts = tuple(_line(child, part, against, turned=inner) for child, part in zip(children(node), below, strict=True))
    if len(parts) == 1 and not isinstance(node, AtLeast):
        return parts[0]
    return Condition(_lead(node, turned), _state(verdict, turned), parts=parts)


def _state(verdict: Verdict | None, turned: bool) -> str:
    if verdict is None:
        return ""
    state = _STATES[verdict.decision]
    return _TURNED[state] if turned else state


def _leaf(clause: Clause, verdict: Verdict | None, against: _Against, *, turned: bool) -> Condition:
    plain: dict[str, Any] = {
        "words": _contrary(clause) if turned else said(clause),
        "quote": clause.quote,
        "attribute": clause.attribute or "",
        "id": clause.id,
    }
    span = clause.span
    if span and span.document:
        plain["ref"] = f"doc:{span.document}#{span.start}-{span.end}"
    if verdict is None:
        return Condition(**plain)
    known = registers.any_attribute(clause.attribute)
    own = known is None or known.entity == "enterprise"  # what is said of a project is asked of each, not hidden
    hidden = known is not None and own and known.id not in against.readable
    reason = str(REASONS[verdict.reason]) if verdict.reason else ""
    if known is not None and not own and verdict.reason is Reason.MISSING:
        reason = _("asked of each %(kind)s, in its application") % {"kind": registers.kind_words(known.entity)}
    change = against.changes.get(clause.id)
    return Condition(
        **plain,
        state="near" if change else _state(verdict, turned),
        value=registers.shown(known, verdict.value) if known and verdict.value is not None and not hidden else "",
        needed=_needed(known, change) if change and known and not hidden else "",
        reason=reason,
        dated=verdict.dated,
        sources=() if hidden else tuple(sources_of(verdict, against.facts)),
        hidden=hidden,
    )


def _contrary(clause: Clause) -> str:
    """What must hold where the clause must not."""
    if clause.operator is Operator.EXISTS and clause.value is not False:
        return said(clause.model_copy(update={"value": False}))
    return _("not: %(condition)s") % {"condition": said(clause)}


def _needed(known: Attribute, change: Change) -> str:
    if known.type is not AttributeType.LIST:
        return _("needs %(value)s") % {"value": registers.shown(known, change.after)}
    if isinstance(change.after, int):
        return _("needs %(value)s") % {"value": change.after}
    title, _slash, level = change.after.partition("/")
    return _("gain %(title)s") % {"title": f"{title_words(title)} {level}".rstrip()}
