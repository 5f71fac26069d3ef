"""For a confirm list: the facts that a firm is asked to confirm, and what made a new firm enter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.registers import services as registers
from gangshen.web.formatting import label

from ._conditions import Condition, conditions
from ._decisions import sources_of
from ._editions import Edition, edition_at
from ._matching import Match, explain, subject

__all__ = ["Before", "crossed", "facts_to_confirm"]

TOLD = 200  # new firms for which the reason is worked out; each is decided once more as of the day before


@dataclass(frozen=True, slots=True)
class Before:
    """Who got it then, for which day, on what was recorded by when."""

    firms: Collection[str]
    day: dt.date
    known_at: dt.datetime


def facts_to_confirm(found: Match) -> list[dict[str, Any]]:
    """Each value that the decision or the amount was read from: ``attribute value refs``, in the order of the rule."""
    known = registers.attributes()
    told: dict[str, dict[str, Any]] = {}
    for leaf in found.verdict.clauses():
        name = leaf.clause.attribute if leaf.clause else None
        if name not in known or leaf.value is None or name in told:
            continue
        value = registers.shown(known[name], leaf.value)
        if value:
            told[name] = {"attribute": name, "value": value, "refs": sources_of(leaf, {})}
    return list(told.values())


def crossed(edition: Edition, new: Sequence[Match], before: Before) -> dict[str, str]:
    """Firm → the conditions that were not met (or not known) then and are now, with the value read now."""
    was = edition_at(edition.policy, before.day)
    if was is None:
        return {one.enterprise: _("The edition was not in force then.") for one in new}
    return {one.enterprise: _turned(was, one, before) for one in new[:TOLD]}


def _turned(was: Edition, now: Match, before: Before) -> str:
    facts = subject(now.enterprise, before.day, known_at=before.known_at)
    then = explain(was, now.enterprise, facts, before.day)  # its conditions only
    states = {leaf.id: leaf.state for leaf in _leaves(then)}
    turned = [leaf for leaf in _leaves(now) if leaf.state == "ok" and states.get(leaf.id) != "ok"]
    if not turned:
        return _("The edition changed.") if was.version.pk != now.edition.version.pk else ""
    return _("; ").join(_said(leaf, states.get(leaf.id, "")) for leaf in turned)


def _leaves(found: Match) -> list[Condition]:
    lines = conditions(found, found.edition.rule.eligibility, registers.attributes())
    return [leaf for line in lines for leaf in line.leaves()]


def _said(leaf: Condition, state: str) -> str:
    known = registers.attributes().get(leaf.attribute)
    name = label(known.label) if known else leaf.words
    was = _("unknown before") if state == "unk" else _("not met before")
    value = f"{name} {leaf.value}".strip() if leaf.value else leaf.words
    return _("%(value)s (%(was)s)") % {"value": value, "was": was}
