"""Matches as Excel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from gangshen.apps.registers import services as registers
from gangshen.engines.rules import Decision
from gangshen.web import excel
from gangshen.web.formatting import label

from ._because import because
from ._matching import STATES, Match, names

__all__ = ["match_workbook", "needed"]


def needed(found: Match) -> str:
    """What decided it, in a line: the failing or open conditions."""
    if found.decision is Decision.YES:
        return ""
    parts = []
    for leaf in found.verdict.deciding():
        clause = leaf.clause
        if clause is None:
            continue
        known = registers.any_attribute(clause.attribute)
        parts.append(clause.label or (label(known.label) if known else clause.quote))
    return _("; ").join(dict.fromkeys(parts))


def match_workbook(found: Sequence[Match], as_of: dt.date) -> bytes:
    """One row a pair: decision, amount from and to, what decided it, what one change would win."""
    firms = names([one.enterprise for one in found])
    heads = [
        excel.Head(_("Enterprise"), "text", 34),
        excel.Head(_("Code"), "text", 22),
        excel.Head(_("Policy"), "text", 34),
        excel.Head(_("Decision"), "text", 10),
        excel.Head(_("Amount from (yuan)"), "money", 16),
        excel.Head(_("Amount to (yuan)"), "money", 16),
        excel.Head(_("About the amount"), "text", 40),
        excel.Head(_("What decided it"), "text", 44),
        excel.Head(_("One change would win (yuan)"), "money", 18),
    ]
    rows = [
        [
            firms[one.enterprise].name if one.enterprise in firms else one.enterprise,
            one.enterprise,
            label(one.edition.policy.label),
            str(STATES[one.state]),
            one.amount.low if one.amount else None,
            one.amount.high if one.amount else None,
            _("; ").join(line.words for line in because(one)),
            needed(one),
            one.nearest_amount.high if one.nearest_amount else None,
        ]
        for one in found
    ]
    marked = any(firm.synthetic for firm in firms.values())
    about = _("As of %(day)s, %(n)d pairs") % {"day": as_of, "n": len(rows)} + (
        _("; synthetic enterprises") if marked else ""
    )
    return excel.workbook([excel.Sheet(_("Matches"), about, heads, rows)])
