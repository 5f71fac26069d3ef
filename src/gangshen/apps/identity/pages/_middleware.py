"""Nobody sees a page without logging in, but for a short list; a user's language is his wherever he logs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from gangshen.apps.identity.models import User

__all__ = ["SignedIn", "UserLanguage"]

# What a visitor may open: logging in, language and theme, health; the API answers 401 by itself.
OPEN = ("/login/", "/language/", "/theme/", "/health/", "/api/", "/favicon.ico")


class SignedIn(LoginRequiredMiddleware):
    """Asks for the log-in; says so when a session ran out."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponse], view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        if request.path.startswith(OPEN):
            return None
        answer: HttpResponse | None = super().process_view(request, view_func, view_args, view_kwargs)
        return answer

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponse]) -> HttpResponse:
        asked = {"next": request.get_full_path()}
        if settings.SESSION_COOKIE_NAME in request.COOKIES:  # the browser remembers a session that the server ended
            asked["ended"] = "1"
        return redirect(f"{settings.LOGIN_URL}?{urlencode(asked)}")


class UserLanguage:
    """Shows pages in the user's language; a switch of language is kept with the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.language != translation.get_language():
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language  # type: ignore[attr-defined]
        response = self.get_response(request)
        chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
        if (
            chosen
            and isinstance(user, User)
            and chosen.value in dict(settings.LANGUAGES)
            and chosen.value != user.language
        ):
            User.objects.filter(pk=user.pk).update(language=chosen.value)
        return response
