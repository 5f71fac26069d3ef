"""What money registers: its journal as a list, menu entry, API, resolver of entries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.identity.access import allowed
from gangshen.engines.evidence import Ref
from gangshen.web import plots
from gangshen.web.components import Evidence, Measure
from gangshen.web.formatting import money_parts, money_text, yuan
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, NavigationEntry
from gangshen.web.listing import LISTINGS
from gangshen.web.morning import MORNING, Clause, Morning, remembered

from . import services
from .api import router
from .listings import ENTRIES
from .models import Entry, Programme


def resolve(ref: Ref, user: Any) -> Evidence | None:
    """``entry:NUMBER``: a transaction with all its sides."""
    if not ref.id.isdigit():
        return None
    sides = list(
        Entry.objects.for_user(user).filter(transaction=ref.id).select_related("account", "transaction", "programme")
    )
    if not sides:
        return None
    posted = sides[0].transaction
    values = [
        (f"{side.account.get_kind_display()} {side.account.holder}".strip(), yuan(side.amount_fen)) for side in sides
    ]
    return Evidence(
        posted.memo or posted.key,
        url=reverse("money:entry", args=[posted.pk]),
        source=_("%(programme)s %(year)s, journal") % {"programme": sides[0].programme, "year": sides[0].account.year},
        date=timezone.localdate(posted.at),
        marks=("assumed",) if sides[0].programme.assumed else (),
        values=tuple(values),
    )


LISTINGS.register("entries", ENTRIES)
API_ROUTERS.register("money", router)
RESOLVERS.register("entry", resolve)
NAVIGATION.register(
    "policies.money",
    NavigationEntry(
        gettext_lazy("Money"), "money:money", parent="policies", allowed=lambda user: allowed(user, "view", Programme)
    ),
    order=50,
)


TIGHT = 0.8  # share of the appropriation from which a programme is said to be nearly used up


@remembered
def _programmes(user: Any, today: dt.date) -> list[dict[str, Any]]:
    """The year's programmes the user may see, the most used first."""
    seen = {one.key: one for one in Programme.objects.for_user(user)}
    rows = [
        {"programme": seen[key], "balance": held, "used": held.share_committed}
        for (key, year), held in services.balances(today.year).items()
        if key in seen and held.appropriated
    ]
    return sorted(rows, key=lambda row: -(row["used"] or 0))


def _clauses(user: Any, today: dt.date) -> list[Clause]:
    return [
        Clause(
            gettext_lazy("%(programme)s is used to %%(figure)s") % {"programme": row["programme"].name},
            f"{row['used']:.0%}",
            reverse("money:money"),
            "near",
            gettext_lazy("journal of the zone"),
        )
        for row in _programmes(user, today)
        if row["used"] is not None and row["used"] >= TIGHT
    ]


def _measures(user: Any, today: dt.date) -> list[Measure]:
    rows = _programmes(user, today)
    if not rows:
        return []
    held = [row["balance"] for row in rows]
    parts = [sum(getattr(one, name) for one in held) for name in ("paid", "decided", "reserved", "available")]
    tight = sum(1 for row in rows if (row["used"] or 0) >= TIGHT)
    return [
        Measure(
            gettext_lazy("Money left"),
            *money_parts(parts[3]),
            gettext_lazy("of %(whole)s; %(n)d programmes nearly used up")
            % {"whole": money_text(sum(parts)), "n": tight},
            "near" if tight else "ok",
            plots.shares(parts),
            reverse("money:money"),
        )
    ]


def _card(user: Any, today: dt.date) -> dict[str, Any] | None:
    rows = _programmes(user, today)
    for row in rows:
        held = row["balance"]
        row["plot"] = plots.shares([held.paid, held.decided, held.reserved, held.available])
        row["state"] = "near" if (row["used"] or 0) >= TIGHT else "ok"
    return {"rows": rows, "year": today.year} if rows else None


MORNING.register(
    "money", Morning(clauses=_clauses, measures=_measures, template="money/morning.html", card=_card), order=50
)
