"""The lists of visits, and of requests and promises."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed
from gangshen.web.listing import Column, Filter, Listing, View

from .models import Matter, Visit
from .services import stand_of

__all__ = ["MATTERS", "VISITS"]

_SHAPES = {"planned": "unk", "held": "ok", "cancelled": "na"}

VISITS = Listing(
    key="visits",
    title=_("Visits"),
    noun=_("visits"),
    columns=[
        Column(
            "firm", _("Enterprise"), value=lambda one: one.firm.name, sort="firm__name", main=True, second="purpose"
        ),
        Column("on", _("Day"), "date"),
        Column("unit", _("Unit"), value=lambda one: str(one.unit), sort="unit__name"),
        Column("visitor", _("Visitor"), value=lambda one: str(one.visitor or ""), sort=False, phone=False),
        Column(
            "state", _("State"), "status", value=lambda one: (_SHAPES[one.state], one.get_state_display()), sort="state"
        ),
        Column("asked", _("Requests and promises"), "number", value="asked"),
        Column("open", _("Open"), "number", value="open"),
        Column("key", _("Key"), page=False, sort=False),
    ],
    filters=[
        Filter("state", _("State"), choices=Visit.State.choices),
        Filter("unit", _("Unit"), field="unit__name"),
        Filter("on", _("Day"), kind="date"),
    ],
    views=[View("planned", _("Planned"), {"state": "planned"}), View("held", _("Held"), {"state": "held"})],
    search_fields=("firm__name", "purpose"),
    source=lambda user: (
        Visit.objects.for_user(user)
        .select_related("firm", "unit", "visitor")
        .annotate(asked=Count("matters"), open=Count("matters", filter=Q(matters__answered_on=None)))
    ),
    default_sort="-on",
    row_url=lambda one: reverse("visits:visit", args=[one.pk]),
    marks=lambda one: ("synthetic",) if one.firm.synthetic else (),
    empty=(_("No visit is planned"), _("Open an enterprise and plan one."), "/enterprises/", _("Enterprise register")),
    nav_key="enterprises.visits",
    allowed=lambda user: allowed(user, "view", Visit),
    exportable=lambda user: allowed(user, "export", Visit),
)


def _stand(one: Any) -> tuple[str, str]:
    return stand_of(one, identity.today())


MATTERS = Listing(
    key="matters",
    title=_("Requests and promises"),
    noun=_("requests and promises"),
    columns=[
        Column("words", _("Matter"), main=True, second=lambda one: one.visit.firm.name),
        Column("kind", _("Kind"), value=lambda one: one.get_kind_display(), sort="kind"),
        Column("topic", _("Topic"), value=lambda one: one.topic.label_zh if one.topic else "", sort="topic__key"),
        Column("unit", _("Unit"), value=lambda one: str(one.unit), sort=False),
        Column("state", _("State"), "status", value=_stand, sort=False),
        Column("due", _("Due"), "date", value=lambda one: one.case.due if one.case else None, sort="case__due"),
        Column("answer", _("Answer"), phone=False),
        Column("on", _("Day"), "date", value=lambda one: one.visit.on, sort="visit__on", page=False),
    ],
    filters=[
        Filter("kind", _("Kind"), choices=Matter.Kind.choices),
        Filter("topic", _("Topic"), field="topic__label_zh"),
    ],
    search_fields=("words", "visit__firm__name", "answer"),
    source=lambda user: Matter.objects.for_user(user).select_related(
        "visit__firm", "visit__unit", "topic__unit", "case__unit"
    ),
    default_sort="-on",
    row_url=lambda one: reverse("cases:case", args=[one.case_id]) if one.case_id else "",
    marks=lambda one: ("synthetic",) if one.visit.firm.synthetic else (),
    empty=(_("Nothing was asked or promised"), _("Write it down on a visit; it becomes a case with a clock."), "", ""),
    nav_key="enterprises.visits",
    allowed=lambda user: allowed(user, "view", Matter),
    exportable=lambda user: allowed(user, "export", Matter),
)
