"""校核: the text on one side, what was read on the other."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gangshen.apps.documents import services
from gangshen.apps.documents.adapters import configured
from gangshen.apps.documents.models import Document, Item, Reading, Relation
from gangshen.apps.documents.pages._doubts import doubt_words
from gangshen.apps.documents.pages._forms import form_for, lost_row, summary
from gangshen.apps.documents.pages._paper import line_at, paper, pieces_of
from gangshen.apps.identity.access import allowed, visible
from gangshen.apps.runs.models import Run

__all__ = ["SHOWN", "around", "document", "item", "item_of", "page_of", "partial", "review"]

SHOWN = ("doubtful", "open", "unread", "lost", "all")


@login_required
def document(request: HttpRequest, key: str) -> HttpResponse:
    """The document with its reading; while it is being read, its progress."""
    one = get_object_or_404(Document.objects.for_user(request.user).select_related("file"), key=key)
    reading = services.current(one)
    if reading is None:
        run = Run.objects.filter(kind="documents.read", params__document=one.key).first()
        return render(request, "documents/unread.html", {"document": one, "run": run, "nav_key": "documents.library"})
    return render(request, "documents/document.html", review(request, one, reading) | around(request, one))


def around(request: HttpRequest, one: Document) -> dict[str, Any]:
    """What stands beside the review: what came before and after, what rests on it, and forms to state it."""
    may_relate = allowed(request.user, "add", Relation) and allowed(request.user, "change", Document)
    seen = Document.objects.for_user(request.user).exclude(pk=one.pk).order_by("title")
    return {
        "rests": services.rests_on(one, request.user),
        "chain": services.chain(one, request.user),
        "may_relate": may_relate,
        "model": configured() if allowed(request.user, "change", Item) else None,
        "relation_kinds": Relation.Kind.choices,
        "statuses": Document.Status.choices,
        "others": list(seen.values_list("key", "title")) if may_relate else [],
    }


def review(request: HttpRequest, one: Document, reading: Reading, opened: int | None = None) -> dict[str, Any]:
    """All that the review shows, with the item ``opened``."""
    every = list(reading.items.order_by("start", "end", "pk"))
    sentences = services.sentences(reading, every)
    items = [item for item in every if item.kind != Item.Kind.UNREAD]
    at, to = _offset(request, "at"), _offset(request, "to")
    hit = (at, to) if at is not None and to is not None and at < to else None
    missed = [(one.start, one.end) for one in sentences if one.settled is None]
    lines = paper(services.text(reading), items, missed, hit)
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
        "sentences": sentences,
        "lost": [lost_row(entry) for entry in reading.data.get("lost", [])],
        "last": services.last_decision(reading, request.user) if may_change else None,
        "progress": done,
        "tabs": _tabs(done, len(reading.data.get("lost", []))),
        "chosen": chosen,
        "opened": now_open,
        "opened_decided": now_open is not None and now_open.state != Item.State.PENDING,
        "doubts": doubt_words(now_open.doubts) if now_open else [],
        "at": line_at(lines, at),
        "form": form_for(now_open) if now_open and may_change and not now_open.adopted_as else None,
        "may_change": may_change,
        "may_open": allowed(request.user, "view", Item),
        "may_export": allowed(request.user, "export", Document),
        "adopted": sum(1 for item in items if item.adopted_as),
        "nav_key": "documents.library",
    }


def _tabs(done: services.Progress, lost: int) -> list[tuple[str, Any, int]]:
    """The parts of the list: value, name, how many; decisions whose words are gone only when there are any."""
    tabs = [
        ("doubtful", _("Doubtful"), done.doubtful),
        ("open", _("Left"), done.pending),
        ("unread", _("Not read"), done.unread),
        ("all", _("All"), done.total),
    ]
    return [*tabs, ("lost", _("Words gone"), lost)] if lost else tabs


def _chosen(items: list[Item], chosen: str) -> list[Item]:
    """Doubtful ones first, then what is open, then the rest, each in the order of the text."""
    if chosen == "doubtful":
        return [item for item in items if item.doubts and item.state == Item.State.PENDING]
    if chosen == "open":
        return sorted((i for i in items if i.state == Item.State.PENDING), key=lambda i: (not i.doubts, i.start))
    return (
        []
        if chosen in ("unread", "lost")
        else sorted(items, key=lambda i: (i.state != "pending", not i.doubts, i.start))
    )


def _offset(request: HttpRequest, name: str) -> int | None:
    """A place in the text that evidence or a search points at."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def _wanted(request: HttpRequest, items: list[Item], shown: list[Item]) -> int | None:
    asked = request.GET.get("item", "")
    if asked.isascii() and asked.isdigit():
        return int(asked)
    if (at := _offset(request, "at")) is not None:
        there = [item for item in items if item.start <= at < item.end]
        return min(there, key=lambda item: item.end - item.start).pk if there else None
    return next((item.pk for item in shown if item.state == Item.State.PENDING), None)


def item_of(request: HttpRequest, key: str, pk: int, action: str = "view") -> Item:
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
    one = item_of(request, key, pk)
    if not request.headers.get("HX-Request"):
        return redirect(f"{page_of(key)}?show=all&item={pk}#item-{pk}")
    context = review(request, one.reading.document, one.reading, opened=pk)
    if not any(row["item"].pk == pk for row in context["rows"]):
        context["rows"].insert(0, {"item": one, "words": summary(one)})
    return render(request, "documents/items.html", context)


def page_of(key: str) -> str:
    """Address of a document's page."""
    return reverse("documents:document", args=[key])


def partial(request: HttpRequest, context: dict[str, Any], said: str, *, redraw: int | None = None) -> HttpResponse:
    """The list of items with the head, and the pieces of item ``redraw`` (or the whole paper) in place; says ``said``."""
    context["redrawn"] = pieces_of(context["lines"], redraw) if redraw is not None else []
    response = render(request, "documents/items.html", context | {"partial": True, "repaper": redraw is None})
    response["HX-Trigger"] = json.dumps({"toast": {"state": "ok", "text": said}})
    return response
