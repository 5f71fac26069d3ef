"""What a file would do: the dry run of an import."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.services._vocabulary import attributes, vocabulary
from gangshen.engines.formats import FormatError, Table, find_table
from gangshen.engines.vocabulary import Access
from gangshen.web.errors import Refused

from ._compare import compare
from ._dates import period_of
from ._mapping import Column, propose, recognised
from ._parsed import Parsed
from ._personal import MODES
from ._rows import parse_rows
from ._titled import titled

__all__ = ["GRADES", "LIMIT", "Examination", "examine", "header_lines", "open_table", "stated_period"]

LIMIT = 200 * 2**20
GRADES = ("公开", "内部", "敏感")
"""Grades of data, the strictest last."""
_HEADS = 4  # rows of headers
_GRADE_OF = {Access.PUBLIC: "公开", Access.INTERNAL: "内部"}


@dataclass(slots=True)
class Examination:
    """``new``, ``changed``, ``unchanged`` count rows against what is believed now; ``questions`` must be answered first.

    ``jumps`` are those of them whose unit is in doubt: figures a power of ten away from the last ones known. ``grade``: the
    strictest that the columns call for. ``period`` and ``as_of``: what whoever imports stated for the whole file.
    """

    table: Table
    columns: list[Column]
    parsed: Parsed
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    questions: list[Column] = field(default_factory=list)
    grade: str = ""
    period: str = ""
    as_of: dt.date | None = None

    @property
    def jumps(self) -> list[Column]:
        return [column for column in self.questions if column.jump]

    def counts(self) -> dict[str, int]:
        return {
            "rows": len(self.table),
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": self.parsed.refused_rows,
        }

    def same(self) -> list[dict[str, Any]]:
        """The rows that wait for a person to say whom they mean: row, name and the likeliest, with scores."""
        return [
            {
                "row": said["row"],
                "name": meant.query,
                "candidates": [{"name": one.name, "score": round(one.score, 3)} for one in meant.candidates[:3]],
            }
            for meant, said in self.parsed.doubtful
        ]


def header_lines(text: str) -> tuple[int, ...]:
    """``3``, ``3-4`` or ``3-5`` → the rows that hold the headers; none for an empty text."""
    if not text.strip():
        return ()
    first, _dash, last = text.strip().partition("-")
    try:
        lines: tuple[int, ...] = (int(first), int(last or first))
    except ValueError:
        lines = (0, 0)
    lines = tuple(range(lines[0], lines[-1] + 1))
    if lines[:1] < (1,) or len(lines) > _HEADS:
        raise Refused(
            _("%(text)s names no row of headers.") % {"text": text},
            _("Write its number, as 3, or 3-4 for several rows."),
        )
    return lines


def stated_period(text: str) -> str:
    """The period of a file as whoever imports writes it: 2025, 2025Q3, 2025-09, 2026年1-10月 (``2026-01/10``)."""
    try:
        return period_of(text) if text.strip() else ""
    except ValueError:
        raise Refused(
            _("%(text)s is no period.") % {"text": text},
            _("Write 2025, 2025Q3, 2025-09, or 2025-01/09 for some months."),
        ) from None


def open_table(
    data: bytes,
    name: str,
    sheet: str | None = None,
    *,
    header_row: str = "",
    entity: str = "enterprise",
    source: Source | None = None,
) -> Table:
    """Read CSV, TSV or Excel of any layout, gzipped or not; raises :class:`Refused` in the user's language."""
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(LIMIT + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Refused(_("%(file)s: a broken gzip file.") % {"file": name}, _("Pack it again.")) from error
        name = name.removesuffix(".gz")
    try:
        known = recognised(entity, source)
        table = find_table(data, name=name, sheet=sheet, header_lines=header_lines(header_row), known=known)
        return titled(table, source) if entity == "enterprise" else table
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
    units: Mapping[str, str] | None = None,
    personal: str = "drop",
    sure: Collection[str] = (),
    step: Callable[[int], None] = lambda done: None,
    unmapped: bool = False,
) -> Examination:
    """Map, parse and compare ``table``; writes nothing. ``sure``: headers whose unit was looked at and is right.

    ``unmapped``: of a file with no known column tell the columns, for a person to map, where it would be refused.
    """
    if personal not in MODES:
        raise Refused(
            _("%(word)s is no way to treat personal data.") % {"word": personal}, _("Use drop, mask or keep.")
        )
    if not attributes(entity):
        raise Refused(
            _("The vocabulary has no attributes of this register yet: %(kind)s.") % {"kind": entity},
            _("Add them to the zone folder: vocabulary/*.yaml, with entity: %(kind)s.") % {"kind": entity},
        )
    period = stated_period(period)
    columns = propose(table, entity, source, given, units=units, period=period, today=as_of or today, personal=personal)
    if not any(column.kept for column in columns):
        if unmapped:
            return Examination(table, columns, Parsed(), grade=GRADES[0])
        raise Refused(
            _("%(file)s: no column is known: %(headers)s.") % {"file": table.name, "headers": "、".join(table.headers)},
            _("Name them, as in --map HEADER=attribute, or use the words of the vocabulary as headers."),
        )
    asked = [column for column in columns if column.ask]
    parsed = Parsed() if asked else parse_rows(table, columns, entity, as_of=as_of or today, period=period, step=step)
    examination = Examination(
        table, columns, parsed, questions=asked, grade=_grade(columns), period=period, as_of=as_of
    )
    compare(examination, entity, today, {*sure, *(units or ())})
    return examination


def _grade(columns: list[Column]) -> str:
    words = vocabulary()
    told = [_GRADE_OF.get(words.access(one.target), "敏感") for one in columns if one.kept and one.target in words]
    return max(told, key=GRADES.index, default=GRADES[0])
