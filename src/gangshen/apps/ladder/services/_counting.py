"""Distinct firms by rung, by title and by tally; written as series, so that a target may rest on them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from gangshen.apps.indicators import services as indicators
from gangshen.apps.indicators.models import Observation
from gangshen.engines.formats import Text
from gangshen.engines.rules import Decision
from gangshen.engines.rungs import Place

from ._survey import Survey

__all__ = ["Counted", "counted", "counts", "series_key", "write_counts"]


@dataclass(frozen=True, slots=True)
class Counted:
    """So many firms, each once: ``firms`` are their keys; ``open`` those of whom it is not known whether they are meant."""

    key: str
    kind: str  # rung, title or tally
    label: Text
    firms: tuple[str, ...]
    open: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    synthetic: bool = False

    @property
    def value(self) -> int:
        return len(self.firms)


def series_key(key: str) -> str:
    """The series that a count is written to."""
    return f"ladder-{key}"


@lru_cache(maxsize=4)
def counts(survey: Survey) -> tuple[Counted, ...]:
    """Rungs from the lowest (each firm at its highest), the titles, then the tallies of the file."""
    found = []
    for step in survey.ladder.steps:
        names = [survey.ladder.titles[id][0].title for id in survey.ladder.on(step)]
        label = Text(zh="／".join(one.zh for one in names), en=" / ".join(one.en or one.zh for one in names))
        found.append(_counted(survey, f"rung-{step}", "rung", label, [row.firm for row in survey.on_rung(step)]))
    for id, (title, _edition) in survey.ladder.titles.items():
        found.append(_counted(survey, f"title-{id}", "title", title.title, [row.firm for row in survey.holders(id)]))
    return (*found, *(_tally(survey, one) for one in survey.tallies))


def counted(survey: Survey, key: str) -> Counted | None:
    """One count by its key."""
    return next((one for one in counts(survey) if one.key == key), None)


def _counted(survey: Survey, key: str, kind: str, label: Text, firms: list[str], **more: Any) -> Counted:
    synthetic = any(survey.rows[firm].synthetic for firm in firms)
    return Counted(key, kind, label, tuple(sorted(firms)), synthetic=synthetic, **more)


def _tally(survey: Survey, one: Any) -> Counted:
    held = [row.firm for row in survey.rows.values() if any(row.holding.holds(title) for title in one.titles)]
    answers = survey.among.get(one.key)
    sure = held if answers is None else [firm for firm in held if answers.get(firm) is Decision.YES]
    unclear = [] if answers is None else sorted(firm for firm in held if answers.get(firm) is Decision.UNKNOWN)
    return _counted(survey, one.key, "tally", one.label, sure, open=tuple(unclear), targets=one.targets)


def write_counts(survey: Survey, *, now: dt.datetime, actor: Any) -> dict[str, int]:
    """Write every count as an observation of its series at the survey's day; the same figure again adds nothing.

    A figure that changed for a day already written is a revision with its reason. Returns series → value.
    """
    places = {Place.RUNG: _("rung"), Place.BESIDE: _("beside the ladder"), Place.LIST: _("named list")}
    written = {}
    for one in counts(survey):
        if one.kind == "rung":
            scope = "持有该层级称号且未达更高层级的企业，按企业去重，以证书有效期为准"
        elif one.kind == "title":
            edition = survey.ladder.titles[one.key.removeprefix("title-")][1]
            scope = f"持有有效证书的企业，按企业去重；版本 {edition.edition}，{places[edition.place]}"
        else:
            scope = "持有所列任一称号的企业，按企业去重，一家只算一次"
        row = {
            "key": series_key(one.key),
            "name": f"{one.label.zh}（登记计数）",
            "name_en": f"{one.label.in_language('en')} (counted over the register)",
            "unit": "家",
            "period": "month",
            "nature": "level",
            "scope": scope[:300],
            "synthetic": one.synthetic,
        }
        [series] = indicators.upsert_series([row])
        indicators.observe(
            series,
            survey.as_of,
            one.value,
            vintage=Observation.Vintage.PRELIMINARY,
            evidence=f"count:{one.key}@{survey.as_of}",
            note="登记更新后重新计数",
            now=now,
            actor=actor,
        )
        written[series.key] = one.value
    return written
