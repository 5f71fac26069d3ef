"""试算: if I move this number, who enters, who leaves, who is unknown, and does the money last?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from gangshen.apps.identity.access import allowed, scope
from gangshen.apps.identity.services import today
from gangshen.apps.money.models import Programme
from gangshen.apps.policies import services
from gangshen.apps.policies.models import Policy, PolicyVersion, Variant
from gangshen.apps.policies.services import Budget, Changes, Setting, Trial
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.forms import OPERATOR_WORDS
from gangshen.engines import benefits
from gangshen.engines.rules import Clause, clauses
from gangshen.web.errors import Refused
from gangshen.web.formatting import label, money_text

from ._desk_parts import compared, groups, pictures, who
from ._library import STANDS, stands

__all__ = ["Desk", "desk_of", "may_use", "pick", "what_if"]

MANY = 12  # variants that are worked out on the page


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the desk: the edition opened, the text one starts from, the law beside it, what is tried."""

    policy: Policy
    version: PolicyVersion
    law: PolicyVersion | None  # what is in force beside it; None where the edition opened is itself the first
    variant: Variant | None
    start: benefits.PolicyVersion
    base: benefits.PolicyVersion
    changes: Changes
    tried: benefits.PolicyVersion
    day: dt.date

    @property
    def base_name(self) -> str:
        return self.law.version if self.law else self.version.version

    @property
    def start_name(self) -> str:
        return self.variant.name if self.variant else self.version.version

    def query(self, changes: Changes) -> str:
        """The address of these changes on this desk."""
        return urlencode(self._pairs(changes))

    @property
    def address(self) -> str:
        """The address of what is tried."""
        return self.query(self.changes)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The same as fields of a form."""
        return self._pairs(self.changes)

    @property
    def state(self) -> bool:
        """Is anything moved?"""
        return bool(self.changes or self.variant)

    def _pairs(self, changes: Changes) -> list[tuple[str, str]]:
        pairs = [("version", self.version.version)]
        if self.variant:
            pairs.append(("variant", str(self.variant.pk)))
        pairs += [(f"set.{key}", value) for key, value in changes.values.items()]
        return pairs + [("drop", one) for one in changes.drop] + [("add", one) for one in changes.add]


def may_use(user: Any) -> bool:
    """The desk is for who sees every policy and every match."""
    return scope(user, "view", Policy) == "all" and scope(user, "view", "policies.Match") == "all"


def desk_of(user: Any, key: str, asked: QueryDict, day: dt.date) -> Desk:
    """Read an address; raises :class:`Refused` for a change that can't be made, 404 for what there isn't."""
    if not may_use(user):
        raise PermissionDenied
    policy = get_object_or_404(Policy.objects.for_user(user).select_related("programme"), key=key)
    version, law = services.opened(policy, asked.get("version"), day)
    variant = None
    if asked.get("variant", "").isdigit():
        variant = get_object_or_404(policy.variants, pk=int(asked["variant"]))
    start = services.engine_version(version)
    if variant:  # its text, under the name and state of the edition it is laid beside
        frame = {"version": start.version, "status": start.status}
        start = services.variant_edition(variant).model_copy(update=frame)
    changes = _changes(asked, start)
    base = services.engine_version(law) if law else services.engine_version(version)
    return Desk(policy, version, law, variant, start, base, changes, services.made(start, changes), day)


def _changes(asked: QueryDict, start: benefits.PolicyVersion) -> Changes:
    there = {one.key: one for one in services.settings_of(start)}
    values = {}
    for name in asked:
        key = name.removeprefix("set.")
        text = asked[name].strip()
        if name.startswith("set.") and text and not _same(text, there.get(key)):
            values[key] = text
    added = [one for one in asked.getlist("add") if one.strip()]
    new = [asked.get(f"new_{part}", "").strip() for part in ("attribute", "operator", "value")]
    if new[0] and new[2]:
        added.append(" ".join(new))
    return Changes(values, tuple(dict.fromkeys(asked.getlist("drop"))), tuple(dict.fromkeys(added)))


def _same(text: str, setting: Setting | None) -> bool:
    return setting is not None and text.replace(",", "") in (setting.value, setting.shown)


@login_required
@require_GET
def pick(request: HttpRequest) -> HttpResponse:
    """``/policies/what-if/``: which policy?"""
    if not may_use(request.user):
        raise PermissionDenied
    day = today()
    rows = []
    for one in Policy.objects.for_user(request.user).select_related("programme").prefetch_related("versions"):
        opened, _law = services.opened(one, None, day)
        rows.append(
            {"policy": one, "version": opened, "stands": stands(opened, day), "words": STANDS[stands(opened, day)]}
        )
    rows.sort(key=lambda row: (row["stands"] not in ("draft", "for_comment"), row["policy"].theme, row["policy"].key))
    drafts = sum(row["stands"] in ("draft", "for_comment") for row in rows)
    kept = list(Variant.objects.for_user(request.user).select_related("policy", "author").order_by("-pk")[:8])
    return render(
        request,
        "policies/what_if_pick.html",
        {"rows": rows, "drafts": drafts, "kept": kept, "nav_key": "policies.what-if"},
    )


@login_required
@require_GET
def what_if(request: HttpRequest, key: str) -> HttpResponse:
    """``/policies/<key>/what-if/?version=&variant=&set.KEY=&drop=&add=&show=``; htmx gets the part that changed."""
    user, day = request.user, today()
    part = bool(getattr(request, "htmx", False))
    fault: Refused | None = None
    try:
        desk = desk_of(user, key, request.GET, day)
        context = _tried(user, desk, request.GET.get("show", ""))
    except Refused as refused:
        fault, kept = refused, QueryDict(mutable=True)
        for name in ("version", "variant"):
            if request.GET.get(name):
                kept[name] = request.GET[name]
        desk = desk_of(user, key, kept, day)
        try:
            context = _tried(user, desk, "")
        except Refused as broken:  # the text itself can't be used: say so, show its flags
            fault, context = broken, {"trial": None, **_panel(user, desk, None, None)}
    context |= {"desk": desk, "fault": fault, "nav_key": "policies.what-if", "part": part}
    response = render(request, "policies/what_if_part.html" if part else "policies/what_if.html", context)
    if part and fault is None:
        response["HX-Push-Url"] = f"{request.path}?{desk.address}"
    return response


def _tried(user: Any, desk: Desk, show: str) -> dict[str, Any]:
    over = services.ground(desk.day, desk.policy, services.paid_in(desk.version, desk.day))
    trial = services.trial(desk.base, desk.tried, over)
    budget = _budget(user, desk, trial)
    panel = _panel(user, desk, trial, budget)
    return {
        "trial": trial,
        "earlier": services.earlier_words(trial.earlier) if trial.earlier else "",
        "budget": budget,
        "cost": (trial.after.low, trial.after.high),
        "cost_state": budget.state(trial.after.low, trial.after.high) if budget else "",
        "over": budget.over(trial.after.high) if budget else 0,
        "enters": int(trial.enters.sum()),
        "leaves": int(trial.leaves.sum()),
        "rows": _rows(desk, trial),
        "shown": who(user, trial, show),
        "groups": groups(trial),
        "versions": [
            (one, STANDS[stands(one, desk.day)]) for one in desk.policy.versions.order_by("-valid_from", "-pk")
        ],
        **pictures(trial, panel["variants"], budget),
        **panel,
    }


def _budget(user: Any, desk: Desk, trial: Trial) -> Budget | None:
    if not allowed(user, "view", Programme):
        return None
    year = services.paid_in(desk.version, desk.day)
    return services.budget_of(desk.policy.programme, year, earlier=trial.earlier)


def _panel(user: Any, desk: Desk, trial: Trial | None, budget: Budget | None) -> dict[str, Any]:
    kept = list(
        Variant.objects.for_user(user).filter(policy=desk.policy).select_related("author").order_by("-pk")[:MANY]
    )
    others = services.editions_in_force(desk.day)
    return {
        "variants": compared(desk.start, desk.base, kept, trial, budget, opened=desk.variant),
        "flags": services.flags(
            desk.policy,
            desk.version,
            desk.tried,
            others=others,
            tried=trial.after if trial else None,
            over=trial.ground if trial else None,
        ),
        "why": _why(trial) if trial else [],
        "attributes": sorted(registers.attributes().values(), key=lambda one: label(one.label)),
        "operators": _OPERATORS,
        "next_name": services.free_name(desk.policy),
        "draft_name": f"{desk.day.year + 1}-draft",
        "may_keep": allowed(user, "add", Variant),
        "may_drop": allowed(user, "delete", Variant),
        "may_write": scope(user, "change", PolicyVersion) == "all",
        "may_export": allowed(user, "export", Policy),
    }


_OFFERED = ("ge", "le", "gt", "lt", "eq", "in", "has_any", "within_years", "exists")
_OPERATORS = [(key, words) for key, words in OPERATOR_WORDS if key in _OFFERED]


def _why(trial: Trial) -> list[dict[str, Any]]:
    found = services.why_unknown(trial.after.edition, trial.ground, trial.after.decisions)
    return [{"n": n, "words": services.clause_words(clause)} for clause, n in found[:5]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the numbers: a setting with its three values, or a clause that has none to type."""

    key: str
    words: str
    law: str
    start: str
    setting: Setting | None
    value: str
    effect: tuple[int, int, int, int] | None
    clause: str
    moved: bool
    dropped: bool = False
    undo: str = ""
    drop: str = ""

    @property
    def cost(self) -> str:
        """The change of the cost at most, in words."""
        if not self.effect or not (self.effect[2] or self.effect[3]):
            return ""
        return ("+" if self.effect[3] > 0 else "") + money_text(self.effect[3])


