"""The best bundle (从高不重复 and all that goes with it): which policies a firm should take together, exactly.

Policies that may not stand together are few and hang together in small components, so each component is searched whole:
its largest sets without a conflict are tried, and the one that is worth most is kept. Worth is what is certain at
least, then what is possible at most; of equals the first by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ._fen import UNBOUNDED, Interval

__all__ = [
    "Bundle",
    "LeftOut",
    "Offered",
    "Why",
    "best_bundle",
    "components",
    "conflicts",
    "largest_sets",
    "refuse_crossing",
    "ruled_out",
]

_NOTHING = Interval(0, 0)


class Why(StrEnum):
    """Why a policy is not in the bundle."""

    EXCLUSIVE = "exclusive"  # of its group only the highest is paid, and another one is higher
    EXCLUDED = "excluded"  # its text, or the other's, rules out taking both
    GRANTED = "granted"  # what was granted before rules it out
    UNMATCHED = "unmatched"  # tops up a grant that the firm does not get


@dataclass(frozen=True, slots=True)
class Offered:
    """What one policy would pay a firm, and what it may not stand beside.

    ``amount_fen`` is None where nobody can compute it (it is kept where nothing of certain worth stands against it).
    ``group`` is its exclusive group; ``not_with`` the policies ruled out beside it; ``matches`` the policy whose grant
    it tops up; ``ceilings`` the names of the ceilings it shares with others.
    """

    policy: str
    amount_fen: Interval | None
    group: str | None = None
    not_with: tuple[str, ...] = ()
    matches: str | None = None
    ceilings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """``because`` names the policies kept instead (or the earlier grant, or what it would top up); ``instead`` is what the best
    bundle with this policy would come to, None where no bundle can hold it."""

    why: Why
    because: tuple[str, ...]
    instead: Interval | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """``kept`` in the order offered, what each is ``paid``, why each other one is ``left_out``, and for each that a
    shared ceiling cuts, to nothing perhaps, the ceiling (``cut``)."""

    kept: tuple[Offered, ...]
    paid: dict[str, Interval]
    left_out: dict[str, LeftOut]
    cut: dict[str, str] = field(default_factory=dict)
    total: Interval = _NOTHING


def best_bundle(
    offers: Iterable[Offered],
    *,
    rooms: Mapping[str, Interval] | None = None,
    granted: Mapping[str, str | None] | None = None,
) -> Bundle:
    """The bundle worth most of one firm's ``offers`` (those it is, or may be, eligible for).

    ``rooms`` gives what is left under each ceiling (fen; a ceiling not named does not bind); ceilings must be nested or
    disjoint, else ValueError. ``granted`` maps policies granted before to their exclusive group: they rule out what
    excludes them, and are topped up by what matches them. Where a ceiling is short, the policy that comes first by
    name is paid first.
    """
    listed = list(offers)
    told = dict(granted or {})
    against = {offer.policy: names for offer in listed if (names := ruled_out(offer, told))}
    left_out = {name: LeftOut(Why.GRANTED, names) for name, names in against.items()}
    while True:  # a grant that tops up one that is ruled out has nothing to top up
        open_ = {offer.policy: offer for offer in listed if offer.policy not in left_out}
        bare = [o for o in open_.values() if o.matches and o.matches not in open_ and o.matches not in told]
        if not bare:
            break
        left_out |= {offer.policy: LeftOut(Why.UNMATCHED, (offer.matches or "",)) for offer in bare}
    limits = _Limits(rooms or {}, open_.values())
    open_ = {name: replace(offer, ceilings=limits.binding(offer)) for name, offer in open_.items()}
    kept: set[str] = set()
    for part in components(open_.values()):
        kept |= _best(part, open_, limits, told, forced=None)
    paid, cut = limits.paid([open_[name] for name in sorted(kept)])
    for name in sorted(set(open_) - kept):
        left_out[name] = _reason(name, kept, open_, limits, told)
    total = limits.total([open_[name] for name in sorted(kept)])
    ordered = tuple(offer for offer in listed if offer.policy in kept)  # as they came
    return Bundle(ordered, paid, left_out, cut, total)


def ruled_out(offer: Offered, granted: Mapping[str, str | None]) -> tuple[str, ...]:
    """What was granted before (policy → exclusive group) and stands against the offer by the offer's own words."""
    return tuple(
        sorted(
            name
            for name, group in granted.items()
            if name != offer.policy and (name in offer.not_with or (group is not None and group == offer.group))
        )
    )


