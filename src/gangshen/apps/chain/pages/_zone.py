"""The zone map: firms and premises over GeoJSON layers, without tiles."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.apps.chain import services
from gangshen.apps.chain.models import Chain, MapLayer
from gangshen.apps.identity.access import require
from gangshen.apps.identity.services import today
from gangshen.web.charts import map_chart

__all__ = ["zone"]


@login_required
@require_GET
def zone(request: HttpRequest) -> HttpResponse:
    """``/chain/zone/``."""
    require(request.user, "view", Chain)
    day = today()
    here = services.here(day)
    spots = services.spots(here, day)
    towns = [one for one in spots if one.kind == "town"]
    premises = [one for one in spots if one.kind == "premises"]
    layers = [json.loads(layer.text) for layer in MapLayer.objects.all()]
    shapes = [feature for layer in layers for feature in layer["features"]]
    chart = map_chart(
        "zone-map",
        _("Firms by town and premises"),
        {"type": "FeatureCollection", "features": [one for one in shapes if one["properties"]["kind"] != "premises"]},
        [(one.name, one.firms) for one in towns],
        [(one.name, one.at, one.firms) for one in premises if one.at],
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
        "note": next((layer["note"] for layer in layers if isinstance(layer.get("note"), str)), ""),
        "nav_key": "chain.zone",
    }
    return render(request, "chain/zone.html", context)
