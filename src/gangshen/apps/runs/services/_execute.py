"""Carrying out one run: claim it, report its progress, keep its end."""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import File
from gangshen.apps.identity import services as identity
from gangshen.apps.runs.models import Run
from gangshen.web.errors import Refused

from ._kinds import KINDS

__all__ = ["Cancelled", "Progress", "Watch", "carry_out", "claim", "execute", "holder"]

log = logging.getLogger(__name__)
Watch = Callable[[int, int | None, str], None]
THROTTLE = 0.5  # seconds between two writes of progress
BEAT = 15.0  # seconds between two signs of life while a step is long


class Cancelled(Exception):
    """Somebody asked the run to stop."""


class _Lost(Exception):
    """The run was given up as dead and taken from this process; nothing more of it is written."""


def holder() -> str:
    """This process, as written on the runs it carries out."""
    return f"{socket.gethostname()}:{os.getpid()}"[:120]


class Progress:
    """What a run tells about itself while it works."""

    def __init__(self, run: Run, watch: Watch | None = None) -> None:
        self._run = run
        self._watch = watch
        self._written = float("-inf")
        self.done, self.total, self.message = 0, run.total, ""

    def step(self, done: int, total: int | None = None, message: str = "") -> None:
        """``done`` of ``total`` parts are finished. Cheap to call often; raises :class:`Cancelled` when asked to stop."""
        self.done = done
        self.total = self.total if total is None else total
        self.message = message or self.message
        if self._watch:
            self._watch(self.done, self.total, self.message)
        last = self.total is not None and done >= self.total
        if time.monotonic() - self._written >= THROTTLE or last:
            self._write()

    def keep(self, data: bytes | Path, name: str, *, now: dt.datetime, media_type: str = "") -> File:
        """Store the result file of the run in the archive."""
        self._run.result_file = archive.store(data, name, now=now, media_type=media_type)
        return self._run.result_file

    def _write(self) -> None:
        self._written = time.monotonic()
        state = Run.objects.filter(pk=self._run.pk).values_list("cancel_requested", "holder", "state").first()
        if state is None or state[1:] != (self._run.holder, Run.State.RUNNING):
            raise _Lost
        if state[0]:
            raise Cancelled
        _mine(self._run).update(
            done=self.done, total=self.total, message=self.message[:300], heartbeat_at=timezone.now()
        )


class _Heartbeat(AbstractContextManager["_Heartbeat"]):
    """Signs of life from a second thread, so that one long step isn't taken for a dead process."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat of run {run.pk}", daemon=True)

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            try:
                _mine(self._run).update(heartbeat_at=timezone.now())
            except DatabaseError as error:  # a busy database: the next beat will do
                log.warning("run %s: heartbeat missed: %s", self._run.pk, error)
            finally:
                connection.close()

    def __enter__(self) -> _Heartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()


def _mine(run: Run) -> Any:
    return Run.objects.filter(pk=run.pk, holder=run.holder, state=Run.State.RUNNING)


def execute(run_id: int) -> Run:
    """Carry out a queued run in this process; does nothing when it was taken, cancelled or ended before."""
    run = claim(run_id, now=identity.now())
    return Run.objects.get(pk=run_id) if run is None else carry_out(run)


def claim(run_id: int, *, now: dt.datetime) -> Run | None:
    """Take a queued run for this process; None when another has it or it is no longer wanted."""
    claimed = Run.objects.filter(pk=run_id, state=Run.State.QUEUED).update(
        state=Run.State.RUNNING, holder=holder(), started_at=now, heartbeat_at=timezone.now(), done=0, message=""
    )
    return Run.objects.select_related("actor").get(pk=run_id) if claimed else None


def carry_out(
    run: Run,
    *,
    watch: Watch | None = None,
    clock: Callable[[], dt.datetime] | None = None,
    raises: bool = False,
) -> Run:
    """Do the work of a claimed run, keep its result or why there is none. ``raises``: let the error out as well."""
    progress = Progress(run, watch)
    # inside a transaction no other connection sees the row, so there is nobody to give a sign to
    beat: AbstractContextManager[Any] = nullcontext() if connection.in_atomic_block else _Heartbeat(run)
    error: BaseException | None = None
    ending: dict[str, Any] = {}
    try:
        with beat, translation.override(run.actor.language if run.actor else "zh-hans"):
            result = KINDS.get(run.kind).execute(run, progress) or {}
        ending = {"state": Run.State.DONE, "result": result, "snapshot": run.snapshot, "result_file": run.result_file}
    except _Lost:
        log.warning("run %s was taken from %s; its late end is not kept", run.pk, run.holder)
        return Run.objects.get(pk=run.pk)
    except BaseException as failure:
        error, ending = failure, _end_of(run, failure)
    _mine(run).update(
        done=progress.done,
        total=progress.total,
        message=progress.message[:300],
        finished_at=(clock or identity.now)(),
        **ending,
    )
    if error is not None and (raises or not isinstance(error, Exception)):
        raise error
    return Run.objects.select_related("actor").get(pk=run.pk)


def _end_of(run: Run, failure: BaseException) -> dict[str, Any]:
    if isinstance(failure, Cancelled):
        return {"state": Run.State.CANCELLED}
    if isinstance(failure, Refused):
        return {"state": Run.State.FAILED, "error": failure.message, "remedy": failure.remedy}
    log.error("run %s (%s) failed", run.pk, run.kind, exc_info=failure)
    return {"state": Run.State.FAILED} | _in_words(failure)


def _in_words(failure: BaseException) -> dict[str, str]:
    if isinstance(failure, KeyboardInterrupt | SystemExit):
        return {
            "error": _("The process was stopped before the work was done."),
            "remedy": _("Start it again; nothing half-done is shown."),
        }
    detail = f"{type(failure).__name__}: {failure}"
    if isinstance(failure, MemoryError):
        return {"error": detail, "remedy": _("The machine ran out of memory. Split the file, or add memory.")}
    if isinstance(failure, OSError):
        return {
            "error": detail,
            "remedy": _("Check that the disk has room and the file can be read, then start again."),
        }
    return {
        "error": detail,
        "remedy": _("This is a fault of the program. Start it again; if it fails again, report it with this message."),
    }
