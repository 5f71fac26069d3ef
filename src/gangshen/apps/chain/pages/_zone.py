"""The zone map: firms and premises over GeoJSON layers, without tiles."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.apps.chain import services
from gangshen.apps.chain.models import Chain, MapLayer
from gangshen.apps.identity.access import require
from gangshen.apps.identity.services import today
from gangshen.apps.registers import services as registers
from gangshen.engines.formats import Text
from gangshen.web.charts import map_chart
from gangshen.web.formatting import label
from gangshen.web.listing import LISTINGS, rows

__all__ = ["zone"]


@dataclass(frozen=True, slots=True)
class _Fitting:
    """Firms that fit the conditions of the register's list; ``asked``: those, as an address, without a place."""

    ids: list[str]
    conditions: list[Any]
    asked: str
    list_url: str


def _fitting(request: HttpRequest) -> _Fitting:
    params = request.GET.copy()
    found = rows(LISTINGS.get("enterprises"), request.user, params)
    source: Any = found.source
    ids = source.frame.select("id").collect().get_column("id").to_list()
    list_url = f"{reverse('registers:enterprises')}?{params.urlencode()}"
    for name in ("town", "park", "page", "view", "sort"):
        params.pop(name, None)
    conditions = [one.filter.label for one in found.query.conditions]
    return _Fitting(ids, conditions, params.urlencode(), list_url)


def _kind(feature: dict[str, Any]) -> str:
    return str(feature["properties"]["kind"])


def _called(feature: dict[str, Any]) -> dict[str, Any]:
    """The shape under its name in the language, by which the chart finds it."""
    said = feature["properties"]
    return feature | {"properties": said | {"name": registers.named(said["name"])}}


def _note(said: Any) -> str:
    """What a layer says of itself: a sentence, or one in each language (``{"zh": …, "en": …}``)."""
    if not isinstance(said, dict):
        return str(said)
    return label(Text(zh=str(said.get("zh") or ""), en=str(said.get("en") or "") or None))


@login_required
@require_GET
def zone(request: HttpRequest) -> HttpResponse:
    """``/chain/zone/``: all firms, or with the register's parameters those that fit its conditions."""
    require(request.user, "view", Chain)
    day = today()
    here = services.here(day)
    fitting = _fitting(request) if request.GET else None
    spots = services.spots(here, day, only=fitting.ids if fitting else None)
    towns = [one for one in spots if one.kind == "town"]
    premises = [one for one in spots if one.kind == "premises"]
    layers = [json.loads(layer.text) for layer in MapLayer.objects.all()]
    shapes = [feature for layer in layers for feature in layer["features"]]
    chart = map_chart(
        "zone-map",
        _("Firms by town and premises"),
        {"type": "FeatureCollection", "features": [_called(one) for one in shapes if _kind(one) != "premises"]},
        [(one.label, one.firms) for one in towns],
        [(one.label, one.at, one.firms) for one in premises if one.at],
        unit=_("firms"),
    )
    context = {
        "chart": chart if shapes else None,
        "towns": towns,
        "premises": premises,
        "firms": sum(one.firms for one in towns),
        "placed": sum(one.placed for one in towns),
        "first": max(towns, key=lambda one: one.firms, default=None),
        "schematic": any(one["properties"].get("schematic") for one in shapes),
        "note": next((_note(layer["note"]) for layer in layers if layer.get("note")), ""),
        "fitting": fitting,
        "asked": f"{fitting.asked}&" if fitting and fitting.asked else "",
        "nav_key": "chain.zone",
    }
    return render(request, "chain/zone.html", context)
