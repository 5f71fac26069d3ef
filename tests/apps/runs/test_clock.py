"""Schedules, the lease, and what dead processes leave behind."""

from __future__ import annotations

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from gangshen.apps.runs import services
from gangshen.apps.runs.adapters.supervisor import Child, Supervisor, SupervisorError
from gangshen.apps.runs.models import Lease, Run, Schedule
from gangshen.apps.runs.services import SCHEDULES, ScheduleDefaults
from gangshen.engines.formats import Text

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)  # 09:00 in Shanghai
LOCAL = ZoneInfo("Asia/Shanghai")
HOUR = dt.timedelta(hours=1)
YEARS = dt.datetime(2024, 1, 1), dt.datetime(2030, 1, 1)  # noqa: DTZ001, Hypothesis wants them bare


@pytest.fixture
def nightly(db) -> Schedule:
    return Schedule.objects.create(key="nightly", kind="count", params={"to": 1}, daily_at=dt.time(2), next_at=NOW)


def test_what_is_due_starts_once_however_late(nightly) -> None:
    tick = services.tick(NOW + dt.timedelta(days=3))
    assert [run.kind for run in tick.started] == ["count"]
    nightly.refresh_from_db()
    assert nightly.next_at == dt.datetime(2026, 4, 19, 2, tzinfo=LOCAL)
    assert services.tick(NOW + dt.timedelta(days=3)).started == []


def test_a_schedule_waits_for_its_last_run(nightly) -> None:
    services.tick(NOW)
    assert services.tick(NOW + dt.timedelta(days=1)).started == []
    Run.objects.update(state="done")
    assert len(services.tick(NOW + dt.timedelta(days=2)).started) == 1


def test_a_disabled_schedule_and_an_unknown_kind_start_nothing(nightly) -> None:
    Schedule.objects.create(key="gone", kind="no-such-kind", every_minutes=1, next_at=NOW)
    Schedule.objects.filter(key="nightly").update(enabled=False)
    assert services.tick(NOW).started == []


def test_runs_carry_the_zones_day_schedules_the_machines(nightly) -> None:
    demo = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    assert services.tick(NOW, zone_now=demo).started[0].created_at == demo


@pytest.mark.django_db
def test_registered_schedules_are_added_once_and_edits_stay() -> None:
    before = dict(SCHEDULES._entries)
    SCHEDULES.register("test-hourly", ScheduleDefaults("count", Text(zh="每时"), every_minutes=60))
    try:
        assert "test-hourly" in {one.key for one in services.ensure_schedules(NOW)}
        Schedule.objects.filter(key="test-hourly").update(every_minutes=5)
        assert services.ensure_schedules(NOW) == []
        assert Schedule.objects.get(key="test-hourly").every_minutes == 5
    finally:
        SCHEDULES._entries = before


@pytest.mark.django_db
def test_a_new_database_has_its_first_result_at_once_and_then_goes_by_the_night() -> None:
    before = dict(SCHEDULES._entries)
    night = {"daily_at": dt.time(2)}
    SCHEDULES.register("test-first", ScheduleDefaults("count", Text(zh="先"), at_first=True, **night))
    SCHEDULES.register("test-later", ScheduleDefaults("count", Text(zh="后"), **night))
    try:
        services.ensure_schedules(NOW)
        at = dict(Schedule.objects.values_list("key", "next_at"))
        assert at["test-first"] == NOW < at["test-later"]
        services.tick(NOW)
        assert Schedule.objects.get(key="test-first").next_at == at["test-later"]
    finally:
        SCHEDULES._entries = before


@pytest.mark.parametrize("times", [{}, {"daily_at": dt.time(2), "every_minutes": 5}])
def test_a_schedule_is_daily_or_repeated(times) -> None:
    with pytest.raises(ValueError):
        ScheduleDefaults("count", Text(zh="x"), **times)


@given(st.datetimes(YEARS[0], YEARS[1], timezones=st.just(dt.UTC)), st.times())
def test_the_next_time_is_the_first_of_that_hour_after_now(now, at) -> None:
    at = at.replace(tzinfo=None, fold=0)
    due = services.next_time(Schedule(daily_at=at), now)
    assert now < due <= now + dt.timedelta(days=1)
    assert due.astimezone(LOCAL).time() == at


@pytest.mark.django_db
def test_one_leads_until_the_lease_runs_out() -> None:
    assert services.acquire("clock", "a", NOW)
    assert not services.acquire("clock", "b", NOW + dt.timedelta(seconds=29))
    assert services.acquire("clock", "a", NOW + dt.timedelta(seconds=29))
    assert services.acquire("clock", "b", NOW + dt.timedelta(seconds=60))
    services.release("clock", "a")
    assert Lease.objects.get().holder == "b"
    services.release("clock", "b")
    assert services.acquire("clock", "a", NOW)


def _running(kind: str, holder: str, heartbeat: dt.datetime, **more: object) -> Run:
    return Run.objects.create(kind=kind, state="running", holder=holder, created_at=NOW, heartbeat_at=heartbeat, **more)


