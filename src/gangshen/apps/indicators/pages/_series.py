"""Indicators: the list, one series with its chart and vintages, a new observation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.indicators import services
from gangshen.apps.indicators.forms import ObservationForm
from gangshen.apps.indicators.listings import PERIODS, SERIES, figure
from gangshen.apps.indicators.models import Observation, Series
from gangshen.engines import timeseries
from gangshen.engines.statistics import cumulated
from gangshen.web.charts import Chart, line_chart
from gangshen.web.errors import Refused
from gangshen.web.formatting import percent
from gangshen.web.listing.pages import listing_page

__all__ = ["chart_of", "indicators", "series", "vintages"]


@login_required
@require_GET
def indicators(request: HttpRequest) -> HttpResponse:
    """``/indicators/``: all series."""
    return listing_page(request, SERIES)


def chart_of(of: Series, curve: list[timeseries.Observation]) -> Chart:
    """The series as a line; dates as the period prints them."""
    x = [_printed(one.at, of.period) for one in curve]
    return line_chart(f"series-{of.pk}", of.name, x, [one.value for one in curve], name=of.name, unit=of.unit)


def _printed(at: dt.date, period: str) -> str:
    if period == "year" and (at.month, at.day) == (12, 31):
        return str(at.year)
    if period == "quarter":
        return f"{at.year} Q{(at.month + 2) // 3}"
    return f"{at:%Y-%m}" if period == "month" else at.isoformat()


@login_required
def series(request: HttpRequest, key: str) -> HttpResponse:
    """``/indicators/<key>/``: what it counts, how it went, every vintage; and the form of a new value."""
    of = get_object_or_404(Series.objects.for_user(request.user), key=key)
    may_add = allowed(request.user, "add", Observation)
    form = ObservationForm(request.POST or None) if may_add else None
    if request.method == "POST":
        require(request.user, "add", Observation)
        if form is not None and form.is_valid() and _observe(request, of, form):
            messages.success(request, _("Added; earlier values stay readable."))
            return redirect("indicators:series", of.key)
    return render(request, "indicators/series.html", _context(of, form))


def _observe(request: HttpRequest, of: Series, form: ObservationForm) -> bool:
    given = form.cleaned_data
    try:
        services.observe(
            of,
            given["at"],
            given["value"],
            vintage=given["vintage"],
            citation=given["citation"],
            note=given["note"],
            now=identity.now(),
            actor=request.user,  # type: ignore[arg-type]
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _context(of: Series, form: ObservationForm | None) -> dict[str, Any]:
    curve = services.curve(of)
    rows = list(services.standing(of).order_by("-at", "-rank", "-pk"))
    held: set[dt.date] = set()
    lines = []
    for one in rows:  # the first of a date is the one that holds
        lines.append((one, one.at not in held, figure(one.value), str(services.ref(of, one.at))))
        held.add(one.at)
    last = curve[-1] if curve else None
    before = curve[-2] if len(curve) > 1 else None
    return {
        "series": of,
        "lines": lines,
        "last": last,
        "last_value": figure(last.value) if last else "",
        "last_at": _printed(last.at, of.period) if last else "",
        "before": before,
        "before_value": figure(before.value) if before else "",
        "before_at": _printed(before.at, of.period) if before else "",
        "revised": len(rows) - len(held),
        "chart": chart_of(of, curve) if len(curve) > 1 else None,
        "months": _months(of, curve),
        "form": form,
        "period": PERIODS.get(of.period, of.period),
        "nav_key": "plans.indicators",
    }


def _months(of: Series, curve: list[timeseries.Observation]) -> list[tuple[str, str, str]]:
    """Monthly flows added up within the year, January with February: (month, sum, year on year)."""
    if of.period != "month" or of.nature != Series.Nature.FLOW:
        return []
    found = cumulated({one.at: one.value for one in curve})
    return [(f"{one.at:%Y} 1–{one.at.month}", figure(one.value), percent(one.rate)) for one in reversed(found)]


@login_required
@require_GET
def vintages(request: HttpRequest, key: str, at: str) -> HttpResponse:
    """``/indicators/<key>/<date>/``: all that was ever said of one date; for htmx its panel."""
    of = get_object_or_404(Series.objects.for_user(request.user), key=key)
    try:
        day = dt.date.fromisoformat(at)
    except ValueError as error:
        raise Http404(_("“%(at)s” is no date.") % {"at": at}) from error
    said = services.vintages(of, day)
    if not said:
        raise Http404(_("Nothing was observed on that date."))
    context = {
        "series": of,
        "at": day,
        "said": [(one, figure(one.value)) for one in said],
        "nav_key": "plans.indicators",
    }
    htmx = request.htmx  # type: ignore[attr-defined]
    return render(request, "indicators/vintages_panel.html" if htmx else "indicators/vintages.html", context)
