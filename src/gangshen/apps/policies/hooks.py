"""What policies register below: adopter, runs, menu, lists, evidence and its grounds, profile, dictionary, search, API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.archive.services import GROUNDS
from gangshen.apps.cases.models import Case
from gangshen.apps.cases.services import CASE_TYPES, CaseType
from gangshen.apps.documents.services import ADOPTERS, RESTING, Adopter, Resting
from gangshen.apps.identity.access import allowed, grants, scope
from gangshen.apps.identity.models import Organisation
from gangshen.apps.policies import background, services
from gangshen.apps.policies.api import router
from gangshen.apps.policies.listings import CONFIRM_LINES, CONFIRM_LISTS, GRANTS, MATCHES, POLICIES
from gangshen.apps.policies.models import ConfirmLine, ConfirmList, Grant, Policy, PolicyVersion
from gangshen.apps.policies.pages import _profile as profile
from gangshen.apps.policies.pages import _public as public
from gangshen.apps.policies.pages._desk import may_use
from gangshen.apps.policies.pages._today import MORNING_PART
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.services import PROFILE_PANELS, STAKES, USED_BY, Panel, Stakes, Use
from gangshen.apps.runs.models import Run
from gangshen.apps.runs.services import KINDS, SCHEDULES, RunKind, ScheduleDefaults
from gangshen.engines.evidence import Ref
from gangshen.engines.formats import Text
from gangshen.engines.retrieval import Entry
from gangshen.engines.rules import clauses
from gangshen.web.components import Evidence
from gangshen.web.formatting import label, money_text
from gangshen.web.hookpoints import API_ROUTERS, NAVIGATION, RESOLVERS, SEARCH_SOURCES, NavigationEntry, SearchSource
from gangshen.web.listing import LISTINGS
from gangshen.web.morning import MORNING
from gangshen.web.public import PUBLIC_ROWS


def _confirm_page(case: Case) -> str:
    line = ConfirmLine.objects.filter(case=case).first()
    return reverse("policies:confirm-list", args=[line.roster_id]) if line else reverse("policies:confirm")


CASE_TYPES.register(
    services.CONFIRM,
    CaseType(
        services.CONFIRM,
        Text(zh="免申即享核对", en="Confirm before a grant"),
        workdays=5,
        receipt="text",
        on_close=services.close_confirm,
        url=_confirm_page,
    ),
)


def _matches_page(run: Run) -> str:
    return reverse("policies:matches")


ADOPTERS.register("policies", Adopter(Text(zh="政策", en="Policy"), frozenset({"offer", "condition"}), services.adopt))
KINDS.register(
    services.KIND,
    RunKind(
        Text(zh="政策匹配", en="Match policies"),
        background.match,
        resumable=True,
        url=_matches_page,
        about="policies.Match",
    ),
)
KINDS.register(
    "policies.nightly",
    RunKind(
        Text(zh="每日政策匹配", en="Match policies nightly"),
        background.match_today,
        resumable=True,
        about="policies.Match",
    ),
)
SCHEDULES.register(
    "policies-nightly",
    ScheduleDefaults(
        "policies.nightly", Text(zh="每日政策匹配", en="Match policies nightly"), daily_at=dt.time(5, 45), at_first=True
    ),
)
for _listing in (POLICIES, MATCHES, CONFIRM_LISTS, CONFIRM_LINES, GRANTS):
    LISTINGS.register(_listing.key, _listing)
API_ROUTERS.register("policies", router)


def _reads(user: Any) -> bool:
    return allowed(user, "view", Policy)


NAVIGATION.register(
    "policies",
    NavigationEntry(gettext_lazy("Policies"), "policies:library", icon="policy", allowed=_reads),
    order=40,
)
NAVIGATION.register(
    "policies.library",
    NavigationEntry(gettext_lazy("Policy library"), "policies:library", parent="policies", allowed=_reads),
    order=41,
)
NAVIGATION.register(
    "policies.matches",
    NavigationEntry(
        gettext_lazy("Matches"),
        "policies:matches",
        parent="policies",
        allowed=lambda user: allowed(user, "view", "policies.Match"),
    ),
    order=42,
)
NAVIGATION.register(
    "policies.confirm",
    NavigationEntry(
        gettext_lazy("Granted without application"),
        "policies:confirm",
        parent="policies",
        allowed=lambda user: allowed(user, "view", ConfirmList),
    ),
    order=44,
)
NAVIGATION.register(
    "policies.granted",
    NavigationEntry(
        gettext_lazy("Granted so far"),
        "policies:granted",
        parent="policies",
        allowed=lambda user: scope(user, "view", Grant) == "all",
    ),
    order=45,
)
NAVIGATION.register(
    "policies.what-if",
    NavigationEntry(gettext_lazy("What-if"), "policies:what-if-pick", parent="policies", allowed=may_use),
    order=43,
)
PROFILE_PANELS.register(
    "policies",
    Panel(
        Text(zh="政策", en="Policies"),
        "policies/profile_panel.html",
        profile.panel,
        allowed=profile.allowed_here,
        answer=profile.answer,
        sheet=profile.sheet,
    ),
    order=20,
)


def _uses() -> dict[str, Iterable[Use]]:
    """Rules and amounts that an attribute decides in."""
    found: dict[str, dict[str, Use]] = {}
    for version in PolicyVersion.objects.select_related("policy").exclude(status="superseded").exclude(content=""):
        rule = services.engine_version(version)
        read = [clause.attribute for clause in clauses(rule.eligibility)]
        benefit = rule.benefit
        read += [clause.attribute for uplift in benefit.uplifts for clause in clauses(uplift.when)]
        read += [benefit.base, benefit.count, benefit.ladder, *(one.base for one in benefit.ceilings)]
        for name in read:
            if name:
                use = Use(version.policy.label, reverse("policies:policy", args=[version.policy.key]))
                found.setdefault(name, {})[version.policy.key] = use
    return {name: tuple(uses.values()) for name, uses in found.items()}


USED_BY.register("policies", _uses)
STAKES.register(
    "policies",
    Stakes(services.stakes, allowed=lambda user: scope(user, "view", Policy) == "all"),
)


def _policy(ref: Ref, user: Any) -> Evidence | None:
    """``policy:KEY[@EDITION][#CLAUSE]``: the rule, or one condition of it."""
    policy = Policy.objects.for_user(user).filter(key=ref.id).first()
    if policy is None:
        return None
    editions = PolicyVersion.objects.for_user(user).filter(policy=policy).order_by("-valid_from", "-pk")
    version = (editions.filter(version=ref.at) if ref.at else editions).first()
    if version is None:
        return None
    rule = services.engine_version(version)
    clause = next((one for one in clauses(rule.eligibility) if one.id == ref.part), None)
    marks = (("draft",) if version.status in ("draft", "for_comment") else ()) + (
        ("assumed",) if policy.example else ()
    )
    return Evidence(
        title=f"{label(policy.label)} {version.version}",
        url=f"{reverse('policies:policy', args=[policy.key])}?version={version.version}",
        quote=(clause.quote or services.said(clause)) if clause else "",
        source=policy.issuer,
        date=version.valid_from,
        marks=marks,
        values=() if clause else ((_("Rule"), services.said(rule.eligibility)), (_("Digest"), version.digest[:12])),
    )


def _match(ref: Ref, user: Any) -> Evidence | None:
    """``match:ENTERPRISE@RUN#POLICY`` or ``…@DAY#…``: a decision."""
    reach = scope(user, "view", "policies.Match")
    own = registers.is_own(user, ref.id)
    if reach is None or not (reach == "all" or own) or not registers.may_see(user, ref.id):
        return None
    policy = Policy.objects.for_user(user).filter(key=ref.part or "").first()
    firm = Organisation.objects.filter(key=ref.id).first()
    if policy is None or firm is None or not ref.at:
        return None
    page = reverse("policies:decision", args=[policy.key, firm.key])
    title = f"{firm.name} · {label(policy.label)}"
    marks = ("synthetic",) if firm.synthetic else ()
    run = services.run_of(ref.at)
    if run is None:
        return Evidence(title, f"{page}?as_of={ref.at}", marks=marks, source=_("decided when it is opened"))
    filed = services.filed(run, firm.key, policy.key)
    if filed is None:
        return None
    words = {"yes": _("Gets it"), "no": _("Not met"), "unknown": _("Unknown")}[filed.decision.value]
    values = [(_("Answer"), words), (_("Edition"), filed.version)]
    if filed.amount:
        values.append((_("Amount"), money_text(filed.amount)))
    source = _("Match %(n)s") % {"n": run.pk}
    return Evidence(title, f"{page}?run={run.pk}", marks=marks, source=source, date=filed.as_of, values=tuple(values))


def _grant(ref: Ref, user: Any) -> Evidence | None:
    """``grant:ID``: a line of the register of what firms were granted before."""
    if not ref.id.isdigit() or len(ref.id) > 18:
        return None
    one = Grant.objects.for_user(user).filter(pk=int(ref.id)).select_related("firm", "policy", "batch").first()
    if one is None or not registers.may_see(user, one.firm.key):
        return None
    values = [(_("Amount"), money_text(one.fen))]
    values += [(name, text) for name, text in ((_("Edition"), one.edition), (_("Period"), one.period)) if text]
    values += [(_("Item"), one.item)] if one.item else []
    if one.batch.undone_at is not None:
        values.append((_("State"), _("Undone")))
    return Evidence(
        title=f"{one.firm.name} · {label(one.policy.label)}",
        url=reverse("policies:decision", args=[one.policy.key, one.firm.key]),
        source=f"{one.source} ({one.batch.name}:{one.line})" if one.line else one.source,
        date=one.granted_on,
        marks=("synthetic",) if one.firm.synthetic else (),
        values=tuple(values),
    )


RESOLVERS.register("grant", _grant)
RESOLVERS.register("policy", _policy)
RESOLVERS.register("match", _match)
GROUNDS.register("policy", services.grounds_of_editions)
GROUNDS.register("match", services.grounds_of_matches)


def _resting(refs: Sequence[Ref], user: Any) -> dict[Ref, Resting]:
    """Rules that rest on a document, with how many firms they reach."""
    seen = Policy.objects.all() if user is None else Policy.objects.for_user(user)
    held = {policy.key: policy for policy in seen.filter(key__in={ref.id for ref in refs})}
    reach = services.reach(services.last_two()[1]) if held else {}
    found = {}
    for ref in refs:
        policy = held.get(ref.id)
        if policy is not None:
            hit = reach.get(ref.id)
            note = _("%(yes)d get it, %(near)d near") % {"yes": hit.yes, "near": hit.near} if hit else ""
            title = f"{label(policy.label)} {ref.at or ''}".strip()
            found[ref] = Resting(_("Rule"), title, reverse("policies:policy", args=[policy.key]), note)
    return found


RESTING.register("policy", _resting)


def _audience() -> tuple[str, ...]:
    """Roles that may read what is or was law; a draft is for those who see every policy."""
    label_ = Policy._meta.label.lower()
    return tuple(
        sorted({role for (role, model, action), _reach in grants().items() if (model, action) == (label_, "view")})
    )


def _inside() -> tuple[str, ...]:
    label_ = Policy._meta.label.lower()
    return tuple(
        sorted(
            role
            for (role, model, action), reach in grants().items()
            if (model, action, reach) == (label_, "view", "all")
        )
    )


def _entries() -> Iterator[Entry]:
    everyone, inside = _audience(), _inside()
    for policy in Policy.objects.prefetch_related("versions"):
        law = any(version.status in ("in_force", "superseded") for version in policy.versions.all())
        words = {
            clause.quote or clause.label
            for version in policy.versions.all()
            if version.content
            for clause in clauses(services.engine_version(version).eligibility)
        }
        yield Entry(
            f"policy:{policy.key}",
            "policy",
            policy.title,
            " ".join(filter(None, [policy.title_en, policy.theme, policy.issuer, *sorted(words)])),
            reverse("policies:policy", args=[policy.key]),
            audience=everyone if law else inside,
        )


MORNING.register("policies", MORNING_PART, order=40)
SEARCH_SOURCES.register("policies", SearchSource(gettext_lazy("Policies"), _entries))
PUBLIC_ROWS.register("calls", public.CALLS, order=10)
PUBLIC_ROWS.register("notices", public.NOTICES, order=20)
PUBLIC_ROWS.register("policies", public.IN_FORCE, order=30)
