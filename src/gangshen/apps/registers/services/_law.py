"""Which of several statements about one subject is believed: the law of the registers, for one subject.

``_columns`` holds the same law for all subjects at once; a property test keeps the two equal.

- A state (operating status): the source of the lowest rank, then the latest as-of date, then the latest recorded (by
  id: records are only added, and a demo zone's clock goes round).
- A period value (revenue of a year): the latest period first, then as above. A figure of some months of a year
  (``2026-01/10``) is kept apart: it is never the latest figure, nor that of the year.
- A list (certificates): entries add up over records; an entry said again (same type, level and number, or date of
  beginning where there is no number) replaces the earlier one. An entry ends by ``to`` or ``withdrawn_on``, never by
  not being mentioned. One that tells its type only (是) adds nothing where a fuller one of the type covers its day.
- A statement of null says that the value is not known: it hides what is believed less.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gangshen.engines.vocabulary import Attribute, AttributeType, Period

__all__ = [
    "Fact",
    "Statement",
    "asked_periods",
    "believe",
    "believe_periods",
    "believe_so_far",
    "conflicting",
    "entry_key",
    "in_force",
    "is_part",
    "latest_entries",
    "period_end",
    "read",
    "statement_of",
    "write",
]

_PERIOD = re.compile(r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2])(?:/(?P<last>0[1-9]|1[0-2]))?)?")
_DATES = ("from", "to", "withdrawn_on")


@dataclass(frozen=True, slots=True)
class Statement:
    """A record as the law reads it; ``rank`` is its source's (lower is believed before higher)."""

    id: int
    source: str
    rank: int
    period: str
    as_of: dt.date
    recorded_at: dt.datetime
    values: Mapping[str, Any]  # as stored: JSON
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What is believed of one attribute, and why."""

    value: Any  # money in fen, percent as 5.0, date, list of entries; None = stated as not known
    record_id: int | None  # None for a derived value
    source: str
    as_of: dt.date
    period: str = ""
    stale: bool = False
    conflict: bool = False
    synthetic: bool = False


def statement_of(record: Any) -> Statement:
    """A record (its source loaded) as the law reads it."""
    source = record.source
    return Statement(
        record.pk,
        source.key,
        source.rank,
        record.period,
        record.as_of,
        record.recorded_at,
        record.values,
        source.synthetic,
    )


def period_end(period: str) -> dt.date:
    """Last day of ``2025``, ``2025Q3``, ``2025-09`` or ``2025-01/09`` (January to September); ValueError for anything else."""
    found = _PERIOD.fullmatch(period)
    if found is None or (found["last"] or "12") < (found["month"] or ""):
        raise ValueError(f"not a period: {period!r} (write 2025, 2025Q3 or 2025-09)")
    month = int(found["last"] or found["month"] or int(found["quarter"] or 4) * 3)
    following = dt.date(int(found["year"]) + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)


def is_part(period: str) -> bool:
    """Is it some months of a year together, as ``2026-01/10``, whose figure is no year's, quarter's or month's?"""
    return "/" in period


def asked_periods(attribute: Attribute, as_of: dt.date) -> tuple[str, ...]:
    """Periods a rule may ask of a figure at ``as_of``: this year and three before; of a shorter figure four quarters too."""
    if attribute.period is Period.STATE or attribute.type is AttributeType.LIST:
        return ()
    years = [str(as_of.year - back) for back in range(4)]
    if attribute.period is Period.YEAR:
        return tuple(years)
    last = as_of.year * 4 + (as_of.month - 1) // 3
    return (*years, *(f"{number // 4}Q{number % 4 + 1}" for number in range(last, last - 4, -1)))


def read(attribute: Attribute, stored: Any) -> Any:
    """The typed value of what a record stores: dates from their text, percents as floats."""
    if stored is None:
        return None
    if attribute.type is AttributeType.DATE:
        return dt.date.fromisoformat(stored)
    if attribute.type in (AttributeType.PERCENT, AttributeType.NUMBER):
        return float(stored)
    if attribute.type is AttributeType.LIST:
        return [
            {key: dt.date.fromisoformat(item) if key in _DATES and item else item for key, item in entry.items()}
            for entry in stored
        ]
    return stored


