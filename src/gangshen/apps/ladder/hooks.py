"""What the ladder registers below: case type, counting, lists, menu, evidence, profile, morning, API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gangshen.apps.cases.models import Case
from gangshen.apps.cases.services import CASE_TYPES, CaseType
from gangshen.apps.identity.access import allowed, scope
from gangshen.apps.ladder import background, services
from gangshen.apps.ladder.api import router
from gangshen.apps.ladder.listings import COACHED, COACHING, FIRMS, STANDING
from gangshen.apps.ladder.models import Coached
from gangshen.apps.ladder.pages import _profile as profile
from gangshen.apps.registers.services import PROFILE_PANELS, USED_BY, Panel, Use
from gangshen.apps.runs.models import Run
from gangshen.apps.runs.services import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text
from gangshen.engines.rules import clauses
from gangshen.web.components import Evidence
from gangshen.web.formatting import label
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, NavigationEntry
from gangshen.web.listing import LISTINGS
from gangshen.web.morning import MORNING, Clause, Morning, remembered

_SOON = 90  # days: a title that ends later is on the ladder's page, not in the morning's sentence


def _ladder_page(run: Run) -> str:
    return reverse("ladder:index")


def _coaching_page(case: Case) -> str:
    found = services.find(Ref.parse(case.about).id)
    return reverse("ladder:list", args=[found.list.key]) if found else ""


KINDS.register(
    "ladder.count",
    RunKind(Text(zh="梯度培育计数", en="Count the ladder"), background.count, resumable=True, url=_ladder_page),
)
SCHEDULES.register(
    "ladder-count",
    ScheduleDefaults("ladder.count", Text(zh="每日梯度培育计数", en="Count the ladder daily"), daily_at=dt.time(5, 50)),
)
CASE_TYPES.register(
    services.CASE,
    CaseType(
        services.CASE,
        Text(zh="梯度辅导", en="Coaching for a title"),
        workdays=20,
        receipt="text",
        on_close=services.answered,
        url=_coaching_page,
    ),
)
for _listing in (FIRMS, COACHING, COACHED):
    LISTINGS.register(_listing.key, _listing)
API_ROUTERS.register("ladder", router)


def _sees(user: Any) -> bool:
    return scope(user, "view", STANDING) == "all"


NAVIGATION.register(
    "enterprises.ladder",
    NavigationEntry(gettext_lazy("Ladder"), "ladder:index", parent="enterprises", allowed=_sees),
    order=23,
)
PROFILE_PANELS.register(
    "ladder",
    Panel(
        Text(zh="梯度培育", en="Ladder"),
        "ladder/profile_panel.html",
        profile.panel,
        allowed=profile.allowed_here,
        answer=profile.answer,
        sheet=profile.sheet,
    ),
    order=25,
)


def _uses() -> dict[str, list[Use]]:
    """Conditions of the editions in force that read an attribute."""
    from gangshen.apps.identity.services import today

    found: dict[str, list[Use]] = {}
    for title, edition in services.survey(today()).ladder.titles.values():
        read = {one.attribute for one in clauses(edition.conditions)} if edition.conditions else set()
        for name in filter(None, read):
            found.setdefault(name, []).append(Use(title.title, reverse("ladder:titles")))
    return found


USED_BY.register("ladder", _uses)


def _count(ref: Ref, user: Any) -> Evidence | None:
    """``count:KEY@DAY``: how many firms, and where their list is."""
    if not _sees(user):
        return None
    try:
        as_of = dt.date.fromisoformat(ref.at or "")
    except ValueError:
        return None
    survey = services.survey(as_of)
    found = services.counted(survey, ref.id)
    return found and Evidence(
        label(found.label),
        url=f"{reverse('ladder:firms')}?counted={found.key}",
        source=_("counted over the register, each firm once"),
        date=as_of,
        marks=("synthetic",) if found.synthetic else (),
        values=((_("Firms"), str(found.value)), (_("May count"), str(len(found.open)))),
    )


def _coached(ref: Ref, user: Any) -> Evidence | None:
    """``coached:LIST/FIRM``: what a firm on a list lacks."""
    found = services.find(ref.id)
    if found is None or not Coached.objects.for_user(user).filter(pk=found.pk).exists():
        return None
    return Evidence(
        f"{found.firm} · {label(found.list.title.label)}",
        url=reverse("ladder:list", args=[found.list.key]) if _sees(user) else "",
        quote=found.missing,
        source=found.list.name,
        date=found.list.as_of,
        marks=("synthetic",) if found.firm.synthetic else (),
    )


RESOLVERS.register("count", _count)
RESOLVERS.register("coached", _coached)


@remembered
def _ending(user: Any, today: dt.date) -> list[Any]:
    if not (_sees(user) and allowed(user, "view", Coached)):
        return []
    return [(row, one) for row, one in services.survey(today).ending if (one.days or 0) <= _SOON]


def _clauses(user: Any, today: dt.date) -> list[Clause]:
    found = _ending(user, today)
    if not found:
        return []
    words = ngettext("%(figure)s title ends within 90 days", "%(figure)s titles end within 90 days", len(found))
    url = f"{reverse('ladder:firms')}?ends.max={today + dt.timedelta(days=_SOON)}"
    row, one = found[0]
    return [Clause(words, len(found), url, "near", f"{row.name} {one.ends}")]


def _next_date(user: Any, today: dt.date) -> dt.date | None:
    found = _ending(user, today)
    return found[0][1].ends if found else None


MORNING.register("ladder", Morning(clauses=_clauses, next_date=_next_date), order=60)
