"""已享登记: what firms were granted before; a table is checked, taken in whole, or undone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.services import now, today
from gangshen.apps.policies import services
from gangshen.apps.policies.listings import GRANTS
from gangshen.apps.policies.models import Grant, GrantBatch
from gangshen.engines.formats import FormatError
from gangshen.web.errors import Refused
from gangshen.web.formatting import money_text
from gangshen.web.listing.pages import listing_page

__all__ = ["index", "undo"]

LARGEST = 20 * 2**20
SHOWN = 50  # faults on the page; the command prints all


@login_required
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """``/policies/granted/``: the register; a table sent here is checked first, then kept whole or refused with every cell."""
    user: Any = request.user
    require(user, "view", Grant)
    told: dict[str, Any] = {}
    if request.method == "POST":
        require(user, "add", Grant)
        told = _taken(request)
        if told.get("kept"):
            return redirect("policies:granted")
    sums = Grant.objects.for_user(user).filter(batch__undone_at=None)
    year = today().year
    context = {
        "firms": sums.values("firm").distinct().count(),
        "total": sums.aggregate(fen=Sum("fen"))["fen"] or 0,
        "this_year": sums.filter(granted_on__year=year).aggregate(fen=Sum("fen"))["fen"] or 0,
        "year": year,
        "batches": GrantBatch.objects.for_user(user).annotate(lines=Count("grants"), fen=Sum("grants__fen"))[:10],
        "may_import": allowed(user, "add", Grant),
        "may_undo": allowed(user, "change", GrantBatch),
        "own_answer": True,
        **told,
    }
    return listing_page(request, GRANTS, template="policies/granted.html", context=context)


def _taken(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    sent = request.FILES.get("file")
    if sent is None:
        raise Refused(_("No file was chosen."), _("Choose the table."))
    if sent.size and sent.size > LARGEST:
        raise Refused(_("The table is larger than 20 MB."), _("Use gangshen policies granted-import."))
    data, name = sent.read(), sent.name or "table"
    try:
        read = services.read_grants(data, name)
    except FormatError as error:
        return {"faults": error.problems[:SHOWN], "more": max(0, len(error.problems) - SHOWN)}
    if read.problems:
        return {"faults": read.problems[:SHOWN], "more": max(0, len(read.problems) - SHOWN)}
    if "check" in request.POST:
        return {"checked": read}
    batch = services.import_grants(data, name, actor=user, now=now())
    if batch is None:
        messages.info(request, _("Every line stands in the register already; nothing was added."))
    else:
        archive.record_event(user, "import", batch, {"lines": len(read.new), "fen": read.fen})
        words = _("%(n)d lines were added, %(money)s.") % {"n": len(read.new), "money": money_text(read.fen)}
        messages.success(request, words)
    return {"kept": True}


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a batch back whole."""
    user: Any = request.user
    batch = get_object_or_404(GrantBatch.objects.for_user(user, "change"), pk=pk)
    services.undo_grants(batch, actor=user, now=now())
    messages.success(request, _("Batch %(n)s counts no more.") % {"n": pk})
    return redirect(reverse("policies:granted"))
