"""What buyers tell of their suppliers (配套填报): a table, checked row by row, kept as records of the registers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path
from typing import Any

from gangshen.apps.chain.models import Node
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers import services as registers
from gangshen.engines.formats import FormatError, Problem, Row, Text, read_table

__all__ = ["SUPPLY_HEADS", "keep_supplies"]

SUPPLY_HEADS = ("buyer", "supplier", "node", "share", "as_of")
_REQUIRED = ("buyer", "supplier", "node", "as_of")


class _Fault(Exception):
    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field, self.words = field, Text(zh=zh, en=en)


def keep_supplies(
    source: Path | bytes, *, name: str = "", of: str = registers.UPLOAD, actor: User | None, now: dt.datetime
) -> dict[str, int]:
    """Keep a table of purchases (columns of ``SUPPLY_HEADS``; share in % of what the buyer buys of the node).

    All rows or none; raises FormatError with row and column of every fault: an unknown buyer or node, a firm that
    supplies itself, shares of one node above 100 %. A supplier the register does not know is kept by its name: outside.
    """
    table = read_table(source, name=name or None, required=_REQUIRED)
    firms, nodes = _firms(), {word: one for one in Node.objects.all() for word in (one.key, one.name)}
    problems: list[Problem] = []
    told: dict[tuple[str, dt.date], list[dict[str, Any]]] = defaultdict(list)
    shares: dict[tuple[str, dt.date, str], float] = defaultdict(float)
    for row in table:
        try:
            buyer, as_of, entry = _entry(row, firms, nodes)
            shares[buyer, as_of, entry["node"]] += entry.get("share") or 0
            if shares[buyer, as_of, entry["node"]] > 100:
                raise _Fault(
                    "share",
                    "同一环节的份额合计超过 100%（改正）",
                    "shares of this node add up to more than 100 % (correct them)",
                )
            told[buyer, as_of].append(entry)
        except _Fault as fault:
            problems.append(Problem(table.name, row.line, fault.field, fault.words))
    if problems:
        raise FormatError(problems)
    rows = [
        {"subject": buyer, "as_of": as_of, "values": {"suppliers": entries}} for (buyer, as_of), entries in told.items()
    ]
    batch = registers.stage(registers.source_named(of), "enterprise", rows, actor=actor, now=now)
    registers.publish(batch, now)
    return {"batch": batch.pk, "buyers": len({buyer for buyer, _day in told}), "rows": len(table)}


def _firms() -> dict[str, Organisation]:
    """Enterprises by key, code and whole name."""
    found: dict[str, Organisation] = {}
    for one in Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE):
        for word in (one.name, one.code, one.key):
            if word:
                found[word] = one
    return found


def _entry(row: Row, firms: dict[str, Organisation], nodes: dict[str, Node]) -> tuple[str, dt.date, dict[str, Any]]:
    cells = {name: (row.cells.get(name) or "").strip() for name in SUPPLY_HEADS}
    for field in _REQUIRED:
        if not cells[field]:
            raise _Fault(field, "不能为空（补上）", "is empty (fill it in)")
    buyer, supplier = firms.get(cells["buyer"]), firms.get(cells["supplier"])
    if buyer is None:
        raise _Fault(
            "buyer",
            f"企业库没有 {cells['buyer']}（写全称或信用代码）",
            f"the register has no {cells['buyer']} (give its whole name or code)",
        )
    if supplier is not None and supplier.key == buyer.key:
        raise _Fault(
            "supplier", "企业不能是自己的供应商（改正其一）", "a firm cannot supply itself (correct one of the two)"
        )
    node = nodes.get(cells["node"])
    if node is None:
        raise _Fault(
            "node",
            f"没有环节 {cells['node']}（见 gangshen chain list）",
            f"there is no node {cells['node']} (see gangshen chain list)",
        )
    try:
        as_of = dt.date.fromisoformat(cells["as_of"])
    except ValueError:
        raise _Fault(
            "as_of", f"{cells['as_of']} 不是日期（写作 2026-09-30）", f"{cells['as_of']} is no date (2026-09-30)"
        ) from None
    # the level keeps two nodes bought from one supplier apart: entries of a list are told by type and level
    entry: dict[str, Any] = {
        "type": supplier.name if supplier else cells["supplier"],
        "level": node.name,
        "node": node.key,
    }
    if supplier is not None:
        entry["org"] = supplier.key
    if cells["share"]:
        entry["share"] = _share(cells["share"])
    return buyer.key, as_of, entry


def _share(text: str) -> float:
    try:
        share = float(text.rstrip("%％"))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 100:
        raise _Fault(
            "share", f"{text} 不是 0 到 100 的百分数（改正）", f"{text} is no percentage from 0 to 100 (correct it)"
        )
    return share
