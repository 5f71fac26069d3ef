"""The plain JSON shape of a reading (``gangshen read --json``)."""

from __future__ import annotations

import re
from typing import Any

from gangshen.engines.benefits import Benefit
from gangshen.engines.rules import Clause, Operator

from ._model import OfferItem, Reading

__all__ = ["to_scored"]

_COMPARATORS = {
    Operator.GE: "ge",
    Operator.GT: "gt",
    Operator.LE: "le",
    Operator.LT: "lt",
    Operator.EQ: "eq",
    Operator.BETWEEN: "range",
    Operator.APPROX: "approx",
    Operator.WITHIN_YEARS: "le",
}


def to_scored(reading: Reading) -> dict[str, Any]:
    """One JSON-ready dict: ``kind``, ``document``, ``tasks``, ``targets``, ``phases``, ``clauses``, and the rest.

    Every item has ``quote`` (``source`` for clauses), an exact substring, with ``start`` and ``end``. Amounts are in
    yuan, rates are fractions; a ladder gives one clause per step with the same source.
    """
    head = reading.header
    out: dict[str, Any] = {
        "kind": reading.kind,
        "document": {
            "title": head.title.value if head.title else None,
            "number": head.number.value if head.number else None,
            "issuers": [f.value for f in head.issuers],
            "date": head.date.value if head.date else None,
            "status": head.status,
            "start_year": head.start_year,
            "end_year": head.end_year,
        },
        "tasks": [_task(t) for t in reading.tasks],
        "targets": [_target(t) for t in reading.targets],
        "phases": [
            {
                "name": p.name,
                "start_year": p.start_year,
                "end_year": p.end_year,
                "quote": p.quote,
                "start": p.start,
                "end": p.end,
            }
            for p in reading.phases
        ],
        "clauses": [clause for item in reading.offers for clause in _clauses(item)],
        "general_conditions": [_condition(c) for c in reading.general_conditions],
        "lists": [{"name": x.name, "quote": x.quote, "start": x.start, "end": x.end} for x in reading.lists],
        "budgets": [
            {"kind": b.kind, "amount_yuan": _yuan(b.amount_fen), "quote": b.quote, "start": b.start, "end": b.end}
            for b in reading.budgets
        ],
        "stacking": [{"quote": x.quote, "start": x.start, "end": x.end} for x in reading.stacking],
        "deferrals": [{"quote": x.quote, "start": x.start, "end": x.end} for x in reading.deferrals],
        "unread": [{"quote": x.quote, "start": x.start, "end": x.end} for x in reading.unread],
    }
    valid = reading.validity
    if valid is not None:
        out["validity"] = {
            "from": valid.effective_from.isoformat() if valid.effective_from else None,
            "to": valid.valid_to.isoformat() if valid.valid_to else None,
            "months": valid.months,
            "quote": valid.quote,
            "start": valid.start,
            "end": valid.end,
        }
    return out


def _task(task: Any) -> dict[str, Any]:
    units = [u for u in task.units if not u.inherited or not _everywhere(task, u)]
    out: dict[str, Any] = {
        "number": task.number,
        "title": task.title,
        "part": task.part,
        "section": task.section,
        "due": task.due.isoformat() if task.due else None,
        "responsible_units": [u.name for u in units],
        "quote": task.quote,
        "start": task.start,
        "end": task.end,
        "doubts": list(task.doubts),
    }
    leads = [u.name for u in units if u.role == "lead"]
    if leads:
        out["lead_units"] = leads
    return out


def _everywhere(task: Any, unit: Any) -> bool:
    """Assigned to all tasks by a note elsewhere, so not printed here."""
    return any(not u.inherited for u in task.units) and unit.inherited


def _target(target: Any) -> dict[str, Any]:
    value, unit = target.value, target.unit
    if unit.startswith("亿") and not isinstance(value, tuple) and re.search(r"\d\s*万亿", target.quote):
        value, unit = value / 10**4, f"万{unit}"  # 4万亿元 as printed
    return {
        "subject": target.subject,
        "value": list(value) if isinstance(value, tuple) else value,
        "unit": unit,
        "deadline_year": target.deadline_year,
        "comparator": target.comparator,
        "section": target.section,
        "quote": target.quote,
        "start": target.start,
        "end": target.end,
        "doubts": list(target.doubts),
    }


def _yuan(fen: int) -> int | float:
    return fen // 100 if fen % 100 == 0 else fen / 100


def _clauses(item: OfferItem) -> list[dict[str, Any]]:
    offer = item.offer
    steps = _steps(offer.benefit)
    own = item.steps if len(item.steps) == len(steps) else tuple(() for _ in steps)
    return [
        {
            "section": offer.section,
            "source": item.quote,
            "start": item.start,
            "end": item.end,
            "conditions": [_condition(c) for c in (*step, *item.conditions)],
            "benefit": {"kind": str(offer.benefit.kind), "rate": rate, "cap_amount_yuan": amount},
            "doubts": list(item.doubts),
        }
        for (rate, amount), step in zip(steps, own, strict=True)
    ]


def _steps(benefit: Benefit) -> list[tuple[Any, int | float | None]]:
    if benefit.tiers:
        return [(t.rate, _yuan(t.amount_fen) if t.amount_fen is not None else None) for t in benefit.tiers]
    rate = list(benefit.rate) if isinstance(benefit.rate, tuple) else benefit.rate
    if benefit.amount_fen is not None:
        return [(rate, _yuan(benefit.amount_fen))]
    return [(rate, _yuan(benefit.caps[0].amount_fen) if benefit.caps else None)]


def _condition(clause: Clause) -> dict[str, Any]:
    start, end = (clause.span.start, clause.span.end) if clause.span else (0, 0)
    where = {"quote": clause.quote, "start": start, "end": end, "linked": clause.attribute}
    value = clause.value
    numeric = isinstance(value, (int, float, tuple)) and not isinstance(value, bool)
    if numeric and clause.unit is not None and clause.operator in _COMPARATORS:
        printed: Any = list(value) if isinstance(value, tuple) else value
        if clause.operator is Operator.WITHIN_YEARS and isinstance(value, (int, float)) and "月" in clause.quote:
            return {
                "attribute": clause.label,
                "comparator": "le",
                "value": round(value * 12),
                "unit": "个月",
                **where,
            }
        return {
            "attribute": clause.label,
            "comparator": _COMPARATORS[clause.operator],
            "value": printed,
            "unit": clause.unit,
            **where,
        }
    words = "".join(clause.quote.split()) if clause.attribute else value  # the words of the text, not of the dictionary
    comparator = "not" if clause.operator is Operator.NE else "is"
    return {"attribute": clause.label, "comparator": comparator, "value": words, "unit": None, **where}
