"""Review of placements: confirm or refuse by key, one or many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.chain import services
from gangshen.apps.chain.listings import PLACEMENTS
from gangshen.apps.chain.models import Node, Placement
from gangshen.apps.identity.access import require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import now, today
from gangshen.apps.runs import services as runs
from gangshen.web.errors import Refused
from gangshen.web.listing.pages import listing_page

__all__ = ["add", "confirm", "placements", "propose", "refuse"]


@login_required
@require_GET
def placements(request: HttpRequest) -> HttpResponse:
    """``/chain/placements/``: what waits first."""
    require(request.user, "view", Placement)
    return listing_page(request, PLACEMENTS, template="chain/placements.html")


def _decide(request: HttpRequest, state: str) -> HttpResponse:
    user: Any = request.user
    require(user, "change", Placement)
    ids = [int(text) for text in request.POST.getlist("row") if text.isdigit()]
    if not ids:
        raise Refused(_("Nothing was chosen."), _("Tick the rows, then confirm or refuse."))
    allowed_ids = Placement.objects.for_user(user, "change").filter(pk__in=ids).values_list("pk", flat=True)
    rows = services.decide(allowed_ids, state, actor=user, now=now(), today=today())
    words = (
        ngettext("%(n)d placement confirmed.", "%(n)d placements confirmed.", len(rows))
        if state == Placement.State.CONFIRMED
        else ngettext("%(n)d placement refused.", "%(n)d placements refused.", len(rows))
    )
    messages.success(request, words % {"n": len(rows)})
    return redirect("chain:placements")


@login_required
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    return _decide(request, Placement.State.CONFIRMED)


@login_required
@require_POST
def refuse(request: HttpRequest) -> HttpResponse:
    return _decide(request, Placement.State.REFUSED)


@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """The desk places a firm by hand, with the ground in words."""
    user: Any = request.user
    require(user, "add", Placement)
    node = get_object_or_404(Node, key=request.POST.get("node", ""))
    text = request.POST.get("firm", "").strip()
    firms = Organisation.objects.for_user(user).filter(kind=Organisation.Kind.ENTERPRISE)
    firm = firms.filter(key=text).first() or firms.filter(name=text).first() or firms.filter(code=text).first()
    if firm is None or not text:
        raise Refused(_("There is no enterprise “%(name)s”.") % {"name": text}, _("Give its whole name or its code."))
    services.place_by_hand(firm.key, node, request.POST.get("words", ""), actor=user, now=now(), today=today())
    messages.success(request, _("%(firm)s stands on %(node)s now.") % {"firm": firm, "node": node})
    return redirect("chain:node", node.key)


@login_required
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Propose anew from the registers, in the background."""
    user: Any = request.user
    require(user, "change", Placement)
    runs.start("chain.place", {"as_of": today().isoformat()}, actor=user, now=now())
    messages.success(request, _("Proposals are being worked out anew; reload in a moment."))
    return redirect("chain:placements")
