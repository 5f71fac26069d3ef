"""A firm on the ladder in words: what it holds, what is next and missing; shared by page, profile and the firm's door."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gangshen.apps.identity.models import Organisation
from gangshen.apps.ladder import services
from gangshen.engines import rungs
from gangshen.engines.rungs import State
from gangshen.web.formatting import day, label

__all__ = ["SHAPES", "held_rows", "stand_of", "when"]

SHAPES = {State.HELD: "ok", State.ENDING: "near", State.ENDED: "bad", State.WITHDRAWN: "bad", State.COMING: "unk"}


def when(one: rungs.Held) -> str:
    """Until when a certificate holds, or since when it does not, with the days."""
    if one.state is State.WITHDRAWN:
        return _("withdrawn on %(day)s") % {"day": day(one.withdrawn_on)}
    if one.ends is None:
        return _("no end is stated")
    if one.state is State.ENDED:
        return _("ended on %(day)s") % {"day": day(one.ends)}
    days = one.days or 0
    words = ngettext("until %(day)s, %(n)s day left", "until %(day)s, %(n)s days left", days)
    return words % {"day": day(one.ends), "n": days}


def held_rows(firm: services.Firm) -> list[dict[str, Any]]:
    """Certificates of the ladder's titles, those in force first."""
    return [
        {
            "title": firm.ladder.titles[one.title][0].title,
            "state": SHAPES[one.state],
            "words": services.state_words(one.state),
            "when": when(one),
            "number": one.number,
            "batch": str(one.extra.get("batch", "")),
            "ref": firm.refs.get(one.number or str(one.begins or ""), ""),
            "renewal": _renewal(firm.ladder, one),
        }
        for one in firm.holding.held
    ]


def _renewal(ladder: rungs.Ladder, one: rungs.Held) -> str:
    renewal = ladder.titles[one.title][1].renewal
    return label(renewal.words) if renewal and one.state in (State.ENDING, State.ENDED) else ""


def _front(ladder: rungs.Ladder, title: str, found: services.Outlook | None, may: Any) -> dict[str, Any]:
    of, edition = ladder.titles[title]
    shown = {
        "ok": _("Meets every condition"),
        "near": _("Near"),
        "unk": _("Waits for answers"),
        "bad": _("Far"),
    }
    state = found.state if found else "na"
    return {
        "title": of.title,
        "edition": found.edition if found else edition,
        "notice": (found.edition if found else edition).notice.words(),
        "compared": (found.edition if found else edition).compared,
        "note": edition.note,
        "state": state,
        "words": shown.get(state, _("A list decides")),
        "lacking": found.lacking(may) if found else [],
        "met": sum(one.decision.value == "yes" for one in found.verdict.clauses()) if found else 0,
        "changes": len(found.nearest.changes) if found and found.nearest else 0,
        "asked": [one.attribute for one in found.questions] if found else [],
        "by": found.by if found else None,
    }


def stand_of(firm: Organisation, as_of: dt.date, may: Any) -> dict[str, Any]:
    """All that the page of a firm shows; ``may`` are the attributes whose values the reader may see."""
    alone = services.firm_alone(firm.key, as_of)
    ladder, holding = alone.ladder, alone.holding
    facts = services.facts_of(firm.key, as_of) if ladder.titles else {}
    nexts = [_front(ladder, one, services.outlook(ladder, one, facts, holding), may) for one in holding.next]
    nexts.sort(key=lambda one: ("ok", "near", "unk", "bad", "na").index(one["state"]))
    renewals = []
    for one in holding.ending:
        edition = ladder.titles[one.title][1]
        by = edition.renewal.judged_by if edition.renewal else ""
        found = services.outlook(ladder, one.title, facts, holding, edition=by)
        renewals.append(_front(ladder, one.title, found, may) | {"when": when(one)})
    aside = [
        _front(ladder, one, services.outlook(ladder, one, facts, holding), may)
        for one in ladder.placed(rungs.Place.BESIDE)
        if not holding.holds(one)
    ]
    names = [ladder.titles[one][0].title for one in ladder.on(holding.rung)] if holding.rung else []
    on = [one for one in holding.valid if ladder.titles[one.title][1].rung == holding.rung]
    return {
        "firm": firm,
        "as_of": as_of,
        "known": bool(ladder.titles),
        "synthetic": firm.synthetic,
        "rung": label(ladder.titles[on[0].title][0].title) if on else "",
        "step": holding.rung,
        "steps": len(ladder.steps),
        "names": names,
        "held": held_rows(alone),
        "nexts": nexts,
        "renewals": renewals,
        "aside": aside,
        "ending": len(holding.ending),
        "lost": len(holding.lost),
    }
