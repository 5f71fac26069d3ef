"""Made-up enterprises: into the database or a zone folder, from sources that are marked synthetic."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import Source
from gangshen.apps.archive.portable import SourceEntry
from gangshen.engines.formats import Text, dump_yaml, load_yaml
from gangshen.engines.synthesis import statements

from ._batches import publish, stage
from ._law import write as written
from ._snapshots import snapshot
from ._vocabulary import attributes

__all__ = ["SOURCES", "load", "write"]

_AT_ONCE = 10_000  # firms made before they are written
_ROWS: tuple[tuple[str, str, str, int, bool, int | None], ...] = (
    # key, zh, en, rank, consent, expected days between deliveries
    ("registry", "市场监管（合成）", "Market regulation (synthetic)", 110, False, 31),
    ("lists", "认定名单（合成）", "Lists of titles (synthetic)", 112, False, 92),
    ("credit", "信用公示（合成）", "Credit notices (synthetic)", 114, False, 7),
    ("statistics", "统计名录（合成）", "Statistics directory (synthetic)", 116, False, 31),
    ("tax", "税务（合成）", "Tax (synthetic)", 118, True, 92),
    ("park", "园区公司（合成）", "Park company (synthetic)", 140, False, 92),
    ("firm", "企业报送（合成）", "Firm's own report (synthetic)", 150, True, 31),
)
SOURCES = {
    f"synthetic-{key}": SourceEntry(
        key=f"synthetic-{key}",
        name=Text(zh=zh, en=en),
        rank=rank,
        purpose="演示",
        grade="公开",
        consent=consent,
        update_days=days,
        synthetic=True,
    )
    for key, zh, en, rank, consent, days in _ROWS
}


def _told(count: int, seed: int, start: int, options: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows by source, as ``stage`` takes them."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in statements(count, seed=seed, start=start, **options):
        said = {"subject": one.subject, "values": one.values, "period": one.period, "as_of": one.as_of}
        rows[f"synthetic-{one.source}"].append(said)
    return rows


def load(
    count: int,
    *,
    seed: int,
    as_of: dt.date,
    now: dt.datetime,
    years: int = 1,
    months: int = 1,
    tell: Callable[[str], None] = lambda words: None,
) -> int:
    """Put ``count`` made-up enterprises into the database; returns the number of records."""
    sources: dict[str, Source] = {}
    for key, entry in SOURCES.items():
        values = entry.model_dump(exclude={"key", "name", "owner"})
        sources[key] = archive.upsert_source(key, name=entry.name.zh, name_en=entry.name.en or "", **values)
    records = 0
    for start in range(0, count, _AT_ONCE):
        options = {"as_of": as_of, "years": years, "months": months}
        for key, rows in sorted(_told(min(_AT_ONCE, count - start), seed, start, options).items()):
            batch = stage(sources[key], "enterprise", rows, actor=None, now=now)
            publish(batch, now)
            records += batch.rows
        tell(f"{min(start + _AT_ONCE, count)} / {count}")
    snapshot(as_of=as_of)
    return records


def write(folder: Path, count: int, *, seed: int, as_of: dt.date, years: int = 1, months: int = 1) -> int:
    """Write them as ``registers/synthetic-*/enterprises.csv`` with their sources; returns the number of files."""
    from gangshen.apps.registers.portable import Said, render

    rows = _told(count, seed, 0, {"as_of": as_of, "years": years, "months": months})
    known = attributes()
    for key, said in rows.items():
        place = folder / "registers" / key
        place.mkdir(parents=True, exist_ok=True)
        lines = [
            Said(
                one["subject"],
                one["as_of"],
                one["period"],
                {name: written(known[name], value) for name, value in one["values"].items()},
            )
            for one in said
        ]
        (place / "enterprises.csv").write_text(render(lines, "enterprise"), encoding="utf-8", newline="")
    file = folder / "sources.yaml"
    entries = load_yaml(file, list[SourceEntry]) if file.is_file() else []
    kept = [one for one in entries if one.key not in SOURCES]
    whole = sorted([*kept, *SOURCES.values()], key=lambda one: (one.rank, one.key))
    file.write_text(dump_yaml(whole, list[SourceEntry]), encoding="utf-8")
    return len(rows) + 1
