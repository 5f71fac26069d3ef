"""Keeping and dropping a view of a list."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gangshen.apps.identity import services

__all__ = ["drop_view", "keep_view"]


def _back(request: HttpRequest) -> str:
    """The list's own address; only one of this console."""
    path = request.POST.get("path", "/")
    return path if url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "/"


@login_required
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    asked = request.POST
    kept = services.keep_view(
        user,
        asked.get("listing", ""),
        asked.get("name", ""),
        asked.get("query", ""),
        shared=asked.get("shared") == "1",
        now=services.now(),
    )
    joined = "&".join(part for part in (kept.query, f"view=saved-{kept.pk}") if part)
    return redirect(f"{_back(request)}?{joined}")


@login_required
@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    services.drop_view(user, pk)
    return redirect(_back(request))
