"""Policies, matches and confirm lists as lists: page, API, Excel, command line."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gangshen.apps.identity.access import allowed, scope
from gangshen.apps.policies import services
from gangshen.apps.policies.models import ConfirmLine, ConfirmList, Grant, Policy, PolicyVersion
from gangshen.apps.registers import services as registers
from gangshen.apps.runs.models import Run
from gangshen.engines.formats import Text
from gangshen.web.formatting import label, number
from gangshen.web.listing import Action, Column, Filter, Listing, View

__all__ = ["CONFIRM_LINES", "CONFIRM_LISTS", "GRANTS", "MATCHES", "POLICIES", "matches"]

_CHANGED = {"gained": _("new"), "lost": _("no longer")}
_EMPTY = {"enterprise": pl.String, "policy": pl.String, "version": pl.String, "low": pl.Int64, "high": pl.Int64}


def _latest(policy: Policy) -> PolicyVersion | None:
    return next(iter(policy.versions.all()), None)


def _field(name: str) -> Any:
    return lambda policy: getattr(_latest(policy), name, None)


POLICIES = Listing(
    key="policies",
    title=_("Policies"),
    noun=_("policies"),
    columns=[
        Column(
            "title", _("Policy"), kind="label", value=lambda one: one.label, main=True, sort="title", second="theme"
        ),
        Column("issuer", _("Issuer")),
        Column(
            "state",
            _("State"),
            value=lambda one: (version := _latest(one)) and version.get_status_display(),
            sort=False,
        ),
        Column("edition", _("Edition"), value=_field("version"), sort=False),
        Column("from", _("From"), "date", value=_field("valid_from"), sort=False),
        Column("to", _("To"), "date", value=_field("valid_to"), sort=False),
        Column("opens", _("Applications from"), "date", value=_field("window_from"), sort=False),
        Column("closes", _("Applications to"), "date", value=_field("window_to"), sort=False),
        Column("key", _("Key"), page=False),
    ],
    filters=[
        Filter("theme", _("Theme")),
        Filter("issuer", _("Issuer")),
        Filter("status", _("State"), field="versions__status", choices=PolicyVersion.Status.choices),
    ],
    search_fields=["title", "title_en", "key"],
    default_sort="title",
    source=lambda user: Policy.objects.for_user(user).prefetch_related("versions"),
    row_url=lambda one: reverse("policies:policy", args=[one.key]),
    marks=lambda one: ["assumed"] if one.example else [],
    scope=_("every edition's state is that of its file; those for comment are never matched as law"),
    nav_key="policies.library",
    allowed=lambda user: allowed(user, "view", Policy),
    exportable=lambda user: allowed(user, "export", Policy),
)


def matches(user: Any) -> pl.DataFrame:
    """The latest match, a row a pair, with names and what changed since the one before; one's own for a firm."""
    after, before = services.last_two()
    reach = scope(user, "view", "policies.Match")
    if reach is None or after is None:
        return _named(pl.DataFrame(schema=_EMPTY | {"decision": pl.UInt8, "distance": pl.UInt8}), None, None)
    frame = services.decisions(after)
    if reach == "own":
        own = user.organisation.key if user.organisation else None
        frame = frame.filter(pl.col("enterprise") == pl.lit(own))
    return _named(frame, after, before)


def _named(frame: pl.DataFrame, after: Run | None, before: Run | None) -> pl.DataFrame:
    firms = registers.snapshot().frame.select(
        pl.col("id").alias("enterprise"), "synthetic", firm=pl.coalesce("name", "id")
    )
    titles = [{"policy": one.key, "title": one.title, "title_en": one.title_en} for one in Policy.objects.all()]
    policies = pl.DataFrame(titles, schema={"policy": pl.String, "title": pl.String, "title_en": pl.String})
    changed = [
        {"enterprise": one.enterprise, "policy": one.policy, "changed": "gained" if one.after == 2 else "lost"}
        for one in (services.difference(before, after) if before and after else [])
    ]
    moved = pl.DataFrame(changed, schema={"enterprise": pl.String, "policy": pl.String, "changed": pl.String})
    return (
        frame.join(firms, on="enterprise", how="left")
        .join(policies, on="policy", how="left")
        .join(moved, on=["enterprise", "policy"], how="left")
        .with_columns(
            state=services.state(),
            firm=pl.coalesce("firm", "enterprise"),
            pair=pl.concat_str("policy", "enterprise", separator="/"),
            run=pl.lit(after.pk if after else None, dtype=pl.Int64),
        )
        .with_columns(order=pl.col("state").replace_strict({key: at for at, key in enumerate(services.STATES)}))
        .sort("order", "high", "enterprise", descending=[False, True, False], nulls_last=True)
    )


