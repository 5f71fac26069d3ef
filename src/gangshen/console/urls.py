"""All addresses of the console: each app's ``pages.urlpatterns`` under its own prefix."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

PREFIXES = {
    "web": "",
    "console": "",
    "identity": "",
    "archive": "",  # audit/ and archive/
    "runs": "runs/",
    "cases": "cases/",
    "registers": "",  # enterprises/ and vocabulary/
    "documents": "documents/",
    "indicators": "indicators/",
    "money": "money/",
    "policies": "policies/",
    "plans": "plans/",
    "visits": "visits/",
    "chain": "chain/",
    "ladder": "ladder/",
}


def _pages() -> list[URLResolver]:
    mounted = []
    for name, prefix in PREFIXES.items():
        module = f"gangshen.{name}.pages" if name in ("web", "console") else f"gangshen.apps.{name}.pages"
        if find_spec(module):
            mounted.append(path(prefix, include((import_module(module).urlpatterns, name))))
    return mounted


urlpatterns: list[URLPattern | URLResolver] = [path("admin/", admin.site.urls), *_pages()]
