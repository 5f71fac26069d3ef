"""What the reader missed: marked in the text or pasted, made an item; or a sentence said to hold nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document, Item, Reading
from gangshen.apps.documents.pages._forms import form_for, summary
from gangshen.apps.documents.pages._review import around, page_of, partial, review
from gangshen.apps.identity.services import now
from gangshen.web.errors import Refused

__all__ = ["add", "nothing_here", "settle"]

_AROUND = 20


def _reading(request: HttpRequest, key: str) -> Reading:
    one = get_object_or_404(Document.objects.for_user(request.user, "change"), key=key)
    reading = services.current(one)
    if reading is None:
        raise Refused(_("This document has not been read."), _("Read it first."))
    return reading


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _span(request: HttpRequest, reading: Reading) -> tuple[list[tuple[int, int]], tuple[int, int] | None]:
    """All places of the words given, and the one that is meant, when it is clear."""
    said = request.POST if request.method == "POST" else request.GET
    start, end = _number(said.get("start", "")), _number(said.get("end", ""))
    if start is not None and end is not None:
        return [(start, end)], (start, end)
    if not said.get("quote", "").strip():
        return [], None
    found = services.quote_places(reading, said["quote"])
    return found, found[0] if len(found) == 1 else None


@login_required
def add(request: HttpRequest, key: str) -> HttpResponse:
    """The form over words of the text, and what it makes; pasted words that stand in several places ask which."""
    reading = _reading(request, key)
    said = request.POST if request.method == "POST" else request.GET
    kind = said.get("kind", Item.Kind.TASK)
    kind = kind if kind in services.ADDABLE else Item.Kind.TASK
    found, span = _span(request, reading)
    adding: dict[str, Any] = {
        "kinds": [(one, Item.Kind(one).label) for one in services.ADDABLE],
        "kind": kind,
        "places": _places(reading, found) if span is None else [],
    }
    if span is not None:
        start, end = span
        draft = services.draft_of(reading, kind, start, end)
        item = Item(reading=reading, kind=kind, start=start, end=end, quote=draft["quote"], data=draft)
        sent = request.POST if request.method == "POST" and request.POST.get("verb") == "add" else None
        form = form_for(item, sent)
        if sent is not None and form.is_valid():
            made = services.add_item(reading, kind, start, end, form.changes(), actor=request.user, now=now())
            return _made(request, reading, made)
        adding |= {"start": start, "end": end, "quote": item.quote, "form": form}
    if not request.headers.get("HX-Request"):
        context = review(request, reading.document, reading) | {"adding": adding, "opened": None}
        return render(request, "documents/document.html", context | around(request, reading.document))
    context = review(request, reading.document, reading) | {"adding": adding, "opened": None}
    return render(request, "documents/items.html", context)


def _places(reading: Reading, found: list[tuple[int, int]]) -> list[dict[str, Any]]:
    text = services.text(reading)
    return [
        {
            "start": start,
            "end": end,
            "before": text[max(0, start - _AROUND) : start],
            "quote": text[start:end],
            "after": text[end : end + _AROUND],
        }
        for start, end in found
    ]


def _made(request: HttpRequest, reading: Reading, made: Item) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(f"{page_of(reading.document.key)}?show=all&item={made.pk}#item-{made.pk}")
    context = review(request, reading.document, reading, opened=made.pk)
    if not any(row["item"].pk == made.pk for row in context["rows"]):
        context["rows"].insert(0, {"item": made, "words": summary(made)})
    return partial(request, context, _("Added: %(words)s") % {"words": summary(made)[0][:40]})


@login_required
@require_POST
def nothing_here(request: HttpRequest, key: str) -> HttpResponse:
    """Say that a sentence with figures holds nothing to be read, or take that back."""
    reading = _reading(request, key)
    start, end = _number(request.POST.get("start", "")), _number(request.POST.get("end", ""))
    if start is None or end is None:
        raise Refused(_("The span lies outside the text."), _("Mark the words in the text."))
    there = reading.items.filter(kind=Item.Kind.UNREAD, start=start, end=end).first()
    if request.POST.get("verb") == "undo" and there:
        services.undo(there, actor=request.user)
        said = _("Taken back")
    else:
        services.nothing_here(reading, start, end, actor=request.user, now=now())
        said = _("Nothing here")
    if not request.headers.get("HX-Request"):
        return redirect(f"{page_of(key)}?show=unread")
    return partial(request, review(request, reading.document, reading), said)


@login_required
@require_POST
def settle(request: HttpRequest, key: str) -> HttpResponse:
    """Take a decision whose words are gone off the list."""
    reading = _reading(request, key)
    services.settle_lost(reading, request.POST.get("quote", ""), actor=request.user)
    if not request.headers.get("HX-Request"):
        return redirect(f"{page_of(key)}?show=lost")
    return partial(request, review(request, reading.document, reading), _("Settled"))
