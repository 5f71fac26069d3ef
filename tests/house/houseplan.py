"""Where things stand in the checkout, for the tests of the house."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

__all__ = ["PACKAGE", "ROOT", "tracked"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "gangshen"


@cache
def _files() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        return tuple(path for name in names if name and (path := ROOT / name).is_file())
    kept = ("src", "tests", "tools", "docs", "zones", "benchmarks", "requirements")
    return tuple(path for folder in kept for path in (ROOT / folder).rglob("*") if path.is_file())


def tracked(suffix: str = "") -> list[Path]:
    """The files that git keeps or would keep; without git, those of the folders that it keeps."""
    return [path for path in _files() if path.name.endswith(suffix) and "__pycache__" not in path.parts]
