"""企业端: what my enterprise gets, is near, and could settle by answering."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import LogEntry
from gangshen.apps.cases import services as cases
from gangshen.apps.identity.access import roles_of
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import now, today
from gangshen.apps.policies import services as policies
from gangshen.apps.registers import services as registers
from gangshen.apps.visits import services as visits
from gangshen.engines.rules import Decision, period_keys
from gangshen.engines.vocabulary import CellError
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

__all__ = ["answer", "my"]

ASKED = 3


def _own(request: HttpRequest) -> Organisation:
    organisation = request.user.organisation
    if "enterprise" not in roles_of(request.user) or organisation is None:
        raise PermissionDenied
    return organisation


@login_required
def my(request: HttpRequest) -> HttpResponse:
    """To-do, money I get, what I am near, three questions that settle most, my data and who saw it, whom to call."""
    organisation, day = _own(request), today()
    found = policies.matches(organisation.key, day)
    gets = [one for one in found if one.decision is Decision.YES and not one.spent]
    near = sorted(
        (one for one in found if one.close), key=lambda one: -(one.nearest_amount.high if one.nearest_amount else 0)
    )
    unknown = [one for one in found if one.decision is Decision.UNKNOWN]
    held = policies.together(gets)
    reach = [one.edition for one in (*gets, *near, *unknown)]
    words = registers.attributes()
    asked = [
        {
            "question": q,
            "attribute": words[q.attribute],
            "input": _input(words[q.attribute]),
            "period": _period(q.period, day),
        }
        for q in policies.questions_for(found)
        if q.attribute in words
    ]
    facts = registers.facts(organisation.key, day, request.user)
    return render(
        request,
        "console/my.html",
        {
            "organisation": organisation,
            "confirm": policies.lines_to_confirm(organisation),
            "new_policies": policies.fresh(day, reach),
            "ending_policies": policies.ending(day, reach),
            "gets": gets,
            "near": near,
            "because": {one.edition.key: policies.because(one) for one in (*gets, *near)},
            "unknown": unknown,
            "total": held.total,
            "beside": [*policies.spent_words(found), *policies.beside_words(held, gets)],
            "granted": policies.live_grants().filter(firm=organisation).select_related("policy")[:8],
            "asked": asked[:ASKED],
            "more": max(0, len(asked) - ASKED),
            "decides": len({key for one in asked[:ASKED] for key in one["question"].policies}),
            "facts": _shown(facts, words),
            "matters": [(one, visits.stand_of(one, day)) for one in visits.matters_of(request.user, organisation)],
            "ladder": _panel(request, "ladder", organisation, day),
            "staff": False,
            "todo": cases.mine(request.user)[:5],
            "seen": LogEntry.objects.filter(subject=organisation.key, personal=True)
            .select_related("actor")
            .order_by("-pk")[:8],
            "words": words,
            "today": day,
            "nav_key": "my",
        },
    )


def _panel(request: HttpRequest, key: str, organisation: Organisation, day: dt.date) -> str:
    """What an office shows of the firm on its profile, on the firm's own door too."""
    user: Any = request.user
    panel = registers.PROFILE_PANELS.get(key)
    if not panel.allowed(user):
        return ""
    context = {"panel_label": panel.label} | panel.context(user, organisation, day)
    return render_to_string(panel.template, context, request)


def _shown(facts: dict[str, registers.Fact], words: dict[str, Any]) -> list[dict[str, Any]]:
    """The firm's own data, each with its source and age."""
    return [
        {
            "attribute": words[name],
            "value": registers.shown(words[name], fact.value),
            "ref": f"rec:{fact.record_id}#{name}" if fact.record_id else "",
            "as_of": fact.as_of,
            "stale": fact.stale,
        }
        for name, fact in sorted(facts.items())
        if name in words and fact.value not in (None, "", [], ())
    ]


def _period(words: str | None, day: dt.date) -> str:
    """The year or quarter that a rule's ``last_year`` means today; the latest where it means several."""
    return (period_keys(words, day) or ("",))[-1]


def _input(attribute: Any) -> str:
    return {"bool": "bool", "date": "date", "money": "text", "list": "text"}.get(str(attribute.type), "text")


@login_required
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """The firm answers a question: a record of its own, with its consent; the verdicts follow at once."""
    organisation = _own(request)
    name, period = request.POST.get("attribute", ""), request.POST.get("period", "")
    text = request.POST.get("value", "").strip()
    words = registers.vocabulary()
    open_ = policies.questions_for(policies.matches(organisation.key, today()))
    if (name, period) not in {(one.attribute, _period(one.period, today())) for one in open_}:
        raise Refused(_("This question is not asked any more."), _("Reload the page."))
    if not request.POST.get("consent"):
        raise Refused(_("Without consent the answer can't be used."), _("Tick that it may be used to match policies."))
    try:
        value = words.parse(name, text)
    except CellError as error:
        raise Refused(label(error.message), _("Write the figure with its unit, such as 300万元 or 5%.")) from error
    if value is None:
        raise Refused(_("The answer is empty."), _("Write a value."))
    source = registers.source_named(registers.ANSWER)
    registers.add_record(organisation.key, {name: value}, source, today(), request.user, now(), period=period)
    archive.record_event(request.user, "answer", organisation, {"attribute": name})
    messages.success(request, _("Thank you; what you get was worked out anew."))
    return redirect("console:my")
