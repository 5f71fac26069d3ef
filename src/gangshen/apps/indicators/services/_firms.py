"""Behind a figure: its firms, each with the record that says so and its date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gangshen.apps.indicators.models import Statistic as Row
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.models import Record
from gangshen.engines.statistics import Counting, Statistic, attributes_of

from ._words import headline

__all__ = ["Firm", "firms_behind"]


@dataclass(frozen=True, slots=True)
class Firm:
    """``ref`` opens the record that the figure rests on; ``value`` is None where it may not be seen."""

    key: str
    name: str
    synthetic: bool
    known: bool
    value: str | None
    ref: str
    as_of: Any


def firms_behind(
    row: Row, one: Statistic, counting: Counting, by: tuple[str, ...], key: tuple[str, ...], *, values: bool, most: int
) -> tuple[list[Firm], int]:
    """The first ``most`` firms of a cell, known ones first, and how many there are."""
    rows = counting.firms(by, key)
    taken = registers.snapshot(as_of=counting.as_of)
    attribute = one.attribute if values and one.attribute else next(iter(attributes_of(one)), "name")
    told = f"{attribute}@{counting.period}" if counting.period and attribute == one.attribute else attribute
    shown = rows.head(most)
    records: dict[str, int] = {}
    if told in taken.records.columns:
        held = taken.records.filter(taken.records["id"].is_in(shown["id"].to_list())).select("id", told)
        records = {firm: record for firm, record in held.iter_rows() if record is not None}
    days = dict(Record.objects.filter(pk__in=records.values()).values_list("pk", "as_of"))
    summed = values and one.attribute is not None
    found = [
        Firm(
            firm["id"],
            firm["name"] or firm["id"],
            firm["synthetic"],
            firm["known"],
            headline(one.model_copy(update={"measure": "sum"}), firm["num"]) if summed and firm["known"] else None,
            f"rec:{records[firm['id']]}#{attribute}" if firm["id"] in records else "",
            days.get(records.get(firm["id"], 0)),
        )
        for firm in shown.iter_rows(named=True)
    ]
    return found, rows.height
