"""/ladder/: distinct firms by rung against target, who is nearly there, which titles end, who dropped."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require, scope
from gangshen.apps.identity.models import Organisation
from gangshen.apps.indicators.models import Observation
from gangshen.apps.ladder import services
from gangshen.apps.ladder.listings import FIRMS, STANDING
from gangshen.apps.ladder.models import CoachingList, Title
from gangshen.apps.registers import services as registers
from gangshen.web import excel as sheets
from gangshen.web import word
from gangshen.web.charts import share_chart
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused
from gangshen.web.formatting import label
from gangshen.web.goals import goals as goals_of
from gangshen.web.listing.pages import listing_page

from ._words import stand_of, when

__all__ = ["count", "excel", "firm", "firms", "index", "titles", "word_brief"]

SHOWN = 8


def as_of_of(request: HttpRequest) -> dt.date:
    """The day asked for, never after today; raises Refused for what is no date."""
    text, today = request.GET.get("as_of", ""), identity.today()
    if not text:
        return today
    try:
        given = dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(_("%(text)s is no date.") % {"text": text}, _("Write 2026-11-20.")) from None
    if given > today:
        raise Refused(_("%(day)s has not come.") % {"day": given}, _("Give today or an earlier day."))
    return given


def everyone(request: HttpRequest) -> None:
    """Only for who may see every firm's stand."""
    if scope(request.user, "view", STANDING) != "all":
        raise PermissionDenied


def _targets(user: Any, counts: list[services.Counted]) -> list[dict[str, Any]]:
    """Tallies with the plan targets that name them or rest on their series."""
    keys = {key for one in counts for key in one.targets}
    found = goals_of(user, keys, {services.series_key(one.key) for one in counts})
    rows = []
    for one in counts:
        goals = [goal for goal in found if goal.key in one.targets or goal.series == services.series_key(one.key)]
        if one.kind != "tally" and not goals:
            continue
        goal = goals[0] if goals else None
        enough = goal is not None and one.value >= goal.low
        rows.append({
            "count": one,
            "goals": goals,
            "goal": goal,
            "url": f"{reverse('ladder:firms')}?counted={one.key}",
            "open_url": f"{reverse('ladder:firms')}?open_in={one.key}",
            "gap": max(0, int(goal.low) - one.value) if goal else None,
            "state": "ok" if enough else "near" if goal else "na",
        })  # fmt: skip
    return rows


def _near(survey: services.Survey, may: Any) -> list[dict[str, Any]]:
    rows = []
    for row in survey.nearly[:SHOWN]:
        found = services.outlook(survey.ladder, row.goal, services.facts_of(row.firm, survey.as_of), row.holding)
        state = "ok" if row.ready else "unk" if row.decision is not None and row.decision.value == "unknown" else "near"
        rows.append(
            {
                "row": row,
                "title": survey.ladder.titles[row.goal][0].title,
                "missing": services.missing_words(found, may),
                "by": found.by if found else None,
                "state": state,
            }
        )
    return rows


def _ends(survey: services.Survey, pairs: Any) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "title": survey.ladder.titles[one.title][0].title,
            "when": when(one),
            "days": one.days,
            "renewal": renewal.words if (renewal := survey.ladder.titles[one.title][1].renewal) else "",
            "ref": row.refs.get(one.number or str(one.begins or ""), ""),
        }
        for row, one in list(pairs)[:SHOWN]
    ]


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """``/ladder/``, today or ``?as_of=``."""
    everyone(request)
    user: Any = request.user
    as_of = as_of_of(request)
    survey = services.survey(as_of)
    found = services.counts(survey)
    steps = [one for one in found if one.kind == "rung"]
    may = registers.readable_attributes(user)
    held = len({firm for one in steps for firm in one.firms})
    targets = _targets(user, found)
    context = {
        "as_of": as_of,
        "past": as_of != identity.today(),
        "survey": survey,
        "held": held,
        "synthetic": any(one.synthetic for one in found),
        "steps": steps,
        "beside": [one for one in found if one.kind == "title" and one.firms],
        "targets": targets,
        "first": next((row for row in targets if row["goal"]), None),
        "near": _near(survey, may),
        "nearly": len(survey.nearly),
        "ready": len(survey.ready),
        "ending": _ends(survey, survey.ending),
        "endings": len(survey.ending),
        "lost": _ends(survey, survey.lost()),
        "losses": len(survey.lost()),
        "chart": _chart(steps, targets),
        "assumed": any(not edition.compared for _title, edition in survey.ladder.titles.values() if edition.conditions),
        "may_export": allowed(user, "export", STANDING),
        "may_count": allowed(user, "add", Observation),
        "may_coach": allowed(user, "add", CoachingList),
        "lists": CoachingList.objects.for_user(user).count(),
        "nav_key": "enterprises.ladder",
    }
    return render(request, "ladder/index.html", context)


