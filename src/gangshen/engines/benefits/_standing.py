"""What one policy pays a firm beside all that it was granted before: one firm, or every row of a snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gangshen.engines.rules import Columns, Decision
from gangshen.engines.vocabulary import Vocabulary

from ._amount import amount
from ._amounts import Amounts, amounts
from ._bundle import Offered, ruled_out
from ._fen import UNBOUNDED, Interval
from ._granted import Granted
from ._model import Benefit, Ceiling

__all__ = [
    "Standing",
    "earlier",
    "offered",
    "room_columns",
    "rooms",
    "standing_columns",
    "standings",
]

Fen = npt.NDArray[np.int64]
_NONE = Granted(0, 0)
_NOTHING = Interval(0, 0)
_NO, _YES = 0, 2


@dataclass(frozen=True, slots=True)
class Standing:
    """What one policy comes to for a firm that is (or may be) eligible and takes it by itself (fen).

    ``amount`` is None where nobody can compute it. What lowers it is told beside it: ``less``, by how much the firm's
    earlier grants under the same policy lower the most it pays; ``ruled_out``, the earlier grants that stand against it;
    ``matched``, the grant that it tops up (granted before and open now), ``unmatched`` where there is none; ``ceiling``,
    the shared ceiling that cuts it, of which ``taken`` was granted before and ``room`` is left.
    """

    amount: Interval | None
    less: int = 0
    ruled_out: tuple[str, ...] = ()
    matched: Interval | None = None
    unmatched: bool = False
    ceiling: str | None = None
    taken: int = 0
    room: Interval = _NOTHING


def offered(policy: str, benefit: Benefit, paid: Interval | None) -> Offered:
    """What ``policy`` would pay, with what its benefit may not stand beside."""
    names = tuple(ceiling.name for ceiling in benefit.ceilings)
    return Offered(policy, paid, benefit.exclusive, benefit.not_with, benefit.matches, names)


def standings(
    benefits: Mapping[str, Benefit],
    decisions: Mapping[str, Decision],
    subject: Mapping[str, Any],
    vocabulary: Vocabulary,
    as_of: dt.date,
    *,
    granted: Mapping[str, Granted[int]] | None = None,
    groups: Mapping[str, str | None] | None = None,
    only: Collection[str] | None = None,
) -> dict[str, Standing]:
    """Each policy that is not refused (``only`` these, and what they top up), as :func:`entitled` takes its arguments."""
    before = dict(granted or {})
    told = earlier(benefits, {name for name, sums in before.items() if sums.ever > 0}, groups)
    order = _base_first(benefits, only)
    asked = {ceiling.name for name in order for ceiling in benefits[name].ceilings}
    left = rooms(benefits, subject, vocabulary, as_of, granted=before, only=asked) if asked else {}
    found: dict[str, Standing] = {}
    for name in order:
        benefit = benefits[name]
        if decisions.get(name, Decision.NO) is Decision.NO:
            continue
        matched = None
        if benefit.matches is not None:
            matched = _matched(benefit.matches, decisions, found, before)
        against = ruled_out(offered(name, benefit, None), told)
        bare = benefit.matches is not None and _bare(benefit.matches, found, before)
        if against or bare:
            found[name] = Standing(_NOTHING, ruled_out=against, matched=matched, unmatched=bare)
            continue
        own = before.get(name, _NONE)
        paid = full = amount(benefit, subject, vocabulary, as_of, matched=matched)
        if own != _NONE:
            paid = amount(benefit, subject, vocabulary, as_of, granted_so_far=own, matched=matched)
        less = full.high - paid.high if full and paid else 0
        found[name] = _under_ceilings(benefit, Standing(paid, less, matched=matched), left, benefits, before)
    return found


def _under_ceilings(
    benefit: Benefit,
    standing: Standing,
    left: Mapping[str, Interval],
    benefits: Mapping[str, Benefit],
    before: Mapping[str, Granted[int]],
) -> Standing:
    paid = standing.amount
    if paid is None or not benefit.ceilings:
        return standing
    least = min(benefit.ceilings, key=lambda one: left[one.name].high)
    room = Interval(min(left[one.name].low for one in benefit.ceilings), left[least.name].high)
    cut = Interval(min(paid.low, room.low), min(paid.high, room.high))
    if cut.high == paid.high:
        return Standing(cut, standing.less, matched=standing.matched)
    taken = _taken(least, benefits, before)
    return Standing(
        cut, standing.less, matched=standing.matched, ceiling=least.name, taken=taken, room=left[least.name]
    )


def _matched(
    base: str, decisions: Mapping[str, Decision], found: Mapping[str, Standing], before: Mapping[str, Granted[int]]
) -> Interval:
    """All that is topped up: granted before, and open now."""
    told = before.get(base, _NONE).ever
    if base not in found:
        return Interval(told, told)
    now = found[base].amount
    if now is None:
        return Interval(told, UNBOUNDED)
    return Interval(told + (now.low if decisions[base] is Decision.YES else 0), told + now.high)


def _bare(base: str, found: Mapping[str, Standing], before: Mapping[str, Granted[int]]) -> bool:
    """Is there no grant to top up, neither granted before nor open now?"""
    open_ = base in found and not found[base].ruled_out and not found[base].unmatched
    return not open_ and before.get(base, _NONE).ever <= 0


def rooms(
    benefits: Mapping[str, Benefit],
    subject: Mapping[str, Any],
    vocabulary: Vocabulary,
    as_of: dt.date,
    *,
    granted: Mapping[str, Granted[int]] | None = None,
    only: Collection[str] | None = None,
) -> dict[str, Interval]:
    """What is left for one firm under each shared ceiling (fen; ``only`` these), after what was granted before."""
    found = {}
    for ceiling in _ceilings(benefits):
        if only is not None and ceiling.name not in only:
            continue
        taken = _taken(ceiling, benefits, granted or {})
        paid = amount(_whole(ceiling), subject, vocabulary, as_of)
        low, high = (0, UNBOUNDED) if paid is None else (paid.low, paid.high)
        found[ceiling.name] = Interval(max(low - taken, 0), max(high - taken, 0))
    return found


def standing_columns(
    benefits: Mapping[str, Benefit],
    decisions: Mapping[str, npt.NDArray[np.uint8]],
    columns: Columns,
    as_of: dt.date,
    *,
    granted: Mapping[str, Granted[Fen]] | None = None,
    groups: Mapping[str, str | None] | None = None,
    only: Collection[str] | None = None,
) -> dict[str, Amounts]:
    """The amounts of :func:`standings` for every row; ``decisions`` by policy (0 no, 1 unknown, 2 yes; none: no).

    Rows that are refused hold what the policy would pay them; nothing that it tops up is open to them then.
    """
    before = dict(granted or {})
    flags = {name: sums.ever > 0 for name, sums in before.items()}
    told = earlier(benefits, {name for name, some in flags.items() if some.any()}, groups)
    order = _base_first(benefits, only)
    asked = {ceiling.name for name in order for ceiling in benefits[name].ceilings}
    left = room_columns(benefits, columns, as_of, granted=before, only=asked) if asked else {}
    nobody = np.zeros(columns.rows, dtype=np.bool_)
    found: dict[str, Amounts] = {}
    closed: dict[str, npt.NDArray[np.bool_]] = {}  # by policy: ruled out, or nothing to top up
    for name in order:
        benefit, matched = benefits[name], None
        shut = nobody.copy()
        for other in ruled_out(offered(name, benefit, None), told):
            shut |= flags[other]
        if (base := benefit.matches) is not None:
            sums = before[base].ever if base in before else np.zeros(columns.rows, dtype=np.int64)
            open_ = (decisions[base] != _NO) & ~closed[base] if base in found and base in decisions else nobody
            shut |= ~open_ & (sums <= 0)
            matched = _matched_columns(sums, open_, found.get(base), decisions.get(base))
        paid = amounts(benefit, columns, as_of, granted_so_far=before.get(name), matched=matched)
        low, high = paid.low, paid.high
        for ceiling in benefit.ceilings:
            low, high = np.minimum(low, left[ceiling.name][0]), np.minimum(high, left[ceiling.name][1])
        found[name] = Amounts(np.where(shut, 0, low), np.where(shut, 0, high), paid.known | shut)
        closed[name] = shut
    return found


def _matched_columns(told: Fen, open_: npt.NDArray[np.bool_], now: Amounts | None, decided: Any) -> Amounts:
    if now is None or decided is None:
        return Amounts(told, told, np.ones(len(told), dtype=np.bool_))
    low = told + np.where(open_ & now.known & (decided == _YES), now.low, 0)
    return Amounts(low, told + np.where(open_ & now.known, now.high, 0), ~open_ | now.known)


def room_columns(
    benefits: Mapping[str, Benefit],
    columns: Columns,
    as_of: dt.date,
    *,
    granted: Mapping[str, Granted[Fen]] | None = None,
    only: Collection[str] | None = None,
) -> dict[str, tuple[Fen, Fen]]:
    """The same as :func:`rooms` for every row."""
    found = {}
    for ceiling in _ceilings(benefits):
        if only is not None and ceiling.name not in only:
            continue
        taken = _taken(ceiling, benefits, granted or {})
        paid = amounts(_whole(ceiling), columns, as_of)
        low, high = np.where(paid.known, paid.low, 0), np.where(paid.known, paid.high, UNBOUNDED)
        found[ceiling.name] = np.maximum(low - taken, 0), np.maximum(high - taken, 0)
    return found


def earlier(
    benefits: Mapping[str, Benefit], names: Collection[str], groups: Mapping[str, str | None] | None
) -> dict[str, str | None]:
    """Of the ``names`` that something was granted under, the policies (not the shared ceilings) with their exclusive group."""
    if not names:
        return {}
    known = {name: b.exclusive for name, b in benefits.items() if b.exclusive} | dict(groups or {})
    shared = {ceiling.name for benefit in benefits.values() for ceiling in benefit.ceilings}
    return {name: known.get(name) for name in names if name not in shared}


def _base_first(benefits: Mapping[str, Benefit], only: Collection[str] | None) -> list[str]:
    """The policies, each after the one that it tops up."""
    done: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        base = benefits[name].matches
        if name in above:
            raise ValueError(f"{name} tops up itself round a circle (correct one of {', '.join(above)})")
        if base is not None and base in benefits and base not in done:
            visit(base, (*above, name))
        done.setdefault(name)

    for name in benefits if only is None else [name for name in benefits if name in only]:
        visit(name, ())
    return list(done)


def _ceilings(benefits: Mapping[str, Benefit]) -> Iterable[Ceiling]:
    return {c.name: c for benefit in benefits.values() for c in benefit.ceilings}.values()


def _taken(ceiling: Ceiling, benefits: Mapping[str, Benefit], before: Mapping[str, Granted[Any]]) -> Any:
    """What earlier grants have taken of a shared ceiling."""
    members = [name for name, benefit in benefits.items() if ceiling.name in {c.name for c in benefit.ceilings}]
    taken: Any = 0
    for name in (ceiling.name, *members):
        if name in before:
            taken = taken + (before[name].year if ceiling.period == "year" else before[name].ever)
    return taken


def _whole(ceiling: Ceiling) -> Benefit:
    """The ceiling as an amount, so that it is read as any other."""
    return Benefit.model_validate(
        {"kind": "budget", "rate": ceiling.rate, "base": ceiling.base, "amount_fen": ceiling.amount_fen}
    )
