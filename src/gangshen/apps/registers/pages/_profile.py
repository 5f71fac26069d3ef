"""One enterprise: who is this, before I go?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gangshen.apps.archive import services as archive
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers import services
from gangshen.apps.registers.listings import CODE_STATES
from gangshen.apps.registers.models import Batch, VocabularyPart, WrongFact
from gangshen.apps.registers.services._shown import period_shown, shown
from gangshen.engines.evidence import Ref, RefError
from gangshen.engines.vocabulary import AttributeType, town
from gangshen.web.components import MARKS
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused
from gangshen.web.excel import MEDIA_TYPE, Head, Sheet, workbook
from gangshen.web.formatting import label

from . import _facts

__all__ = ["excel", "history", "profile", "settle", "wrong"]

_APART = ("certificates", "contacts")  # lists with a card of their own


def _firm(user: Any, key: str) -> Organisation:
    """The enterprise, when ``user`` may open it and something is known of it."""
    firm = get_object_or_404(Organisation, key=key)
    if not services.may_see(user, key):
        raise Http404(_("There is no such thing, or it is not open to your role."))
    return firm


def _read(user: User, firm: Organisation, names: list[str]) -> None:
    """Reading what is personal leaves a trace, but for one's own firm."""
    read = services.personal(names)
    if read and not services.is_own(user, firm.key):
        archive.record_event(user, "read", firm, {"attributes": read}, personal=True)


@login_required
@require_GET
def profile(request: HttpRequest, key: str) -> HttpResponse:
    """``/enterprises/<key>/``."""
    firm = _firm(request.user, key)
    if (kept := services.kept_key(key)) != key and services.may_see(request.user, kept):
        messages.info(request, _("%(name)s was merged into this enterprise.") % {"name": firm.name})
        return redirect("registers:profile", kept)
    return _page(request, firm, {})


def _page(request: HttpRequest, firm: Organisation, panel: dict[str, Any]) -> HttpResponse:
    """The profile; ``panel`` fills what opens beside it."""
    user: Any = request.user
    key, today = firm.key, identity.today()
    as_of = _day(request.GET.get("as_of", "")) or today
    known, may = (
        services.facts(key, as_of, so_far=True),
        services.readable_attributes(user, own=services.is_own(user, key)),
    )
    facts = {name: fact for name, fact in known.items() if name.partition("@")[0] in may}
    _read(user, firm, list(facts))
    lines = _facts.lines(key, facts, as_of)
    by_id = {line.attribute.id: line for line in lines if not line.part}
    offices = [panel for panel in services.PROFILE_PANELS if panel.allowed(user)]
    panels = [
        render_to_string(panel.template, {"panel_label": panel.label} | panel.context(user, firm, as_of), request)
        for panel in offices
    ]
    clauses = [panel.answer(user, firm, as_of) for panel in offices if panel.answer]
    notices = [panel.notice(user, firm, as_of) for panel in offices if panel.notice]
    synthetic = bool(lines) and all(line.fact.synthetic for line in lines)
    return render(
        request,
        "registers/profile.html",
        {
            "firm": firm,
            "as_of": as_of,
            "past": as_of != today,
            "synthetic": firm.synthetic or any(line.fact.synthetic for line in lines),
            "header": _header(by_id),
            "titles": [row for row in _facts.entries(by_id.get("certificates"), as_of) if row["state"] != "na"][:3],
            "answers": [clause for clause in clauses if clause],
            "notices": [notice for notice in notices if notice],
            "actions": [one for panel in offices if panel.actions for one in panel.actions(user, firm, as_of)],
            "known": len(lines),
            "stale": sum(line.fact.stale for line in lines),
            "disputed": sum(line.fact.conflict for line in lines),
            "last": max((line.fact.as_of for line in lines), default=None),
            "measures": _facts.measures(lines, as_of),
            "panels": panels,
            "certificates": _facts.entries(by_id.get("certificates"), as_of),
            "certificate_line": by_id.get("certificates"),
            "people": _facts.people(by_id.get("contacts")),
            "people_line": by_id.get("contacts"),
            "people_hidden": len(known["contacts"].value or ()) if "contacts" in known and "contacts" not in may else 0,
            "lines": [line.unmarked() if synthetic else line for line in lines if line.attribute.id not in _APART],
            "missing": _facts.missing(facts, may),
            "nav_key": "enterprises",
        }
        | panel,
    )


