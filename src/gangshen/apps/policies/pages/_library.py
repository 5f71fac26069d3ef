"""政策库: what is in force, whom it reaches, what it may still pay, what ends soon."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from gangshen.apps.identity.access import allowed, require, scope
from gangshen.apps.identity.services import today
from gangshen.apps.money import services as money
from gangshen.apps.money.models import Programme
from gangshen.apps.money.services import Balance
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Grant, Policy, PolicyVersion
from gangshen.apps.policies.services import Reach
from gangshen.engines.formats import Text
from gangshen.web import plots
from gangshen.web.components import chip

from ._rows import window

__all__ = ["INKS", "Line", "library", "lines_of"]

INKS = ("f-ok", "f-near", "f-na", "trk")
STANDS = {
    "in_force": gettext_lazy("In force"),
    "for_comment": gettext_lazy("For comment"),
    "draft": gettext_lazy("Draft"),
    "later": gettext_lazy("Not yet in force"),
    "ended": gettext_lazy("Ended"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A policy with the edition that stands for it today."""

    policy: Policy
    version: PolicyVersion
    stands: str  # key of STANDS
    theme: Text
    window: tuple[str, str]
    reach: Reach | None
    plot: SafeString | str
    balance: Balance | None
    granted: int = 0  # fen, this year

    @property
    def words(self) -> Any:
        return STANDS[self.stands]

    @property
    def unpaid(self) -> bool:
        """Would everyone who gets it cost more, at the least, than is left?"""
        return bool(self.reach and self.balance and self.reach.low > self.balance.available)


def stands(version: PolicyVersion, day: dt.date) -> str:
    """Where an edition stands on a day (a key of STANDS)."""
    if version.status == PolicyVersion.Status.FOR_COMMENT:
        return "for_comment"
    if version.status in (PolicyVersion.Status.DRAFT, PolicyVersion.Status.REVIEWED):
        return "draft"
    if version.valid_from and version.valid_from > day:
        return "later"
    return "ended" if version.valid_to and version.valid_to < day else "in_force"


def _standing(policy: Policy, day: dt.date) -> PolicyVersion:
    """The edition in force, else the one that is nearest to be."""
    order = ("in_force", "later", "for_comment", "draft", "ended")
    versions = sorted(policy.versions.all(), key=lambda one: (one.valid_from or dt.date.min, one.pk), reverse=True)
    return min(versions, key=lambda one: order.index(stands(one, day)))


def lines_of(user: Any, day: dt.date) -> list[Line]:
    """Every policy that ``user`` may see, those in force first; a constant number of queries."""
    reached = services.reach(services.last_two()[0]) if scope(user, "view", "policies.Match") == "all" else {}
    held = money.balances(day.year) if allowed(user, "view", Programme) else {}
    left = {key: balance for (key, _year), balance in held.items()}
    granted = services.granted_this_year(day) if scope(user, "view", Grant) == "all" else {}
    found = []
    for policy in Policy.objects.for_user(user).select_related("programme").prefetch_related("versions"):
        version = _standing(policy, day)
        reach = reached.get(policy.key) if stands(version, day) == "in_force" else None
        found.append(
            Line(
                policy,
                version,
                stands(version, day),
                services.theme_of(policy),
                window(version, day),
                reach,
                _plot(reach),
                left.get(policy.programme.key) if policy.programme else None,
                granted.get(policy.key, 0),
            )
        )
    order = list(STANDS)
    return sorted(found, key=lambda line: (order.index(line.stands), line.policy.theme, line.policy.key))


def _plot(reach: Reach | None) -> SafeString | str:
    if reach is None:
        return ""
    met = reach.yes + reach.spent
    name = _("%(yes)d meet it, %(near)d near, %(unknown)d unknown, %(no)d not met") % {
        "yes": met,
        "near": reach.near,
        "unknown": reach.unknown,
        "no": reach.no,
    }
    return plots.shares([met, reach.near, reach.unknown, reach.no], INKS, name=name)


@login_required
@require_GET
def library(request: HttpRequest) -> HttpResponse:
    """``/policies/?stands=&theme=&issuer=``."""
    require(request.user, "view", Policy)
    day = today()
    every = lines_of(request.user, day)
    chosen = {name: request.GET.get(name, "") for name in ("stands", "theme", "issuer")}
    kept = [
        line
        for line in every
        if chosen["stands"] in ("", line.stands)
        and chosen["theme"] in ("", line.theme.zh)
        and chosen["issuer"] in ("", line.policy.issuer)
    ]
    law = [line for line in every if line.stands == "in_force"]
    run = services.last_two()[0]
    counts = Counter(line.stands for line in every)
    return render(
        request,
        "policies/library.html",
        {
            "lines": kept,
            "every": every,
            "law": law,
            "groups": [(name, STANDS[name], counts[name]) for name in STANDS if counts[name]],
            "ending": [line for line in law if line.window[0] == "near"],
            "short": [line for line in law if line.unpaid],
            "themes": {line.theme.zh: line.theme for line in every},
            "issuers": sorted({line.policy.issuer for line in every if line.policy.issuer}),
            "chosen": chosen,
            "run": run,
            "run_chip": chip(f"run:{run.pk}", f"#{run.pk}") if run else "",
            "may_match": scope(request.user, "view", "policies.Match") == "all",
            "may_start": scope(request.user, "add", "policies.Match") == "all",
            "may_add": allowed(request.user, "add", Policy),
            "may_export": allowed(request.user, "export", Policy),
            "day": day,
            "nav_key": "policies.library",
        },
    )
