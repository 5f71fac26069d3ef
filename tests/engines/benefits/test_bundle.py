"""The best bundle: exact against trying everything, with the reason for each policy left out."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gangshen.engines.benefits import Interval, LeftOut, Offered, Why, best_bundle, best_bundles

NAMES = [f"p{i}" for i in range(7)]


def paid(offers: list[Offered], rooms: dict[str, Interval]) -> tuple[int, int]:
    """What a set is paid when each ceiling is served innermost first, written another way than the engine's."""
    sums = []
    for side in ("low", "high"):
        left = {offer.policy: getattr(offer.amount_fen or Interval(0, 0), side) for offer in offers}
        held = {name: {o.policy for o in offers if name in o.ceilings} for name in rooms}
        for name in sorted(rooms, key=lambda n: len(held[n])):
            over = sum(left[p] for p in held[name]) - getattr(rooms[name], side)
            for p in sorted(held[name]):
                cut = min(left[p], max(over, 0))
                left[p] -= cut
                over -= cut
        sums.append(sum(left.values()))
    return sums[0], max(sums)


def stands(offers: list[Offered], granted: dict[str, str | None]) -> bool:
    names = {offer.policy for offer in offers}
    for a, b in combinations(offers, 2):
        if (a.group is not None and a.group == b.group) or a.policy in b.not_with or b.policy in a.not_with:
            return False
    for offer in offers:
        if offer.matches and offer.matches not in names and offer.matches not in granted:
            return False
        for name, group in granted.items():
            if name != offer.policy and (name in offer.not_with or (group and group == offer.group)):
                return False
    return True


def tried(offers: list[Offered], rooms: dict[str, Interval], granted: dict[str, str | None]) -> tuple[int, int]:
    some = (list(c) for n in range(len(offers) + 1) for c in combinations(offers, n))
    return max(paid(one, rooms) for one in some if stands(one, granted))


fen = st.integers(0, 9)
intervals = st.tuples(fen, fen).map(lambda pair: Interval(min(pair), max(pair)))
NESTS = [(), ("district", "all"), ("all",), ("all", "district"), ("firm",)]


@st.composite
def offered(draw: st.DrawFn) -> list[Offered]:
    names = NAMES[: draw(st.integers(1, 7))]
    return [
        Offered(
            name,
            draw(intervals | st.none()),
            draw(st.sampled_from([None, None, "g", "h"])),
            tuple(draw(st.lists(st.sampled_from(names), max_size=1))) if draw(st.booleans()) else (),
            draw(st.sampled_from([None, None, None, names[0], "elsewhere"])),
            draw(st.sampled_from(NESTS)),
        )
        for name in names
    ]


rooms_of = st.dictionaries(st.sampled_from(["district", "all", "firm"]), intervals, max_size=3)
granted_of = st.dictionaries(
    st.sampled_from(["p0", "p2", "elsewhere", "old"]), st.sampled_from([None, "g"]), max_size=2
)


def sound(offers: list[Offered]) -> list[Offered]:
    """Without a policy that excludes or tops up itself."""
    return [
        Offered(
            o.policy,
            o.amount_fen,
            o.group,
            tuple(n for n in o.not_with if n != o.policy),
            None if o.matches == o.policy else o.matches,
            o.ceilings,
        )
        for o in offers
    ]


@settings(max_examples=300, deadline=None)
@given(offered().map(sound), rooms_of, granted_of)
def test_no_bundle_is_worth_more(
    offers: list[Offered], rooms: dict[str, Interval], granted: dict[str, str | None]
) -> None:
    found = best_bundle(offers, rooms=rooms, granted=granted)
    assert stands(list(found.kept), granted)
    assert (found.total.low, found.total.high) == tried(offers, rooms, granted)
    assert {o.policy for o in found.kept} | set(found.left_out) == {o.policy for o in offers}
    assert set(found.paid) == {o.policy for o in found.kept}
    assert all(0 <= one.low <= one.high for one in found.paid.values())
    assert sum(one.low for one in found.paid.values()) <= found.total.low
    for name, why in found.left_out.items():
        assert why.because
        assert why.instead is None or (why.instead.low, why.instead.high) <= (found.total.low, found.total.high)
        others = {o.policy for o in found.kept}
        if why.why in (Why.EXCLUSIVE, Why.EXCLUDED):
            assert set(why.because) <= others
            kept = [o for o in offers if o.policy in {*others, name}]
            assert not stands(kept, granted)


