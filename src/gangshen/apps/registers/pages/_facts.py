"""A fact as a page shows it: value, source, age, marks, and where to go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.services import Fact, attributes, vocabulary
from gangshen.apps.registers.services._law import is_part
from gangshen.apps.registers.services._shown import period_shown, shown
from gangshen.engines.vocabulary import Attribute, AttributeType
from gangshen.web.components import Measure, chip
from gangshen.web.formatting import label
from gangshen.web.plots import progress

__all__ = ["FIVE", "Line", "entries", "lines", "measures", "missing", "people"]

_TERMS = ("level", "number", "from", "to", "withdrawn_on")
FIVE = [
    "revenue",
    "rd_ratio",
    "insured_employees",
    "invention_patents",
    "premises_area",
    "output_value_reported",
    "employees",
    "tax_paid",
    "exports",
    "registered_capital",
    "registered_on",
    "industry_registered",
]
"""What a visitor looks at first, best first; the first five known are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the facts."""

    attribute: Attribute
    fact: Fact
    value: str
    source: str
    age: str
    state: str  # of STATES, or empty
    marks: tuple[str, ...]
    ref: str
    history_url: str
    wrong_url: str
    inputs: str = ""

    def unmarked(self) -> Line:
        """Without the mark that the whole page carries already."""
        return replace(self, marks=tuple(kind for kind in self.marks if kind != "synthetic"))

    @property
    def name(self) -> SafeString | str:
        text = label(self.attribute.label)
        return f"{text}（{period_shown(self.fact.period)}）" if self.fact.period else text

    @property
    def part(self) -> bool:
        """Is it a figure of some months of a year, which stands beside the attribute's own?"""
        return is_part(self.fact.period)

    @property
    def chip(self) -> SafeString:
        return chip(self.ref, self.source[:8]) if self.ref else format_html('<span class="dim">{}</span>', self.inputs)


def lines(subject: str, facts: dict[str, Fact], today: dt.date) -> list[Line]:
    """Facts in the order of the vocabulary; a figure of some months (``revenue@2026-01/10``) behind the attribute's own."""
    names = dict(Source.objects.values_list("key", "name"))
    known = attributes()
    order = {name: at for at, name in enumerate(known)}
    told = sorted(
        (name for name in facts if name.partition("@")[0] in order), key=lambda name: order[name.partition("@")[0]]
    )
    return [_line(subject, known[name.partition("@")[0]], facts[name], names, today) for name in told]


def _line(subject: str, attribute: Attribute, fact: Fact, names: dict[str, str], today: dt.date) -> Line:
    ref = f"rec:{fact.record_id}#{attribute.id}" if fact.record_id else ""
    state = "bad" if fact.conflict else "near" if fact.stale else ""
    inputs = _("worked out") if not ref else ""
    return Line(
        attribute=attribute,
        fact=fact,
        value=shown(attribute, fact.value),
        source=names.get(fact.source, fact.source),
        age=_age(attribute, fact, today),
        state=state,
        marks=(*(("synthetic",) if fact.synthetic else ()), *(("stale",) if fact.stale else ())),
        ref=ref,
        history_url=reverse("registers:history", args=[subject, attribute.id]) if ref else "",
        wrong_url=f"{reverse('registers:wrong', args=[subject])}?ref=rec:{fact.record_id}%23{attribute.id}"
        if ref
        else "",
        inputs=inputs,
    )


def _age(attribute: Attribute, fact: Fact, today: dt.date) -> str:
    days = {"n": (today - fact.as_of).days, "limit": attribute.stale_after_days}
    if fact.stale and attribute.stale_after_days is None:  # worked out from what is out of date
        return _("%(n)s days old, its inputs are out of date") % days
    if fact.stale:
        return _("%(n)s days old, out of date after %(limit)s") % days
    if attribute.stale_after_days is not None:
        return _("%(n)s days old, good for %(limit)s") % days
    return _("%(n)s days old") % days


def measures(shown_lines: Iterable[Line], today: dt.date) -> list[Measure]:
    """The five facts of the strip, each with its source, its age against the limit, and its state."""
    by_id = {line.attribute.id: line for line in shown_lines if not line.part}
    return [_measure(by_id[name], today) for name in FIVE if name in by_id][:5]


def _measure(line: Line, today: dt.date) -> Measure:
    value, _space, unit = (
        line.value.rpartition(" ") if line.attribute.type is not AttributeType.DATE else (line.value, "", "")
    )
    limit = line.attribute.stale_after_days
    days = (today - line.fact.as_of).days
    plot = progress(min(days, limit), limit, kind="f-near" if line.fact.stale else "c1") if limit else ""
    return Measure(
        label=line.name,
        value=value or line.value,
        unit=unit if value else "",
        note=_("sources disagree") if line.fact.conflict else line.age,
        state=line.state,
        plot=format_html('<div class="say-l">{}</div>{}', line.chip, plot),
    )


def entries(line: Line | None, today: dt.date) -> list[dict[str, Any]]:
    """Entries of a list attribute (certificates) with the state of their term, those in force first, soonest end first."""
    if line is None or not isinstance(line.fact.value, list):
        return []
    kinds = vocabulary().certificates
    rows = []
    for entry in line.fact.value:
        end, withdrawn = entry.get("to"), entry.get("withdrawn_on")
        if withdrawn and withdrawn <= today:
            state, words = "na", _("withdrawn on %(day)s") % {"day": withdrawn}
        elif end and end < today:
            state, words = "na", _("ended on %(day)s") % {"day": end}
        elif end and (end - today).days <= 180:
            state, words = "near", _("%(n)s days left") % {"n": (end - today).days}
        else:
            state, words = "ok", _("in force")
        kind = kinds.get(entry["type"])
        rows.append(
            {
                "type": kind.type if kind else entry["type"],
                "level": entry.get("level") or "",
                "batch": entry.get("batch") or "",
                "number": entry.get("number") or "",
                "from": entry.get("from"),
                "to": end,
                "state": state,
                "words": words,
            }
        )
    return sorted(rows, key=lambda row: (row["state"] == "na", row["to"] or dt.date.max))


def people(line: Line | None) -> list[dict[str, str]]:
    """Contacts by role: name, telephone, mail and whatever else was said of them."""
    if line is None or not isinstance(line.fact.value, list):
        return []
    told = []
    for entry in line.fact.value:
        said = {key: str(value) for key, value in entry.items() if value and key not in ("type", *_TERMS)}
        reach = [said.pop(key) for key in ("phone", "mobile", "tel", "email", "mail") if key in said]
        told.append({"role": entry["type"], "name": said.pop("name", ""), "reach": " ".join([*reach, *said.values()])})
    return sorted(told, key=lambda one: (one["role"], one["name"]))


def missing(known: Iterable[str], readable: Iterable[str]) -> list[Attribute]:
    """The three values whose absence weighs most: those of the first look that nobody has stated."""
    have, may = set(known), set(readable)
    return [attributes()[name] for name in FIVE if name not in have and name in may][:3]
