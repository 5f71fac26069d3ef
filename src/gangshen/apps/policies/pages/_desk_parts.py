"""The parts of the what-if page that are worked out from a trial: variants, pictures, who comes in, of which kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gangshen.apps.policies import services
from gangshen.apps.policies.models import Variant
from gangshen.apps.policies.services import Budget, Outcome, Point, Setting, Trial
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.formats import FormatError
from gangshen.engines.rules import clauses, period_keys
from gangshen.web.components import chip
from gangshen.web.errors import Refused
from gangshen.web.formatting import label, money_text, unit_words

from ._desk_plots import Cost, cost_plot, group_plot, threshold_plot

__all__ = ["GROUP_WORDS", "Compared", "compared", "groups", "pictures", "who"]

SHOWN = 30  # firms listed on the page; Excel has all
BARS = 6
GROUP_WORDS = {
    "segment": gettext_lazy("By segment"),
    "size": gettext_lazy("By size"),
    "town": gettext_lazy("By town"),
}
_TABS = {"enter": gettext_lazy("enter"), "leave": gettext_lazy("leave"), "open": gettext_lazy("unknown")}


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison; ``outcome`` is None where the text can't be used (``fault`` says why)."""

    name: str
    outcome: Outcome | None
    state: str
    variant: Variant | None = None
    on: bool = False
    kind: str = "fx"
    fault: str = ""
    moved: tuple[int, int] | None = None  # who enters and who leaves against the law


def compared(
    start: benefits.PolicyVersion,
    base: benefits.PolicyVersion,
    kept: Sequence[Variant],
    trial: Trial | None,
    budget: Budget | None,
    *,
    opened: Variant | None,
) -> list[Compared]:
    """The law, what is tried, and every variant kept, on the same ground."""
    if trial is None:
        return []
    found = [
        Compared(base.version, trial.before, _state(budget, trial.before), kind="c2"),
        Compared(
            _("tried"), trial.after, _state(budget, trial.after), on=True, moved=_moved(trial.before, trial.after)
        ),
    ]
    if start.version != base.version and trial.moves:
        drafted = services.outcomes(trial.ground, {"start": start})["start"]
        name, moved = opened.name if opened else start.version, _moved(trial.before, drafted)
        found.insert(1, Compared(name, drafted, _state(budget, drafted), moved=moved))
    texts: dict[str, benefits.PolicyVersion] = {}
    for one in kept:
        try:
            texts[str(one.pk)] = services.variant_edition(one)
        except FormatError:
            continue
    for one in reversed(kept):
        try:
            outcome = services.outcomes(trial.ground, {"it": texts[str(one.pk)]})["it"]
        except (KeyError, Refused) as error:
            found.append(Compared(one.name, None, "unk", one, fault=str(error)))
            continue
        found.append(Compared(one.name, outcome, _state(budget, outcome), one, moved=_moved(trial.before, outcome)))
    return found


def _moved(before: Outcome, after: Outcome) -> tuple[int, int]:
    had, has = before.decisions == services.YES, after.decisions == services.YES
    return int((has & ~had).sum()), int((had & ~has).sum())


def _state(budget: Budget | None, outcome: Outcome) -> str:
    return budget.state(outcome.low, outcome.high) if budget else "na"


def pictures(trial: Trial, variants: Iterable[Compared], budget: Budget | None) -> dict[str, Any]:
    """The two pictures with their tables."""
    held = [one for one in variants if one.outcome is not None]
    costs = [_cost(one) for one in held][:5]
    words = _("Appropriated %(year)s: %(amount)s") % {
        "year": budget.year if budget else "",
        "amount": money_text(budget.appropriated) if budget else "",
    }
    if budget and budget.granted:
        words = _("%(given)s less %(granted)s granted") % {"given": words, "granted": money_text(budget.granted)}
    found: dict[str, Any] = {
        "cost_plot": cost_plot(costs, budget.room if budget else None, words if budget else "", _("Cost")),
        "costs": costs,
    }
    setting = services.moved_setting(trial.after.edition, trial.moves)
    return found | (_threshold(trial, setting) if setting else {"threshold": None})


def _cost(one: Compared) -> Cost:
    assert one.outcome is not None
    note = _("%(yes)d get it, %(unknown)d unknown") % {"yes": one.outcome.yes, "unknown": one.outcome.unknown}
    return Cost(one.name, note, one.outcome.low, one.outcome.high, one.kind)


