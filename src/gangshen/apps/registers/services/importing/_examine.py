"""What a file would do: the dry run of an import."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.services._snapshots import snapshot
from gangshen.apps.registers.services._vocabulary import attributes
from gangshen.engines.formats import FormatError, Table, read_table
from gangshen.engines.vocabulary import AttributeType
from gangshen.web.errors import Refused

from ._mapping import Column, propose
from ._rows import Parsed, parse_rows

__all__ = ["Examination", "examine", "open_table"]

_LIMIT = 200 * 2**20


@dataclass(slots=True)
class Examination:
    """``new``, ``changed``, ``unchanged`` count rows against what is believed now; ``questions`` must be answered first."""

    table: Table
    columns: list[Column]
    parsed: Parsed
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    questions: list[Column] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {
            "rows": len(self.table),
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": self.parsed.refused_rows,
        }


def open_table(data: bytes, name: str, sheet: str | None = None) -> Table:
    """Read CSV, TSV or Excel, gzipped or not; raises :class:`Refused` in the user's language."""
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(_LIMIT + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Refused(_("%(file)s: a broken gzip file.") % {"file": name}, _("Pack it again.")) from error
        name = name.removesuffix(".gz")
    try:
        return read_table(data, name=name, sheet=sheet)
    except FormatError as error:
        raise Refused(error.in_language(get_language() or "zh-hans")) from error


def examine(
    table: Table,
    entity: str,
    source: Source | None,
    given: Mapping[str, tuple[str, str]],
    *,
    today: dt.date,
    as_of: dt.date | None = None,
    period: str = "",
) -> Examination:
    """Map, parse and compare ``table``; writes nothing."""
    columns = propose(table, entity, source, given)
    if not any(column.target for column in columns):
        raise Refused(
            _("%(file)s: no column is known: %(headers)s.") % {"file": table.name, "headers": "、".join(table.headers)},
            _("Name them, as in --map HEADER=attribute, or use the words of the vocabulary as headers."),
        )
    questions = [column for column in columns if column.ask]
    parsed = Parsed() if questions else parse_rows(table, columns, entity, as_of=as_of or today, period=period)
    examination = Examination(table, columns, parsed, questions=questions)
    _compare(examination, entity, today)
    return examination


def _compare(examination: Examination, entity: str, today: dt.date) -> None:
    rows = examination.parsed.rows
    if not rows:
        return
    frame = snapshot(entity, today).frame
    position = {subject: at for at, subject in enumerate(frame.get_column("id").to_list())}
    known = attributes(entity)
    stated = {name for row in rows for name in row["values"]}
    held = {name: frame.get_column(name).to_list() for name in stated if name in frame.columns}
    for row in rows:
        at = position.get(row["subject"])
        if at is None:
            examination.new += 1
        elif all(_same(known[name].type, held[name][at], value) for name, value in row["values"].items()):
            examination.unchanged += 1
        else:
            examination.changed += 1


def _same(kind: AttributeType, held: Any, value: Any) -> bool:
    if kind is not AttributeType.LIST or held is None:
        return bool(held == value)
    there = [{key: item for key, item in entry.items() if item is not None} for entry in held]
    return all({key: item for key, item in entry.items() if item is not None} in there for entry in value)
