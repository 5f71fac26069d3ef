"""A confirm list as Excel, as a paper for the meeting, and as JSON; values only where the reader may read them."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.policies.models import ConfirmLine, ConfirmList
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import Interval
from gangshen.web import excel
from gangshen.web.formatting import label, money_text
from gangshen.web.word import Word

from ._editions import edition_at

__all__ = ["confirm_json", "confirm_paper", "confirm_workbook", "readable_facts"]


def _lines(held: ConfirmList) -> list[ConfirmLine]:
    return list(held.lines.select_related("firm", "case"))


def readable_facts(line: ConfirmLine, readable: Container[str]) -> list[dict[str, Any]]:
    """The facts of a line that a reader of the attributes ``readable`` may see, each with its ``label``."""
    known = registers.attributes()
    return [
        {**one, "label": label(known[one["attribute"]].label)}
        for one in line.facts
        if one["attribute"] in known and one["attribute"] in readable
    ]


def _facts(line: ConfirmLine, readable: Container[str]) -> str:
    return "；".join(f"{one['label']} {one['value']}" for one in readable_facts(line, readable))


def _because(line: ConfirmLine) -> str:
    return "；".join(one["words"] for one in line.because)


def _about(held: ConfirmList) -> str:
    return _("%(policy)s %(edition)s, entitled on %(day)s; asked for confirmation, nothing is paid by this list") % {
        "policy": label(held.policy.label),
        "edition": held.edition,
        "day": held.as_of,
    }


def confirm_workbook(held: ConfirmList, readable: Container[str]) -> bytes:
    """One row a firm: amount, new or not, why, the facts, who looks after it, the answer."""
    lines = _lines(held)
    looked_after = registers.managers([one.firm.key for one in lines], held.as_of)
    heads = [
        excel.Head(_("Enterprise"), "text", 34),
        excel.Head(_("Code"), "text", 22),
        excel.Head(_("Amount from (yuan)"), "money", 16),
        excel.Head(_("Amount to (yuan)"), "money", 16),
        excel.Head(_("Granted before (yuan)"), "money", 16),
        excel.Head(_("About the amount"), "text", 40),
        excel.Head(_("New"), "text", 8),
        excel.Head(_("Why it entered"), "text", 40),
        excel.Head(_("Facts to confirm"), "text", 60),
        excel.Head(_("Account manager"), "text", 16),
        excel.Head(_("What it answered"), "text", 12),
        excel.Head(_("Reason"), "text", 30),
    ]
    rows = [
        [
            one.firm.name,
            one.firm.key,
            one.low,
            one.high,
            one.granted or None,
            _because(one),
            _("new") if one.new else "",
            one.why,
            _facts(one, readable),
            looked_after[one.firm.key].name,
            one.get_state_display(),
            one.reason,
        ]
        for one in lines
    ]
    marked = _("; synthetic enterprises") if any(one.firm.synthetic for one in lines) else ""
    return excel.workbook([excel.Sheet(_("Confirm list"), _about(held) + marked, heads, rows)])


def confirm_paper(held: ConfirmList, readable: Container[str]) -> bytes:
    """The list as Word: how many, how much, who is new and why, who decides and whom to call."""
    lines = _lines(held)
    edition = edition_at(held.policy, held.as_of)
    marks = ("synthetic",) if any(one.firm.synthetic for one in lines) else ()
    name = label(held.policy.label)
    paper = Word(_("Confirm list: %(policy)s") % {"policy": name}, held.as_of, held.policy.issuer, marks)
    new = [one for one in lines if one.new]
    said = _("%(n)d firms are entitled, %(new)d of them new; together %(money)s. Nothing is paid by this list.")
    total = money_text(Interval(sum(one.low or 0 for one in lines), sum(one.high or 0 for one in lines)))
    ref = f"policy:{held.policy.key}@{held.edition}"
    paper.paragraph(said % {"n": len(lines), "new": len(new), "money": total}, ref, f"{name} {held.edition}")
    if told := [one for one in lines if one.granted or one.because]:
        done = sum(one.state == ConfirmLine.State.GRANTED for one in told)
        words = _("%(n)d of them were granted under it before; nothing is left for %(done)d, which are not asked.")
        paper.paragraph(words % {"n": sum(one.granted > 0 for one in told), "done": done})
    if edition is not None:
        paper.paragraph(_("Decides and pays: %(who)s.") % {"who": edition.rule.authority})
        if contact := edition.rule.contact:
            whom = " ".join(filter(None, (contact.unit, contact.person, contact.phone)))
            paper.paragraph(_("To call: %(whom)s.") % {"whom": whom})
    if told:
        paper.heading(_("Granted before"))
        rows = [(one.firm.name, _because(one) or "—", _amount(one)) for one in told]
        paper.table((_("Enterprise"), _("About the amount"), _("Amount")), rows, right=(2,))
    if new:
        paper.heading(_("New, and why"))
        paper.table((_("Enterprise"), _("Why it entered")), [(one.firm.name, one.why or "—") for one in new])
    paper.heading(_("Firms and facts to confirm"))
    heads = (_("Enterprise"), _("Amount"), _("Facts to confirm"), _("What it answered"))
    firms = [(one.firm.name, _amount(one), _facts(one, readable) or "—", one.get_state_display()) for one in lines]
    paper.table(heads, firms, right=(1,))
    return paper.save()


def _amount(line: ConfirmLine) -> str:
    return "—" if line.low is None or line.high is None else money_text(Interval(line.low, line.high))


def confirm_json(held: ConfirmList, readable: Container[str]) -> dict[str, Any]:
    """The list for the API and ``--json``; money in fen."""
    return {
        "list": held.pk,
        "policy": held.policy.key,
        "edition": held.edition,
        "as_of": held.as_of.isoformat(),
        "since": held.since.isoformat() if held.since else None,
        "sent_at": held.sent_at.isoformat() if held.sent_at else None,
        "paid": False,
        "firms": [
            {
                "line": one.pk,
                "enterprise": one.firm.key,
                "name": one.firm.name,
                "amount_fen": None if one.low is None else {"low": one.low, "high": one.high},
                "granted_fen": one.granted,
                "because": one.because,
                "new": one.new,
                "why": one.why,
                "facts": readable_facts(one, readable),
                "case": one.case_id,
                "answer": one.state,
                "reason": one.reason,
            }
            for one in _lines(held)
        ],
    }
