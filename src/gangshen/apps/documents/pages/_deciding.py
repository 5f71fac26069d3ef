"""Deciding about items: accept, correct, drop, take back, finish."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document
from gangshen.apps.documents.pages._forms import form_for, summary
from gangshen.apps.documents.pages._review import item_of, page_of, partial, review
from gangshen.apps.identity.services import now
from gangshen.web.errors import Refused

__all__ = ["decide", "finish"]


@login_required
@require_POST
def decide(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Accept, correct, drop or take back; the next one opens."""
    one = item_of(request, key, pk, "change")
    verb = request.POST.get("verb", "")
    words = {"accepted": _("Accepted"), "dropped": _("Dropped"), "corrected": _("Corrected"), "undo": _("Taken back")}
    if verb not in words:
        raise Refused(_("There is no such decision."), _("Accept, correct or drop."))
    document, reading, said = one.reading.document, one.reading, f"{words[verb]}: {summary(one)[0][:40]}"
    goes = verb == "undo" and one.added
    if verb == "undo":
        services.undo(one, actor=request.user)
    elif verb == "corrected":
        form = form_for(one, request.POST)
        if not form.is_valid():
            context = review(request, document, reading, opened=pk) | {"form": form}
            return render(request, "documents/items.html", context)
        services.decide(one, "corrected", actor=request.user, now=now(), corrected=form.changes())
    else:
        services.decide(one, verb, actor=request.user, now=now())
    if not request.headers.get("HX-Request"):
        return redirect(f"{page_of(key)}?show={request.POST.get('show', '')}")
    context = review(request, document, reading, opened=pk if verb == "undo" and not goes else None)
    return partial(request, context, said, redraw=None if goes else pk)


@login_required
@require_POST
def finish(request: HttpRequest, key: str) -> HttpResponse:
    """完成校核: what was accepted goes to the offices that live by it."""
    one = get_object_or_404(Document.objects.for_user(request.user, "change"), key=key)
    services.finish(one, actor=request.user, now=now(), accept_rest=bool(request.POST.get("accept_rest")))
    return redirect("documents:document", key)
