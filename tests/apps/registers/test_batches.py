"""Batches: seen or not by one field; undone they never happened; killed they leave nothing to be seen."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers.models import Batch, Record
from gangshen.apps.registers.services import (
    ON_PUBLISHED,
    add_record,
    facts,
    history,
    publish,
    redo,
    snapshot,
    stage,
    sweep,
    undo,
)
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
DAY = dt.date(2026, 2, 1)

pytestmark = pytest.mark.django_db


def rows(*said: tuple[str, dict[str, Any]], **more: Any) -> list[dict[str, Any]]:
    return [{"subject": subject, "values": values, "as_of": DAY, **more} for subject, values in said]


def put(source: Source, *said: tuple[str, dict[str, Any]], **more: Any) -> Batch:
    batch = stage(source, "enterprise", rows(*said, **more), actor=None, now=NOW)
    publish(batch, NOW)
    return batch


def test_a_staged_batch_is_seen_by_nobody(market: Source) -> None:
    batch = stage(market, "enterprise", rows(("a", {"name": "甲厂"})), actor=None, now=NOW)
    assert batch.rows == 1
    assert facts("a", TODAY) == {}
    assert snapshot(as_of=TODAY).frame.is_empty()
    publish(batch, NOW)
    assert facts("a", TODAY)["name"].value == "甲厂"
    assert snapshot(as_of=TODAY).frame.get_column("name").to_list() == ["甲厂"]
    assert Organisation.objects.get(key="a").name == "甲厂"


def test_undone_it_never_happened_and_redone_it_did(market: Source, firm: Source) -> None:
    put(market, ("a", {"name": "甲厂", "insured_employees": 10}), ("b", {"name": "乙厂"}))
    before = snapshot(as_of=TODAY)
    second = put(firm, ("a", {"insured_employees": 20, "revenue": 5_000_000_00}), ("c", {"name": "丙厂"}))
    after = snapshot(as_of=TODAY)
    assert after.frame.height == 3
    undo(second, None, NOW)
    undone = snapshot(as_of=TODAY)
    assert undone.digest == before.digest
    assert undone.frame.equals(before.frame)
    redo(second, None, NOW)
    assert snapshot(as_of=TODAY).digest == after.digest
    with pytest.raises(Refused):
        redo(second, None, NOW)


def test_the_name_of_an_organisation_follows_what_is_believed(market: Source, firm: Source) -> None:
    put(market, ("a", {"name": "甲厂"}))
    renamed = put(market, ("a", {"name": "甲机器人有限公司"}))
    assert Organisation.objects.get(key="a").name == "甲机器人有限公司"
    undo(renamed, None, NOW)
    assert Organisation.objects.get(key="a").name == "甲厂"


def test_undoing_reads_only_whom_others_speak_of(
    market: Source, review: Source, django_assert_max_num_queries: Any
) -> None:
    many = [(f"m{number}", {"name": f"厂{number}"}) for number in range(2_100)]
    put(market, ("m7", {"name": "原名"}), ("m8", {"insured_employees": 1}))
    large = put(review, *many)
    assert Organisation.objects.get(key="m7").name == "厂7"
    with django_assert_max_num_queries(20):  # not one more for each thousand subjects of the batch
        undo(large, None, NOW)
    names = dict(Organisation.objects.filter(key__in=["m7", "m8", "m9"]).values_list("key", "name"))
    assert names == {"m7": "原名", "m8": "厂8", "m9": "厂9"}  # what nobody else names keeps its last name
    redo(large, None, NOW)
    assert Organisation.objects.get(key="m7").name == "厂7"


def test_rows_are_written_in_chunks_and_a_bad_one_leaves_nothing(market: Source) -> None:
    seen: list[int] = []
    many = rows(*((f"k{i}", {"insured_employees": i}) for i in range(2500)))
    with pytest.raises(Refused, match="2500"):
        stage(
            market,
            "enterprise",
            [*many[:-1], {**many[-1], "values": {"insured_employees": "many"}}],
            actor=None,
            now=NOW,
            step=seen.append,
        )
    assert seen == list(range(250, 2500, 250))
    assert not Batch.objects.exists()
    assert not Record.objects.exists()


def test_an_unknown_attribute_is_named(market: Source) -> None:
    with pytest.raises(Refused, match="shoe_size"):
        stage(market, "enterprise", rows(("a", {"shoe_size": 42})), actor=None, now=NOW)


def test_a_correction_is_a_newer_record_and_the_old_one_stays(market: Source, review: Source) -> None:
    put(market, ("a", {"name": "甲厂", "insured_employees": 10}))
    record = add_record("a", {"insured_employees": 12}, review, TODAY, None, NOW)
    fact = facts("a", TODAY)["insured_employees"]
    assert (fact.value, fact.record_id, fact.source) == (12, record.pk, "review")
    said = history("a", "insured_employees", TODAY)
    assert [(one.value, one.believed) for one in said] == [(12, True), (10, False)]
    assert facts("a", DAY)["insured_employees"].value == 10
    assert facts("a", TODAY, known_at=NOW - dt.timedelta(days=1)) == {}


def test_those_above_hear_in_the_same_transaction(market: Source) -> None:
    heard: list[tuple[int, str]] = []
    ON_PUBLISHED.register("test", lambda batch, now: heard.append((batch.pk, batch.state)))
    try:
        batch = put(market, ("a", {"name": "甲厂"}))
        undo(batch, None, NOW)
    finally:
        ON_PUBLISHED._entries.pop("test")
    assert heard == [(batch.pk, "live"), (batch.pk, "undone")]


def test_what_killed_imports_left_is_swept(market: Source) -> None:
    stage(market, "enterprise", rows(("a", {"name": "甲厂"})), actor=None, now=NOW)
    assert sweep(NOW) == 0
    assert sweep(NOW + dt.timedelta(hours=1)) == 1
    assert not Record.objects.exists()


def test_a_publish_rolled_back_shows_nothing(market: Source) -> None:
    batch = stage(market, "enterprise", rows(("a", {"name": "甲厂"})), actor=None, now=NOW)

    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic():
        publish(batch, NOW)
        raise Stop
    assert facts("a", TODAY) == {}
