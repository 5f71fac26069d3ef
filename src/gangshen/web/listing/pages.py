"""A list as a page and as a file."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from gangshen.web.context import frame_of
from gangshen.web.downloads import attached, attachment
from gangshen.web.excel import MEDIA_TYPE
from gangshen.web.formatting import label

from ._declare import LISTINGS, Listing
from ._files import as_csv, as_excel
from ._result import Result, file_name, rows
from ._view import ListView, view_of

__all__ = ["csv", "excel", "listing_page", "page", "view"]


def view(request: HttpRequest, listing: Listing, *, base: str = "", params: QueryDict | None = None) -> ListView:
    """A listing for a page of one's own: put it in the context as ``list`` and include ``listing/part.html``.

    ``params`` (default: the request's) holds what the page itself fixes, too.
    """
    asked = request.GET if params is None else params
    return view_of(rows(listing, request.user, asked), asked, request.path, base)


def listing_page(
    request: HttpRequest,
    listing: Listing,
    *,
    template: str = "listing/page.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """The whole page of ``listing``; htmx takes list and tools out of it. ``template`` extends ``listing/page.html``."""
    filled = {"list": view(request, listing), "nav_key": listing.nav_key} | (context or {})
    return render(request, template, filled)


@login_required
@require_GET
def page(request: HttpRequest, key: str) -> HttpResponse:
    """``/lists/<key>/``."""
    return listing_page(request, _listing(key))


@login_required
@require_GET
def excel(request: HttpRequest, key: str) -> HttpResponse:
    """``/lists/<key>.xlsx``: every row that fits the same parameters."""
    listing, frame = _listing(key), frame_of(request)
    result = _export(request, listing, "excel")
    body = as_excel(result, today=frame.today, zone=label(frame.zone))
    return attachment(body, file_name(listing, "xlsx", frame.today), MEDIA_TYPE)


@login_required
@require_GET
def csv(request: HttpRequest, key: str) -> HttpResponse | StreamingHttpResponse:
    """``/lists/<key>.csv``."""
    listing = _listing(key)
    lines = as_csv(_export(request, listing, "csv"))
    name = file_name(listing, "csv", frame_of(request).today)
    return attached(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), name)


def _export(request: HttpRequest, listing: Listing, channel: str) -> Result:
    params = request.GET.copy()
    for name in ("page", "size"):
        params.pop(name, None)
    return rows(listing, request.user, params, channel=channel)


def _listing(key: str) -> Listing:
    if key not in LISTINGS:
        raise Http404(_("There is no list “%(key)s”.") % {"key": key})
    return LISTINGS.get(key)