def _policies(user: Any) -> list[tuple[str, str]]:
    return [(one.key, label(one.label)) for one in Policy.objects.for_user(user)]


def _title(row: Any) -> Text:
    return Text(zh=row["title"] or row["policy"], en=row["title_en"] or None)


def _amount(row: Any) -> tuple[int, int] | None:
    return None if row["high"] is None else (row["low"], row["high"])


def _answer(result: Any) -> str:
    return ngettext("%(n)s match", "%(n)s matches", result.total) % {"n": number(result.total)}


MATCHES = Listing(
    key="matches",
    title=_("Matches"),
    noun=_("matches"),
    columns=[
        Column(
            "state",
            _("Answer"),
            "status",
            value=lambda row: (row["state"], services.STATES[row["state"]]),
            sort="order",
        ),
        Column("firm", _("Enterprise"), main=True, second="enterprise"),
        Column("policy", _("Policy"), "label", value=_title, sort="title", second="version"),
        Column("amount", _("Amount"), "money", interval=True, value=_amount, sort="high"),
        Column(
            "changed", _("Since the match before"), value=lambda row: _CHANGED.get(row["changed"], ""), sort="changed"
        ),
        Column("policy_key", _("Key of the policy"), value="policy", page=False),
        Column("run", _("Match"), value="run", page=False, sort=False),
    ],
    filters=[
        Filter("state", _("Answer"), choices=list(services.STATES.items())),
        Filter("policy", _("Policy"), choices=_policies),
        Filter("enterprise", _("Enterprise"), "text"),
        Filter("changed", _("Since the match before"), choices=list(_CHANGED.items())),
        Filter("high", _("Amount"), "range", scale=1_000_000, unit=_("10,000 CNY")),
    ],
    views=[
        View("new", _("New since the match before"), {"changed": "gained"}),
        View("gets", _("Gets it"), {"state": "ok"}),
        View("near", _("Near"), {"state": "near"}),
    ],
    search_fields=["firm", "enterprise", "title"],
    source=matches,
    row_id="pair",
    row_url=lambda row: reverse("policies:decision", args=[row["policy"], row["enterprise"]]),
    panel=True,
    marks=lambda row: ["synthetic"] if row["synthetic"] else [],
    answer=_answer,
    empty=(_("Nothing was matched yet"), _("The match runs every night; it can be started by hand."), "", ""),
    scope=_("of the latest match; a policy for comment is never matched"),
    nav_key="policies.matches",
    allowed=lambda user: allowed(user, "view", "policies.Match"),
    exportable=lambda user: allowed(user, "export", "policies.Match"),
)


_ANSWERS = {"pending": "unk", "confirmed": "ok", "objected": "bad", "granted": "na"}

CONFIRM_LISTS = Listing(
    key="confirm-lists",
    title=_("Granted without application"),
    noun=_("confirm lists"),
    columns=[
        Column("policy", _("Policy"), "label", value=lambda one: one.policy.label, main=True, sort="policy__title"),
        Column("edition", _("Edition")),
        Column("as_of", _("Entitled on"), "date"),
        Column("firms", _("Enterprises"), "number", value="firms"),
        Column("new", _("New"), "number", value="fresh"),
        Column("answered", _("Answered"), "number", value="answered"),
        Column("objected", _("Objected"), "number", value="objected"),
        Column("sent", _("Sent"), "moment", value="sent_at"),
    ],
    filters=[Filter("policy", _("Policy"), field="policy__key", choices=_policies)],
    source=lambda user: (
        ConfirmList.objects.for_user(user)
        .select_related("policy")
        .annotate(
            firms=Count("lines"),
            fresh=Count("lines", filter=Q(lines__new=True)),
            answered=Count("lines", filter=Q(lines__state__in=("confirmed", "objected"))),
            objected=Count("lines", filter=Q(lines__state="objected")),
        )
    ),
    default_sort="-as_of",
    row_url=lambda one: reverse("policies:confirm-list", args=[one.pk]),
    marks=lambda one: ["assumed"] if one.policy.example else [],
    empty=(_("No list was made yet"), _("Make one of a policy above that needs no application."), "", ""),
    nav_key="policies.confirm",
    allowed=lambda user: allowed(user, "view", ConfirmList),
    exportable=lambda user: allowed(user, "export", ConfirmList),
)


