"""Weighing one query against one candidate: what must have happened to the full name for the query to be written.

Each thing that happens to names when people write them (a legal form left out, a place dropped, a character misheard)
costs some nats; the cost of a pair is the sum. Some differences no slip of the pen makes: another ordinal, another
place, a branch. They forbid the pair, whatever the rest looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal
from rapidfuzz.distance import Indel, Levenshtein

from gangshen.engines.formats import Text

from ._name import Form, Name
from ._places import ABBREVIATIONS, PLACE_ENDINGS, is_place, leading_place, places
from ._words import BODIES, BRANCH, DIRECTIONS, GROUP, INSTITUTIONS, LOOKALIKES, NUMERALS, ORDINAL, TRADES, split_trades

__all__ = ["FORBIDDEN", "SAME", "Weighed", "begins_with", "homophones", "weigh"]

FORBIDDEN = 99.0
"""The cost of a pair that cannot be one firm."""
_WORST = 20.0  # from here on two texts are different, not misspelt
_SLIPS = 15.0  # from here on it is no longer slips of the pen
_FORM_LETTERS = frozenset("有限责任股份公司")
_SPAN = 12  # characters of the longest stretch that is looked into


@dataclass(frozen=True, slots=True)
class Weighed:
    """Cost in nats and what it is for."""

    cost: float
    reasons: tuple[Text, ...]

    @property
    def forbidden(self) -> bool:
        return self.cost >= FORBIDDEN


SAME = Weighed(0.0, (Text(zh="名称相同", en="same name"),))
"""Nothing lies between the two."""


def weigh(query: Name, candidate: Name, *, short: bool) -> Weighed:
    """What it costs to take ``query`` for ``candidate``; ``short`` when the query is a short name."""
    if query.plain == candidate.plain:
        return SAME
    if barred := _barred(query, candidate):
        return Weighed(FORBIDDEN, (barred,))
    cost, reasons = _form(query.form, candidate.form)
    asked, held = query.stem, candidate.stem
    readings = [(asked, held)]
    if short:
        readings += [(asked, _abbreviated(asked, held)), (asked, held[_placed(held) :])]
    ways = [_spelled(mine, theirs, short) for mine, theirs in dict.fromkeys(readings) if mine and theirs]
    if asked != held and (_fronted(asked), _fronted(held)) != (asked, held):
        moved = {(asked, _fronted(held)), (_fronted(asked), held), (_fronted(asked), _fronted(held))}
        ways += [_moved(_spelled(mine, theirs, short)) for mine, theirs in sorted(moved)]
    spelled = min(ways, key=lambda found: found.cost)
    if spelled.forbidden:
        return spelled
    reasons += spelled.reasons
    if not reasons:
        reasons.append(Text(zh="公司类型的写法不同", en="its legal form is spelled differently"))
    return Weighed(cost + spelled.cost, tuple(reasons))


def _moved(way: Weighed) -> Weighed:
    return Weighed(way.cost + 1.0, (*way.reasons, Text(zh="地名的位置不同", en="its place stands elsewhere")))


def begins_with(candidate: Name, query: Name) -> bool:
    """Does the candidate's name, its place aside, begin with all that the query says?"""
    if not query.stem or BRANCH.search(candidate.tail):
        return False
    fronted = _fronted(candidate.stem)
    readings = (candidate.stem, candidate.stem[_placed(candidate.stem) :], fronted, fronted[_placed(fronted) :])
    return any(one.startswith(query.stem) for one in readings)


@lru_cache(maxsize=100_000)
def _fronted(stem: str) -> str:
    """The name with its place before its brand, as others write it: 灵犀（上海）智能 → 上海灵犀智能.

    >>> _fronted("灵犀上海智能")
    '上海灵犀智能'
    """
    if leading_place(stem):
        return stem
    for at in range(2, len(stem) - 1):
        if (end := leading_place(stem, at)) > at:
            return stem[at:end] + stem[:at] + stem[end:]
    return stem


def _spelled(asked: str, held: str, short: bool) -> Weighed:
    """What lies between two stems."""
    cost, reasons = 0.0, list[Text]()
    for part in _parts(asked, held, short) if asked != held else ():
        price, named = _price(part, short=short)
        if price >= FORBIDDEN:
            return Weighed(FORBIDDEN, named)
        cost += price
        reasons += named
    return Weighed(cost, tuple(reasons))


