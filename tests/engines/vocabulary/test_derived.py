"""Derived attributes: one subject and columns agree, and absence stays absence."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.vocabulary import CLASSES, Expression, ExpressionError, Vocabulary

VOCABULARY = Vocabulary.load_builtin()
DAY = dt.date(2026, 11, 21)
WAN = 10**6


@pytest.mark.parametrize(
    ("industry", "employees", "revenue", "assets", "size"),
    [
        ("3491", 1000, 40000 * WAN, None, "大型"),
        ("3491", 1500, 39999 * WAN, None, "中型"),
        ("3491", 300, 2000 * WAN, None, "中型"),
        ("3491", 299, 90000 * WAN, None, "小型"),
        ("3491", 19, None, None, "微型"),
        ("3491", 500, None, None, None),
        ("6513", 100, 1000 * WAN, None, "中型"),
        ("7320", 300, None, None, "大型"),
        ("7212", 300, 0, 120000 * WAN, "大型"),
        ("6620", 300, 10**12, 10**12, None),
        (None, 10, 10, 10, None),
    ],
)
def test_size_classes(industry, employees, revenue, assets, size) -> None:
    values = {"industry_registered": industry, "employees": employees, "revenue": revenue, "total_assets": assets}
    assert VOCABULARY.derive("size_class", values, DAY) == size


amounts = st.none() | st.sampled_from([0, 300 * WAN, 2000 * WAN, 40000 * WAN, 10**12]) | st.integers(0, 10**12)
subjects = st.fixed_dictionaries(
    {
        "industry_registered": st.none()
        | st.sampled_from(["3491", "6513", "7320", "7212", "5174", "7010", "83", "C", "06"]),
        "employees": st.none() | st.sampled_from([0, 9, 10, 19, 20, 300, 1000]) | st.integers(0, 3000),
        "revenue": amounts,
        "total_assets": amounts,
        "rd_expense": amounts,
        "rd_staff": st.none() | st.integers(0, 100),
    }
)


@given(st.lists(subjects, min_size=1, max_size=8))
def test_columns_equal_single_subjects(some: list[dict[str, object]]) -> None:
    schema = dict.fromkeys(some[0], pl.Int64) | {"industry_registered": pl.String}
    frame = VOCABULARY.with_derived(pl.DataFrame(some, schema=schema), DAY)
    for id in ("size_class", "rd_ratio", "rd_staff_ratio"):
        assert frame[id].to_list() == pytest.approx([VOCABULARY.derive(id, one, DAY) for one in some])
    assert set(frame["size_class"].drop_nulls()) <= set(CLASSES)


def test_before_the_first_edition_nothing_is_classed() -> None:
    values = {"industry_registered": "3491", "employees": 5, "revenue": 1, "total_assets": 1}
    assert VOCABULARY.derive("size_class", values, dt.date(2010, 1, 1)) is None


def test_a_value_already_there_is_kept() -> None:
    frame = pl.DataFrame({"rd_expense": [1, 1], "revenue": [10, 0], "rd_ratio": [7.0, None]})
    assert VOCABULARY.with_derived(frame, DAY)["rd_ratio"].to_list() == [7.0, None]


def test_bounds_hold_every_value() -> None:
    read = Expression.parse("(a - b) / c * -2")
    low, high = read.bounds({"a": (1, 2), "b": (0, 1), "c": (1, 4)})
    assert (low, high) == (-4.0, -0.0)
    assert read.bounds({"a": (1, 2), "b": (0, 1), "c": (-1, 4)}) is None


@pytest.mark.parametrize(
    "text", ["", "a if b else c", "__import__('os')", "a ** 9", "a.b", "'x'", "f(a)", "a < b", "True", "(" * 500]
)
def test_only_arithmetic_is_accepted(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.parse(text)