@pytest.mark.django_db
def test_silent_runs_are_failed_or_queued_again(django_capture_on_commit_callbacks) -> None:
    me = f"{socket.gethostname()}:{os.getpid()}"
    alive = _running("break", me, NOW)
    silent = _running("break", "elsewhere:1", NOW - HOUR)
    resumable = _running("count", "elsewhere:1", NOW - HOUR)
    unwanted = _running("count", "elsewhere:1", NOW - HOUR, cancel_requested=True)
    heard = _running("break", "elsewhere:2", NOW - dt.timedelta(minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        touched = services.recover(NOW)
    assert {run.pk for run in touched} == {silent.pk, resumable.pk, unwanted.pk}
    states = dict(Run.objects.values_list("pk", "state"))
    assert [states[run.pk] for run in (alive, silent, resumable, unwanted, heard)] == [
        "running",
        "failed",
        "queued",
        "cancelled",
        "running",
    ]
    assert Run.objects.get(pk=silent.pk).remedy
    assert DBTaskResult.objects.get().args_kwargs["args"] == [resumable.pk]


@pytest.mark.django_db
def test_a_queued_run_that_no_queue_holds_is_queued_anew(django_capture_on_commit_callbacks) -> None:
    run = Run.objects.create(kind="count", created_at=NOW)
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            services.recover(NOW)
    assert [row.args_kwargs["args"] for row in DBTaskResult.objects.all()] == [[run.pk]]


LONG = """
import datetime as dt, sys, time
from gangshen.apps.runs import services
from gangshen.engines.formats import Text
def work(run, progress):
    for n in range(1000):
        progress.step(n, 1000)
        print("step", n, flush=True)
        time.sleep(0.05)
services.KINDS.register("long", services.RunKind(Text(zh="long"), work))
services.start("long", {}, actor=None, now=dt.datetime.now(dt.UTC), inline=True)
"""
AFTER = """
import datetime as dt
from gangshen.apps.runs import services
from gangshen.apps.runs.models import Run
print([run.state for run in Run.objects.all()], end=" ")
services.recover(dt.datetime.now(dt.UTC))
run = Run.objects.get()
print(run.state, bool(run.error), bool(run.remedy), run.holder == "")
"""


def test_after_kill_9_the_next_start_is_whole(python, answer) -> None:
    process = python(LONG)
    assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert answer(AFTER) == "['running'] failed True True True"


def _supervise(children: list[Child], until, limit: float = 20.0) -> list[str]:
    """Run a supervisor in this thread until ``until(lines)``; returns what was said."""
    import threading

    said: list[str] = []
    supervisor = Supervisor(children, said.append)

    def watch() -> None:
        end = time.monotonic() + limit
        while time.monotonic() < end and not until(said):
            time.sleep(0.05)
        supervisor.stop()

    threading.Thread(target=watch).start()
    supervisor.run()
    return said


def test_a_dead_child_is_started_again_and_all_end_together() -> None:
    sleeper = Child("b", [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"])
    dier = Child("a", [sys.executable, "-c", "print('hello', flush=True)"])
    said = _supervise([dier, sleeper], lambda lines: lines.count("a: hello") >= 2 and "b: up" in lines)
    assert said.count("a: hello") >= 2
    assert any("started again" in line for line in said)
    assert sleeper.process.poll() is not None


def test_a_child_that_will_not_stay_up_ends_the_rest_with_its_last_words(monkeypatch) -> None:
    monkeypatch.setattr("gangshen.apps.runs.adapters.supervisor.TRIES", 2)
    dier = Child("web", [sys.executable, "-c", "import sys; sys.exit('port taken')"])
    with pytest.raises(SupervisorError, match="web ended 2 times"):
        _supervise([dier], lambda lines: False)


@pytest.mark.skipif(sys.platform != "linux", reason="the parent's death signal is Linux's")
def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from gangshen.apps.runs.adapters.supervisor import Child, Supervisor\n"
        "child = [sys.executable, '-c', 'import os, time; print(os.getpid(), flush=True); time.sleep(60)']\n"
        "Supervisor([Child('c', child)], lambda line: print(line, flush=True)).run()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = int(process.stdout.readline().rpartition(" ")[2])
    process.kill()
    process.wait()
    process.stdout.close()
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail(f"child {child} outlived its supervisor")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_a_killed_child_left_running_ends_with_it() -> None:
    code = (
        "import os, subprocess, sys, time\n"
        "left = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print('left', left.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    said = _supervise([Child("web", [sys.executable, "-c", code])], lambda lines: len(_left(lines)) >= 1)
    for pid in _left(said):
        end = time.monotonic() + 10
        while _runs(pid) and time.monotonic() < end:
            time.sleep(0.05)
        assert not _runs(pid)


def _left(lines: list[str]) -> list[int]:
    return [int(line.rpartition(" ")[2]) for line in lines if line.startswith("web: left")]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