def conflicts(offers: Iterable[Offered]) -> dict[str, set[str]]:
    """Which policies may not stand beside which: of one exclusive group, or ruled out by either text."""
    listed = list(offers)
    names = {offer.policy for offer in listed}
    against: dict[str, set[str]] = {name: set() for name in names}
    groups: dict[str, list[str]] = {}
    for offer in listed:
        if offer.group is not None:
            groups.setdefault(offer.group, []).append(offer.policy)
        for other in offer.not_with:
            if other in names:
                against[offer.policy].add(other)
                against[other].add(offer.policy)
    for members in groups.values():
        for name in members:
            against[name].update(other for other in members if other != name)
    return against


def components(offers: Iterable[Offered]) -> list[list[str]]:
    """The policies that bear on one another through a conflict, a ceiling or a matching grant, each part sorted by
    name; whatever is best in one part is best whatever the others are."""
    listed = list(offers)
    parent = {offer.policy: offer.policy for offer in listed}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    met: dict[str, str] = {}
    for name, others in conflicts(listed).items():
        for other in others:
            parent[root(name)] = root(other)
    for offer in listed:
        if offer.matches in parent:
            parent[root(offer.policy)] = root(offer.matches)
        for ceiling in offer.ceilings:
            parent[root(offer.policy)] = root(met.setdefault(ceiling, offer.policy))
    parts: dict[str, list[str]] = {}
    for name in sorted(parent):
        parts.setdefault(root(name), []).append(name)
    return list(parts.values())


def largest_sets(
    names: Sequence[str],
    against: Mapping[str, set[str]],
    matches: Mapping[str, str | None],
    granted: Collection[str],
    *,
    hopeless: Callable[[Sequence[str]], bool] = lambda names: False,
) -> Iterator[tuple[str, ...]]:
    """Every largest set of ``names`` without a conflict in which each matching grant has the grant it tops up, in the
    order of the names.

    Taking one policy more never lowers what is paid, so the best set is among them. ``hopeless`` is asked of all that a
    branch could still take; a branch it gives up is not searched.
    """
    seen: set[tuple[str, ...]] = set()
    for full in _independent((), list(names), against, hopeless):
        held = set(full)
        while bare := [n for n in held if (m := matches.get(n)) is not None and m not in held and m not in granted]:
            held.difference_update(bare)
        found = tuple(name for name in names if name in held)
        if found not in seen:
            seen.add(found)
            yield found


def _independent(
    taken: tuple[str, ...],
    names: list[str],
    against: Mapping[str, set[str]],
    hopeless: Callable[[Sequence[str]], bool],
) -> Iterator[tuple[str, ...]]:
    """All maximal independent sets of ``names``, by taking the first or one of those that it excludes."""
    if not names:
        yield taken
        return
    if hopeless((*taken, *names)):
        return
    first = names[0]
    passed: list[str] = []
    for choice in (first, *(name for name in names[1:] if name in against[first])):
        rest = [name for name in names if name != choice and name not in against[choice] and name not in passed]
        for found in _independent((*taken, choice), rest, against, hopeless):
            if all(not against[name].isdisjoint(found) for name in passed):  # else it could have taken that one too
                yield found
        passed.append(choice)


