"""A rule's conditions for the eye: one line each, its shape, the value read, why it is open, the words it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator
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
    Node,
    None_,
    Operator,
    Verdict,
    children,
    sentence,
)
from gangshen.engines.vocabulary import Attribute, AttributeType

from ._matching import Match
from ._words import REASONS

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


def _language() -> str:
    return get_language() or "zh-hans"


def said(node: Node) -> str:
    """A node in a sentence of the active language."""
    return sentence(node, _language(), registers.vocabulary())


def _lead(node: Node) -> str:
    if isinstance(node, None_):
        return _("None of these may hold")
    if isinstance(node, AtLeast):
        return _("At least %(k)d of these") % {"k": node.at_least}
    return _("All of these") if isinstance(node, All) else _("One of these")


def rule_lines(rule: Node) -> tuple[Condition, ...]:
    """A rule as it stands in the policy, held against nobody."""
    line = _line(rule, None, {}, (), turned=False)
    return line.parts or (line,)


def conditions(found: Match, rule: Node, readable: Container[str]) -> tuple[Condition, ...]:
    """The rule held against one enterprise; values of attributes that are not ``readable`` are left out, and said so."""
    changes = {one.clause: one for one in found.nearest.changes} if found.nearest else {}
    line = _line(rule, found.verdict, changes, readable, turned=False)
    return line.parts or (line,)


def dots(lines: tuple[Condition, ...]) -> list[str]:
    """The shapes of a rule's conditions, in the order of the text."""
    return [leaf.state for line in lines for leaf in line.leaves()]


def _line(
    node: Node, verdict: Verdict | None, changes: dict[str, Change], readable: Container[str], *, turned: bool
) -> Condition:
    if isinstance(node, Clause):
        return _leaf(node, verdict, changes, readable, turned=turned)
    below = verdict.children if verdict else [None] * len(children(node))
    inner = turned != isinstance(node, None_)
    parts = tuple(
        _line(child, part, changes, readable, turned=inner) for child, part in zip(children(node), below, strict=True)
    )
    if len(parts) == 1 and not isinstance(node, AtLeast):
        return parts[0]
    return Condition(_lead(node), _state(verdict, turned), parts=parts)


def _state(verdict: Verdict | None, turned: bool) -> str:
    if verdict is None:
        return ""
    state = _STATES[verdict.decision]
    return _TURNED[state] if turned else state


def _leaf(
    clause: Clause, verdict: Verdict | None, changes: dict[str, Change], readable: Container[str], *, turned: bool
) -> Condition:
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
    known = registers.attributes().get(clause.attribute or "")
    hidden = known is not None and known.id not in readable
    change = changes.get(clause.id)
    return Condition(
        **plain,
        state="near" if change else _state(verdict, turned),
        value=registers.shown(known, verdict.value) if known and verdict.value is not None and not hidden else "",
        needed=_needed(known, change) if change and known and not hidden else "",
        reason=str(REASONS[verdict.reason]) if verdict.reason else "",
        dated=verdict.dated,
        sources=tuple(verdict.source.split(", ")) if verdict.source and not hidden else (),
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
    return _("gain %(title)s") % {"title": change.after.replace("/", " ")}
