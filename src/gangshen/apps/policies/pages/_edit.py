"""An edition on the desk: its clauses in a form beside their sentence, its cases, and its way into force."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import require, scope
from gangshen.apps.identity.services import now, today
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy, PolicyVersion, Variant
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.rules import Decision, Operator, clauses
from gangshen.engines.vocabulary import Attribute
from gangshen.web import excel
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._library import STANDS, stands

__all__ = ["draft", "edit", "move", "new", "sheet"]

BLANK = 4  # empty lines offered: enough for a group
STEPS = (gettext_lazy("Draft"), gettext_lazy("Reviewed"), gettext_lazy("In force"), gettext_lazy("Superseded"))
_AT = {"draft": 0, "for_comment": 0, "reviewed": 1, "in_force": 2, "superseded": 3}


def _version(user: Any, key: str, name: str) -> PolicyVersion:
    if scope(user, "view", PolicyVersion) != "all":
        raise PermissionDenied
    return get_object_or_404(
        PolicyVersion.objects.for_user(user).select_related("policy__programme"), policy__key=key, version=name
    )


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """``/policies/<key>/editions/<name>/``: look at the whole edition; a draft is edited here."""
    user: Any = request.user
    version = _version(user, key, name)
    if request.method == "GET":
        return _page(request, version)
    require(user, "change", version)
    try:
        text = _posted(request, version)
        written = services.write(version, text, base=request.POST.get("base", ""), actor=user, now=now())
    except Refused as fault:
        return _page(request, version, fault=fault)
    if written.conflict:
        return _page(request, written.version, conflict=written.conflict)
    messages.success(request, _("Kept."))
    return redirect("policies:edition", key, name)


def _posted(request: HttpRequest, version: PolicyVersion) -> benefits.PolicyVersion:
    """The text that was sent: as YAML, as a file, as boundary cases to add, or as the lines of the form."""
    mode, rule = request.POST.get("mode", ""), services.engine_version(version)
    if mode == "yaml":
        return services.edition_of_yaml(request.POST.get("yaml", ""), version.version)
    if mode == "sheet":
        sent = request.FILES.get("file")
        if sent is None:
            raise Refused(_("No file was chosen."), _("Choose the Excel file."))
        return services.rule_workbook_read(version, sent.read(), sent.name or "")
    if mode == "boundaries":
        return services.with_boundaries(rule, request.POST.getlist("edge"))
    lines, cases = (
        _lines(request.POST, "clause", services.CLAUSE_FIELDS),
        _lines(request.POST, "case", services.CASE_FIELDS),
    )
    settings = {one.key: request.POST.get(f"set.{one.key}", "") for one in services.settings_of(rule) if not one.clause}
    frame = {field: request.POST[field] for field in ("valid_from", "valid_to", "authority") if field in request.POST}
    return services.edited(rule, lines, cases, settings=settings, frame=frame)


def _lines(sent: QueryDict, kind: str, fields: tuple[str, ...]) -> list[dict[str, str]]:
    """``clause.0.id``, ``clause.0.value``, …; a line with its ``gone`` box checked is left out."""
    count = int(sent.get(f"{kind}s", "0")) if sent.get(f"{kind}s", "0").isdigit() else 0
    return [
        {field: sent.get(f"{kind}.{at}.{field}", "") for field in fields}
        for at in range(min(count, 500))
        if f"{kind}.{at}.gone" not in sent
    ]


def _page(
    request: HttpRequest, version: PolicyVersion, *, fault: Refused | None = None, conflict: Variant | None = None
) -> HttpResponse:
    user: Any = request.user
    rule, words = services.engine_version(version), registers.vocabulary()
    sent = fault is not None and request.POST.get("mode", "") == "lines"
    lines = _lines(request.POST, "clause", services.CLAUSE_FIELDS) if sent else services.clause_lines(rule)
    cases = _lines(request.POST, "case", services.CASE_FIELDS) if sent else services.case_lines(rule)
    may_change = scope(user, "change", PolicyVersion) == "all"
    open_ = may_change and version.status in services.EDITABLE
    said = {one.id: services.said(one) for one in clauses(rule.eligibility)}
    results = {one.case: one for one in _results(version)}
    blank = [dict.fromkeys(services.CLAUSE_FIELDS, "")] * BLANK, [dict.fromkeys(services.CASE_FIELDS, "")] * BLANK
    shown_lines = [{**line, "said": said.get(line["id"], "")} for line in lines] + (blank[0] if open_ else [])
    shown_cases = [{**line, "result": results.get(line["name"])} for line in cases] + (blank[1] if open_ else [])
    faults = services.faults(version)
    context = {
        "policy": version.policy,
        "version": version,
        "rule": rule,
        "sentence": services.said(rule.eligibility),
        "stands_words": STANDS[stands(version, today())],
        "fault": fault,
        "conflict": conflict,
        "open": open_,
        "may_change": may_change,
        "lines": shown_lines,
        "cases": shown_cases,
        "settings": [one for one in services.settings_of(rule) if not one.clause],
        "gives": services.benefit_lines(rule.benefit),
        "attributes": sorted(_judged(rule.entity), key=lambda one: label(one.label)),
        "operators": [one.value for one in Operator],
        "decisions": [one.value for one in Decision],
        "faults": faults,
        "unproven": services.unproven(rule),
        "edges": _edges(rule, words) if open_ else [],
        "history": version.steps.select_related("actor").order_by("-pk"),
        "steps": STEPS,
        "at": _AT[version.status],
        "yaml": request.POST.get("yaml") if fault and request.POST.get("mode") == "yaml" else version.content,
        "nav_key": "policies.library",
    }
    return render(request, "policies/edition.html", context, status=409 if conflict else 400 if fault else 200)


def _judged(entity: str) -> list[Attribute]:
    """What a condition may ask: of the firm, and of what is judged where that is not the firm."""
    return list({**registers.attributes(), **registers.attributes(entity)}.values())


def _results(version: PolicyVersion) -> list[benefits.CaseResult]:
    try:
        whole = services.engine_policy(version.policy)
        return benefits.run_cases(whole, registers.vocabulary(), version=version.version)
    except ValueError:  # the rule can't be used: `faults` says why
        return []


def _edges(rule: benefits.PolicyVersion, words: Any) -> list[dict[str, Any]]:
    """Boundary cases offered: just below, at and above each figure of the rule."""
    try:
        found = benefits.boundaries(rule, words)
    except ValueError:
        return []
    known = {one.attribute: words.get(one.attribute) for one in found}
    return [
        {
            "key": str(at),
            "words": label(known[one.attribute].label),
            "value": registers.shown(known[one.attribute], one.value),
            "decision": one.decision.value,
            "case": one.case,
        }
        for at, one in enumerate(found)
    ]


@login_required
@require_POST
def move(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One step of an edition: ``fair_competition``, ``reviewed``, ``draft`` or ``in_force``."""
    user: Any = request.user
    version, to, note = _version(user, key, name), request.POST.get("to", ""), request.POST.get("note", "")
    if to == "fair_competition":
        services.record_review(version, note, actor=user, now=now())
    elif to == "in_force":
        services.put_in_force(version, supersede="supersede" in request.POST, note=note, actor=user, now=now())
    else:
        services.step(version, to, note=note, actor=user, now=now())
    messages.success(request, _("Done; it is on record with your name and the time."))
    return redirect("policies:edition", key, name)


