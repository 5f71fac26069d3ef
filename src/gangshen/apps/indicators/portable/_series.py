"""Series and observations as ``indicators/series.csv`` and ``indicators/observations.csv``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from gangshen.apps.identity.portable import LoadReport
from gangshen.apps.indicators import services
from gangshen.apps.indicators.models import Observation, Series
from gangshen.engines.evidence import Ref, RefError
from gangshen.engines.formats import FormatError, Problem, Row, Text, read_table, write_csv
from gangshen.web.errors import Refused

__all__ = ["dump", "load"]

FOLDER, SERIES, OBSERVATIONS = "indicators", "series.csv", "observations.csv"
OF_SERIES = ("key", "entity", "name", "name_en", "unit", "period", "nature", "scope", "synthetic")
OF_OBSERVATIONS = ("series", "at", "value", "vintage", "source", "evidence", "citation", "note", "recorded_at")


def load(folder: Path, *, now: dt.datetime) -> LoadReport:
    """Load both files, all or none; an observation that is there already adds no row.

    An observation needs its evidence or its citation. Raises FormatError with file, line and field of every fault.
    """
    problems: list[Problem] = []
    counts = {"series": 0, "observations": 0}
    with transaction.atomic():
        for row in _rows(folder / FOLDER / SERIES, OF_SERIES, ("key", "name", "unit"), problems):
            counts["series"] += _taken(SERIES, row, problems, _series)
        for row in _rows(folder / FOLDER / OBSERVATIONS, OF_OBSERVATIONS, ("series", "at", "value"), problems):
            counts["observations"] += _taken(OBSERVATIONS, row, problems, lambda cells: _observation(cells, now))
        if problems:
            raise FormatError(problems)
    return LoadReport(counts)


def _rows(path: Path, known: tuple[str, ...], required: tuple[str, ...], problems: list[Problem]) -> Iterator[Row]:
    if not path.exists():
        return
    table = read_table(path, name=f"{FOLDER}/{path.name}", required=required)
    for header in set(table.headers) - set(known):
        words = Text(zh=f"未知的列（可用：{'、'.join(known)}）", en=f"unknown column (use: {', '.join(known)})")
        problems.append(Problem(table.name, 1, header, words))
    yield from table


class _Fault(Exception):
    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.field, self.words = field, Text(zh=zh, en=en)


def _taken(name: str, row: Row, problems: list[Problem], take: object) -> int:
    place = f"{FOLDER}/{name}"
    try:
        take({key: value or "" for key, value in row.cells.items()})  # type: ignore[operator]
    except _Fault as fault:
        problems.append(Problem(place, row.line, fault.field, fault.words))
    except Refused as refusal:
        problems.append(Problem(place, row.line, "", Text(zh=str(refusal), en=str(refusal))))
    else:
        return 1
    return 0


def _series(cells: dict[str, str]) -> None:
    if not cells["key"]:
        raise _Fault("key", "不能为空（补上）", "is empty (fill it in)")
    values: dict[str, object] = {name: cells[name] for name in OF_SERIES if cells.get(name)}
    values["synthetic"] = cells.get("synthetic", "") in ("是", "true", "1")
    services.upsert_series([values])


def _observation(cells: dict[str, str], now: dt.datetime) -> None:
    evidence = cells.get("evidence", "")
    if not evidence and not cells.get("citation"):
        raise _Fault(
            "citation", "没有出处（写明题名、发布机构、日期、章节）", "no source (title, issuer, date, section)"
        )
    try:
        if evidence:
            Ref.parse(evidence)
    except RefError as error:
        raise _Fault("evidence", f"不是引用（{error}）", str(error)) from None
    try:
        at = dt.date.fromisoformat(cells["at"])
    except ValueError:
        raise _Fault("at", f"{cells['at']!r} 不是日期（写 YYYY-MM-DD）", "is no date (write YYYY-MM-DD)") from None
    vintage, moment = (
        cells.get("vintage") or Observation.Vintage.PRELIMINARY,
        _moment(cells.get("recorded_at", ""), now),
    )
    said = {"evidence": evidence, "citation": cells.get("citation", ""), "note": cells.get("note", "")}
    held = Observation.objects.filter(series__key=cells["series"], at=at, vintage=vintage, recorded_at=moment, **said)
    if held.exists():  # loaded before; a later revision may stand over it
        return
    source = cells.get("source") or None
    services.observe(
        cells["series"], at, cells["value"], vintage=vintage, source=source, now=moment, actor=None, **said
    )


def _moment(text: str, now: dt.datetime) -> dt.datetime:
    """When it was recorded: a moment, or a day (its noon); not given: now."""
    if not text:
        return now
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise _Fault("recorded_at", f"{text!r} 不是时间（写 YYYY-MM-DD）", "is no time (write YYYY-MM-DD)") from None
    if len(text) == 10:
        moment = moment.replace(hour=12)
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def dump(folder: Path) -> None:
    """Write the series by key and every observation in the order it was made."""
    if not Series.objects.exists():
        return
    (folder / FOLDER).mkdir(exist_ok=True)
    series = [
        [one.key, one.entity, one.name, one.name_en, one.unit, one.period, one.nature, one.scope, one.synthetic or None]
        for one in Series.objects.order_by("key")
    ]
    _write(folder / FOLDER / SERIES, OF_SERIES, series)
    every = Observation.objects.select_related("series", "source").order_by("series__key", "pk")
    _write(folder / FOLDER / OBSERVATIONS, OF_OBSERVATIONS, [_line(one) for one in every])


def _line(one: Observation) -> list[object]:
    value = f"{one.value:f}"
    return [
        one.series.key,
        one.at,
        value.rstrip("0").rstrip(".") if "." in value else value,
        one.vintage,
        one.source.key if one.source else None,
        one.evidence,
        one.citation,
        one.note,
        timezone.localtime(one.recorded_at).isoformat(),
    ]


def _write(path: Path, headers: tuple[str, ...], rows: list[list[object]]) -> None:
    path.write_text(write_csv(headers, rows), encoding="utf-8", newline="")
