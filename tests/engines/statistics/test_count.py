"""Golden figures worked out by hand: counts, sums, shares, per-head figures, growth; what is unknown stands apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from gangshen.engines.formats import Fault, Text
from gangshen.engines.statistics import (
    Measure,
    Statistic,
    attributes_of,
    both_known,
    check,
    class_label,
    count,
    cumulated,
    real_growth,
    year_before,
)
from gangshen.engines.vocabulary import Vocabulary

DAY = dt.date(2026, 11, 20)
WORDS = Vocabulary.load_builtin()
ENTRY = {"type": pl.String, "level": pl.String}


def frame(day: dt.date = DAY, spent: str = "rd_expense@2025") -> pl.DataFrame:
    """Eight firms of two towns; yuan are given, fen are kept."""
    rows: list[tuple[Any, ...]] = [
        # id, town, size, industry, founded, segments, R&D, revenue, employees
        ("a", "310112 马桥镇", "小型", "3491", dt.date(2020, 3, 1), ["减速器", "本体"], 100, 1000, 10),
        ("b", "310112 马桥镇", "小型", "3491", dt.date(2020, 5, 1), ["本体"], 200, 2000, 30),
        ("c", "310112 马桥镇", "微型", "C6510", dt.date(2021, 5, 1), ["本体"], None, 500, None),
        ("d", "浦江镇", "中型", "6510", dt.date(2022, 5, 1), ["传感器"], 700, 9000, 100),
        ("e", "浦江镇", None, "73", None, [], 0, 100, 5),
        ("f", "浦江镇", "小型", None, dt.date(2022, 1, 1), None, 50, None, 6),
        ("g", None, "小型", "3491", dt.date(2019, 1, 1), ["本体"], 25, 250, 4),
        ("h", "浦江镇", "小型", "7320", dt.date(2022, 1, 1), ["应用"], None, 100, 2),
    ]
    columns = list(zip(*rows, strict=True))
    money = [[None if one is None else one * 100 for one in columns[at]] for at in (6, 7)]
    return pl.DataFrame(
        {
            "id": columns[0],
            "name": [f"firm {one}" for one in columns[0]],
            "synthetic": [False] * len(rows),
            "registered_division": columns[1],
            "size_class": columns[2],
            "industry_registered": columns[3],
            "registered_on": columns[4],
            "chain_nodes": pl.Series(
                [None if one is None else [{"type": name, "level": None} for name in one] for one in columns[5]],
                dtype=pl.List(pl.Struct(ENTRY)),
            ),
            spent: pl.Series(money[0], dtype=pl.Int64),
            "revenue@2025": pl.Series(money[1], dtype=pl.Int64),
            "employees@2025": pl.Series(columns[8], dtype=pl.Int64),
        }
    )


def named(**more: Any) -> Statistic:
    return Statistic(**{"key": "k", "name": Text(zh="统计", en="statistic")} | more)


SMALL = {"all": [{"id": "size", "attribute": "size_class", "operator": "eq", "value": "小型"}]}


def test_firms_are_counted_and_an_unknown_class_stands_apart() -> None:
    counting = count(named(by=("town", "size")), frame(), WORDS, DAY)
    assert (counting.total.value, counting.total.open) == (8, 0)
    assert {cell.key[0]: cell.value for cell in counting.cells(("town",))} == {"马桥镇": 3, "浦江镇": 4, "": 1}
    assert {cell.key[0]: cell.value for cell in counting.cells(("size",))} == {"小型": 5, "微型": 1, "中型": 1, "": 1}


def test_a_firm_of_which_the_condition_is_unknown_is_not_counted_as_no() -> None:
    total = count(named(scope=SMALL), frame(), WORDS, DAY).total
    assert (total.value, total.open, total.among) == (5, 1, 6)  # e: no size known


def test_a_sum_leaves_what_is_not_reported_apart() -> None:
    """R&D 2025: 100 + 200 + 700 + 0 + 50 + 25 yuan; two firms said nothing, one said zero."""
    counting = count(
        named(measure="sum", attribute="rd_expense", period="last_year", by=("town",)), frame(), WORDS, DAY
    )
    assert (counting.period, counting.total.value, counting.total.n, counting.total.open) == ("2025", 107_500, 6, 2)
    cells = {cell.key[0]: (cell.value, cell.n, cell.open) for cell in counting.cells(("town",))}
    assert cells == {"马桥镇": (30_000, 2, 1), "浦江镇": (75_000, 3, 1), "": (2_500, 1, 0)}


def test_nothing_known_is_unknown_and_not_zero() -> None:
    total = count(named(measure="sum", attribute="exports", period="last_year"), frame(), WORDS, DAY).total
    assert (total.value, total.n, total.open) == (None, 0, 8)


def test_a_share_is_of_those_whose_answer_is_known() -> None:
    """Small ones among those of Maqiao town: a and b of a, b, c."""
    town = {"all": [{"id": "t", "attribute": "registered_division", "operator": "eq", "value": "310112 马桥镇"}]}
    counting = count(named(measure="share", scope=town, counted=SMALL), frame(), WORDS, DAY)
    assert counting.total.value == pytest.approx(100 * 2 / 3)
    every = count(named(measure="share", counted=SMALL), frame(), WORDS, DAY).total
    assert (every.value, every.n, every.open) == (pytest.approx(100 * 5 / 7), 7, 1)


def test_per_head_takes_firms_that_told_both() -> None:
    """Revenue per employee: (1000 + 2000 + 9000 + 100 + 250 + 100) ÷ (10 + 30 + 100 + 5 + 4 + 2) yuan."""
    one = named(measure="per_head", attribute="revenue", per="employees", period="last_year")
    total = count(one, frame(), WORDS, DAY).total
    assert (total.value, total.n, total.open) == (pytest.approx(100 * 12_450 / 151), 6, 2)


def test_firms_of_several_segments_stand_in_each_and_once_in_the_total() -> None:
    counting = count(named(by=("segment",)), frame(), WORDS, DAY)
    cells = {cell.key[0]: cell.value for cell in counting.cells(("segment",))}
    assert cells == {"本体": 4, "": 2, "减速器": 1, "传感器": 1, "应用": 1}
    assert counting.total.value == 8
    assert counting.firms(("segment",), ("本体",))["id"].to_list() == ["a", "b", "c", "g"]


def test_levels_of_the_industry_and_the_year() -> None:
    counting = count(named(by=("section", "division", "group", "founded")), frame(), WORDS, DAY)
    assert {cell.key[0]: cell.n for cell in counting.cells(("section",))} == {"C": 3, "I": 2, "M": 2, "": 1}
    assert {cell.key[0]: cell.n for cell in counting.cells(("group",))}[""] == 2  # "73" says no group
    assert {cell.key[0]: cell.n for cell in counting.cells(("founded",))}["2022"] == 3
    assert (
        class_label("section", "I", WORDS).zh.startswith("信息传输") and class_label("town", "", WORDS).en == "Unknown"
    )
    assert class_label("town", "马桥镇", WORDS, {"马桥镇": "Maqiao Town"}).en == "Maqiao Town"
    assert class_label("park", "某园", WORDS).en == "某园"


def test_a_cross_adds_up_to_its_margins() -> None:
    counting = count(named(by=("town,size",)), frame(), WORDS, DAY)
    cells = {cell.key: cell.n for cell in counting.cells(("town", "size"))}
    assert cells["马桥镇", "小型"] == 2 and sum(cells.values()) == 8


def test_the_comparable_scope_is_of_firms_known_in_both_years() -> None:
    one = named(measure="sum", attribute="rd_expense", period="last_year")
    now = count(one, frame(), WORDS, DAY)
    earlier = frame(spent="rd_expense@2024").filter(pl.col("id").is_in(["a", "b", "c", "d"]))
    then = count(one, earlier, WORDS, dt.date(2025, 11, 20))
    both = both_known(now, then)
    assert both == {"a", "b", "d"}
    assert now.among(both).total.value == then.among(both).total.value == 100_000


def test_cumulated_months_begin_with_january_and_february_together() -> None:
    def end(year: int, month: int) -> dt.date:
        return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)

    months = {end(2025, month): float(month) for month in (1, 2, 3, 4)} | {
        end(2026, 1): 2.0,
        end(2026, 2): 4.0,
        end(2026, 4): 9.0,
    }
    found = {one.at: (one.value, one.rate) for one in cumulated(months)}
    assert found == {
        end(2025, 2): (3, None),
        end(2025, 3): (6, None),
        end(2025, 4): (10, None),
        end(2026, 2): (6, 100.0),
    }


def test_growth_at_comparable_prices() -> None:
    assert real_growth(10, 110) == pytest.approx(0)
    assert real_growth(5, 98) == pytest.approx(7.142857)
    with pytest.raises(ValueError, match="above 0"):
        real_growth(5, 0)


def test_the_day_a_year_before() -> None:
    assert year_before(dt.date(2024, 2, 29)) == dt.date(2023, 2, 28)
    assert year_before(dt.date(2025, 2, 28)) == dt.date(2024, 2, 29)  # the month's last day
    assert year_before(DAY) == dt.date(2025, 11, 20)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"measure": "sum"}, "attribute"),
        ({"measure": "sum", "attribute": "name"}, "cannot be added up"),
        ({"measure": "sum", "attribute": "revenue", "period": "next year"}, "period"),
        ({"measure": "sum", "attribute": "revenue", "unit": "家"}, "unit"),
        ({"measure": "share"}, "counted"),
        ({"attribute": "revenue"}, "attribute"),
        ({"by": ("colour",)}, "colour"),
        ({"by": ("town,size", "town,park")}, "two crosses use town"),
        ({"scope": {"all": [{"id": "x", "attribute": "nothing", "operator": "eq", "value": 1}]}}, "scope"),
        ({"scope": {"all": [{"id": "x", "attribute": "contacts", "operator": "exists"}]}}, "personal"),
    ],
)
def test_faults_name_the_field(given: dict[str, Any], words: str) -> None:
    with pytest.raises(Fault, match=words):
        check(named(**given), WORDS)


def test_what_a_statistic_reads() -> None:
    one = named(measure=Measure.SUM, attribute="revenue", scope=SMALL)
    assert attributes_of(one, ("town",)) == ["size_class", "revenue", "registered_division"]
    assert check(one, WORDS) is one
