"""What an adapter yields."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["Adapter", "Part", "as_part", "cursor_text", "cursor_value", "in_chunks"]


@dataclass(frozen=True, slots=True)
class Part:
    """A table to import. ``cursor``: up to where the source has been read once this part and all before it are in."""

    name: str
    data: bytes
    cursor: str | None = None
    rows: int | None = None


class Adapter(Protocol):
    """``pull`` yields the tables after ``cursor`` (empty: from the beginning), in an order that a restart repeats.

    It writes nothing anywhere and raises :class:`PullError` in words.
    """

    def pull(self, cursor: str) -> Iterator[Part]: ...


def cursor_text(value: Any) -> str:
    """A cursor as it is kept: JSON, so that a number stays one; dates as ISO text."""
    return json.dumps(value, ensure_ascii=False, default=str)


def cursor_value(text: str) -> Any:
    return json.loads(text) if text else None


def as_part(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], cursor: str | None) -> Part:
    """Rows as CSV, the same rows always as the same bytes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    count = 0
    for row in rows:
        writer.writerow(["" if cell is None else _cell(cell) for cell in row])
        count += 1
    return Part(name, out.getvalue().encode(), cursor, count)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def in_chunks(rows: Iterable[Sequence[Any]], size: int, at: int | None) -> Iterator[tuple[list[Sequence[Any]], Any]]:
    """Rows in chunks of about ``size`` with the cursor after each; ``at`` is its column.

    Rows of one cursor value are never parted: a pull killed between two chunks would else lose the second half.
    """
    held: list[Sequence[Any]] = []
    for row in rows:
        if len(held) >= size and (at is None or row[at] != held[-1][at]):
            yield held, None if at is None else held[-1][at]
            held = []
        held.append(row)
    if held:
        yield held, None if at is None else held[-1][at]
