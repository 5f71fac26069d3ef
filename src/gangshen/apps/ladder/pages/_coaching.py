"""Coaching lists: made from chosen firms, opened, taken along as Excel and Word, read back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.ladder import services
from gangshen.apps.ladder.forms import CoachForm
from gangshen.apps.ladder.listings import COACHING
from gangshen.apps.ladder.models import Coached, CoachingList
from gangshen.engines.formats import FormatError
from gangshen.web import excel as sheets
from gangshen.web import word
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused
from gangshen.web.listing.pages import listing_page

from ._ladder import everyone

__all__ = ["coaching", "excel", "list_", "new", "read", "word_list"]


@login_required
@require_GET
def coaching(request: HttpRequest) -> HttpResponse:
    """``/ladder/coaching/``: the lists."""
    return listing_page(request, COACHING)


@login_required
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Firms chosen in the list: name the title they are to reach, then the list is made."""
    everyone(request)
    user: Any = request.user
    require(user, "add", CoachingList)
    keys = request.POST.getlist("row")
    survey = services.survey(identity.today())
    given = "title" in request.POST
    rows = [survey.rows[key] for key in keys if key in survey.rows]
    goals = [row.goal for row in rows if row.goal]
    likely = max(set(goals), key=goals.count) if goals else None
    form = CoachForm(request.POST if given else None, survey=survey, initial={"title": likely})
    if given and form.is_valid():
        try:
            made = services.coach(
                survey, form.cleaned_data["title"], keys, name=form.cleaned_data["name"], actor=user, now=identity.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The list is made; each firm is a case of its account manager."))
            return redirect("ladder:list", made.key)
    context = {"form": form, "rows": rows, "keys": keys, "nav_key": "enterprises.ladder"}
    return render(request, "ladder/new.html", context)


def _list(request: HttpRequest, key: str, action: str = "view") -> CoachingList:
    query = CoachingList.objects.for_user(request.user, action).select_related("title", "made_by")
    return get_object_or_404(query, key=key)


@login_required
@require_GET
def list_(request: HttpRequest, key: str) -> HttpResponse:
    """One list: its firms, who has each, by when, what came of it."""
    made = _list(request, key)
    rows = list(made.firms.select_related("firm", "case__owner"))
    context = {
        "made": made,
        "rows": rows,
        "done": sum(row.outcome != Coached.Outcome.OPEN or row.answered_on is not None for row in rows),
        "won": sum(row.outcome == Coached.Outcome.WON for row in rows),
        "shapes": {"open": "unk", "applied": "near", "won": "ok", "dropped": "na"},
        "today": identity.today(),
        "may_change": allowed(request.user, "change", CoachingList),
        "may_export": allowed(request.user, "export", CoachingList),
        "nav_key": "enterprises.ladder",
    }
    return render(request, "ladder/list.html", context)


@login_required
@require_GET
def excel(request: HttpRequest, key: str) -> HttpResponse:
    """The list as Excel, to be filled in and read back."""
    made = _list(request, key, "export")
    archive.record_event(request.user, "export", made, {"channel": "excel"})  # type: ignore[arg-type]
    return attachment(services.coaching_workbook(made), f"{made.key}.xlsx", sheets.MEDIA_TYPE)


@login_required
@require_GET
def word_list(request: HttpRequest, key: str) -> HttpResponse:
    """The list as Word."""
    made = _list(request, key, "export")
    archive.record_event(request.user, "export", made, {"channel": "word"})  # type: ignore[arg-type]
    return attachment(services.coaching_brief(made), f"{made.key}.docx", word.MEDIA_TYPE)


@login_required
@require_POST
def read(request: HttpRequest, key: str) -> HttpResponse:
    """Take the filled-in Excel back: all rows or none."""
    made = _list(request, key)
    given = request.FILES.get("file")
    if given is None:
        raise Refused(_("No file was chosen."), _("Choose the Excel of this list."))
    user: Any = request.user
    try:
        came = services.read_back(made, given.read(), name=given.name or "list", actor=user, today=identity.today())
    except FormatError as error:
        raise Refused(error.in_language(get_language() or "en"), _("Nothing was taken in.")) from None
    messages.success(request, _("%(n)s firms changed, %(m)s as they were.") % {"n": came.changed, "m": came.same})
    return redirect("ladder:list", key)
