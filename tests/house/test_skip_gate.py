"""The build machine may skip only for the reasons that are listed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from houseplan import ROOT

SUITE = """
import pytest

def test_passes():
    pass

@pytest.mark.skip(reason="no moon tonight")
def test_skips():
    pass
"""

CONFTEST = """
from pathlib import Path

from skipgate import watch

def pytest_configure(config):
    watch(config, Path(__file__).parent / "tests" / "allowed_skips.txt")
"""


def run(folder: Path, *, allowed: str, strict: bool) -> subprocess.CompletedProcess[str]:
    (folder / "tests").mkdir()
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (folder / "tests" / "allowed_skips.txt").write_text(allowed, encoding="utf-8")
    (folder / "tests" / "test_suite.py").write_text(SUITE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "GANGSHEN_STRICT"))}
    env |= {"GANGSHEN_STRICT_SKIPS": "1"} if strict else {}
    env["PYTHONPATH"] = str(ROOT / "tests" / "house")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:schemathesis",
    ]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("allowed", "strict", "passes"),
    [
        ("no moon tonight\n", True, True),
        ("no moon…\n", True, True),
        ("# no moon tonight\nno sun\n", True, False),
        ("", False, True),
    ],
)
def test_the_gate(tmp_path: Path, allowed: str, strict: bool, passes: bool) -> None:
    done = run(tmp_path, allowed=allowed, strict=strict)
    assert (done.returncode == 0) is passes, done.stdout + done.stderr
    assert ("does not list" in done.stdout) is not passes
