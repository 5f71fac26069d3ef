"""What money registers: its journal as a list, menu entry, API, resolver of entries."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.identity.access import allowed
from gangshen.engines.evidence import Ref
from gangshen.web.components import Evidence
from gangshen.web.formatting import yuan
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, NavigationEntry
from gangshen.web.listing import LISTINGS

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
