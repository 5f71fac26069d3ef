"""The library, and how a document gets into it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gangshen.apps.documents import services
from gangshen.apps.documents.adapters import configured
from gangshen.apps.documents.listings import DOCUMENTS
from gangshen.apps.documents.models import Document, Item
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.services import now
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused
from gangshen.web.listing.pages import listing_page

__all__ = ["library", "propose", "read_again", "search", "upload", "uploaded"]


@login_required
def library(request: HttpRequest) -> HttpResponse:
    """All documents the user may see."""
    seen = Document.objects.for_user(request.user)
    open_items = (
        Item.objects.filter(reading__document__in=seen, reading__current=True, state=Item.State.PENDING)
        if allowed(request.user, "view", Item)
        else Item.objects.none()
    )
    return listing_page(
        request,
        DOCUMENTS,
        template="documents/library.html",
        context={
            "total": seen.count(),
            "in_force": seen.filter(status=Document.Status.IN_FORCE).count(),
            "drafts": seen.filter(status=Document.Status.DRAFT_FOR_COMMENT).count(),
            "pending": open_items.count(),
            "to_check": open_items.values("reading__document").distinct().count(),
            "may_add": allowed(request.user, "add", Document),
            "own_answer": True,
        },
    )


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Full text: each place with the words around it, leading to it in its document."""
    require(request.user, "view", Document)
    words = request.GET.get("q", "").strip()
    found = services.search(words, request.user) if words else []
    groups: dict[str, dict[str, Any]] = {}
    for hit in found:
        first, last = hit.mark
        row = {"hit": hit, "before": hit.excerpt[:first], "words": hit.excerpt[first:last], "after": hit.excerpt[last:]}
        groups.setdefault(hit.document, {"title": hit.title, "key": hit.document, "rows": []})["rows"].append(row)
    context = {"words": words, "total": len(found), "groups": list(groups.values()), "nav_key": "documents.library"}
    return render(request, "documents/search.html", context)


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Choose or drop files; each is filed and read, a file that can't be read says why and keeps the others."""
    require(request.user, "add", Document)
    made: list[Document] = []
    faults: list[tuple[str, Refused]] = []
    for sent in request.FILES.getlist("files"):
        try:
            document = services.upload(sent.read(), sent.name or "document", actor=request.user, now=now())
        except Refused as refusal:
            faults.append((sent.name or "", refusal))
            continue
        services.start_reading(document, actor=request.user, now=now())
        made.append(document)
    if request.headers.get("HX-Request"):
        rows = [_row(one) for one in made] + [{"name": name, "refusal": refusal} for name, refusal in faults]
        return render(request, "documents/uploaded.html", {"rows": rows})
    if len(made) == 1 and not faults:
        return redirect("documents:document", made[0].key)
    context: dict[str, Any] = {"rows": [_row(one) for one in made], "faults": faults, "nav_key": "documents.library"}
    return render(request, "documents/upload.html", context, status=409 if faults and not made else 200)


def _row(document: Document) -> dict[str, Any]:
    """How a filed document stands: read with so many items, being read, or not readable."""
    reading = services.current(document)
    run = Run.objects.filter(kind="documents.read", params__document=document.key).first()
    return {"document": document, "done": services.progress(reading) if reading else None, "run": run}


@login_required
def uploaded(request: HttpRequest, key: str) -> HttpResponse:
    """One row of the upload, asked again until the document is read."""
    document = get_object_or_404(Document.objects.for_user(request.user), key=key)
    return render(request, "documents/uploaded.html", {"rows": [_row(document)]})


@login_required
@require_POST
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the configured model for what the reader missed."""
    document = get_object_or_404(Document.objects.for_user(request.user, "change"), key=key)
    if configured() is None:
        raise Refused(_("No model endpoint is configured."), _("Ask whoever runs this installation."))
    services.start_proposing(document, actor=request.user, now=now())
    messages.success(request, _("The model is asked; what it proposes will stand among the doubtful ones."))
    return redirect("documents:document", key)


@login_required
@require_POST
def read_again(request: HttpRequest, key: str) -> HttpResponse:
    """Read the file again; what people decided is kept by span."""
    document = get_object_or_404(Document.objects.for_user(request.user, "change"), key=key)
    services.start_reading(document, actor=request.user, now=now())
    messages.success(request, _("Reading again; decisions on the same words are kept."))
    return redirect("documents:document", key)
