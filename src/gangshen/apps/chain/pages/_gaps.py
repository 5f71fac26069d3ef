"""Gaps and leads: whom to invite, why, and who is on it already."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.chain import services
from gangshen.apps.chain.listings import LEADS
from gangshen.apps.chain.models import Candidate, Chain, Lead, Node, Placement
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.services import now, today
from gangshen.engines.formats import FormatError
from gangshen.web.errors import Refused
from gangshen.web.listing.pages import listing_page

from ._words import gap_words, line_of, reason

__all__ = ["advance", "candidates", "gap", "gaps", "gaps_of", "lead", "leads", "take"]

WAITING = 6


def gaps_of(user: Any, here: services.Here) -> list[dict[str, Any]]:
    """The gaps as rows: state, reason, candidates and leads as far as ``user`` may see them."""
    see_candidates, see_leads = allowed(user, "view", Candidate), allowed(user, "view", Lead)
    found = services.fits(here.graph, here.nodes.values(), here.today) if see_candidates else {}
    waiting = Placement.objects.for_user(user).filter(state=Placement.State.PROPOSED, sure=False)
    pending = dict.fromkeys(waiting.values_list("node__key", flat=True), 0)
    for key in waiting.values_list("node__key", flat=True):
        pending[key] += 1
    rows = []
    for at, one in enumerate(here.gaps, start=1):
        fitting = found.get(one.node, [])
        rows.append(
            {
                "at": at,
                "gap": one,
                "line": line_of(here, one.node),
                "state": gap_words(one),
                "reason": reason(here, one),
                "fits": fitting,
                "leads": sum(len(fit.leads) for fit in fitting) if see_leads else None,
                "pending": pending.get(one.node, 0),
            }
        )
    return rows


@login_required
@require_GET
def gaps(request: HttpRequest) -> HttpResponse:
    """``/chain/gaps/``: ranked, each with its reason and the threshold."""
    return _page(request, services.here(today()))


def _page(request: HttpRequest, here: services.Here, panel: dict[str, Any] | None = None) -> HttpResponse:
    require(request.user, "view", Chain)
    rows = gaps_of(request.user, here)
    context = {
        "rows": rows,
        "limits": here.limits,
        "missing": sum(row["gap"].kind == "missing" for row in rows),
        "courted": sum(bool(row["leads"]) for row in rows),
        "see_candidates": allowed(request.user, "view", Candidate),
        "see_leads": allowed(request.user, "view", Lead),
        "may_import": allowed(request.user, "add", Candidate),
        "may_export": allowed(request.user, "export", Chain),
        "nav_key": "chain.gaps",
    }
    return render(request, "chain/gaps.html", context | (panel or {}))


@login_required
@require_GET
def gap(request: HttpRequest, key: str) -> HttpResponse:
    """One gap: who waits, candidates with reasons, who courts them."""
    here = services.here(today())
    row = next((one for one in gaps_of(request.user, here) if one["gap"].node == key), None)
    if not allowed(request.user, "view", Chain) or row is None:
        raise Http404(_("There is no such thing, or it is not open to your role."))
    may = allowed(request.user, "view", Placement)
    names = services.names_of(row["gap"].waiting) if may else {}
    context = {
        "row": row,
        "waiting": [(firm, *names.get(firm, (firm, False))) for firm in row["gap"].waiting[:WAITING]] if may else [],
        "more": max(0, len(row["gap"].waiting) - WAITING),
        "may_take": allowed(request.user, "add", Lead) and request.user.organisation_id is not None,  # type: ignore[union-attr]
        "see_leads": allowed(request.user, "view", Lead),
    }
    if getattr(request, "htmx", False):
        return render(request, "chain/gap.html", context)
    return _page(request, here, {"panel_template": "chain/gap.html"} | context)


@login_required
@require_POST
def take(request: HttpRequest, key: str) -> HttpResponse:
    """Take a candidate for a gap: a lead with a case."""
    user: Any = request.user
    node = get_object_or_404(Node, key=key)
    candidate = get_object_or_404(Candidate.objects.for_user(user), key=request.POST.get("candidate", ""))
    made = services.take(candidate, node, actor=user, now=now(), note=request.POST.get("note", ""))
    messages.success(request, _("The lead is yours; its case has a clock."))
    return redirect("chain:lead", made.pk)


@login_required
@require_GET
def leads(request: HttpRequest) -> HttpResponse:
    """``/chain/leads/``."""
    require(request.user, "view", Lead)
    return listing_page(request, LEADS)


@login_required
@require_GET
def lead(request: HttpRequest, number: int) -> HttpResponse:
    """One lead: the candidate, the gap, its stage and case, other desks on the same candidate."""
    query = Lead.objects.for_user(request.user).select_related("candidate", "node", "unit", "taken_by")
    one = get_object_or_404(query, pk=number)
    others = Lead.objects.for_user(request.user).filter(candidate=one.candidate).exclude(pk=one.pk)
    context = {
        "lead": one,
        "others": others.select_related("unit", "node"),
        "case": services.case_of(one),
        "stages": Lead.Stage.choices,
        "may_change": allowed(request.user, "change", Lead) and one.open,
        "line": line_of(services.here(today()), one.node.key),
        "nav_key": "chain.leads",
    }
    return render(request, "chain/lead.html", context)


@login_required
@require_POST
def advance(request: HttpRequest, number: int) -> HttpResponse:
    """Move a lead to another stage."""
    user: Any = request.user
    one = get_object_or_404(Lead.objects.for_user(user), pk=number)
    services.advance(one, request.POST.get("stage", ""), request.POST.get("note", ""), actor=user, now=now())
    messages.success(request, _("Noted."))
    return redirect("chain:lead", number)


@login_required
@require_POST
def candidates(request: HttpRequest) -> HttpResponse:
    """Import a list of candidates: all rows or none, faults with their row."""
    require(request.user, "add", Candidate)
    file = request.FILES.get("file")
    if file is None:
        raise Refused(_("No file was chosen."), _("Choose a CSV or Excel file of candidates."))
    try:
        count = services.keep_candidates(file.read(), name=file.name or "candidates")
    except FormatError as error:
        raise Refused(error.in_language(get_language() or "en"), "") from None
    messages.success(request, _("%(n)d candidates kept.") % {"n": count})
    return redirect("chain:gaps")
