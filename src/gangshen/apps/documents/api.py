"""Documents in the API: file, read, decide."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Router, Schema, Status, UploadedFile

from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document, Item, Reading
from gangshen.apps.identity.access import require
from gangshen.apps.identity.services import now
from gangshen.engines.comparing import to_dict
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

__all__ = ["router"]

router = Router(tags=["documents"])


class DocumentOut(Schema):
    key: str
    title: str
    number: str
    issuer: str
    status: str
    issued_on: dt.date | None
    example: bool


class ItemOut(Schema):
    id: int
    kind: str
    position: int
    start: int
    end: int
    quote: str
    state: str
    doubts: list[str]
    data: dict[str, Any]
    corrected: dict[str, Any] | None
    adopted_as: str


class ReadingOut(Schema):
    document: str
    kind: str
    reader: str
    text_hash: str
    data: dict[str, Any]
    items: list[ItemOut]


class DecisionIn(Schema):
    state: str
    corrected: dict[str, Any] | None = None


@router.get("/search")
def search(request: HttpRequest, q: str, limit: int = 50) -> list[dict[str, Any]]:
    """Where words stand in the texts read, best place first; spans are code points of each text."""
    require(request.user, "view", Document)
    return [asdict(hit) for hit in services.search(q, request.user, limit=max(1, min(limit, 200)))]


@router.get("/compare")
def compare(request: HttpRequest, old: str, new: str) -> dict[str, Any]:
    """What changed between two versions (``KEY`` or ``KEY@HASH``), changed numbers first, with what rests on it."""
    require(request.user, "view", Document)
    found = services.compare(services.version(old, request.user), services.version(new, request.user), request.user)
    shape = to_dict(found.comparison)
    for at, change in enumerate(shape["changes"]):
        rests = found.touched.get(at, [])
        change["touches"] = [
            {"ref": str(one.owner), "kind": label(one.what.kind), "title": one.what.title, "note": label(one.what.note)}
            for one in rests
        ]
    sides = (("old", found.old), ("new", found.new))
    head = {
        side: {"key": one.document.key, "title": one.document.title, "text_hash": one.reading.text_hash}
        for side, one in sides
    }
    return {**head, **shape}


@router.get("/{key}", response=DocumentOut)
def document(request: HttpRequest, key: str) -> Document:
    """One document."""
    return get_object_or_404(Document.objects.for_user(request.user), key=key)


@router.get("/{key}/reading", response=ReadingOut)
def reading(request: HttpRequest, key: str) -> dict[str, Any]:
    """What was read in it, item by item with spans into its text."""
    one = get_object_or_404(Document.objects.for_user(request.user), key=key)
    found = _current(one)
    return {
        "document": one.key,
        "kind": found.kind,
        "reader": found.reader,
        "text_hash": found.text_hash,
        "data": found.data,
        "items": list(found.items.filter(pk__in=Item.objects.for_user(request.user))),
    }


@router.get("/{key}/text")
def text(request: HttpRequest, key: str) -> dict[str, str]:
    """The text read; spans are code points of it."""
    return {"text": services.text(_current(get_object_or_404(Document.objects.for_user(request.user), key=key)))}


def _current(one: Document) -> Reading:
    found = services.current(one)
    if found is None:
        raise Refused("This document has not been read.", "Wait for its reading, or start one.")
    return found


@router.post("/", response={201: DocumentOut})
def upload(request: HttpRequest, file: File[UploadedFile]) -> Status[Document]:
    """File a document and start its reading."""
    require(request.user, "add", Document)
    made = services.upload(file.read(), file.name or "document", actor=request.user, now=now())
    services.start_reading(made, actor=request.user, now=now())
    return Status(201, made)


@router.post("/items/{item}", response=ItemOut)
def decide(request: HttpRequest, item: int, body: DecisionIn) -> Item:
    """Accept, correct or drop an item."""
    one = get_object_or_404(Item.objects.for_user(request.user, "change"), pk=item)
    return services.decide(one, body.state, actor=request.user, now=now(), corrected=body.corrected)
