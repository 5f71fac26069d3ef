"""What an enterprise gets, is near and could settle: the card on its profile."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Grant
from gangshen.apps.registers import services as registers
from gangshen.web.formatting import label, money_text

from ._rows import Group, groups_of, row_of

GRANTED = 8  # lines on the card; the register has all
__all__ = ["allowed_here", "answer", "firm_groups", "panel", "sheet"]


def allowed_here(user: User) -> bool:
    """May ``user`` see any match?"""
    return allowed(user, "view", "policies.Match")


def firm_groups(user: User, firm: Organisation, today: dt.date) -> list[Group]:
    """Every policy in force for the firm, by how it stands; an attribute that ``user`` may not read stays hidden."""
    held: dict[Any, list[Group]] = user.__dict__.setdefault("_policy_groups", {})
    if (firm.pk, today) not in held:  # the sentence and the card ask for the same
        may = registers.readable_attributes(user, own=registers.is_own(user, firm.key))
        rows = (row_of(one, today, may) for one in services.matches(firm.key, today))
        held[firm.pk, today] = groups_of(rows)
    return held[firm.pk, today]


def panel(user: User, firm: Organisation, today: dt.date) -> dict[str, Any]:
    """The card's rows; a no that no single change flips is counted only."""
    groups = firm_groups(user, firm, today)
    rows = [row for group in groups for row in group.rows]
    return {
        "groups": [group for group in groups if group.state != "bad"],
        "refused": next((len(group.rows) for group in groups if group.state == "bad"), 0),
        "questions": _questions(rows),
        "firm": firm,
        "granted": _granted(user, firm),
        "any": bool(rows),
        "may_take": bool(rows) and (registers.is_own(user, firm.key) or allowed(user, "export", "policies.Match")),
    }


def _granted(user: User, firm: Organisation) -> list[Grant]:
    """What the firm was granted before, the latest first."""
    rows = Grant.objects.for_user(user).filter(firm=firm, batch__undone_at=None)
    return list(rows.select_related("policy")[:GRANTED])


def _questions(rows: list[Any]) -> list[dict[str, Any]]:
    words = registers.attributes()
    asked = services.questions_for([row.match for row in rows])
    return [{"question": one, "label": words[one.attribute].label} for one in asked[:3] if one.attribute in words]


def answer(user: User, firm: Organisation, today: dt.date) -> SafeString | None:
    """The office's clause of the profile's sentence: gets so many, one change wins, so many answers decide."""
    groups = {group.state: group for group in firm_groups(user, firm, today)}
    parts = []
    if gets := groups.get("ok"):
        words = ngettext("gets {n} policy, {money}", "gets {n} policies, {money}", len(gets.rows))
        parts.append(format_html(words, n=_figure(len(gets.rows)), money=_figure(money_text(gets.total))))
    if near := groups.get("near"):
        words = ngettext("one change away from {n}", "one change away from {n}", len(near.rows))
        parts.append(format_html(words, n=_figure(len(near.rows))))
    if unknown := groups.get("unk"):
        words = ngettext("{n} waits for answers", "{n} wait for answers", len(unknown.rows))
        parts.append(format_html(words, n=_figure(len(unknown.rows))))
    if not parts:
        return None
    return SafeString(_(", ").join(parts) + _("; "))


def sheet(user: User, firm: Organisation, today: dt.date) -> list[str]:
    """What it gets and is near, with what is missing: lines of the visit sheet."""
    lines = []
    for group in firm_groups(user, firm, today):
        for row in group.rows if group.state in ("ok", "near") else ():
            parts = [f"{group.words}：{label(row.match.edition.policy.label)}", row.missing or ""]
            parts.append(money_text(row.amount) if row.amount is not None else "")
            lines.append("，".join(part for part in parts if part and part != "—"))
    return lines[:6]


def _figure(value: Any) -> SafeString:
    return format_html('<a class="fig" href="#policies">{}</a>', value)
