"""The list of series, each with the value that holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import allowed
from gangshen.web.formatting import number
from gangshen.web.listing import Column, Filter, Listing

from .models import Observation, Series
from .services import RANK

__all__ = ["PERIODS", "SERIES", "figure", "with_latest"]

PERIODS = {"year": _("year"), "quarter": _("quarter"), "month": _("month"), "week": _("week"), "day": _("day")}


def figure(value: Decimal | float | None) -> str:
    """A value without its trailing zeros."""
    return number(None if value is None else float(value))


def with_latest(rows: QuerySet[Series]) -> QuerySet[Series]:
    """Series with ``last_at last_value last_vintage`` of the observation that holds, and ``count``; in one query."""
    held = (
        Observation.objects.filter(series=OuterRef("pk")).annotate(rank=RANK).order_by("-at", F("rank").desc(), "-pk")
    )
    return rows.annotate(
        last_at=Subquery(held.values("at")[:1]),
        last_value=Subquery(held.values("value")[:1]),
        last_vintage=Subquery(held.values("vintage")[:1]),
        count=Count("observations"),
    )


def _vintage(one: Any) -> Any:
    return Observation.Vintage(one.last_vintage).label if one.last_vintage else None


SERIES = Listing(
    key="series",
    title=_("Indicators"),
    noun=_("series"),
    columns=[
        Column("name", _("Indicator"), main=True, second="scope"),
        Column("value", _("Latest value"), kind="number", value="last_value", sort="last_value"),
        Column("unit", _("Unit")),
        Column("at", _("As of"), kind="date", value="last_at"),
        Column("vintage", _("Vintage"), value=_vintage, sort="last_vintage"),
        Column("period", _("Period"), value=lambda one: PERIODS.get(one.period), sort="period", phone=False),
        Column("count", _("Observations"), kind="number", value="count", phone=False),
        Column("entity", _("Of"), page=False),
        Column("key", _("Key"), page=False),
    ],
    filters=[
        Filter("period", _("Period"), choices=list(PERIODS.items())),
        Filter("entity", _("Of")),
        Filter("at", _("As of"), kind="date", field="last_at"),
    ],
    search_fields=("name", "name_en", "key", "scope"),
    source=lambda actor: with_latest(Series.objects.for_user(actor)),
    default_sort="name",
    row_id="key",
    row_url=lambda one: reverse("indicators:series", args=[one.key]),
    marks=lambda one: ("synthetic",) if one.synthetic else (),
    empty=(
        _("There are no indicators yet"),
        _("A plan's targets bring theirs; others come in indicators/series.csv."),
        "",
        "",
    ),
    nav_key="plans.indicators",
    allowed=lambda actor: allowed(actor, "view", Series),
    exportable=lambda actor: allowed(actor, "export", Series),
)
