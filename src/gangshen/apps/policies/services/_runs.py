"""All decisions at once, as a run whose result is a file; what is new is the difference of two runs."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from gangshen.apps.archive import services as archive
from gangshen.apps.policies.services._editions import editions_in_force
from gangshen.apps.registers import services as registers
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from gangshen.engines.benefits import Amounts
from gangshen.engines.rules import compile_rules

from ._before import granted_digest
from ._together import law_of

__all__ = [
    "KIND",
    "Change",
    "Reach",
    "decisions",
    "difference",
    "inputs",
    "last_two",
    "match_all",
    "reach",
    "start",
    "state",
]

KIND = "policies.match"
NO, UNKNOWN, YES = 0, 1, 2
AMOUNTS = (
    2  # 2: beside earlier grants of all policies, not of the policy alone; what was filed otherwise is matched anew
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Of one policy: how many get it, are near, are unknown, are refused, and what it costs (fen) at least and at most.

    ``spent`` meet every condition and get nothing now: it was granted before, or what it tops up pays nothing.
    """

    yes: int
    spent: int
    near: int
    unknown: int
    no: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Change:
    """An enterprise that a policy newly reaches or no longer does."""

    enterprise: str
    policy: str
    before: int | None
    after: int
    low: int
    high: int


def inputs(as_of: dt.date) -> dict[str, Any]:
    """What a match rests on; the same inputs are not matched again."""
    return {
        "as_of": as_of.isoformat(),
        "snapshot": registers.snapshot(as_of=as_of).digest,
        "versions": {edition.key: edition.version.digest for edition in editions_in_force(as_of)},
        "granted": granted_digest(),
        "amounts": AMOUNTS,
    }


def start(as_of: dt.date, *, actor: Any, now: dt.datetime, inline: bool = False) -> Run:
    """Match everything as of a day; a run of the same inputs that is done is given back as it is."""
    params = inputs(as_of)
    done = runs.latest(KIND, **params)
    return done or runs.start(KIND, params, actor=actor, now=now, inline=inline)


def match_all(as_of: dt.date) -> pl.DataFrame:
    """Decision, distance and amount of every pair: columns enterprise, policy, version, decision, distance, low, high.

    ``decision`` is 0 no, 1 unknown, 2 yes; ``low`` and ``high`` fen, null where nobody can compute the amount.
    """
    law = law_of(as_of)
    batch = compile_rules({key: one.rule.eligibility for key, one in law.editions.items()}, registers.vocabulary())
    columns = batch.columns(registers.snapshot(as_of=as_of).frame, as_of)
    matrix = batch.evaluate(columns, as_of)
    assert matrix.distances is not None
    decided = dict(zip(matrix.rules, matrix.decisions, strict=True))
    distances = dict(zip(matrix.rules, matrix.distances, strict=True))
    paid = law.columns(decided, columns, matrix.ids)
    ids = pl.Series("enterprise", matrix.ids, dtype=pl.String)
    frames = [
        _frame(ids, key, edition.version.version, decided[key], distances[key], paid[key])
        for key, edition in law.editions.items()
    ]
    return pl.concat(frames).sort("enterprise", "policy") if frames else pl.DataFrame(schema=_SCHEMA)


def _frame(ids: pl.Series, policy: str, version: str, decided: Any, distances: Any, paid: Amounts) -> pl.DataFrame:
    told = pl.Series(paid.known & (decided != NO))
    made = pl.DataFrame(
        {
            "enterprise": ids,
            "decision": decided.astype(np.uint8),
            "distance": distances.astype(np.uint8),
            "low": paid.low,
            "high": paid.high,
        }
    )
    return made.select(
        "enterprise",
        pl.lit(policy).alias("policy"),
        pl.lit(version).alias("version"),
        "decision",
        "distance",
        *(pl.when(told).then(pl.col(side)).alias(side) for side in ("low", "high")),
    )


_SCHEMA = {
    "enterprise": pl.String,
    "policy": pl.String,
    "version": pl.String,
    "decision": pl.UInt8,
    "distance": pl.UInt8,
    "low": pl.Int64,
    "high": pl.Int64,
}


def as_file(frame: pl.DataFrame) -> bytes:
    """The result file of a run (Arrow IPC)."""
    out = io.BytesIO()
    frame.write_ipc(out, compression="zstd")
    return out.getvalue()


def decisions(run: Run) -> pl.DataFrame:
    """The decisions that a run filed."""
    return pl.read_ipc(io.BytesIO(archive.read(run.result_file)))


def last_two() -> tuple[Run | None, Run | None]:
    """The latest done match and the one before it."""
    done = list(Run.objects.filter(kind=KIND, state=Run.State.DONE, result_file__isnull=False).order_by("-pk")[:2])
    return (done[0] if done else None), (done[1] if len(done) > 1 else None)


def difference(before: Run, after: Run) -> list[Change]:
    """Pairs that entered or left a yes between two runs, by policy and enterprise."""
    both = decisions(after).join(
        decisions(before).select("enterprise", "policy", was="decision"), on=["enterprise", "policy"], how="left"
    )
    changed = both.filter((pl.col("decision") == YES) != (pl.col("was") == YES).fill_null(False)).sort(
        "policy", "enterprise"
    )
    return [
        Change(row["enterprise"], row["policy"], row["was"], row["decision"], row["low"] or 0, row["high"] or 0)
        for row in changed.iter_rows(named=True)
    ]


def state() -> pl.Expr:
    """Of rows of :func:`match_all`: how each stands, as :attr:`Match.state` says it of one."""
    decision = pl.col("decision")
    return (
        pl.when((decision == YES) & (pl.col("high") == 0))
        .then(pl.lit("na"))
        .when(decision == YES)
        .then(pl.lit("ok"))
        .when(decision == UNKNOWN)
        .then(pl.lit("unk"))
        .when(pl.col("distance") == 1)
        .then(pl.lit("near"))
        .otherwise(pl.lit("bad"))
    )


def reach(run: Run | None) -> dict[str, Reach]:
    """Counts and cost of each policy in a run; near is a no that one change would flip."""
    if run is None:
        return {}
    stands = {"yes": "ok", "spent": "na", "near": "near", "unknown": "unk", "no": "bad"}
    counted = (
        decisions(run)
        .with_columns(state=state())
        .group_by("policy")
        .agg(
            *((pl.col("state") == key).sum().alias(name) for name, key in stands.items()),
            low=pl.col("low").filter(pl.col("decision") == YES).sum(),
            high=pl.col("high").sum(),
        )
    )
    return {row.pop("policy"): Reach(**row) for row in counted.iter_rows(named=True)}
