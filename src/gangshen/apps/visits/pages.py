"""走访: the list, planning one, one visit with its form for the phone, the sheet to take along."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers import services as registers
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused
from gangshen.web.listing.pages import listing_page
from gangshen.web.word import MEDIA_TYPE

from . import services
from .forms import HoldForm, PlanForm, SeveralForm
from .listings import MATTERS, VISITS
from .models import Matter, Visit

__all__ = ["urlpatterns"]


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """``/visits/``: what is planned and what was held."""
    return listing_page(request, VISITS)


@login_required
@require_GET
def matters(request: HttpRequest) -> HttpResponse:
    """``/visits/matters/``: what was asked and promised, with who sees to it."""
    return listing_page(request, MATTERS)


def _firm(user: Any, key: str) -> Organisation:
    key = registers.kept_key(key)
    firm = get_object_or_404(Organisation, key=key, kind=Organisation.Kind.ENTERPRISE)
    if not registers.may_see(user, key):
        raise Http404(_("There is no such thing, or it is not open to your role."))
    return firm


@login_required
def new(request: HttpRequest, key: str) -> HttpResponse:
    """``/visits/new/<firm>/``: plan a visit; a visit of late is told of before one goes there again."""
    user: Any = request.user
    require(user, "add", Visit)
    firm, today = _firm(user, key), identity.today()
    lately = services.earlier(firm, today)
    initial = {"on": today + dt.timedelta(days=1)}
    form = PlanForm(request.POST or None, user=user, warned=bool(lately), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if lately and not given.get("anyway"):
            form.add_error("anyway", _("Another unit was or will be there; tick this to visit all the same."))
        else:
            try:
                made = services.plan(
                    firm, given["unit"], given["on"], purpose=given["purpose"], visitor=user, actor=user, today=today
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Planned; the sheet is ready to print."))
                return redirect("visits:visit", made.pk)
    context = {"firm": firm, "form": form, "lately": _told(lately, today), "nav_key": "enterprises.visits"}
    return render(request, "visits/new.html", context)


@login_required
@require_POST
def chosen(request: HttpRequest) -> HttpResponse:
    """Firms ticked in the register: on to the page that plans them."""
    require(request.user, "add", Visit)
    firms = request.POST.getlist("row")[: services.MOST + 1]
    return redirect(f"{reverse('visits:several')}?{urlencode({'firm': firms}, doseq=True)}")


@login_required
def several(request: HttpRequest) -> HttpResponse:
    """``/visits/several/?firm=…``: plan a visit to each; who was visited of late is told, and left out unless ticked."""
    user: Any = request.user
    require(user, "add", Visit)
    today = identity.today()
    stops = services.stops(request.GET.getlist("firm"), user, today)
    initial = {"on": today + dt.timedelta(days=1)}
    form = SeveralForm(request.POST or None, user=user, stops=stops, initial=initial)
    if request.method == "POST" and form.is_valid() and _planned(request, form, today):
        return redirect(f"{reverse('visits:index')}?state=planned")
    context = {
        "form": form,
        "stops": len(stops),
        "warned": sum(1 for one in stops if one.lately),
        "nav_key": "enterprises.visits",
    }
    return render(request, "visits/several.html", context)


def _planned(request: HttpRequest, form: SeveralForm, today: dt.date) -> bool:
    user: Any = request.user
    asked, given = form.asked(), form.cleaned_data
    if not asked:
        form.add_error(None, _("No firm is ticked."))
        return False
    try:
        made = services.plan_several(
            asked, given["unit"], visitor=given["visitor"], purpose=given["purpose"], actor=user, today=today
        )
    except Refused as refusal:
        form.add_error(None, f"{refusal} {_('None was planned.')}")
        return False
    words = ngettext("%(n)s visit is planned.", "%(n)s visits are planned.", len(made)) % {"n": len(made)}
    messages.success(request, words)
    return True


def _told(visits: list[Visit], today: dt.date) -> list[dict[str, Any]]:
    """Visits with what stands open from them."""
    rows = Matter.objects.filter(visit__in=visits, answered_on=None).select_related("visit", "case")
    open_of: dict[int, list[Matter]] = {}
    for one in rows:
        open_of.setdefault(one.visit_id, []).append(one)
    return [{"visit": one, "days": (today - one.on).days, "open": open_of.get(one.pk, [])} for one in visits]


def _visit(user: Any, pk: int) -> Visit:
    return get_object_or_404(Visit.objects.for_user(user).select_related("firm", "unit", "visitor"), pk=pk)


@login_required
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """``/visits/<id>/``: before the visit its form, after it what was said, asked and promised."""
    user: Any = request.user
    one, today = _visit(user, pk), identity.today()
    may = allowed(user, "change", Visit) and one.state == Visit.State.PLANNED
    asked = services.sayable(user, one.firm, today) if may else []
    form = HoldForm(request.POST or None, sayable=asked) if may else None
    if request.method == "POST":
        require(user, "change", one)
        if form is None:
            raise Refused(_("This visit is %(state)s.") % {"state": one.get_state_display()}, _("Plan another one."))
        if form.is_valid() and _hold(request, one, form, today):
            return redirect("visits:visit", one.pk)
    found = [row for row in services.matters_of(user, one.firm) if row.visit_id == one.pk]
    context = {
        "visit": one,
        "form": form,
        "matters": [(row, services.stand_of(row, today)) for row in found],
        "said": _said(user, one),
        "lately": _told(services.earlier(one.firm, one.on, but=one), today),
        "days": (one.on - today).days,
        "today": today,
        "nav_key": "enterprises.visits",
    }
    return render(request, "visits/visit.html", context)


def _hold(request: HttpRequest, one: Visit, form: HoldForm, today: dt.date) -> bool:
    user: Any = request.user
    try:
        services.hold(
            one,
            said=form.said(),
            matters=form.asked(),
            note=form.cleaned_data["note"],
            actor=user,
            now=identity.now(),
            today=today,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Written down; what was asked goes to its unit as a case."))
    return True


def _said(user: Any, one: Visit) -> list[dict[str, Any]]:
    """Facts that records of the source *visit* state of the firm on that day."""
    if one.state != Visit.State.HELD:
        return []
    may = registers.readable_attributes(user)
    records = registers.live_records().filter(subject=one.firm.key, source__key=registers.VISIT, as_of=one.on)
    return [
        {
            "attribute": may[name],
            "value": registers.shown(may[name], registers.typed(may[name], value)),
            "ref": f"rec:{record.pk}#{name}",
        }
        for record in records
        for name, value in record.values.items()
        if name in may
    ]


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day."""
    one = _visit(request.user, pk)
    try:
        on = dt.date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise Refused(_("No day is given."), _("Choose a day.")) from None
    services.move(one, on, actor=request.user, today=identity.today())  # type: ignore[arg-type]
    messages.success(request, _("Moved to %(day)s.") % {"day": on})
    return redirect("visits:visit", pk)


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Not at all, and why."""
    services.cancel(_visit(request.user, pk), request.POST.get("reason", ""), actor=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The visit is cancelled."))
    return redirect("visits:index")


@login_required
@require_GET
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """``/visits/sheet/<firm>.docx``: 走访单, for the next planned visit where there is one."""
    user: Any = request.user
    require(user, "view", Visit)
    firm, today = _firm(user, key), identity.today()
    coming = (
        Visit.objects.for_user(user)
        .filter(registers.rows_of(firm.key, "firm__key"), state=Visit.State.PLANNED, on__gte=today)
        .order_by("on")
        .first()
    )
    if read := registers.personal(list(registers.facts(firm.key, today, user))):
        archive.record_event(user, "read", firm, {"attributes": read}, personal=True)
    data = services.sheet(
        firm, user=user, today=today, on=coming.on if coming else None, purpose=coming.purpose if coming else ""
    )
    archive.record_event(user, "export", firm, {"what": "visit sheet"})
    return attachment(data, f"{firm.name} {coming.on if coming else today}.docx", MEDIA_TYPE)


urlpatterns = [
    path("", index, name="index"),
    path("matters/", matters, name="matters"),
    path("chosen/", chosen, name="chosen"),
    path("several/", several, name="several"),
    path("new/<str:key>/", new, name="new"),
    path("sheet/<str:key>.docx", sheet, name="sheet"),
    path("<int:pk>/", visit, name="visit"),
    path("<int:pk>/move/", move, name="move"),
    path("<int:pk>/cancel/", cancel, name="cancel"),
]
