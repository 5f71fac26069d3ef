"""The list of connectors."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gangshen.apps.identity.access import allowed
from gangshen.apps.registers.models import Connector
from gangshen.apps.registers.services import definition, overdue
from gangshen.web.listing import Action, Column, Filter, Listing

__all__ = ["CONNECTORS", "KINDS", "connector_state"]

KINDS = {
    "folder": gettext_lazy("folder"),
    "sql": gettext_lazy("database"),
    "http": gettext_lazy("web address"),
}


def connector_state(one: Connector) -> tuple[str, Any]:
    """Its state in shape and words."""
    if not definition(one).enabled:
        return "na", _("switched off")
    if one.error:
        return "bad", _("failed")
    if one.pulled_at is None:
        return "unk", _("not pulled yet")
    return ("near", _("late")) if overdue([one], timezone.now()) else ("ok", _("in time"))


def _answer(result: Any) -> str:
    n = {"n": result.total}
    return (
        ngettext("%(n)s connector brings data by itself", "%(n)s connectors bring data by themselves", result.total) % n
    )


CONNECTORS = Listing(
    key="connectors",
    title=gettext_lazy("Connectors"),
    noun=gettext_lazy("connectors"),
    columns=[
        Column("source", gettext_lazy("Source"), value="source__name", main=True, second="key"),
        Column("kind", gettext_lazy("From"), "label", value=lambda one: KINDS[definition(one).kind], sort=False),
        Column("into", gettext_lazy("Register"), value=lambda one: definition(one).into, sort=False, phone=False),
        Column(
            "every",
            gettext_lazy("Every"),
            "number",
            value=lambda one: definition(one).every_hours,
            sort=False,
            unit=gettext_lazy("hours"),
        ),
        Column("state", gettext_lazy("State"), "status", value=connector_state, sort=False),
        Column("pulled_at", gettext_lazy("Last success"), "moment"),
        Column("rows", gettext_lazy("Records then"), "number"),
        Column("error", gettext_lazy("Last fault"), value=lambda one: one.error[:200], sort=False),
        Column("cursor", gettext_lazy("Read up to"), page=False),
        Column("tried_at", gettext_lazy("Last tried"), "moment", page=False),
    ],
    filters=[Filter("source", gettext_lazy("Source"), field="source__name")],
    actions=[
        Action(
            gettext_lazy("Pull now"),
            "registers:pull_chosen",
            primary=True,
            allowed=lambda user: allowed(user, "change", Connector),
        )
    ],
    default_sort="source",
    source=lambda user: Connector.objects.for_user(user).select_related("source"),
    row_url=lambda one: reverse("registers:connector", args=[one.key]),
    marks=lambda one: ["synthetic"] if one.source.synthetic else [],
    answer=_answer,
    empty=(
        gettext_lazy("No connector yet"),
        gettext_lazy(
            "Write one as connectors/KEY.yaml in the zone folder and load it: a folder, a database or a web address."
        ),
        "/enterprises/imports/",
        gettext_lazy("Import a file"),
    ),
    scope=gettext_lazy("what they bring goes through the same import as a file, and is undone like one"),
    nav_key="registers.connectors",
    allowed=lambda user: allowed(user, "view", Connector),
    exportable=lambda user: False,
)
