"""No hidden cell can be told from what is shown: the engine's bounds equal an exact linear programme's."""

from __future__ import annotations

import datetime as dt
import math
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gangshen.engines.formats import Text
from gangshen.engines.statistics import (
    Entry,
    Limits,
    Measure,
    Network,
    Published,
    Statistic,
    count,
    interval,
    protect,
    publish,
    sensitive,
)
from gangshen.engines.vocabulary import Vocabulary

sys.path.insert(0, str(Path(__file__).parent))
from simplex import bounds, highest

DAY = dt.date(2026, 11, 20)
WORDS = Vocabulary.load_builtin()
TABLES = st.integers(2, 4).flatmap(
    lambda wide: st.lists(
        st.lists(st.one_of(st.integers(0, 4), st.integers(0, 60)), min_size=wide, max_size=wide), min_size=2, max_size=5
    )
)


def network_of(table: list[list[int]]) -> tuple[Network, dict[Any, int], list[dict[Any, int]]]:
    """A table with its totals: as the engine sees it, its values, and its sums as equations."""
    values: dict[Any, int] = {(i, j): v for i, row in enumerate(table) for j, v in enumerate(row)}
    values |= {("row", i): sum(row) for i, row in enumerate(table)}
    values |= {("col", j): sum(row[j] for row in table) for j in range(len(table[0]))}
    values["all"] = sum(map(sum, table))
    entries, relations = [], []
    for key, value in values.items():
        if key == "all":
            entries.append(Entry(key, "R", "C", value, fixed=True))
        elif key[0] == "row":
            entries.append(Entry(key, "C", f"r{key[1]}", value, 100))
        elif key[0] == "col":
            entries.append(Entry(key, f"c{key[1]}", "R", value, 100))
        else:
            entries.append(Entry(key, f"r{key[0]}", f"c{key[1]}", value))
    for i, row in enumerate(table):
        relations.append({(i, j): 1 for j in range(len(row))} | {("row", i): -1})
    for j in range(len(table[0])):
        relations.append({(i, j): 1 for i in range(len(table))} | {("col", j): -1})
    relations.append({("row", i): 1 for i in range(len(table))} | {"all": -1})
    relations.append({("col", j): 1 for j in range(len(table[0]))} | {"all": -1})
    return Network(entries), values, relations


def test_the_oracle_solves_a_programme_done_by_hand() -> None:
    assert highest([3, 2, 0, 0], [[1, 1, 1, 0], [1, 3, 0, 1]], [4, 6]) == 12
    assert highest([1, 0], [[1, -1]], [0]) is None


@settings(max_examples=80)
@given(TABLES, st.data())
def test_bounds_are_those_of_the_linear_programme(table: list[list[int]], data: st.DataObject) -> None:
    network, values, relations = network_of(table)
    keys = sorted((key for key in values if key != "all"), key=str)
    hidden = set(data.draw(st.lists(st.sampled_from(keys), min_size=1, max_size=8, unique=True)))
    key = data.draw(st.sampled_from(sorted(hidden, key=str)))
    low, high = bounds(key, values, relations, hidden)
    assert interval(network, hidden, key) == (low, math.inf if high is None else high)


@settings(max_examples=80)
@given(TABLES)
def test_no_small_cell_can_be_told(table: list[list[int]]) -> None:
    """Every count of one or two could as well be three, and one less than it is."""
    network, values, relations = network_of(table)
    if 0 < values["all"] < 3:
        return
    small = {key: (1.0, 3.0 - value) for key, value in values.items() if 0 < value < 3}
    hidden = set(protect(network, small))
    if small:
        assert hidden >= set(small)
    for key, value in ((key, values[key]) for key in small):
        low, high = bounds(key, values, relations, hidden)
        assert low <= value - 1 and (high is None or high >= 3), (table, key, hidden)


def test_one_small_cell_of_a_row_needs_a_second_in_its_row_and_column() -> None:
    network, _values, _relations = network_of([[1, 20, 30], [40, 25, 60], [70, 35, 90]])
    hidden = protect(network, {(0, 0): (1, 2)})
    assert len(hidden) == 4 and all(len(key) == 2 and isinstance(key[0], int) for key in hidden)  # a rectangle
    assert {i for i, _j in hidden} != {0} and "all" not in hidden
    low, high = interval(network, hidden, (0, 0))
    assert low == 0 and high >= 3


def test_a_total_that_is_its_only_cell_is_hidden_with_it() -> None:
    network, _values, _relations = network_of([[2, 0], [30, 40]])
    assert protect(network, {(0, 0): (1, 1), ("row", 0): (1, 1)}) >= {(0, 0), ("row", 0)}


def firms(*rows: tuple[str, str, int | None]) -> pl.DataFrame:
    """Firms by town, size and last year's R&D in yuan."""
    return pl.DataFrame(
        {
            "id": [f"f{i}" for i in range(len(rows))],
            "name": [f"firm {i}" for i in range(len(rows))],
            "synthetic": [False] * len(rows),
            "registered_division": [town or None for town, _size, _spent in rows],
            "size_class": [size or None for _town, size, _spent in rows],
            "rd_expense@2025": [None if spent is None else spent * 100 for _town, _size, spent in rows],
        },
        schema_overrides={"registered_division": pl.String, "size_class": pl.String, "rd_expense@2025": pl.Int64},
    )


def spent(by: tuple[str, ...] = ("town",), **more: Any) -> Statistic:
    given = {"key": "rd", "name": Text(zh="研发", en="R&D"), "measure": "sum", "attribute": "rd_expense", "by": by}
    return Statistic(**given, period="last_year", **more)


