"""The audit page, the chain of a decision, and kept files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from auditlog.middleware import AuditlogMiddleware
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services
from gangshen.apps.archive.listings import SEALS, TRAIL, event_words
from gangshen.apps.archive.models import File, LogEntry, Seal
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.models import User
from gangshen.engines.evidence import Ref, RefError
from gangshen.web.downloads import attached, attachment
from gangshen.web.errors import Refused
from gangshen.web.hookpoints import RESOLVERS
from gangshen.web.listing.pages import listing_page

__all__ = ["TrailMiddleware", "urlpatterns"]


class TrailMiddleware(AuditlogMiddleware):  # type: ignore[misc]
    """Names who and from where in the trail, and writes down what a role was refused.

    A forwarded address is believed only from one's own proxy.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = super().__call__(request)
        user = request.user
        if response.status_code == 403 and isinstance(user, User):
            address = self._get_remote_addr(request)
            services.record_event(user, "refused", request.path[:200], {"method": request.method}, address=address)
        return response

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        forwarded: list[str] = request.headers.get("X-Forwarded-For", "").split(",")
        nearest = forwarded[-1].strip()  # what our proxy saw; all before it is what a caller wrote
        return (nearest if settings.CONFIG.https and nearest else request.META.get("REMOTE_ADDR")) or None

    @staticmethod
    def _get_remote_port(request: HttpRequest) -> int | None:
        return None


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """``/audit/``: who did what, when; exported as a file of evidence."""
    shown = {"may_export": allowed(request.user, "export", LogEntry)}
    return listing_page(request, TRAIL, template="archive/audit.html", context=shown)


@require_GET
def seals(request: HttpRequest) -> HttpResponse:
    """``/audit/seals/``: the chain, checked anew when asked."""
    require(request.user, "view", Seal)
    problems = services.verify_seals(request.GET.get("expect", "").strip()) if "verify" in request.GET else None
    files = services.verify_files() if "files" in request.GET else None
    shown = {"problems": problems, "file_problems": files, "expect": request.GET.get("expect", "")}
    request.GET = request.GET.copy()  # type: ignore[assignment]
    for name in ("verify", "files", "expect"):
        request.GET.pop(name, None)  # type: ignore[attr-defined]
    return listing_page(request, SEALS, template="archive/seals.html", context=shown)


@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry, whole, with those before and after it on the same object."""
    one = get_object_or_404(LogEntry.objects.for_user(request.user).select_related("actor", "content_type"), pk=pk)
    same = LogEntry.objects.for_user(request.user).filter(object_repr=one.object_repr).exclude(pk=pk)
    if one.content_type_id:
        same = LogEntry.objects.for_user(request.user).filter(
            content_type_id=one.content_type_id, object_pk=one.object_pk
        )
    shown = {
        "entry": one,
        "changes": _changes(one),
        "did": event_words(one),
        "same": _told(same.exclude(pk=pk).select_related("actor")[:20]) if one.object_repr else [],
        "sealed": Seal.objects.filter(last_entry__gte=pk).first(),
        "ref": one.object_repr if _is_ref(one.object_repr) else "",
    }
    panel = bool(getattr(request, "htmx", False))
    return render(request, "archive/entry_body.html" if panel else "archive/entry.html", shown)


def _told(entries: Iterable[LogEntry]) -> list[tuple[LogEntry, str]]:
    return [(one, event_words(one)) for one in entries]


def _changes(one: LogEntry) -> list[tuple[str, str, str]]:
    rows = []
    for name, change in (one.changes or {}).items():
        if isinstance(change, dict):
            rows.append((name, "", f"{change.get('operation')}: {', '.join(change.get('objects', []))}"))
        else:
            rows.append((name, "" if change[0] == "None" else change[0], change[1]))
    return rows


def _is_ref(text: str) -> bool:
    try:
        Ref.parse(text)
    except RefError:
        return False
    return True


@require_GET
def chain(request: HttpRequest) -> HttpResponse:
    """``/audit/chain/?ref=…``: what a decision rests on, down to the sources, and who had a hand in it."""
    require(request.user, "view", LogEntry)
    ref = request.GET.get("ref", "").strip()
    if not ref:
        return render(request, "archive/chain.html", {"ref": "", "nav_key": "audit"})
    if not _is_ref(ref):
        raise Refused(
            _("“%(ref)s” is no reference.") % {"ref": ref}, _("Copy it from an evidence chip, such as run:12.")
        )
    tree = services.chain(ref)
    refs = list(dict.fromkeys(tree.refs()))
    lines = list(_lines(tree, request.user, 0, set()))
    events = LogEntry.objects.for_user(request.user).filter(object_repr__in=refs).select_related("actor")
    gaps = [line for line in lines if line["evidence"] is None]
    shown = {
        "ref": ref,
        "lines": lines,
        "events": _told(events),
        "gaps": len(gaps),
        "count": len(refs),
        "nav_key": "audit",
    }
    return render(request, "archive/chain.html", shown | {"may_export": allowed(request.user, "export", LogEntry)})


def _lines(tree: services.Chain, user: Any, depth: int, seen: set[str]) -> Any:
    again = tree.ref in seen
    seen.add(tree.ref)
    yield {"ref": tree.ref, "depth": range(depth), "evidence": _open(tree.ref, user), "again": again, "cut": tree.cut}
    if not again:
        for below in tree.rests_on:
            yield from _lines(below, user, depth + 1, seen)


def _open(ref: str, user: Any) -> Any:
    try:
        parsed = Ref.parse(ref)
        return RESOLVERS.get(parsed.scheme)(parsed, user) if parsed.scheme in RESOLVERS else None
    except (RefError, Http404, PermissionDenied, Refused):
        return None


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A file of evidence over the days, person and firm asked for, or over the chain of a decision."""
    require(request.user, "export", LogEntry)
    given = request.POST
    try:
        since, until = (dt.date.fromisoformat(given[name]) if given.get(name) else None for name in ("since", "until"))
    except ValueError as error:
        raise Refused(_("The days can't be read."), _("Write them as 2026-03-01.")) from error
    entries = services.search_entries(
        LogEntry.objects.for_user(request.user, "export"),
        since=since,
        until=until,
        person=given.get("person", "").strip(),
        subject=given.get("subject", "").strip(),
    )
    ref = given.get("ref", "").strip()
    if ref and not (since or until):
        entries = entries.none()  # the chain brings its own entries
    actor = request.user if isinstance(request.user, User) else None
    made = services.evidence_archive(entries, ref=ref or None, actor=actor, now=timezone.now())
    return attachment(made, f"evidence-{timezone.localtime():%Y%m%d-%H%M%S}.zip", "application/zip")


@require_GET
def file(request: HttpRequest, sha256: str) -> FileResponse:
    """``/archive/files/<sha256>/``: the file itself, always as a download; noted in the trail."""
    one = get_object_or_404(File.objects.for_user(request.user), sha256=sha256)
    content = services.path(one).open("rb")
    actor = request.user if isinstance(request.user, User) else None
    services.record_event(actor, "download", one)
    return attached(FileResponse(content, content_type=one.media_type or None), one.name)


def file_url(sha256: str) -> str:
    """Where a kept file is fetched."""
    return reverse("archive:file", args=[sha256])


urlpatterns = [
    path("audit/", audit, name="audit"),
    path("audit/seals/", seals, name="seals"),
    path("audit/chain/", chain, name="chain"),
    path("audit/export/", export, name="export"),
    path("audit/<int:pk>/", entry, name="entry"),
    path("archive/files/<str:sha256>/", file, name="file"),
]
