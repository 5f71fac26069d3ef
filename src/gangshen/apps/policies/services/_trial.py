"""试算: editions tried on every enterprise at once, over a snapshot that is prepared once and kept in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from django.utils.translation import gettext as _

from gangshen.apps.policies.models import Policy
from gangshen.apps.registers import services as registers
from gangshen.engines import benefits
from gangshen.engines.rules import Clause, Columns, Operator, RuleError, clauses, compile_rules
from gangshen.engines.vocabulary import town_column
from gangshen.web.errors import Refused
from gangshen.web.formatting import label

from ._changes import Changes, Setting, made, settings_of
from ._earlier import Beside, Earlier, beside
from ._moves import Move, moves

__all__ = [
    "GROUPS",
    "YES",
    "Ground",
    "Outcome",
    "Point",
    "Trial",
    "decided",
    "ground",
    "moved_setting",
    "number_of",
    "outcomes",
    "sweep",
    "trial",
    "why_unknown",
]

NO, UNKNOWN, YES = 0, 1, 2
GROUPS = ("segment", "size", "town")
POINTS = 13  # of the picture of a threshold
_Codes = npt.NDArray[np.uint8]
_Fen = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ground:
    """All enterprises as of a day, ready for rules; ``frame`` has a row each in the order of every array here."""

    columns: Columns
    frame: pl.DataFrame
    records: pl.DataFrame
    as_of: dt.date
    digest: str
    at: Mapping[str, int]  # enterprise → its row
    shown: pl.DataFrame  # what a list of firms says of each: id name synthetic segment size town
    groups: Mapping[str, pl.DataFrame]  # of each of ``GROUPS``: ``group``, and ``at``, the row that stands in it
    beside: Beside | None = None  # of the policy whose texts are tried

    @property
    def rows(self) -> int:
        return self.frame.height


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one edition comes to: ``decisions`` 0 no, 1 unknown, 2 yes; ``low`` and ``high`` fen where ``known``."""

    edition: benefits.PolicyVersion
    decisions: _Codes
    paid: benefits.Amounts

    @property
    def yes(self) -> int:
        return int((self.decisions == YES).sum())

    @property
    def unknown(self) -> int:
        return int((self.decisions == UNKNOWN).sum())

    @property
    def low(self) -> int:
        """At least (fen): what those pay who get it for certain."""
        return int(self.paid.low[(self.decisions == YES) & self.paid.known].sum())

    @property
    def high(self) -> int:
        """At most (fen): with everyone unknown getting it too."""
        return int(self.paid.high[(self.decisions != NO) & self.paid.known].sum())

    @property
    def uncounted(self) -> int:
        """Who may get it while nobody can compute how much."""
        return int(((self.decisions != NO) & ~self.paid.known).sum())


@dataclass(frozen=True, slots=True)
class Point:
    """One place of the picture of a threshold."""

    value: float
    yes: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Trial:
    """Two texts on the same ground: ``before`` is what ``after`` is held against."""

    ground: Ground
    before: Outcome
    after: Outcome
    moves: Sequence[Move]
    alone: Mapping[str, tuple[int, int, int, int]]  # move → who enters, who leaves, cost at least and at most more
    shifts: Mapping[str, _Codes]  # move → the decisions that it alone leads to
    earlier: Earlier | None = None  # what was granted before, and what ``after`` is cheaper by it

    @property
    def enters(self) -> _Flags:
        return (self.after.decisions == YES) & (self.before.decisions != YES)

    @property
    def leaves(self) -> _Flags:
        return (self.after.decisions != YES) & (self.before.decisions == YES)

    @property
    def open(self) -> _Flags:
        return self.after.decisions == UNKNOWN

    def rows(self, which: _Flags) -> list[dict[str, Any]]:
        """Enterprises marked, those with the most money first: ``id name synthetic segment size town low high``."""
        at = np.flatnonzero(which)
        at = at[np.argsort(-self.after.paid.high[at], kind="stable")]
        frame = self.ground.shown[at]
        money = [
            (int(self.after.paid.low[i]), int(self.after.paid.high[i])) if self.after.paid.known[i] else None
            for i in at
        ]
        return [{**row, "amount": one, "at": int(i)} for row, one, i in zip(frame.to_dicts(), money, at, strict=True)]

    def by(self, group: str) -> list[tuple[str, int, int, int]]:
        """(group, gets it before, after, unknown after) by ``segment``, ``size`` or ``town``, the most after first.

        A firm with several segments counts in each; one without stands under "".
        """
        frame = self.ground.groups[group]
        at = frame["at"].to_numpy()
        masks = {"before": self.before.decisions == YES, "after": self.after.decisions == YES, "open": self.open}
        summed = (
            frame.select("group", **{name: pl.Series(mask[at]) for name, mask in masks.items()})
            .group_by("group")
            .agg(pl.col(*masks).sum())
            .filter(pl.any_horizontal(pl.col(*masks) > 0))
            .cast({"group": pl.String})
        )
        return [tuple(row) for row in summed.sort("after", "open", "group", descending=[True, True, False]).rows()]


