"""What is different between two texts of an edition: numbers first, then clauses; each difference by itself."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gangshen.engines import benefits
from gangshen.engines.rules import All, Any_, Clause, Node, children, clauses
from gangshen.web.errors import Refused

from ._changes import Changes, Setting, made, rebuilt, settings_of
from ._conditions import said
from ._words import benefit_lines

__all__ = ["Move", "moves"]

_TEXT = ("label", "quote", "span", "evidence")  # of a clause: what it says, not what it asks

_SHAPE = ("kind", "base", "count", "ladder", "exclusive", "net_of_vat", "up_to", "marginal", "judgement", "period")
_SHAPE += ("top_up", "uplifts", "floor_fen", "not_with", "matches", "ceilings")  # what no figure of `settings_of` tells


@dataclass(frozen=True, slots=True)
class Move:
    """One difference: ``was`` and ``now`` in words ("" where there is none), ``edition`` the old text with it alone."""

    key: str
    words: str
    was: str
    now: str
    edition: benefits.PolicyVersion

    @property
    def line(self) -> str:
        """``研发强度 5% → 4%``; ``without …``; ``and …``."""
        if self.was and self.now:
            return f"{self.words} {self.was} → {self.now}"
        return (_("and “%(clause)s”") if self.now else _("without “%(clause)s”")) % {"clause": self.now or self.was}


def moves(base: benefits.PolicyVersion, after: benefits.PolicyVersion) -> list[Move]:
    """Every difference that changes who gets it or how much; a changed quote alone is none."""
    figures = [*_figures(base, after)]
    moved = {one.key.partition(".")[0] for one in figures}
    return [*figures, *_clauses(base, after, moved), *_grouping(base, after), *_benefit(base, after)]


def _figures(base: benefits.PolicyVersion, after: benefits.PolicyVersion) -> list[Move]:
    old = {one.key: one for one in settings_of(base)}
    found = []
    for one in settings_of(after):
        was = old.get(one.key)
        if was is None or (was.value, was.unit) == (one.value, one.unit):
            continue
        try:
            alone = made(base, Changes(values={one.key: _as_typed(one)}))
        except Refused:  # a figure of another kind under the same name
            continue
        found.append(Move(one.key, one.words, was.shown, one.shown, alone))
    return found


def _as_typed(setting: Setting) -> str:
    return f"{setting.value}{setting.unit}" if setting.unit and setting.numeric else setting.value


def _asks(clause: Clause) -> dict[str, object]:
    return clause.model_dump(exclude=set(_TEXT))


def _clauses(base: benefits.PolicyVersion, after: benefits.PolicyVersion, moved: set[str]) -> list[Move]:
    old = {one.id: one for one in clauses(base.eligibility)}
    new = {one.id: one for one in clauses(after.eligibility)}
    found = []
    for id, clause in new.items():
        was = old.get(id)
        if was is None:
            kept = base.eligibility.all if isinstance(base.eligibility, All) else (base.eligibility,)
            alone = base.model_copy(update={"eligibility": All(all=(*kept, clause))})
            found.append(Move(id, clause.label, "", said(clause), alone))
        elif id not in moved and _asks(was) != _asks(clause):
            rule = rebuilt(base.eligibility, lambda one, clause=clause: clause if one.id == clause.id else one)  # type: ignore[misc]
            alone = base.model_copy(update={"eligibility": rule})
            found.append(Move(id, clause.label, said(was), said(clause), alone))
    for id, clause in old.items():
        if id not in new:
            rule = rebuilt(base.eligibility, lambda one, id=id: None if one.id == id else one)  # type: ignore[misc]
            if rule is not None:
                found.append(Move(id, clause.label, said(clause), "", base.model_copy(update={"eligibility": rule})))
    return found


def _grouping(base: benefits.PolicyVersion, after: benefits.PolicyVersion) -> list[Move]:
    """How the conditions that both have stand together, where that differs."""
    old = {one.id: one for one in clauses(base.eligibility)}
    both = old.keys() & {one.id for one in clauses(after.eligibility)}
    if _shape(base.eligibility, both) == _shape(after.eligibility, both):
        return []
    rule = rebuilt(after.eligibility, lambda one: old.get(one.id, one))
    alone = base.model_copy(update={"eligibility": rule})
    return [Move("grouping", _("Grouping"), said(base.eligibility), said(after.eligibility), alone)]


def _shape(node: Node, of: Container[str]) -> object:
    """The ids ``of`` a rule in their groups; a group of one that leaves it as it is counts for nothing."""
    if isinstance(node, Clause):
        return node.id if node.id in of else None
    parts = tuple(sorted((part for child in children(node) if (part := _shape(child, of)) is not None), key=repr))
    if len(parts) < 2 and isinstance(node, All | Any_):
        return parts[0] if parts else None
    return (type(node).__name__, getattr(node, "at_least", None), parts) if parts else None


def _benefit(base: benefits.PolicyVersion, after: benefits.PolicyVersion) -> list[Move]:
    """What is given, where it differs by more than its figures."""
    keys = [{one.key for one in settings_of(each) if not one.clause} for each in (base, after)]
    same = all(getattr(base.benefit, name) == getattr(after.benefit, name) for name in _SHAPE)
    if same and keys[0] == keys[1]:
        return []
    alone = base.model_copy(update={"benefit": after.benefit})
    was, now = ("; ".join(benefit_lines(one.benefit)) or "—" for one in (base, after))
    return [Move("benefit", _("What is given"), was, now, alone)]
