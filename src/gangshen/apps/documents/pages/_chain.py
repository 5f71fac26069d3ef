"""The status of a document and what it does to earlier ones, stated by a clerk with the evidence."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document, Relation
from gangshen.apps.identity.services import now

__all__ = ["relate", "status", "unrelate"]


@login_required
@require_POST
def relate(request: HttpRequest, key: str) -> HttpResponse:
    """This document amends, replaces, repeals or is the final text of an earlier one."""
    newer = get_object_or_404(Document.objects.for_user(request.user, "change"), key=key)
    older = get_object_or_404(Document.objects.for_user(request.user), key=request.POST.get("older", ""))
    given = {name: request.POST.get(name, "") for name in ("evidence", "note")}
    services.relate(newer, older, request.POST.get("kind", ""), actor=request.user, now=now(), **given)
    messages.success(request, _("Stated."))
    return redirect("documents:document", key)


@login_required
@require_POST
def unrelate(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take such a statement back."""
    found = get_object_or_404(Relation.objects.for_user(request.user, "delete"), pk=pk, newer__key=key)
    services.unrelate(found, actor=request.user)
    messages.success(request, _("Taken back"))
    return redirect("documents:document", key)


@login_required
@require_POST
def status(request: HttpRequest, key: str) -> HttpResponse:
    """Move the document along its chain, with what that rests on."""
    one = get_object_or_404(Document.objects.for_user(request.user, "change"), key=key)
    services.set_status(one, request.POST.get("status", ""), actor=request.user, note=request.POST.get("note", ""))
    messages.success(request, _("Status changed."))
    return redirect("documents:document", key)