def ground(as_of: dt.date, policy: Policy | None = None, year: int = 0) -> Ground:
    """Today's enterprises; the same snapshot is prepared once in a process. For texts of
    ``policy`` that pay in ``year`` (default: that of the day) also what was granted before."""
    taken = registers.snapshot(as_of=as_of)
    over = _ground(taken.digest, registers.vocabulary_digest(), as_of)
    if policy is None:
        return over
    return replace(over, beside=beside(policy, as_of, year or as_of.year, over.columns, over.at))


@lru_cache(maxsize=2)
def _ground(digest: str, _words: str, as_of: dt.date) -> Ground:
    taken = registers.snapshot(as_of=as_of)
    frame, records = taken.frame.sort("id"), taken.records.sort("id")
    shown = _shown(frame)
    at = {id: i for i, id in enumerate(frame["id"])}
    columns = Columns(frame, registers.vocabulary(), as_of)
    return Ground(columns, frame, records, as_of, digest, at, shown, {group: _group(shown, group) for group in GROUPS})


def _shown(frame: pl.DataFrame) -> pl.DataFrame:
    there = set(frame.columns)
    nothing = pl.lit(None, dtype=pl.String)
    segment = (
        pl.col("chain_nodes").list.eval(pl.element().struct.field("type"))
        if "chain_nodes" in there
        else pl.lit(None, dtype=pl.List(pl.String))
    )
    division = "registered_division"
    town = town_column(pl.col(division)) if division in there else nothing
    return frame.select(
        "id",
        "synthetic",
        name=pl.coalesce("name", "id") if "name" in there else pl.col("id"),
        segment=segment,
        size=pl.col("size_class") if "size_class" in there else nothing,
        town=town,
    )


def _group(shown: pl.DataFrame, group: str) -> pl.DataFrame:
    """A row for each place that a firm has in ``group``: one with several segments stands in each, one without in ""."""
    frame = shown.select(pl.int_range(pl.len()).alias("at"), group=pl.col(group))
    if group == "segment":
        frame = frame.explode("group")
    return frame.with_columns(pl.col("group").fill_null("").cast(pl.Categorical))


def outcomes(over: Ground, editions: Mapping[str, benefits.PolicyVersion]) -> dict[str, Outcome]:
    """Each edition of the ground's policy on every enterprise, net of what was granted before.

    Raises :class:`Refused` with every fault of a rule that can't be used.
    """
    codes = decided(over, editions)
    return {name: Outcome(one, codes[name], _paid(over, one, codes[name])) for name, one in editions.items()}


def _paid(over: Ground, edition: benefits.PolicyVersion, codes: _Codes) -> benefits.Amounts:
    if over.beside is None:
        return benefits.amounts(edition.benefit, over.columns, over.as_of)
    try:
        return over.beside.paid(edition, codes, over.columns)
    except ValueError as error:  # it tops up itself round a circle
        words = _("What it gives can't be worked out: %(why)s.") % {"why": error}
        raise Refused(words, _("Correct what it tops up.")) from None


def decided(over: Ground, editions: Mapping[str, benefits.PolicyVersion]) -> dict[str, _Codes]:
    """The answer of each edition for every enterprise; raises :class:`Refused` as :func:`outcomes`."""
    try:
        batch = compile_rules({name: one.eligibility for name, one in editions.items()}, registers.vocabulary())
    except RuleError as error:
        words = "; ".join(dict.fromkeys(label(one.message) for one in error.problems))
        raise Refused(_("The rule can't be tried: %(why)s.") % {"why": words}, _("Correct the clause.")) from None
    matrix = batch.evaluate(over.columns, over.as_of, distances=False)
    return dict(zip(matrix.rules, matrix.decisions, strict=True))


