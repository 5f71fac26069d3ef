"""One policy: what does it say, who gets it, what does it cost, and is the rule proven?"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from gangshen.apps.archive import services as archive
from gangshen.apps.documents import services as documents
from gangshen.apps.documents.models import Document
from gangshen.apps.identity.access import allowed, require, scope
from gangshen.apps.identity.services import today
from gangshen.apps.money import services as money
from gangshen.apps.money.models import Programme
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy, PolicyVersion
from gangshen.apps.policies.services import Reach
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.rules import RuleError, clauses
from gangshen.web import plots
from gangshen.web.components import Measure, chip
from gangshen.web.downloads import attachment
from gangshen.web.formatting import money_parts, money_text

from ._desk import may_use
from ._library import STANDS, stands
from ._rows import SOON, window
from ._text import Paragraph, passages

__all__ = ["as_yaml", "policy"]


@login_required
@require_GET
def policy(request: HttpRequest, key: str) -> HttpResponse:
    """``/policies/<key>/?version=``."""
    user, day = request.user, today()
    one = get_object_or_404(Policy.objects.for_user(user).select_related("programme", "document"), key=key)
    versions = list(PolicyVersion.objects.for_user(user).filter(policy=one).order_by("-valid_from", "-pk"))
    version = _chosen(versions, request.GET.get("version", ""), day)
    rule = services.engine_version(version)
    run = services.last_two()[0] if scope(user, "view", "policies.Match") == "all" else None
    in_force = stands(version, day) == "in_force"
    reach = services.reach(run).get(one.key) if in_force else None
    whole = services.engine_policy(one)
    return render(
        request,
        "policies/policy.html",
        {
            "policy": one,
            "whole": whole,
            "field": services.theme_of(one),
            "version": version,
            "rule": rule,
            "judged": "" if rule.entity == "enterprise" else registers.kind_words(rule.entity),
            "stands": stands(version, day),
            "stands_words": STANDS[stands(version, day)],
            "window": window(version, day),
            "versions": [(each, STANDS[stands(each, day)]) for each in versions],
            "conditions": services.rule_lines(rule.eligibility),
            "open_clauses": _untranslated(rule),
            "gives": services.benefit_lines(rule.benefit),
            "paragraphs": _paper(user, rule),
            "reach": reach,
            "run": run,
            "run_chip": chip(f"run:{run.pk}", _("Match %(n)s") % {"n": run.pk}) if run else "",
            "measures": _measures(user, one, reach, version, day),
            "cases": _cases(whole, rule),
            "basis": _basis(user, rule, whole),
            "may_export": allowed(user, "export", Policy),
            "may_try": may_use(user),
            "nav_key": "policies.library",
        },
    )


def _chosen(versions: list[PolicyVersion], name: str, day: dt.date) -> PolicyVersion:
    if name:
        found = next((one for one in versions if one.version == name), None)
        if found is None:
            raise Http404(_("There is no edition “%(name)s”.") % {"name": name})
        return found
    order = ("in_force", "later", "for_comment", "draft", "ended")
    if not versions:
        raise Http404(_("There is no such thing, or it is not open to your role."))
    return min(versions, key=lambda one: order.index(stands(one, day)))


def _untranslated(rule: benefits.PolicyVersion) -> int:
    return sum(clause.kind.value == "untranslated" for clause in clauses(rule.eligibility))


def _paper(user: Any, rule: benefits.PolicyVersion) -> list[Paragraph]:
    """The passages of the document that the rule and the benefit rest on; none where it isn't the reader's to see."""
    document = Document.objects.for_user(user).filter(key=rule.basis).first() if rule.basis else None
    reading = documents.current(document) if document else None
    if document is None or reading is None:
        return []
    marked = [(clause.span, clause.id) for clause in clauses(rule.eligibility) if clause.span]
    if rule.benefit.span:
        marked.append((rule.benefit.span, "benefit"))
    spans = [(s.start, s.end, id) for s, id in marked if s.document in (None, document.key)]
    return passages(documents.text(reading), spans)


def _basis(user: Any, rule: benefits.PolicyVersion, whole: benefits.Policy) -> dict[str, Any] | None:
    said = next((one for one in whole.documents if one.key == rule.basis), None)
    if said is None:
        return None
    return {"document": said, "open": Document.objects.for_user(user).filter(key=said.key).exists()}


def _reached(reach: Reach) -> str:
    if not reach.spent:
        return _("every condition is met")
    return ngettext("%(n)s more meets it, nothing now", "%(n)s more meet it, nothing now", reach.spent) % {
        "n": reach.spent
    }


def _measures(user: Any, one: Policy, reach: Reach | None, version: PolicyVersion, day: dt.date) -> list[Measure]:
    if reach is None:
        return []
    matches = f"{reverse('policies:matches')}?policy={one.key}&state="
    shown = [
        Measure(_("Gets it"), reach.yes, "", _reached(reach), "ok", url=matches + "ok"),
        Measure(_("Near"), reach.near, "", _("one change away"), "near", url=matches + "near"),
        Measure(_("Unknown"), reach.unknown, "", _("until a value is asked or read"), "unk", url=matches + "unk"),
    ]
    balance = money.balance(one.programme, day.year) if one.programme and allowed(user, "view", Programme) else None
    value, unit = money_parts((reach.low, reach.high)) if reach.high else ("—", "")
    note, plot, state = "", plots.interval(0, 0, most=1), ""
    if balance and balance.appropriated:
        most = max(reach.high, balance.available, 1)
        note = _("%(left)s left this year") % {"left": money_text(balance.available)}
        plot = plots.interval(reach.low, reach.high, balance.available, most=most, name=note)
        state = "bad" if reach.low > balance.available else "near" if reach.high > balance.available else "ok"
    shown.append(Measure(_("Cost, those unknown included"), value, unit, note, state, plot if note else ""))
    if version.window_to or version.valid_to:
        last = version.window_to or version.valid_to
        left = (last - day).days if last else 0
        words = _("days to apply") if version.window_to else _("days in force")
        shown.append(Measure(_("Left"), max(left, 0), words, f"{last}", "near" if 0 <= left <= SOON else ""))
    return shown


def _cases(whole: benefits.Policy, rule: benefits.PolicyVersion) -> list[dict[str, Any]]:
    try:
        results = benefits.run_cases(whole, registers.vocabulary(), version=rule.version)
    except RuleError as error:
        return [{"name": str(error), "passed": False, "decision": None, "differences": (), "amount": None}]
    states = {"yes": "ok", "no": "bad", "unknown": "unk"}
    return [
        {
            "name": one.case,
            "passed": one.passed,
            "decision": states[one.decision.value] if one.decision else "unk",
            "amount": one.amount_fen if one.decision and one.decision.value != "no" else None,
            "differences": one.differences,
        }
        for one in results
    ]


@login_required
@require_GET
def as_yaml(request: HttpRequest, key: str) -> HttpResponse:
    """The policy file."""
    require(request.user, "export", Policy)
    one = get_object_or_404(Policy.objects.for_user(request.user), key=key)
    archive.record_event(request.user, "export", one, {"channel": "yaml"})  # type: ignore[arg-type]
    return attachment(services.file_of(one), f"{one.key}.yaml", "application/yaml; charset=utf-8")
