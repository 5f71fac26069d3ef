"""The benchmark of the chain runs, and its last line is one JSON object."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks" / "chain" / "run.py"


def test_a_small_chain_is_answered(tmp_path: Path) -> None:
    file = tmp_path / "edges.csv"
    file.write_text(
        "src,dst,rel\n人形机器人,关节模组,上游材料\n关节模组,减速器,上游材料\n减速器,谐波减速器,产品小类\n", "utf-8"
    )
    for given, nodes in ((["--nodes", "300", "--firms", "60"], 300), (["--edges", str(file), "--firms", "9"], 4)):
        done = subprocess.run(
            [sys.executable, str(SCRIPT), *given],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        )
        figures = json.loads(done.stdout.splitlines()[-1])
        assert figures["nodes"] == nodes
        assert figures["networkx"].get("reaches equal", 1.0) == 1.0