def write(attribute: Attribute, value: Any) -> Any:
    """What a record stores of ``value``; ValueError when it is not of the attribute's type."""
    if value is None:
        return None
    kind = attribute.type
    if kind is AttributeType.BOOL and isinstance(value, bool):
        return value
    if kind in (AttributeType.COUNT, AttributeType.MONEY) and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind in (AttributeType.PERCENT, AttributeType.NUMBER) and isinstance(value, int | float):
        return float(value)
    if kind is AttributeType.DATE and isinstance(value, str | dt.date):
        return (dt.date.fromisoformat(value) if isinstance(value, str) else value).isoformat()
    if kind is AttributeType.LIST and isinstance(value, list | tuple):
        return [_entry(attribute, entry) for entry in value]
    if kind in (AttributeType.TEXT, AttributeType.CODE, AttributeType.ENUM, AttributeType.REF) and isinstance(
        value, str
    ):
        return value
    raise ValueError(f"{attribute.id}: {value!r} is no {kind}")


def _entry(attribute: Attribute, entry: Any) -> dict[str, Any]:
    if isinstance(entry, str):
        entry = {"type": entry}
    if not isinstance(entry, Mapping) or not isinstance(entry.get("type"), str) or not entry["type"]:
        raise ValueError(f"{attribute.id}: an entry needs a type: {entry!r}")
    kept = {key: item for key, item in entry.items() if item is not None and item != ""}
    for key in _DATES:
        if key in kept:
            kept[key] = (
                kept[key] if isinstance(kept[key], dt.date) else dt.date.fromisoformat(str(kept[key]))
            ).isoformat()
    for key in ("level", "number"):
        if key in kept:
            kept[key] = str(kept[key])
    return kept


