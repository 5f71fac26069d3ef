"""What the chain registers below: menu, lists, runs, cases, evidence, search, profile, the open doors, API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.cases.models import Case
from gangshen.apps.cases.services import CASE_TYPES, CaseType
from gangshen.apps.chain import background
from gangshen.apps.chain.api import router
from gangshen.apps.chain.listings import CANDIDATES, LEADS, PLACEMENTS
from gangshen.apps.chain.models import Chain, Citation, Edge, Lead, Node, Placement
from gangshen.apps.chain.pages import _open as doors
from gangshen.apps.chain.pages import _profile as profile
from gangshen.apps.chain.services._leads import CASE, ended
from gangshen.apps.identity.access import allowed, grants
from gangshen.apps.identity.models import User
from gangshen.apps.registers.services import NAMES, PROFILE_PANELS, SEEN_AS, Panel, SeenAs
from gangshen.apps.runs.models import Run
from gangshen.apps.runs.services import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text
from gangshen.engines.retrieval import Entry
from gangshen.web.components import Evidence
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, SEARCH_SOURCES, NavigationEntry, SearchSource
from gangshen.web.listing import LISTINGS
from gangshen.web.public import PUBLIC_ROWS, WALL


def _review_page(run: Run) -> str:
    return reverse("chain:placements")


def _lead_page(case: Case) -> str:
    return reverse("chain:lead", args=[int(Ref.parse(case.about).id)])


KINDS.register(
    "chain.place",
    RunKind(
        Text(zh="企业归类上链", en="Place firms on the chain"),
        background.place,
        resumable=True,
        url=_review_page,
        about="chain.Placement",
    ),
)
SCHEDULES.register(
    "chain-place",
    ScheduleDefaults(
        "chain.place", Text(zh="每日企业归类上链", en="Place firms on the chain daily"), daily_at=dt.time(5, 40)
    ),
)
CASE_TYPES.register(
    CASE,
    CaseType(CASE, Text(zh="招商线索", en="Lead"), workdays=10, receipt="text", on_close=ended, url=_lead_page),
)
for _listing in (PLACEMENTS, CANDIDATES, LEADS):
    LISTINGS.register(_listing.key, _listing)
API_ROUTERS.register("chain", router)


def _sees(user: Any) -> bool:
    return allowed(user, "view", Chain)


SEEN_AS.register("chain.zone", SeenAs(_("On the map"), "chain:zone", allowed=_sees))


def _sees_all_placements(user: Any) -> bool:
    return _sees(user) and allowed(user, "view", Placement)


def _sees_leads(user: Any) -> bool:
    return allowed(user, "view", Lead)


NAVIGATION.register("chain", NavigationEntry(_("Chain"), "chain:index", icon="chain", allowed=_sees), order=30)
NAVIGATION.register(
    "chain.map", NavigationEntry(_("Map of the chain"), "chain:index", parent="chain", allowed=_sees), order=31
)
NAVIGATION.register("chain.gaps", NavigationEntry(_("Gaps"), "chain:gaps", parent="chain", allowed=_sees), order=32)
NAVIGATION.register(
    "chain.leads", NavigationEntry(_("Leads"), "chain:leads", parent="chain", allowed=_sees_leads), order=33
)
NAVIGATION.register(
    "chain.placements",
    NavigationEntry(_("Placements"), "chain:placements", parent="chain", allowed=_sees_all_placements),
    order=34,
)
NAVIGATION.register(
    "chain.neighbours",
    NavigationEntry(_("Neighbour industries"), "chain:neighbours", parent="chain", allowed=_sees),
    order=35,
)
NAVIGATION.register("chain.zone", NavigationEntry(_("Zone map"), "chain:zone", parent="chain", allowed=_sees), order=36)


def _cited(citation: Citation, section: str) -> dict[str, Any]:
    """Source, date and place as evidence shows them; the document where the library has it."""
    return {
        "source": "，".join(part for part in (citation.title, citation.issuer, section) if part),
        "date": citation.date,
        "marks": ("assumed",) if citation.assumed else (),
    }


def _document_url(citation: Citation) -> str:
    return reverse("documents:document", args=[citation.document]) if citation.document else ""


def _node(ref: Ref, user: User) -> Evidence | None:
    node = Node.objects.filter(key=ref.id).select_related("citation").first() if _sees(user) else None
    return node and Evidence(
        title=node.label,
        url=_document_url(node.citation) or reverse("chain:node", args=[node.key]),
        values=((_("Kind"), node.get_kind_display()), (_("Section"), node.section or "—")),
        **_cited(node.citation, node.section),
    )


def _edge(ref: Ref, user: User) -> Evidence | None:
    if not ref.id.isdigit() or not _sees(user):
        return None
    edge = Edge.objects.filter(pk=int(ref.id)).select_related("tail", "head", "citation").first()
    return edge and Evidence(
        title=f"{edge.tail} → {edge.head}",
        url=_document_url(edge.citation) or reverse("chain:node", args=[edge.head.key]),
        values=(
            (_("Kind"), edge.get_kind_display()),
            (_("Confidence"), f"{edge.confidence:g}"),
            (_("Section"), edge.section or "—"),
        ),
        **_cited(edge.citation, edge.section),
    )


def _lead(ref: Ref, user: User) -> Evidence | None:
    query = Lead.objects.for_user(user).select_related("candidate", "node", "unit")
    lead = query.filter(pk=int(ref.id)).first() if ref.id.isdigit() else None
    return lead and Evidence(
        title=f"{lead.candidate} → {lead.node}",
        url=reverse("chain:lead", args=[lead.pk]),
        source=lead.candidate.register,
        date=lead.candidate.as_of,
        marks=("synthetic",) if lead.candidate.synthetic else (),
        values=((_("Stage"), lead.get_stage_display()), (_("Desk"), str(lead.unit))),
    )


RESOLVERS.register("node", _node)
RESOLVERS.register("edge", _edge)
RESOLVERS.register("lead", _lead)


def _entries() -> Iterator[Entry]:
    audience = tuple(
        sorted(
            role
            for (role, name, action), reach in grants().items()
            if (name, action, reach) == ("chain.chain", "view", "all")
        )
    )
    for node in Node.objects.select_related("chain"):
        yield Entry(
            f"node:{node.key}",
            "node",
            node.name,
            " ".join((node.chain.name, node.name_en, *node.terms)),
            reverse("chain:node", args=[node.key]),
            audience=audience,
        )


SEARCH_SOURCES.register("chain", SearchSource(_("Nodes of the chain"), _entries))
PROFILE_PANELS.register(
    "chain",
    Panel(Text(zh="所在产业链", en="Place in the chain"), "chain/profile.html", profile.panel, profile.allowed_here),
    order=30,
)
NAMES.register("chain", lambda: dict(Node.objects.exclude(name_en="").values_list("name", "name_en")))
PUBLIC_ROWS.register("segments", doors.TOTALS, order=40)
WALL.register("chain", doors.WALL_PART, order=20)