@login_required
@require_POST
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """A new draft from an edition, opened on the desk."""
    user: Any = request.user
    policy = get_object_or_404(Policy.objects.for_user(user), key=key)
    source = _version(user, key, request.POST.get("source", ""))
    made = services.new_draft(policy, source, request.POST.get("name", ""), actor=user, now=now())
    messages.success(request, _("Draft %(name)s was made.") % {"name": made.version})
    if request.POST.get("to") == "what-if":
        return redirect(f"{reverse('policies:what-if', args=[key])}?version={made.version}")
    return redirect("policies:edition", key, made.version)


@login_required
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """``/policies/new/``: a policy begun from nothing, opened on the desk."""
    user: Any = request.user
    words = {name: request.POST.get(name, "") for name in ("title", "theme", "issuer", "edition")}
    made = services.new_policy(request.POST.get("key", ""), **words, actor=user, now=now())
    messages.success(request, _("Draft %(name)s was made.") % {"name": made.version})
    return redirect("policies:edition", made.policy.key, made.version)


@login_required
@require_GET
def sheet(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """The edition as Excel, to be edited and loaded again."""
    user: Any = request.user
    require(user, "export", Policy)
    version = _version(user, key, name)
    archive.record_event(user, "export", version.policy, {"edition": name})
    return attachment(services.rule_workbook(version), f"{key}-{version.pk}.xlsx", excel.MEDIA_TYPE)
