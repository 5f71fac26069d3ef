"""The benchmark runs, its two ways agree, and its last line is one JSON object."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks" / "rules" / "run.py"


def test_a_small_run_agrees_with_polars_and_reports() -> None:
    command = [sys.executable, str(SCRIPT), "--rules", "12", "--rows", "3000", "--repeat", "1"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8", env=environment)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["rules"], figures["rows"], figures["clauses"]) == (12, 3000, 72)
    assert figures["with_distances"]["cpu_s"] > 0
    assert figures["yes"] + figures["unknown"] < 12 * 3000
