"""A target counted over the register: what is certain, what missing values may add, and which firms they are of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from gangshen.apps.identity.access import require
from gangshen.apps.plans.models import Target
from gangshen.apps.registers import services as registers
from gangshen.engines.rules import (
    All,
    Decision,
    Node,
    Prepared,
    Question,
    Reason,
    RuleError,
    Verdict,
    compile_rules,
    interpret,
    period_keys,
    prepare,
    questions,
    subject_of,
)

from ._query import Query, factor, query_of

__all__ = ["Gap", "Measured", "gaps", "measure", "measured", "set_query"]

NO, UNKNOWN, YES = 0, 1, 2
Answers = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Measured:
    """A target's value by the register: ``low`` is certain, ``high`` what it is if every open firm counts.

    In the target's unit. ``high`` is None where a missing amount has no upper bound, ``low`` too where nobody is
    known to be meant. ``counted`` and ``open`` are keys of firms; those that weigh most come first. ``fault`` says
    why a query can no longer be asked; it then has neither value nor firms.
    """

    query: Query
    as_of: dt.date
    low: float | None = None
    high: float | None = None
    among: int = 0  # firms known to be meant
    counted: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """What keeps one firm open: the values to ask for."""

    firm: str
    questions: tuple[Question, ...] = field(default=())


def measured(targets: Iterable[Target], as_of: dt.date) -> dict[int, Measured]:
    """Target → its value by the register, for those that carry a query; one snapshot serves them all."""
    asked = {target.pk: (target, query_of(target.query)) for target in targets if target.query}
    if not asked:
        return {}
    frame = registers.snapshot(as_of=as_of).frame
    return {pk: measure(query, target.unit, frame, as_of) for pk, (target, query) in asked.items() if query}


def set_query(target: Target, query: Query | None, *, actor: Any) -> None:
    """Change what the target counts over the register; None: nothing. Raises PermissionDenied."""
    require(actor, "change", target)
    target.query = query.model_dump(mode="json", exclude_defaults=True) if query else None
    target.save(update_fields=["query"])


def _rule(conditions: Sequence[Any]) -> Node:
    return All(all=tuple(one.clause(i) for i, one in enumerate(conditions)))


def measure(query: Query, unit: str, frame: pl.DataFrame, as_of: dt.date) -> Measured:
    """The query over ``frame`` (a snapshot of ``as_of``), in ``unit``."""
    try:
        among = _answers(query.among, frame, as_of)
        where = _answers(query.where, frame, as_of)
        each = factor(query, unit)
        if each is None:
            return Measured(query, as_of, fault=f"{query.attribute}: {unit}?")
    except RuleError as error:
        return Measured(query, as_of, fault=str(error))
    ids = frame["id"].to_list()
    if query.measure == "share":
        return _share(query, as_of, ids, among, where)
    both = np.minimum(among, where)
    if query.measure == "count":
        low, wide = int((both == YES).sum()), int((both == UNKNOWN).sum())
        return Measured(
            query,
            as_of,
            low,
            low + wide,
            int((among == YES).sum()),
            _keys(ids, both == YES),
            _keys(ids, both == UNKNOWN),
        )
    return _sum(query, as_of, frame, both, each)


def _answers(conditions: Sequence[Any], frame: pl.DataFrame, as_of: dt.date) -> Answers:
    if not conditions:
        return np.full(frame.height, YES, dtype=np.uint8)
    batch = compile_rules([_rule(conditions)], registers.vocabulary())
    return batch.evaluate(frame, as_of, distances=False).decisions[0]


def _keys(ids: Sequence[str], chosen: Any, weight: Any = None) -> tuple[str, ...]:
    """The chosen firms, the heaviest first, then by key."""
    places = np.flatnonzero(chosen)
    return tuple(ids[i] for i in sorted(places, key=lambda i: (0 if weight is None else -weight[i], ids[i])))


def _share(query: Query, as_of: dt.date, ids: Sequence[str], among: Answers, where: Answers) -> Measured:
    """Bounds of a share: a firm whose part in the whole is open is left out where that is the bound."""
    meant, maybe = among == YES, among == UNKNOWN
    counted, unclear = meant & (where == YES), meant & (where == UNKNOWN)
    lowest = int(meant.sum()) + int((maybe & (where != YES)).sum())
    added = int((maybe & (where != NO)).sum())
    highest = int(meant.sum()) + added
    low = 100 * int(counted.sum()) / lowest if lowest else (100.0 if highest else None)
    high = 100 * (int(counted.sum()) + int(unclear.sum()) + added) / highest if highest else None
    if low is not None and high is None:
        high = low
    return Measured(query, as_of, low, high, int(meant.sum()), _keys(ids, counted), _keys(ids, unclear | maybe))


def _sum(query: Query, as_of: dt.date, frame: pl.DataFrame, both: Answers, each: float) -> Measured:
    """A firm is open when it may not be meant, or its value is missing or out of date."""
    values, stale = _column(query, frame, as_of)
    known = ~np.isnan(values)
    sure = (both == YES) & known & ~stale
    open_ = (both != NO) & ~sure
    spread = values[open_ & known] / each
    base = float(values[sure].sum()) / each
    low: float | None = base + float(spread[spread < 0].sum())
    high: float | None = base + float(spread[spread > 0].sum())
    if bool((open_ & ~known).any()):
        high = None  # nobody knows how much is missing, nor, where values may be negative, which way it pulls
        low = None if bool((values[known] < 0).any()) else low
    ids, weight = frame["id"].to_list(), np.nan_to_num(np.abs(values), nan=np.inf)
    return Measured(
        query, as_of, low, high, int((both == YES).sum()), _keys(ids, sure, weight), _keys(ids, open_, weight)
    )


def _column(query: Query, frame: pl.DataFrame, as_of: dt.date) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    name = _summed(query, frame.columns, as_of)
    if name not in frame.columns:
        return np.full(frame.height, np.nan), np.zeros(frame.height, dtype=bool)
    stale = f"{name}__stale"
    masks = frame[stale].fill_null(value=False).to_numpy() if stale in frame.columns else np.zeros(frame.height, bool)
    return frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy(), masks.astype(bool)


def _summed(query: Query, columns: Sequence[str], as_of: dt.date) -> str:
    """The column that is added up: that of the period asked for, else the latest."""
    for period in period_keys(query.period, as_of) or ():
        return f"{query.attribute}@{period}"
    return query.attribute or ""


def gaps(found: Measured, firms: Sequence[str]) -> list[Gap]:
    """What to ask each of ``firms`` (of ``found.open``), in their order."""
    taken = registers.snapshot(as_of=found.as_of)
    words, query = registers.vocabulary(), found.query
    prepared = prepare(_rule(query.conditions), words) if query.conditions else None
    rows = {row["id"]: row for row in taken.frame.filter(pl.col("id").is_in(list(firms))).iter_rows(named=True)}
    return [Gap(key, tuple(_open(query, prepared, rows[key], found.as_of))) for key in firms if key in rows]


def _open(query: Query, prepared: Prepared | None, row: dict[str, Any], as_of: dt.date) -> list[Question]:
    verdict = (
        interpret(prepared, subject_of(row), registers.vocabulary(), as_of)
        if prepared
        else Verdict(Decision.YES, "all", 0)
    )
    asked = questions([("target", verdict, 0)])
    if query.measure == "sum" and verdict.decision is not Decision.NO and query.attribute:
        name = _summed(query, list(row), as_of)
        stale = bool(row.get(f"{name}__stale"))
        if row.get(name) is None or stale:
            reason = Reason.STALE if stale else Reason.MISSING
            asked.append(Question(query.attribute, query.period, reason, 0, 0.0, ("target",)))
    return asked