@login_required
@require_GET
def excel(request: HttpRequest, key: str) -> HttpResponse:
    """``/enterprises/<key>/facts.xlsx``: every value with its source and date."""
    user: Any = request.user
    firm, today = _firm(user, key), identity.today()
    as_of = _day(request.GET.get("as_of", "")) or today
    facts = services.facts(key, as_of, user, so_far=True)
    _read(user, firm, list(facts))
    lines = _facts.lines(key, facts, as_of)
    marks = {one: str(MARKS[one][0]) for one in {mark for line in lines for mark in line.marks}}
    about = _("%(firm)s, as known on %(day)s") % {"firm": firm.name, "day": as_of}
    heads = [Head(_("Attribute"), width=28), Head(_("Value"), width=48), Head(_("Period"))]
    heads += [Head(_("Source"), width=24), Head(_("As of"), "date"), Head(_("Marks"))]
    rows = [
        (
            label(line.attribute.label),
            line.value,
            period_shown(line.fact.period),
            line.source,
            line.fact.as_of,
            "、".join(marks[one] for one in line.marks),
        )
        for line in lines
    ]
    sheets = [Sheet(_("What is known"), about, heads, rows)]
    held = _facts.entries(next((line for line in lines if line.attribute.id == "certificates"), None), as_of)
    if held:
        heads = [Head(_("Title"), width=28), Head(_("State")), Head(_("Level")), Head(_("Batch")), Head(_("Number"))]
        heads += [Head(_("Valid from"), "date"), Head(_("Valid to"), "date")]
        told = [
            (label(one["type"]), *(one[name] for name in ("words", "level", "batch", "number", "from", "to")))
            for one in held
        ]
        sheets.append(Sheet(_("Titles and certificates"), about, heads, told))
    data = workbook(sheets)
    archive.record_event(user, "export", firm, {"what": "facts", "channel": "excel"})
    return attachment(data, f"{firm.name}.xlsx", MEDIA_TYPE)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _header(by_id: dict[str, _facts.Line]) -> list[tuple[Any, str]]:
    names = ("uscc", "operating_status", "registered_division", "park", "size_class", "chain_nodes", "account_manager")
    known = [by_id[name] for name in names if name in by_id]
    header = [(line.attribute.label, town(line.value)) for line in known]
    state = services.code_state(by_id["uscc"].fact.value if "uscc" in by_id else None)
    if state is not services.CodeState.VALID:
        header.insert(0, (_("State of the code"), str(CODE_STATES[state])))
    return header


def _beside(request: HttpRequest, firm: Organisation, template: str, context: dict[str, Any]) -> HttpResponse:
    """A part of the profile: alone for htmx, else in the panel of the whole page."""
    if getattr(request, "htmx", False):
        return render(request, template, context)
    return _page(request, firm, {"panel_template": template} | context)


@login_required
@require_GET
def history(request: HttpRequest, key: str, attribute: str) -> HttpResponse:
    """What was said of one attribute, when and by whom: in the panel, or as a page."""
    user: Any = request.user
    firm, today = _firm(user, key), identity.today()
    may = services.readable_attributes(user, own=services.is_own(user, key))
    if attribute not in may:
        raise Http404(_("There is no such thing, or it is not open to your role."))
    _read(user, firm, [attribute])
    definition = may[attribute]
    said = services.history(key, attribute, today)
    reviews = {one.batch for one in said if one.source == services.REVIEW}
    reasons = dict(Batch.objects.filter(pk__in=reviews).values_list("pk", "purpose")) if reviews else {}
    context = {
        "firm": firm,
        "attribute": definition,
        "said": [
            {
                "one": one,
                "value": shown(definition, one.value),
                "period": period_shown(one.period),
                "ref": f"rec:{one.record_id}#{attribute}",
                "reason": reasons.get(one.batch),
            }
            for one in said
        ],
        "may_word": allowed(user, "view", VocabularyPart),
        "disputed": any(one.contradicts for one in said),
        "is_list": definition.type is AttributeType.LIST,
        "may_settle": allowed(user, "change", Batch) and definition.type is not AttributeType.LIST,
    }
    return _beside(request, firm, "registers/history_part.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def wrong(request: HttpRequest, key: str) -> HttpResponse:
    """这条不对: say what is wrong with a shown value; a case sees to it."""
    user: Any = request.user
    firm = _firm(user, key)
    if not allowed(user, "add", WrongFact):
        raise Refused(_("Your role only reads."), _("Tell the account manager of the firm."))
    text = request.POST.get("ref") or request.GET.get("ref", "")
    try:
        ref = Ref.parse(text)
    except RefError as error:
        raise Http404(str(error)) from error
    if request.method == "POST":
        case = services.report_wrong(ref, request.POST.get("note", ""), actor=user, now=identity.now())
        messages.success(
            request, _("Noted as case %(id)s; the value stays until a better one comes.") % {"id": case.pk}
        )
        return redirect("registers:profile", key)
    evidence = services.resolve(ref, user)
    if evidence is None:
        raise Http404(_("There is no such thing, or it is not open to your role."))
    context = {
        "firm": firm,
        "ref": text,
        "evidence": evidence,
        "nav_key": "enterprises",
        "url": reverse("registers:wrong", args=[key]),
    }
    return _beside(request, firm, "registers/wrong_part.html", context)


@login_required
@require_http_methods(["POST"])
def settle(request: HttpRequest, key: str, attribute: str) -> HttpResponse:
    """Write down which of several values is right: a record of the source *review*."""
    user: Any = request.user
    firm = _firm(user, key)
    require(user, "change", Batch)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise Refused(_("Say why this one is right."), _("One sentence will do: which paper shows it."))
    services.settle(
        firm.key,
        attribute,
        request.POST.get("record", ""),
        actor=user,
        now=identity.now(),
        today=identity.today(),
        reason=reason,
    )
    messages.success(request, _("Settled; the review is believed from now on."))
    return redirect("registers:profile", key)
