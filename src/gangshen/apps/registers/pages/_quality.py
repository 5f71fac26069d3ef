"""数据质量: what can I not trust? The answer, by attribute, by source, and what can be done about each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import Source
from gangshen.apps.cases.models import Case
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require, scope
from gangshen.apps.registers import services
from gangshen.apps.registers.listings import DOUBT_LIST
from gangshen.apps.registers.listings._connectors import connector_state
from gangshen.apps.registers.models import Batch, Connector, Record
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.web.charts import Chart, line_chart, share_chart
from gangshen.web.components import Measure
from gangshen.web.downloads import attachment
from gangshen.web.excel import MEDIA_TYPE
from gangshen.web.formatting import money_text, number, short_day
from gangshen.web.listing import rows as listed
from gangshen.web.listing.pages import listing_page

__all__ = ["ask_doubts", "ask_source", "doubts", "filling", "measure", "quality"]

_BARS = 12
_MOST_FILLED = 20_000  # values of one workbook to fill in


def _opened(request: HttpRequest) -> Any:
    user: Any = request.user
    if not allowed(user, "view", Batch) or scope(user, "view", Record) != "all":
        raise PermissionDenied
    return user


@login_required
@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """``/enterprises/quality/``."""
    user, today = _opened(request), identity.today()
    found = services.quality(today, user)
    history = services.measured(today)
    aged = sorted((line for line in found.lines if line.stale or line.disputed), key=lambda one: -one.stale)
    lacking = sorted((line for line in found.lines if line.waiting), key=lambda one: (-one.fen, -one.waiting))
    asked = services.asked_sources(one.source for one in found.late)
    pulls = {
        one.source_id: (one, connector_state(one)) for one in Connector.objects.for_user(user).select_related("source")
    }
    context = {
        "found": found,
        "measures": _measures(found),
        "chart": _chart(aged[:_BARS]) if aged else None,
        "aged": aged,
        "lacking": lacking,
        "sources": [(one, asked.get(one.source.key), pulls.get(one.source.pk)) for one in found.deliveries],
        "history": history[::-1],
        "history_chart": _over_time(history) if len(history) > 1 else None,
        "may_ask": allowed(user, "add", Case),
        "may_measure": allowed(user, "add", Run),
        "may_export": allowed(user, "export", Batch),
        "nav_key": "registers.quality",
    }
    return render(request, "registers/quality.html", context)


def _measures(found: services.Quality) -> list[Measure]:
    values, page = reverse("registers:doubts"), reverse("registers:quality")
    share = f"{100 * found.stale / found.known:.1f}%" if found.known else ""
    return [
        Measure(
            _("Out of date"),
            number(found.stale),
            _("values"),
            _("%(share)s of what is known") % {"share": share} if share else "",
            "near" if found.stale else "ok",
            url=f"{values}?state=stale",
        ),
        Measure(
            _("Sources disagree"),
            number(found.disputed),
            _("values"),
            _("settle which one stands") if found.disputed else _("none beyond its tolerance"),
            "bad" if found.disputed else "ok",
            url=reverse("registers:conflicts"),
        ),
        Measure(
            _("Waiting for a value"),
            number(found.waiting),
            _("firms"),
            _("at most %(money)s undecided") % {"money": money_text(found.fen)} if found.fen else "",
            "unk" if found.waiting else "ok",
            url=f"{values}?state=missing",
        ),
        Measure(
            _("Refused rows"),
            number(found.refused),
            _("rows"),
            ngettext("of %(n)d import", "of %(n)d imports", len(found.refusals)) % {"n": len(found.refusals)},
            "near" if found.refused else "ok",
            url=f"{page}#refused",
        ),
        Measure(
            _("Same enterprise?"),
            number(found.likenesses),
            _("questions"),
            _("wait for a decision") if found.likenesses else _("none waits"),
            "near" if found.likenesses else "ok",
            url=reverse("registers:likenesses"),
        ),
    ]


def _chart(lines: list[services.Line]) -> Chart:
    names = [line.attribute.label for line in lines]
    parts = [
        (_("inside its period"), [line.fresh for line in lines]),
        (_("out of date"), [line.stale for line in lines]),
        (_("not known"), [line.missing for line in lines]),
    ]
    inks = ["--c1", "--near-fill", "--surface-3"]
    chart = share_chart("by-attribute", _("Values by attribute"), names, parts, unit=_("firms"), inks=inks)
    chart.options["yAxis"]["axisLabel"] |= {"interval": 0}
    return Chart(chart.id, chart.title, chart.options, chart.heads, chart.rows, tall=len(lines) > 5)


def _over_time(history: list[services.Measured]) -> Chart:
    days = [short_day(one.day) for one in history]
    shares = [one.share for one in history]
    return line_chart(
        "over-time", _("Out of date, share of known values"), days, shares, name=_("Out of date"), unit="%"
    )


@login_required
@require_GET
def doubts(request: HttpRequest) -> HttpResponse:
    """``/enterprises/quality/values/``: value by value, to be asked for or filled in."""
    query = request.GET.urlencode()
    filling_url = reverse("registers:filling") + (f"?{query}" if query else "")
    context = {"filling_url": filling_url, "may_export": allowed(request.user, "export", Batch)}
    return listing_page(request, DOUBT_LIST, template="registers/doubts.html", context=context)


@login_required
@require_GET
def filling(request: HttpRequest) -> HttpResponse:
    """The same values as a workbook to fill in and import again."""
    user, today = _opened(request), identity.today()
    result = listed(DOUBT_LIST, user, request.GET, channel="excel")
    chosen = {row["id"] for row, _at in zip(result.each(), range(_MOST_FILLED), strict=False)}
    rows = services.doubts(today, user)
    rows = rows.filter(rows.get_column("id").is_in(list(chosen)))
    read = services.personal(rows.get_column("attribute").unique().to_list())
    if read:
        archive.record_event(user, "read", "list:doubts", {"attributes": read}, personal=True)
    name = f"to-fill-in-{today.isoformat()}.xlsx"
    return attachment(services.filling_workbook(rows, today), name, MEDIA_TYPE)


@login_required
@require_POST
def ask_doubts(request: HttpRequest) -> HttpResponse:
    """Ask the account managers for the chosen values, each once."""
    user = _opened(request)
    asked = services.ask_for(request.POST.getlist("row"), actor=user, now=identity.now(), today=identity.today())
    said = [ngettext("%(n)d case opened", "%(n)d cases opened", asked.opened) % {"n": asked.opened}]
    if asked.already:
        said.append(_("%(n)d asked already") % {"n": asked.already})
    if asked.to_office:
        said.append(_("%(n)d to the zone office, for nobody who looks after the firm logs in") % {"n": asked.to_office})
    if asked.left:
        said.append(_("%(n)d left for the next time") % {"n": asked.left})
    messages.success(request, _(", ").join(said) + _("."))
    return redirect("registers:doubts")


@login_required
@require_POST
def ask_source(request: HttpRequest, key: str) -> HttpResponse:
    """Ask a late source for its delivery; asked twice it is one case."""
    user = _opened(request)
    source = get_object_or_404(Source.objects.for_user(user), key=key)
    case = services.ask_source(source, actor=user, now=identity.now(), today=identity.today())
    messages.success(request, _("Case %(n)s asks for it.") % {"n": case.pk})
    return redirect("registers:quality")


@login_required
@require_POST
def measure(request: HttpRequest) -> HttpResponse:
    """Keep today's figures now."""
    user = _opened(request)
    require(user, "add", Run)
    runs.start(services.MEASURE, {}, actor=user, now=identity.now())
    messages.success(request, _("Measuring; today's figures appear here."))
    return redirect("registers:quality")
