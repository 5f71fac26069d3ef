"""Connectors: which source brings its data by itself, did it, and do it now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.registers import services
from gangshen.apps.registers.listings import CONNECTORS
from gangshen.apps.registers.listings._connectors import KINDS, connector_state
from gangshen.apps.registers.models import Batch, Connector
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.web.listing.pages import listing_page

__all__ = ["connector", "connectors", "pull", "pull_chosen"]


@login_required
@require_GET
def connectors(request: HttpRequest) -> HttpResponse:
    """``/enterprises/connectors/``."""
    return listing_page(request, CONNECTORS)


@login_required
@require_GET
def connector(request: HttpRequest, key: str) -> HttpResponse:
    """``/enterprises/connectors/<key>/``: its state, its definition, what it brought."""
    user: Any = request.user
    one = get_object_or_404(Connector.objects.for_user(user).select_related("source"), key=key)
    made = services.definition(one)
    brought = Batch.objects.for_user(user).filter(source=one.source, run__params__name__startswith=f"{one.key}/")
    context = {
        "one": one,
        "made": made,
        "kind": KINDS[made.kind],
        "state": connector_state(one),
        "runs": services.last_runs(one, Run.objects.for_user(user)),
        "batches": brought.select_related("file")[:10],
        "may_pull": allowed(user, "change", Connector),
        "nav_key": "registers.connectors",
    }
    return render(request, "registers/connector.html", context)


def _start(user: Any, one: Connector) -> Run:
    require(user, "change", one)
    return runs.start(services.PULL, {"connector": one.key}, actor=user, now=identity.now())


@login_required
@require_POST
def pull(request: HttpRequest, key: str) -> HttpResponse:
    """Pull one now, in the background."""
    user: Any = request.user
    one = get_object_or_404(Connector.objects.for_user(user), key=key)
    _start(user, one)
    messages.success(request, _("Pulling; what comes appears here."))
    return redirect("registers:connector", key)


@login_required
@require_POST
def pull_chosen(request: HttpRequest) -> HttpResponse:
    """Pull the chosen ones now."""
    user: Any = request.user
    rows = [row for row in request.POST.getlist("row") if row.isdigit()]
    chosen = list(Connector.objects.for_user(user).filter(pk__in=rows))
    for one in chosen:
        _start(user, one)
    n = {"n": len(chosen)}
    messages.success(request, ngettext("%(n)d connector is pulling", "%(n)d connectors are pulling", len(chosen)) % n)
    return redirect("registers:connectors")
