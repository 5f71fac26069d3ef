"""Tables of indicators (主要指标表): each value of a year to come is a target."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Literal

from ._model import Target
from ._outline import Outline
from ._tables import Cell, indicator_records
from ._view import Paragraph

__all__ = ["indicators"]

_VALUE = re.compile(
    r"[\[（(]?(?P<lead>≥|>=|＞|>|≤|<=|＜|<|不低于|不少于|大于|超过|超|突破|达到|达|约|不高于|小于|左右)?\s*(?P<low>\d[\d,]*(?:\.\d+)?)"
    r"(?:\s*(?:—|–|-|~|～|至)\s*(?P<high>\d[\d,]*(?:\.\d+)?))?\s*(?P<unit>[^\d\s\]）)以左]{0,8})?(?P<trail>以上|以下|以内|左右)?[\]）)]?(?:以上|左右)?"
)
_IN_NAME = re.compile(r"[（(](?P<unit>[^）)]{1,10})[）)]$")
_COMPARATORS: dict[str, Literal["ge", "gt", "le", "lt", "approx"]] = {
    **dict.fromkeys(("≥", ">=", "不低于", "不少于", "以上"), "ge"),
    **dict.fromkeys(("＞", ">", "大于", "超过", "超", "突破"), "gt"),
    **dict.fromkeys(("≤", "<=", "不高于", "以下", "以内"), "le"),
    **dict.fromkeys(("＜", "<", "小于"), "lt"),
    **dict.fromkeys(("约", "左右"), "approx"),
}


def indicators(paras: list[Paragraph], out: Outline) -> tuple[list[Target], set[int]]:
    """The targets of all tables of indicators, and the paragraphs they were read from."""
    made: list[Target] = []
    seen: set[int] = set()
    for name, unit, values in indicator_records(paras):
        for year, cell in values:
            seen.update((name.index, cell.index))
            target = _target(name, unit, year, cell, out)
            if target is not None:
                made.append(target)
    return made, seen


def _target(name: Cell, unit: str, year: int, cell: Cell, out: Outline) -> Target | None:
    hit = _VALUE.fullmatch(cell.text.strip())
    bracket = _IN_NAME.search(name.text)
    printed = (hit["unit"] if hit else "") or unit or (bracket["unit"] if bracket else "")
    subject = name.text[: bracket.start()] if bracket else name.text
    if hit is None or not printed or not subject:
        return None
    low = _number(hit["low"])
    start, end = name.para.span(name.start, name.end)[0], cell.para.span(cell.start, cell.end)[1]
    return Target(
        quote=name.para.source[start:end],
        start=start,
        end=end,
        subject=subject,
        value=(low, _number(hit["high"])) if hit["high"] else low,
        unit=printed,
        comparator="range" if hit["high"] else _COMPARATORS.get(hit["lead"] or hit["trail"] or "", "eq"),
        deadline_year=year,
        deadline=dt.date(year, 12, 31),
        deadline_from="sentence",
        section=out.section(name.index),
    )


def _number(printed: str) -> int | float:
    value = Decimal(printed.replace(",", ""))
    return int(value) if value == value.to_integral_value() else float(value)
