"""What every answer has in common: refusals in words, log-in asked once, private pages kept out of caches."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils import translation

from .errors import Refused

__all__ = ["AddressMiddleware", "LanguageMiddleware", "ShellMiddleware"]


class AddressMiddleware:
    """No address of ours holds a NUL sign, and PostgreSQL takes none: answered as a bad request, not as a fault of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("NUL in the address", content_type="text/plain")
        return self.get_response(request)


class LanguageMiddleware:
    """Chinese, unless this browser chose English by the switch; what its Accept-Language says chooses nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        translation.activate(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


class ShellMiddleware:
    """Turns :class:`Refused` into a page of status 409 (a toast for htmx) and a lost session into one log-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        htmx: Any = getattr(request, "htmx", None)
        if htmx and response.status_code == 302 and response["Location"].startswith(settings.LOGIN_URL):
            # the log-in page must not land inside a panel
            back = htmx.current_url_abs_path or "/"
            response = HttpResponse(
                status=204, headers={"HX-Redirect": f"{settings.LOGIN_URL}?ended=1&next={quote(back)}"}
            )
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if getattr(request, "htmx", False):
            said = {"toast": {"state": "bad", "text": str(error)}}
            return HttpResponse(status=409, headers={"HX-Trigger": json.dumps(said), "HX-Reswap": "none"})
        return render(request, "409.html", {"refused": error}, status=409)
