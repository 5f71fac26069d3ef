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
from gangshen.engines.rules import clauses
from gangshen.web import excel
from gangshen.web.downloads import attachment
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._edit_form import choices, giving_form, readings, tree
from ._library import STANDS, stands

__all__ = ["draft", "edit", "move", "new", "says", "sheet"]

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
    return _formed(request, version, rule)


def _formed(request: HttpRequest, version: PolicyVersion, rule: benefits.PolicyVersion) -> benefits.PolicyVersion:
    """The lines of the form, then the one move that a button asked for (``do``) on what is ticked (``pick``)."""
    sent, do = request.POST, request.POST.get("do", "")
    lines, cases = (
        _lines(sent, "clause", services.CLAUSE_FIELDS),
        _lines(sent, "case", services.CASE_FIELDS),
    )
    frame = {field: sent.get(field, "") for field in services.frame_of(rule) if field in sent or "frame" in sent}
    gives = _gives(sent) if "give.way" in sent else None
    made = services.edited(rule, lines, cases, gives=gives, frame=frame)
    if not do or sent.get("base") != version.digest:  # on another text the places are not the ones that were ticked
        return made
    if do == "give-none":
        return made.model_copy(update={"benefit": benefits.Benefit(kind=rule.benefit.kind)})
    if do == "give-like":
        key, _at, name = sent.get("like", "").partition("@")
        like = services.engine_version(_version(request.user, key, name)).benefit
        return made.model_copy(update={"benefit": like.model_copy(update={"quote": "", "span": None})})
    shape = services.arranged(
        made.eligibility, do, sent.getlist("pick"), least=sent.get("least", ""), into=sent.get("into", "")
    )
    return services.whole_edition(made.model_copy(update={"eligibility": shape}))


def _gives(sent: QueryDict) -> dict[str, str]:
    """``give.way``, ``give.cap.0.amount``, …: the fields of what is given."""
    named = ((name.removeprefix("give."), sent.get(name, "")) for name in sent if name.startswith("give."))
    return {name: text for name, text in named if services.known_field(name)}


def _lines(sent: QueryDict, kind: str, fields: tuple[str, ...]) -> list[dict[str, str]]:
    """``clause.0.id``, ``clause.0.value``, …; a line with its ``gone`` box checked is left out."""
    count = int(sent.get(f"{kind}s", "0")) if sent.get(f"{kind}s", "0").isdecimal() else 0
    return [
        {field: sent.get(f"{kind}.{at}.{field}", "") for field in fields}
        for at in range(min(count, 500))
        if f"{kind}.{at}.gone" not in sent
    ]


@login_required
@require_POST
def says(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """What the form as it stands says, in Chinese and English; nothing is kept."""
    version = _version(request.user, key, name)
    require(request.user, "change", version)  # type: ignore[arg-type]
    try:
        context: dict[str, Any] = {"readings": readings(_posted(request, version))}
    except Refused as fault:
        context = {"fault": fault}
    return render(request, "policies/edition_says.html", context)


def _page(
    request: HttpRequest, version: PolicyVersion, *, fault: Refused | None = None, conflict: Variant | None = None
) -> HttpResponse:
    user: Any = request.user
    rule, words = services.engine_version(version), registers.vocabulary()
    sent = fault is not None and request.POST.get("mode", "") == "lines"
    lines = _lines(request.POST, "clause", services.CLAUSE_FIELDS) if sent else services.clause_lines(rule)
    cases = _lines(request.POST, "case", services.CASE_FIELDS) if sent else services.case_lines(rule)
    gives = _gives(request.POST) if sent else services.giving(rule.benefit)
    may_change = scope(user, "change", PolicyVersion) == "all"
    open_ = may_change and version.status in services.EDITABLE
    known = {one.id for one in clauses(rule.eligibility)}
    written = [line for line in lines if line["id"] in known]
    new = [line for line in lines if line["id"] not in known and any(line.values())]
    new += [dict.fromkeys(services.CLAUSE_FIELDS, "")] * BLANK
    root, groups = tree(rule.eligibility, written)
    results = {one.case: one for one in _results(version)}
    shown_cases = [{**line, "result": results.get(line["name"])} for line in cases if any(line.values())]
    shown_cases += [dict.fromkeys(services.CASE_FIELDS, "")] * BLANK if open_ else []
    context = {
        "policy": version.policy,
        "version": version,
        "base": request.POST.get("base", "") if sent else version.digest,
        "rule": rule,
        "sentence": services.said(rule.eligibility),
        "stands_words": STANDS[stands(version, today())],
        "fault": fault,
        "conflict": conflict,
        "open": open_,
        "may_change": may_change,
        "root": root,
        "groups": groups,
        "picked": request.POST.getlist("pick") if sent else [],
        "new": list(enumerate(new, start=len(written))) if open_ else [],
        "lines": len(written) + len(new),
        "cases": shown_cases,
        "gives": services.benefit_lines(rule.benefit),
        "frame": {**services.frame_of(rule), **(request.POST.dict() if sent else {})},
        "faults": services.faults(version),
        "unproven": services.unproven(rule),
        "edges": _edges(rule, words) if open_ else [],
        "history": version.steps.select_related("actor").order_by("-pk"),
        "steps": STEPS,
        "at": _AT[version.status],
        "yaml": request.POST.get("yaml") if fault and request.POST.get("mode") == "yaml" else version.content,
        "nav_key": "policies.library",
        **choices(rule, today().year),
        **(giving_form(gives) if open_ else {}),
        **({"readings": readings(rule)} | _others(user, version) if open_ else {}),
    }
    return render(request, "policies/edition.html", context, status=409 if conflict else 400 if fault else 200)


def _others(user: Any, version: PolicyVersion) -> dict[str, Any]:
    """The other policies by title, and the editions whose benefit may be taken over."""
    others = PolicyVersion.objects.for_user(user).exclude(pk=version.pk).select_related("policy")
    listed = list(others.order_by("policy__key", "-pk")[:300])
    return {
        "titles": dict.fromkeys(label(one.policy.label) for one in listed if one.policy_id != version.policy_id),
        "likes": [(f"{one.policy.key}@{one.version}", f"{label(one.policy.label)} {one.version}") for one in listed],
    }


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