def _rows(desk: Desk, trial: Trial) -> list[Row]:
    """Every number and clause of the text one starts from, those that differ first."""
    law = {one.key: one for one in services.settings_of(desk.base)}
    now = {one.key: one for one in services.settings_of(desk.tried)}
    start = services.settings_of(desk.start)
    found: list[Row] = []
    for one in start:
        dropped = one.clause in desk.changes.drop
        tried = now.get(one.key)
        found.append(
            Row(
                one.key,
                one.words,
                law[one.key].shown if one.key in law else "",
                one.shown,
                one,
                desk.changes.values.get(one.key, one.value),
                trial.alone.get(one.key) or trial.alone.get(one.clause or one.key),
                one.clause,
                moved=dropped or (tried is not None and (one.key not in law or law[one.key].shown != tried.shown)),
                dropped=dropped,
                undo=_without(desk, one.key, one.clause),
                drop=_dropping(desk, one.clause),
            )
        )
    numbered = {one.clause for one in start}
    said = {leaf.id: leaf.words for line in services.rule_lines(desk.start.eligibility) for leaf in line.leaves()}
    for clause in clauses(desk.start.eligibility):
        if clause.id not in numbered:
            found.append(_plain(desk, trial, clause, said.get(clause.id) or services.said(clause)))
    found += [_added(desk, trial, text, one) for text, one in zip(desk.changes.add, _new(desk), strict=False)]
    return sorted(found, key=lambda row: not row.moved)


