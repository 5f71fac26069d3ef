"""``gangshen up`` killed at any moment: the next start is whole, and holds what an undisturbed start holds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from browser import environment, gangshen

pytestmark = pytest.mark.full


def exported(home: Path) -> dict[str, bytes]:
    folder = home / "exported"
    done = gangshen(home, "export", str(folder))
    assert done.returncode == 0, done.stderr
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def killed_after(home: Path, seconds: float) -> bool:
    """Start, kill without warning; was it still at work?"""
    command = [sys.executable, "-m", "gangshen", "up", "--no-serve"]
    process = subprocess.Popen(
        command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(seconds)
    cut = process.poll() is None
    if cut:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return cut


def test_a_start_killed_at_several_moments_leaves_the_next_one_whole(tmp_path: Path) -> None:
    calm = tmp_path / "calm"
    calm.mkdir()
    began = time.monotonic()
    first = gangshen(calm, "up", "--no-serve")
    took = time.monotonic() - began
    assert first.returncode == 0, first.stderr
    expected = exported(calm)
    assert expected

    home = tmp_path / "shaken"
    home.mkdir()
    cuts = [killed_after(home, took * share) for share in (0.3, 0.5, 0.7, 0.85)]
    assert any(cuts), "no start was cut off: the test killed nothing"
    again = gangshen(home, "up", "--no-serve")
    assert again.returncode == 0, again.stderr
    assert exported(home) == expected


def test_a_second_start_loads_nothing_again(tmp_path: Path) -> None:
    assert gangshen(tmp_path, "up", "--no-serve").returncode == 0
    before = exported(tmp_path)
    began = time.monotonic()
    again = gangshen(tmp_path, "up", "--no-serve")
    assert again.returncode == 0 and "Loading" not in again.stderr
    assert time.monotonic() - began < 30
    (tmp_path / "exported").rename(tmp_path / "first")
    assert exported(tmp_path) == before


def test_the_command_works_from_any_folder_on_the_same_data(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    assert gangshen(home, "up", "--no-serve").returncode == 0
    command = [sys.executable, "-m", "gangshen", "config", "--json"]
    done = subprocess.run(command, cwd=elsewhere, env=environment(home), capture_output=True, text=True)
    assert done.returncode == 0 and str(home) in done.stdout
    assert not list(elsewhere.iterdir()), "a command wrote into the working folder"
