"""Synthetic firms: marked, distinct, consistent, and the same for the same seed."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gangshen.engines.synthesis import (
    SOURCES,
    Park,
    Place,
    Town,
    enterprises,
    frame,
    is_synthetic_uscc,
    statements,
    synthetic_uscc,
    trades,
    uscc_check_digit,
)
from gangshen.engines.vocabulary import Vocabulary, World

D = dt.date
AS_OF = D(2026, 11, 20)
SHARED = Path(os.environ.get("GANGSHEN_SHARED", Path(__file__).parents[4] / "shared")) / "enterprise"


@pytest.fixture(scope="module")
def firms() -> list[dict[str, Any]]:
    return list(enterprises(2000, seed=7, as_of=AS_OF))


def share(firms: list[dict[str, Any]], attribute: str) -> float:
    return sum(attribute in firm for firm in firms) / len(firms)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 30), st.integers(0, 5000), st.dates(D(2020, 1, 1), D(2030, 12, 31)))
def test_a_firm_is_the_same_whatever_is_drawn_around_it(seed: int, n: int, start: int, as_of: D) -> None:
    whole = list(enterprises(n + 3, seed=seed, as_of=as_of, start=start))
    assert list(enterprises(n, seed=seed, as_of=as_of, start=start)) == whole[:n]
    assert list(enterprises(3, seed=seed, as_of=as_of, start=start + n)) == whole[n:]


def test_the_same_on_every_machine() -> None:
    rows = list(enterprises(50, seed=20, as_of=AS_OF))
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, default=str)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "134b7504804eeba7"


def test_seeds_differ_and_nobody_comes_twice(firms: list[dict[str, Any]]) -> None:
    others = list(enterprises(500, seed=8, as_of=AS_OF))
    assert len({firm["uscc"] for firm in [*firms, *others]}) == 2500
    assert len({firm["name"] for firm in firms}) == 2000


def test_names_stay_distinct_in_the_hundred_thousands() -> None:
    from gangshen.engines.synthesis._names import NAMES, brand

    assert len({brand(3, i) for i in range(120_000)}) == 120_000
    assert len({brand(3, i) for i in range(NAMES - 1000, NAMES)}) == 1000


def test_every_code_is_right_in_form_and_nobodys(firms: list[dict[str, Any]]) -> None:
    for firm in firms:
        code = firm["uscc"]
        assert is_synthetic_uscc(code)
        assert code[2:8] == "999999"  # no province is numbered 99
        assert code[17] == uscc_check_digit(code[:17])
        assert firm["synthetic"] is True


def test_the_check_digit_of_a_published_worked_example() -> None:
    assert uscc_check_digit("91350100M000100Y4") == "3"  # GB 32100-2015, the standard's own example
    with pytest.raises(ValueError, match="no place"):
        uscc_check_digit("9135010OM000100Y4")
    with pytest.raises(ValueError, match="outside"):
        synthetic_uscc(1, -1)


@given(st.integers(0, 960), st.integers(0, 31**6 - 1), st.integers(0, 31**6 - 1))
def test_codes_of_a_seed_are_a_permutation(seed: int, a: int, b: int) -> None:
    assert (synthetic_uscc(seed, a) == synthetic_uscc(seed, b)) == (a == b)


def test_figures_agree_with_each_other(firms: list[dict[str, Any]]) -> None:
    for firm in firms:
        assert firm["registered_on"] < AS_OF
        assert firm.get("rd_staff", 0) <= firm.get("employees", 10**9)
        assert firm.get("paid_in_capital", 0) <= firm["registered_capital"]
        assert firm.get("revenue", 0) >= 0
        assert 0 <= firm.get("debt_ratio", 50) <= 100
        assert firm["tax_credit_a"] == (firm.get("tax_credit_grade", "A" if firm["tax_credit_a"] else "B") == "A")
        if "output_value_reported" in firm:
            assert 13 <= int(firm["industry_registered"][:2]) <= 43
        if "output_value_statistical" in firm:
            assert firm["above_scale"] is True


def test_titles_are_dated_rows_that_begin_after_the_firm(firms: list[dict[str, Any]]) -> None:
    rows = [(firm, row) for firm in firms for row in firm["certificates"]]
    for firm, row in rows:
        assert {"type", "level", "number", "from", "to", "withdrawn_on"} <= set(row)
        assert firm["registered_on"] < row["from"] < AS_OF
        assert row["to"] is None or row["to"] > row["from"]
        assert row["withdrawn_on"] is None or row["from"] < row["withdrawn_on"] <= AS_OF
        assert row["number"].startswith("SYN-")
    ends = [row["to"] for _, row in rows if row["to"]]
    assert any(end < AS_OF for end in ends)
    assert any(AS_OF <= end <= AS_OF + dt.timedelta(days=180) for end in ends)
    assert any(row["withdrawn_on"] for _, row in rows)


def test_the_mix_of_a_zone(firms: list[dict[str, Any]]) -> None:
    titles = Counter(row["type"] for firm in firms for row in firm["certificates"])
    assert 0.15 < titles["高新技术企业"] / 2000 < 0.4
    assert titles["专精特新中小企业"] > 4 * titles["专精特新“小巨人”企业"] > 0
    assert 0.1 < sum(firm["above_scale"] for firm in firms) / 2000 < 0.4
    nodes = {row["node"] for firm in firms for row in firm.get("chain_nodes", [])}
    assert nodes == {trade.id for trade in trades() if trade.group in {"robot", "smart"}}
    robots = {trade.id for trade in trades() if trade.group == "robot"}
    chain = (
        "compute model chip sensor controller servo reducer joint_module dexterous_hand body integration application"
    )
    assert robots == set(chain.split())
    people = sorted(firm["employees"] for firm in firms if "employees" in firm)
    assert people[len(people) // 2] < 60
    assert people[-1] > 500


def test_open_attributes_are_missing_at_their_own_rates_and_more_with_small_firms(firms: list[dict[str, Any]]) -> None:
    assert 0.05 < 1 - share(firms, "revenue") < 0.3
    assert 1 - share(firms, "tax_paid") > 0.5
    large = [firm for firm in firms if firm["registered_capital"] > 10_000_000_00]
    small = [firm for firm in firms if firm["registered_capital"] < 1_500_000_00]
    assert min(len(large), len(small)) > 100
    assert share(large, "rd_expense") > share(small, "rd_expense") + 0.1
    for closed in ("certificates", "penalties", "invention_patents", "listing_status", "judgment_defaulter"):
        assert share(firms, closed) == 1


def test_money_is_whole_fen(firms: list[dict[str, Any]]) -> None:
    money = "registered_capital paid_in_capital revenue profit total_assets rd_expense tax_paid equipment_investment"
    for firm in firms:
        assert all(type(firm[name]) is int for name in money.split() if name in firm)


def test_statements_are_the_same_firms_by_source_and_period() -> None:
    told = list(statements(60, seed=7, as_of=AS_OF, years=3, months=14))
    assert {statement.source for statement in told} == set(SOURCES)
    for statement in told:
        assert statement.synthetic
        assert statement.values
        assert statement.as_of <= AS_OF
        assert set(statement.values) <= set(SOURCES[statement.source])
    periods = {statement.period for statement in told}
    assert {"", "2023", "2024", "2025", "2026-10", "2026-02", "2025-09"} <= periods
    assert not {"2026-01", "2026-11", "2026"} & periods
    merged: dict[str, dict[str, Any]] = {}
    for statement in told:
        if statement.period in {"", "2025", "2026-10"}:
            merged.setdefault(statement.subject, {"synthetic": True}).update(statement.values)
    assert list(merged.values()) == list(enterprises(60, seed=7, as_of=AS_OF))


def test_before_june_the_year_before_last_is_the_last_closed() -> None:
    periods = {s.period for s in statements(20, seed=1, as_of=D(2026, 5, 20), years=1, months=0)}
    assert periods == {"", "2024"}


def test_output_has_its_low_february_and_adds_up_to_a_year() -> None:
    told = list(statements(200, seed=5, as_of=AS_OF, months=22))
    monthly = Counter[str]()
    for statement in told:
        if statement.source == "statistics" and statement.period.startswith("2025"):
            monthly[statement.period] += statement.values["output_value_statistical"]
    assert len(monthly) == 11
    assert monthly["2025-12"] > monthly["2025-03"] > monthly["2025-02"] / 2


def test_a_zone_may_bring_its_own_towns_and_parks() -> None:
    place = Place("上海", "示例区", "310199", (Town("甲镇"),), (Park("park-a", "甲镇"),), ())
    rows = list(enterprises(80, seed=2, as_of=AS_OF, place=Place(elsewhere=(("310104", "徐汇区"),))))
    assert any(row["registered_division"] == "310104 徐汇区" for row in rows)
    own = list(enterprises(60, seed=2, as_of=AS_OF, place=place))
    assert {row["park"] for row in own if "park" in row} == {"park-a"}
    assert {row["registered_division"] for row in own} == {"310199 甲镇"}


def test_the_frame_has_the_columns_of_rules() -> None:
    table = frame(200, seed=7, as_of=AS_OF)
    assert table.height == 200
    assert table["id"].is_unique().all()
    assert table.schema["revenue"] == pl.Int64
    assert table.schema["registered_on"] == pl.Date
    assert table.schema["debt_ratio"] == pl.Float64
    assert table.schema["accidents_3y"] == pl.Boolean
    row = table.schema["certificates"]
    assert isinstance(row, pl.List)
    assert [field.name for field in row.inner.fields] == ["type", "level", "number", "from", "to", "withdrawn_on"]  # type: ignore[union-attr]
    rows = list(enterprises(200, seed=7, as_of=AS_OF))
    assert table["revenue"].to_list() == [firm.get("revenue") for firm in rows]
    assert table["certificates"].list.len().to_list() == [len(firm["certificates"]) for firm in rows]


def test_every_value_is_one_of_the_vocabulary_and_survives_a_table(firms: list[dict[str, Any]]) -> None:
    words = Vocabulary.load_builtin()
    stated = {name for names in SOURCES.values() for name in names}
    assert {attribute for firm in firms for attribute in firm} <= stated | {"synthetic"}
    for firm in firms[:300]:
        for attribute, value in firm.items():
            if attribute == "synthetic":
                continue
            assert words.validate(attribute, value) is None
            cell = words.write(attribute, value)
            read = words.parse(attribute, cell)
            assert read == (words.canon(attribute, value) if isinstance(value, list) else value)


def test_what_must_be_absent_may_be_absent_and_what_is_closed_never_is(firms: list[dict[str, Any]]) -> None:
    words = Vocabulary.load_builtin()
    for names in SOURCES.values():
        for name in names:
            if words.get(name).world is World.CLOSED:
                assert share(firms, name) == 1, name


def test_bad_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        list(enterprises(-1, seed=1, as_of=AS_OF))


@pytest.mark.shared
def test_no_name_belongs_to_a_real_firm() -> None:
    if not SHARED.exists():
        pytest.skip("the developer data is not beside the checkout")
    with gzip.open(SHARED / "register_anhui.csv.gz", "rt", encoding="utf-8") as file:
        real = {row["name"] for row in csv.DictReader(file)}
    with (SHARED / "company_alias.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            real |= {row["short"], row["fullname"]}
    from gangshen.engines.synthesis._names import brand

    assert not real & {firm["name"] for firm in enterprises(3000, seed=7, as_of=AS_OF)}
    assert not real & {brand(7, i) for i in range(2704)}


@pytest.mark.shared
def test_check_digits_of_real_codes() -> None:
    if not SHARED.exists():
        pytest.skip("the developer data is not beside the checkout")
    with (SHARED / "uscc_cases.csv").open(encoding="utf-8") as file:
        cases = [row for row in csv.DictReader(file) if len(row["code"]) == 18]
    valid = [row["code"] for row in cases if row["valid"] == "1"]
    assert len(valid) > 100
    assert all(uscc_check_digit(code[:17]) == code[17] for code in valid)
    assert not any(is_synthetic_uscc(code) for code in valid)


@pytest.mark.shared
def test_industries_are_codes_of_the_official_table() -> None:
    if not SHARED.exists():
        pytest.skip("the developer data is not beside the checkout")
    with (SHARED / "gbt4754_2017.csv").open(encoding="utf-8") as file:
        official = {row["code"] for row in csv.DictReader(file)}
    assert {code for trade in trades() for code in trade.industries} <= official
