"""What a firm gets of all policies together: what each comes to beside earlier grants, then the best bundle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from gangshen.engines.rules import Columns, Decision
from gangshen.engines.vocabulary import Vocabulary

from ._bundle import Bundle, best_bundle
from ._bundles import Bundles, best_bundles
from ._fen import Interval
from ._granted import Granted
from ._model import Benefit
from ._standing import Standing, earlier, offered, room_columns, rooms, standing_columns, standings

__all__ = ["entitled", "entitled_columns"]

Fen = npt.NDArray[np.int64]
_NO, _YES = 0, 2


def entitled(
    benefits: Mapping[str, Benefit],
    decisions: Mapping[str, Decision],
    subject: Mapping[str, Any],
    vocabulary: Vocabulary,
    as_of: dt.date,
    *,
    granted: Mapping[str, Granted[int]] | None = None,
    groups: Mapping[str, str | None] | None = None,
) -> Bundle:
    """The best bundle of one firm.

    ``benefits`` and ``decisions`` are by policy; a no is not offered, an unknown pays nothing for certain. ``granted``
    holds what was granted before, by policy (its own caps, what it rules out or is topped up by) and by the name of a
    shared ceiling; ``groups`` the exclusive group of a policy granted before that is not among ``benefits``.
    """
    found = standings(benefits, decisions, subject, vocabulary, as_of, granted=granted, groups=groups)
    offers = [offered(name, benefits[name], _sure(found[name], decisions[name])) for name in benefits if name in found]
    left = rooms(benefits, subject, vocabulary, as_of, granted=granted)
    names = {name for name, sums in (granted or {}).items() if sums.ever > 0}
    return best_bundle(offers, rooms=left, granted=earlier(benefits, names, groups))


def _sure(standing: Standing, decision: Decision) -> Interval | None:
    paid = standing.amount
    return paid if paid is None or decision is Decision.YES else Interval(0, paid.high)


def entitled_columns(
    benefits: Mapping[str, Benefit],
    decisions: npt.NDArray[np.uint8],
    columns: Columns,
    as_of: dt.date,
    *,
    granted: Mapping[str, Granted[Fen]] | None = None,
    groups: Mapping[str, str | None] | None = None,
) -> Bundles:
    """The best bundle of every row; ``decisions[policy, row]`` (0 no, 1 unknown, 2 yes) in the order of ``benefits``."""
    before = dict(granted or {})
    decided = dict(zip(benefits, decisions, strict=True))
    found = standing_columns(benefits, decided, columns, as_of, granted=before, groups=groups)
    low, high = (np.zeros((len(benefits), columns.rows), dtype=np.int64) for _ in range(2))
    for i, name in enumerate(benefits):
        paid = found[name]
        low[i] = np.where(paid.known & (decisions[i] == _YES), paid.low, 0)
        high[i] = np.where(paid.known & (decisions[i] != _NO), paid.high, 0)
    offers = [offered(name, benefit, None) for name, benefit in benefits.items()]
    left = room_columns(benefits, columns, as_of, granted=before)
    told = earlier(benefits, before, groups)
    marks = {name: before[name].ever > 0 for name in told}
    named = {name: group for name, group in told.items() if group is not None}
    return best_bundles(offers, low, high, decisions != _NO, rooms=left, granted=marks, groups=named)