def _barred(query: Name, candidate: Name) -> Text | None:
    """A difference that makes two bodies of the two names."""
    if not (_ordinals(query.stem) <= set(candidate.stem) and _ordinals(candidate.stem) <= set(query.stem)):
        return Text(zh="序号或编号不同", en="different ordinal or number")
    if query.form is Form.NONE and query.stem.endswith(INSTITUTIONS):
        _before, own, behind = candidate.stem.partition(query.stem)
        if own and behind:
            return Text(zh=f"是“{own}”之下或之外的单位", en=f"a body of {own}, or beside it")
    for mine, theirs in ((query.head, candidate.head), (query.tail, candidate.tail)):
        if barred := _different_places(mine, theirs):
            return barred
    mine, theirs = query.tail, candidate.tail
    if mine and theirs and abs(len(mine) - len(theirs)) > 1 and leading_place(mine) != leading_place(theirs):
        return Text(zh="分支机构不同", en="different branches")
    return None


@lru_cache(maxsize=100_000)
def _ordinals(stem: str) -> set[str]:
    """The numerals of the ordinals and numbers in a name."""
    return {letter for word in ORDINAL.findall(stem) for letter in word if letter in NUMERALS}


_CHANGES = {
    frozenset((Form.LIMITED, Form.LIABILITY)): 0.5,
    frozenset((Form.LIMITED, Form.SHARES)): 2.0,
    frozenset((Form.LIABILITY, Form.SHARES)): 2.0,
    frozenset((Form.COMPANY, Form.LIMITED)): 1.5,
    frozenset((Form.COMPANY, Form.LIABILITY)): 1.5,
    frozenset((Form.COMPANY, Form.SHARES)): 2.0,
}


def _form(query: Form, candidate: Form) -> tuple[float, list[Text]]:
    if query is candidate:
        return 0.0, []
    if query is Form.NONE:
        return 0.7, [Text(zh=f"未写“{candidate.value}”", en=f"without {candidate.value}")]
    cost = 2.5 if candidate is Form.NONE else _CHANGES.get(frozenset((query, candidate)), 4.0)
    return cost, [
        Text(zh=f"“{query.value}”与“{candidate.value or '无'}”", en=f"{query.value} for {candidate.value or 'none'}")
    ]


def _abbreviated(asked: str, held: str) -> str:
    """The candidate with its places written in one character where the query writes them so."""
    for letter in dict.fromkeys(asked):
        for place in ABBREVIATIONS.get(letter, ()):
            if place in held and place not in asked:
                held = held.replace(place, letter, 1)
                break
    return held


@dataclass(frozen=True, slots=True)
class _Part:
    """One difference: what the query has, what the full name has, and where it stands in the full name."""

    asked: str
    held: str
    first: bool
    last: bool
    follows: str


def _parts(asked: str, held: str, short: bool) -> list[_Part]:
    """Where the two differ: each loss or addition by itself, anything else as one stretch from first to last."""
    found: list[_Part] = []
    for op in Indel.opcodes(asked, held) if short else Levenshtein.opcodes(asked, held):
        if op.tag != "equal":
            found.append(_turned(asked, held, (op.src_start, op.src_end), (op.dest_start, op.dest_end)))
    if short or all(not part.asked for part in found):
        return found
    start, end = 0, 0
    while start < min(len(asked), len(held)) and asked[start] == held[start]:
        start += 1
    while end < min(len(asked), len(held)) - start and asked[-1 - end] == held[-1 - end]:
        end += 1
    return [_turned(asked, held, (start, len(asked) - end), (start, len(held) - end))]


def _turned(asked: str, held: str, mine: tuple[int, int], theirs: tuple[int, int]) -> _Part:
    """A pure loss may stand a few characters earlier or later: choose where it is a word."""
    (a, b), (c, d) = mine, theirs
    if a == b:
        places = [(c, d)]
        x, y = c, d
        while x > 0 and held[x - 1] == held[y - 1]:
            x, y = x - 1, y - 1
            places.append((x, y))
        x, y = c, d
        while y < len(held) and held[x] == held[y]:
            x, y = x + 1, y + 1
            places.append((x, y))
        if len(places) > 1:
            c, d = min(places, key=lambda at: _left_over(held[at[0] : at[1]]))
    return _Part(asked[a:b], held[c:d], c == 0, d == len(held), held[d : d + 1])


def _left_over(text: str) -> int:
    return 0 if text in PLACE_ENDINGS or is_place(text) else split_trades(text)[1]


