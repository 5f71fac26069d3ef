"""The lists of series, each with the value that holds, and of statistics, each with what was kept last."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import allowed
from gangshen.web.formatting import number
from gangshen.web.listing import Column, Filter, Listing

from .models import Observation, Result, Series, Statistic
from .services import RANK, definition_of, headline, visible

__all__ = ["PERIODS", "SERIES", "STATISTICS", "figure", "with_latest"]

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


def _counted(rows: QuerySet[Statistic]) -> QuerySet[Statistic]:
    last = Result.objects.filter(statistic=OuterRef("pk")).order_by("-as_of", "-pk")
    names = ("as_of", "value", "shown", "open", "synthetic")
    return rows.select_related("owner").annotate(**{f"last_{name}": Subquery(last.values(name)[:1]) for name in names})


def _last(one: Any) -> Any:
    """What was kept last, where everyone may see it."""
    if one.last_as_of is None:
        return None
    return headline(definition_of(one), one.last_value) if one.last_shown else _("not shown: too small")


def _reach(one: Any) -> Any:
    if one.public:
        return _("public")
    return _("shared") if one.shared else _("own")


STATISTICS = Listing(
    key="statistics",
    title=_("Statistics"),
    noun=_("statistics"),
    columns=[
        Column("name", _("Statistic"), value="label", kind="label", sort="name", main=True),
        Column("value", _("Kept last"), value=_last, sort=False),
        Column("unknown", _("Unknown firms"), kind="number", value="last_open", phone=False),
        Column("at", _("As of"), kind="date", value="last_as_of"),
        Column("reach", _("Open to"), value=_reach, sort="public"),
        Column("owner", _("Owner"), value=lambda one: one.owner.get_username() if one.owner else "", sort=False),
        Column("key", _("Key"), page=False),
    ],
    filters=[
        Filter("public", _("Public"), kind="bool"),
        Filter("at", _("As of"), kind="date", field="last_as_of"),
    ],
    search_fields=("name", "name_en", "key"),
    source=lambda actor: _counted(visible(actor)),
    default_sort="name",
    row_id="key",
    row_url=lambda one: reverse("indicators:statistic", args=[one.key]),
    marks=lambda one: ("synthetic",) if one.last_synthetic else (),
    empty=(
        _("Nothing is counted yet"),
        _("Write the first: what is counted, over whom, split by what."),
        "/indicators/statistics/new/",
        _("New statistic"),
    ),
    scope=_("counted over the register of enterprises; what is unknown stands apart and is never a zero"),
    nav_key="registers.statistics",
    allowed=lambda actor: allowed(actor, "view", Statistic),
    exportable=lambda actor: allowed(actor, "export", Statistic),
)