class _Limits:
    """What is left under the ceilings, and what a set of policies is paid under them."""

    def __init__(self, rooms: Mapping[str, Interval], offers: Iterable[Offered]) -> None:
        listed = list(offers)
        refuse_crossing(listed)
        asked = dict.fromkeys(rooms, 0)
        for offer in listed:
            for name in asked.keys() & set(offer.ceilings):
                asked[name] += offer.amount_fen.high if offer.amount_fen else 0
        self.rooms = {name: room for name, room in rooms.items() if asked[name] > room.low}

    def binding(self, offer: Offered) -> tuple[str, ...]:
        """The ceilings that can cut it, if all it shares them with were taken too."""
        return tuple(name for name in offer.ceilings if name in self.rooms)

    def total(self, offers: Sequence[Offered]) -> Interval:
        """What they come to together; under nested ceilings the order of paying does not matter for the sum."""
        low = sum(self._paid(offers, high=False))
        return Interval(low, max(low, sum(self._paid(offers, high=True))))

    def _paid(self, offers: Sequence[Offered], *, high: bool) -> list[int]:
        left = {name: room.high if high else room.low for name, room in self.rooms.items()}
        found = []
        for offer in offers:
            amount = offer.amount_fen or _NOTHING
            pay = min(
                (amount.high if high else amount.low), *(left.get(c, UNBOUNDED) for c in offer.ceilings), UNBOUNDED
            )
            for ceiling in offer.ceilings:
                if ceiling in left:
                    left[ceiling] -= pay
            found.append(pay)
        return found

    def paid(self, offers: Sequence[Offered]) -> tuple[dict[str, Interval], dict[str, str]]:
        """What each is paid at least (when all before it get their most) and at most, and the ceiling that cuts it."""
        paid: dict[str, Interval] = {}
        cut: dict[str, str] = {}
        least = {name: room.low for name, room in self.rooms.items()}
        most = {name: room.high for name, room in self.rooms.items()}
        for offer in offers:
            amount = offer.amount_fen or _NOTHING
            bound = [name for name in offer.ceilings if name in most]
            low = max(min([amount.low, *(least[name] for name in bound)]), 0)
            high = min([amount.high, *(most[name] for name in bound)])
            if high < amount.high:
                cut[offer.policy] = min(bound, key=lambda name: most[name])
            for name in bound:
                least[name] -= high
                most[name] -= low
            paid[offer.policy] = Interval(low, high)
        return paid, cut


def refuse_crossing(offers: Iterable[Offered]) -> None:
    """Raises ValueError where two ceilings share policies and neither holds the other's whole."""
    under: dict[str, set[str]] = {}
    for offer in offers:
        for name in offer.ceilings:
            under.setdefault(name, set()).add(offer.policy)
    named = sorted(under)
    for i, a in enumerate(named):
        for b in named[i + 1 :]:
            if under[a] & under[b] and not (under[a] <= under[b] or under[b] <= under[a]):
                raise ValueError(f"ceilings {a} and {b} cross (give the policies under both a ceiling of their own)")


def _best(
    part: Sequence[str],
    open_: Mapping[str, Offered],
    limits: _Limits,
    granted: Collection[str],
    *,
    forced: str | None,
) -> set[str]:
    """The best set of one component, by branch and bound; with ``forced`` the best that holds it."""
    against = conflicts(open_[name] for name in part)
    names = [name for name in part if forced is None or name not in against[forced]]
    best: tuple[tuple[int, int], tuple[str, ...]] | None = None

    def worth(some: Sequence[str]) -> tuple[int, int]:
        total = limits.total([open_[name] for name in sorted(some)])
        return total.low, total.high

    def hopeless(some: Sequence[str]) -> bool:
        return best is not None and worth(some) <= best[0]

    matches = {name: open_[name].matches for name in part}
    for found in largest_sets(names, against, matches, granted, hopeless=hopeless):
        if forced is None or forced in found:
            value = worth(found)
            if best is None or value > best[0]:
                best = (value, found)
    return set(best[1]) if best else set()


def _reason(
    name: str,
    kept: set[str],
    open_: Mapping[str, Offered],
    limits: _Limits,
    granted: Collection[str],
) -> LeftOut:
    """Why an open policy is not kept."""
    offer = open_[name]
    part = next(part for part in components(open_.values()) if name in part)
    with_it = _best(part, open_, limits, granted, forced=name)
    instead = None
    if with_it:
        instead = limits.total([open_[other] for other in sorted((kept - set(part)) | with_it)])
    rivals = sorted(conflicts(open_.values())[name] & kept)
    if not rivals:
        return LeftOut(Why.UNMATCHED, (offer.matches or "",), instead)
    same = [other for other in rivals if offer.group is not None and open_[other].group == offer.group]
    return LeftOut(Why.EXCLUSIVE if same == rivals else Why.EXCLUDED, tuple(rivals), instead)
