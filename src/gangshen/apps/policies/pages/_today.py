"""What policies say on the morning page: whom they newly reach, which end soon."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gangshen.apps.identity.access import allowed
from gangshen.apps.policies import services
from gangshen.apps.policies.models import ConfirmList, Policy
from gangshen.apps.policies.services import Change
from gangshen.engines.benefits import Interval
from gangshen.web.formatting import label, money_text
from gangshen.web.morning import Clause, Morning

__all__ = ["MORNING_PART"]

SHOWN = 6


def _told(user: Any, today: dt.date) -> services.Morning:
    held: dict[dt.date, services.Morning] = user.__dict__.setdefault("_policies_morning", {})
    if today not in held:  # the sentence, the card and the next date ask for the same
        held[today] = services.morning(user, today)
    return held[today]


def _clauses(user: Any, today: dt.date) -> list[Clause]:
    told = _told(user, today)
    found = []
    if told.gained:
        words = ngettext("%(figure)s firm newly gets a policy", "%(figure)s firms newly get a policy", len(told.gained))
        url = reverse("policies:matches") + "?changed=gained"
        source = _("Match %(n)s") % {"n": told.run.pk} if told.run else ""
        found.append(Clause(words, len({one.enterprise for one in told.gained}), url, "near", source))
    if told.ending:
        n = len(told.ending)
        words = ngettext("%(figure)s policy ends soon", "%(figure)s policies end soon", n)
        soonest = told.ending[0]
        source = f"{label(soonest.edition.policy.label)} {soonest.day}"
        found.append(Clause(words, n, reverse("policies:library"), "near" if soonest.days <= 10 else "ok", source))
    return found


def _row(change: Change, firms: dict[str, Any], titles: dict[str, Policy]) -> dict[str, Any]:
    firm, policy = firms.get(change.enterprise), titles.get(change.policy)
    return {
        "firm": firm.name if firm else change.enterprise,
        "synthetic": bool(firm and firm.synthetic),
        "policy": policy.label if policy else change.policy,
        "url": reverse("policies:decision", args=[change.policy, change.enterprise]),
        "amount": money_text(Interval(change.low, change.high)) if change.high else "",
    }


def _card(user: Any, today: dt.date) -> dict[str, Any] | None:
    told = _told(user, today)
    if not told.gained and not told.lost and not told.ending:
        return None
    shown = [*told.gained[:SHOWN], *told.lost[:SHOWN]]
    firms = services.names([one.enterprise for one in shown])
    titles = {one.key: one for one in Policy.objects.filter(key__in={one.policy for one in shown})}
    return {
        "gained": [_row(one, firms, titles) for one in told.gained[:SHOWN]],
        "lost": [_row(one, firms, titles) for one in told.lost[:SHOWN]],
        "more": max(0, len(told.gained) - SHOWN) + max(0, len(told.lost) - SHOWN),
        "ending": told.ending[:SHOWN],
        "later": max(0, len(told.ending) - SHOWN),
        "confirm": _to_confirm(user, told.gained, today),
    }


def _to_confirm(user: Any, gained: list[Change], today: dt.date) -> int:
    """How many of the new ones are granted without an application, for who may make the list."""
    if not gained or not allowed(user, "add", ConfirmList):
        return 0
    automatic = {one.key for one in services.editions_in_force(today) if one.rule.automatic}
    return len({one.enterprise for one in gained if one.policy in automatic})


def _next_date(user: Any, today: dt.date) -> dt.date | None:
    told = _told(user, today)
    return told.ending[0].day if told.ending else None


MORNING_PART = Morning(clauses=_clauses, template="policies/morning.html", card=_card, next_date=_next_date)
