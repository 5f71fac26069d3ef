"""An index of full names, and what a written name means in it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from gangshen.engines.formats import Text

from ._blocking import MOST, Postings
from ._name import Form, Name, normalise, without_marks
from ._places import is_place
from ._weighing import SAME, Weighed, begins_with, weigh
from ._words import TRADES

__all__ = ["MOST", "SURE", "Candidate", "Names", "Resolution"]

SURE = 0.6
"""From this score on, a resolution speaks."""

_SHORT = 8  # a name without legal form and no longer is tried as a short name
_KEPT = 24  # names of a query that are compared as texts
_WEIGHED = 5  # of these, how many are weighed
_CHUNK = 20_000
_LOOKED = 500  # names looked at for one full name, those of its rarest keys first
_LOOKED_SHORT = 2500  # a short name has few keys
_EDITS = (1, 4, 6)  # insertion, deletion, substitution: full names say more than queries, seldom less
_NEAR = 9.0  # edits by which a name may be further off than the nearest and still be weighed
_TOLD = 0.1  # what a nat of shared keys is worth beside an edit
_ABSENT = 6.0  # nats against the query meaning nobody in the index


@dataclass(frozen=True, slots=True)
class Candidate:
    """One name the query may mean: its key and full name, the chance that it is meant, and why."""

    key: str
    name: str
    score: float
    reasons: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a query means. ``key`` and ``name`` are None where it is not sure enough to say (``SURE``).

    ``candidates`` stand best first, forbidden ones with score 0 behind, for a person to choose from.
    """

    query: str
    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate | None:
        """The candidate it means, if it is sure."""
        return self.candidates[0] if self.candidates and self.candidates[0].score >= SURE else None

    @property
    def score(self) -> float:
        """The best candidate's chance; 0 without one."""
        return self.candidates[0].score if self.candidates else 0.0

    @property
    def reasons(self) -> tuple[Text, ...]:
        """Why it means its best candidate, or why it stays silent."""
        if not self.candidates:
            return (Text(zh="没有相近的名称", en="no name comes near"),)
        first = self.candidates[0]
        if self.best or first.score == 0.0 or len(self.candidates) == 1:
            return first.reasons
        several = [one for one in self.candidates if one.score >= 0.1]
        if len(several) < 2:
            return (*first.reasons, Text(zh="把握不足", en="not sure enough"))
        return (
            Text(zh="有几家相近：" + "、".join(one.name for one in several), en=f"{len(several)} names come as near"),
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query to be searched for: its place, its name, and the key it does not mean."""

    at: int
    name: Name
    but: str | None


class Names:
    """Full names with their keys, and other names they are known under (former names, short names)."""

    def __init__(
        self, full: Mapping[str, str] | Iterable[tuple[str, str]], aliases: Iterable[tuple[str, str]] = ()
    ) -> None:
        """``full``: key → full name. ``aliases``: (other name, key) pairs; unknown keys are passed over."""
        pairs = list(full.items() if isinstance(full, Mapping) else full)
        known: dict[str, str] = dict(pairs)
        others = [(key, alias) for alias, key in aliases if key in known]
        pairs = [*known.items(), *others]
        self._full: dict[str, str] = known
        self._aliases = [alias for _key, alias in others]
        self._keys = [key for key, _name in pairs]
        self._names = [normalise(name) for _key, name in pairs]
        self._stems = [name.stem for name in self._names]
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._same: dict[str, list[int]] = defaultdict(list)
        for at, name in enumerate(self._names):
            self._exact[name.plain].append(at)
            self._same[name.stem].append(at)
        self._postings = Postings(self._stems)

    def __len__(self) -> int:
        return len(self._full)

    def keys(self) -> Iterable[str]:
        """The keys, in the order given."""
        return self._full.keys()

    def name(self, key: str) -> str:
        """The full name of ``key``; raises KeyError for another key."""
        return self._full[key]

    def resolve(self, queries: Sequence[str], *, own: Sequence[str | None] = ()) -> list[Resolution]:
        """What each query means, in the order given; one query's answer does not hang on the others.

        ``own`` names, query by query, a key that is not meant: that of the firm whose own name is asked about.
        """
        but = list(own) or [None] * len(queries)
        found: list[Resolution | None] = []
        full: list[_Asked] = []
        short: list[_Asked] = []
        for at, (query, key) in enumerate(zip(queries, but, strict=True)):
            name = normalise(query)
            same = [one for one in self._outright(name) if self._keys[one] != key]
            if len(same) == 1 and same[0] < len(self._full) and self._names[same[0]].plain == name.plain:
                found.append(self._itself(query, same[0]))
                continue
            empty = not name.plain or is_place(name.plain) or name.plain in TRADES
            found.append(self._weigh(query, name, same, math.inf) if same or empty else None)
            if found[-1] is None:
                asked = _Asked(at, _bare(name), key)
                (short if _is_short(asked.name) else full).append(asked)
        for group, budget in ((full, _LOOKED), (short, _LOOKED_SHORT)):
            for start in range(0, len(group), _CHUNK):
                for asked, choices, surprise in self._nearest(group[start : start + _CHUNK], budget):
                    found[asked.at] = self._weigh(queries[asked.at], asked.name, choices, surprise)
        return [one or Resolution(query, ()) for one, query in zip(found, queries, strict=True)]

    def _itself(self, query: str, at: int) -> Resolution:
        """The answer to a full name, which most queries of a large list are."""
        key = self._keys[at]
        return Resolution(query, (Candidate(key, self._full[key], 1.0, SAME.reasons),))

    def _outright(self, name: Name) -> Sequence[int]:
        """The names written alike but for width, blanks and legal form: no search is needed where there are any."""
        if same := self._exact.get(name.plain):
            return same
        return self._same.get(name.stem, ()) if name.form is not Form.NONE else ()

    def _nearest(self, asked: list[_Asked], budget: int) -> Iterator[tuple[_Asked, list[int], float]]:
        """Each query with the few names that look most like it, and how much it says."""
        stems = [one.name.stem for one in asked]
        listed = self._postings.shortlist(stems, budget=budget, keep=_KEPT)
        surprise = self._postings.surprise(stems).tolist()
        mine = [stems[at] for at in listed.query.tolist()]
        theirs = [self._stems[at] for at in listed.name.tolist()]
        edits = cpdist(
            mine, theirs, scorer=Levenshtein.distance, scorer_kwargs={"weights": _EDITS}, dtype=np.int32, workers=1
        )
        apart = edits - _TOLD * listed.weight
        order = np.lexsort((listed.name, apart, listed.query))
        names, far = listed.name[order].tolist(), apart[order].tolist()
        first = np.searchsorted(listed.query, np.arange(len(asked) + 1)).tolist()
        for at, one in enumerate(asked):
            choices = [
                names[i]
                for i in range(first[at], first[at + 1])
                if far[i] <= far[first[at]] + _NEAR and self._keys[names[i]] != one.but
            ]
            yield one, choices[:_WEIGHED], surprise[at]

    def _weigh(self, query: str, name: Name, choices: Sequence[int], surprise: float) -> Resolution:
        weighed: dict[str, Weighed] = {}
        short, bearers = _is_short(name), set[str]()
        for at in choices:
            one = weigh(name, self._names[at], short=False)
            if short and one.cost:
                one = min(one, weigh(name, self._names[at], short=True), key=lambda found: found.cost)
            key = self._keys[at]
            if at >= len(self._full):
                alias = self._aliases[at - len(self._full)]
                one = Weighed(one.cost, (Text(zh=f"又名“{alias}”", en=f"also called {alias}"), *one.reasons))
            if key not in weighed or one.cost < weighed[key].cost:
                weighed[key] = one
                if short and one.cost and begins_with(self._names[at], name):
                    bearers.add(key)
                else:
                    bearers.discard(key)
        if len(bearers) > 1:  # firms of one brand: which words it leaves out does not tell which of them is meant
            least = min(weighed[key].cost for key in bearers)
            weighed |= {key: Weighed(least, weighed[key].reasons) for key in bearers if not weighed[key].forbidden}
        return Resolution(query, tuple(self._scored(weighed, surprise)))

    def _scored(self, weighed: Mapping[str, Weighed], surprise: float) -> list[Candidate]:
        """Chances from costs: of this name, of another, and of a firm the index does not hold."""
        nobody = surprise + _ABSENT - math.log(len(self._full) + 1)
        odds = {key: math.exp(-one.cost) for key, one in weighed.items() if not one.forbidden}
        total = sum(odds.values()) + (math.exp(-nobody) if nobody < 700 else 0.0)
        order = sorted(weighed, key=lambda key: (weighed[key].cost, self._full[key], key))
        return [
            Candidate(
                key, self._full[key], round(odds.get(key, 0.0) / total, 4) if total else 0.0, weighed[key].reasons
            )
            for key in order
        ]


def _is_short(name: Name) -> bool:
    """May it be a short name? It names no company and is no longer than short names are."""
    return name.form in (Form.NONE, Form.SHARES) and "公司" not in name.plain and len(name.stem) <= _SHORT


def _bare(name: Name) -> Name:
    """A query without what an exchange adds to a short name."""
    if "公司" in name.plain:
        return name
    bare = without_marks(name.plain)
    return name if bare == name.plain else normalise(bare)
