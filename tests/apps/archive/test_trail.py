"""The audit trail: written once, sealed by the hour, and its seals find what was touched."""

from __future__ import annotations

import datetime as dt

import pytest
from auditlog.registry import auditlog
from django.conf import settings as configured
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gangshen.apps.archive import services
from gangshen.apps.archive.models import AppendOnly, LogEntry, Seal
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.access import grants
from gangshen.engines.evidence import Ref

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
NINE = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)


def entry(at: dt.datetime, event: str = "export") -> LogEntry:
    return LogEntry.objects.create(action=3, event=event, object_repr="list", timestamp=at)


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_event_names_who_what_and_whom_it_concerns() -> None:
    identity.upsert_organisations([{"key": "e1", "kind": "enterprise", "name": "甲公司"}])
    firm = identity.organisation("e1")
    user = identity.create_user("u", None, by=None, now=NINE, email="u@example.org")
    services.record_event(user, "read", firm, {"fields": ["contacts"], "on": NINE}, personal=True)
    one = LogEntry.objects.filter(personal=True).get()
    assert (one.actor, one.subject, one.object_pk, one.event) == (user, "e1", str(firm.pk), "read")
    assert one.additional_data == {"fields": ["contacts"], "on": "2026-04-15T09:00:00Z"}
    services.record_event(None, "decide", Ref("run", "7"), subject="e1")
    assert LogEntry.objects.first().object_repr == "run:7"


def test_a_change_by_hand_is_noted_with_old_and_new() -> None:
    services.upsert_source("tax", name="税务", rank=10)
    services.upsert_source("tax", rank=5)
    services.upsert_source("tax", rank=5)
    changed, created = LogEntry.objects.all()
    assert (created.event, created.changes["rank"]) == ("create", ["None", "10"])
    assert "id" not in created.changes and "purpose" not in created.changes
    assert (changed.event, changed.changes) == ("update", {"rank": ["10", "5"]})


def test_what_people_edit_is_tracked_and_what_is_append_only_is_not() -> None:
    tracked = {model._meta.label for model in auditlog.get_models()}
    named = {one["model"] if isinstance(one, dict) else one for one in configured.AUDITLOG_INCLUDE_TRACKING_MODELS}
    assert tracked == named  # a name that is no model would be passed over in silence
    by_hand = {model for (_role, model, action) in grants() if action == "change"}
    kept_otherwise = {"runs.run", "registers.wrongfact"}  # a run tells its own story; a doubt becomes a case
    assert by_hand - kept_otherwise <= {label.lower() for label in tracked}


def test_entries_and_seals_are_written_once() -> None:
    one = entry(NINE)
    services.seal(NINE + 2 * HOUR)
    for row in (one, Seal.objects.get()):
        with pytest.raises(AppendOnly):
            row.save()
        with pytest.raises(AppendOnly):
            row.delete()
        with pytest.raises(AppendOnly):
            type(row).objects.all().delete()
        with pytest.raises(AppendOnly):
            type(row).objects.all().update(pk=9)
        with pytest.raises(AppendOnly):
            type(row).objects.bulk_update([row], ["pk"])


def test_only_hours_that_are_over_are_sealed() -> None:
    entry(NINE)
    entry(NINE + 1.5 * HOUR)
    assert services.seal(NINE + 0.9 * HOUR).seals == 0
    assert services.seal(NINE + HOUR + dt.timedelta(minutes=9)).seals == 0
    assert services.seal(NINE + 1.2 * HOUR).entries == 1
    assert services.seal(NINE + 1.2 * HOUR).seals == 0
    assert services.seal(NINE + 5 * HOUR).entries == 1
    assert services.verify_seals() == []


def sealed_day() -> str:
    for hour in range(5):
        for _ in range(3):
            entry(NINE + hour * HOUR)
    return services.seal(NINE + 10 * HOUR).digest


def test_a_changed_entry_is_found() -> None:
    sealed_day()
    sql("UPDATE archive_logentry SET object_repr = 'other' WHERE id = (SELECT min(id) + 4 FROM archive_logentry)")
    (problem,) = services.verify_seals()
    assert "2026-04-15 10:00" in problem and "changed" in problem


