"""The ladder as plain rows: what the API and the command line print."""

from __future__ import annotations

import datetime as dt
from typing import Any

from gangshen.apps.identity.models import Organisation
from gangshen.engines import rungs

from ._counting import Counted, series_key
from ._missing import facts_of, outlook
from ._survey import survey
from ._titles import texts, titles

__all__ = ["count_row", "firm_row", "title_rows"]


def count_row(one: Counted) -> dict[str, Any]:
    """A count with its firms."""
    return {
        "key": one.key,
        "kind": one.kind,
        "label": one.label.zh,
        "firms": one.value,
        "open": len(one.open),
        "keys": list(one.firms),
        "series": series_key(one.key),
        "synthetic": one.synthetic,
    }


def firm_row(key: str, as_of: dt.date, may: Any = None) -> dict[str, Any] | None:
    """One firm: its certificates, rung, and what is missing for the next; None for one nobody knows."""
    firm = Organisation.objects.filter(key=key, kind=Organisation.Kind.ENTERPRISE).first()
    if firm is None:
        return None
    found = survey(as_of)
    row = found.rows.get(key)
    holding = row.holding if row else rungs.holding(found.ladder, [])
    facts = facts_of(key, as_of)
    nexts = []
    for title in holding.next:
        before = outlook(found.ladder, title, facts, holding)
        if before is None:
            continue
        nexts.append(
            {
                "title": title,
                "edition": before.edition.edition,
                "decision": before.decision.value,
                "distance": before.verdict.distance,
                "missing": [
                    {"condition": one.words, "state": one.state, "value": one.value, "reason": one.reason}
                    for one in before.lacking(may)
                ],
                "ask": [one.attribute for one in before.questions],
                "by": before.by.isoformat() if before.by else None,
            }
        )
    return {
        "firm": key,
        "name": firm.name,
        "as_of": as_of.isoformat(),
        "rung": holding.rung,
        "titles": [_held(one) for one in holding.held],
        "next": nexts,
        "qualifies": list(row.qualifies) if row else [],
    }


def _held(one: rungs.Held) -> dict[str, Any]:
    dates = {"from": one.begins, "to": one.ends, "withdrawn_on": one.withdrawn_on}
    told = {name: day.isoformat() if day else None for name, day in dates.items()}
    return {"title": one.title, "state": one.state.value, "number": one.number, **told, "days": one.days}


def title_rows() -> list[dict[str, Any]]:
    """Every title with its editions."""
    return [
        {
            "title": one.id,
            "name": one.title.zh,
            "certificate": one.certificate,
            "editions": [
                {
                    "edition": edition.edition,
                    "valid_from": edition.valid_from.isoformat(),
                    "valid_to": edition.valid_to.isoformat() if edition.valid_to else None,
                    "place": edition.place.value,
                    "rung": edition.rung,
                    "notice": edition.notice.words(),
                    "compared": edition.compared,
                }
                for edition in one.editions
            ],
        }
        for one in titles(texts()[0])
    ]
