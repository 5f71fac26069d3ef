"""What a missing value keeps back: the policies that are undecided for want of it, and what they would pay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from gangshen.apps.registers import services as registers
from gangshen.engines.rules import Clause, Node, children, compile_rules, places

from ._before import granted_digest
from ._editions import Edition, editions_in_force
from ._together import law_of

__all__ = ["stakes"]

UNKNOWN = 1


def stakes(as_of: dt.date) -> pl.DataFrame:
    """Subject, attribute, matter (policy key) and fen (the most it pays, null where nobody can compute it) of every undecided pair, for all firms at once."""
    editions = editions_in_force(as_of)
    digests = (*((edition.key, edition.version.digest) for edition in editions), ("", granted_digest()))
    return _stakes(as_of, registers.snapshot(as_of=as_of).digest, registers.vocabulary_digest(), digests)


@lru_cache(maxsize=4)
def _stakes(as_of: dt.date, digest: str, words: str, digests: tuple[tuple[str, str], ...]) -> pl.DataFrame:
    law = law_of(as_of)
    editions = list(law.editions.values())
    nodes = {f"{one.key}/{place}": node for one in editions for place, node in places(one.rule.eligibility)}
    batch = compile_rules(nodes, registers.vocabulary())
    columns = batch.columns(registers.snapshot(as_of=as_of).frame, as_of)
    matrix = batch.evaluate(columns, as_of, distances=False)
    rows = dict(zip(matrix.rules, matrix.decisions, strict=True))
    frames = [pl.DataFrame(schema=registers.STAKE_ROWS)]
    ids = pl.Series("subject", matrix.ids, dtype=pl.String)
    decided = {edition.key: rows[f"{edition.key}/"] for edition in editions}
    amounts = law.columns(decided, columns, matrix.ids)
    for edition in editions:
        paid = amounts[edition.key]
        fen = pl.Series(paid.high, dtype=pl.Int64).set(pl.Series(~paid.known), None)
        lacking: dict[str, npt.NDArray[np.bool_]] = {}
        for name, mask in _open(edition, rows):
            lacking[name] = lacking.get(name, np.zeros(len(ids), np.bool_)) | mask
        frames += [_frame(ids, fen, edition.key, name, mask) for name, mask in lacking.items()]
    return pl.concat(frames)


def _frame(ids: pl.Series, fen: pl.Series, policy: str, attribute: str, mask: npt.NDArray[np.bool_]) -> pl.DataFrame:
    kept = pl.Series(mask)
    made = pl.DataFrame({"subject": ids, "fen": fen}).filter(kept)
    named = made.with_columns(pl.lit(attribute).alias("attribute"), pl.lit(policy).alias("matter"))
    return named.select(list(registers.STAKE_ROWS))


def _open(edition: Edition, rows: Mapping[str, Any]) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    """Each clause with an attribute, and for whom it is unknown with nothing decided above it."""

    def walk(node: Node, place: str, above: npt.NDArray[np.bool_]) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
        here = above & (rows[f"{edition.key}/{place}"] == UNKNOWN)
        if isinstance(node, Clause) and node.attribute is not None:
            yield node.attribute, here
        below = dict(places(node, place))
        for child in children(node):
            where = next(one for one, other in below.items() if other is child)
            yield from walk(child, where, here)

    rule = edition.rule.eligibility
    return walk(rule, "", np.ones(len(next(iter(rows.values()))), np.bool_))
