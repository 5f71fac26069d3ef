"""What can be taken away: the original, the text read, the reading as JSON and as Excel."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document, Reading
from gangshen.apps.documents.pages._doubts import doubt_words
from gangshen.apps.documents.pages._forms import summary
from gangshen.apps.identity.access import require
from gangshen.web import excel as sheets
from gangshen.web.downloads import attached, attachment

__all__ = ["as_json", "excel", "original", "text"]


def _reading(request: HttpRequest, key: str) -> Reading:
    document = get_object_or_404(Document.objects.for_user(request.user), key=key)
    reading = services.current(document)
    if reading is None:
        raise Http404
    return reading


def _exported(request: HttpRequest, reading: Reading, channel: str) -> None:
    require(request.user, "export", reading.document)
    archive.record_event(request.user, "export", reading.document, {"channel": channel})  # type: ignore[arg-type]


@login_required
def as_json(request: HttpRequest, key: str) -> HttpResponse:
    """Every item with its span, as read and as put right."""
    reading = _reading(request, key)
    fields = ("kind", "start", "end", "quote", "state", "doubts", "data", "corrected", "adopted_as")
    body = {
        "document": reading.document.key,
        "text_hash": reading.text_hash,
        "reader": reading.reader,
        "kind": reading.kind,
        **reading.data,
        "items": list(reading.items.values(*fields)),
    }
    _exported(request, reading, "json")
    return attachment(json.dumps(body, ensure_ascii=False, indent=1).encode(), f"{key}.json", "application/json")


@login_required
def excel(request: HttpRequest, key: str) -> HttpResponse:
    """One row an item."""
    reading = _reading(request, key)
    heads = [
        sheets.Head(_("Number"), "number", 8),
        sheets.Head(_("Kind"), "text", 12),
        sheets.Head(_("What was read"), "text", 44),
        sheets.Head(_("Detail"), "text", 40),
        sheets.Head(_("State"), "text", 12),
        sheets.Head(_("Doubts"), "text", 30),
        sheets.Head(_("Quote"), "text", 60),
    ]
    rows = [
        [
            i.position,
            i.get_kind_display(),
            *summary(i),
            i.get_state_display(),
            "；".join(doubt_words(i.doubts)),
            i.quote,
        ]
        for i in reading.items.all()
    ]
    about = _("%(title)s, read by %(reader)s") % {"title": reading.document.title, "reader": reading.reader}
    _exported(request, reading, "excel")
    data = sheets.workbook([sheets.Sheet(_("Items"), about, heads, rows)])
    return attachment(data, f"{key}.xlsx", sheets.MEDIA_TYPE)


@login_required
def text(request: HttpRequest, key: str) -> HttpResponse:
    """The text read, to which offsets refer."""
    return HttpResponse(services.text(_reading(request, key)), content_type="text/plain; charset=utf-8")


@login_required
def original(request: HttpRequest, key: str) -> FileResponse:
    """The file as it came."""
    document = get_object_or_404(Document.objects.for_user(request.user).select_related("file"), key=key)
    if document.file is None:
        raise Http404
    archive.record_event(request.user, "download", document.file)  # type: ignore[arg-type]
    content = archive.path(document.file).open("rb")
    return attached(FileResponse(content, content_type=document.file.media_type or None), document.file.name)
