"""One policy for one enterprise: every condition, the amount, the nearest change, what to ask; and deciding it again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import LogEntry
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.access import allowed, scope
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import now, today
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy
from gangshen.apps.policies.services import Edition, Filed, Match
from gangshen.apps.registers import services as registers
from gangshen.engines.rules import Fact, figure_keys, period_keys, read
from gangshen.web.components import chip
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._rows import window

__all__ = ["ask", "decision", "start"]


def _pair(user: Any, key: str, enterprise: str) -> tuple[Policy, Organisation]:
    """The policy and the enterprise, where the user may see their match."""
    reach = scope(user, "view", "policies.Match")
    if reach is None:
        raise PermissionDenied
    policy = get_object_or_404(Policy.objects.for_user(user), key=key)
    firm = get_object_or_404(Organisation, key=enterprise)
    if not (reach == "all" or registers.is_own(user, firm.key)) or not registers.may_see(user, firm.key):
        raise Http404(_("There is no such thing, or it is not open to your role."))
    return policy, firm


@login_required
@require_GET
def decision(request: HttpRequest, key: str, enterprise: str) -> HttpResponse:
    """``/policies/<key>/for/<enterprise>/?run=&as_of=``: decided now, as of a day, or again as a run filed it."""
    user: Any = request.user
    policy, firm = _pair(user, key, enterprise)
    found, facts, filed, as_of = _decided(request, policy, firm)
    own = registers.is_own(user, firm.key)
    may = registers.readable_attributes(user, own=own)
    _read(user, firm, found, own)
    edition = found.edition
    when: dt.date | int = filed.run.pk if filed else as_of
    context = {
        "policy": policy,
        "firm": firm,
        "found": found,
        "state": found.state,
        "words": services.STATES[found.state],
        "conditions": services.conditions(found, edition.rule.eligibility, may, facts),
        "gives": services.benefit_lines(edition.rule.benefit),
        "because": services.because(found),
        "bases": _bases(edition, facts, may, as_of),
        "questions": _questions(found, may, as_of),
        "asked": Case.objects.for_user(user)
        .filter(key__startswith=registers.question_key(firm.key, f"{policy.key}:"))
        .exclude(state="closed"),
        "may_ask": allowed(user, "add", Case) and not own,
        "window": window(edition.version, as_of),
        "as_of": as_of,
        "past": as_of != today() and not filed,
        "filed": filed,
        "agrees": filed.agrees(found) if filed else None,
        "filed_words": services.STATES[_FILED[filed.decision.value]] if filed else "",
        "filed_state": _FILED[filed.decision.value] if filed else "",
        "run_chip": chip(f"run:{filed.run.pk}", _("Match %(n)s") % {"n": filed.run.pk}) if filed else "",
        "last": _last_run(user, firm, policy) if not filed else None,
        "ref": services.decision_ref(firm.key, policy.key, when),
        "may_audit": allowed(user, "view", LogEntry),
        "nav_key": "policies.matches",
    }
    part = bool(getattr(request, "htmx", False))
    return render(request, "policies/decision_part.html" if part else "policies/decision.html", context)


_FILED = {"yes": "ok", "no": "bad", "unknown": "unk"}


def _decided(
    request: HttpRequest, policy: Policy, firm: Organisation
) -> tuple[Match, dict[str, Fact], Filed | None, dt.date]:
    number = request.GET.get("run", "")
    if number:
        run = services.run_of(number)
        filed = run and services.filed(run, firm.key, policy.key)
        if not filed:
            raise Http404(_("No match %(n)s decided this.") % {"n": number})
        return *services.recompute(filed, policy, firm.key), filed, filed.as_of
    as_of = _day(request.GET.get("as_of", "")) or today()
    edition = services.edition_at(policy, as_of)
    if edition is None:
        raise Refused(
            _("%(policy)s was not in force on %(day)s.") % {"policy": label(policy.label), "day": as_of},
            _("Open the policy to see its editions."),
        )
    facts = services.subject(firm.key, as_of)
    found = services.explain(edition, firm.key, facts, as_of, granted=services.granted_to(firm.key, as_of))
    return found, facts, None, as_of


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _last_run(user: Any, firm: Organisation, policy: Policy) -> Any:
    run = services.last_two()[0]
    return run if run and policy.key in run.params.get("versions", {}) else None


def _read(user: Any, firm: Organisation, found: Match, own: bool) -> None:
    """Reading what is personal leaves a trace, but for one's own firm."""
    names = [leaf.clause.attribute for leaf in found.verdict.clauses() if leaf.clause and leaf.clause.attribute]
    read = registers.personal(names)
    if read and not own:
        archive.record_event(user, "read", firm, {"attributes": read, "policy": found.edition.key}, personal=True)


def _bases(edition: Edition, facts: dict[str, Fact], may: dict[str, Any], as_of: dt.date) -> list[dict[str, Any]]:
    """The figures that the amount is worked out from."""
    benefit, vocabulary = edition.rule.benefit, registers.vocabulary()
    found = []
    for name in dict.fromkeys(one for one in (benefit.base, benefit.count, benefit.ladder) if one):
        if name in may:
            key = figure_keys(may[name], benefit.period, facts, vocabulary, as_of)[0]
            figure = read(facts, key, may[name], vocabulary, as_of)
            known = figure.reason is None
            found.append(
                {
                    "label": may[name].label,
                    "value": registers.shown(may[name], figure.value) if known else "",
                    "sources": list(dict.fromkeys(figure.sources)) if known else [],
                }
            )
    return found


def _questions(found: Match, may: dict[str, Any], as_of: dt.date) -> list[dict[str, Any]]:
    return [
        {
            "attribute": may[one.attribute],
            "question": one,
            "period": _(", ").join(period_keys(one.period, as_of) or ()),
            "reason": services.REASONS[one.reason],
        }
        for one in found.questions
        if one.attribute in may
    ]


@login_required
@require_POST
def ask(request: HttpRequest, key: str, enterprise: str) -> HttpResponse:
    """Ask for a missing value: a case for whoever looks after the firm; asked twice it is one case."""
    user: Any = request.user
    policy, firm = _pair(user, key, enterprise)
    attribute = registers.attributes().get(request.POST.get("attribute", ""))
    if attribute is None:
        raise Refused(_("This question is not known."), _("Reload the page."))
    case = registers.ask(
        firm,
        [attribute],
        matter=f"{policy.key}:{attribute.id}",
        about=services.decision_ref(firm.key, policy.key, today()),
        why=_("Whether “%(policy)s” is open to the firm depends on this value.") % {"policy": label(policy.label)},
        manager=registers.managers([firm.key], today())[firm.key],
        actor=user,
        now=now(),
    )
    messages.success(request, _("Case %(n)s asks for it.") % {"n": case.pk})
    return redirect("cases:case", case.pk)


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Match everything as of today; the same ground is not matched twice."""
    if scope(request.user, "add", "policies.Match") != "all":
        raise PermissionDenied
    run = services.start(today(), actor=request.user, now=now())
    if run.result_file_id:
        messages.info(request, _("Nothing changed since match %(n)s; it stands.") % {"n": run.pk})
        return redirect("policies:matches")
    return redirect("runs:run", run.pk)
