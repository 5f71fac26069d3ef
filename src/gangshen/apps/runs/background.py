"""The processes beside the web: the worker that carries out runs, the clock that starts them."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import task

from gangshen.apps.identity import services as identity

from . import services
from .services._execute import holder

__all__ = ["execute_run", "run_clock", "run_worker"]

log = logging.getLogger(__name__)
CLOCK = "clock"
TICK_SECONDS = 5.0


@task()
def execute_run(run_id: int) -> None:
    """All that the queue ever carries."""
    services.execute(run_id)


def run_worker(*, interval: float = 0.5, batch: bool = False) -> None:
    """Carry out queued runs until told to stop; ``batch``: until there are none."""
    from django_tasks_db.management.commands.db_worker import Worker

    services.recover(timezone.now(), zone_now=identity.now())
    worker = Worker(
        queue_names=["default"],
        interval=interval,
        batch=batch,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
    worker.configure_signals()
    worker.run()


def run_clock(*, seconds: float = TICK_SECONDS) -> None:
    """Tick until told to stop, as long as this process holds the lease."""
    over = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    me, ready = holder(), False
    while not over.is_set():
        close_old_connections()
        now = timezone.now()
        try:
            if services.acquire(CLOCK, me, now, seconds=int(seconds * 6)):
                if not ready:
                    services.ensure_schedules(now)
                    ready = True
                services.tick(now, zone_now=identity.now())
        except DatabaseError as error:  # a busy or restarting database: the next tick will do
            log.warning("the clock missed a tick: %s", error)
        over.wait(seconds)
    services.release(CLOCK, me)
