"""Decided placements, candidates and leads as tables, with the row of every fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone

from gangshen.apps.chain import services
from gangshen.apps.chain.models import Candidate, Lead, Node, Placement
from gangshen.apps.identity.models import Organisation
from gangshen.engines.formats import FormatError, Problem, Text, read_table, write_csv

__all__ = ["dump_tables", "load_tables"]

PLACEMENTS = ("firm", "node", "state", "basis", "words", "confidence", "as_of", "decided_at")
LEADS = ("candidate", "node", "unit", "stage", "note", "taken_at", "changed_at")
Cells = dict[str, str]


class _Fault(Exception):
    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field, self.words = field, Text(zh=zh, en=en)


def load_tables(folder: Path, now: dt.datetime) -> dict[str, int]:
    """Load what is there of the three tables; raises FormatError with every fault."""
    problems: list[Problem] = []
    candidates = folder / "chain" / "candidates.csv"
    counts = {"candidates": 0}
    if candidates.is_file():
        counts["candidates"] = services.keep_candidates(candidates, name="chain/candidates.csv")
    nodes = {one.key: one for one in Node.objects.all()}
    counts["placements"] = _taken(folder, "placements.csv", PLACEMENTS, problems, lambda row: _placement(row, nodes))
    counts["leads"] = _taken(folder, "leads.csv", LEADS, problems, lambda row: _lead(row, nodes, now))
    if problems:
        raise FormatError(problems)
    return counts


def _taken(
    folder: Path, name: str, heads: tuple[str, ...], problems: list[Problem], take: Callable[[Cells], None]
) -> int:
    file, place, count = folder / "chain" / name, f"chain/{name}", 0
    if not file.is_file():
        return 0
    for row in read_table(file, name=place, required=heads[:2]):
        try:
            take({key: value or "" for key, value in row.cells.items()})
            count += 1
        except _Fault as fault:
            problems.append(Problem(place, row.line, fault.field, fault.words))
    return count


def _node(cells: Cells, nodes: dict[str, Node]) -> Node:
    if cells["node"] not in nodes:
        raise _Fault("node", f"没有环节 {cells['node']}（改正）", f"there is no node {cells['node']} (correct it)")
    return nodes[cells["node"]]


def _one_of(cells: Cells, field: str, choices: Any, default: str) -> str:
    value = cells.get(field) or default
    if value not in choices.values:
        known = ", ".join(choices.values)
        raise _Fault(field, f"{value} 不可用（可用：{known}）", f"{value} is not one of {known} (choose one)")
    return value


def _moment(cells: Cells, field: str) -> dt.datetime | None:
    text = cells.get(field, "")
    try:
        at = dt.datetime.fromisoformat(text) if text else None
    except ValueError:
        raise _Fault(
            field, f"{text} 不是时刻（写作 2026-11-20T09:00）", f"{text} is no moment (2026-11-20T09:00)"
        ) from None
    return timezone.make_aware(at) if at and at.tzinfo is None else at


def _placement(cells: Cells, nodes: dict[str, Node]) -> None:
    try:
        confidence = float(cells.get("confidence") or 1)
        as_of = dt.date.fromisoformat(cells["as_of"]) if cells.get("as_of") else None
    except ValueError as error:
        raise _Fault("confidence", f"{error}（改正）", f"{error} (correct it)") from None
    Placement.objects.update_or_create(
        firm=cells["firm"],
        node=_node(cells, nodes),
        defaults={
            "state": _one_of(cells, "state", Placement.State, "confirmed"),
            "basis": _one_of(cells, "basis", Placement.Basis, "review"),
            "words": cells.get("words", ""),
            "confidence": confidence,
            "as_of": as_of,
            "decided_at": _moment(cells, "decided_at"),
        },
    )


def _lead(cells: Cells, nodes: dict[str, Node], now: dt.datetime) -> None:
    candidate = Candidate.objects.filter(key=cells["candidate"]).first()
    unit = Organisation.objects.filter(key=cells.get("unit", "")).first()
    if candidate is None:
        raise _Fault(
            "candidate",
            f"没有候选 {cells['candidate']}（先加入 candidates.csv）",
            f"there is no candidate {cells['candidate']} (add it to candidates.csv first)",
        )
    if unit is None:
        raise _Fault(
            "unit", f"没有单位 {cells.get('unit')}（改正）", f"there is no unit {cells.get('unit')} (correct it)"
        )
    taken = _moment(cells, "taken_at") or now
    Lead.objects.update_or_create(
        candidate=candidate,
        unit=unit,
        taken_at=taken,
        defaults={
            "node": _node(cells, nodes),
            "stage": _one_of(cells, "stage", Lead.Stage, "taken"),
            "note": cells.get("note", ""),
            "changed_at": _moment(cells, "changed_at") or taken,
        },
    )


def dump_tables(folder: Path) -> None:
    decided = (
        Placement.objects.exclude(state=Placement.State.PROPOSED).select_related("node").order_by("firm", "node__key")
    )
    _write(folder, "placements.csv", PLACEMENTS, (_placement_row(one) for one in decided))
    candidates = Candidate.objects.order_by("key")
    _write(folder, "candidates.csv", services.CANDIDATE_HEADS, (services.candidate_row(one) for one in candidates))
    leads = Lead.objects.select_related("candidate", "node", "unit").order_by("taken_at", "candidate__key", "unit__key")
    _write(folder, "leads.csv", LEADS, (_lead_row(one) for one in leads))


def _write(folder: Path, name: str, heads: tuple[str, ...], rows: Iterator[list[Any]]) -> None:
    kept = list(rows)
    if kept:
        (folder / "chain").mkdir(parents=True, exist_ok=True)
        (folder / "chain" / name).write_text(write_csv(heads, kept), encoding="utf-8", newline="")


def _placement_row(one: Placement) -> list[Any]:
    decided = timezone.localtime(one.decided_at).isoformat() if one.decided_at else ""
    return [one.firm, one.node.key, one.state, one.basis, one.words, f"{one.confidence:g}", one.as_of or "", decided]


def _lead_row(one: Lead) -> list[Any]:
    taken, changed = (timezone.localtime(at).isoformat() for at in (one.taken_at, one.changed_at))
    return [one.candidate.key, one.node.key, one.unit.key, one.stage, one.note, taken, changed]
