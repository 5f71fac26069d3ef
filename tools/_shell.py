"""How the set-up speaks and runs other programs: short lines, one error with its remedy, no traceback."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class Stop(Exception):
    """A step that cannot go on. ``str(error)`` says what happened and what to do."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The caller's environment without what would make a child use another Python or another place to install to."""
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX"}}
    env.update({"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    env.setdefault("UV_NATIVE_TLS", "1")
    if "PIP_INDEX_URL" in env:
        env.setdefault("UV_INDEX_URL", env["PIP_INDEX_URL"])
    env.update(extra or {})
    return env


def succeeds(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, env=environment(), timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def output(command: Sequence[str | Path]) -> str:
    return subprocess.run(command, capture_output=True, env=environment(), check=True, text=True).stdout.strip()


def quietly(command: Sequence[str | Path], what: str, remedy: str, *, env: Mapping[str, str] | None = None) -> None:
    """Run with one moving line on a terminal; on failure raise ``Stop`` with the last lines and the remedy."""
    tail: deque[str] = deque(maxlen=12)
    moving, started = sys.stdout.isatty(), time.monotonic()
    say(f"· {what}")
    try:
        child = subprocess.Popen(
            command, cwd=ROOT, env=environment(env), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        raise Stop(f"{what}: {error.strerror} ({command[0]})\n  {remedy}") from None
    assert child.stdout is not None
    for line in child.stdout:
        tail.append(line.rstrip())
        if moving:
            sys.stdout.write(f"\r\033[K  {time.monotonic() - started:4.0f} s  {line.strip()[:70]}")
            sys.stdout.flush()
    if moving:
        sys.stdout.write("\r\033[K")
    if child.wait():
        shown = "\n".join(f"  | {line}" for line in tail if line)
        raise Stop(f"{what}: failed\n{shown}\n  {remedy}")


def shown(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> int:
    """Run with its output on our own terminal; the exit status is the caller's to judge."""
    say("$ " + shlex.join(str(part).replace(f"{ROOT}/", "") for part in command))
    try:
        return subprocess.run(command, cwd=ROOT, env=environment(env)).returncode
    except KeyboardInterrupt:
        return 130