def entry_key(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """What makes two entries of a list the same one."""
    return entry["type"], entry.get("level") or "", str(entry.get("number") or entry.get("from") or "")


def latest_entries(told: Iterable[tuple[Mapping[str, Any], dt.date]]) -> list[Mapping[str, Any]]:
    """Entries that stand, of those told from the least to the most believed, each with the day of which it was said."""
    held: dict[tuple[str, str, str], tuple[Mapping[str, Any], dt.date]] = {}
    for entry, day in told:
        held.pop(entry_key(entry), None)
        held[entry_key(entry)] = entry, day
    fuller = [entry for entry, _day in held.values() if any(entry.get(key) for key in ("number", "from", "to"))]
    return [
        entry
        for entry, day in held.values()
        if any(entry.get(key) for key in ("level", "number", *_DATES))
        or not any(one["type"] == entry["type"] and _lasts(one, day.isoformat()) for one in fuller)
    ]


def _lasts(entry: Mapping[str, Any], day: str) -> bool:
    last, withdrawn = (str(entry.get(key) or "") for key in ("to", "withdrawn_on"))
    return (not last or last >= day) and (not withdrawn or withdrawn > day)


def in_force(entry: Mapping[str, Any], as_of: dt.date) -> bool:
    """Is a list entry (dates as stored or read) valid on ``as_of``? Its last day counts, the day of withdrawal not."""
    day = as_of.isoformat()
    return str(entry.get("from") or "") <= day and _lasts(entry, day)


def _belief(statement: Statement, attribute: Attribute) -> tuple[Any, ...]:
    order = (-statement.rank, statement.as_of, statement.id)
    if attribute.period is Period.STATE:
        return order
    return (period_end(statement.period) if statement.period else statement.as_of, *order)


def believe(statements: Iterable[Statement], attributes: Mapping[str, Attribute], as_of: dt.date) -> dict[str, Fact]:
    """Attribute → believed fact at ``as_of``, from all statements about one subject. Unknown attributes are left out."""
    said: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.as_of <= as_of:
            for name in statement.values:
                if name in attributes and not _apart(statement, attributes[name]):
                    said.setdefault(name, []).append(statement)
    return {name: _fact(attributes[name], about, as_of) for name, about in said.items()}


def believe_periods(
    statements: Iterable[Statement], attributes: Mapping[str, Attribute], as_of: dt.date
) -> dict[str, Fact]:
    """``attribute@2025`` → what is believed of that period, for the periods of :func:`asked_periods`.

    None is stale: what a year came to is revised, it does not age. Only the latest known does.
    """
    known = [one for one in statements if one.as_of <= as_of]
    found: dict[str, Fact] = {}
    for attribute in attributes.values():
        for period in asked_periods(attribute, as_of):
            said = [one for one in known if one.period == period and attribute.id in one.values]
            if said:
                found[f"{attribute.id}@{period}"] = replace(_fact(attribute, said, as_of), stale=False)
    return found


def believe_so_far(
    statements: Iterable[Statement], attributes: Mapping[str, Attribute], as_of: dt.date
) -> dict[str, Fact]:
    """``attribute@2026-01/10`` → the latest figure of some months of a year, where no later whole one is known."""
    said: dict[str, list[Statement]] = {}
    for one in statements:
        for name in one.values:
            if one.as_of <= as_of and name in attributes and attributes[name].period is not Period.STATE:
                said.setdefault(name, []).append(one)
    found = {}
    for name, about in said.items():
        order = sorted(about, key=lambda one: (_belief(one, attributes[name])[0], not is_part(one.period)))
        if is_part(period := order[-1].period):
            found[f"{name}@{period}"] = _fact(attributes[name], [one for one in about if one.period == period], as_of)
    return found


def _apart(statement: Statement, attribute: Attribute) -> bool:
    return is_part(statement.period) and attribute.period is not Period.STATE


def _fact(attribute: Attribute, said: list[Statement], as_of: dt.date) -> Fact:
    order = sorted(said, key=lambda one: _belief(one, attribute))
    top = order[-1]
    if attribute.type is AttributeType.LIST:
        told = ((entry, one.as_of) for one in order for entry in one.values[attribute.id] or ())
        value: Any = read(attribute, latest_entries(told))
    else:
        value = read(attribute, top.values[attribute.id])
    return Fact(
        value=value,
        record_id=top.id,
        source=top.source,
        as_of=top.as_of,
        period="" if attribute.period is Period.STATE else top.period,
        stale=is_stale(attribute, top.as_of, as_of),
        conflict=bool(conflicting(attribute, order, as_of)),
        synthetic=top.synthetic,
    )


def is_stale(attribute: Attribute, said: dt.date, as_of: dt.date) -> bool:
    """Is a value said on ``said`` past the attribute's staleness at ``as_of``?"""
    return attribute.stale_after_days is not None and (as_of - said).days > attribute.stale_after_days


def comparable(attribute: Attribute) -> bool:
    """Can two sources contradict each other on this attribute? Lists add up; free text differs by wording."""
    if attribute.type is AttributeType.TEXT:
        return attribute.tolerance is not None
    return attribute.type is not AttributeType.LIST


def differ(attribute: Attribute, one: Any, other: Any) -> bool:
    """Do two stored values differ by more than the attribute's tolerance (relative to the larger)?"""
    if one is None or other is None:
        return False
    if attribute.type in (AttributeType.COUNT, AttributeType.MONEY, AttributeType.NUMBER, AttributeType.PERCENT):
        return abs(one - other) > (attribute.tolerance or 0.0) * max(abs(one), abs(other))
    return bool(one != other)


def conflicting(attribute: Attribute, order: list[Statement], as_of: dt.date) -> list[Statement]:
    """Statements of other sources that contradict the believed one (the last of ``order``).

    Only the latest of each source counts, of the same period (a state: not stale). A later statement of source
    ``review`` settles what was said before it.
    """
    if not comparable(attribute) or not order:
        return []
    top = order[-1]
    latest: dict[str, Statement] = {}
    for one in sorted(order, key=lambda each: (each.as_of, each.id)):
        if attribute.period is Period.STATE:
            if not is_stale(attribute, one.as_of, as_of):
                latest[one.source] = one
        elif one.period == top.period:
            latest[one.source] = one
    return [
        one
        for source, one in latest.items()
        if source != top.source
        and not (top.source == "review" and top.id > one.id)
        and differ(attribute, top.values[attribute.id], one.values[attribute.id])
    ]
