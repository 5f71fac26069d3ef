"""版本对比: two versions side by side, changed numbers first, with what rests on the changed words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document, Relation
from gangshen.apps.documents.pages._sheets import KIND_WORDS, comparison_excel, comparison_word
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.services import now, today
from gangshen.engines.comparing import KINDS, parts
from gangshen.web import excel as sheets
from gangshen.web import word
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused

__all__ = ["accept", "compare", "compare_excel", "compare_word"]

_STATES = {"number": "bad", "added": "ok", "removed": "bad", "moved": "na", "reworded": "near"}


def _compared(request: HttpRequest) -> services.Compared:
    said = request.POST if request.method == "POST" else request.GET
    old, new = (services.version(said.get(name, ""), request.user) for name in ("old", "new"))
    if old.reading.pk == new.reading.pk:
        raise Refused(_("This is one version, not two."), _("Pick another one beside it."))
    return services.compare(old, new, request.user)


@login_required
def compare(request: HttpRequest) -> HttpResponse:
    """Pick two; with two picked, what changed between them."""
    require(request.user, "view", Document)
    old, new = request.GET.get("old", ""), request.GET.get("new", "")
    context: dict[str, Any] = {
        "choices": _choices(request.user),
        "old": old,
        "new": new,
        "nav_key": "documents.compare",
    }
    if not (old and new):
        return render(request, "documents/compare.html", context | {"pairs": services.pairs(request.user)})
    found = _compared(request)
    context |= {
        "compared": found,
        "counts": found.comparison.counts,
        "groups": _groups(found),
        "things": found.things,
        "total": len(found.comparison.changes),
        "related": Relation.objects.filter(newer=found.new.document, older=found.old.document).exists(),
        "may_accept": found.old.document.pk != found.new.document.pk
        and allowed(request.user, "add", Relation)
        and allowed(request.user, "change", Document),
    }
    return render(request, "documents/compared.html", context)


def _choices(user: Any) -> list[tuple[str, str]]:
    """Every text that can be picked: each document's current one, and earlier ones that differ from it."""
    found = []
    readings: dict[int, list[Any]] = {}
    seen = Document.objects.for_user(user).order_by("title", "key")
    for document in seen.prefetch_related("readings"):
        held: dict[str, Any] = {}
        for reading in sorted(document.readings.all(), key=lambda one: (not one.current, -one.pk)):
            held.setdefault(reading.text_hash, reading)
        readings[document.pk] = list(held.values())
        for reading in held.values():
            day = reading.created_at.date().isoformat()
            ref = document.key if reading.current else f"{document.key}@{reading.text_hash}"
            name = (
                document.title
                if reading.current
                else _("%(title)s, as read on %(day)s") % {"title": document.title, "day": day}
            )
            found.append((ref, f"{name}（{document.issued_on:%Y-%m-%d}）" if document.issued_on else name))
    return found


def _groups(found: services.Compared) -> list[dict[str, Any]]:
    groups = []
    for kind in KINDS:
        rows = [
            _row(found, number, change) for number, change in enumerate(found.comparison.changes) if change.kind == kind
        ]
        if rows:
            groups.append({"kind": kind, "state": _STATES[kind], "words": KIND_WORDS[kind], "rows": rows})
    return groups


def _row(found: services.Compared, number: int, change: Any) -> dict[str, Any]:
    old, new = (change.old.quote if change.old else ""), (change.new.quote if change.new else "")
    left, right = parts(old, new) if old and new and change.kind != "moved" else ((), ())
    stands = change.new or change.old
    return {
        "number": number + 1,
        "change": change,
        "left": left,
        "right": right,
        "place": " › ".join(stands.place),
        "touched": found.touched.get(number, []),
    }


def _exported(request: HttpRequest, channel: str) -> None:
    told = {"what": "comparison", "channel": channel, "old": request.GET.get("old"), "new": request.GET.get("new")}
    archive.record_event(request.user, "export", "page:comparison", told)  # type: ignore[arg-type]


@login_required
def compare_excel(request: HttpRequest) -> HttpResponse:
    """The changes as a workbook."""
    require(request.user, "export", Document)
    compared = _compared(request)
    _exported(request, "excel")
    return attachment(comparison_excel(compared), "comparison.xlsx", sheets.MEDIA_TYPE)


@login_required
def compare_word(request: HttpRequest) -> HttpResponse:
    """版本对比表 in the official layout."""
    require(request.user, "export", Document)
    compared = _compared(request)
    _exported(request, "word")
    return attachment(comparison_word(compared, today()), "comparison.docx", word.MEDIA_TYPE)


@login_required
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """采用新版: the newer text follows the older one; what rests on changed words is looked at again, each a case."""
    found = _compared(request)
    old, new = found.old.document, found.new.document
    if old.pk == new.pk:
        raise Refused(_("These are two readings of one document."), _("The current one counts already."))
    services.supersede(old, new, actor=request.user, now=now())
    opened = services.alert_changed(services.compare(found.old, found.new, None), now=now())
    words = ngettext("%(n)d case was opened.", "%(n)d cases were opened.", len(opened)) % {"n": len(opened)}
    messages.success(request, _("The new version is accepted.") + " " + words)
    return redirect(f"{request.path.removesuffix('accept/')}?old={found.old.ref}&new={found.new.ref}")
