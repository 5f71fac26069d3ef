"""否 of a title, held against what the register believes: nothing is withdrawn, but who looks at the file is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gangshen.apps.registers.services._entries import entries
from gangshen.apps.registers.services._law import in_force
from gangshen.engines.formats import Table, Text

from ._parsed import Denied, Refusal
from ._parts import LIST

__all__ = ["against_register"]

_FEW = 500  # subjects that are asked for by name; more are read with the whole register


def against_register(denied: Sequence[Denied], table: Table) -> list[Refusal]:
    """A remark on each 否 of a title that the register has in force on the day of the row."""
    if not denied:
        return []
    subjects = {one.subject for one in denied}
    held = entries(LIST, max(one.day for one in denied), subjects if len(subjects) <= _FEW else None)
    found = []
    for one in denied:
        valid = [entry for entry in held.get(one.subject, ()) if entry["type"] == one.kind and in_force(entry, one.day)]
        if valid:
            found.append(
                Refusal(
                    table.name,
                    one.row.line,
                    one.header,
                    _words(one.kind, valid[-1]),
                    one.row,
                    table.place(one.row.line, one.header),
                )
            )
    return found


def _words(kind: str, entry: dict[str, Any]) -> Text:
    number, last = entry.get("number") or "", entry.get("to")
    zh = (
        f"写“否”，而库中{kind}{number and f' {number}'}{f' 有效至 {last}' if last else ' 有效'}（核对；导入不撤销资质）"
    )
    en = f"it says no, but {kind}{number and f' {number}'} is in force{f' until {last}' if last else ''} (check; an import withdraws none)"
    return Text(zh=zh, en=en)
