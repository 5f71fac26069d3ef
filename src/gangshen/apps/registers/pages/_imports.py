"""Imports: does this file fit, what would it do, do it, undo it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import File, Source
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers import services
from gangshen.apps.registers.listings import IMPORTS
from gangshen.apps.registers.models import Batch
from gangshen.apps.registers.services import importing
from gangshen.apps.registers.services._shown import period_shown
from gangshen.apps.runs.models import Run
from gangshen.engines.formats import Table, Text
from gangshen.engines.vocabulary import AttributeType, Vocabulary
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused
from gangshen.web.excel import MEDIA_TYPE
from gangshen.web.formatting import label
from gangshen.web.listing.pages import listing_page
from gangshen.web.word import MEDIA_TYPE as WORD

__all__ = [
    "batch",
    "check",
    "import_",
    "imports",
    "look",
    "quarantine",
    "receipt_json",
    "receipt_word",
    "redo",
    "start",
    "undo",
]

_HIDDEN = ("kind", "source", "as_of")
_ASKED = (*_HIDDEN, "period", "purpose", "grade", "sheet", "header_row", "personal")
_FAULTS = 100
_PLAIN = {
    *(AttributeType.TEXT, AttributeType.CODE, AttributeType.BOOL, AttributeType.DATE, AttributeType.ENUM),
    *(AttributeType.REF, AttributeType.LIST),
}


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """``/enterprises/imports/``: the list, and the form for a new file."""
    user: Any = request.user
    require(user, "view", Batch)
    if request.method == "POST":
        require(user, "add", Batch)
        upload = request.FILES.get("file")
        if upload is None:
            raise Refused(_("Choose a file."), _("CSV or Excel, at most 200 MB."))
        if (upload.size or 0) > importing.LIMIT:
            raise Refused(
                _("%(file)s has %(size)s MB, more than 200 MB.") % {"file": upload.name, "size": upload.size >> 20},
                _("Split it and import the parts."),
            )
        file = archive.store(archive.uploaded(upload), upload.name or "upload", now=identity.now(), actor=user)
        if _is_large(file):
            return _look(request, file, _asked(request.POST), ())
        asked = {name: value for name in _ASKED if (value := request.POST.get(name, "").strip())}
        return redirect(f"{reverse('registers:check', args=[file.pk])}?{urlencode(asked)}")
    context = {
        "may_add": allowed(user, "add", Batch),
        "sources": _sources(),
        "kinds": [(name, services.vocabulary().kinds[entity].label) for name, entity in importing.ENTITIES.items()],
        "upload": services.UPLOAD,
        "most_bytes": importing.LIMIT,
        "under_way": importing.under_way(identity.now()),
    }
    return listing_page(request, IMPORTS, template="registers/imports.html", context=context)


def _sources() -> list[Source]:
    services.source_named(services.UPLOAD)
    return list(Source.objects.filter(synthetic=False).order_by("rank", "key"))


def _asked(data: Any) -> dict[str, str]:
    asked = {name: data.get(name, "").strip() for name in _ASKED}
    asked["kind"] = asked["kind"] or "enterprises"
    asked["source"] = asked["source"] or services.UPLOAD
    asked["personal"] = asked["personal"] or "drop"
    return asked


def _sure(data: Any, headers: Any) -> list[str]:
    return [header for at, header in enumerate(headers) if data.get(f"sure-{at}")]


def _opened(data: bytes, name: str, asked: dict[str, str], source: Source) -> Table:
    return importing.open_table(
        data,
        name,
        asked["sheet"] or None,
        header_row=asked["header_row"],
        entity=importing.entity_named(asked["kind"]),
        source=source,
    )


def _given(data: Any, headers: Any) -> dict[str, tuple[str, str]]:
    """What the form says of each column; columns are numbered, for a header may hold anything."""
    return {
        header: (data.get(f"to-{at}", ""), data.get(f"unit-{at}", "").strip())
        for at, header in enumerate(headers)
        if f"to-{at}" in data
    }


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(_("%(text)s is not a date.") % {"text": text}, _("Write it as 2026-03-01.")) from None


@login_required
@require_GET
def check(request: HttpRequest, file: int) -> HttpResponse:
    """``/enterprises/imports/check/<file>/``: the mapping and what the import would do; nothing is written.

    A large file is looked at in the background, as ``?run=<run>``; the page follows it.
    """
    user: Any = request.user
    require(user, "add", Batch)
    kept = get_object_or_404(File, pk=file)
    if number := request.GET.get("run", ""):
        return _looked(request, kept, number)
    asked = _asked(request.GET)
    if _is_large(kept):
        context = {"file": kept, "name": kept.name, "asked": asked, "nav_key": "registers.imports"}
        return render(request, "registers/unseen.html", context)
    source = services.source_named(asked["source"])
    table = _opened(archive.read(kept), kept.name, asked, source)
    found = importing.examine(
        table,
        importing.entity_named(asked["kind"]),
        source,
        _given(request.GET, table.headers),
        today=identity.today(),
        as_of=_day(asked["as_of"]),
        period=asked["period"],
        personal=asked["personal"],
        unmapped=True,
        sure=_sure(request.GET, table.headers),
    )
    return render(request, "registers/check.html", _shown(kept, asked, importing.summary(found)))


def _is_large(kept: File) -> bool:
    with archive.path(kept).open("rb") as content:
        return importing.is_large(content)


def _look(request: HttpRequest, kept: File, asked: Mapping[str, str], headers: Sequence[str]) -> HttpResponse:
    """Start looking at a large file, unless that was done, and follow it."""
    user: Any = request.user
    run = importing.check(kept, _order(asked, request.POST, headers), user, identity.now())
    words = {name: asked[name] for name in ("purpose", "grade") if asked[name]}
    return redirect(f"{reverse('registers:check', args=[kept.pk])}?{urlencode({'run': run.pk, **words})}")


@login_required
@require_POST
def look(request: HttpRequest, file: int) -> HttpResponse:
    """Look at a large file once more, asked otherwise."""
    require(request.user, "add", Batch)
    kept = get_object_or_404(File, pk=file)
    headers = importing.headers_of(kept, request.POST.get("checked", ""))
    return _look(request, kept, _asked(request.POST), headers)


def _order(asked: Mapping[str, str], data: Any, headers: Sequence[str]) -> dict[str, Any]:
    how = {name: asked[name] for name in ("source", "purpose", "grade", "period", "sheet", "header_row", "personal")}
    given, sure = _given(data, headers), _sure(data, headers)
    return importing.order(asked["kind"], given=given, as_of=_day(asked["as_of"]), sure=sure, **how)


def _looked(request: HttpRequest, kept: File, number: str) -> HttpResponse:
    """How far the look at a large file is, then what it found."""
    found = Run.objects.filter(kind=importing.CHECK, params__file=kept.pk, pk=int(number) if number.isdigit() else 0)
    run = get_object_or_404(found.select_related("result_file"))
    part = bool(getattr(request, "htmx", False))
    if run.state != Run.State.DONE:
        context = {"run": run, "name": kept.name, "looking": True, "nav_key": "registers.imports"}
        return render(request, "registers/run_part.html" if part else "registers/run.html", context)
    if part:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    asked = {name: str(run.params.get(name, "")) for name in _ASKED}
    asked |= {"kind": run.params["entity"], **{name: request.GET.get(name, "") for name in ("purpose", "grade")}}
    return render(request, "registers/check.html", _shown(kept, asked, importing.seen(run)) | {"checked": run.pk})


def _shown(kept: File, asked: Mapping[str, str], found: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows of a look, as :func:`importing.summary` tells it."""
    words = services.vocabulary()
    source = services.source_named(asked["source"])
    grade, needed = asked["grade"] or source.grade or found["grade_needed"], found["grade_needed"]
    return {
        "file": kept,
        "asked": asked,
        "hidden": {name: asked[name] for name in _HIDDEN},
        "source": source,
        "found": found,
        "purpose": asked["purpose"] or source.purpose,
        "grade": grade,
        "needed": needed,
        "grades": list(dict.fromkeys((*importing.GRADES, grade))),
        "too_lax": grade in importing.GRADES and importing.GRADES.index(grade) < importing.GRADES.index(needed),
        "columns": [(at, _column(one, words)) for at, one in enumerate(found["columns"])],
        "targets": [(one.id, one.label) for one in services.attributes(importing.entity_named(asked["kind"])).values()],
        "reserved": list(zip(importing.RESERVED, _about_the_row(), strict=True)),
        "parts": _parts() if asked["kind"] in ("enterprise", "enterprises") else [],
        "titles": _titles(found) if asked["kind"] in ("enterprise", "enterprises") else [],
        "modes": [("drop", _("left out")), ("mask", _("masked")), ("keep", _("kept"))],
        "headers_at": "-".join(map(str, found["header_rows"])),
        "skipped": [(one["row"], Text(zh=one["why"], en=one["why_en"])) for one in found["skipped"]],
        "same": found["same_firm"][:_FAULTS],
        "refused": _faults(found["faults"]),
        "more": found["more_faults"] + max(0, len(found["faults"]) - _FAULTS),
        "remarks": _faults(found["remarks"]),
        "more_remarks": found["more_remarks"] + max(0, len(found["remarks"]) - _FAULTS),
        "ready": bool(found["importable"]) and not found["ask_unit"],
        "nav_key": "registers.imports",
    }


