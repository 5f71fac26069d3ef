"""A target in words and a small plot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.plans.models import Target
from gangshen.apps.plans.services import standing as standing_of
from gangshen.web import plots
from gangshen.web.formatting import measured, number, unit_words

__all__ = ["TargetCard", "card", "cards"]

_STATES = {"on_pace": "ok", "met": "ok", "behind": "bad", "missed": "bad", "unknown": "unk"}
_COMPARATORS = {"ge": "≥ ", "gt": "> ", "le": "≤ ", "lt": "< ", "approx": "≈ "}


@dataclass(frozen=True, slots=True)
class TargetCard:
    """A target as a page shows it; ``standing`` keeps the figures."""

    target: Target
    standing: Any
    state: str
    words: str  # the state in words with its measure
    wanted: str
    latest: str
    latest_at: dt.date | None
    need: str  # what each period left must bring
    plot: Any


def cards(standings: list[Any]) -> list[TargetCard]:
    """Targets below pace first, then those not known, then the rest."""
    order = {"bad": 0, "unk": 1, "ok": 2}
    return sorted(map(_card, standings), key=lambda card: order[card.state])


def card(target: Target, today: dt.date) -> TargetCard:
    """One target as it stands on ``today``."""
    return _card(standing_of(target, today))


def _card(standing: Any) -> TargetCard:
    target, pace = standing.target, standing.pace
    span = (target.low, target.low if target.high is None else target.high)
    return TargetCard(
        target=target,
        standing=standing,
        state=_STATES[pace.status.value] if pace else "unk",
        words=_words(standing),
        wanted=f"{_COMPARATORS.get(target.comparator, '')}{measured(span, target.unit)}",
        latest=_latest(standing),
        latest_at=pace.observation.at if pace and pace.observation else None,
        need=_need(pace, target.unit),
        plot=_plot(standing),
    )


def _latest(standing: Any) -> str:
    """The reported value; where nobody reports, the span that the register leaves."""
    target, pace, found = standing.target, standing.pace, standing.measured
    if target.series_id is None and found is not None and found.low is not None:
        return measured((found.low, found.high), target.unit)
    return _("unknown") if pace is None or pace.value is None else measured(pace.value, target.unit)


def _words(standing: Any) -> str:
    pace = standing.pace
    if pace is None:
        return _("No date to reach it by") if standing.missing == "deadline" else _("Nobody reports this figure")
    code = pace.reasons[0].code
    if pace.share is not None and pace.time_share is not None and pace.status.value in ("behind", "on_pace"):
        points = 100 * (pace.share - pace.time_share)
        if abs(points) < 0.05:
            return _("On pace")
        word = _("%(n).1f points behind pace") if points < 0 else _("%(n).1f points ahead of pace")
        return word % {"n": abs(points)}
    return {
        "no_observation": _("No observation yet"),
        "open_firms": _("Open: missing values of firms decide"),
        "not_started": _("Not begun"),
        "no_path": _("No base to measure the pace from"),
        "no_closing_value": _("Past its date, the closing figure is not in"),
        "reached": _("Reached"),
        "reached_at_due": _("Reached at its date"),
        "over_limit": _("Over the limit"),
        "short_at_due": _("Missed at its date"),
        "outside_at_due": _("Outside the range at its date"),
        "rate_short": _("Below target"),
        "outside_range": _("Outside the range"),
    }.get(code, _("On pace") if pace.status.value == "on_pace" else _("Behind pace"))


def _need(pace: Any, unit: str) -> str:
    if pace is None or pace.needed_per_period is None or not pace.periods_left or pace.needed_per_period <= 0:
        return ""
    per = {"month": _("a month"), "quarter": _("a quarter"), "year": _("a year")}[pace.period.value]
    return _("%(need)s %(unit)s %(per)s for the %(n)d left") % {
        "need": number(round(pace.needed_per_period, 2)),
        "unit": unit_words(unit),
        "per": per,
        "n": pace.periods_left,
    }


def _plot(standing: Any) -> Any:
    pace, target = standing.pace, standing.target
    if pace is None or not standing.curve:
        return ""
    seen = standing.curve[-12:]
    return plots.bars(
        [row.value for row in seen],
        [float(target.low)],
        pace=pace.expected,
        first=f"{seen[0].at:%Y-%m}",
        last=f"{seen[-1].at:%Y-%m}" if len(seen) > 1 else "",
        need_label=number(float(target.low)),
        name=f"{target.subject}: {_words(standing)}",
    )
