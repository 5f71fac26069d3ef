"""A real database file and real processes, for what only they can show: races, kills, restarts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
Python = Callable[[str], "subprocess.Popen[str]"]


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GANGSHEN_")}
    return kept | {
        "GANGSHEN_HOME": str(home),
        "PYTHONPATH": str(SRC),
        "DJANGO_SETTINGS_MODULE": "gangshen.settings",
        "PYTHONWARNINGS": "ignore",
    }


@pytest.fixture(scope="session")
def migrated_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder whose SQLite database has all tables and nothing in them."""
    home = tmp_path_factory.mktemp("home")
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=_environment(home), check=True)
    return home


@pytest.fixture
def own_home(migrated_home: Path, tmp_path: Path) -> Path:
    """A home folder of this test's own."""
    return Path(shutil.copytree(migrated_home, tmp_path / "home"))


@pytest.fixture
def python(own_home: Path) -> Python:
    """Start a Python process over ``own_home`` with Django set up; it prints what the test reads."""

    def run(code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", "import django; django.setup()\n" + code],
            env=_environment(own_home),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return run


@pytest.fixture
def answer(python: Python) -> Callable[[str], str]:
    """What a snippet prints; it must end well."""

    def ask(code: str) -> str:
        out, err = python(code).communicate(timeout=300)
        assert not err.strip(), err
        return out.strip()

    return ask