@settings(max_examples=150, deadline=None)
@given(offered().map(sound), st.data())
def test_every_row_is_worth_what_it_is_alone(offers: list[Offered], data: st.DataObject) -> None:
    rows = 5
    drawn = data.draw(
        st.lists(st.lists(intervals, min_size=rows, max_size=rows), min_size=len(offers), max_size=len(offers))
    )
    low = np.array([[one.low for one in row] for row in drawn], dtype=np.int64)
    high = np.array([[one.high for one in row] for row in drawn], dtype=np.int64)
    flags = st.lists(st.booleans(), min_size=rows, max_size=rows).map(lambda f: np.array(f, dtype=np.bool_))
    open_ = np.array([data.draw(flags) for _ in offers])
    rooms = {
        name: [data.draw(intervals) for _ in range(rows)]
        for name in data.draw(st.lists(st.sampled_from(["district", "all", "firm"]), unique=True))
    }
    granted = {name: data.draw(flags) for name in data.draw(st.lists(st.sampled_from(["p0", "old"]), unique=True))}
    groups = {"old": "g"} | {o.policy: o.group for o in offers if o.group}
    found = best_bundles(
        offers,
        low,
        high,
        open_,
        rooms={n: (np.array([r.low for r in one]), np.array([r.high for r in one])) for n, one in rooms.items()},
        granted=granted,
        groups=groups,
    )
    for row in range(rows):
        mine = [
            Offered(o.policy, drawn[i][row], o.group, o.not_with, o.matches, o.ceilings)
            for i, o in enumerate(offers)
            if open_[i, row]
        ]
        before = {name: groups.get(name) for name, flags in granted.items() if flags[row]}
        one = best_bundle(mine, rooms={n: rooms[n][row] for n in rooms}, granted=before)
        assert (found.low[row], found.high[row]) == (one.total.low, one.total.high)
        kept = [o for o in mine if found.kept[NAMES.index(o.policy), row]]
        assert found.kept[:, row].sum() == len(kept)
        assert stands(kept, before)
        assert paid(kept, {n: rooms[n][row] for n in rooms}) == (one.total.low, one.total.high)


def test_reasons_say_what_is_paid_instead() -> None:
    offers = [
        Offered("city", Interval(60, 60), "equipment"),
        Offered("district", Interval(50, 90), "equipment"),
        Offered("top-up", Interval(30, 30), matches="district"),
        Offered("rent", Interval(10, 10), not_with=("housing",)),
        Offered("housing", Interval(8, 8)),
        Offered("title", Interval(5, 5), "titles"),
        Offered("open", None, "titles"),
    ]
    found = best_bundle(offers, granted={"old-title": "titles"})
    assert [offer.policy for offer in found.kept] == ["district", "top-up", "rent"]
    assert found.total == Interval(90, 130)
    assert found.left_out == {
        "city": LeftOut(Why.EXCLUSIVE, ("district",), Interval(70, 70)),
        "housing": LeftOut(Why.EXCLUDED, ("rent",), Interval(88, 128)),
        "title": LeftOut(Why.GRANTED, ("old-title",)),
        "open": LeftOut(Why.GRANTED, ("old-title",)),
    }
    alone = best_bundle([offer for offer in offers if offer.policy != "district"])
    assert alone.left_out["top-up"] == LeftOut(Why.UNMATCHED, ("district",))


def test_a_shared_ceiling_cuts_and_says_so() -> None:
    offers = [
        Offered("a", Interval(70, 70), ceilings=("year",)),
        Offered("b", Interval(20, 50), ceilings=("year",)),
        Offered("c", Interval(5, 5), ceilings=("year",)),
    ]
    found = best_bundle(offers, rooms={"year": Interval(100, 100)})
    assert found.paid == {"a": Interval(70, 70), "b": Interval(20, 30), "c": Interval(0, 5)}
    assert found.cut == {"b": "year"}
    assert found.total == Interval(95, 100)
    spent = best_bundle(offers, rooms={"year": Interval(70, 70)})
    assert spent.paid == {"a": Interval(70, 70), "b": Interval(0, 0), "c": Interval(0, 0)}
    assert spent.cut == {"b": "year", "c": "year"}
    assert spent.left_out == {}


def test_ceilings_that_cross_are_refused() -> None:
    offers = [
        Offered("a", Interval(1, 1), ceilings=("x",)),
        Offered("b", Interval(1, 1), ceilings=("x", "y")),
        Offered("c", Interval(1, 1), ceilings=("y",)),
    ]
    with pytest.raises(ValueError, match="x and y cross"):
        best_bundle(offers)


def test_many_groups_under_one_ceiling_are_still_found() -> None:
    offers = [
        Offered(f"p{g}-{i}", Interval(7 * i % 5 + g, 7 * i % 5 + g + i), f"g{g}", ceilings=("all",))
        for g in range(7)
        for i in range(3)
    ]
    wanted = sum(max(o.amount_fen.low for o in offers if o.group == f"g{g}") for g in range(7))
    room = {"all": Interval(10**6, 10**6)}
    assert best_bundle(offers, rooms=room).total.low == wanted
    assert best_bundle(offers, rooms={"all": Interval(20, 25)}).total == Interval(20, 25)
