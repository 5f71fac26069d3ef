"""Lists of the queue 同一家企业？ and of merges."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from gangshen.apps.identity.access import allowed
from gangshen.apps.registers.models import Batch, Likeness, Merge
from gangshen.web.formatting import number
from gangshen.web.listing import Column, Filter, Listing, View

from ._registers import batch_state

__all__ = ["LIKENESSES", "MERGES"]


def _decided(row: Likeness) -> tuple[str, Any]:
    return {"open": "near", "same": "ok", "other": "na"}[row.state], row.get_state_display()


def _first(row: Likeness) -> dict[str, Any]:
    return row.candidates[0] if row.candidates else {"name": "", "reasons": []}


def _why(row: Likeness) -> str:
    at = 0 if (get_language() or "zh").startswith("zh") else 1
    return "；".join(reason[at] for reason in _first(row)["reasons"])


def _waiting(result: Any) -> str:
    return ngettext("%(n)s question fits", "%(n)s questions fit", result.total) % {"n": number(result.total)}


def _scored(source: Any, bounds: Any) -> Any:
    low, high = bounds
    if low is not None:
        source = source.filter(score__gte=float(low) / 100)
    return source if high is None else source.filter(score__lte=float(high) / 100)


LIKENESSES = Listing(
    key="likenesses",
    title=gettext_lazy("Same enterprise?"),
    noun=gettext_lazy("questions"),
    columns=[
        Column("name", gettext_lazy("As written"), main=True, second=lambda row: row.subject or _("row of a file")),
        Column("candidate", gettext_lazy("May be"), value=lambda row: _first(row)["name"], sort=False),
        Column("score", gettext_lazy("Likelihood"), "percent", value=lambda row: row.score * 100, sort="score"),
        Column("why", gettext_lazy("Why"), value=_why, sort=False, phone=False),
        Column("others", gettext_lazy("Candidates"), "number", value=lambda row: len(row.candidates), sort=False),
        Column("state", gettext_lazy("State"), "status", value=_decided, sort="state"),
        Column(
            "actor", gettext_lazy("Decided by"), value=lambda row: str(row.decided_by or ""), sort=False, page=False
        ),
        Column("at", gettext_lazy("Found"), "moment", value="found_at", phone=False),
    ],
    filters=[
        Filter("state", gettext_lazy("State"), choices=Likeness.State.choices),
        Filter("score", gettext_lazy("Likelihood"), "range", unit="%", apply=_scored),
    ],
    views=[
        View("open", gettext_lazy("To be decided"), {"state": "open"}),
        View("done", gettext_lazy("Decided"), {"state": ["same", "other"]}),
    ],
    search_fields=["name", "subject"],
    default_sort="-score",
    source=lambda user: Likeness.objects.for_user(user).select_related("decided_by"),
    row_url=lambda row: reverse("registers:likeness", args=[row.pk]),
    answer=_waiting,
    empty=(
        gettext_lazy("Nothing to be decided"),
        gettext_lazy("Names of imports that may mean a firm, and firms that may stand here twice, wait here."),
        "",
        "",
    ),
    scope=gettext_lazy("two valid codes are two firms; what was decided is not asked again"),
    nav_key="registers.likenesses",
    allowed=lambda user: allowed(user, "view", Likeness),
    exportable=lambda user: allowed(user, "export", Likeness),
)


MERGES = Listing(
    key="merges",
    title=gettext_lazy("Merged enterprises"),
    noun=gettext_lazy("merges"),
    columns=[
        Column("merged", gettext_lazy("Merged"), main=True),
        Column("kept", gettext_lazy("Kept")),
        Column("state", gettext_lazy("State"), "status", value=lambda row: batch_state(row.batch), sort="batch__state"),
        Column("reason", gettext_lazy("Reason"), phone=False),
        Column("batch", gettext_lazy("Batch"), value=lambda row: f"#{row.batch_id}", sort="batch"),
        Column(
            "actor", gettext_lazy("Merged by"), value=lambda row: str(row.batch.actor or _("the system")), sort=False
        ),
        Column("at", gettext_lazy("At"), "moment", value="batch__created_at"),
    ],
    filters=[Filter("state", gettext_lazy("State"), field="batch__state", choices=Batch.State.choices)],
    search_fields=["merged", "kept"],
    default_sort="-at",
    source=lambda user: Merge.objects.for_user(user).select_related("batch__actor"),
    row_url=lambda row: reverse("registers:batch", args=[row.batch_id]),
    empty=(
        gettext_lazy("Nothing was merged yet"),
        gettext_lazy("Two firms that are one are merged in 同一家企业？"),
        "",
        "",
    ),
    scope=gettext_lazy("a merge is taken back like an import: in one step, and nothing is lost"),
    nav_key="registers.likenesses",
    allowed=lambda user: allowed(user, "view", Merge),
    exportable=lambda user: allowed(user, "export", Merge),
)
