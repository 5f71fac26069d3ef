"""我的待办: what waits for me, one case, and its moves."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.models import User
from gangshen.engines.evidence import Ref
from gangshen.web.downloads import attached
from gangshen.web.errors import Refused
from gangshen.web.formatting import label
from gangshen.web.hookpoints import RESOLVERS
from gangshen.web.listing import Listing
from gangshen.web.listing.pages import listing_page
from gangshen.web.pages import resolve

from . import listings, services
from .forms import HandOverForm, MoveForm, NewCaseForm
from .models import Case
from .services import case_type

__all__ = ["urlpatterns"]

PROVED = {"report", "close", "comment"}  # moves that may bring a file


def _tabs(user: Any, here: str) -> list[dict[str, Any]]:
    """The three lists of one's work and, where one sees more, all cases."""
    tabs = [
        {"key": "todo", "url": "cases:mine", "label": _("To do"), "count": services.todo_count(user)},
        {"key": "waiting", "url": "cases:waiting", "label": _("Waiting"), "count": services.waiting(user).count()},
        {"key": "done", "url": "cases:done", "label": _("Done"), "count": None},
        {"key": "all", "url": "cases:all", "label": _("All"), "count": None},
    ]
    return [tab | {"on": tab["key"] == here} for tab in tabs]


def _list(request: HttpRequest, listing: Listing, here: str) -> HttpResponse:
    context = {"tabs": _tabs(request.user, here), "may_open": allowed(request.user, "add", Case)}
    return listing_page(request, listing, template="cases/list.html", context=context)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """``/cases/``: what waits for me."""
    return _list(request, listings.TODO, "todo")


@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """``/cases/waiting/``: what I opened or reported, now with others."""
    return _list(request, listings.WAITING, "waiting")


@login_required
@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """``/cases/done/``: closed cases in which I had a hand."""
    return _list(request, listings.DONE, "done")


@login_required
@require_GET
def every(request: HttpRequest) -> HttpResponse:
    """``/cases/all/``: all cases that I may see."""
    return _list(request, listings.ALL, "all")


def _visible(request: HttpRequest, pk: int) -> Case:
    rows = Case.objects.for_user(request.user).select_related("unit", "owner", "opened_by", "closed_by", "receipt_file")
    return get_object_or_404(rows, pk=pk)


def _opens(ref: str) -> bool:
    return ref.partition(":")[0] in RESOLVERS


def _context(request: HttpRequest, case: Case) -> dict[str, Any]:
    verbs = services.actions(case, request.user)  # type: ignore[arg-type]
    kind, clock = case_type(case.type), services.clock(case, identity.today())
    if "close" in verbs and (case.state == Case.State.REPORTED or "report" not in verbs or not kind.closes):
        primary = "close"
    else:
        primary = "report" if "report" in verbs else ""
    return {
        "case": case,
        "kind": kind,
        "clock": clock,
        "status": listings.stand(clock),
        "verbs": verbs,
        "primary": primary,
        "form": MoveForm(auto_id=f"case-{case.pk}-%s"),
        "hand_over": HandOverForm(auto_id=f"case-{case.pk}-%s") if "hand_over" in verbs else None,
        "refs": [ref for ref in dict.fromkeys([case.about, *case.evidence]) if _opens(ref)],
        "events": case.events.select_related("actor", "file").order_by("-pk"),
        "work_url": kind.url(case) if kind.url else "",
        "nav_key": "today.cases",
    }


@login_required
@require_GET
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """``/cases/<number>/``: the case; for htmx its panel."""
    context = _context(request, _visible(request, pk))
    return render(request, "cases/panel.html" if request.htmx else "cases/case.html", context)  # type: ignore[attr-defined]


