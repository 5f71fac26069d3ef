"""Lists of cases: what waits for me, what waits for others, what is done, all that I may see."""

from __future__ import annotations

import datetime as dt
from contextvars import ContextVar
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed
from gangshen.engines.workdays import Calendar
from gangshen.web.listing import Column, Filter, Listing

from . import services
from .models import Case
from .services import CASE_TYPES, Clock, case_type

__all__ = ["ALL", "DONE", "TODO", "WAITING", "clock_of", "stand"]

# one reading of a list sees one day and one calendar, however many rows it has
_day: ContextVar[tuple[dt.date, Calendar]] = ContextVar("day of the list")
SHAPES = {"overdue": "bad", "today": "near", "soon": "near", "ok": "ok", "waiting": "unk", "none": "na"}


def _dated(rows: QuerySet[Case]) -> QuerySet[Case]:
    _day.set((identity.today(), services.calendar()))
    return rows


def clock_of(case: Case) -> Clock:
    """The case's clock on the zone's day."""
    today, days = _day.get(None) or (identity.today(), services.calendar())
    return services.clock(case, today, days=days)


def stand(clock: Clock) -> tuple[str, Any]:
    """A clock as a status: shape and words."""
    return SHAPES[clock.state], clock.words


def _who(case: Case) -> str:
    return str(case.owner or case.unit or "")


def _second(case: Case) -> str:
    return case_type(case.type).label.in_language(get_language() or "zh-hans")


def _group(case: Case) -> tuple[str, Any, Any] | None:
    today, _days = _day.get(None) or (identity.today(), None)
    if case.due is None:
        return ("na", _("No deadline"), "")
    if case.due < today:
        return ("bad", _("Overdue"), "")
    if case.due <= today + dt.timedelta(days=6 - today.weekday()):
        return ("near", _("Due this week"), "")
    return ("ok", _("Later"), "")


def _types(actor: Any) -> list[tuple[str, Any]]:
    return [(key, kind.label) for key, kind in CASE_TYPES.items()]


COLUMNS = [
    Column("clock", _("Deadline"), kind="status", value=lambda case: stand(clock_of(case)), sort="due"),
    Column("what", _("Matter"), value="title", main=True, second=_second),
    Column("who", _("Who has it"), value=_who, sort="unit__name"),
    Column("due", _("Due"), kind="date"),
    Column("state", _("State"), value="get_state_display", sort="state", phone=False),
    Column("opened", _("Opened"), kind="date", value=lambda case: case.opened_at, sort="opened_at", page=False),
    Column("opened_by", _("Opened by"), value=lambda case: str(case.opened_by or ""), sort=False, page=False),
    Column("about", _("About"), kind="ref", value=lambda case: (case.about, case.about[:8]), sort=False, page=False),
    Column("instruction", _("What is asked"), page=False),
    Column("receipt", _("Receipt"), page=False),
]
FILTERS = [
    Filter("type", _("Kind"), choices=_types),
    Filter("state", _("State"), choices=Case.State.choices),
    Filter("unit", _("Unit"), field="unit__name"),
    Filter("due", _("Due"), kind="date"),
]


def _listing(key: str, title: Any, source: Any, **more: Any) -> Listing:
    return Listing(
        key=key,
        title=title,
        noun=_("cases"),
        columns=COLUMNS,
        filters=FILTERS,
        search_fields=("title", "instruction", "receipt", "unit__name", "owner__display_name", "key"),
        source=lambda actor: _dated(source(actor)),
        row_url=lambda case: reverse("cases:case", args=[case.pk]),
        panel=True,
        marks=lambda case: ("provisional",) if case.due_provisional and case.state != Case.State.CLOSED else (),
        nav_key="today.cases",
        allowed=lambda actor: allowed(actor, "view", Case),
        **more,
    )


def _todo_answer(result: Any) -> Any:
    today = identity.today()
    sunday = today + dt.timedelta(days=6 - today.weekday())
    open_cases = services.mine(result.actor)
    late = open_cases.filter(due__lt=today).count()
    week = open_cases.filter(due__gte=today, due__lte=sunday).count()
    waiting = _figure(services.waiting(result.actor).count(), reverse("cases:waiting"))
    if not late and not week:
        return format_html(_("Nothing is due this week; {} wait for others."), waiting)
    mine = reverse("cases:mine")
    overdue = _figure(late, f"{mine}?due.max={today - dt.timedelta(days=1)}")
    due = _figure(week, f"{mine}?due.min={today}&due.max={sunday}")
    return format_html(_("{} overdue, {} due this week; {} wait for others."), overdue, due, waiting)


def _figure(count: int, url: str) -> SafeString:
    return format_html('<a class="fig" href="{}">{}</a>', url, count)


TODO = _listing(
    "my-cases",
    _("My work"),
    services.mine,
    default_sort="due",
    group=_group,
    answer=_todo_answer,
    empty=(
        _("Nothing waits for you"),
        _("A case appears here when someone presses a task, asks a question or hands one over to you."),
        "/cases/waiting/",
        _("See what waits for others"),
    ),
)
WAITING = _listing(
    "waiting-cases",
    _("Waiting for others"),
    services.waiting,
    default_sort="due",
    group=_group,
    empty=(_("Nothing waits for others"), _("Cases that you opened or reported stand here until they end."), "", ""),
)
DONE = _listing(
    "done-cases",
    _("Done"),
    services.done_by,
    empty=(_("Nothing is done yet"), _("Closed cases in which you had a hand stand here."), "", ""),
)
ALL = _listing(
    "cases",
    _("All cases"),
    lambda actor: Case.objects.for_user(actor).select_related("unit", "owner", "opened_by"),
    default_sort="-due",
    empty=(_("There are no cases"), _("Cases are opened from a task, a target, a fact, or by an instruction."), "", ""),
)
