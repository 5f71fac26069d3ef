"""Rows of a file held against what the register believes: new, changed, unchanged, and figures that jump."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from gangshen.apps.registers.services._facts import live_records
from gangshen.apps.registers.services._law import is_part, read
from gangshen.apps.registers.services._pointers import pointers
from gangshen.apps.registers.services._snapshots import snapshot
from gangshen.apps.registers.services._vocabulary import attributes
from gangshen.engines.formats import Text
from gangshen.engines.vocabulary import AttributeType

from ._jumps import find_jumps
from ._parsed import Refusal

if TYPE_CHECKING:
    from ._examine import Examination

__all__ = ["compare"]

_Place = tuple[str, str]  # attribute and period


def compare(examination: Examination, entity: str, today: dt.date, sure: Collection[str]) -> None:
    """Count rows of the file against what is believed, and ask about columns that jump."""
    rows = examination.parsed.rows
    if not rows:
        return
    frame = snapshot(entity, today).frame
    position = {subject: at for at, subject in enumerate(frame.get_column("id").to_list())}
    known = attributes(entity)
    stated = {(name, row["period"]) for row in rows for name in row["values"]}
    held = {place: frame.get_column(name).to_list() for place in stated if (name := _named(frame, *place))}
    held |= _of_parts({place for place in stated if is_part(place[1])}, entity, position)
    lines: dict[int, str] = {}
    for row in rows:
        at = position.get(row["subject"])
        if at is None:
            lines[row["row"]] = "new"
        elif all(
            (name, row["period"]) in held and _same(known[name].type, held[name, row["period"]][at], value)
            for name, value in row["values"].items()
        ):
            lines.setdefault(row["row"], "unchanged")
        elif lines.get(row["row"]) != "new":
            lines[row["row"]] = "changed"
    told = list(lines.values())
    examination.new, examination.changed, examination.unchanged = map(told.count, ("new", "changed", "unchanged"))
    latest = {
        name: frame.get_column(name).to_list() for name in {name for name, _of in stated} if name in frame.columns
    }
    jumps, cells = find_jumps(rows, examination.columns, known, latest, position, sure)
    examination.columns = [replace(one, jump=jumps.get(one.header, 0)) for one in examination.columns]
    examination.questions += [one for one in examination.columns if one.jump]
    by_line = {row.line: row for row in examination.table} if cells else {}
    for line, header, times in cells:
        words = Text(
            zh=f"与库中最近的值相差约 {times} 倍（核对单位与小数点）",
            en=f"about {times} times apart from the last value known (check unit and point)",
        )
        examination.parsed.remarks.append(
            Refusal(examination.table.name, line, header, words, by_line[line], examination.table.place(line, header))
        )


def _named(frame: pl.DataFrame, name: str, period: str) -> str:
    """The column of the snapshot that says it of the period, else of the latest."""
    exact = f"{name}@{period}"
    return exact if period and exact in frame.columns else name if name in frame.columns else ""


def _of_parts(places: Collection[_Place], entity: str, position: dict[str, int]) -> dict[_Place, list[Any]]:
    """What is believed of some months of a year, which the snapshot leaves out: read from their records."""
    if not places:
        return {}
    known, into = attributes(entity), pointers()
    held: dict[_Place, list[Any]] = {place: [None] * len(position) for place in places}
    records = live_records(entity).filter(period__in={period for _name, period in places})
    by_belief = records.order_by("-source__rank", "as_of", "pk").values_list("subject", "period", "values")
    for subject, period, values in by_belief.iterator(chunk_size=10_000):
        at = position.get(into.get(subject, subject))
        for name in values if at is not None else ():
            if (name, period) in held:
                held[name, period][at] = read(known[name], values[name])
    return held


def _same(kind: AttributeType, held: Any, value: Any) -> bool:
    if kind is not AttributeType.LIST or held is None:
        return bool(held == value)
    there = [{key: item for key, item in entry.items() if item is not None} for entry in held]
    return all({key: item for key, item in entry.items() if item is not None} in there for entry in value)
