"""Make up who looks after the synthetic firms and when they were last visited: `registers/synthetic-service`.

Run `python zones/maqiao/_make/service.py` after the synthetic firms were made; the same firms give the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import zlib
from pathlib import Path

import yaml

from gangshen.engines.formats import write_csv

ZONE = Path(__file__).parents[1]
REGISTERS = ZONE / "registers"
DAY = dt.date(2026, 11, 20)
MANAGERS = ("服务专员甲", "服务专员乙")


def rows() -> list[list[str]]:
    """Firms of the robot and smart chains, a third of the others; one in six of them was never visited."""
    with (REGISTERS / "synthetic-park" / "enterprises.csv").open(encoding="utf-8", newline="") as file:
        firms = {row["key"]: bool(row["chain_nodes"]) for row in csv.DictReader(file)}
    made, held = [], _held()
    for key, in_chain in sorted(firms.items()):
        luck = zlib.crc32(key.encode())
        if in_chain or luck % 3 == 0 or key in held:
            visited = "" if luck % 6 == 0 else (DAY - dt.timedelta(days=1 + luck // 7 % 300)).isoformat()
            visited = max(visited, held.get(key, ""))
            made.append([key, DAY.isoformat(), "", MANAGERS[luck // 11 % 2], visited])
    return made


def _held() -> dict[str, str]:
    """Firm → the last day on which the book of visits has it."""
    visits = yaml.safe_load((ZONE / "visits" / "visits.yaml").read_text(encoding="utf-8"))["visits"]
    days = sorted((str(one["day"]), one["firm"]) for one in visits if one.get("state") == "held")
    return {firm: day for day, firm in days}


if __name__ == "__main__":
    place = REGISTERS / "synthetic-service"
    place.mkdir(exist_ok=True)
    text = write_csv(("key", "as_of", "period", "account_manager", "last_visit"), rows())
    (place / "enterprises.csv").write_text(text, encoding="utf-8", newline="")
