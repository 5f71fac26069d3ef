"""Placements, candidates and leads as lists: page, API, Excel, command line."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.chain import services
from gangshen.apps.chain.models import Candidate, Chain, Lead, Node, Placement
from gangshen.apps.identity.access import allowed
from gangshen.web.listing import Action, Column, Filter, Listing, View

__all__ = ["CANDIDATES", "LEADS", "PLACEMENTS"]

# one reading of a list looks the firms' names up once
_names: ContextVar[dict[str, tuple[str, bool]]] = ContextVar("names of the firms placed")


def _placements(user: Any) -> QuerySet[Placement]:
    rows = Placement.objects.for_user(user).select_related("node__chain")
    _names.set(services.names_of(set(rows.values_list("firm", flat=True))))
    return rows


def _name(one: Placement) -> tuple[str, bool]:
    names = _names.get({})
    return names.get(one.firm, (one.firm, False))


def _state(one: Placement) -> tuple[str, Any]:
    if one.state == Placement.State.CONFIRMED:
        return "ok", _("Confirmed")
    if one.state == Placement.State.REFUSED:
        return "na", _("Refused")
    return ("near", _("Counts, not confirmed")) if one.sure else ("unk", _("Waits for the desk"))


def _ground(one: Placement) -> tuple[str, Any] | None:
    return (one.ref, one.get_basis_display()) if one.ref else None


def _chains(user: Any) -> list[tuple[str, str]]:
    return list(Chain.objects.for_user(user).values_list("key", "name"))


def _nodes(user: Any) -> list[tuple[str, str]]:
    return list(Node.objects.filter(chain__in=Chain.objects.for_user(user)).values_list("key", "name"))


PLACEMENTS = Listing(
    key="placements",
    title=_("Placements"),
    noun=_("placements"),
    columns=[
        Column("state", _("State"), kind="status", value=_state, sort="state"),
        Column("firm", _("Enterprise"), value=lambda one: _name(one)[0], main=True, sort="firm"),
        Column("node", _("Node"), value="node__name", second=lambda one: one.node.chain.name),
        Column("words", _("On these words"), value="words", sort=False),
        Column("confidence", _("Confidence"), kind="number", value="confidence"),
        Column("as_of", _("As of"), kind="date", value="as_of"),
        Column("ground", _("Evidence"), kind="ref", value=_ground, sort=False),
        Column("key", _("Key"), value="firm", page=False),
        Column("node_key", _("Key of the node"), value="node__key", page=False),
    ],
    filters=[
        Filter("state", _("State"), choices=lambda user: Placement.State.choices),
        Filter("basis", _("Basis"), choices=lambda user: Placement.Basis.choices),
        Filter("sure", _("Counts"), kind="bool"),
        Filter("chain", _("Chain"), field="node__chain__key", choices=_chains),
        Filter("node", _("Node"), field="node__key", choices=_nodes),
    ],
    views=[View("waiting", _("Waiting for the desk"), {"state": "proposed", "sure": "no"})],
    actions=[
        Action(_("Confirm"), "chain:confirm", primary=True, key="a", allowed=lambda u: allowed(u, "change", Placement)),
        Action(_("Refuse"), "chain:refuse", key="x", allowed=lambda u: allowed(u, "change", Placement)),
    ],
    search_fields=["words", "firm", "node__name"],
    default_sort="-confidence",
    source=_placements,
    row_url=lambda one: reverse("registers:profile", args=[one.firm]),
    marks=lambda one: ["synthetic"] if _name(one)[1] else [],
    scope=_("what rests on the business scope alone never counts before it is confirmed"),
    empty=(
        _("No firm is placed yet"),
        _("Load a chain and the registers, then propose."),
        "",
        "",
    ),
    nav_key="chain.placements",
    allowed=lambda user: allowed(user, "view", Placement),
    exportable=lambda user: allowed(user, "export", Placement),
)

CANDIDATES = Listing(
    key="candidates",
    title=_("Candidates to invite"),
    noun=_("candidates"),
    columns=[
        Column("name", _("Name"), main=True, second=lambda one: one.get_kind_display()),
        Column("place", _("Where it is")),
        Column("products", _("Products"), sort=False),
        Column("register", _("From the list"), second=lambda one: str(one.as_of)),
        Column("contact", _("Contact"), sort=False),
        Column("note", _("Note"), sort=False),
        Column("key", _("Key"), page=False),
    ],
    filters=[
        Filter("kind", _("Kind"), choices=lambda user: Candidate.Kind.choices),
        Filter("as_of", _("As of"), kind="date"),
    ],
    search_fields=["name", "products", "place"],
    default_sort="name",
    source=lambda user: Candidate.objects.for_user(user),
    marks=lambda one: ["synthetic"] if one.synthetic else [],
    scope=_("from outside registers; nothing here is in the zone's own"),
    nav_key="chain.gaps",
    allowed=lambda user: allowed(user, "view", Candidate),
    exportable=lambda user: allowed(user, "export", Candidate),
)

_STAGES = {"signed": "ok", "dropped": "na", "negotiating": "near"}

LEADS = Listing(
    key="leads",
    title=_("Leads"),
    noun=_("leads"),
    columns=[
        Column(
            "stage",
            _("Stage"),
            kind="status",
            value=lambda one: (_STAGES.get(one.stage, "unk"), one.get_stage_display()),
            sort="stage",
        ),
        Column("candidate", _("Candidate"), value="candidate__name", main=True),
        Column("node", _("For"), value="node__name"),
        Column("unit", _("Desk"), value=lambda one: str(one.unit), sort="unit__key"),
        Column("note", _("Last word"), sort=False),
        Column("changed", _("Moved"), kind="date", value="changed_at"),
        Column("taken", _("Taken"), kind="date", value="taken_at", page=False),
    ],
    filters=[
        Filter("stage", _("Stage"), choices=lambda user: Lead.Stage.choices),
        Filter("node", _("For"), field="node__key", choices=_nodes),
    ],
    search_fields=["candidate__name", "note", "node__name"],
    default_sort="-changed",
    source=lambda user: Lead.objects.for_user(user).select_related("candidate", "node", "unit"),
    row_url=lambda one: reverse("chain:lead", args=[one.pk]),
    marks=lambda one: ["synthetic"] if one.candidate.synthetic else [],
    empty=(_("No lead is taken"), _("Open a gap and take one of its candidates."), "/chain/gaps/", _("Gaps")),
    nav_key="chain.leads",
    allowed=lambda user: allowed(user, "view", Lead),
    exportable=lambda user: allowed(user, "export", Lead),
)
