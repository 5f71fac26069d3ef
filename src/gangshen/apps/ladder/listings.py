"""Firms on the ladder, coaching lists, and the firms coached: page, API, Excel, command line."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gangshen.apps.identity.access import allowed, scope
from gangshen.apps.identity.services import today
from gangshen.engines.formats import Text
from gangshen.web.formatting import label
from gangshen.web.listing import Action, Column, Filter, Listing, View

from . import services
from .models import Coached, CoachingList

__all__ = ["COACHED", "COACHING", "FIRMS", "STANDING", "STATES"]

# one reading of a list looks the titles up once
_known: ContextVar[dict[str, Text]] = ContextVar("names of the titles")
STANDING = "ladder.Standing"  # what one firm holds and is near: a right of its own, without a table
STATES = {"ready": _("Meets every condition"), "near": _("Near"), "open": _("Waits for answers"), "far": _("Far"), "top": _("No rung above")}  # fmt: skip
_SHAPES = {"ready": "ok", "near": "near", "open": "unk", "far": "bad", "top": "na"}
_SCHEMA: dict[str, Any] = {
    "firm": pl.String, "name": pl.String, "synthetic": pl.Boolean, "rung": pl.Int64, "held": pl.List(pl.String),
    "lost": pl.List(pl.String), "goal": pl.String, "state": pl.String, "order": pl.Int64, "distance": pl.Int64,
    "ends": pl.Date, "ending": pl.String, "qualifies": pl.List(pl.String), "counted": pl.List(pl.String),
    "open_in": pl.List(pl.String),
}  # fmt: skip


def _state(row: services.Row) -> str:
    if not row.goal:
        return "top"
    if row.ready:
        return "ready"
    if row.near:
        return "near"
    return "open" if row.decision is not None and row.decision.value == "unknown" else "far"


def firms(user: Any) -> pl.DataFrame:
    """A row per firm that holds, held or qualifies for a title; one's own for a firm."""
    reach = scope(user, "view", STANDING)
    if reach is None:
        return pl.DataFrame(schema=_SCHEMA)
    found = services.survey(today())
    _known.set({id: title.title for id, (title, _edition) in found.ladder.titles.items()})
    frame = _frame(found)
    if reach == "all":
        return frame
    return frame.filter(pl.col("firm") == (user.organisation.key if user.organisation else ""))


@lru_cache(maxsize=2)
def _frame(found: services.Survey) -> pl.DataFrame:
    meant: dict[str, list[str]] = {}
    unclear: dict[str, list[str]] = {}
    for one in services.counts(found):
        for firm in one.firms:
            meant.setdefault(firm, []).append(one.key)
        for firm in one.open:
            unclear.setdefault(firm, []).append(one.key)
    rows = [_line(row, meant.get(key, []), unclear.get(key, [])) for key, row in found.rows.items()]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row").sort(
        pl.col("order") > 1, -pl.col("rung"), "order", "distance", "name", nulls_last=True
    )


def _line(row: services.Row, counted: list[str], unclear: list[str]) -> list[Any]:
    state, ending = _state(row), row.holding.ending
    return [
        row.firm,
        row.name,
        row.synthetic,
        row.holding.rung,
        list(dict.fromkeys(one.title for one in row.holding.valid)),
        list(dict.fromkeys(one.title for one in row.holding.lost)),
        row.goal,
        state,
        list(STATES).index(state),
        min(row.distance, 255) if row.goal else None,
        min((one.ends for one in ending if one.ends), default=None),
        ending[0].title if ending else None,
        list(row.qualifies),
        counted,
        unclear,
    ]


def _titles(names: Any) -> str:
    known = _known.get({})
    return "、".join(label(known[one]) for one in names or () if one in known)


def _choices(user: Any) -> list[tuple[str, Any]]:
    return [(id, title.title) for id, (title, _edition) in services.survey(today()).ladder.titles.items()]


def _rungs(user: Any) -> list[tuple[str, Any]]:
    found = [one for one in services.counts(services.survey(today())) if one.kind == "rung"]
    return [
        ("0", Text(zh="未持有层级称号", en="no rung")),
        *((one.key.removeprefix("rung-"), one.label) for one in found),
    ]


def _counts(user: Any) -> list[tuple[str, Any]]:
    return [(one.key, one.label) for one in services.counts(services.survey(today()))]


def _any(column: str) -> Callable[[pl.LazyFrame, Any], pl.LazyFrame]:
    def keep(frame: pl.LazyFrame, chosen: Any) -> pl.LazyFrame:
        return frame.filter(pl.col(column).list.eval(pl.element().is_in(list(chosen))).list.any())

    return keep


