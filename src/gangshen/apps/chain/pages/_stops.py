"""If this supplier stops."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from gangshen.apps.chain import services
from gangshen.apps.chain.models import Chain, Placement
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import today
from gangshen.apps.registers import services as registers
from gangshen.engines import graph

from ._words import line_of

__all__ = ["stops"]


@login_required
@require_GET
def stops(request: HttpRequest, firm: str) -> HttpResponse:
    """``/chain/stops/<firm>/``."""
    require(request.user, "view", Chain)
    require(request.user, "view", Placement)
    one = get_object_or_404(Organisation.objects.for_user(request.user), key=registers.kept_key(firm))
    here = services.here(today())
    found = graph.stops(here.graph, here.strengths, here.supplies, one.key)
    may = "suppliers" in registers.readable_attributes(request.user)  # type: ignore[arg-type]
    names = services.names_of({*found.exposed, *(row.firm for row in found.dependents)})
    context = {
        "firm": one,
        "stop": found,
        "lost": [
            (line_of(here, key), [line_of(here, other) for other in found.substitutes[key]]) for key in found.lost
        ],
        "thinned": [(line_of(here, key), left) for key, left in found.thinned.items()],
        "reached": [(line_of(here, key), at) for key, at in sorted(found.reached.items(), key=lambda pair: pair[1])],
        "exposed": [(key, *names.get(key, (key, False))) for key in found.exposed],
        "dependents": [
            (row, *names.get(row.firm, (row.firm, False)), line_of(here, row.node)) for row in found.dependents
        ]
        if may
        else None,
        "only": sum(row.only for row in found.dependents),
        "nav_key": "chain.map",
    }
    return render(request, "chain/stops.html", context)