def _price(part: _Part, *, short: bool) -> tuple[float, tuple[Text, ...]]:
    """Cost of one difference, and its name."""
    asked, held = part.asked, part.held
    if not asked:
        cost, reason = _skipped(part) if short else (_lost(held, part.first, part.last, part.follows), _say_lost(held))
        return cost, (reason,)
    if not held:
        return _added(asked, part.last, short), (_say_added(asked),)
    if barred := _other(asked, held, short):
        return FORBIDDEN, (barred,)
    if not short and (mended := _mended(part)):
        return mended
    return _WORST + 5.0 * max(len(asked), min(len(held), 3)), (
        Text(zh=f"“{asked}”与“{held}”不同", en=f"{asked} differs from {held}"),
    )


_Slip = tuple[int, int, float, str]  # characters of the query, of the full name, cost, kind


def _mended(part: _Part) -> tuple[float, tuple[Text, ...]] | None:
    """The cheapest slips that lead from ``held`` to ``asked``: characters swapped, misheard, misread, words left out.

    None when there are too many of them to be slips.
    """
    asked, held = part.asked, part.held
    if len(asked) > _SPAN or len(held) > _SPAN or len(set(asked) - set(held)) > 3:
        return None
    cost = [[_SLIPS] * (len(asked) + 1) for _at in range(len(held) + 1)]
    came: dict[tuple[int, int], tuple[int, int, str]] = {}
    cost[0][0] = 0.0
    for j in range(len(held) + 1):
        for i in range(len(asked) + 1):
            here = cost[j][i]
            if here >= _SLIPS:
                continue
            for width, depth, price, kind in _slips(asked, held, i, j, part):
                if here + price < cost[j + depth][i + width]:
                    cost[j + depth][i + width] = here + price
                    came[j + depth, i + width] = (j, i, kind)
    total = cost[-1][-1]
    return None if total >= _SLIPS else (total, tuple(_told(asked, held, came)))


def _told(asked: str, held: str, came: dict[tuple[int, int], tuple[int, int, str]]) -> list[Text]:
    """The slips of the cheapest way in words, from the first on."""
    found: list[Text] = []
    j, i = len(held), len(asked)
    while (j, i) != (0, 0):
        before_j, before_i, kind = came[j, i]
        mine, theirs = asked[before_i:i], held[before_j:j]
        if kind:
            found.append(_SAID[kind](mine, theirs))
        j, i = before_j, before_i
    return found[::-1]


_SAID: dict[str, Callable[[str, str], Text]] = {
    "sound": lambda x, y: Text(zh=f"“{x}”与“{y}”同音", en=f"{x} sounds like {y}"),
    "look": lambda x, y: Text(zh=f"“{x}”与“{y}”形近", en=f"{x} looks like {y}"),
    "swap": lambda x, y: Text(zh=f"“{x}”应为“{y}”（换位）", en=f"{x} for {y} (swapped)"),
    "both": lambda x, y: Text(zh=f"“{x}”与“{y}”同音且换位", en=f"{x} sounds like {y}, swapped"),
    "lost": lambda x, y: _say_lost(y),
    "added": lambda x, y: _say_added(x),
}


def _slips(asked: str, held: str, i: int, j: int, part: _Part) -> Iterator[_Slip]:
    """What may happen next."""
    x, y = asked[i : i + 1], held[j : j + 1]
    if x and x == y:
        yield 1, 1, 0.0, ""
        if part.held[j + 1 : j + 2] == part.asked[i + 1 : i + 2]:
            return  # where two characters agree there is no slip
    elif x and y and not ({x, y} <= NUMERALS or {x, y} <= DIRECTIONS):
        if homophones(x, y):
            yield 1, 1, 3.0, "sound"
        elif looks_alike(x, y):
            yield 1, 1, 4.5, "look"
    mine, theirs = asked[i : i + 2], held[j : j + 2]
    if len(mine) == len(theirs) == 2 and mine != theirs:
        if mine == theirs[::-1]:
            yield 2, 2, 3.0, "swap"
        elif all(a == b or homophones(a, b) for a, b in zip(mine[::-1], theirs, strict=True)):
            yield 2, 2, 6.0, "both"
    if x:
        price = _added(x, False, False)
        yield 1, 0, price if price < 7.0 else 2 * price, "added"  # one in, one out is another name
    for end in range(j + 1, len(held) + 1):
        lost = held[j:end]
        if end == j + 1 or lost in TRADES or is_place(lost):
            follows = held[end : end + 1] or part.follows
            yield 0, end - j, _lost(lost, part.first and j == 0, part.last and end == len(held), follows), "lost"


