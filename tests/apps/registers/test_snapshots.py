"""Snapshots: immutable files named by what they were made from."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from polars.testing import assert_frame_equal

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.services import (
    add_record,
    conflicts,
    entries,
    every_entry,
    facts,
    prune,
    publish,
    put_part,
    snapshot,
    stage,
    undo,
)
from gangshen.engines.formats import Text
from gangshen.engines.vocabulary import Attribute, AttributeType, VocabularyFile

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
TITLES: list[dict[str, Any]] = [
    {"type": "高新技术企业", "number": "GR2024", "from": dt.date(2024, 12, 1), "to": dt.date(2027, 11, 30)},
    {"type": "高新技术企业", "number": "GR2024", "from": dt.date(2024, 12, 1), "withdrawn_on": dt.date(2025, 6, 1)},
    {"type": "瞪羚企业", "from": dt.date(2020, 1, 1), "to": dt.date(2021, 1, 1)},
    {"type": "瞪羚企业", "level": "区级", "batch": "第三批"},
]


def _given(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}


def test_columns_are_typed_as_the_rules_read_them(market: Source) -> None:
    title = {"type": "高新技术企业", "number": "GR2024", "from": dt.date(2024, 12, 1), "to": dt.date(2027, 11, 30)}
    past = {"type": "瞪羚企业", "from": dt.date(2020, 1, 1), "to": dt.date(2021, 1, 1)}
    values: dict[str, Any] = {
        "name": "甲厂",
        "revenue": 12_345_600,
        "debt_ratio": 41.5,
        "registered_on": dt.date(2019, 5, 6),
        "tax_credit_a": True,
        "insured_employees": 8,
        "certificates": [title, past],
    }
    record = add_record("a", values, market, TODAY, None, NOW, period="2025")
    made = snapshot(as_of=TODAY)
    row = made.frame.row(0, named=True)
    assert {name: row[name] for name in values if name != "certificates"} == {
        name: value for name, value in values.items() if name != "certificates"
    }
    assert [entry["type"] for entry in row["certificates"]] == ["高新技术企业"]
    assert made.frame.schema["certificates"] == pl.List(
        pl.Struct(
            {
                "type": pl.String,
                "level": pl.String,
                "number": pl.String,
                "from": pl.Date,
                "to": pl.Date,
                "withdrawn_on": pl.Date,
                "batch": pl.String,
            }
        )
    )
    assert made.records.get_column("revenue").to_list() == [record.pk]
    assert made.records.get_column("exports").to_list() == [None]


def test_the_file_is_built_again_when_it_is_gone_and_never_altered(market: Source) -> None:
    add_record("a", {"name": "甲厂"}, market, TODAY, None, NOW)
    first = snapshot(as_of=TODAY)
    content = first.path.read_bytes()
    first.path.unlink()
    again = snapshot(as_of=TODAY)
    assert again.path.read_bytes() == content
    add_record("b", {"name": "乙厂"}, market, TODAY, None, NOW)
    second = snapshot(as_of=TODAY)
    assert second.digest != first.digest
    assert first.path.read_bytes() == content
    assert first.frame.height == 1


def test_old_snapshots_go_and_come_again(market: Source) -> None:
    for day in range(1, 5):
        add_record("a", {"name": "甲厂"}, market, dt.date(2026, 1, day), None, NOW)
        last = snapshot(as_of=TODAY)
    assert prune(keep=1) == 3
    assert {file.name.split(".")[0] for file in last.path.parent.iterdir()} == {last.path.stem}
    assert snapshot(as_of=dt.date(2026, 1, 2)).frame.height == 1


def test_a_small_change_works_out_only_whom_it_touches(market: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    from gangshen.apps.registers.services import _snapshots

    asked: list[Any] = []
    load = _snapshots.load_records
    monkeypatch.setattr(
        _snapshots, "load_records", lambda entity, subjects=None: (asked.append(subjects), load(entity, subjects))[1]
    )
    for subject in ("a", "b", "c"):
        add_record(subject, {"name": f"{subject}厂"}, market, TODAY, None, NOW)
    snapshot(as_of=TODAY)
    add_record("b", {"name": "乙厂"}, market, TODAY, None, NOW)
    assert snapshot(as_of=TODAY).frame.get_column("name").to_list() == ["a厂", "乙厂", "c厂"]
    assert asked == [None, ["b"]]


def test_the_vocabulary_names_the_snapshot_too(market: Source) -> None:
    add_record("a", {"name": "甲厂"}, market, TODAY, None, NOW)
    before = snapshot(as_of=TODAY).digest
    extra = Attribute(id="pets", label=Text(zh="宠物数"), type=AttributeType.COUNT)
    put_part("pets", VocabularyFile(attributes=(extra,)), actor=None, now=NOW)
    add_record("a", {"pets": 3}, market, TODAY, None, NOW)
    assert snapshot(as_of=TODAY).digest != before
    assert snapshot(as_of=TODAY).frame.get_column("pets").to_list() == [3]


class TestSnapshotEqualsFacts(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(
        said=st.lists(
            st.tuples(
                st.sampled_from(["a", "b"]),
                st.sampled_from([0, 10, 50]),
                st.sampled_from(["", "2024", "2025"]),
                st.dates(dt.date(2023, 1, 1), dt.date(2026, 6, 1)),
                st.fixed_dictionaries(
                    {},
                    optional={
                        "name": st.sampled_from(["甲", "乙"]),
                        "insured_employees": st.none() | st.integers(0, 2000),
                        "revenue": st.none() | st.integers(0, 10**12),
                        "rd_expense": st.integers(0, 10**11),
                        "tax_credit_a": st.booleans(),
                        "certificates": st.lists(st.sampled_from(TITLES), max_size=2),
                    },
                ),
            ),
            max_size=8,
        ),
        dropped=st.sets(st.integers(0, 7)),
        looked=st.sets(st.integers(0, 7)),
    )
    def test_through_the_database(self, said: list[Any], dropped: set[int], looked: set[int]) -> None:
        for number, (subject, rank, period, as_of, values) in enumerate(said):
            source, _ = Source.objects.get_or_create(key=f"s{rank}", defaults={"name": f"s{rank}", "rank": rank})
            row = {"subject": subject, "values": values, "as_of": as_of, "period": period}
            batch = stage(source, "enterprise", [row], actor=None, now=NOW)
            publish(batch, NOW)
            if number in dropped:
                undo(batch, None, NOW)
            if number in looked:
                snapshot(as_of=TODAY)
        made = snapshot(as_of=TODAY)
        laid_over = (made.frame, made.records, made.entries, made.disputed)
        prune(keep=0)
        made = snapshot(as_of=TODAY)
        for after, anew in zip(laid_over, (made.frame, made.records, made.entries, made.disputed), strict=True):
            assert_frame_equal(after, anew)
        every = every_entry(TODAY)
        assert {subject: [_given(one) for one in told] for subject, told in every.items()} == {
            subject: told for subject, told in entries("certificates", TODAY, ["a", "b"]).items() if told
        }
        sieve = set(made.disputed.get_column("id"))
        disputing = conflicts(TODAY).get_column("subject")
        assert set(disputing) <= sieve
        for subject in sieve:
            ranks = {
                rank
                for (who, rank, _period, day, _values), at in zip(said, count(), strict=False)
                if who == subject and day <= TODAY and at not in dropped
            }
            assert len(ranks) > 1
        prune(keep=0)
        for row, ids in zip(made.frame.to_dicts(), made.records.to_dicts(), strict=True):
            known = facts(row["id"], TODAY)
            for name in ("name", "insured_employees", "revenue", "rd_expense", "tax_credit_a", "rd_ratio"):
                fact = known.get(name)
                assert row[name] == (fact.value if fact else None)
                assert ids[name] == (fact.record_id if fact else None)
            asked = facts(row["id"], TODAY, periods=True)
            assert row["rd_ratio__stale"] == bool("rd_ratio" in asked and asked["rd_ratio"].stale)
            dated = {name: row[name] for name in row if "@" in name}
            assert dated == {name: asked[name].value for name in asked if "@" in name}