@login_required
@require_POST
def move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do one move; refusals become a message in words, done ones a toast."""
    one, actor, now = _visible(request, pk), request.user, identity.now()
    if verb == "hand_over":
        given = HandOverForm(request.POST)
        if not given.is_valid():
            return _again(request, one, {"hand_over": given})
        services.hand_over(one, given.cleaned_data["to"], actor=actor, now=now, reason=given.cleaned_data["text"])  # type: ignore[arg-type]
        return _done(request, one, verb)
    form = MoveForm(request.POST, request.FILES, auto_id=f"case-{one.pk}-%s")
    if not form.is_valid():
        return _again(request, one, {"form": form})
    text, upload = form.cleaned_data["text"], form.cleaned_data["file"]
    how: dict[str, Any] = {"actor": actor, "now": now}
    if upload and verb in PROVED:
        services.check(one, verb, actor)  # type: ignore[arg-type]
        how["file"] = archive.store(upload.read(), upload.name, now=now, media_type=upload.content_type, actor=actor)  # type: ignore[arg-type]
    if verb == "extend":
        if form.cleaned_data["due"] is None:
            form.add_error("due", _("Give the new deadline."))
            return _again(request, one, {"form": form})
        services.extend(one, form.cleaned_data["due"], text, **how)
    elif verb in MOVES:
        MOVES[verb](one, text, **how)
    else:
        raise Http404
    return _done(request, one, verb)


MOVES: dict[str, Any] = {
    "comment": services.comment,
    "wait": services.wait,
    "report": services.report,
    "return": services.return_,
    "close": services.close,
    "reopen": services.reopen,
}


def _said(verb: str) -> str:
    return {
        "comment": _("Noted."),
        "wait": _("Put to wait; its clock runs on."),
        "report": _("Reported; it now waits to be closed."),
        "return": _("Returned."),
        "close": _("Closed."),
        "reopen": _("Opened again."),
        "extend": _("Extended."),
        "hand_over": _("Handed over."),
    }[verb]


def _done(request: HttpRequest, one: Case, verb: str) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _said(verb))
        still = Case.objects.for_user(request.user).filter(pk=one.pk).exists()
        return redirect("cases:case", one.pk) if still else redirect("cases:mine")
    said = {"toast": {"state": "ok", "text": _said(verb)}, "case-moved": {}}
    if not Case.objects.for_user(request.user).filter(pk=one.pk).exists():
        return HttpResponse("", headers={"HX-Trigger": json.dumps(said)})
    response = render(request, "cases/panel.html", _context(request, _visible(request, one.pk)))
    response["HX-Trigger"] = json.dumps(said)
    return response


def _again(request: HttpRequest, one: Case, forms: dict[str, Any]) -> HttpResponse:
    template = "cases/panel.html" if request.htmx else "cases/case.html"  # type: ignore[attr-defined]
    return render(request, template, _context(request, one) | forms)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """``/cases/new/?type=&about=&title=``: an instruction, a question, or a fact that is wrong."""
    require(request.user, "add", Case)
    form = NewCaseForm(request.POST or None, user=request.user, initial=request.GET.dict())  # type: ignore[misc, arg-type]
    if request.method == "POST" and form.is_valid():
        opened = _open(request, form.cleaned_data)
        messages.success(request, _("Case %(number)s is open.") % {"number": opened.pk})
        return redirect("cases:case", opened.pk)
    about = form["about"].value() or ""
    context = {"form": form, "about": about if about and _opens(about) else "", "nav_key": "today.cases"}
    return render(request, "cases/new.html", context)


@login_required
def wrong(request: HttpRequest) -> HttpResponse:
    """``/cases/wrong/?about=REF``: 这条不对, about anything that the user may see."""
    if not services.may_doubt(request.user):  # type: ignore[arg-type]
        raise Refused(_("Your role only reads."), _("Tell the zone office."))
    about = request.POST.get("about") or request.GET.get("about", "")
    evidence = resolve(about, request.user)
    if request.method == "POST":
        opened = services.report_wrong(
            about,
            request.POST.get("note", ""),
            title=_("%(what)s: is it right?") % {"what": label(evidence.title)},
            key=f"wrong:{about}",
            evidence=[about],
            actor=request.user,  # type: ignore[arg-type]
            now=identity.now(),
        )
        messages.success(request, _("Noted as case %(number)s.") % {"number": opened.pk})
        seen = Case.objects.for_user(request.user).filter(pk=opened.pk).exists()
        return redirect("cases:case", opened.pk) if seen else redirect(evidence.url or "cases:mine")
    shown = {"evidence": replace(evidence, wrong_url=""), "ref": about, "nav_key": "today.cases"}
    return render(request, "cases/wrong.html", shown)


def _open(request: HttpRequest, given: dict[str, Any]) -> Case:
    now, to = identity.now(), given.get("to")
    person = to if isinstance(to, User) else None
    about = given["about"] or str(Ref("zone", identity.zone().key))
    # by hand the same matter is one case while it is open, another matter another
    key = f"{given['type']}/{about}/{given['title']}"[:200]
    return services.open_case(
        given["type"],
        key,
        title=given["title"],
        about=about,
        unit=person.organisation if person else to,
        owner=person,
        instruction=given["instruction"],
        due=given.get("due"),
        actor=request.user,  # type: ignore[arg-type]
        now=now,
    )


@login_required
@require_GET
def file(request: HttpRequest, pk: int, event: int) -> FileResponse:
    """The proof that an event of the case brought."""
    one = get_object_or_404(_visible(request, pk).events.select_related("file"), pk=event, file__isnull=False)
    assert one.file is not None
    archive.record_event(request.user, "download", one.file)  # type: ignore[arg-type]
    return attached(
        FileResponse(archive.path(one.file).open("rb"), content_type=one.file.media_type or None), one.file.name
    )


urlpatterns = [
    path("", mine, name="mine"),
    path("waiting/", waiting, name="waiting"),
    path("done/", done, name="done"),
    path("all/", every, name="all"),
    path("new/", new, name="new"),
    path("wrong/", wrong, name="wrong"),
    path("<int:pk>/", case, name="case"),
    path("<int:pk>/files/<int:event>/", file, name="file"),
    path("<int:pk>/<slug:verb>/", move, name="move"),
]
