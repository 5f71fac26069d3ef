"""Keeps the processes of one zone running: started together, restarted when one dies, stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType

__all__ = ["Child", "Supervisor", "SupervisorError"]

PATIENCE = 10.0  # seconds a child gets to end by itself
STEADY = 30.0  # seconds after which an earlier death is forgotten
TRIES = 5  # deaths in a row before a child is given up


class SupervisorError(RuntimeError):
    """A process would not stay up; the message names it and its last words."""


@dataclass(slots=True)
class Child:
    """One process to keep running."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    deaths: int = 0
    again_at: float = 0.0
    last_words: list[str] = field(default_factory=list)


class Supervisor:
    """Runs children until it is told to stop; their lines go to ``say`` with the child's name before them."""

    def __init__(self, children: list[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self._say = say
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Keep all children up; returns once stopped. Raises :class:`SupervisorError` when one would not stay up."""
        before = {number: signal.signal(number, self._told) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._stopping.is_set():
                for child in self.children:
                    self._keep(child)
                self._stopping.wait(0.2)
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _told(self, number: int, frame: FrameType | None) -> None:
        self.stop()

    def _keep(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None and child.process.poll() is None:
            return
        if child.process is not None and not child.again_at:
            _sweep(child.process)
            child.deaths = 1 if now - child.started > STEADY else child.deaths + 1
            if child.deaths >= TRIES:
                raise SupervisorError(
                    f"{child.name} ended {child.deaths} times in a row (code {child.process.returncode}): "
                    + " / ".join(child.last_words[-3:])
                )
            wait = min(2.0 ** (child.deaths - 1), 30.0) if child.deaths > 1 else 0.5
            self._say(f"{child.name}: ended with code {child.process.returncode}, started again in {wait:g} s")
            child.again_at = now + wait
        if now >= child.again_at:
            self._start(child)

    def _start(self, child: Child) -> None:
        # its own session: Ctrl-C reaches the supervisor alone, which then ends the children in order
        child.process = subprocess.Popen(
            [sys.executable, "-m", "gangshen.apps.runs.adapters.child", str(os.getpid()), *child.command],
            env={**os.environ, "PYTHONUNBUFFERED": "1", **child.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        child.started, child.again_at = time.monotonic(), 0.0
        threading.Thread(target=self._relay, args=(child, child.process), daemon=True).start()

    def _relay(self, child: Child, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            child.last_words = [*child.last_words[-9:], line.rstrip()]
            self._say(f"{child.name}: {line.rstrip()}")

    def _end_all(self) -> None:
        running = [c.process for c in self.children if c.process is not None and c.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for child in self.children:
            if child.process is not None:
                _sweep(child.process)


def _sweep(process: subprocess.Popen[str]) -> None:
    """End what an ended child left running in its session, such as the server's own worker."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
