"""资金: what may still be spent, by programme; the journal behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require
from gangshen.web import plots
from gangshen.web.components import Measure
from gangshen.web.formatting import money_parts
from gangshen.web.listing.pages import listing_page

from . import services
from .listings import ENTRIES
from .models import Account, Entry, Programme, Transaction
from .services import Balance

__all__ = ["urlpatterns"]

PARTS = ("paid", "decided", "reserved", "available", "returned")
INKS = ("c1", "c3", "c4", "trk", "trk")
TIGHT = 0.8  # committed share from which a programme's year is marked as running out


@dataclass(frozen=True, slots=True)
class Row:
    """A programme's year on the page."""

    programme: Programme
    balance: Balance
    plot: SafeString

    @property
    def percent(self) -> int | None:
        share = self.balance.share_committed
        return None if share is None else round(share * 100)

    @property
    def state(self) -> str:
        share = self.balance.share_committed
        if share is None:
            return "unk"
        return "bad" if self.balance.available == 0 else "near" if share >= TIGHT else "ok"


def _plot(balance: Balance, name: str) -> SafeString:
    return plots.shares([getattr(balance, part) for part in PARTS], INKS, name=name)


def _years() -> list[int]:
    return sorted(Account.objects.values_list("year", flat=True).distinct(), reverse=True)


def _year(request: HttpRequest, years: list[int]) -> int:
    asked = request.GET.get("year", "")
    if asked and not asked.isdigit():
        raise Http404(_("“%(year)s” is no year.") % {"year": asked})
    today = identity.today().year
    return int(asked) if asked else today if today in years or not years else years[0]


@login_required
@require_GET
def money(request: HttpRequest) -> HttpResponse:
    """``/money/?year=``: every programme's year in one picture."""
    require(request.user, "view", Programme)
    years = _years()
    year = _year(request, years)
    held = services.balances(year)
    rows = [
        Row(one, balance, _plot(balance, _words(balance)))
        for one in Programme.objects.for_user(request.user)
        if (balance := held.get((one.key, year)))
    ]
    rows.sort(key=lambda row: -(row.balance.share_committed or 0))
    total = Balance(*(sum(getattr(row.balance, name) for row in rows) for name in Balance.__slots__))
    context = {
        "rows": rows,
        "total": total,
        "year": year,
        "years": years,
        "tight": [row for row in rows if row.state != "ok"],
        "may_entries": allowed(request.user, "view", Entry),
        "nav_key": "policies.money",
    }
    return render(request, "money/money.html", context)


def _words(balance: Balance) -> str:
    labels = {kind: str(label) for kind, label in Account.Kind.choices}
    return _(", ").join(f"{labels[part]} {''.join(map(str, money_parts(getattr(balance, part))))}" for part in PARTS)


@login_required
@require_GET
def programme(request: HttpRequest, key: str) -> HttpResponse:
    """``/money/<programme>/?year=``: one programme, its holders, its entries."""
    one = get_object_or_404(Programme.objects.for_user(request.user), key=key)
    years = services.years_of(one)
    year = _year(request, years)
    balance = services.balance(one, year)
    holders = Account.objects.filter(programme=one, year=year).exclude(holder="").exclude(balance_fen=0)
    names = dict(_names(holders))
    context = {
        "programme": one,
        "balance": balance,
        "percent": None if balance.share_committed is None else round(balance.share_committed * 100),
        "measures": _measures(balance, key, year),
        "year": year,
        "years": years,
        "holders": [(names.get(a.holder, a.holder), a) for a in holders.order_by("kind", "-balance_fen")[:200]],
        "entries_url": f"{reverse('money:entries')}?programme={key}&year={year}",
        "may_entries": allowed(request.user, "view", Entry),
        "nav_key": "policies.money",
    }
    return render(request, "money/programme.html", context)


def _names(accounts: Any) -> list[tuple[str, str]]:
    from gangshen.apps.identity.models import Organisation

    return list(Organisation.objects.filter(key__in=accounts.values("holder")).values_list("key", "name"))


def _measures(balance: Balance, key: str, year: int) -> list[Measure]:
    labels = dict(Account.Kind.choices)
    shown = [(_("Appropriated"), balance.appropriated, "")]
    shown += [(labels[part], getattr(balance, part), part) for part in ("available", "reserved", "decided", "paid")]
    return [
        Measure(
            label,
            money_parts(fen)[0],
            money_parts(fen)[1],
            url=f"{reverse('money:entries')}?programme={key}&year={year}" + (f"&account={part}" if part else ""),
        )
        for label, fen, part in shown
    ]


@login_required
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """``/money/entries/``: the journal."""
    return listing_page(request, ENTRIES, template="money/entries.html")


@login_required
@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """``/money/entries/<number>/``: one transaction with both its sides; for htmx its panel."""
    sides = Entry.objects.for_user(request.user).filter(transaction=pk).select_related("account", "programme")
    if not sides:
        raise Http404
    one = Transaction.objects.select_related("actor").get(pk=pk)
    context = {"transaction": one, "sides": sides, "nav_key": "policies.money"}
    return render(request, "money/entry_panel.html" if request.htmx else "money/entry.html", context)  # type: ignore[attr-defined]


urlpatterns = [
    path("", money, name="money"),
    path("entries/", entries, name="entries"),
    path("entries/<int:pk>/", entry, name="entry"),
    path("<slug:key>/", programme, name="programme"),
]