def _chart(steps: list[services.Counted], targets: list[dict[str, Any]]) -> Any:
    """Firms at their highest rung, then the tallies with what their target still asks."""
    wanted = [row for row in targets if row["goal"]]
    names = [label(one.label) for one in steps] + [label(row["count"].label) for row in wanted]
    if not names:
        return None
    held = [float(one.value) for one in steps] + [float(row["count"].value) for row in wanted]
    short = [None for _one in steps] + [float(row["gap"] or 0) for row in wanted]
    parts = [(_("Firms"), held)] + ([(_("Short of the target"), short)] if wanted else [])
    title = _("Distinct firms by rung, and against target")
    return share_chart("ladder-chart", title, names, parts, unit=_("firms"), inks=["--c1", "--surface-3"])


@login_required
@require_GET
def firms(request: HttpRequest) -> HttpResponse:
    """``/ladder/firms/``: the list behind every count."""
    everyone(request)
    return listing_page(request, FIRMS)


@login_required
@require_GET
def firm(request: HttpRequest, key: str) -> HttpResponse:
    """``/ladder/firms/<key>/``: one firm in the panel, or as a page."""
    user: Any = request.user
    reach = scope(user, "view", STANDING)
    key = registers.kept_key(key)
    one = get_object_or_404(Organisation, key=key, kind=Organisation.Kind.ENTERPRISE)
    if reach is None or not (reach == "all" or registers.is_own(user, key)) or not registers.may_see(user, key):
        raise Http404(_("There is no such thing, or it is not open to your role."))
    may = registers.readable_attributes(user, own=registers.is_own(user, key))
    as_of = as_of_of(request)
    context = stand_of(one, as_of, may) | {
        "may_coach": allowed(user, "add", CoachingList),
        "nav_key": "enterprises.ladder",
    }
    template = "ladder/firm_panel.html" if getattr(request, "htmx", False) else "ladder/firm.html"
    return render(request, template, context)


@login_required
@require_GET
def titles(request: HttpRequest) -> HttpResponse:
    """``/ladder/titles/``: every title with its editions, conditions, sources."""
    require(request.user, "view", Title)
    from gangshen.apps.ladder.services._titles import texts

    day = as_of_of(request)
    rows = []
    for title in services.titles(texts()[0]):
        editions = [
            {
                "edition": one,
                "now": one.applies(day),
                "conditions": services.conditions_of(one),
                "notice": one.notice.words(),
            }
            for one in reversed(title.editions)
        ]
        rows.append({"title": title, "editions": editions})
    places = ["rung", "beside", "list"]
    rows.sort(key=lambda row: (places.index(row["title"].editions[-1].place), row["title"].editions[-1].rung or 0))
    return render(request, "ladder/titles.html", {"rows": rows, "nav_key": "enterprises.ladder"})


def _export(request: HttpRequest, channel: str) -> tuple[services.Survey, Any]:
    everyone(request)
    user: Any = request.user
    if not allowed(user, "export", STANDING):
        raise PermissionDenied
    survey = services.survey(as_of_of(request))
    archive.record_event(user, "export", None, {"channel": channel, "what": STANDING, "as_of": str(survey.as_of)})
    return survey, registers.readable_attributes(user)


@login_required
@require_GET
def excel(request: HttpRequest) -> HttpResponse:
    """The ladder as a workbook."""
    survey, may = _export(request, "excel")
    return attachment(services.workbook(survey, may), f"ladder-{survey.as_of}.xlsx", sheets.MEDIA_TYPE)


@login_required
@require_GET
def word_brief(request: HttpRequest) -> HttpResponse:
    """The ladder as a Word brief."""
    survey, may = _export(request, "word")
    return attachment(services.brief(survey, may), f"ladder-{survey.as_of}.docx", word.MEDIA_TYPE)


@login_required
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Write today's counts to their series."""
    from django.contrib import messages
    from django.shortcuts import redirect

    everyone(request)
    user: Any = request.user
    require(user, "add", Observation)
    written = services.write_counts(services.survey(identity.today()), now=identity.now(), actor=user)
    messages.success(request, _("%(n)s series hold today's counts.") % {"n": len(written)})
    return redirect("ladder:index")
