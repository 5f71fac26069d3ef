"""A match as a row: shape, conditions as dots, what is missing, the amount, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gangshen.apps.policies import services
from gangshen.apps.policies.models import PolicyVersion
from gangshen.apps.policies.services import Match
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import Interval
from gangshen.web.formatting import label, short_day

__all__ = ["SOON", "Group", "Row", "groups_of", "row_of", "window"]

SOON = 30  # days before its end from which a window or edition is called ending


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
        return services.STATES[self.state]


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
        return services.STATES[self.state]


def row_of(found: Match, as_of: dt.date, readable: Container[str]) -> Row:
    """``found`` as a row for a reader of the attributes ``readable``."""
    lines = services.conditions(found, found.edition.rule.eligibility, readable)
    state = found.state
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
        return comma.join(_short(leaf) for leaf in leaves.values() if leaf.state == "near")
    if state in ("ok", "na"):
        return ""
    named = []
    for one in found.verdict.deciding():
        clause = one.clause
        if clause is not None:
            attribute = registers.any_attribute(clause.attribute)
            named.append(label(attribute.label) if attribute else clause.label or clause.quote)
    return _(", ").join(dict.fromkeys(named))


def _short(leaf: services.Condition) -> str:
    """What would turn a condition, with the name of the figure: in a list nothing else says which it is."""
    known = registers.any_attribute(leaf.attribute)
    if not leaf.needed or known is None:
        return leaf.needed or leaf.words
    return f"{label(known.label)}{_(': ')}{leaf.needed}"


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
    for state in services.STATES:
        mine = sorted((row for row in held if row.state == state), key=_worth)
        if mine:
            best = services.together([row.match for row in mine])
            beside = services.beside_words(best, [row.match for row in mine]) if state == "ok" else []
            groups.append(Group(state, mine, best.total, sum(row.amount is None for row in mine), beside))
    return groups


def _worth(row: Row) -> tuple[int, str]:
    return -(row.amount.high if row.amount else 0), row.match.edition.key
