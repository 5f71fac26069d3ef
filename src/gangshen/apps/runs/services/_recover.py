"""What a process that died left behind: runs without a sign of life, and runs that no queue knows."""

from __future__ import annotations

import datetime as dt
import os
import socket

from django.db import transaction
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from gangshen.apps.runs.models import Run

from ._kinds import KINDS
from ._start import enqueue_on_commit

__all__ = ["SILENCE", "recover"]

SILENCE = dt.timedelta(minutes=3)  # twelve heartbeats missed
KEPT = dt.timedelta(days=7)  # tickets of the queue; the runs themselves stay


def recover(now: dt.datetime, *, zone_now: dt.datetime | None = None) -> list[Run]:
    """Put right what dead processes left; ``now`` is the machine's time, ``zone_now`` what is written as the end.

    A run whose process is gone, or silent for three minutes, is queued again when its kind can be resumed and else
    fails with the reason. A queued run that no queue holds is queued anew. Returns the runs touched.
    """
    with transaction.atomic():
        touched = _requeue_forgotten()
        for run in Run.objects.select_for_update().filter(state=Run.State.RUNNING):
            if _is_dead(run, now):
                _mend(run, zone_now or now)
                touched.append(run)
        DBTaskResult.objects.filter(finished_at__lt=now - KEPT).delete()
    return touched


def _is_dead(run: Run, now: dt.datetime) -> bool:
    host, _colon, pid = run.holder.rpartition(":")
    if host == socket.gethostname()[:100] and pid.isdigit() and not _alive(int(pid)):
        return True
    return run.heartbeat_at is None or abs(now - run.heartbeat_at) > SILENCE


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there, and somebody else's
        return True
    return True


def _mend(run: Run, at: dt.datetime) -> None:
    if run.cancel_requested:
        run.state, run.finished_at = Run.State.CANCELLED, at
    elif run.kind in KINDS and KINDS.get(run.kind).resumable:
        run.state, run.started_at, run.done = Run.State.QUEUED, None, 0
        enqueue_on_commit(run.pk)
    else:
        run.state, run.finished_at = Run.State.FAILED, at
        run.error = _("The process that carried it out ended before it was done.")
        run.remedy = _("Start it again; nothing half-done is shown.")
    run.holder = ""
    run.save(update_fields=["state", "started_at", "finished_at", "done", "error", "remedy", "holder"])


def _requeue_forgotten() -> list[Run]:
    """Queued runs whose ticket never reached the queue, or was taken by a process that died before it began."""
    waiting = {
        ticket["args"][0]
        for ticket in DBTaskResult.objects.filter(status="READY").values_list("args_kwargs", flat=True)
        if ticket.get("args")
    }
    forgotten = [run for run in Run.objects.filter(state=Run.State.QUEUED) if run.pk not in waiting]
    for run in forgotten:
        enqueue_on_commit(run.pk)
    return forgotten
