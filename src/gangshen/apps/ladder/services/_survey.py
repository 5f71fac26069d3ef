"""The whole zone on the ladder as of a day: what each firm holds, what it qualifies for, what is next and how far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import polars as pl

from gangshen.apps.registers import services as registers
from gangshen.engines import rungs
from gangshen.engines.rules import Decision, compile_rules

from ._titles import digest, tallies, texts, titles

__all__ = ["NEAR", "Firm", "Row", "Survey", "firm_alone", "survey"]

NEAR = 2  # conditions to change or answer: as far as a firm is called near its next rung
_DECISIONS = (Decision.NO, Decision.UNKNOWN, Decision.YES)
_ORDER = {Decision.YES: 0, Decision.UNKNOWN: 1, Decision.NO: 1}


@dataclass(frozen=True, slots=True)
class Row:
    """One firm. ``goal`` is the title of the next rung it is nearest to, with the answer for it and its distance."""

    firm: str
    name: str
    synthetic: bool
    holding: rungs.Holding
    refs: Mapping[str, str]  # number or beginning of a certificate → its record
    goal: str = ""
    decision: Decision | None = None
    distance: int = 255
    qualifies: tuple[str, ...] = ()  # titles it does not hold and whose conditions it meets

    @property
    def ready(self) -> bool:
        """Does it meet every condition of its next rung?"""
        return self.decision is Decision.YES

    @property
    def near(self) -> bool:
        """So few conditions short that coaching pays; of a firm without any title one unknown figure says nothing."""
        if self.ready or self.distance > NEAR:
            return False
        return self.decision is Decision.NO or (self.distance == 1 and bool(self.holding.valid))


@dataclass(frozen=True, eq=False)
class Survey:
    """The ladder of a day and every firm of the register that holds a title, held one, or qualifies for one.

    It is one of a kind: what is worked out of it is kept for it.
    """

    as_of: dt.date
    ladder: rungs.Ladder
    tallies: tuple[rungs.Count, ...]
    rows: Mapping[str, Row]
    firms: int
    among: Mapping[str, Mapping[str, Decision]] = field(default_factory=dict)  # of tallies narrowed by a rule

    def holders(self, title: str) -> list[Row]:
        """Firms that hold a title."""
        return [row for row in self.rows.values() if row.holding.holds(title)]

    def on_rung(self, step: int) -> list[Row]:
        """Firms whose highest rung is this one."""
        return [row for row in self.rows.values() if row.holding.rung == step]

    @cached_property
    def ready(self) -> list[Row]:
        return [row for row in self.rows.values() if row.ready]

    @cached_property
    def nearly(self) -> list[Row]:
        """Those bound for the highest rung first; of one rung the ready ones, then by distance."""
        found = [row for row in self.rows.values() if row.ready or row.near]
        return sorted(found, key=lambda row: (-row.holding.rung, not row.ready, row.distance, row.name))

    @cached_property
    def ending(self) -> list[tuple[Row, rungs.Held]]:
        """Titles that end soon, the soonest first."""
        found = [(row, one) for row in self.rows.values() for one in row.holding.ending]
        return sorted(found, key=lambda pair: (pair[1].days or 0, pair[0].name))

    def lost(self, within: int = 365) -> list[tuple[Row, rungs.Held]]:
        """Titles that ended or were withdrawn of late and that no other certificate replaces, the latest first."""
        found = [(row, one) for row in self.rows.values() for one in row.holding.lost if -(one.days or 0) <= within]
        return sorted(found, key=lambda pair: (-(pair[1].days or 0), pair[0].name))


@dataclass(frozen=True, slots=True)
class Firm:
    """One firm alone: the ladder of the day, what it holds, and the record of each certificate."""

    ladder: rungs.Ladder
    holding: rungs.Holding
    refs: Mapping[str, str]


def firm_alone(firm: str, as_of: dt.date) -> Firm:
    """What one firm holds, without asking for the rest of the zone."""
    ladder = rungs.ladder_at(titles(texts()[0]), as_of)
    told = registers.entries("certificates", as_of, [firm]).get(firm, [])
    return Firm(ladder, _holding(ladder, told), _refs(told))


def _holding(ladder: rungs.Ladder, told: list[dict[str, Any]]) -> rungs.Holding:
    return rungs.holding(ladder, [{key: value for key, value in one.items() if key != "ref"} for one in told])


def _refs(told: list[dict[str, Any]]) -> dict[str, str]:
    return {str(one.get("number") or one.get("from") or ""): one["ref"] for one in told}


def survey(as_of: dt.date) -> Survey:
    """The zone on the ladder; worked out once for a snapshot and a state of the definitions."""
    taken, given = registers.snapshot(as_of=as_of), texts()
    return _survey(taken.digest, digest(given), as_of)


@lru_cache(maxsize=4)
def _survey(_snapshot: str, _definitions: str, as_of: dt.date) -> Survey:
    frame, given = registers.snapshot(as_of=as_of).frame, texts()
    ladder, counts = rungs.ladder_at(titles(given[0]), as_of), tuple(tallies(given[1]))
    words = registers.vocabulary()
    rules = {id: edition.conditions for id, (_title, edition) in ladder.titles.items() if edition.conditions}
    ids = frame["id"].to_list()
    matrix = compile_rules(rules, words).evaluate(frame, as_of) if rules and ids else None
    answers: dict[str, Any] = {}
    if matrix is not None and matrix.distances is not None:
        for at, name in enumerate(matrix.rules):
            answers[name] = (matrix.decisions[at], matrix.distances[at])
    told = registers.entries("certificates", as_of)
    rows = {}
    for place, (firm, name, synthetic) in enumerate(
        frame.select("id", pl.coalesce("name", "id"), "synthetic").iter_rows()
    ):
        row = _row(ladder, told.get(firm, []), answers, place, (firm, name, synthetic))
        if row.holding.held or row.qualifies or row.near:
            rows[firm] = row
    among = {}
    for count in counts:
        if count.among is not None and ids:
            found = compile_rules([count.among], words).evaluate(frame, as_of, distances=False).decisions[0]
            among[count.key] = {id: _DECISIONS[int(value)] for id, value in zip(ids, found, strict=True)}
    return Survey(as_of, ladder, counts, rows, len(ids), among)


def _row(
    ladder: rungs.Ladder,
    told: list[dict[str, Any]],
    answers: Mapping[str, Any],
    place: int,
    firm: tuple[str, str, bool],
) -> Row:
    held, refs = _holding(ladder, told), _refs(told)

    def answer(title: str) -> tuple[Decision, int]:
        decisions, distances = answers[title]
        return _DECISIONS[int(decisions[place])], int(distances[place])

    goals = sorted(
        ((*answer(title), title) for title in held.next if title in answers),
        key=lambda one: (_ORDER[one[0]], one[1], one[2]),
    )
    qualifies = tuple(title for title in answers if not held.holds(title) and answer(title)[0] is Decision.YES)
    if not goals:
        return Row(*firm, held, refs, qualifies=qualifies)
    decision, distance, goal = goals[0]
    return Row(*firm, held, refs, goal, decision, distance, qualifies)
