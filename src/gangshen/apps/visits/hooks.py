"""What visits register below: case types, menu, lists, API, evidence, the card and the notice on a profile."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gangshen.apps.cases.models import Case
from gangshen.apps.cases.services import CASE_TYPES, CaseType
from gangshen.apps.identity.access import allowed
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers.services import CHOSEN, PROFILE_PANELS, Panel
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text
from gangshen.web.components import Evidence
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, NavigationEntry
from gangshen.web.listing import LISTINGS, Action

from . import services
from .api import router
from .listings import MATTERS, VISITS
from .models import Matter, Visit


def _page(case: Case) -> str:
    found = Matter.objects.filter(case=case).first()
    return reverse("visits:visit", args=[found.visit_id]) if found else ""


for key, words, workdays in (
    ("request", Text(zh="企业诉求", en="Request of a firm"), 10),
    ("promise", Text(zh="承诺事项", en="Promise to a firm"), 10),
):
    CASE_TYPES.register(
        key,
        CaseType(key, words, workdays=workdays, receipt="text", on_close=services.answered, url=_page),
    )
for _listing in (VISITS, MATTERS):
    LISTINGS.register(_listing.key, _listing)
API_ROUTERS.register("visits", router)
NAVIGATION.register(
    "enterprises.visits",
    NavigationEntry(
        gettext_lazy("Visits"),
        "visits:index",
        parent="enterprises",
        allowed=lambda user: allowed(user, "view", Visit),
    ),
    order=24,
)


def _resolve(ref: Ref, user: Any) -> Evidence | None:
    """``visit:FIRM/DAY/UNIT[#NUMBER]``: the visit, or what was asked or promised on it."""
    found = services.find(ref.id)
    if found is None:
        return None
    matter = Matter.objects.for_user(user).filter(visit=found, number=ref.part).first() if ref.part else None
    if matter is None and not Visit.objects.for_user(user).filter(pk=found.pk).exists():
        return None
    sees = Visit.objects.for_user(user).filter(pk=found.pk).exists()
    return Evidence(
        title=_("Visit at %(firm)s") % {"firm": found.firm},
        url=reverse("visits:visit", args=[found.pk]) if sees else "",
        quote=matter.words if matter else found.purpose,
        source=str(found.unit),
        date=found.on,
        marks=("synthetic",) if found.firm.synthetic else (),
    )


RESOLVERS.register("visit", _resolve)


def _sees(user: User) -> bool:
    return allowed(user, "view", Matter)


def _card(user: User, firm: Organisation, today: dt.date) -> dict[str, Any]:
    rows = services.matters_of(user, firm)
    return {
        "firm": firm,
        "matters": [(one, services.stand_of(one, today)) for one in rows[:5]],
        "count": len(rows),
        "staff": allowed(user, "view", Visit),
    }


def _notice(user: User, firm: Organisation, today: dt.date) -> SafeString | None:
    """Another unit was here of late, and what it promised is open: said before one goes again."""
    if not allowed(user, "view", Visit):
        return None
    held = [one for one in services.earlier(firm, today) if one.state == Visit.State.HELD and one.on <= today]
    if not held:
        return None
    last = max(held, key=lambda one: one.on)
    words = _("%(unit)s visited %(n)s days ago.") % {"unit": last.unit, "n": (today - last.on).days}
    promised = [one for one in services.open_matters(firm) if one.visit_id == last.pk]
    if promised:
        counted = ngettext(
            "%(n)s thing from it is open: %(words)s", "%(n)s things from it are open: %(words)s", len(promised)
        )
        words += " " + counted % {"n": len(promised), "words": promised[0].words}
    return format_html('{} <a href="{}">{}</a>', words, reverse("visits:visit", args=[last.pk]), _("See the visit"))


def _actions(user: User, firm: Organisation, today: dt.date) -> list[tuple[str, str, str, bool]]:
    if not allowed(user, "view", Visit):
        return []
    made = [("word", _("Visit sheet"), reverse("visits:sheet", args=[firm.key]), False)]
    if allowed(user, "add", Visit):
        made.append(("", _("Plan a visit"), reverse("visits:new", args=[firm.key]), True))
    return made


CHOSEN.register(
    "visits",
    Action(
        gettext_lazy("Plan visits"),
        "visits:chosen",
        primary=True,
        key="v",
        allowed=lambda user: allowed(user, "add", Visit),
    ),
)
PROFILE_PANELS.register(
    "visits",
    Panel(
        Text(zh="诉求与承诺", en="Requests and promises"),
        "visits/profile_panel.html",
        _card,
        allowed=_sees,
        notice=_notice,
        actions=_actions,
    ),
    order=40,
)