def _new(desk: Desk) -> list[Clause]:
    old = {one.id for one in clauses(desk.start.eligibility)}
    return [one for one in clauses(desk.tried.eligibility) if one.id not in old]


def _plain(desk: Desk, trial: Trial, clause: Clause, words: str) -> Row:
    dropped = clause.id in desk.changes.drop
    return Row(clause.id, words, "", "", None, "", trial.alone.get(clause.id), clause.id, dropped, dropped,
               _without(desk, "", clause.id), _dropping(desk, clause.id))  # fmt: skip


def _added(desk: Desk, trial: Trial, text: str, clause: Clause) -> Row:
    left = Changes(desk.changes.values, desk.changes.drop, tuple(one for one in desk.changes.add if one != text))
    return Row(clause.id, services.said(clause), "", "", None, "", trial.alone.get(clause.id), clause.id, True,
               undo=desk.query(left))  # fmt: skip


def _without(desk: Desk, key: str, clause: str) -> str:
    """The address without what was done to this number or clause; "" where nothing was."""
    changes = desk.changes
    if key not in changes.values and clause not in changes.drop:
        return ""
    values = {one: value for one, value in changes.values.items() if one != key}
    return desk.query(Changes(values, tuple(one for one in changes.drop if one != clause), changes.add))


def _dropping(desk: Desk, clause: str) -> str:
    if not clause or clause in desk.changes.drop:
        return ""
    changes = desk.changes
    return desk.query(Changes(changes.values, (*changes.drop, clause), changes.add))
