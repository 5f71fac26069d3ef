"""同一家企业？ Whom a name means: the candidates side by side, decided by a key, and taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.registers import services
from gangshen.apps.registers.listings import LIKENESSES, MERGES
from gangshen.apps.registers.models import Likeness
from gangshen.apps.registers.services._shown import shown
from gangshen.apps.runs import services as runs
from gangshen.engines.vocabulary import Attribute
from gangshen.web.listing.pages import listing_page

__all__ = ["decide", "likeness", "likenesses", "merges", "search_duplicates"]

_COMPARED = (
    "uscc",
    "name",
    "former_names",
    "registered_on",
    "registered_division",
    "operating_status",
    "registered_capital",
    "industry_registered",
    "insured_employees",
    "revenue",
    "business_scope",
)
_KEYS = "asd"  # of the first, second and third candidate


@login_required
@require_GET
def likenesses(request: HttpRequest) -> HttpResponse:
    """``/enterprises/same/``: what waits to be decided, the likeliest first."""
    running = runs.latest("registers.duplicates")
    context = {"may_search": allowed(request.user, "change", Likeness), "last_run": running}
    return listing_page(request, LIKENESSES, template="registers/likenesses.html", context=context)


@login_required
@require_GET
def merges(request: HttpRequest) -> HttpResponse:
    """``/enterprises/merges/``: what was merged, by whom, and what was taken back."""
    return listing_page(request, MERGES)


@login_required
@require_POST
def search_duplicates(request: HttpRequest) -> HttpResponse:
    """Start the search for duplicates over the whole register."""
    user: Any = request.user
    require(user, "change", Likeness)
    run = runs.start("registers.duplicates", {}, actor=user, now=identity.now())
    messages.success(request, _("The search runs; what it finds appears here."))
    return redirect("runs:run", run.pk) if allowed(user, "view", run) else redirect("registers:likenesses")


def _asked(user: Any, number: int) -> Likeness:
    found = Likeness.objects.for_user(user).select_related("batch__source", "batch__file", "made", "decided_by")
    one = found.filter(pk=number).first()
    if one is None:
        raise Http404(_("There is no such thing, or it is not open to your role."))
    return one


@login_required
@require_GET
def likeness(request: HttpRequest, number: int) -> HttpResponse:
    """``/enterprises/same/<number>/``: the name and its candidates side by side."""
    user: Any = request.user
    asked = _asked(user, number)
    known = services.readable_attributes(user)
    language = 0 if (get_language() or "zh").startswith("zh") else 1
    candidates = [
        {
            "key": one["key"],
            "name": one["name"],
            "percent": one["score"] * 100,
            "reasons": [reason[language] for reason in one["reasons"]],
            "press": _KEYS[at],
        }
        for at, one in enumerate(asked.candidates[: len(_KEYS)])
    ]
    following = Likeness.objects.for_user(user).filter(state=Likeness.State.OPEN).exclude(pk=asked.pk)
    context = {
        "asked": asked,
        "candidates": candidates,
        "rows": _side_by_side(asked, known),
        "may_decide": allowed(user, "change", Likeness),
        "next": following.first(),
        "waiting": following.count(),
        "nav_key": "registers.likenesses",
    }
    return render(request, "registers/likeness.html", context)


def _side_by_side(asked: Likeness, known: dict[str, Attribute]) -> list[dict[str, Any]]:
    """Attribute by attribute: what is said of the name, and what is believed of each candidate."""
    today = identity.today()
    theirs = [services.facts(one["key"], today) for one in asked.candidates[: len(_KEYS)]]
    mine = {name: fact.value for name, fact in services.facts(asked.subject, today).items()} if asked.subject else {}
    if asked.row:
        mine = services.read_values(asked.row["values"])
    rows = []
    for name in [one for one in _COMPARED if one in known] + [
        one for one in mine if one not in _COMPARED and one in known
    ]:
        values = [mine.get(name), *(fact[name].value if name in fact else None for fact in theirs)]
        if name not in _COMPARED and not any(value is not None for value in values[1:]):
            continue
        if any(value is not None for value in values):
            said = ["" if value is None else shown(known[name], value) for value in values]
            cells = [{"text": text, "same": bool(text) and text == said[0]} for text in said]
            rows.append({"label": known[name].label, "cells": cells})
    return rows


@login_required
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """``same`` with a candidate, ``other``, or ``back``; then the next question."""
    user: Any = request.user
    asked, verb, now = _asked(user, number), request.POST.get("verb", ""), identity.now()
    if verb == "back":
        services.take_back(asked.pk, actor=user, now=now)
        messages.success(request, _("Taken back: everything is as it was before the decision."))
        return redirect("registers:likeness", asked.pk)
    following = Likeness.objects.for_user(user).filter(state=Likeness.State.OPEN).exclude(pk=asked.pk).first()
    if verb == "other":
        services.refuse(asked.pk, actor=user, now=now)
        messages.success(request, _("%(name)s is another enterprise; this is not asked again.") % {"name": asked.name})
    else:
        key, keep_other = verb.removeprefix("keep:"), verb.startswith("keep:")
        done = services.confirm(asked.pk, key, actor=user, now=now, keep_other=keep_other)
        messages.success(
            request,
            _("%(name)s is the same enterprise; batch %(batch)s takes it back.")
            % {"name": asked.name, "batch": done.made_id},
        )
    return redirect("registers:likeness", following.pk) if following else redirect("registers:likenesses")
