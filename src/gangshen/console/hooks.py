"""What the console itself registers: the frame of every page, the menu's first entry, its search index as a run."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.access import allowed, roles_of
from gangshen.apps.identity.models import Role, Zone
from gangshen.apps.identity.services import today
from gangshen.apps.registers.models import Batch
from gangshen.apps.registers.services import ON_PUBLISHED
from gangshen.apps.runs.services import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from gangshen.console import index
from gangshen.console.pages import STAFF
from gangshen.engines.formats import Text
from gangshen.web.context import FRAME, Frame
from gangshen.web.hookpoints import NAVIGATION, NavigationEntry


def _frame(request: HttpRequest) -> Frame:
    """Two queries a page: the zone, and when data last arrived."""
    zone = Zone.objects.first()
    if zone is None:
        return Frame()
    user = request.user
    last = Batch.objects.filter(state=Batch.State.LIVE).order_by("-pk").values_list("created_at", flat=True).first()
    roles = sorted(roles_of(user))
    return Frame(
        zone=Text(zh=zone.name, en=zone.name_en or None),
        today=today(),
        demo=zone.demo_today is not None,
        data_at=last if roles else None,
        sources_url=reverse("web:list", args=["sources"]) if allowed(user, "view", Source) else "",
        role=Role(roles[0]).label if roles else "",
    )


FRAME.register("zone", _frame)
NAVIGATION.register(
    "today",
    NavigationEntry(_("Today"), "console:today", icon="today", allowed=lambda user: bool(roles_of(user) & STAFF)),
    order=10,
)
NAVIGATION.register(
    "my",
    NavigationEntry(
        _("My enterprise"),
        "console:my",
        icon="enterprise",
        allowed=lambda user: "enterprise" in roles_of(user) and user.organisation_id is not None,
    ),
    order=11,
)
NAVIGATION.register("manage", NavigationEntry(_("Manage"), icon="manage"), order=800)
KINDS.register(
    index.KIND,
    RunKind(Text(zh="更新搜索", en="Renew the search index"), index.renew_run, resumable=True),
)
ON_PUBLISHED.register("console.index", index.renew_after)
SCHEDULES.register(
    "console-index",
    ScheduleDefaults(index.KIND, Text(zh="更新搜索", en="Renew the search index"), every_minutes=15),
)
