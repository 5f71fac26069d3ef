"""One run: queued, carried out, stopped, failed in words."""

from __future__ import annotations

import datetime as dt

import pytest
from django_tasks_db.models import DBTaskResult

from gangshen.apps.archive.services import read
from gangshen.apps.runs import services
from gangshen.apps.runs.background import run_worker
from gangshen.apps.runs.models import Run
from gangshen.apps.runs.services import KINDS, RunKind
from gangshen.engines.formats import Text
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
HOW = {"actor": None, "now": NOW}


def test_a_queued_run_carries_its_number_only(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run = services.start("count", {"to": 5}, **HOW)
    assert DBTaskResult.objects.get().args_kwargs == {"args": [run.pk], "kwargs": {}}
    assert services.execute(run.pk).result == {"counted": 5}
    done = services.latest("count", to=5)
    assert (done.pk, done.state, done.done, done.total, done.message) == (run.pk, "done", 5, 5, "part 5")
    assert services.latest("count", to=6) is None


def test_a_run_is_carried_out_once() -> None:
    run = services.start("count", {}, **HOW)
    first = services.execute(run.pk)
    assert services.execute(run.pk).finished_at == first.finished_at


def test_inline_tells_the_watcher_and_gives_the_result() -> None:
    told: list[tuple[int, int | None, str]] = []
    run = services.start("count", {"to": 2}, inline=True, watch=lambda *step: told.append(step), **HOW)
    assert run.result == {"counted": 2}
    assert told == [(1, 2, "part 1"), (2, 2, "part 2")]


def test_a_refusal_is_kept_in_words_and_raised_inline() -> None:
    with pytest.raises(Refused, match="no rows"):
        services.start("refuse", {}, inline=True, **HOW)
    run = Run.objects.get()
    assert (run.state, run.error, run.remedy) == ("failed", "The file has no rows.", "Send one with rows.")


def test_a_fault_of_the_program_is_kept_with_what_to_do(caplog) -> None:
    run = services.execute(services.start("break", {}, **HOW).pk)
    assert run.state == "failed"
    assert run.error == "ZeroDivisionError: division by zero"
    assert run.remedy
    assert "failed" in caplog.text


def test_the_result_file_and_the_snapshot_stay_with_the_run() -> None:
    run = services.start("keep", {}, inline=True, **HOW)
    assert read(run.result_file) == b"a,b\n1,2\n"
    assert run.snapshot == "f" * 64


def test_a_queued_run_is_cancelled_at_once() -> None:
    run = services.cancel(services.start("count", {}, **HOW), None, now=NOW)
    assert run.state == "cancelled"
    assert services.execute(run.pk).state == "cancelled"
    with pytest.raises(Refused):
        services.cancel(run, None, now=NOW)


def test_a_running_one_stops_at_its_next_step() -> None:
    def long(run, progress):
        services.cancel(run, None, now=NOW)
        progress._written = float("-inf")
        progress.step(1, 10)
        raise AssertionError("not reached")

    KINDS.register("long", RunKind(Text(zh="long"), long))
    assert services.execute(services.start("long", {}, **HOW).pk).state == "cancelled"


def test_unknown_work_is_refused() -> None:
    with pytest.raises(Refused, match="nothing-such"):
        services.start("nothing-such", {}, **HOW)


def test_the_hash_is_of_the_question_not_of_its_spelling() -> None:
    assert services.inputs_hash("k", {"a": 1, "b": [2]}) == services.inputs_hash("k", {"b": [2], "a": 1})
    assert services.inputs_hash("k", {"a": 1}) != services.inputs_hash("k", {"a": 2})


@pytest.mark.django_db(transaction=True)
def test_the_worker_empties_the_queue() -> None:
    runs = [services.start("count", {"to": n}, **HOW) for n in (1, 2, 3)]
    import signal

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
    try:
        run_worker(batch=True)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert [Run.objects.get(pk=run.pk).result for run in runs] == [{"counted": n} for n in (1, 2, 3)]


@pytest.mark.django_db(transaction=True)
def test_a_run_taken_from_a_slow_process_keeps_the_other_ones_end() -> None:
    def slow(run, progress):
        Run.objects.filter(pk=run.pk).update(state="failed", holder="", error="given up")
        progress._written = float("-inf")
        progress.step(1)

    KINDS.register("slow", RunKind(Text(zh="slow"), slow))
    run = services.execute(services.start("slow", {}, **HOW).pk)
    assert (run.state, run.error) == ("failed", "given up")
