"""An edition as texts that a form or a sheet can hold, and back: clauses, what is given, dates, golden cases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.formats import FormatError, Problem, Text, dump_yaml, load_yaml
from gangshen.engines.rules import Clause, clauses
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._changes import rebuilt
from ._clause_lines import FIRST, Line, clause_line, clause_of, named_lines
from ._giving import benefit_of
from ._golden import cases_of, day_of
from ._grouping import check_groups, placed

__all__ = [
    "edited",
    "edition_of_yaml",
    "edition_yaml",
    "frame_of",
    "problems_said",
    "whole_edition",
    "with_boundaries",
]

_SLASH = re.compile(r"\s+[/／|｜]\s+")  # between a material's name in Chinese and in English


def edition_yaml(edition: benefits.PolicyVersion) -> str:
    """The text of an edition as YAML."""
    return dump_yaml(edition)


def edition_of_yaml(text: str, name: str) -> benefits.PolicyVersion:
    """The other way; raises :class:`Refused` with line, field and remedy of every fault."""
    try:
        return load_yaml(text, benefits.PolicyVersion, name=name)
    except FormatError as error:
        raise Refused(problems_said(error.problems[:5]), _("Correct the text; nothing was kept.")) from None


def problems_said(problems: Iterable[Problem]) -> str:
    """Faults of a file in the language of the page."""
    return "; ".join(one.in_language(get_language() or "zh") for one in problems)


def edited(
    edition: benefits.PolicyVersion,
    clause_texts: Sequence[Line],
    case_texts: Sequence[Line],
    *,
    gives: Line | None = None,
    frame: Line | None = None,
) -> benefits.PolicyVersion:
    """``edition`` with its clauses, cases, what it gives (``gives``) and dates and papers (``frame``) as the texts say.

    A clause whose line is gone is left out, one with a new id is added to what must all hold, or to its group.
    What the lines don't show (spans, lists of a case) stays. Raises :class:`Refused` naming line and field.
    """
    old = {one.id: one for one in clauses(edition.eligibility)}
    lines = named_lines(clause_texts)
    check_groups(edition.eligibility, lines)
    if FIRST in lines and lines.keys() - old.keys() and _holds_place(old.get(FIRST), lines[FIRST]):
        del lines[FIRST]  # conditions are written: what held their place goes
    kept = rebuilt(edition.eligibility, lambda one: clause_of(one, lines[one.id]) if one.id in lines else None)
    new: dict[str, list[Clause]] = {}
    for id, line in lines.items():
        if id not in old:
            new.setdefault(line.get("group", "").strip(), []).append(clause_of(Clause(id=id), line))
    update: dict[str, Any] = {"eligibility": placed(kept, new), "cases": cases_of(edition, case_texts)}
    if gives is not None:
        update["benefit"] = benefit_of(edition.benefit, gives)
    return whole_edition(edition.model_copy(update=update | _framed(edition, frame or {})))


def _holds_place(first: Clause | None, line: Line) -> bool:
    """Whether it is still what a policy just begun starts with."""
    return first is not None and first.attribute is None and first.span is None and dict(line) == clause_line(first)


def frame_of(edition: benefits.PolicyVersion) -> dict[str, str]:
    """Dates, offices and papers as texts; ``materials`` a line each, Chinese / English."""
    window = edition.window or benefits.Window()
    days = {"valid_from": edition.valid_from, "valid_to": edition.valid_to}
    days |= {"opens": window.opens, "closes": window.closes}
    return {
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "authority": edition.authority,
        "served_by": edition.served_by,
        "automatic": "on" if edition.automatic else "",
        "materials": "\n".join(" / ".join(filter(None, (one.zh, one.en))) for one in edition.materials),
    }


def _framed(edition: benefits.PolicyVersion, sent: Line) -> dict[str, Any]:
    """What changed of the frame; a field that was not sent stays."""
    was, typed = frame_of(edition), {name: "\n".join(text.strip().splitlines()) for name, text in sent.items()}
    new = {name: text for name, text in typed.items() if name in was and text != was[name]}
    update: dict[str, Any] = {name: new[name] for name in ("authority", "served_by") if name in new}
    names = {"valid_from": _("In force from"), "valid_to": _("In force until")}
    update |= {name: day_of(words, new[name]) for name, words in names.items() if name in new}
    if "automatic" in new:
        update["automatic"] = bool(new["automatic"])
    if {"opens", "closes"} & new.keys():
        names = {"opens": _("Applications from"), "closes": _("Applications until")}
        days: dict[str, dt.date | None] = {name: day_of(words, {**was, **new}[name]) for name, words in names.items()}
        note = edition.window.note if edition.window else None
        update["window"] = benefits.Window.model_construct(**days, note=note) if any(days.values()) or note else None
    if "materials" in new:
        named = (_SLASH.split(line.strip(), 1) for line in new["materials"].splitlines() if line.strip())
        update["materials"] = tuple(Text(zh=one[0], en=one[1] if len(one) > 1 else None) for one in named)
    return update


def whole_edition(edition: benefits.PolicyVersion) -> benefits.PolicyVersion:
    """The edition read again from its text, so that every rule of the format holds."""
    return edition_of_yaml(dump_yaml(edition), edition.version)


def with_boundaries(edition: benefits.PolicyVersion, chosen: Iterable[str]) -> benefits.PolicyVersion:
    """``edition`` with the chosen boundary cases (their number in :func:`~gangshen.engines.benefits.boundaries`) added.

    Each is the case it was made from with one figure moved; its answer is what the rule says now, for a person to check.
    """
    offered = benefits.boundaries(edition, registers.vocabulary())
    cases = {one.name: one for one in edition.cases}
    for text in chosen:
        if not text.isdigit() or int(text) >= len(offered):
            raise Refused(_("This boundary case is not offered any more."), _("Reload the page."))
        edge = offered[int(text)]
        clause = next(one for one in clauses(edition.eligibility) if one.id == edge.clause)
        base = cases[edge.case]
        attribute = registers.vocabulary().get(edge.attribute)
        value = edge.value if isinstance(edge.value, dt.date) else registers.vocabulary().write(attribute, edge.value)
        name = f"{clause.label or label(attribute.label)} {registers.shown(attribute, edge.value)}"
        given = {**base.given, edge.attribute: value}
        made_ = base.model_copy(
            update={"name": name, "given": given, "expect": benefits.Expect(decision=edge.decision)}
        )
        cases.setdefault(name, made_)
    return whole_edition(edition.model_copy(update={"cases": tuple(cases.values())}))
