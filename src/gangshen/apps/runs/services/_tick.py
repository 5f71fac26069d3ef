"""The clock: what is due is started, what has died is mended, by one leader."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q

from gangshen.apps.runs.models import Lease, Run, Schedule

from ._kinds import KINDS, SCHEDULES
from ._recover import recover
from ._start import start

__all__ = ["LOCAL", "Tick", "acquire", "ensure_schedules", "next_time", "release", "tick"]

LOCAL = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Tick:
    """What one tick of the clock did."""

    started: list[Run]
    mended: list[Run]


def acquire(name: str, holder: str, now: dt.datetime, *, seconds: int = 30) -> bool:
    """Take or renew the lease ``name``; False while another holder's has not run out."""
    until = now + dt.timedelta(seconds=seconds)
    free = Lease.objects.filter(Q(holder=holder) | Q(until__lte=now), name=name)
    if free.update(holder=holder, until=until):
        return True
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=until)
    except IntegrityError:
        return False
    return True


def release(name: str, holder: str) -> None:
    """Give the lease back, so that another need not wait for it to run out."""
    Lease.objects.filter(name=name, holder=holder).delete()


def next_time(schedule: Schedule, after: dt.datetime) -> dt.datetime:
    """When the schedule is due next, strictly after ``after``; times of day are Asia/Shanghai."""
    if schedule.daily_at is None:
        return after + dt.timedelta(minutes=schedule.every_minutes or 1)
    local = after.astimezone(LOCAL)
    at = dt.datetime.combine(local.date(), schedule.daily_at, LOCAL)
    return at if at > local else at + dt.timedelta(days=1)


def ensure_schedules(now: dt.datetime) -> list[Schedule]:
    """Add the schedules the apps register and that this database doesn't have; edited ones are left as they are."""
    have = set(Schedule.objects.values_list("key", flat=True))
    added = []
    for key, defaults in SCHEDULES.items():
        if key in have:
            continue
        schedule = Schedule(
            key=key,
            kind=defaults.kind,
            params=dict(defaults.params),
            daily_at=defaults.daily_at,
            every_minutes=defaults.every_minutes,
        )
        schedule.next_at = now if defaults.at_first else next_time(schedule, now)
        added.append(schedule)
    return Schedule.objects.bulk_create(added, ignore_conflicts=True)


def tick(now: dt.datetime, *, zone_now: dt.datetime | None = None) -> Tick:
    """Start each schedule that is due, once however late, and mend runs of dead processes.

    ``now`` is the machine's time, by which schedules go; ``zone_now`` (default the same) is written on the runs, for a
    demo zone lives on its own date. A schedule whose last run hasn't ended is put off to its next time.
    """
    zone_now = zone_now or now
    started = []
    for schedule in Schedule.objects.filter(enabled=True).select_related("last_run"):
        if schedule.next_at is None:
            Schedule.objects.filter(pk=schedule.pk, next_at=None).update(next_at=next_time(schedule, now))
        elif schedule.next_at <= now and (run := _start_due(schedule, now, zone_now)):
            started.append(run)
    return Tick(started, recover(now, zone_now=zone_now))


def _start_due(schedule: Schedule, now: dt.datetime, zone_now: dt.datetime) -> Run | None:
    with transaction.atomic():
        taken = Schedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at, enabled=True)
        if not taken.update(next_at=next_time(schedule, now)):
            return None  # another clock was first
        last = schedule.last_run
        if schedule.kind not in KINDS or (last and last.state in (Run.State.QUEUED, Run.State.RUNNING)):
            return None
        run = start(schedule.kind, schedule.params, actor=None, now=zone_now)
        Schedule.objects.filter(pk=schedule.pk).update(last_run=run)
        return run
