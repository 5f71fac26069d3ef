"""Writing a statistic: a new one, a changed one, a copy saved as one's own view."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import require
from gangshen.apps.indicators import services
from gangshen.apps.indicators.forms import StatisticForm
from gangshen.apps.indicators.models import Statistic
from gangshen.engines.statistics import Statistic as Definition
from gangshen.web.errors import Refused

from ._statistics import one_of

__all__ = ["edit", "new"]


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """``/indicators/statistics/new/``; with ``?from=KEY`` it starts as a copy."""
    require(request.user, "add", Statistic)
    stored = one_of(request, request.GET["from"])[1] if request.GET.get("from") else None
    return _form(request, stored, None)


@login_required
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """``/indicators/statistics/KEY/edit/``."""
    row, one = one_of(request, key)
    require(request.user, "change", row)
    return _form(request, one, row)


def _form(request: HttpRequest, stored: Definition | None, row: Statistic | None) -> HttpResponse:
    form = StatisticForm(request.POST or None, stored=stored)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _saved(request, form, row)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved"))
            return redirect("indicators:statistic", saved.key)
    context = {"form": form, "row": row, "nav_key": "registers.statistics"}
    return render(request, "indicators/statistic_form.html", context)


def _saved(request: HttpRequest, form: StatisticForm, row: Statistic | None) -> Statistic:
    actor: Any = request.user
    given = dict(form.cleaned_data["definition"])
    if row is None:
        given["key"] = services.key_for(given["name"].en or "")
        given["owner"] = actor.get_username()
    else:
        held = services.definition_of(row)
        given["key"], given["owner"] = row.key, held.owner
        given = held.model_dump(include={"deflator", "base_year", "limits"}) | given
    return services.save(Definition.model_validate(given), actor=actor, now=identity.now())