def test_a_deleted_entry_is_found() -> None:
    sealed_day()
    sql("DELETE FROM archive_logentry WHERE id = (SELECT min(id) + 4 FROM archive_logentry)")
    (problem,) = services.verify_seals()
    assert "3 entries were sealed, 2 are there" in problem


def test_a_deleted_seal_is_found() -> None:
    sealed_day()
    sql("DELETE FROM archive_seal WHERE id = (SELECT min(id) + 1 FROM archive_seal)")
    assert any("missing" in problem for problem in services.verify_seals())


def test_a_cut_off_end_is_found_by_a_digest_kept_outside() -> None:
    digest = sealed_day()
    assert services.verify_seals(digest) == []
    sql("DELETE FROM archive_logentry WHERE id > (SELECT min(id) + 8 FROM archive_logentry)")
    sql("DELETE FROM archive_seal WHERE entries > 0 AND last_entry > (SELECT max(id) FROM archive_logentry)")
    assert services.verify_seals() == []
    assert len(services.verify_seals(digest)) == 1


class Seals(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=20))
    def test_however_often_it_seals_every_entry_is_sealed_once_and_the_chain_holds(
        self, steps: list[tuple[int, bool]]
    ) -> None:
        sql("DELETE FROM archive_seal")
        sql("DELETE FROM archive_logentry")
        clock = NINE
        for minutes, seal_now in steps:
            clock += dt.timedelta(minutes=minutes)
            entry(clock - dt.timedelta(minutes=minutes % 7))  # a transaction may stamp earlier than it writes
            if seal_now:
                services.seal(clock)
        services.seal(clock + 3 * HOUR)
        assert services.verify_seals() == []
        assert sum(Seal.objects.values_list("entries", flat=True)) == len(steps)


def test_links_are_said_once_and_walked_down_to_the_sources() -> None:
    services.link("run:7#e1", "match:1")
    services.link("run:7#e1", "match:1")
    services.link("rec:5#rd_ratio", "run:7#e1")
    services.link("doc:plan@ab#1-9", "run:7#e1")
    services.link("match:1", "doc:plan@ab#1-9")  # a loop ends
    assert [one.owner for one in services.links_to("doc", "plan")] == ["run:7#e1"]
    assert list(services.chain("match:1").refs()) == [
        "match:1",
        "run:7#e1",
        "rec:5#rd_ratio",
        "doc:plan@ab#1-9",
        "match:1",
    ]
    assert services.unlink("run:7#e1") == 2


def test_a_span_rests_on_what_its_document_rests_on() -> None:
    services.link("file:ab", "doc:plan")
    services.link("source:tax", "doc:plan@v1")
    services.link("doc:plan@v1#1-9", "run:7")
    services.link("doc:plan@v1#20-30", "run:7")
    refs = list(services.chain("run:7#e1").refs())
    assert refs[0] == "run:7#e1"
    assert refs.count("file:ab") == 2 and refs.count("source:tax") == 2


def test_a_scheme_may_know_its_grounds_itself(monkeypatch) -> None:
    held = {"match": (0, lambda refs: {ref: [f"rec:{ref.id}", "policy:p@1"] for ref in refs})}
    monkeypatch.setattr(services.GROUNDS, "_entries", held)
    services.link("policy:p@1", "match:5")
    services.link("doc:rule#0-4", "policy:p@1")
    tree = services.chain("match:5")
    assert [below.ref for below in tree.rests_on] == ["policy:p@1", "rec:5"]
    assert tree.rests_on[0].rests_on[0].ref == "doc:rule#0-4"


def test_walking_a_chain_takes_one_query_a_level(django_assert_num_queries) -> None:
    for number in range(30):
        services.link(f"rec:{number}", "match:1")
        services.link(f"file:{number}", f"rec:{number}")
    with django_assert_num_queries(5):  # three levels, the records' files, and the run of the match
        assert len(list(services.chain("match:1").refs())) == 61
