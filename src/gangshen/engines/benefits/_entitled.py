"""What a firm gets of all policies together: each amount with what it tops up, then the best bundle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from gangshen.engines.rules import Columns, Decision
from gangshen.engines.vocabulary import Vocabulary

from ._amount import amount
from ._amounts import Amounts, amounts
from ._bundle import Bundle, Offered, best_bundle
from ._bundles import Bundles, best_bundles
from ._fen import UNBOUNDED, Interval
from ._granted import Granted
from ._model import Benefit, Ceiling

__all__ = ["entitled", "entitled_columns", "offered"]

Fen = npt.NDArray[np.int64]
_NO, _YES = 0, 2


def offered(policy: str, benefit: Benefit, paid: Interval | None) -> Offered:
    """What ``policy`` would pay, with what its benefit may not stand beside."""
    names = tuple(ceiling.name for ceiling in benefit.ceilings)
    return Offered(policy, paid, benefit.exclusive, benefit.not_with, benefit.matches, names)


def entitled(
    benefits: Mapping[str, Benefit],
    decisions: Mapping[str, Decision],
    subject: Mapping[str, Any],
    vocabulary: Vocabulary,
    as_of: dt.date,
    *,
    granted: Mapping[str, Granted[int]] | None = None,
    groups: Mapping[str, str] | None = None,
) -> Bundle:
    """The best bundle of one firm.

    ``benefits`` and ``decisions`` are by policy; a no is not offered, an unknown pays nothing for certain. ``granted``
    holds what was granted before, by policy (its own caps, what it rules out or is topped up by) and by the name of a
    shared ceiling; ``groups`` the exclusive group of a policy granted before that is not among ``benefits``.
    """
    before = dict(granted or {})
    groups = {name: b.exclusive for name, b in benefits.items() if b.exclusive} | dict(groups or {})
    paid: dict[str, Interval | None] = {}
    for name in _base_first(benefits):
        benefit, decision = benefits[name], decisions.get(name, Decision.NO)
        if decision is Decision.NO:
            continue
        matched = None
        if benefit.matches is not None:
            told = before.get(benefit.matches, Granted(0, 0)).ever
            matched = paid[benefit.matches] if benefit.matches in paid else Interval(told, told)
        own = before.get(name, Granted(0, 0))
        found = amount(benefit, subject, vocabulary, as_of, granted_so_far=own, matched=matched)
        paid[name] = found if found is None or decision is Decision.YES else Interval(0, found.high)
    offers = [offered(name, benefits[name], paid[name]) for name in benefits if name in paid]
    names = {ceiling.name for benefit in benefits.values() for ceiling in benefit.ceilings}
    rooms = {c.name: _room(c, subject, vocabulary, as_of, _under(c, benefits, before)) for c in _ceilings(benefits)}
    earlier = {name: groups.get(name) for name, sums in before.items() if sums.ever > 0 and name not in names}
    return best_bundle(offers, rooms=rooms, granted=earlier)


def entitled_columns(
    benefits: Mapping[str, Benefit],
    decisions: npt.NDArray[np.uint8],
    columns: Columns,
    as_of: dt.date,
    *,
    granted: Mapping[str, Granted[Fen]] | None = None,
    groups: Mapping[str, str] | None = None,
) -> Bundles:
    """The best bundle of every row; ``decisions[policy, row]`` (0 no, 1 unknown, 2 yes) in the order of ``benefits``."""
    before = dict(granted or {})
    groups = {name: b.exclusive for name, b in benefits.items() if b.exclusive} | dict(groups or {})
    order = {name: i for i, name in enumerate(benefits)}
    low, high = (np.zeros((len(benefits), columns.rows), dtype=np.int64) for _ in range(2))
    known = np.ones(low.shape, dtype=np.bool_)
    for name in _base_first(benefits):
        benefit, i = benefits[name], order[name]
        matched = None
        if benefit.matches is not None:
            matched = _matched(benefit.matches, order, decisions, Amounts(low, high, known), before)
        paid = amounts(benefit, columns, as_of, granted_so_far=before.get(name), matched=matched)
        known[i] = paid.known
        low[i] = np.where(paid.known & (decisions[i] == _YES), paid.low, 0)
        high[i] = np.where(paid.known & (decisions[i] != _NO), paid.high, 0)
    offers = [offered(name, benefit, None) for name, benefit in benefits.items()]
    names = {ceiling.name for benefit in benefits.values() for ceiling in benefit.ceilings}
    rooms = {c.name: _room_columns(c, columns, _under(c, benefits, before)) for c in _ceilings(benefits)}
    earlier = {name: sums.ever > 0 for name, sums in before.items() if name not in names}
    return best_bundles(offers, low, high, decisions != _NO, rooms=rooms, granted=earlier, groups=groups)


def _base_first(benefits: Mapping[str, Benefit]) -> list[str]:
    """The policies, each after the one that it tops up."""
    done: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        base = benefits[name].matches
        if name in above:
            raise ValueError(f"{name} tops up itself round a circle (correct one of {', '.join(above)})")
        if base is not None and base in benefits and base not in done:
            visit(base, (*above, name))
        done.setdefault(name)

    for name in benefits:
        visit(name, ())
    return list(done)


def _matched(
    base: str, order: Mapping[str, int], decisions: Any, paid: Amounts, before: Mapping[str, Granted[Fen]]
) -> Amounts:
    """The grant that is topped up: as offered now, where it is not as granted before."""
    rows = decisions.shape[1]
    told = before[base].ever if base in before else np.zeros(rows, dtype=np.int64)
    if base not in order:
        return Amounts(told, told, np.ones(rows, dtype=np.bool_))
    i = order[base]
    now = decisions[i] != _NO
    return Amounts(np.where(now, paid.low[i], told), np.where(now, paid.high[i], told), ~now | paid.known[i])


def _ceilings(benefits: Mapping[str, Benefit]) -> Iterable[Ceiling]:
    return {c.name: c for benefit in benefits.values() for c in benefit.ceilings}.values()


def _under(ceiling: Ceiling, benefits: Mapping[str, Benefit], before: Mapping[str, Granted[Any]]) -> Any:
    """What earlier grants have taken of a shared ceiling."""
    members = [name for name, benefit in benefits.items() if ceiling.name in {c.name for c in benefit.ceilings}]
    taken: Any = 0
    for name in (ceiling.name, *members):
        if name in before:
            taken = taken + (before[name].year if ceiling.period == "year" else before[name].ever)
    return taken


def _room(ceiling: Ceiling, subject: Mapping[str, Any], vocabulary: Vocabulary, as_of: dt.date, taken: int) -> Interval:
    found = amount(_whole(ceiling), subject, vocabulary, as_of)
    low, high = (0, UNBOUNDED) if found is None else (found.low, found.high)
    return Interval(max(low - taken, 0), max(high - taken, 0))


def _whole(ceiling: Ceiling) -> Benefit:
    """The ceiling as an amount, so that it is read as any other."""
    return Benefit.model_validate(
        {"kind": "budget", "rate": ceiling.rate, "base": ceiling.base, "amount_fen": ceiling.amount_fen}
    )


def _room_columns(ceiling: Ceiling, columns: Columns, taken: Any) -> tuple[Fen, Fen]:
    found = amounts(_whole(ceiling), columns, columns.as_of)
    low, high = np.where(found.known, found.low, 0), np.where(found.known, found.high, UNBOUNDED)
    return np.maximum(low - taken, 0), np.maximum(high - taken, 0)