FIRMS = Listing(
    key="ladder-firms",
    title=_("Firms on the ladder"),
    noun=_("firms"),
    columns=[
        Column("name", _("Enterprise"), main=True, second="firm"),
        Column("held", _("Titles held"), value=lambda row: _titles(row["held"]), sort="rung"),
        Column("goal", _("Next title"), value=lambda row: _titles([row["goal"]]) if row["goal"] else "", sort="goal"),
        Column("state", _("State"), "status", value=lambda row: (_SHAPES[row["state"]], STATES[row["state"]]), sort="order"),
        Column("distance", _("Conditions left"), "number", value=lambda row: None if row["distance"] in (None, 255) else row["distance"], sort="distance"),
        Column("ends", _("Ends"), value=lambda row: str(row["ends"] or ""), sort="ends", second=lambda row: _titles([row["ending"]]) if row["ending"] else ""),
        Column("lost", _("Ended or withdrawn"), value=lambda row: _titles(row["lost"]), sort=False, phone=False),
        Column("qualifies", _("Qualifies for"), value=lambda row: _titles(row["qualifies"]), sort=False, page=False),
        Column("key", _("Key"), value="firm", page=False),
    ],
    filters=[
        Filter("state", _("State"), choices=list(STATES.items())),
        Filter("rung", _("Rung"), choices=_rungs),
        Filter("goal", _("Next title"), choices=_choices),
        Filter("held", _("Titles held"), choices=_choices, apply=_any("held")),
        Filter("lost", _("Ended or withdrawn"), choices=_choices, apply=_any("lost")),
        Filter("ends", _("Ends"), "date"),
        Filter("counted", _("Counted in"), choices=_counts, apply=_any("counted")),
        Filter("open_in", _("Not known whether counted in"), choices=_counts, apply=_any("open_in")),
    ],
    views=[
        View("near", _("Nearly there"), {"state": ["ready", "near"]}),
        View("ready", _("Meets every condition"), {"state": "ready"}),
    ],
    actions=[Action(_("Make a coaching list"), "ladder:new", primary=True, key="a", allowed=lambda user: allowed(user, "add", CoachingList))],
    search_fields=["name", "firm"],
    source=firms,
    row_id="firm",
    row_url=lambda row: reverse("ladder:firm", args=[row["firm"]]),
    panel=True,
    marks=lambda row: ["synthetic"] if row["synthetic"] else [],
    scope=_("certificates valid today; next title by the editions in force today"),
    empty=(_("No firm holds a title"), _("Import a list of certificates."), "/enterprises/imports/", _("Import")),
    nav_key="enterprises.ladder",
    allowed=lambda user: scope(user, "view", STANDING) == "all",
    exportable=lambda user: allowed(user, "export", STANDING),
)  # fmt: skip

COACHING = Listing(
    key="coaching",
    title=_("Coaching lists"),
    noun=_("coaching lists"),
    columns=[
        Column("name", _("Name"), main=True, second="key"),
        Column("title", _("Title to reach"), "label", value=lambda one: one.title.label, sort="title__name"),
        Column("as_of", _("As of"), "date"),
        Column("made_by", _("Made by"), value=lambda one: str(one.made_by or ""), sort=False),
        Column("firms", _("Firms"), "number", value=lambda one: one.firms.count(), sort=False),
    ],
    search_fields=["name", "key"],
    default_sort="-as_of",
    source=lambda user: (
        CoachingList.objects.for_user(user).select_related("title", "made_by").prefetch_related("firms")
    ),
    row_url=lambda one: reverse("ladder:list", args=[one.key]),
    empty=(_("No list was made yet"), _("Choose firms that are nearly there."), "/ladder/firms/", _("Firms")),
    nav_key="enterprises.ladder",
    allowed=lambda user: allowed(user, "view", CoachingList),
    exportable=lambda user: allowed(user, "export", CoachingList),
)

_OUTCOMES = {"open": "unk", "applied": "near", "won": "ok", "dropped": "na"}

COACHED = Listing(
    key="coached",
    title=_("Firms coached"),
    noun=_("firms"),
    columns=[
        Column("firm", _("Enterprise"), value="firm__name", main=True, second=lambda one: one.list.name),
        Column("title", _("Title to reach"), "label", value=lambda one: one.list.title.label, sort="list__title__name"),
        Column("owner", _("Account manager"), value=lambda one: str(one.case.owner or "") if one.case else "", sort=False),
        Column("missing", _("What is missing"), sort=False),
        Column("due", _("Due"), "date", value=lambda one: one.case.due if one.case else None, sort="case__due"),
        Column("outcome", _("Outcome"), "status", value=lambda one: (_OUTCOMES[one.outcome], one.get_outcome_display()), sort="outcome"),
        Column("note", _("Note"), sort=False, phone=False),
        Column("key", _("Key"), value="firm__key", page=False),
    ],
    filters=[
        Filter("list", _("Coaching list"), field="list__key"),
        Filter("outcome", _("Outcome"), choices=Coached.Outcome.choices),
    ],
    search_fields=["firm__name", "list__name", "note"],
    default_sort="firm",
    source=lambda user: Coached.objects.for_user(user).select_related("list__title", "firm", "case__owner"),
    row_url=lambda one: reverse("cases:case", args=[one.case_id]) if one.case_id else "",
    marks=lambda one: ["synthetic"] if one.firm.synthetic else [],
    nav_key="enterprises.ladder",
    allowed=lambda user: allowed(user, "view", Coached),
    exportable=lambda user: allowed(user, "export", Coached),
)  # fmt: skip
