"""Facts: access by attribute class, derived ones, staleness, synthetic marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import Organisation, User
from gangshen.apps.registers.services import add_record, facts, snapshot

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)

pytestmark = pytest.mark.django_db
EVERYTHING: dict[str, Any] = {
    "name": "甲厂",  # public
    "park": "一园",  # internal
    "insured_employees": 30,  # consent
    "contacts": [{"type": "财务", "name": "某人"}],  # personal
    "above_scale": True,  # statistics
}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("operator", {"name", "park", "insured_employees"}),
        ("leader", {"name", "park"}),
        ("account_manager", {"name", "park", "insured_employees", "contacts"}),
        ("statistics_clerk", {"name", "park", "above_scale"}),
        ("unit", {"name"}),
    ],
)
def test_each_role_reads_its_classes(
    role: str, expected: set[str], market: Source, someone: Callable[..., User]
) -> None:
    add_record("a", EVERYTHING, market, TODAY, None, NOW)
    assert set(facts("a", TODAY, someone(role))) == expected


def test_a_firm_reads_its_own_and_no_other(market: Source, someone: Callable[..., User]) -> None:
    add_record("a", EVERYTHING, market, TODAY, None, NOW)
    add_record("b", EVERYTHING, market, TODAY, None, NOW)
    user = someone("enterprise", Organisation.objects.get(key="a"))
    assert {"insured_employees", "contacts"} <= set(facts("a", TODAY, user))
    assert "above_scale" not in facts("a", TODAY, user)
    assert set(facts("b", TODAY, user)) == {"name"}


def test_a_ratio_is_derived_from_one_year_only(firm: Source) -> None:
    add_record("a", {"rd_expense": 500, "revenue": 10_000}, firm, TODAY, None, NOW, period="2025")
    fact = facts("a", TODAY)["rd_ratio"]
    assert (fact.value, fact.record_id, fact.period) == (5.0, None, "2025")
    assert snapshot(as_of=TODAY).frame.get_column("rd_ratio").to_list() == [5.0]
    add_record("a", {"revenue": 20_000}, firm, TODAY, None, NOW, period="2026")
    fact = facts("a", TODAY)["rd_ratio"]  # the latest year in which both are known
    assert (fact.value, fact.period) == (5.0, "2025")
    assert snapshot(as_of=TODAY).frame.get_column("rd_ratio").to_list() == [5.0]


def test_figures_of_no_common_year_give_no_ratio(firm: Source) -> None:
    add_record("a", {"rd_expense": 500}, firm, TODAY, None, NOW, period="2024")
    add_record("a", {"revenue": 20_000}, firm, TODAY, None, NOW, period="2025")
    assert "rd_ratio" not in facts("a", TODAY)
    row = snapshot(as_of=TODAY).frame.row(0, named=True)
    assert (row["rd_ratio"], row["rd_ratio__stale"]) == (None, True)
    asked = facts("a", TODAY, periods=True)
    assert (asked["rd_ratio"].value, asked["rd_ratio"].stale) == (None, True)
    assert (asked["revenue@2025"].value, asked["revenue@2024"].value) == (20_000, None)


def test_rules_ask_for_a_year_in_columns_and_facts_alike(firm: Source) -> None:
    for year, revenue in (("2023", 1), ("2024", 2), ("2025", 3)):
        add_record("a", {"revenue": revenue, "rd_expense": 1}, firm, TODAY, None, NOW, period=year)
    add_record("a", {"output_value_reported": 7}, firm, TODAY, None, NOW, period="2025")
    add_record("a", {"output_value_reported": 9}, firm, TODAY, None, NOW, period="2026-01")
    made, asked = snapshot(as_of=TODAY), facts("a", TODAY, periods=True)
    dated = [name for name in made.frame.columns if "@" in name]
    assert {"revenue@2023", "revenue@2026", "rd_ratio@2024", "output_value_reported@2025"} <= set(dated)
    row = made.frame.row(0, named=True)
    assert {name: row[name] for name in dated} == {name: asked[name].value for name in asked if "@" in name}
    assert (row["revenue@2024"], row["revenue@2026"], row["rd_ratio@2024"]) == (2, None, 50.0)
    assert row["output_value_reported@2025"] == 7


def test_what_a_named_year_came_to_does_not_age(firm: Source) -> None:
    late = dt.date(2026, 11, 21)
    add_record("a", {"revenue": 100, "rd_expense": 5}, firm, dt.date(2025, 4, 30), None, NOW, period="2024")
    asked = facts("a", late, periods=True)
    assert asked["revenue"].stale  # the latest known is older than it may be
    assert (asked["revenue@2024"].stale, asked["rd_ratio@2024"].stale) == (False, False)
    row = snapshot(as_of=late).frame.row(0, named=True)
    assert (row["revenue__stale"], row["revenue@2024"]) == (True, 100)
    assert "revenue@2024__stale" not in row


def test_a_stated_ratio_is_kept_as_stated(firm: Source) -> None:
    add_record("a", {"rd_expense": 500, "revenue": 10_000, "rd_ratio": 5.1}, firm, TODAY, None, NOW, period="2025")
    assert facts("a", TODAY)["rd_ratio"].value == 5.1
    assert snapshot(as_of=TODAY).frame.get_column("rd_ratio").to_list() == [5.1]


def test_what_rests_on_something_stale_is_stale(firm: Source) -> None:
    add_record("a", {"rd_expense": 500, "revenue": 10_000}, firm, dt.date(2023, 4, 1), None, NOW, period="2022")
    assert facts("a", TODAY)["rd_ratio"].stale
    assert snapshot(as_of=TODAY).frame.get_column("rd_ratio__stale").to_list() == [True]


def test_synthetic_is_carried_from_the_source(db: None) -> None:
    made = Source.objects.create(key="synthetic", name="合成", rank=90, synthetic=True)
    add_record("a", {"name": "甲厂"}, made, TODAY, None, NOW)
    assert facts("a", TODAY)["name"].synthetic
    assert snapshot(as_of=TODAY).frame.get_column("synthetic").to_list() == [True]
    assert Organisation.objects.get(key="a").synthetic
