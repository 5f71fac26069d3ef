"""What indicators register: the list of series, menu entry, API, resolver of observations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.identity.access import allowed
from gangshen.engines.evidence import Ref
from gangshen.web.components import Evidence
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, NavigationEntry
from gangshen.web.listing import LISTINGS

from . import services
from .api import router
from .listings import SERIES, figure
from .models import Series


def resolve(ref: Ref, user: Any) -> Evidence | None:
    """``obs:SERIES@date``: the value that holds for the date, and where it came from; without a date the last one."""
    of = Series.objects.for_user(user).filter(key=ref.id).first()
    try:
        at = dt.date.fromisoformat(ref.at) if ref.at else None
    except ValueError:
        return None
    held = services.latest(of, at) if of else None
    if of is None or held is None or (at is not None and held.at != at):
        return None
    values = [
        (_("Value"), f"{figure(held.value)} {of.unit}"),
        (_("As of"), held.at.isoformat()),
        (_("Vintage"), held.get_vintage_display()),
        (_("Scope"), of.scope or _("not stated")),
    ]
    if held.note:
        values.append((_("Revised"), held.note))
    return Evidence(
        of.name,
        url=reverse("indicators:series", args=[of.key]),
        source=held.citation or (held.source.name if held.source else ""),
        date=held.recorded_at.date(),
        marks=("synthetic",) if of.synthetic else (),
        values=tuple(values),
        wrong_url=f"{reverse('cases:new')}?type=wrong_fact&about={ref}",
    )


LISTINGS.register("series", SERIES)
API_ROUTERS.register("indicators", router)
RESOLVERS.register("obs", resolve)
NAVIGATION.register(
    "plans.indicators",
    NavigationEntry(
        gettext_lazy("Indicators"),
        "indicators:indicators",
        parent="plans",
        allowed=lambda user: allowed(user, "view", Series),
    ),
    order=60,
)
