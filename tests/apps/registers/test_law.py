"""The latest-value law, against a model so plain that it can be read, and both its forms against each other."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gangshen.apps.registers.services._columns import latest
from gangshen.apps.registers.services._law import Statement, believe, entry_key, in_force, period_end, write
from gangshen.apps.registers.services._statements import RECORDS
from gangshen.engines.formats import Text
from gangshen.engines.vocabulary import Attribute, AttributeType, Period

TODAY = dt.date(2026, 3, 2)


def _attribute(name: str, kind: AttributeType, **more: Any) -> Attribute:
    return Attribute(id=name, label=Text(zh=name), type=kind, **more)


ATTRIBUTES = {
    one.id: one
    for one in (
        _attribute("name", AttributeType.TEXT),
        _attribute("employees", AttributeType.COUNT, stale_after_days=400, tolerance=0.05),
        _attribute("revenue", AttributeType.MONEY, period=Period.YEAR, tolerance=0.01, stale_after_days=700),
        _attribute("registered_on", AttributeType.DATE),
        _attribute("debt_ratio", AttributeType.PERCENT, period=Period.YEAR),
        _attribute("above_scale", AttributeType.BOOL),
        _attribute("certificates", AttributeType.LIST),
    )
}
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 30))
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["高新技术企业", "专精特新中小企业"])},
        optional={
            "level": st.sampled_from(["国家级", "市级"]),
            "number": st.sampled_from(["A1", "A2"]),
            "from": DAYS.map(str),
            "to": DAYS.map(str),
            "withdrawn_on": DAYS.map(str),
        },
    ),
    max_size=3,
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.none() | st.sampled_from(["甲", "乙", '丙 "employees": null']),
        "employees": st.none() | st.integers(0, 300),
        "revenue": st.none() | st.integers(0, 10**13),
        "registered_on": DAYS.map(str),
        "debt_ratio": st.none() | st.floats(0, 100),
        "above_scale": st.none() | st.booleans(),
        "certificates": st.none() | ENTRIES,
    },
)
SOURCES = {"review": 0, "market": 10, "tax": 20, "firm": 50, "visit": 50}


@st.composite
def statements(draw: Any) -> list[tuple[str, Statement]]:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["x", "y", "z"]),
                st.sampled_from(sorted(SOURCES)),
                st.sampled_from(["", "2023", "2024", "2024Q3", "2025-02", "2025-01/03"]),
                DAYS,
                st.integers(0, 3),
                VALUES,
            ),
            max_size=12,
        )
    )
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return [
        (subject, Statement(i + 1, source, SOURCES[source], period, as_of, start + dt.timedelta(hours=hour), values))
        for i, (subject, source, period, as_of, hour, values) in enumerate(rows)
    ]


def frame(rows: list[tuple[str, Statement]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(s.id, subject, s.rank, s.source, False, s.period, s.as_of, json.dumps(s.values)) for subject, s in rows],
        schema=RECORDS,
        orient="row",
    )


def plainly(said: list[Statement], attribute: Attribute) -> Statement | None:
    """The believed statement, found by asking of each whether any other beats it."""
    about = [one for one in said if attribute.id in one.values and one.as_of <= TODAY]
    if attribute.period is not Period.STATE:
        about = [one for one in about if "/" not in one.period]

    def beats(one: Statement, other: Statement) -> bool:
        if attribute.period is not Period.STATE:
            ends = [period_end(each.period) if each.period else each.as_of for each in (one, other)]
            if ends[0] != ends[1]:
                return ends[0] > ends[1]
        if one.rank != other.rank:
            return one.rank < other.rank
        if one.as_of != other.as_of:
            return one.as_of > other.as_of
        return one.id > other.id

    best = [one for one in about if not any(beats(other, one) for other in about if other is not one)]
    assert len(best) <= 1
    return best[0] if best else None


@settings(max_examples=150, deadline=None)
@given(statements())
def test_one_subject_is_believed_as_the_plain_model_says(rows: list[tuple[str, Statement]]) -> None:
    for subject in ("x", "y", "z"):
        said = [statement for name, statement in rows if name == subject]
        facts = believe(said, ATTRIBUTES, TODAY)
        for attribute in ATTRIBUTES.values():
            top = plainly(said, attribute)
            fact = facts.get(attribute.id)
            assert (fact and fact.record_id) == (top and top.id)
            if top is not None and fact is not None and attribute.type is not AttributeType.LIST:
                stored = top.values[attribute.id]
                assert write(attribute, fact.value) == (float(stored) if isinstance(fact.value, float) else stored)


@settings(max_examples=150, deadline=None)
@given(statements())
def test_columns_and_one_subject_agree(rows: list[tuple[str, Statement]]) -> None:
    got = latest(frame(rows), ATTRIBUTES.values(), TODAY)
    by_subject = {row["id"]: row for row in got.values.to_dicts()}
    record_ids = {row["id"]: row for row in got.records.to_dicts()}
    assert set(by_subject) == {subject for subject, statement in rows if statement.as_of <= TODAY}
    for subject, row in by_subject.items():
        facts = believe([s for name, s in rows if name == subject], ATTRIBUTES, TODAY)
        for name, attribute in ATTRIBUTES.items():
            fact = facts.get(name)
            assert record_ids[subject][name] == (fact.record_id if fact else None)
            if attribute.stale_after_days is not None:
                assert row[f"{name}__stale"] == bool(fact and fact.stale)
            if attribute.type is AttributeType.LIST:
                said = any(s.values.get(name) is not None for key, s in rows if key == subject and s.as_of <= TODAY)
                expected = [e for e in fact.value if in_force(e, TODAY)] if fact and said else None
                found = row[name] and [{k: v for k, v in e.items() if v is not None} for e in row[name]]
                assert (found is None) == (expected is None)
                assert sorted(found or [], key=entry_key_text) == sorted(expected or [], key=entry_key_text)
            else:
                assert row[name] == (fact.value if fact else None)


def entry_key_text(entry: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(part) for part in entry_key(entry))


@settings(max_examples=100, deadline=None)
@given(statements(), st.data())
def test_removing_a_batch_is_as_if_it_never_came(rows: list[tuple[str, Statement]], data: Any) -> None:
    batch = data.draw(st.sets(st.sampled_from([s.id for _, s in rows])) if rows else st.just(set()))
    kept = [(subject, s) for subject, s in rows if s.id not in batch]
    table = frame(rows)
    undone = latest(table.filter(~pl.col("id").is_in(list(batch))), ATTRIBUTES.values(), TODAY)
    never = latest(frame(kept), ATTRIBUTES.values(), TODAY)
    assert undone.values.equals(never.values)
    assert undone.records.equals(never.records)


def _said(values: dict[str, Any], source: str, day: dt.date, number: int, period: str = "") -> Statement:
    at = dt.datetime(2026, 1, number, tzinfo=dt.UTC)
    return Statement(number, source, SOURCES[source], period, day, at, values)


def test_a_difference_beyond_tolerance_is_a_conflict_until_reviewed() -> None:
    tax = _said({"employees": 100}, "tax", dt.date(2026, 1, 1), 1)
    firm = _said({"employees": 104}, "firm", dt.date(2026, 1, 5), 2)
    far = _said({"employees": 140}, "visit", dt.date(2026, 1, 6), 3)
    review = _said({"employees": 138}, "review", dt.date(2026, 1, 7), 4)
    assert not believe([tax, firm], ATTRIBUTES, TODAY)["employees"].conflict
    assert believe([tax, firm, far], ATTRIBUTES, TODAY)["employees"].conflict
    settled = believe([tax, firm, far, review], ATTRIBUTES, TODAY)["employees"]
    assert settled.value == 138
    assert not settled.conflict


def test_figures_of_different_years_do_not_contradict() -> None:
    old = _said({"revenue": 100}, "tax", dt.date(2025, 5, 1), 1, "2024")
    new = _said({"revenue": 900}, "firm", dt.date(2026, 2, 1), 2, "2025")
    fact = believe([old, new], ATTRIBUTES, TODAY)["revenue"]
    assert (fact.value, fact.period, fact.conflict) == (900, "2025", False)


def test_a_value_not_renewed_goes_stale() -> None:
    old = _said({"employees": 9}, "tax", dt.date(2025, 1, 1), 1)
    assert believe([old], ATTRIBUTES, TODAY)["employees"].stale
    assert not believe([old], ATTRIBUTES, dt.date(2025, 12, 31))["employees"].stale


@pytest.mark.parametrize(
    ("period", "last"),
    [("2025", "2025-12-31"), ("2025Q3", "2025-09-30"), ("2024-02", "2024-02-29"), ("2026-01/10", "2026-10-31")],
)
def test_periods_end_on_their_last_day(period: str, last: str) -> None:
    assert period_end(period) == dt.date.fromisoformat(last)


@pytest.mark.parametrize("period", ["25", "2025Q5", "2025-13", "2025年", "2026-10/01", "2026Q1/10"])
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        period_end(period)


@pytest.mark.parametrize(
    ("name", "value"),
    [("employees", "12"), ("employees", True), ("registered_on", "2025-02-30"), ("certificates", [{}])],
)
def test_a_value_of_another_type_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        write(ATTRIBUTES[name], value)


HELD = {"type": "高新技术企业", "number": "GR1", "from": "2023-12-01", "to": "2026-11-30"}


@pytest.mark.parametrize(
    ("day", "order", "stand"),
    [
        (dt.date(2025, 6, 1), (1, 2), [HELD]),
        (dt.date(2025, 6, 1), (2, 1), [HELD]),
        (dt.date(2023, 1, 1), (1, 2), [HELD]),
        (dt.date(2027, 1, 5), (1, 2), [{"type": "高新技术企业"}, HELD]),
    ],
)
def test_a_title_told_by_its_type_only_adds_nothing_to_a_fuller_entry_that_covers_its_day(
    day: dt.date, order: tuple[int, int], stand: list[dict[str, Any]]
) -> None:
    bare = _said({"certificates": [{"type": "高新技术企业"}]}, "firm", day, order[0])
    full = _said({"certificates": [HELD]}, "market", dt.date(2024, 1, 5), order[1])
    value = believe([bare, full], ATTRIBUTES, dt.date(2027, 2, 1))["certificates"].value
    assert [entry.get("number") for entry in value] == [entry.get("number") for entry in stand]