def hidden_of(found: Published, by: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {cell.key for cell in found.counting.cells(by) if not found.shows(by, cell)}


def test_a_cell_that_one_firm_dominates_is_hidden_and_so_is_another() -> None:
    rows = [
        ("甲", "小型", 95),
        ("甲", "小型", 2),
        ("甲", "小型", 3),
        *[("乙", "小型", 10)] * 5,
        *[("丙", "小型", 40)] * 4,
    ]
    one = spent()
    counting = count(one, firms(*rows), WORDS, DAY)
    cells = {cell.key: cell for cell in counting.cells(("town",))}
    assert sensitive(cells["甲",], Measure.SUM, Limits()) and not sensitive(cells["乙",], Measure.SUM, Limits())
    assert hidden_of(publish(counting, Limits()), ("town",)) == {("甲",), ("乙",)}
    assert not hidden_of(publish(counting, Limits(dominance=96)), ("town",))


def test_a_total_of_two_firms_hides_all() -> None:
    counting = count(spent(), firms(("甲", "小型", 5), ("乙", "小型", 6)), WORDS, DAY)
    found = publish(counting, Limits())
    assert not found.total_shown and hidden_of(found, ("town",)) == {("甲",), ("乙",)}


ROWS = st.lists(
    st.tuples(st.sampled_from(["甲", "乙", "丙", ""]), st.sampled_from(["小型", "中型", "微型"]), st.one_of(st.none(), st.integers(0, 500))),
    min_size=1,
    max_size=40,
)  # fmt: skip


def relations_of(counting: Any, by: tuple[str, ...]) -> tuple[list[dict[Any, int]], dict[str, dict[Any, int]]]:
    """Sums of a cross and of its margins, and the values of both layers."""
    values: dict[str, dict[Any, int]] = {"n": {}, "num": {}}
    for axes in ((), by[:1], by[1:], by):
        for cell in counting.cells(axes):
            key = frozenset(zip(axes, cell.key, strict=True))
            values["n"][key], values["num"][key] = cell.n, int(cell.num)
    inner = [key for key in values["n"] if len(key) == 2]
    margins = [key for key in values["n"] if len(key) == 1]
    relations = [{key: 1 for key in inner if margin < key} | {margin: -1} for margin in margins]
    for name in by:
        relations.append({key: 1 for key in margins if next(iter(key))[0] == name} | {frozenset(): -1})
    return relations, values


@settings(max_examples=60)
@given(ROWS)
def test_published_crosses_with_their_totals_tell_no_small_cell(rows: list[tuple[str, str, int | None]]) -> None:
    """The tables by town, by size and by both, seen together, in counts and in sums."""
    limits = Limits()
    counting = count(spent(("town", "size", "town,size")), firms(*rows), WORDS, DAY)
    found = publish(counting, limits)
    if not found.total_shown:
        return
    relations, values = relations_of(counting, ("town", "size"))
    for axes in (("town",), ("size",), ("town", "size")):
        for cell in counting.cells(axes):
            key = frozenset(zip(axes, cell.key, strict=True))
            if not sensitive(cell, Measure.SUM, limits):
                continue
            assert key in found.hidden
            if cell.n < limits.units:
                low, high = bounds(key, values["n"], relations, set(found.hidden))
                assert low <= cell.n - 1 and (high is None or high >= limits.units), (axes, cell)
            low, high = bounds(key, values["num"], relations, set(found.hidden))
            least = min(cell.num * 0.2, cell.num)
            assert low <= cell.num - least and (high is None or high >= cell.num + max(least, 1)), (axes, cell)


def test_the_rest_of_a_wider_count_is_not_given_away() -> None:
    """All firms by town beside the small ones by town: where one firm is left over, its town is hidden."""
    rows = [*[("甲", "小型", 1)] * 6, ("甲", "大型", 1), *[("乙", "小型", 1)] * 6, *[("丙", "小型", 1)] * 9]
    frame = firms(*rows)
    every = Statistic(key="all", name=Text(zh="全部", en="all"), by=("town",))
    small = {"all": [{"id": "a", "attribute": "size_class", "operator": "eq", "value": "小型"}]}
    part = Statistic(key="small", name=Text(zh="小型", en="small"), by=("town",), scope=small)
    whole, counted = count(every, frame, WORDS, DAY), count(part, frame, WORDS, DAY)
    assert not hidden_of(publish(counted, Limits()), ("town",))
    assert ("甲",) in hidden_of(publish(counted, Limits(), wider=[whole]), ("town",))


def test_a_sum_that_one_late_firm_changed_is_not_published_again() -> None:
    rows = [*[("甲", "小型", 10)] * 5, *[("乙", "小型", 20)] * 5, *[("丙", "小型", 30)] * 5]
    before = count(spent(), firms(*rows, ("甲", "小型", None)), WORDS, DAY)
    now = count(spent(), firms(*rows, ("甲", "小型", 14)), WORDS, DAY)
    assert not hidden_of(publish(now, Limits()), ("town",))
    assert ("甲",) in hidden_of(publish(now, Limits(), earlier=before), ("town",))


@pytest.mark.parametrize("limit", [3, 10])
def test_an_empty_cell_gives_nobody_away(limit: int) -> None:
    counting = count(spent(), firms(*[("甲", "小型", 10)] * 12, ("乙", "小型", None)), WORDS, DAY)
    cells = {cell.key: cell for cell in counting.cells(("town",))}
    assert cells["乙",].value is None and cells["乙",].open == 1
    assert not hidden_of(publish(counting, Limits(units=limit)), ("town",))
