"""校核: the text on one side, what was read on the other."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document, Item, Reading
from gangshen.apps.documents.pages._doubts import doubt_words
from gangshen.apps.documents.pages._forms import form_for, summary
from gangshen.apps.documents.pages._paper import line_at, paper, pieces_of
from gangshen.apps.identity.access import allowed, visible
from gangshen.apps.identity.services import now
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused

__all__ = ["decide", "document", "finish", "item"]

SHOWN = ("doubtful", "open", "unread", "all")


@login_required
def document(request: HttpRequest, key: str) -> HttpResponse:
    """The document with its reading; while it is being read, its progress."""
    one = get_object_or_404(Document.objects.for_user(request.user).select_related("file", "supersedes"), key=key)
    reading = services.current(one)
    if reading is None:
        run = Run.objects.filter(kind="documents.read", params__document=one.key).first()
        return render(request, "documents/unread.html", {"document": one, "run": run, "nav_key": "documents"})
    return render(request, "documents/document.html", _context(request, one, reading))


def _context(request: HttpRequest, one: Document, reading: Reading, opened: int | None = None) -> dict[str, Any]:
    items = list(reading.items.order_by("start", "end", "pk"))
    text = services.text(reading)
    unread = [(row["start"], row["end"]) for row in reading.data.get("unread", [])]
    lines = paper(text, items, unread)
    at = _offset(request)
    done = services.progress(reading)
    chosen = (
        request.GET.get("show")
        or request.POST.get("show")
        or ("doubtful" if done.doubtful else "open" if done.pending else "all")
    )
    chosen = chosen if chosen in SHOWN and at is None else "all"
    shown = _chosen(items, chosen)
    if opened is None:
        opened = _wanted(request, items, shown)
    now_open = next((item for item in items if item.pk == opened), None)
    may_change = allowed(request.user, "change", Item)
    return {
        "document": one,
        "reading": reading,
        "lines": lines,
        "rows": [{"item": item, "words": summary(item)} for item in shown],
        "unread": [{"quote": row["quote"], "start": row["start"]} for row in reading.data.get("unread", [])],
        "progress": done,
        "chosen": chosen,
        "opened": now_open,
        "doubts": doubt_words(now_open.doubts) if now_open else [],
        "at": line_at(lines, at),
        "form": form_for(now_open) if now_open and may_change and not now_open.adopted_as else None,
        "may_change": may_change,
        "adopted": sum(1 for item in items if item.adopted_as),
        "rests": archive.links_to("doc", one.key)[:50],
        "successors": Document.objects.for_user(request.user).filter(supersedes=one),
        "nav_key": "documents",
    }


def _chosen(items: list[Item], chosen: str) -> list[Item]:
    """Doubtful ones first, then what is open, then the rest, each in the order of the text."""
    if chosen == "doubtful":
        return [item for item in items if item.doubts and item.state == Item.State.PENDING]
    if chosen == "open":
        return sorted((i for i in items if i.state == Item.State.PENDING), key=lambda i: (not i.doubts, i.start))
    return [] if chosen == "unread" else sorted(items, key=lambda i: (i.state != "pending", not i.doubts, i.start))


def _offset(request: HttpRequest) -> int | None:
    """The place in the text that evidence points at."""
    asked = request.GET.get("at", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def _wanted(request: HttpRequest, items: list[Item], shown: list[Item]) -> int | None:
    asked = request.GET.get("item", "")
    if asked.isascii() and asked.isdigit():
        return int(asked)
    if (at := _offset(request)) is not None:
        there = [item for item in items if item.start <= at < item.end]
        return min(there, key=lambda item: item.end - item.start).pk if there else None
    return next((item.pk for item in shown if item.state == Item.State.PENDING), None)


def _item(request: HttpRequest, key: str, pk: int, action: str = "view") -> Item:
    found: Item = get_object_or_404(
        Item.objects.filter(visible(request.user, Item, action)).select_related("reading__document"),
        pk=pk,
        reading__document__key=key,
        reading__current=True,
    )
    return found


@login_required
def item(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Open one item: the list with its form, for htmx; else the page at it."""
    one = _item(request, key, pk)
    if not request.headers.get("HX-Request"):
        return redirect(f"{_page(key)}?show=all&item={pk}#item-{pk}")
    context = _context(request, one.reading.document, one.reading, opened=pk)
    if not any(row["item"].pk == pk for row in context["rows"]):
        context["rows"].insert(0, {"item": one, "words": summary(one)})
    return render(request, "documents/items.html", context)


def _page(key: str) -> str:
    from django.urls import reverse

    return reverse("documents:document", args=[key])


@login_required
@require_POST
def decide(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Accept, correct, drop or take back; the next one opens."""
    one = _item(request, key, pk, "change")
    verb = request.POST.get("verb", "")
    if verb == "undo":
        services.undo(one, actor=request.user)
    elif verb == "corrected":
        form = form_for(one, request.POST)
        if not form.is_valid():
            context = _context(request, one.reading.document, one.reading, opened=pk) | {"form": form}
            return render(request, "documents/items.html", context)
        services.decide(one, "corrected", actor=request.user, now=now(), corrected=form.changes())
    elif verb in ("accepted", "dropped"):
        services.decide(one, verb, actor=request.user, now=now())
    else:
        raise Refused(_("There is no such decision."), _("Accept, correct or drop."))
    if not request.headers.get("HX-Request"):
        return redirect(f"{_page(key)}?show={request.POST.get('show', '')}")
    context = _context(request, one.reading.document, one.reading, opened=pk if verb == "undo" else None)
    context["redrawn"] = pieces_of(context["lines"], pk)
    response = render(request, "documents/items.html", context | {"partial": True})
    words = {"accepted": _("Accepted"), "dropped": _("Dropped"), "corrected": _("Corrected"), "undo": _("Taken back")}
    response["HX-Trigger"] = json.dumps({"toast": {"state": "ok", "text": f"{words[verb]}: {summary(one)[0][:40]}"}})
    return response


@login_required
@require_POST
def finish(request: HttpRequest, key: str) -> HttpResponse:
    """完成校核: what was accepted goes to the offices that live by it."""
    one = get_object_or_404(Document.objects.for_user(request.user, "change"), key=key)
    services.finish(one, actor=request.user, now=now(), accept_rest=bool(request.POST.get("accept_rest")))
    return redirect("documents:document", key)
