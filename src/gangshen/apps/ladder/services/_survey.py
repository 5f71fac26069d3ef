"""The whole zone on the ladder as of a day: what each firm holds, what it qualifies for, what is next and how far."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from gangshen.apps.registers import services as registers
from gangshen.engines import rungs
from gangshen.engines.rules import Decision, compile_rules

from ._titles import digest, tallies, texts, titles

__all__ = ["NEAR", "Firm", "Row", "Survey", "firm_alone", "survey"]

NEAR = 2  # conditions to change or answer: as far as a firm is called near its next rung
_DECISIONS = (Decision.NO, Decision.UNKNOWN, Decision.YES)
_YES = _DECISIONS.index(Decision.YES)
_Answers = Mapping[str, tuple[list[int], list[int]]]  # title → code of the decision and distance of every firm


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
    return rungs.holding(ladder, told)


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
    answers: dict[str, tuple[list[int], list[int]]] = {}
    if matrix is not None and matrix.distances is not None:
        for at, name in enumerate(matrix.rules):
            answers[name] = (matrix.decisions[at].tolist(), matrix.distances[at].tolist())
    with _no_collection():
        rows = _rows(ladder, frame, answers, as_of)
    among = {}
    for count in counts:
        if count.among is not None and ids:
            found = compile_rules([count.among], words).evaluate(frame, as_of, distances=False).decisions[0]
            among[count.key] = {id: _DECISIONS[int(value)] for id, value in zip(ids, found, strict=True)}
    return Survey(as_of, ladder, counts, rows, len(ids), among)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hundreds of thousands of small things are made to stay: the collector would walk over them again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _rows(ladder: rungs.Ladder, frame: pl.DataFrame, answers: _Answers, as_of: dt.date) -> dict[str, Row]:
    """Firms of which there is anything to tell."""
    told, nothing = registers.every_entry(as_of), _Standing(_holding(ladder, []), {})
    firms = frame.select("id", pl.coalesce("name", "id"), "synthetic").with_row_index("place")
    within = firms.filter(pl.Series(_reached(answers, frame.height)) | pl.col("id").is_in(list(told)))
    rows = {}
    for place, firm, name, synthetic in within.iter_rows():
        said = told.get(firm)
        stands = _Standing(_holding(ladder, said), _refs(said)) if said else nothing
        row = _row(stands, answers, place, (firm, name, synthetic))
        if row.holding.held or row.qualifies or row.near:
            rows[firm] = row
    return rows


class _Standing(NamedTuple):
    held: rungs.Holding
    refs: dict[str, str]


def _reached(answers: _Answers, firms: int) -> npt.NDArray[np.bool_]:
    """Who meets the conditions of any title or is near doing so: nobody else without a certificate is told of."""
    found = np.zeros(firms, np.bool_)
    for codes, distances in answers.values():
        found |= (np.array(codes) == _YES) | (np.array(distances) <= NEAR)
    return found


def _row(stands: _Standing, answers: _Answers, place: int, firm: tuple[str, str, bool]) -> Row:
    held, refs = stands
    qualifies: tuple[str, ...] = ()
    reached = [title for title, (codes, _distances) in answers.items() if codes[place] == _YES]
    if reached:
        mine = {one.title for one in held.valid}
        qualifies = tuple(title for title in reached if title not in mine)
    goals = [
        (codes[place] != _YES, distances[place], title, codes[place])
        for title in held.next
        if title in answers
        for codes, distances in (answers[title],)
    ]
    if not goals:
        return Row(*firm, held, refs, qualifies=qualifies)
    _open, distance, goal, code = min(goals)
    return Row(*firm, held, refs, goal, _DECISIONS[code], distance, qualifies)
