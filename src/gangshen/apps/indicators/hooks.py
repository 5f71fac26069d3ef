"""What indicators register: lists, menu entries, API, resolver of observations, totals of the public page."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.cases.services import may_doubt
from gangshen.apps.identity.access import allowed
from gangshen.engines.evidence import Ref
from gangshen.web.components import Evidence
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, NavigationEntry
from gangshen.web.listing import LISTINGS
from gangshen.web.public import PUBLIC_ROWS

from . import services
from .api import router
from .api import statistics as statistics_router
from .listings import SERIES, STATISTICS, figure
from .models import Series, Statistic
from .pages import TOTALS


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
        wrong_url=f"{reverse('cases:wrong')}?{urlencode({'about': str(ref)})}" if may_doubt(user) else "",
    )


LISTINGS.register("series", SERIES)
LISTINGS.register("statistics", STATISTICS)
PUBLIC_ROWS.register("statistics", TOTALS, order=200)
API_ROUTERS.register("statistics", statistics_router)
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
NAVIGATION.register(
    "registers.statistics",
    NavigationEntry(
        gettext_lazy("Statistics"),
        "indicators:statistics",
        parent="enterprises",
        allowed=lambda user: allowed(user, "view", Statistic),
    ),
    order=26,
)
