"""Cases: one a key while open, moved by those who may, closed on a receipt, never by the doer alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gangshen.apps.archive.services import links_to, store
from gangshen.apps.cases import services
from gangshen.apps.cases.models import Case, CaseEvent
from gangshen.apps.cases.services import ON_CLOSE
from gangshen.web.appendonly import WrittenOnce
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
TODAY = dt.date(2026, 4, 15)


def opened(people, key: str = "task:1/late", **more):
    how = {"title": "清单未公布", "about": "task:1", "unit": people.town, "actor": people.operator, "now": NOW}
    return services.open_case(more.pop("type", "pressed"), key, **how | more)


def verbs(case) -> list[str]:
    return list(case.events.values_list("kind", flat=True))


def test_a_case_has_its_clock_in_workdays_and_its_evidence_linked(people) -> None:
    case = opened(people, evidence=["doc:plan@9f#1-20"])
    assert (case.state, case.due, case.due_provisional) == ("open", dt.date(2026, 4, 17), False)
    assert [link.owner for link in links_to("doc", "plan")] == [f"case:{case.pk}"]
    clock = services.clock(case, TODAY)
    assert (clock.workdays_left, clock.state, str(clock.words)) == (2, "soon", "2 workdays left")


@pytest.mark.parametrize(
    ("today", "left", "state", "words"),
    [
        ("2026-04-10", 5, "ok", "5 workdays left"),
        ("2026-04-16", 1, "soon", "1 workday left"),
        ("2026-04-17", 0, "today", "Due today"),
        ("2026-04-19", 0, "overdue", "Overdue"),
        ("2026-04-20", -1, "overdue", "1 workday overdue"),
        ("2026-04-21", -2, "overdue", "2 workdays overdue"),
    ],
)
def test_the_clock_in_words(people, today, left, state, words) -> None:
    clock = services.clock(opened(people), dt.date.fromisoformat(today))
    assert (clock.workdays_left, clock.state, str(clock.words)) == (left, state, words)


def test_a_key_is_open_once_and_free_again_when_closed(people) -> None:
    case = opened(people)
    assert opened(people, title="another").pk == case.pk
    services.close(case, "done", actor=None, now=NOW)
    assert opened(people).pk != case.pk
    with pytest.raises(Refused):
        services.reopen(case, "not solved", actor=people.operator, now=NOW)


def test_an_unknown_type_and_a_stranger_open_nothing(people) -> None:
    with pytest.raises(KeyError, match="pressed"):
        opened(people, type="no_such")
    with pytest.raises(PermissionDenied):
        opened(people, actor=people.nobody)
    assert not Case.objects.exists()


def test_the_unit_reports_the_office_returns_then_closes(people, types) -> None:
    case = opened(people)
    assert "close" not in services.actions(case, people.clerk)
    services.report(case, "已发通知", actor=people.clerk, now=NOW)
    assert services.clock(case, TODAY).state == "waiting"
    services.return_(case, "附件是通知，不是清单", actor=people.operator, now=NOW)
    assert (case.state, case.receipt) == ("open", "")
    services.report(case, "清单已公布", actor=people.clerk, now=NOW)
    services.close(case, actor=people.operator, now=NOW)
    assert (case.state, case.receipt, case.closed_by) == ("closed", "清单已公布", people.operator)
    assert types == [case.pk]
    assert verbs(case) == ["opened", "reported", "returned", "reported", "closed"]


def test_whoever_reported_never_closes(people) -> None:
    case = opened(people, unit=None, owner=people.operator)
    services.report(case, "办结", actor=people.operator, now=NOW)
    with pytest.raises(Refused, match="reported"):
        services.close(case, actor=people.operator, now=NOW)
    services.close(case, actor=people.second, now=NOW)
    assert case.state == "closed"


def test_a_type_without_closers_is_closed_by_whoever_has_it(people) -> None:
    case = opened(people, type="question", unit=None, owner=people.manager)
    with pytest.raises(Refused, match="receipt"):
        services.close(case, actor=people.manager, now=NOW)
    services.close(case, "12 人", actor=people.manager, now=NOW)
    assert case.receipt == "12 人"


def test_a_file_receipt_is_a_file(people, settings, tmp_path) -> None:
    settings.HOME = tmp_path
    case = opened(people, type="proof")
    with pytest.raises(Refused, match="file"):
        services.report(case, "见附件", actor=people.clerk, now=NOW)
    proof = store(b"list", "list.txt", now=NOW)
    services.report(case, "见附件", actor=people.clerk, now=NOW, file=proof)
    services.close(case, actor=None, now=NOW)
    assert case.receipt_file == proof


def test_what_the_office_refuses_stays_open(people) -> None:
    case = opened(people, title="refuse me")
    with pytest.raises(Refused, match="not satisfied"):
        services.close(case, "done", actor=people.operator, now=NOW)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.receipt, verbs(case)) == ("open", "", ["opened"])


def test_further_offices_hear_of_a_common_types_end(people) -> None:
    heard = []
    ON_CLOSE.register("question/registers", lambda case, actor: heard.append((case.key, actor)))
    services.close(opened(people, type="question"), "12", actor=None, now=NOW)
    assert heard == [("task:1/late", None)]


def test_others_cannot_touch_it(people) -> None:
    case = opened(people)
    assert services.actions(case, people.other) == ()
    for move in (services.comment, services.report, services.return_, services.wait, services.close):
        with pytest.raises(Refused):
            move(case, "x", actor=people.other, now=NOW)
    assert verbs(case) == ["opened"]


def test_handing_over_and_extending_leave_their_trace(people) -> None:
    case = opened(people)
    services.hand_over(case, people.finance, actor=people.clerk, now=NOW, reason="归口财政")
    assert (case.unit, case.owner) == (people.finance, None)
    with pytest.raises(Refused):
        services.extend(case, dt.date(2026, 4, 30), "补件", actor=people.other, now=NOW)
    with pytest.raises(Refused, match="not later"):
        services.extend(case, case.due, "补件", actor=people.operator, now=NOW)
    services.extend(case, dt.date(2026, 4, 30), "补件", actor=people.operator, now=NOW)
    assert case.events.last().data == {"due": "2026-04-30", "before": "2026-04-17"}
    services.hand_over(case, people.clerk, actor=people.operator, now=NOW)
    assert (case.unit, case.owner) == (people.town, people.clerk)


def test_events_are_written_once(people) -> None:
    event = opened(people).events.get()
    event.text = "otherwise"
    with pytest.raises(WrittenOnce):
        event.save()
    with pytest.raises(WrittenOnce):
        CaseEvent.objects.all().delete()


def test_lists_show_what_waits_for_whom(people) -> None:
    case = opened(people)
    assert list(services.mine(people.clerk)) == [case]
    assert list(services.waiting(people.operator)) == [case]
    assert list(services.mine(people.other)) == list(services.mine(people.operator)) == []
    services.report(case, "办结", actor=people.clerk, now=NOW)
    assert list(services.mine(people.clerk)) == []
    assert list(services.waiting(people.clerk)) == [case]
    assert list(services.mine(people.second)) == [case]
    assert services.todo_count(people.operator) == 1
    services.close(case, actor=people.second, now=NOW)
    assert list(services.done_by(people.clerk)) == [case]
    assert services.todo_count(people.operator) == 0
    free = opened(people, key="free", unit=None)
    assert list(services.mine(people.second)) == [free]
    assert list(services.mine(people.manager)) == []


ACTORS = ("operator", "second", "leader", "clerk", "other", "manager", None)
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["comment", "wait", "hand_over", "extend", "report", "return_", "close", "reopen"]),
        st.sampled_from(ACTORS),
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(MOVES)
def test_any_sequence_keeps_the_law(people, moves) -> None:
    case = opened(people, key=f"k{Case.objects.count()}")
    for number, (verb, name) in enumerate(moves):
        actor = getattr(people, name) if name else None
        before, events = case.state, case.events.count()
        allowed = verb.strip("_") in services.actions(case, actor)
        reporter = case.events.filter(kind="reported").last()
        how = {"actor": actor, "now": NOW}
        try:
            if verb == "hand_over":
                services.hand_over(case, (people.town, people.clerk, people.finance)[number % 3], **how)
            elif verb == "extend":
                services.extend(case, case.due + dt.timedelta(days=1), "why", **how)
            else:
                getattr(services, verb)(case, "said", **how)
        except Refused:
            assert not allowed
            assert case.events.count() == events
            assert Case.objects.get(pk=case.pk).state == before
            continue
        assert allowed
        assert case.events.count() == events + 1
        if verb == "close" and actor and reporter:
            assert reporter.actor != actor
        assert (case.state == "closed") == (case.closed_at is not None)
        assert case.state != "closed" or case.receipt


RACE = """
import datetime as dt
from gangshen.apps.cases import services
now = dt.datetime(2026, 4, 15, tzinfo=dt.UTC)
print([services.open_case("question", f"k{n}", title="t", about="task:1", actor=None, now=now).pk for n in range(15)])
"""


def test_two_processes_open_one_case_a_key(python, answer: Callable[[str], str]) -> None:
    racers = [python(RACE), python(RACE)]
    outs = [racer.communicate(timeout=300) for racer in racers]
    assert outs[0] == outs[1] and not outs[0][1]
    asked = (
        "from gangshen.apps.cases.models import Case, CaseEvent; print(Case.objects.count(), CaseEvent.objects.count())"
    )
    assert answer(asked) == "15 15"


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_four_connections_open_one_case_a_key() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set GANGSHEN_DATABASE_URL")

    def race(_number: int) -> list[int]:
        try:
            how = {"title": "t", "about": "task:1", "actor": None, "now": NOW}
            return [services.open_case("question", f"k{n}", **how).pk for n in range(15)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len({tuple(found) for found in pool.map(race, range(4))}) == 1
    assert Case.objects.count() == CaseEvent.objects.count() == 15
