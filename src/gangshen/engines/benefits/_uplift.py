"""上浮: what comes on top for applicants that meet a further condition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from gangshen.engines.rules import Columns, Decision, Node, Prepared, compile_rules, interpret, prepare
from gangshen.engines.vocabulary import Vocabulary

from ._fen import fraction, share
from ._model import Benefit, Uplift

__all__ = ["raised", "uplift_columns", "uplifts_of"]


@lru_cache(maxsize=1024)
def _ready(when: Node, vocabulary: Vocabulary) -> Prepared:
    return prepare(when, vocabulary)


def uplifts_of(
    benefit: Benefit, subject: Mapping[str, Any], vocabulary: Vocabulary, as_of: dt.date
) -> tuple[list[int], list[int]]:
    """For each uplift 1 or 0: whether the subject certainly meets its condition, and whether it may."""
    found = [interpret(_ready(u.when, vocabulary), subject, vocabulary, as_of).decision for u in benefit.uplifts]
    return [int(one is Decision.YES) for one in found], [int(one is not Decision.NO) for one in found]


def uplift_columns(benefit: Benefit, columns: Columns, as_of: dt.date) -> tuple[list[Any], list[Any]]:
    """The same for every row."""
    if not benefit.uplifts:
        return [], []
    rules = {str(i): uplift.when for i, uplift in enumerate(benefit.uplifts)}
    decided = compile_rules(rules, columns.vocabulary).evaluate(columns, as_of, distances=False).decisions
    return [(row == 2).astype(np.int64) for row in decided], [(row != 0).astype(np.int64) for row in decided]


def raised(uplifts: Sequence[Uplift], on: Sequence[Any], base: Any, paid: Any, *, caps: bool = False) -> Any:
    """``paid`` with the uplifts that are on (1 or 0, or columns of these); of a cap only what raises caps."""
    more = paid
    for uplift, applies in zip(uplifts, on, strict=True):
        if caps and not uplift.caps:
            continue
        if uplift.factor is not None:
            more = more + applies * share(paid, fraction(uplift.factor))
        if not caps and uplift.rate is not None:
            more = more + applies * share(base, fraction(uplift.rate))
        if not caps and uplift.amount_fen is not None:
            more = more + applies * uplift.amount_fen
    return more
