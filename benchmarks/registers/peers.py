"""The same names in Splink, where it is installed: ``pip install splink`` (measured with 5.0).

Splink is a probabilistic linker without a Chinese comparison of its own, so it is set up as a careful user would: legal
form and blanks taken off by hand, three keys to block on, stock string distances, weights learned without labels. Its
threshold is chosen afterwards as the one with the best F1 on this very gold, which no user could do.
"""

from __future__ import annotations

import csv
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["splink"]

_FORM = re.compile(r"(?:科技|发展)?(?:股份)?有限(?:责任)?公司|[\s（）()]")


def _record(at: int, name: str) -> dict[str, Any]:
    core = _FORM.sub("", name)
    return {"unique_id": at, "name": name, "core": core, "head": core[:5], "tail": core[-6:], "middle": core[2:7]}


def splink(full: Sequence[str], written: Sequence[tuple[str, str | None]]) -> dict[str, Any] | None:
    """Link ``written`` (as said, whom it means) to ``full``; None where Splink is not installed."""
    try:
        import duckdb
        import splink.comparison_library as compare
        from splink import Linker, SettingsCreator, block_on
        from splink.internals.duckdb.database_api import DuckDBAPI
    except ImportError:
        return None
    began, used = time.perf_counter(), time.process_time()
    connection = duckdb.connect()
    with tempfile.TemporaryDirectory() as folder:
        for table, rows in (("held", full), ("said", [said for said, _gold in written])):
            file = Path(folder) / f"{table}.csv"
            with file.open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, _record(0, ""))
                writer.writeheader()
                writer.writerows(_record(at, name) for at, name in enumerate(rows))
            connection.execute(f"create table {table} as select * from read_csv('{file}', header = true)")
    api = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compare.JaroWinklerAtThresholds("name", [0.97, 0.93, 0.88]),
            compare.LevenshteinAtThresholds("core", [1, 2]),
            compare.ExactMatch("head"),
        ],
        blocking_rules_to_generate_predictions=[block_on("head"), block_on("tail"), block_on("middle")],
    )
    linker = Linker([api.register(one, dataset_display_name=one) for one in ("held", "said")], settings, log_level=50)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=11)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("tail"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("head"))
    pairs = linker.inference.predict().physical_name
    left = "source_dataset_l = 'held'"
    rows = connection.execute(
        f"select said, max(weight), arg_max(held, weight), count(*) from (select match_weight as weight, "
        f"case when {left} then unique_id_l else unique_id_r end as held, "
        f"case when {left} then unique_id_r else unique_id_l end as said from {pairs}) group by said"
    ).fetchall()
    best = {said: (weight, held) for said, weight, held, _count in rows}
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    return {"seconds": round(seconds, 1), "cpu_s": round(cpu, 1), "pairs": sum(row[3] for row in rows)} | _best(
        full, written, best
    )


def _best(
    full: Sequence[str], written: Sequence[tuple[str, str | None]], best: dict[int, tuple[float, int]]
) -> dict[str, float]:
    """Precision, recall and F1 at the threshold where F1 is highest."""
    meant = sum(gold is not None for _said, gold in written)
    right, found = 0, {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    for told, (said, (_weight, held)) in enumerate(sorted(best.items(), key=lambda pair: -pair[1][0]), 1):
        right += full[held] == written[said][1]
        f1 = 2 * right / (told + meant)
        if f1 > found["f1"]:
            found = {"precision": round(right / told, 4), "recall": round(right / meant, 4), "f1": round(f1, 4)}
    return found
