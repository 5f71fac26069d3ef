"""Pages of the shell itself: evidence, theme, health, the specimen of all components."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import RedirectView
from django.views.i18n import set_language

from gangshen import __version__
from gangshen.engines.evidence import Ref, RefError

from . import api, specimen
from .components import Evidence
from .context import THEMES
from .hookpoints import RESOLVERS
from .listing import pages as lists

__all__ = ["components", "evidence", "health", "resolve", "theme", "urlpatterns"]


def resolve(text: str, user: object) -> Evidence:
    """What a reference opens to for ``user``.

    Raises Http404 in words when the text is no reference, nothing opens its scheme, or the user may not see it.
    """
    try:
        ref = Ref.parse(text)
    except RefError as error:
        raise Http404(str(error)) from error
    if ref.scheme not in RESOLVERS:
        raise Http404(_("Nothing opens references of the kind “%(scheme)s”.") % {"scheme": ref.scheme})
    found: Evidence | None = RESOLVERS.get(ref.scheme)(ref, user)
    if found is None:
        raise Http404(_("%(ref)s is gone, or not open to your role.") % {"ref": text})
    return found


@login_required
@require_GET
def evidence(request: HttpRequest) -> HttpResponse:
    """``/evidence/?ref=…``: into the panel for htmx, as a page otherwise."""
    text = request.GET.get("ref", "")
    context = {"evidence": resolve(text, request.user), "ref": text}
    return render(request, "parts/evidence.html" if request.htmx else "evidence.html", context)  # type: ignore[attr-defined]


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme of this browser, and go back."""
    to = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure()):
        to = "/"
    response = redirect(to)
    chosen = request.POST.get("theme", "auto")
    response.set_cookie(
        "theme", chosen if chosen in THEMES else "auto", max_age=365 * 86400, samesite="Lax", httponly=True
    )
    return response


@never_cache
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Is the database answering? For the supervisor and for monitoring."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok", "version": __version__})


@login_required
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component once, for whoever builds a page."""
    return render(request, "components.html", specimen.parts())


urlpatterns = [
    path("language/", set_language, name="language"),
    path("theme/", theme, name="theme"),
    path("health/", health, name="health"),
    path("favicon.ico", RedirectView.as_view(url=static("favicon.svg")), name="favicon"),
    path("evidence/", evidence, name="evidence"),
    path("components/", components, name="components"),
    path("lists/<slug:key>/", lists.page, name="list"),
    path("lists/<slug:key>.xlsx", lists.excel, name="list_excel"),
    path("lists/<slug:key>.csv", lists.csv, name="list_csv"),
    path("api/", api.build().urls),
]
