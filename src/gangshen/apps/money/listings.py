"""The journal as a list."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import allowed
from gangshen.web.listing import Column, Filter, Listing

from .models import Account, Entry, Programme

__all__ = ["ENTRIES"]


def _programmes(actor: Any) -> list[tuple[str, str]]:
    return list(Programme.objects.for_user(actor).values_list("key", "name"))


ENTRIES = Listing(
    key="entries",
    title=_("Journal"),
    noun=_("entries"),
    columns=[
        Column("at", _("Date"), kind="date", value=lambda entry: entry.transaction.at, sort="transaction__at"),
        Column("memo", _("Memo"), value="transaction__memo", main=True, second="transaction__key"),
        Column("programme", _("Programme"), value="programme__name"),
        Column("year", _("Year"), value="account__year"),
        Column("account", _("Account"), value="account__get_kind_display", sort="account__kind"),
        Column("holder", _("For"), value="account__holder"),
        Column("amount", _("Amount"), kind="money", value="amount_fen"),
        Column("line", _("What is funded"), page=False),
        Column(
            "evidence",
            _("Evidence"),
            kind="ref",
            value=lambda entry: (entry.transaction.evidence, "") if entry.transaction.evidence else [],
            sort=False,
        ),
    ],
    filters=[
        Filter("programme", _("Programme"), field="programme__key", choices=_programmes),
        Filter("year", _("Year"), field="account__year"),
        Filter("account", _("Account"), field="account__kind", choices=Account.Kind.choices),
        Filter("amount", _("Amount"), kind="range", field="amount_fen", scale=1_000_000, unit="万元"),
        Filter("at", _("Date"), kind="date", field="transaction__at__date"),
    ],
    search_fields=("transaction__memo", "transaction__key", "account__holder", "line"),
    source=lambda actor: Entry.objects.for_user(actor).select_related("transaction", "account", "programme"),
    default_sort="-at",
    row_url=lambda entry: reverse("money:entry", args=[entry.transaction_id]),
    panel=True,
    marks=lambda entry: ("assumed",) if entry.programme.assumed else (),
    scope=_("Written once; a correction is a new entry. The treasury pays: this is its shadow."),
    empty=(_("The journal is empty"), _("Enter the appropriation: gangshen money appropriate."), "", ""),
    nav_key="policies.money",
    allowed=lambda actor: allowed(actor, "view", Entry),
    exportable=lambda actor: allowed(actor, "export", Entry),
)