def _between(line: Any) -> tuple[int, int] | None:
    return None if line.low is None else (line.low, line.high)


CONFIRM_LINES = Listing(
    key="confirm-lines",
    title=_("Firms to confirm"),
    noun=_("firms to confirm"),
    columns=[
        Column(
            "answer",
            _("What it answered"),
            "status",
            value=lambda one: (_ANSWERS[one.state], one.get_state_display()),
            sort="state",
        ),
        Column("firm", _("Enterprise"), value="firm__name", main=True, sort="firm__name"),
        Column("new", _("New"), value=lambda one: _("new") if one.new else "", sort="new"),
        Column("why", _("Why it entered"), sort=False),
        Column("amount", _("Amount"), "money", interval=True, value=_between, sort="high"),
        Column("granted", _("Granted before"), "money", value="granted", sort="granted"),
        Column(
            "because",
            _("About the amount"),
            value=lambda one: "；".join(each["words"] for each in one.because),
            page=False,
        ),
        Column("reason", _("Reason"), sort=False),
        Column("enterprise", _("Code"), value="firm__key", page=False),
        Column("list", _("List"), value="roster_id", page=False),
    ],
    filters=[
        Filter(
            "list", _("List"), field="roster_id", kind="text", apply=lambda rows, text: rows.filter(roster_id=_id(text))
        ),
        Filter("state", _("What it answered"), choices=ConfirmLine.State.choices),
        Filter("new", _("New"), kind="bool"),
    ],
    search_fields=["firm__name", "firm__key"],
    source=lambda user: ConfirmLine.objects.for_user(user).select_related("firm", "roster"),
    row_url=lambda one: reverse("policies:confirm-line", args=[one.pk]),
    panel=True,
    actions=[
        Action(
            _("Confirmed"),
            "policies:confirm-chosen",
            primary=True,
            key="a",
            allowed=lambda user: allowed(user, "change", ConfirmLine),
        )
    ],
    marks=lambda one: ["synthetic"] if one.firm.synthetic else [],
    scope=_("asked for confirmation only; the authority decides, nothing is paid by a list"),
    nav_key="policies.confirm",
    allowed=lambda user: allowed(user, "view", ConfirmLine),
    exportable=lambda user: allowed(user, "export", ConfirmLine),
)


def _id(text: Any) -> int:
    return int(text) if str(text).isdigit() and len(str(text)) < 18 else 0


GRANTS = Listing(
    key="grants",
    title=_("Granted so far"),
    noun=_("grants"),
    columns=[
        Column("firm", _("Enterprise"), value="firm__name", main=True, sort="firm__name", second="firm__key"),
        Column("policy", _("Policy"), "label", value=lambda one: one.policy.label, sort="policy__title"),
        Column("edition", _("Edition")),
        Column("period", _("Period")),
        Column("item", _("Item")),
        Column("amount", _("Amount"), "money", value="fen"),
        Column("granted_on", _("Day"), "date"),
        Column("source", _("Source"), sort=False),
        Column("batch", _("Table"), value="batch_id", page=False),
    ],
    filters=[
        Filter("policy", _("Policy"), field="policy__key", choices=_policies),
        Filter("enterprise", _("Enterprise"), "text", field="firm__key"),
        Filter("granted_on", _("Day"), kind="date"),
        Filter("amount", _("Amount"), "range", field="fen", scale=1_000_000, unit=_("10,000 CNY")),
    ],
    search_fields=["firm__name", "firm__key", "item", "source"],
    default_sort="-granted_on",
    source=lambda user: (
        Grant.objects.for_user(user).filter(batch__undone_at=None).select_related("firm", "policy", "batch")
    ),
    row_url=lambda one: reverse("policies:decision", args=[one.policy.key, one.firm.key]),
    marks=lambda one: ["synthetic"] if one.firm.synthetic else [],
    empty=(_("Nothing is known of grants yet"), _("Load the treasury's table of what was paid."), "", ""),
    scope=_("as the sources say; batches that were undone are left out"),
    nav_key="policies.granted",
    allowed=lambda user: allowed(user, "view", Grant),
    exportable=lambda user: allowed(user, "export", Grant),
)
