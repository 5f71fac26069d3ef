"""免申即享: what needs no application, the lists made, one list with its firms, one firm's facts and answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import allowed, require, scope
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import now, today
from gangshen.apps.policies import services
from gangshen.apps.policies.listings import CONFIRM_LINES, CONFIRM_LISTS
from gangshen.apps.policies.models import ConfirmLine, ConfirmList, Policy
from gangshen.apps.registers import services as registers
from gangshen.engines.benefits import Interval
from gangshen.web import excel
from gangshen.web import word as word_files
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused
from gangshen.web.listing.pages import listing_page, view

__all__ = ["answer", "confirm", "confirm_chosen", "index", "line", "make", "paper", "send", "sheet"]

NAV = "policies.confirm"


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """``/policies/confirm/``: editions granted without an application, and the lists made of them."""
    user: Any = request.user
    require(user, "view", ConfirmList)
    found = services.automatic_now(today())
    context = {"automatic": found, "may_make": allowed(user, "add", ConfirmList), "own_answer": True}
    return listing_page(request, CONFIRM_LISTS, template="policies/confirm.html", context=context)


@login_required
@require_POST
def make(request: HttpRequest, key: str) -> HttpResponse:
    """List everyone entitled today."""
    user: Any = request.user
    policy = get_object_or_404(Policy.objects.for_user(user), key=key)
    made = services.confirm_list(policy, today(), actor=user, now=now())
    return redirect("policies:confirm-list", made.pk)


def _list(user: Any, pk: int) -> ConfirmList:
    return get_object_or_404(ConfirmList.objects.for_user(user).select_related("policy", "made_by", "sent_by"), pk=pk)


@login_required
@require_GET
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """``/policies/confirm/<id>/``: who is on the list, how much, who is new and why, who has answered."""
    user: Any = request.user
    held = _list(user, pk)
    params = request.GET.copy()
    params["list"] = str(pk)
    shown = view(request, CONFIRM_LINES, params=params)
    counted = held.lines.aggregate(
        n=Count("pk"),
        new=Count("pk", filter=Q(new=True)),
        yes=Count("pk", filter=Q(state="confirmed")),
        no=Count("pk", filter=Q(state="objected")),
        asked=Count("case", distinct=True),
        granted=Count("pk", filter=Q(granted__gt=0)),
        done=Count("pk", filter=Q(state="granted")),
        unasked=Count("pk", filter=Q(case=None, state="pending")),
        low=Sum("low"),
        high=Sum("high"),
    )
    context = {
        "held": held,
        "list": shown,
        "own_answer": True,
        "counted": counted,
        "pending": counted["n"] - counted["yes"] - counted["no"] - counted["done"],
        "total": Interval(counted["low"] or 0, counted["high"] or 0),
        "may_send": allowed(user, "change", ConfirmList) and allowed(user, "add", Case) and counted["unasked"],
        "may_export": allowed(user, "export", ConfirmLine),
        "nav_key": NAV,
    }
    return render(request, "policies/confirm_list.html", context)


@login_required
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask: a case for each account manager; sent again nobody is asked twice."""
    user: Any = request.user
    sent = services.send_list(_list(user, pk), actor=user, now=now())
    if not sent.firms:
        messages.info(request, _("Every firm of the list was asked already; nobody is told twice."))
    else:
        words = ngettext("%(n)d case was opened", "%(n)d cases were opened", sent.cases) % {"n": sent.cases}
        firms = ngettext("for %(n)d firm.", "for %(n)d firms.", sent.firms) % {"n": sent.firms}
        messages.success(request, f"{words} {firms}")
    return redirect("policies:confirm-list", pk)


def _line(user: Any, pk: int, action: str = "view") -> ConfirmLine:
    found = ConfirmLine.objects.for_user(user, action).select_related("roster__policy", "firm", "case", "answered_by")
    return get_object_or_404(found, pk=pk)


@login_required
@require_GET
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """``/policies/confirm/firms/<id>/``: the facts of one firm with their records, and its answer."""
    user: Any = request.user
    one = _line(user, pk)
    own = registers.is_own(user, one.firm.key)
    facts = services.readable_facts(one, registers.readable_attributes(user, own=own))
    if (read := registers.personal([each["attribute"] for each in facts])) and not own:
        archive.record_event(user, "read", one.firm, {"attributes": read}, personal=True)
    context = {
        "line": one,
        "facts": facts,
        "amount": None if one.low is None else Interval(one.low, one.high or one.low),
        "may_answer": one.roster.sent_at is not None
        and one.state != ConfirmLine.State.GRANTED
        and allowed(user, "change", ConfirmLine),
        "staff": scope(user, "view", ConfirmList) is not None,
        "manager": registers.managers([one.firm.key], one.roster.as_of)[one.firm.key].name,
        "nav_key": NAV if not own else "my",
    }
    part = bool(getattr(request, "htmx", False))
    return render(request, "policies/confirm_line_part.html" if part else "policies/confirm_line.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirmed, or objected with the reason; by the firm itself or by who asked it."""
    user: Any = request.user
    one = _line(user, pk, "change")
    said = services.answer_line(
        one, request.POST.get("state", ""), request.POST.get("reason", ""), actor=user, now=now()
    )
    messages.success(request, _("%(firm)s: %(answer)s.") % {"firm": said.firm, "answer": said.get_state_display()})
    if scope(user, "view", ConfirmList) is None:
        return redirect("policies:confirm-line", pk)
    return redirect("policies:confirm-list", one.roster_id)


@login_required
@require_POST
def confirm_chosen(request: HttpRequest) -> HttpResponse:
    """Write down that the chosen firms confirmed."""
    user: Any = request.user
    chosen = [int(one) for one in request.POST.getlist("row") if one.isdigit()]
    found = list(ConfirmLine.objects.for_user(user, "change").filter(pk__in=chosen).order_by("pk"))
    found = [one for one in found if one.state != ConfirmLine.State.GRANTED]  # these were not asked
    if not found:
        raise Refused(_("No firm is chosen."), _("Tick one."))
    for one in found:
        services.answer_line(one, ConfirmLine.State.CONFIRMED, actor=user, now=now())
    messages.success(
        request, ngettext("%(n)d firm confirmed.", "%(n)d firms confirmed.", len(found)) % {"n": len(found)}
    )
    return redirect("policies:confirm-list", found[0].roster_id)


def _file(request: HttpRequest, pk: int, made: Any, kind: str, suffix: str) -> HttpResponse:
    user: Any = request.user
    require(user, "export", ConfirmLine)
    held = _list(user, pk)
    may = registers.readable_attributes(user)
    named = sorted({one["attribute"] for each in held.lines.all() for one in each.facts} & set(may))
    for read in filter(None, [registers.personal(named)]):
        for firm in Organisation.objects.filter(pk__in=held.lines.values("firm")):
            archive.record_event(user, "read", firm, {"attributes": read}, personal=True)
    archive.record_event(user, "export", held.policy, {"what": "confirm list", "list": pk})
    return attachment(made(held, may), f"confirm-{held.policy.key}-{held.as_of}.{suffix}", kind)


@login_required
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as Excel."""
    return _file(request, pk, services.confirm_workbook, excel.MEDIA_TYPE, "xlsx")


@login_required
@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as Word."""
    return _file(request, pk, services.confirm_paper, word_files.MEDIA_TYPE, "docx")
