"""The registers as files: ``vocabulary/*.yaml``, ``connectors/*.yaml`` and ``registers/<source>/<register>.csv``, one row a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from gangshen.apps.archive.models import Source
from gangshen.apps.identity.portable import LoadReport
from gangshen.apps.registers.adapters import ConnectorFile
from gangshen.apps.registers.models import Batch, Connector, Record, VocabularyPart
from gangshen.apps.registers.services import (
    attributes,
    live_records,
    publish,
    put_connector,
    put_part,
    stage,
    undo,
    vocabulary,
)
from gangshen.apps.registers.services._law import period_end, read, write
from gangshen.apps.registers.services.importing import ENTITIES, Column, propose
from gangshen.engines.formats import FormatError, Problem, Row, Table, Text, load_yaml, read_table, write_csv
from gangshen.engines.vocabulary import CellError, Vocabulary, VocabularyFile
from gangshen.web.errors import Refused

__all__ = ["Said", "dump", "load", "render"]

NOT_KNOWN = "?"  # a cell that states: the value is not known
HEAD = ("key", "as_of", "period")


@dataclass(frozen=True, slots=True)
class Said:
    """One row: what is said of ``key``; ``values`` as records store them."""

    key: str
    as_of: dt.date
    period: str
    values: dict[str, Any]
    line: int = 0


def load(folder: Path, *, now: dt.datetime) -> LoadReport:
    """Read every file first; a fault in any leaves the database as it was.

    A register that the database already holds just so is left alone; where it differs, the batches it had are undone
    and the file stands in their place.
    """
    parts = {file.stem: load_yaml(file, VocabularyFile) for file in sorted((folder / "vocabulary").glob("*.yaml"))}
    with transaction.atomic():  # a fault in a register takes the vocabulary back
        for name, part in parts.items():
            put_part(name, part, actor=None, now=now)
        registers = _registers(folder)
        connectors = _connectors(folder, now)
    records = sum(_replace(source, entity, rows, now) for source, entity, rows in registers)
    return LoadReport(
        {"vocabulary files": len(parts), "registers": len(registers), "connectors": connectors, "records": records}
    )


def _connectors(folder: Path, now: dt.datetime) -> int:
    """Read all definitions, then set them."""
    files = sorted((folder / "connectors").glob("*.yaml"))
    made = {file.stem: load_yaml(file, ConnectorFile, name=_name(file, folder)) for file in files}
    for file in files:
        try:
            put_connector(file.stem, made[file.stem], now)
        except Refused as error:
            words = Text(zh=str(error), en=str(error))
            raise FormatError([Problem(_name(file, folder), None, "", words)]) from error
    return len(made)


def _registers(folder: Path) -> list[tuple[Source, str, list[Said]]]:
    problems: list[Problem] = []
    registers = []
    for file in sorted((folder / "registers").glob("*/*.csv")):
        try:
            registers.append((_source(file, folder), _entity(file, folder), _read(file, folder)))
        except FormatError as error:
            problems += error.problems
    if problems:
        raise FormatError(problems)
    return registers


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _source(file: Path, folder: Path) -> Source:
    found = Source.objects.filter(key=file.parent.name).first()
    if found is None:
        words = Text(
            zh=f"没有来源 {file.parent.name}（先在 sources.yaml 列出）",
            en=f"no source {file.parent.name} (list it in sources.yaml first)",
        )
        raise FormatError([Problem(_name(file, folder), None, "", words)])
    return found


def _entity(file: Path, folder: Path) -> str:
    if file.stem not in ENTITIES:
        listed = ", ".join(f"{name}.csv" for name in ENTITIES)
        words = Text(zh=f"不是登记簿的名称（可用：{listed}）", en=f"not the name of a register (use: {listed})")
        raise FormatError([Problem(_name(file, folder), None, "", words)])
    return ENTITIES[file.stem]


def _read(file: Path, folder: Path) -> list[Said]:
    table = read_table(file, name=_name(file, folder), required=("key", "as_of"))
    columns = propose(table, _entity(file, folder), None, {})
    problems = [
        Problem(
            table.name,
            1,
            one.header,
            Text(zh="词汇中没有此列（改正或加入词汇）", en="not in the vocabulary (correct it or add it)"),
        )
        for one in columns
        if not one.target
    ]
    words, rows = vocabulary(), []
    for row in table:
        try:
            rows.append(_said(table, row, columns, words))
        except FormatError as error:
            problems += error.problems
    if problems:
        raise FormatError(problems)
    return rows


def _said(table: Table, row: Row, columns: list[Column], words: Vocabulary) -> Said:
    problems: list[Problem] = []

    def fault(field: str, zh: str, en: str) -> None:
        problems.append(Problem(table.name, row.line, field, Text(zh=zh, en=en)))

    values: dict[str, Any] = {}
    for column in columns:
        text = row.cells[column.header]
        if column.target in HEAD or not column.target or text is None:
            continue
        try:
            attribute = words.get(column.target)
            value = None if text == NOT_KNOWN else words.parse(attribute, text, column.unit or None)
            if value is not None or text == NOT_KNOWN:
                values[attribute.id] = write(attribute, value)
        except CellError as error:
            problems.append(Problem(table.name, row.line, column.header, error.message))
    key, period = row.cells["key"] or "", row.cells.get("period") or ""
    if not key:
        fault("key", "为空（补上）", "is empty (fill it in)")
    as_of = dt.date.min
    try:
        as_of = dt.date.fromisoformat(row.cells["as_of"] or "")
    except ValueError:
        fault("as_of", "不是日期（写作 2026-03-01）", "is no date (write 2026-03-01)")
    try:
        if period:
            period_end(period)
    except ValueError:
        fault("period", "不是期间（写作 2025、2025Q3 或 2025-09）", "is no period (write 2025, 2025Q3 or 2025-09)")
    if problems:
        raise FormatError(problems)
    return Said(key, as_of, period, values, row.line)


def _replace(source: Source, entity: str, rows: list[Said], now: dt.datetime) -> int:
    held = list(_held(source, entity))
    if held and render(held, entity) == render(rows, entity):
        return 0
    earlier = list(Batch.objects.filter(source=source, entity=entity, state=Batch.State.LIVE))
    known = attributes(entity)
    staged = stage(
        source,
        entity,
        (
            {
                "subject": one.key,
                "as_of": one.as_of,
                "period": one.period,
                "row": one.line,
                "values": {name: read(known[name], value) for name, value in one.values.items()},
            }
            for one in rows
        ),
        actor=None,
        now=now,
    )
    for batch in earlier:
        undo(batch, None, now)
    publish(staged, now)
    return staged.rows


def _held(source: Source, entity: str) -> Iterator[Said]:
    records = live_records(entity).filter(source=source).order_by("subject", "period", "as_of", "pk")
    for one in records.iterator(chunk_size=1000):
        yield Said(one.subject, one.as_of, one.period, one.values)


def render(rows: Iterable[Said], entity: str) -> str:
    """The one way these rows are written: sorted, attributes in the order of the vocabulary, empty where not said."""
    words, known = vocabulary(), attributes(entity)
    kept = sorted(rows, key=lambda one: (one.key, one.period, one.as_of))
    used = {name for one in kept for name in one.values}
    columns = [name for name in known if name in used]
    return write_csv(
        [*HEAD, *columns],
        (
            [
                one.key,
                one.as_of.isoformat(),
                one.period,
                *(_cell(words, name, one.values) for name in columns),
            ]
            for one in kept
        ),
    )


def _cell(words: Vocabulary, name: str, values: dict[str, Any]) -> str:
    if name not in values:
        return ""
    if values[name] is None:
        return NOT_KNOWN
    attribute = words.get(name)
    return words.write(attribute, read(attribute, values[name]))


def dump(folder: Path) -> None:
    """Write the zone's parts of the vocabulary, and each source's live records."""
    for part in VocabularyPart.objects.order_by("name"):
        (folder / "vocabulary").mkdir(parents=True, exist_ok=True)
        (folder / "vocabulary" / f"{part.name}.yaml").write_text(part.text, encoding="utf-8")
    for one in Connector.objects.order_by("key"):
        (folder / "connectors").mkdir(parents=True, exist_ok=True)
        (folder / "connectors" / f"{one.key}.yaml").write_text(one.content, encoding="utf-8")
    names = {entity: name for name, entity in ENTITIES.items()}
    live = Record.objects.filter(batch__state=Batch.State.LIVE).order_by("source__key", "entity")
    for source_id, entity in live.values_list("source", "entity").distinct():
        source = Source.objects.get(pk=source_id)
        place = folder / "registers" / source.key
        place.mkdir(parents=True, exist_ok=True)
        text = render(_held(source, entity), entity)
        (place / f"{names[entity]}.csv").write_text(text, encoding="utf-8", newline="")
