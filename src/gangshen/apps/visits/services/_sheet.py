"""走访单: one page to take along: who it is, five facts with their age, what it gets and is near, what was promised."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers import services as registers
from gangshen.engines.vocabulary import Attribute
from gangshen.web.formatting import label
from gangshen.web.word import Word

from ._facts import sayable
from ._matters import matters_of, stand_of

__all__ = ["sheet"]

HEADER = ("uscc", "operating_status", "registered_division", "park", "size_class", "account_manager")
FIVE = ("revenue", "rd_ratio", "employees", "invention_patents", "premises_area")


def sheet(firm: Organisation, *, user: User, today: dt.date, on: dt.date | None = None, purpose: str = "") -> bytes:
    """The Word file, with what ``user`` may see. What the offices know of the firm comes from their panels."""
    facts = registers.facts(firm.key, today, user)
    synthetic = firm.synthetic or any(fact.synthetic for fact in facts.values())
    word = Word(
        _("Visit sheet: %(firm)s") % {"firm": firm.name}, on or today, marks=("synthetic",) if synthetic else ()
    )
    words = registers.attributes()
    who = [
        f"{label(words[name].label)} {registers.shown(words[name], facts[name].value)}"
        for name in HEADER
        if name in facts and facts[name].value is not None
    ]
    word.paragraph(_("; ").join(who) or _("No source has said anything yet."))
    if purpose:
        word.paragraph(_("Purpose: %(purpose)s") % {"purpose": purpose})
    word.heading(_numbered(1, _("Five facts")))
    word.table(
        [_("Attribute"), _("Value"), _("Age")],
        [_fact(words[name], facts.get(name), today) for name in FIVE if name in words],
    )
    number = 2
    for panel in registers.PROFILE_PANELS:
        lines = panel.sheet(user, firm, today) if panel.sheet and panel.allowed(user) else []
        if lines:
            word.heading(_numbered(number, label(panel.label)))
            for line in lines:
                word.paragraph(line)
            number += 1
    _promised(word, number, firm, user, today)
    _ask(word, number + 1, firm, user, today)
    return word.save()


def _numbered(number: int, words: str) -> str:
    """A first heading as official documents number it; in English by figures."""
    if (get_language() or "").startswith("zh"):
        return f"{'一二三四五六七八九十'[number - 1]}、{words}"
    return f"{number}. {words}"


def _fact(attribute: Attribute, fact: registers.Fact | None, today: dt.date) -> list[str]:
    if fact is None or fact.value is None:
        return [label(attribute.label), _("unknown"), ""]
    period = f"（{fact.period}）" if fact.period else ""
    age = _("%(n)s days") % {"n": (today - fact.as_of).days}
    stale = _(", out of date") if fact.stale else ""
    return [f"{label(attribute.label)}{period}", registers.shown(attribute, fact.value), age + stale]


def _promised(word: Word, number: int, firm: Organisation, user: User, today: dt.date) -> None:
    word.heading(_numbered(number, _("Requests and promises")))
    rows = [
        [one.get_kind_display(), one.words, str(one.unit), stand_of(one, today)[1]]
        for one in matters_of(user, firm)[:6]
    ]
    if rows:
        word.table([_("Kind"), _("Matter"), _("Unit"), _("State")], rows)
    else:
        word.paragraph(_("Nothing was asked or promised so far."))


def _ask(word: Word, number: int, firm: Organisation, user: User, today: dt.date) -> None:
    word.heading(_numbered(number, _("To ask and write down")))
    asked = [
        [label(one.attribute.label), one.value or _("unknown"), _("out of date") if one.stale else "", ""]
        for one in sayable(user, firm, today)
    ]
    word.table([_("Attribute"), _("Known"), _("Note"), _("Said today")], asked)
