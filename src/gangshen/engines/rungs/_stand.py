"""Where a firm stands: the titles it holds and held, its rung, and what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from gangshen.engines.rules import row_is_valid

from ._model import Edition, Place, Title

__all__ = ["ENDING", "Held", "Holding", "Ladder", "State", "holding", "ladder_at"]

ENDING = 180  # days before its end from which a title is told of


class State(StrEnum):
    HELD = "held"
    ENDING = "ending"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    COMING = "coming"  # announced, not begun


@dataclass(frozen=True, slots=True)
class Held:
    """One certificate of a title: when it ends (None: nobody says), and how it stands on the day."""

    title: str
    state: State
    number: str = ""
    begins: dt.date | None = None
    ends: dt.date | None = None
    withdrawn_on: dt.date | None = None
    days: int | None = None  # until it ends; negative since it ended or was withdrawn
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        return self.state in (State.HELD, State.ENDING)


@dataclass(frozen=True)
class Ladder:
    """The editions in force on a day: title id → (title, edition), the rungs from the lowest."""

    as_of: dt.date
    titles: Mapping[str, tuple[Title, Edition]]

    @cached_property
    def steps(self) -> list[int]:
        """Numbers of the rungs, ascending."""
        return sorted({edition.rung for _title, edition in self.titles.values() if edition.rung is not None})

    def on(self, step: int) -> list[str]:
        """The titles of one rung."""
        return [id for id, (_title, edition) in self.titles.items() if edition.rung == step]

    def placed(self, place: Place) -> list[str]:
        return [id for id, (_title, edition) in self.titles.items() if edition.place is place]

    @cached_property
    def by_certificate(self) -> dict[str, str]:
        """Type of the vocabulary → title id."""
        return {title.certificate: id for id, (title, _edition) in self.titles.items()}

    @cached_property
    def order(self) -> dict[str, int]:
        """Title id → its place from the lowest."""
        return {id: place for place, id in enumerate(self.titles)}


@dataclass(frozen=True, slots=True)
class Holding:
    """What one firm holds. ``rung`` is the highest step it stands on, 0 for none; ``next`` the titles of the step above."""

    held: tuple[Held, ...]
    rung: int
    next: tuple[str, ...]

    @property
    def valid(self) -> tuple[Held, ...]:
        return tuple(one for one in self.held if one.valid)

    @property
    def ending(self) -> tuple[Held, ...]:
        return tuple(one for one in self.held if one.state is State.ENDING)

    @property
    def lost(self) -> tuple[Held, ...]:
        """Titles that ended or were withdrawn and of which no other certificate holds."""
        kept = {one.title for one in self.valid}
        return tuple(one for one in self.held if one.state in _LOST and one.title not in kept)

    def holds(self, title: str) -> bool:
        return any(one.title == title and one.valid for one in self.held)


_OWN = frozenset(("type", "level", "number", "from", "to", "withdrawn_on", "ref"))
_LOST = (State.ENDED, State.WITHDRAWN)


def ladder_at(titles: Iterable[Title], as_of: dt.date) -> Ladder:
    """The ladder of the day: of each title the edition in force, those of the rungs first, from the lowest."""
    found = [(title, edition) for title in titles if (edition := title.at(as_of)) is not None]
    places = list(Place)
    found.sort(key=lambda one: (places.index(one[1].place), one[1].rung or 0, one[0].id))
    return Ladder(as_of, {title.id: (title, edition) for title, edition in found})


def holding(ladder: Ladder, entries: Sequence[Mapping[str, Any]], *, ending: int = ENDING) -> Holding:
    """The firm with these entries of the attribute ``certificates``; those of no title of the ladder are passed over,
    and so is ``ref``, where an entry stands.

    A title renewed already is not ending: what counts is when its last certificate ends.
    """
    known = ladder.by_certificate
    held = [_held(known[row["type"]], row, ladder.as_of, ending) for row in entries if row.get("type") in known]
    longest = {one.title: one for one in sorted(held, key=lambda one: one.ends or dt.date.max) if one.valid}
    coming = {one.title for one in held if one.state is State.COMING}
    kept = tuple(
        _as_held(one)
        if one.state is State.ENDING and (longest[one.title].state is State.HELD or one.title in coming)
        else one
        for one in held
    )
    steps = [ladder.titles[title][1].rung or 0 for title in longest]
    rung = max(steps, default=0)
    above = next((step for step in ladder.steps if step > rung), None)
    kept = tuple(sorted(kept, key=lambda one: (not one.valid, ladder.order[one.title], one.ends or dt.date.max)))
    return Holding(kept, rung, tuple(ladder.on(above)) if above is not None else ())


def _held(title: str, row: Mapping[str, Any], as_of: dt.date, ending: int) -> Held:
    begins, ends, withdrawn = row.get("from"), row.get("to"), row.get("withdrawn_on")
    last = withdrawn if withdrawn is not None and withdrawn <= as_of else ends
    days = None if last is None else (last - as_of).days
    if withdrawn is not None and withdrawn <= as_of:
        state = State.WITHDRAWN
    elif row_is_valid(dict(row), as_of):
        state = State.ENDING if days is not None and days <= ending else State.HELD
    else:
        state = State.COMING if begins is not None and begins > as_of else State.ENDED
    extra = {key: value for key, value in row.items() if key not in _OWN and value not in (None, "")}
    return Held(title, state, str(row.get("number") or ""), begins, ends, withdrawn, days, extra)


def _as_held(one: Held) -> Held:
    return Held(one.title, State.HELD, one.number, one.begins, one.ends, one.withdrawn_on, one.days, one.extra)
