"""Candidates from outside registers: kept as a list of their own with its source, and how well they fit a node."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from gangshen.apps.chain.models import Candidate, Lead, Node
from gangshen.engines.formats import FormatError, Problem, Row, Text, read_table
from gangshen.engines.graph import Graph

from ._terms import Terms

__all__ = ["CANDIDATE_HEADS", "Fit", "candidate_row", "fits", "keep_candidates"]

CANDIDATE_HEADS = ("key", "name", "kind", "place", "products", "register", "as_of", "contact", "note", "synthetic")
_REQUIRED = ("key", "name", "products", "register", "as_of")
_OLD = 365  # days after which a list is out of date (assumed)
_SPLIT = str.maketrans("；、，,", ";;;;")


@dataclass(frozen=True, slots=True)
class Fit:
    """A candidate for a node: how many of its products fit, how well, on which words, and who courts it already."""

    candidate: Candidate
    fitting: tuple[str, ...]
    products: int
    confidence: float
    stale: bool
    leads: tuple[Lead, ...]

    @property
    def state(self) -> str:
        """ok: a product fits by name; near: another desk is on it, or the words only come close; unk: too old to say."""
        if self.stale:
            return "unk"
        return "near" if self.leads or self.confidence < 0.7 else "ok"


def fits(graph: Graph, nodes: Iterable[Node], today: dt.date) -> dict[str, list[Fit]]:
    """Node → candidates whose products fit it, the best first. A fit with a kind of a node fits the node."""
    terms = Terms(nodes)
    found: dict[str, list[Fit]] = {}
    leads: dict[int, list[Lead]] = {}
    for lead in Lead.objects.select_related("unit", "node"):
        if lead.open:
            leads.setdefault(lead.candidate_id, []).append(lead)
    for one in Candidate.objects.all():
        products = [text for text in one.products.translate(_SPLIT).split(";") if text.strip()]
        by_node: dict[str, list[tuple[str, float]]] = {}
        for text in products:
            match = terms.product(text)
            if match is None:
                continue
            for key in (match.node, *graph.above(match.node)):
                by_node.setdefault(key, []).append((text.strip(), match.confidence))
        for key, matched in by_node.items():
            fit = Fit(
                candidate=one,
                fitting=tuple(text for text, _confidence in matched),
                products=len(products),
                confidence=max(confidence for _text, confidence in matched),
                stale=(today - one.as_of).days > _OLD,
                leads=tuple(leads.get(one.pk, ())),
            )
            found.setdefault(key, []).append(fit)
    for rows in found.values():
        rows.sort(key=lambda fit: (-fit.confidence, -len(fit.fitting) / fit.products, fit.candidate.name))
    return found


def keep_candidates(source: Path | bytes, *, name: str = "") -> int:
    """Keep a list of candidates (CSV or Excel with the columns of ``CANDIDATE_HEADS``); returns how many rows.

    All rows or none; raises FormatError with the row and column of every fault.
    """
    table = read_table(source, name=name or None, required=_REQUIRED)
    problems: list[Problem] = []
    rows = []
    for row in table:
        try:
            rows.append(_candidate(row))
        except _Fault as fault:
            problems.append(Problem(table.name, row.line, fault.field, fault.words))
    if problems:
        raise FormatError(problems)
    with transaction.atomic():
        for values in rows:
            Candidate.objects.update_or_create(key=values.pop("key"), defaults=values)
    return len(rows)


class _Fault(Exception):
    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field, self.words = field, Text(zh=zh, en=en)


def _candidate(row: Row) -> dict[str, Any]:
    cells = {name: (row.cells.get(name) or "").strip() for name in CANDIDATE_HEADS}
    for field in _REQUIRED:
        if not cells[field]:
            raise _Fault(
                field,
                "不能为空（补上；名单须注明来自哪份登记、截至何日）",
                "is empty (fill it in; a list names its register and date)",
            )
    try:
        as_of = dt.date.fromisoformat(cells["as_of"])
    except ValueError:
        raise _Fault(
            "as_of", f"{cells['as_of']} 不是日期（写作 2026-11-20）", f"{cells['as_of']} is no date (2026-11-20)"
        ) from None
    kind = cells["kind"] or Candidate.Kind.ENTERPRISE
    if kind not in Candidate.Kind.values:
        known = ", ".join(Candidate.Kind.values)
        raise _Fault("kind", f"{kind} 不可用（可用：{known}）", f"{kind} is not one of {known} (choose one)")
    synthetic = cells["synthetic"] in ("是", "true", "1")
    return cells | {"as_of": as_of, "kind": kind, "synthetic": synthetic}


def candidate_row(one: Candidate) -> list[Any]:
    """A candidate as a row of its table."""
    return [
        *(getattr(one, name) for name in CANDIDATE_HEADS[:-1]),
        "是" if one.synthetic else "",
    ]