def _lost(held: str, first: bool, last: bool, follows: str) -> float:
    """What it costs to leave out ``held``."""
    if held in PLACE_ENDINGS:
        return 1.0
    if len(held) == 1:
        return 4.0
    if _dependent(last, held):
        return FORBIDDEN
    place = _placed(held)
    if place == len(held) and held[-1] not in PLACE_ENDINGS and follows and follows in PLACE_ENDINGS:
        place = 0  # nobody writes 县 and leaves its name out
    words, left = split_trades(held[place:])
    return 2.0 * bool(place) + 2.2 * words + sum(4.0 + step for step in range(left))


def _say_lost(held: str) -> Text:
    if _placed(held) == len(held):
        return Text(zh=f"未写地名“{held}”", en=f"leaves out the place {held}")
    return Text(zh=f"缺“{held}”", en=f"without {held}")


def _added(asked: str, last: bool, short: bool) -> float:
    """What it costs that the query has ``asked`` and the full name has not."""
    if asked in PLACE_ENDINGS:
        return 1.5
    if set(asked) <= _FORM_LETTERS or asked in GROUP:
        return 3.0
    if _dependent(last, asked):
        return FORBIDDEN
    if short:
        return 16.0 * len(asked)
    words, left = split_trades(asked)
    cost = 6.0 * words + sum(7.0 + 3.0 * step for step in range(left))
    return max(cost, 6.0) if is_place(asked) else cost


def _say_added(asked: str) -> Text:
    return Text(zh=f"多出“{asked}”", en=f"has {asked} besides")


def _dependent(last: bool, text: str) -> bool:
    """Is ``text``, which one of two names has and the other not, a branch or a body of its own?"""
    return bool(BRANCH.search(text)) or (last and len(text) > 1 and text[-1] in BODIES)


def _placed(text: str) -> int:
    """How much of the beginning of ``text`` is places, one inside the other."""
    end = 0
    while (further := leading_place(text, end)) > end:
        end = further
        while end < len(text) and text[end] in PLACE_ENDINGS:
            end += 1
    return end


def _skipped(part: _Part) -> tuple[float, Text]:
    """A short name passes over part of the full name."""
    held = part.held
    text = Text(zh=f"简称略去“{held}”", en=f"short for a name with {held}")
    place = _placed(held) if part.first else 0
    rest = held[place:]
    if part.last and len(rest) > 1 and is_place(rest[-2:]):
        rest = rest[:-2]
    cost = 0.3 * bool(place)
    if not rest:
        return cost, text
    words, left = split_trades(rest)
    cost += 0.3 * words + 0.8 * left + (0.2 if part.last else 0.5) + (1.0 if part.first else 0.0)
    return cost, text


def _other(asked: str, held: str, short: bool) -> Text | None:
    """Does the difference name another number, side or place?"""
    if sorted(asked) == sorted(held):
        return None
    pairs = [pair for pair in zip(asked, held, strict=False) if pair[0] != pair[1]] if len(asked) == len(held) else []
    if any({x, y} <= NUMERALS for x, y in pairs):
        return Text(zh=f"数字不同：{asked}／{held}", en=f"different number: {asked}, {held}")
    if any({x, y} <= DIRECTIONS for x, y in pairs):
        return Text(zh=f"方位或大小不同：{asked}／{held}", en=f"different side or size: {asked}, {held}")
    if not short and (end := leading_place(asked)) and not set(asked[:end]) <= set(held):
        return Text(zh=f"地名不同：{asked}／{held}", en=f"different places: {asked}, {held}")
    return None


@lru_cache(maxsize=50_000)
def _sounds(character: str) -> frozenset[str]:
    readings = PINYIN_DICT.get(ord(character), "")
    return frozenset(to_normal(one).replace("ü", "v") for one in readings.split(",") if one)


def homophones(one: str, other: str) -> bool:
    """Do two characters share a reading, tones apart?"""
    return bool(_sounds(one) & _sounds(other))


def looks_alike(one: str, other: str) -> bool:
    """Are two characters mistaken for one another by eye?"""
    return bool(LOOKALIKES.get(one, set()) & LOOKALIKES.get(other, set()))


def _different_places(asked: str, held: str) -> Text | None:
    """Do the names begin with different places? One inside the other, as 安徽合肥 and 合肥, is no difference."""
    known = places()
    mine, theirs = asked[: leading_place(asked)], held[: leading_place(held)]
    if not mine or not theirs or known[mine] == known[theirs] or known[mine] in held or known[theirs] in asked:
        return None
    if set(mine) <= set(theirs) or set(theirs) <= set(mine):
        return None  # 凤县 for 凤台县 is a lost character
    return Text(zh=f"地名不同：{mine}／{theirs}", en=f"different places: {mine}, {theirs}")
