"""Statistics as ``indicators/statistics/KEY.yaml``, their kept results as ``indicators/results.csv``."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils import timezone

from gangshen.apps.indicators import services
from gangshen.apps.indicators.models import Result, Series
from gangshen.apps.indicators.models import Statistic as Row
from gangshen.engines.formats import FormatError, Problem, Text, load_yaml, read_table, write_csv
from gangshen.engines.statistics import Statistic
from gangshen.web.errors import Refused

__all__ = ["dump", "load"]

FOLDER, RESULTS = "indicators/statistics", "indicators/results.csv"
HEADS = (
    *("statistic", "as_of", "period", "value", "n", "open", "shown", "synthetic", "note", "recorded_at"),
    *("definition", "snapshot", "growth", "tables"),
)


def load(folder: Path, *, now: dt.datetime) -> dict[str, int]:
    problems: list[Problem] = []
    counts = {"statistics": 0, "results": 0}
    for path in sorted((folder / FOLDER).glob("*.yaml")):
        name = f"{FOLDER}/{path.name}"
        try:
            one = load_yaml(path, Statistic, name=name)
            if one.key != path.stem:
                words = Text(zh=f"应与文件名相同（写 {path.stem}）", en=f"must be the file's name ({path.stem})")
                raise FormatError([Problem(name, 1, "key", words)])
            row = services.save(one, actor=None, now=now)
        except FormatError as error:
            problems += error.problems
        except Refused as refusal:
            problems.append(Problem(name, 1, "", Text(zh=str(refusal), en=str(refusal))))
        else:
            row.series = Series.objects.filter(key=f"count-{row.key}"[:100]).first()
            row.save(update_fields=["series"])
            counts["statistics"] += 1
    path = folder / RESULTS
    for line in read_table(path, name=RESULTS, required=("statistic", "as_of", "n")) if path.exists() else ():
        try:
            counts["results"] += _result({key: value or "" for key, value in line.cells.items()}, now)
        except _Fault as fault:
            problems.append(Problem(RESULTS, line.line, fault.field, fault.words))
    if problems:
        raise FormatError(problems)
    return {name: count for name, count in counts.items() if count}


class _Fault(Exception):
    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field, self.words = field, Text(zh=zh, en=en)


def _result(cells: dict[str, str], now: dt.datetime) -> int:
    row = Row.objects.filter(key=cells["statistic"]).first()
    if row is None:
        raise _Fault("statistic", f"没有统计“{cells['statistic']}”", f"there is no statistic {cells['statistic']!r}")
    values: dict[str, Any] = {
        "as_of": _typed("as_of", cells, dt.date.fromisoformat),
        "n": _typed("n", cells, int),
        "open": _typed("open", cells, int) if cells.get("open") else 0,
        "value": _typed("value", cells, Decimal) if cells.get("value") else None,
        "growth": _typed("growth", cells, json.loads) if cells.get("growth") else {},
        "tables": _typed("tables", cells, json.loads) if cells.get("tables") else [],
        "recorded_at": _typed("recorded_at", cells, dt.datetime.fromisoformat) if cells.get("recorded_at") else now,
    }
    if timezone.is_naive(values["recorded_at"]):
        values["recorded_at"] = timezone.make_aware(values["recorded_at"])
    values |= {name: cells.get(name, "") == "是" for name in ("shown", "synthetic")}
    values |= {name: cells.get(name, "") for name in ("period", "note", "definition", "snapshot")}
    if row.results.filter(as_of=values["as_of"], recorded_at=values["recorded_at"]).exists():
        return 0
    Result.objects.create(statistic=row, **values)
    return 1


def _typed(field: str, cells: dict[str, str], read: Any) -> Any:
    try:
        return read(cells[field])
    except (ValueError, InvalidOperation):
        raise _Fault(
            field, f"{cells[field][:40]!r} 不能读（改正这一格）", "cannot be read (correct the cell)"
        ) from None


def dump(folder: Path) -> None:
    rows = list(Row.objects.order_by("key"))
    if rows:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for row in rows:
        (folder / FOLDER / f"{row.key}.yaml").write_text(row.definition, encoding="utf-8")
    results = Result.objects.select_related("statistic").order_by("statistic__key", "as_of", "pk")
    lines = [_line(one) for one in results]
    if lines:
        (folder / RESULTS).write_text(write_csv(HEADS, lines), encoding="utf-8", newline="")


def _line(one: Result) -> list[object]:
    value = None if one.value is None else f"{one.value:f}"
    return [
        one.statistic.key,
        one.as_of,
        one.period,
        value.rstrip("0").rstrip(".") if value and "." in value else value,
        one.n,
        one.open,
        one.shown or None,
        one.synthetic or None,
        one.note,
        timezone.localtime(one.recorded_at).isoformat(),
        one.definition,
        one.snapshot,
        _json(one.growth),
        _json(one.tables),
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