def _threshold(trial: Trial, setting: Setting) -> dict[str, Any]:
    law = next((one for one in services.settings_of(trial.before.edition) if one.key == setting.key), None)
    tried = services.number_of(setting)
    was = services.number_of(law) if law and law.unit == setting.unit else None
    if tried is None:
        return {"threshold": None}
    through = [tried, *([was] if was is not None else [])]
    points: list[Point] = services.sweep(trial.after.edition, setting, trial.ground, through=through)
    if len(points) < 2:
        return {"threshold": None}
    name = _("Firms that get it as “%(name)s” moves") % {"name": setting.words}
    unit = setting.unit if setting.unit == "%" else f" {unit_words(setting.unit)}" if setting.unit else ""
    return {"threshold": setting, "threshold_plot": threshold_plot(points, tried, was, unit, name), "points": points}


def groups(trial: Trial) -> list[dict[str, Any]]:
    """How many more or fewer get it (where nothing moved: how many do) by segment, size and town, with its table."""
    found = []
    moved = bool(trial.moves)
    for key, words in GROUP_WORDS.items():
        rows = [
            {"name": registers.named(name) or _("Unknown"), "before": before, "after": after, "open": open_}
            for name, before, after, open_ in trial.by(key)
        ]
        bars = [(row["name"], row["after"] - row["before"] if moved else row["after"]) for row in rows]
        bars = sorted(((name, n) for name, n in bars if n), key=lambda one: -abs(one[1]))[:BARS]
        found.append({"key": key, "words": words, "rows": rows, "plot": group_plot(bars, str(words)) if bars else ""})
    return found


def who(user: Any, trial: Trial, show: str) -> dict[str, Any]:
    """The firms that enter, leave or are unknown, with the value of the number that moved where it may be read."""
    masks = {"enter": trial.enters, "leave": trial.leaves, "open": trial.open}
    counts = {key: int(mask.sum()) for key, mask in masks.items()}
    asked = show if show in masks else ""  # only what was chosen stays open while numbers move
    if not asked:
        show = next((key for key in masks if counts[key]), "enter")
    rows = trial.rows(masks[show])[:SHOWN]
    value, why = _value_of(user, trial), services.causes(trial)
    return {
        "tab": show,
        "asked": asked,
        "tabs": [(key, words, counts[key]) for key, words in _TABS.items()],
        "n": counts[show],
        "rows": [{**row, **_places(row), **value(row), "why": why.words(row["at"])} for row in rows],
        "attribute": value.label,
    }


def _places(row: Mapping[str, Any]) -> dict[str, Any]:
    """Town and segments as the language calls them."""
    town, segments = row["town"], row["segment"]
    return {
        "town": town and registers.named(town),
        "segment": segments and [registers.named(one) for one in segments],
    }


@dataclass(frozen=True, slots=True)
class _Value:
    """Reads the value that the moved clause asks for, with its record."""

    label: str
    column: str
    attribute: Any
    trial: Trial

    def __call__(self, row: Mapping[str, Any]) -> dict[str, Any]:
        found = {"url": reverse("registers:profile", args=[row["id"]]), "value": "", "chip": ""}
        if self.attribute is None:
            return found
        at, frame = row["at"], self.trial.ground.frame
        value = frame[self.column][at]
        found["value"] = registers.shown(self.attribute, value) if value is not None else ""
        records = self.trial.ground.records
        if self.column in records.columns and (pk := records[self.column][at]) is not None:
            found["chip"] = chip(f"rec:{pk}#{self.attribute.id}", self.attribute.source or "")
        return found


def _value_of(user: Any, trial: Trial) -> _Value:
    may = registers.readable_attributes(user)
    over = trial.ground
    setting = services.moved_setting(trial.after.edition, trial.moves)
    if setting is None:
        return _Value("", "", None, trial)
    clause = next(one for one in clauses(trial.after.edition.eligibility) if one.id == setting.clause)
    attribute = may.get(clause.attribute or "")
    if attribute is None:
        return _Value("", "", None, trial)
    dated = [f"{attribute.id}@{period}" for period in period_keys(clause.period, over.as_of) or ()]
    column = next((one for one in dated if one in over.frame.columns), attribute.id)
    if column not in over.frame.columns:
        return _Value("", "", None, trial)
    return _Value(label(attribute.label), column, attribute, trial)
