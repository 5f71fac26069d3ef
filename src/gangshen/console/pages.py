"""Today, search, and the enterprise's own front door."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import roles_of
from gangshen.apps.identity.services import today, zone
from gangshen.console import enterprise, index, public
from gangshen.web import excel as sheets
from gangshen.web import word
from gangshen.web.components import Measure
from gangshen.web.downloads import attachment
from gangshen.web.formatting import label
from gangshen.web.morning import MORNING, Clause, Todo

__all__ = ["urlpatterns"]

SHOWN = 8
FIGURES = 6  # of the brief
COLUMNS = (32, 80, 44)  # mm, of its table
STAFF = {"operator", "leader", "account_manager", "data_officer", "statistics_clerk", "drafter", "unit"}
_ORDER = {"bad": 0, "near": 1, "ok": 2, "unk": 3, "na": 4}


@dataclass(frozen=True, slots=True)
class Day:
    """The morning of one user: the sentence's clauses, the figures, what to do, the cards."""

    clauses: list[Clause]
    measures: list[Measure]
    todos: list[Todo]
    cards: list[dict[str, Any]]
    next_date: dt.date | None


def _day(user: Any, day: dt.date) -> Day:
    clauses: list[Clause] = []
    measures: list[Measure] = []
    todos: dict[str, Todo] = {}
    cards: list[dict[str, Any]] = []
    dates: list[dt.date] = []
    for _key, part in MORNING.items():
        clauses += part.clauses(user, day)
        measures += part.measures(user, day)
        for todo in part.todos(user, day):
            todos.setdefault(todo.key or todo.url, todo)
        card = part.card(user, day) if part.template else None
        if card is not None:
            cards.append({**card, "template": part.template})
        soon = part.next_date(user, day)
        if soon:
            dates.append(soon)
    ordered = sorted(todos.values(), key=lambda t: (_ORDER[t.state], t.due or dt.date.max))
    return Day(clauses, measures[:6], ordered, cards, min(dates, default=None))


def _sentence(clauses: list[Clause]) -> SafeString:
    """The urgent clauses as one sentence, each figure a link."""
    urgent = [clause for clause in clauses if clause.state in ("bad", "near")] or clauses[:2]
    comma, stop = ("；", "。") if get_language() != "en" else ("; ", ".")
    parts = []
    for clause in urgent:
        fig = format_html('<a class="fig" href="{}">{}</a>', clause.url, clause.figure)
        before, _mark, after = str(clause.words).partition("%(figure)s")
        parts.append((format_html("{}{}{}", before, fig, after),))
    if not parts:
        return SafeString("")
    return format_html("{}{}", format_html_join(comma, "{}", parts), stop)


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Today for whoever has a morning page; others go where their work is."""
    roles = roles_of(request.user)
    if roles & STAFF:
        return _today(request)
    if "enterprise" in roles:
        return redirect("console:my")
    if "audit_admin" in roles:
        return redirect("archive:audit")
    if "security_admin" in roles:
        return redirect("identity:users")
    if "system_admin" in roles:
        return redirect("runs:runs")
    return redirect("cases:mine") if roles else redirect("identity:account")


def _today(request: HttpRequest) -> HttpResponse:
    day = today()
    found = _day(request.user, day)
    chosen = request.GET.get("show", "all")
    todos = [todo for todo in found.todos if chosen != "mine" or todo.mine]
    todos = [todo for todo in todos if chosen != "waiting" or todo.state == "unk"]
    return render(
        request,
        "console/today.html",
        {
            "found": found,
            "sentence": _sentence(found.clauses),
            "first": found.todos[0] if found.todos else None,
            "todos": todos if request.GET.get("all") else todos[:SHOWN],
            "count": len(todos),
            "counts": {
                "all": len(found.todos),
                "mine": sum(t.mine for t in found.todos),
                "waiting": sum(t.state == "unk" for t in found.todos),
            },
            "chosen": chosen,
            "today": day,
            "nav_key": "today",
        },
    )


@login_required
def brief(request: HttpRequest) -> HttpResponse:
    """One page for the leader: the day's figures, each with its source, and what is done first."""
    _staff(request)
    day = today()
    found = _day(request.user, day)
    document = word.Word(_("Morning brief"), day=day, issuer=zone().name)
    document.heading(_("1. Figures of the day"))
    for number, (words, url, source) in enumerate(_figures(found)[:FIGURES], start=1):
        document.paragraph(f"{number}. {words}", url, source)
    document.heading(_("2. To be done first"))
    rows = [[label(todo.clock), label(todo.title), label(todo.owner)] for todo in found.todos[:SHOWN]]
    heads = [_("Deadline"), _("Matter"), _("Responsible")]
    document.table(heads, document.fitting(rows, COLUMNS), widths=COLUMNS)
    archive.record_event(request.user, "export", "page:today", {"channel": "word"})
    return attachment(document.save(), f"brief-{day}.docx", word.MEDIA_TYPE)