def _column(told: Mapping[str, Any], words: Vocabulary) -> dict[str, Any]:
    """A column for the page; ``measured``: has it a unit, or may it have one?"""
    kind = words.get(told["target"]) if told["target"] in words else None
    plain = kind.type in _PLAIN and not kind.extra.get("scheme") if kind else bool(told["target"])
    why = Text(zh=told["why"], en=told["why_en"])
    return {**told, "period": period_shown(told["period"]), "why": why, "measured": not plain}


def _about_the_row() -> tuple[str, ...]:
    return (_("Key of the row"), _("As-of date"), _("Of the period"), _("Currency of its amount"))


def _parts() -> list[tuple[str, str]]:
    """Parts of a certificate or a contact that stand in columns of their own."""
    reach = (_("Telephone of the contact"), _("Mail of the contact"), _("Role of the contact"))
    return list(zip((*importing.PARTS, *importing.PEOPLE), (*_of_certificate(), *reach), strict=True))


def _of_certificate() -> tuple[str, ...]:
    begins = (_("Level"), _("Number"), _("Batch"), _("Valid from"), _("Valid to"), _("Withdrawn on"))
    return (*begins, _("Year of recognition"), _("Term"))


def _titles(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each title, as of a column 是否高企; of those that the file speaks of, their parts too."""
    known = services.vocabulary().certificates
    spoken = {held[0] for one in found["columns"] if (held := importing.holding(one["target"]))}
    told = []
    for kind in (*(one for one in known if one in spoken), *(one for one in known if one not in spoken)):
        own = f"certificates.{kind}"
        told.append((own, _title(own)))
        told += [
            (target := f"{own}.{part.rpartition('.')[2]}", _title(target)) for part in importing.PARTS if kind in spoken
        ]
    return told


def _title(target: str) -> str:
    """``certificates.高新技术企业.number`` as it is read: 高新技术企业 · 编号; other targets as they are."""
    held = importing.holding(target)
    if held is None:
        return target
    words = dict(zip(importing.PARTS, _of_certificate(), strict=True))
    name = label(services.vocabulary().certificates[held[0]].type)
    return f"{name} · {words[f'certificates.{held[1]}']}" if held[1] else name


def _faults(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "line": one.get("place") or one["row"],
            "field": one["field"],
            "message": Text(zh=one["message"], en=one["message_en"]),
        }
        for one in told[:_FAULTS]
    ]


@login_required
@require_POST
def start(request: HttpRequest, file: int) -> HttpResponse:
    """Start the import that was looked at."""
    user: Any = request.user
    require(user, "add", Batch)
    kept, asked = get_object_or_404(File, pk=file), _asked(request.POST)
    source = services.source_named(asked["source"])
    if not (asked["purpose"] or source.purpose):
        raise Refused(_("What the data are for is not stated."), _("State the purpose."))
    headers = importing.headers_of(kept, request.POST.get("checked", ""))
    headers = headers or _opened(archive.read(kept), kept.name, asked, source).headers
    how = _order(asked, request.POST, headers)
    run = importing.import_kept(kept, how, actor=user, now=identity.now())
    return redirect("registers:import", run.pk)


@login_required
@require_GET
def import_(request: HttpRequest, run: int) -> HttpResponse:
    """``/enterprises/imports/runs/<run>/``: how far it is, then its receipt."""
    user: Any = request.user
    require(user, "view", Batch)
    found = get_object_or_404(Run, pk=run, kind="registers.import")
    part = bool(getattr(request, "htmx", False))
    if found.state == Run.State.DONE:
        page = reverse("registers:batch", args=[found.result["batch"]])
        return HttpResponse(status=204, headers={"HX-Redirect": page}) if part else redirect(page)
    context = {"run": found, "name": found.params.get("name", ""), "nav_key": "registers.imports"}
    return render(request, "registers/run_part.html" if part else "registers/run.html", context)


def _batch(user: Any, number: int, action: str = "view") -> Batch:
    found = (
        Batch.objects.for_user(user, action)
        .select_related("source", "file", "quarantine", "actor", "run")
        .filter(pk=number)
    )
    if not found:
        raise Http404(_("There is no such thing, or it is not open to your role."))
    return found[0]


@login_required
@require_GET
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """``/enterprises/imports/<batch>/``: the receipt."""
    user: Any = request.user
    found = _batch(user, number)
    known = services.attributes(found.entity)
    columns = [
        (header, known.get(to.get("attribute", "")), _title(to.get("attribute", "")), to.get("unit", ""))
        for header, to in found.columns.items()
    ]
    records = list(found.records.order_by("row", "pk")[:20])
    names = dict(Organisation.objects.filter(key__in=[one.subject for one in records]).values_list("key", "name"))
    sheets = found.receipt.get("places", {})
    context = {
        "batch": found,
        "result": found.receipt,
        "against": _faults(found.receipt.get("against", [])),
        "receipt": importing.receipt(found) if found.receipt else None,
        "log": importing.log_of(found),
        "columns": columns,
        "may_change": allowed(user, "change", Batch),
        "records": [
            (one, names.get(one.subject, one.subject), period_shown(one.period), sheets.get(str(one.row), {}).get(""))
            for one in records
        ],
        "nav_key": "registers.imports",
    }
    return render(request, "registers/batch.html", context)


@login_required
@require_GET
def quarantine(request: HttpRequest, number: int) -> HttpResponse:
    """The refused rows as Excel."""
    found = _batch(request.user, number)
    if found.quarantine is None:
        raise Http404(_("Nothing was refused."))
    archive.record_event(request.user, "export", found, {"what": "quarantine"})  # type: ignore[arg-type]
    return attachment(archive.read(found.quarantine), found.quarantine.name, MEDIA_TYPE)


@login_required
@require_GET
def receipt_json(request: HttpRequest, number: int) -> HttpResponse:
    """The signed receipt, to be checked later."""
    told = importing.receipt(_batch(request.user, number))
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})


@login_required
@require_GET
def receipt_word(request: HttpRequest, number: int) -> HttpResponse:
    """The receipt to print and file."""
    return attachment(importing.receipt_word(_batch(request.user, number)), f"receipt-{number}.docx", WORD)


@login_required
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Hide the batch."""
    user: Any = request.user
    services.undo(_batch(user, number, "change"), user, identity.now())
    messages.success(request, _("Undone: as if it had never come."))
    return redirect("registers:batch", number)


@login_required
@require_POST
def redo(request: HttpRequest, number: int) -> HttpResponse:
    """Show the batch again."""
    user: Any = request.user
    services.redo(_batch(user, number, "change"), user, identity.now())
    messages.success(request, _("Shown again."))
    return redirect("registers:batch", number)
