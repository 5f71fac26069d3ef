"""The list of values that cannot be trusted."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gangshen.apps.archive.models import Source
from gangshen.apps.cases.models import Case
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, scope
from gangshen.apps.registers.models import Batch, Record
from gangshen.apps.registers.services import DOUBTS, attributes, doubts, readable_attributes
from gangshen.web.formatting import number
from gangshen.web.listing import Action, Column, Filter, Listing, View

__all__ = ["DOUBT_LIST", "STATES"]

STATES: dict[str, tuple[str, Any]] = {
    "stale": ("near", gettext_lazy("out of date")),
    "disputed": ("bad", gettext_lazy("sources disagree")),
    "missing": ("unk", gettext_lazy("not known")),
}


def _rows(user: Any) -> pl.DataFrame:
    if scope(user, "view", Record) != "all":
        return pl.DataFrame(schema=DOUBTS)
    names = dict(Source.objects.values_list("key", "name"))
    return doubts(identity.today(), user).with_columns(pl.col("source").replace(names))


def _answer(result: Any) -> str:
    n = {"n": number(result.total)}
    return ngettext("%(n)s value cannot be trusted", "%(n)s values cannot be trusted", result.total) % n


def _good_for(row: Any) -> str:
    days = attributes()[row["attribute"]].stale_after_days
    return _("good for %(n)s days") % {"n": days} if days and row["state"] == "stale" else ""


DOUBT_LIST = Listing(
    key="doubts",
    title=gettext_lazy("Values that cannot be trusted"),
    noun=gettext_lazy("values"),
    columns=[
        Column("name", gettext_lazy("Enterprise"), main=True, second="subject"),
        Column(
            "what",
            gettext_lazy("Attribute"),
            "label",
            value=lambda row: attributes()[row["attribute"]].label,
            sort="attribute",
        ),
        Column("state", gettext_lazy("State"), "status", value=lambda row: STATES[row["state"]], sort="state"),
        Column("money", gettext_lazy("Money waiting, at most"), "money", value="fen"),
        Column("as_of", gettext_lazy("Said for"), "date", second=_good_for),
        Column("source", gettext_lazy("Source"), phone=False),
        Column("attribute", gettext_lazy("Attribute id"), page=False),
    ],
    filters=[
        Filter(
            "what",
            gettext_lazy("Attribute"),
            field="attribute",
            choices=lambda user: [(name, one.label) for name, one in readable_attributes(user).items()],
        ),
        Filter("state", gettext_lazy("State"), choices=[(name, words) for name, (_state, words) in STATES.items()]),
        Filter("source", gettext_lazy("Source")),
        Filter(
            "money",
            gettext_lazy("Money waiting"),
            "range",
            field="fen",
            scale=1_000_000,
            unit=gettext_lazy("10,000 CNY"),
        ),
    ],
    views=[
        View("missing", gettext_lazy("Missing, with money waiting"), {"state": "missing"}),
        View("stale", gettext_lazy("Out of date"), {"state": "stale"}),
        View("disputed", gettext_lazy("Sources disagree"), {"state": "disputed"}),
    ],
    actions=[
        Action(
            gettext_lazy("Ask the account managers"),
            "registers:ask_doubts",
            primary=True,
            key="a",
            allowed=lambda user: allowed(user, "add", Case),
        )
    ],
    search_fields=["name", "subject"],
    source=_rows,
    row_id="id",
    row_url=lambda row: reverse("registers:history", args=[row["subject"], row["attribute"]]),
    panel=True,
    marks=lambda row: ["synthetic"] if row["synthetic"] else [],
    answer=_answer,
    empty=(
        gettext_lazy("Every value can be trusted"),
        gettext_lazy("All are inside their period, no two sources disagree, and nothing waits for a missing one."),
        "/enterprises/quality/",
        gettext_lazy("Data quality"),
    ),
    scope=gettext_lazy(
        "past the period its attribute is good for, said differently by two sources, or missing where support is undecided for want of it; the dearest first"
    ),
    nav_key="registers.quality",
    allowed=lambda user: allowed(user, "view", Batch),
    exportable=lambda user: allowed(user, "export", Batch),
)