def _figures(found: Day) -> list[tuple[str, str, str]]:
    """What is urgent in words, then the day's measures: each with its address and source."""
    figures = [(str(one.words) % {"figure": one.figure}, one.url, label(one.source)) for one in found.clauses]
    for one in found.measures:
        value = " ".join(str(part) for part in (one.value, label(one.unit)) if part)
        words = _("%(what)s: %(value)s") % {"what": label(one.label), "value": value}
        figures.append((f"{words}（{label(one.note)}）" if one.note else words, one.url or "/", _("page of the day")))
    return figures


@login_required
def excel(request: HttpRequest) -> HttpResponse:
    """What is to be done, as Excel."""
    _staff(request)
    day = today()
    found = _day(request.user, day)
    heads = [
        sheets.Head(_("Deadline"), "text", 18),
        sheets.Head(_("Date"), "date", 12),
        sheets.Head(_("Matter"), "text", 50),
        sheets.Head(_("Kind"), "text", 14),
        sheets.Head(_("Responsible"), "text", 24),
        sheets.Head(_("Evidence"), "text", 40),
    ]
    rows = [[label(t.clock), t.due, label(t.title), label(t.kind), label(t.owner), t.evidence] for t in found.todos]
    archive.record_event(request.user, "export", "page:today", {"channel": "excel"})
    sheet = sheets.Sheet(_("To do"), _("As of %(day)s") % {"day": day}, heads, rows)
    return attachment(sheets.workbook([sheet]), f"today-{day}.xlsx", sheets.MEDIA_TYPE)


def _staff(request: HttpRequest) -> None:
    if not roles_of(request.user) & STAFF:
        raise PermissionDenied


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """One box over everything the user may see, the hit in its place."""
    query = request.GET.get("q", "").strip()
    kind = request.GET.get("kind", "")
    hits = index.search(request.user, query, [kind] if kind else None) if query else None
    return render(
        request,
        "console/search.html",
        {"query": query, "kind": kind, "hits": hits, "search_text": query, "kinds": _kinds(hits), "nav_key": ""},
    )


def _kinds(hits: Any) -> list[tuple[str, str, int]]:
    words = {
        "enterprise": _("Enterprises"),
        "policy": _("Policies"),
        "clause": _("Clauses"),
        "document": _("Documents"),
        "task": _("Tasks"),
        "target": _("Targets"),
        "node": _("Nodes of the chain"),
        "word": _("Words of the data dictionary"),
    }
    return [(kind, words.get(kind, kind), count) for kind, count in sorted((hits.counts if hits else {}).items())]


urlpatterns = [
    path("", home, name="today"),
    path("today/brief.docx", brief, name="brief"),
    path("today/today.xlsx", excel, name="excel"),
    path("search/", search, name="search"),
    path("public/", public.public, name="public"),
    path("public/data.csv", public.data, name="public_data"),
    path("wall/", public.wall, name="wall"),
    path("my/", enterprise.my, name="my"),
    path("my/answer/", enterprise.answer, name="answer"),
]
