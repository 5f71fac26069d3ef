"""What cases register: the kinds that belong to no office, their lists, menu entry, API, resolver, attachments."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.archive.access import OWN_FILES
from gangshen.apps.identity.access import allowed
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text
from gangshen.web.components import Evidence, Measure
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, NavigationEntry
from gangshen.web.listing import LISTINGS
from gangshen.web.morning import MORNING, Morning, Todo

from .api import router
from .listings import ALL, DONE, TODO, WAITING
from .models import Case, CaseEvent
from .services import CASE_TYPES, CaseType, calendar, case_type, clock, mine, todo_count


def _attachments(user: Any) -> Q:
    cases = Case.objects.for_user(user)
    files = CaseEvent.objects.filter(case__in=cases, file__isnull=False).values("file")
    return Q(pk__in=files)


def resolve(ref: Ref, user: Any) -> Evidence | None:
    """``case:NUMBER``: the case in short."""
    case = Case.objects.for_user(user).filter(pk=ref.id).first() if ref.id.isdigit() else None
    if case is None:
        return None
    return Evidence(
        case.title,
        url=reverse("cases:case", args=[case.pk]),
        quote=case.receipt or case.instruction,
        source=case_type(case.type).label,
        date=(case.closed_at or case.opened_at).date(),
        values=((_("State"), case.get_state_display()),),
    )


OWN_FILES.register("cases", _attachments)

CASE_TYPES.register(
    "instruction",
    CaseType(
        "instruction",
        Text(zh="领导交办", en="Leader's instruction"),
        workdays=5,
        receipt="text",
        closes=("operator", "leader"),
    ),
)
CASE_TYPES.register(
    "wrong_fact",
    CaseType(
        "wrong_fact",
        Text(zh="这条不对", en="Wrong fact"),
        workdays=5,
        receipt="text",
        closes=("data_officer", "operator"),
    ),
)
CASE_TYPES.register(
    "question",
    CaseType("question", Text(zh="补问数据", en="Missing value"), workdays=3, receipt="text"),
)
NAVIGATION.register(
    "today.cases",
    NavigationEntry(
        _("My work"),
        "cases:mine",
        icon="work",
        parent="today",
        allowed=lambda user: allowed(user, "view", Case),
        count=todo_count,
    ),
    order=20,
)
for _listing in (TODO, WAITING, DONE, ALL):
    LISTINGS.register(_listing.key, _listing)
API_ROUTERS.register("cases", router)
RESOLVERS.register("case", resolve)


_SHAPES = {"overdue": "bad", "today": "near", "soon": "near", "ok": "ok", "waiting": "unk", "none": "unk"}


def _todos(user: Any, today: dt.date) -> list[Todo]:
    """Open cases the user may see, each with its clock."""
    own = set(mine(user).values_list("pk", flat=True))
    seen = Case.objects.for_user(user).exclude(state=Case.State.CLOSED).select_related("unit", "owner")
    todos, days = [], calendar()
    for case in seen:
        stands = clock(case, today, days=days)
        todos.append(
            Todo(
                title=case.title,
                url=reverse("cases:case", args=[case.pk]),
                kind=case_type(case.type).label,
                state="unk" if case.state == Case.State.WAITING else _SHAPES[stands.state],
                clock=stands.words,
                due=case.due,
                owner=case.owner or case.unit or "",
                evidence=case.evidence[0] if case.evidence else "",
                panel=True,
                mine=case.pk in own,
                key=case.about if Ref.parse(case.about).scheme == "task" else "",
            )
        )
    return todos


def _measures(user: Any, today: dt.date) -> list[Measure]:
    if not allowed(user, "view", Case):
        return []
    waiting = mine(user)
    late = waiting.filter(due__lt=today).count()
    return [
        Measure(
            _("My work"),
            waiting.count(),
            _("cases"),
            _("%(n)d overdue") % {"n": late},
            "bad" if late else "ok",
            url=reverse("cases:mine"),
        )
    ]


MORNING.register("cases", Morning(todos=_todos, measures=_measures), order=20)