def trial(base: benefits.PolicyVersion, after: benefits.PolicyVersion, over: Ground) -> Trial:
    """``base`` beside ``after`` on the same ground; each difference between them is tried alone as well."""
    told = moves(base, after)
    alone = {one.key: one.edition for one in told} if len(told) > 1 else {}
    found = outcomes(over, {"base": base, "after": after, **{f"alone:{key}": one for key, one in alone.items()}})
    first, last = found["base"], found["after"]
    ends = {one.key: found[f"alone:{one.key}"] if alone else last for one in told}
    effects = {key: _effect(first, one) for key, one in ends.items()}
    shifts = {key: one.decisions for key, one in ends.items()}
    return Trial(over, first, last, told, effects, shifts, _earlier(over, last))


def _earlier(over: Ground, after: Outcome) -> Earlier | None:
    if over.beside is None or not over.beside.granted:
        return None
    gross = over.beside.without().paid(after.edition, after.decisions, over.columns)
    return over.beside.earlier(Outcome(after.edition, after.decisions, gross).high - after.high)


def _effect(before: Outcome, after: Outcome) -> tuple[int, int, int, int]:
    enters = int(((after.decisions == YES) & (before.decisions != YES)).sum())
    leaves = int(((after.decisions != YES) & (before.decisions == YES)).sum())
    return enters, leaves, after.low - before.low, after.high - before.high


def sweep(edition: benefits.PolicyVersion, setting: Setting, over: Ground, *, through: Sequence[float]) -> list[Point]:
    """Who gets it while one threshold moves from half to one and a half of ``through``; nothing else changes."""
    values = _ladder(min(through), max(through))
    if not setting.clause or not setting.numeric or len(values) < 2:
        return []
    tried: dict[str, benefits.PolicyVersion] = {}
    for value in values:
        try:
            tried[repr(value)] = made(edition, Changes(values={setting.key: f"{value:f}"}))
        except Refused:  # beyond the other end of a range
            continue
    codes_of = decided(over, tried)
    return [
        Point(value, int((codes == YES).sum()), int((codes == UNKNOWN).sum()))
        for value in values
        if (codes := codes_of.get(repr(value))) is not None
    ]


def _ladder(low: float, high: float) -> list[float]:
    """Round places from half of ``low`` to one and a half of ``high``, with both of them among these."""
    start, end = (low * 0.5, high * 1.5) if low >= 0 else (low * 1.5, max(high * 0.5, high + 1))
    if end <= start:
        start, end = start - 1, end + 1
    raw = (end - start) / (POINTS - 1)
    size = 10.0 ** np.floor(np.log10(raw))
    step = float(next(size * one for one in (1, 2, 2.5, 5, 10) if size * one >= raw))
    first = np.ceil(start / step) * step
    places = {round(float(first + i * step), 9) for i in range(POINTS + 1) if first + i * step <= end + step / 2}
    whole = {round(one) for one in (low, high)} if float(low).is_integer() and float(high).is_integer() else set()
    if whole:
        places = {float(round(one)) for one in places}
    return sorted(places | {float(low), float(high)})


def why_unknown(edition: benefits.PolicyVersion, over: Ground, decisions: _Codes) -> list[tuple[Clause, int]]:
    """Of those nobody can decide about: the clauses that are open, and for how many; the most first."""
    open_ = decisions == UNKNOWN
    if not open_.any():
        return []
    batch = compile_rules({"rule": edition.eligibility}, registers.vocabulary())
    found = []
    for clause in clauses(edition.eligibility):
        n = int(((batch.clause(over.columns, over.as_of, "rule", clause.id) == UNKNOWN) & open_).sum())
        if n:
            found.append((clause, n))
    return sorted(found, key=lambda one: -one[1])


def number_of(setting: Setting) -> float | None:
    """The setting's value as a number; None for a list or a date."""
    if not setting.numeric:
        return None
    try:
        return float(setting.value)
    except ValueError:
        return None


def moved_setting(edition: benefits.PolicyVersion, told: Sequence[Move]) -> Setting | None:
    """The threshold to draw: the first one that moved, else the first figure of the rule."""
    there = [one for one in settings_of(edition) if one.clause and one.numeric and _swept(edition, one)]
    keys = [one.key for one in told]
    return next((one for one in there if one.key in keys), next(iter(there), None))


def _swept(edition: benefits.PolicyVersion, setting: Setting) -> bool:
    clause = next(one for one in clauses(edition.eligibility) if one.id == setting.clause)
    return clause.operator in (Operator.GE, Operator.GT, Operator.LE, Operator.LT, Operator.WITHIN_YEARS)
