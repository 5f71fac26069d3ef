"""A match as a row: shape, conditions as dots, what is missing, the amount, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.policies import services
from gangshen.apps.policies.models import PolicyVersion
from gangshen.apps.policies.services import Match
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import Interval
from gangshen.engines.rules import Decision
from gangshen.web.formatting import label, short_day

__all__ = ["ORDER", "SOON", "WORDS", "Group", "Row", "groups_of", "row_of", "state_of", "window"]

SOON = 30  # days before its end from which a window or edition is called ending
ORDER = ("ok", "near", "unk", "na", "bad")
WORDS = {
    "ok": gettext_lazy("Gets it"),
    "near": gettext_lazy("Near"),
    "unk": gettext_lazy("Unknown"),
    "na": gettext_lazy("Nothing now"),
    "bad": gettext_lazy("Not met"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One policy for one enterprise."""

    match: Match
    state: str
    dots: list[str]
    missing: str
    amount: Any
    because: list[services.Because]
    window: tuple[str, str]
    url: str

    @property
    def words(self) -> Any:
        return WORDS[self.state]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one shape with what they come to together (fen)."""

    state: str
    rows: list[Row]
    total: Interval
    uncounted: int  # nobody can compute them, or they pay no money
    beside: list[tuple[str, str, str]]  # of what one gets: policy, why it is left out of the sum or cut in it, money

    @property
    def words(self) -> Any:
        return WORDS[self.state]


def state_of(found: Match) -> str:
    """The shape of a match; near is a no that one change would flip, na a yes that pays nothing beside earlier grants."""
    if found.decision is Decision.YES:
        return "na" if found.spent else "ok"
    if found.decision is Decision.UNKNOWN:
        return "unk"
    return "near" if found.close else "bad"


def row_of(found: Match, as_of: dt.date, readable: Container[str]) -> Row:
    """``found`` as a row for a reader of the attributes ``readable``."""
    lines = services.conditions(found, found.edition.rule.eligibility, readable)
    state = state_of(found)
    return Row(
        found,
        state,
        services.dots(lines),
        _missing(found, state, lines),
        found.nearest_amount if state == "near" else found.amount,
        services.because(found),
        window(found.edition.version, as_of),
        reverse("policies:decision", args=[found.edition.key, found.enterprise]),
    )


def _missing(found: Match, state: str, lines: Sequence[services.Condition]) -> str:
    leaves = {leaf.id: leaf for line in lines for leaf in line.leaves()}
    comma = _("; ")
    if state == "near":
        return comma.join(leaf.needed or leaf.words for leaf in leaves.values() if leaf.state == "near")
    if state in ("ok", "na"):
        return ""
    known = registers.attributes()
    named = []
    for one in found.verdict.deciding():
        clause = one.clause
        if clause is not None:
            attribute = known.get(clause.attribute or "")
            named.append(label(attribute.label) if attribute else clause.label or clause.quote)
    return _(", ").join(dict.fromkeys(named))


def window(version: PolicyVersion, as_of: dt.date) -> tuple[str, str]:
    """Whether applications are taken: shape (or none) and words."""
    opens, closes = version.window_from, version.window_to or version.valid_to
    if opens and as_of < opens:
        return "na", _("opens %(day)s") % {"day": short_day(opens)}
    if closes is None:
        return "", _("open")
    left = (closes - as_of).days
    if left < 0:
        return "na", _("closed %(day)s") % {"day": short_day(closes)}
    if left <= SOON:
        return "near", _("%(n)d days left") % {"n": left}
    return "", _("until %(day)s") % {"day": closes.isoformat()}


def groups_of(rows: Iterable[Row]) -> list[Group]:
    """Rows by shape, the best first; of benefits that exclude one another, or share a ceiling, the best sum is counted."""
    held = list(rows)
    groups = []
    for state in ORDER:
        mine = sorted((row for row in held if row.state == state), key=_worth)
        if mine:
            best = services.together([row.match for row in mine])
            beside = services.beside_words(best, [row.match for row in mine]) if state == "ok" else []
            groups.append(Group(state, mine, best.total, sum(row.amount is None for row in mine), beside))
    return groups


def _worth(row: Row) -> tuple[int, str]:
    return -(row.amount.high if row.amount else 0), row.match.edition.key
