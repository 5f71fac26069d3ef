"""A target over the register of enterprises: what is certain, who leaves it open, asking them, changing what is counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gangshen.apps.archive import services as archive
from gangshen.apps.identity.access import allowed, require
from gangshen.apps.identity.models import Organisation
from gangshen.apps.identity.services import now, today
from gangshen.apps.plans import services
from gangshen.apps.plans.forms import QueryForm
from gangshen.apps.plans.models import Target
from gangshen.apps.plans.services import AT_ONCE, Measured
from gangshen.apps.policies.services import REASONS
from gangshen.apps.registers import services as registers
from gangshen.engines.rules import Question, period_keys
from gangshen.engines.vocabulary import Attribute
from gangshen.web import excel as sheets
from gangshen.web import plots
from gangshen.web.downloads import attachment
from gangshen.web.formatting import label, measured

__all__ = ["ask", "by_register", "firms", "query"]


def by_register(user: Any, target: Target, found: Measured | None) -> dict[str, Any] | None:
    """What the target's page shows of its value by the register; firms only to who may know of each."""
    if found is None:
        return None
    named = services.may_name(user, found.query)
    wanted = float(target.low)
    short = (found.high is not None and found.high < wanted) or (found.low is not None and found.low >= wanted)
    return {
        "found": found,
        "low": _said(found.low, target.unit),
        "high": _said(found.high, target.unit),
        "narrow": found.low == found.high,
        "decides": not short and target.comparator in ("ge", "gt"),
        "words": services.definition(found.query, get_language() or "zh"),
        "plot": _plot(found, wanted),
        "named": named,
        "gaps": _gaps(target, found, found.open[:AT_ONCE]) if named else [],
        "more": max(len(found.open) - AT_ONCE, 0),
        "counted": _firms(found.counted[:AT_ONCE]) if named else [],
        "counted_more": max(len(found.counted) - AT_ONCE, 0),
        "may_ask": named and not target.plan.draft and bool(found.open) and allowed(user, "add", "cases.Case"),
    }


def _said(value: float | None, unit: str) -> str:
    return _("unknown") if value is None else measured(value, unit, 1)


def _plot(found: Measured, wanted: float) -> Any:
    if found.low is None:
        return ""
    high = found.high if found.high is not None else max(found.low, wanted) * 1.2
    return plots.band(found.low, high, wanted, most=max(high, wanted) * 1.1, name=_("Certain, possible and wanted"))


def _firms(keys: Any) -> list[Organisation]:
    known = {firm.key: firm for firm in Organisation.objects.filter(key__in=keys)}
    return [known[key] for key in keys if key in known]


def _gaps(target: Target, found: Measured, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Each open firm with what is missing, who is asked, and the case that asks already."""
    known = {firm.key: firm for firm in _firms(keys)}
    looks_after, asked = registers.managers(keys, found.as_of), services.asked_about(target, keys)
    words = registers.attributes()
    return [
        {
            "firm": known[gap.firm],
            "missing": _listed(_asked(words[one.attribute], one, found) for one in gap.questions),
            "why": _listed(REASONS[one.reason] for one in gap.questions),
            "sources": _listed(words[one.attribute].source for one in gap.questions),
            "manager": looks_after[gap.firm],
            "case": asked.get(gap.firm),
        }
        for gap in services.gaps(found, keys)
        if gap.firm in known
    ]


def _listed(words: Iterable[Any]) -> str:
    """Each word once."""
    return _(", ").join(dict.fromkeys(str(one) for one in words if one))


def _asked(attribute: Attribute, one: Question, found: Measured) -> str:
    periods = _(", ").join(period_keys(one.period, found.as_of) or ())
    return f"{label(attribute.label)}（{periods}）" if periods else label(attribute.label)


def _target(request: HttpRequest, key: str) -> Target:
    return get_object_or_404(Target.objects.for_user(request.user).select_related("plan", "series"), key=key)


@login_required
@require_POST
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the account managers of the firms that leave the target open, one case each."""
    target = _target(request, key)
    done = services.ask_managers(target, actor=request.user, now=now(), today=today())
    said = [ngettext("%(n)d case asks for it.", "%(n)d cases ask for it.", done.opened) % {"n": done.opened}]
    if done.already:
        said.append(_("%(n)d were asked already.") % {"n": done.already})
    if done.to_office:
        said.append(
            _("%(n)d go to the zone office: nobody who looks after the firm logs in here.") % {"n": done.to_office}
        )
    if done.left:
        said.append(_("%(n)d more wait for the next time.") % {"n": done.left})
    messages.success(request, " ".join(said))
    return redirect("plans:target", target.key)


@login_required
@require_GET
def firms(request: HttpRequest, key: str) -> HttpResponse:
    """Every firm behind the value as Excel: those counted, and those that are open with what is missing."""
    target = _target(request, key)
    found = services.measured([target], today()).get(target.pk)
    if found is None:
        raise Http404(_("This target is not counted over the register."))
    if not (services.may_name(request.user, found.query) and allowed(request.user, "export", "registers.Record")):
        raise PermissionDenied
    said = " / ".join(services.definition(found.query, get_language() or "zh").values())
    about = f"{target.subject}: {said} ({found.as_of})"
    name = sheets.Head(_("Enterprise"), "text", 40)
    counted = [[firm.name, firm.key, _mark(firm)] for firm in _firms(found.counted)]
    heads = [name, sheets.Head("key", "text", 24), sheets.Head(_("Mark"), "text", 12)]
    opened = [
        [
            row["firm"].name,
            row["firm"].key,
            _mark(row["firm"]),
            row["missing"],
            row["why"],
            row["manager"].name,
        ]
        for row in _gaps(target, found, found.open)
    ]
    more = [sheets.Head(_("Missing"), "text", 30), sheets.Head(_("Why"), "text", 24), sheets.Head(_("Account manager"))]
    data = sheets.workbook(
        [sheets.Sheet(_("Counted"), about, heads, counted), sheets.Sheet(_("Open"), about, [*heads, *more], opened)]
    )
    archive.record_event(request.user, "export", target, {"what": "firms", "channel": "excel"})  # type: ignore[arg-type]
    return attachment(data, f"{target.key}-firms.xlsx", sheets.MEDIA_TYPE)


def _mark(firm: Organisation) -> str:
    return _("synthetic") if firm.synthetic else ""


@login_required
def query(request: HttpRequest, key: str) -> HttpResponse:
    """What the target counts over the register, on a form; left empty it counts nothing there."""
    target = _target(request, key)
    require(request.user, "change", target)
    stored = services.query_of(target.query)
    form = QueryForm(request.POST or None, unit=target.unit, stored=stored)
    if request.method == "POST" and form.is_valid():
        services.set_query(target, form.cleaned_data["query"], actor=request.user)
        messages.success(request, _("Saved."))
        return redirect("plans:target", target.key)
    return render(request, "plans/query.html", {"form": form, "target": target, "nav_key": "plans"})
