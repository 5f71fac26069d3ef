"""Rows of a file as statements about subjects; a row with a fault is refused whole and goes back to its sender.

A name without a code is resolved; where it may mean a firm but not surely, the row waits in the queue 同一家企业？
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gangshen.apps.registers.services._codes import CodeState, code_state, plain_code
from gangshen.apps.registers.services._law import entry_key, period_end
from gangshen.apps.registers.services._vocabulary import attributes, vocabulary
from gangshen.engines.formats import Row, Table, Text
from gangshen.engines.vocabulary import Attribute, AttributeType, CellError, Period, Vocabulary, says_none

from ._currency import Currencies
from ._dates import day_text, period_of
from ._denials import against_register
from ._holdings import Holdings
from ._mapping import Column
from ._names import FORMER, bare_name, name_of, one_line
from ._parsed import Denied, Parsed, Refusal
from ._parts import LIST, PARTS, complete
from ._people import PEOPLE, WHO, people
from ._personal import mask_value
from ._subjects import Doubtful, Subjects

__all__ = ["parse_rows"]

_UNIT_IN_BRACKETS = re.compile(r"[(（]\s*([^()（）]+?)\s*[)）]$")
_AROUND = re.compile(
    r"^\s*(?:其中\s*[:：]?|(?:含|包括)\s*[:：]|[#＃*＊★☆▲]+|\d{1,3}[.、．)）]|[(（]\d{1,3}[)）])\s*(?=\D)|\s*[#＃*＊★☆▲]+\s*$"
)
"""What lists set before and behind a name: 其中：, its number, a star."""
_IN_BRACKETS = re.compile(r"[(（]\s*(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?\s*[)）]")
_DITTO = frozenset(("同上", "同左", "〃", "″", "''"))
_DITTOED = Text(zh="“同上”不是值（写明内容）", en="a ditto mark is no value (write it out)")
_FIGURES = (AttributeType.MONEY, AttributeType.COUNT, AttributeType.NUMBER)
_SHARED = Text(
    zh="这一格与别的企业合并，是几家合计还是各家相同读不出来（拆开，逐行填写）",
    en="this cell is merged with another firm's: the sum of them, or the same for each? (unmerge it and fill in every row)",
)
_STEP = 2000
_AT = "@"
Faults = list[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is the same for every row of a file."""

    table: Table
    columns: list[Column]
    words: Vocabulary
    cells: list[tuple[Column, Attribute]]
    heads: dict[str, str]
    special: dict[str, str]
    parts: dict[str, str]
    persons: dict[str, str]
    money: Currencies
    titles: Holdings
    as_of: dt.date
    period: str

    def refusal(self, row: Row, head: str, words: Text) -> Refusal:
        return Refusal(self.table.name, row.line, head, words, row, self.table.place(row.line, head))

    def code_and_name(self, row: Row) -> tuple[str, str, str]:
        heads = (self.special.get("key"), self.heads.get("uscc"), self.heads.get("name"))
        key, code, name = ((row.cells[head] or "") if head else "" for head in heads)
        return key, code, bare_name(_plain_name(name))


def parse_rows(
    table: Table,
    columns: list[Column],
    entity: str,
    *,
    as_of: dt.date,
    period: str = "",
    step: Callable[[int], None] = lambda done: None,
) -> Parsed:
    """Every row of ``table`` as a statement of ``as_of`` and ``period`` unless its own columns say otherwise.

    ``step`` hears now and then how many rows are read.
    """
    known = attributes(entity)
    special = {column.target: column.header for column in columns if column.target in ("key", "as_of", "period")}
    cells = [(column, known[column.target]) for column in columns if column.kept and column.target in known]
    parts = {column.target: column.header for column in columns if column.target in PARTS}
    persons = {column.target: column.header for column in columns if column.target in PEOPLE and column.kept}
    money = Currencies(columns, cells)
    titles = Holdings(((one.header, one.target) for one in columns if one.kept), table.layout.epoch)
    heads = {attribute.id: column.header for column, attribute in cells}
    reading = _Reading(
        table, columns, vocabulary(), cells, heads, special, parts, persons, money, titles, as_of, period
    )
    subjects = Subjects(entity)
    subjects.expect(reading.code_and_name(row) for row in table)
    parsed = Parsed()
    seen: dict[Any, Row] = {}
    for number, row in enumerate(table):
        if not number % _STEP:
            step(number)
        _take(reading, row, subjects, parsed, seen)
    parsed.against = against_register(parsed.denied, table)
    parsed.remarks += parsed.against
    return parsed


def _take(reading: _Reading, row: Row, subjects: Subjects, parsed: Parsed, seen: dict[Any, Row]) -> None:
    faults: Faults = list(reading.table.layout.faults.get(row.line, ()))
    remarks: Faults = []
    spoken = _values(reading, row, faults, remarks)
    said, period = _when(reading, row, faults)
    titles = reading.titles.read(row, said)
    faults += titles.faults
    remarks += titles.remarks
    own, alone = spoken.setdefault("", {}), _entry(reading, spoken[""])
    if titles.entries:
        own[LIST] = [*own.get(LIST, ()), *titles.entries]
    key, code, name = reading.code_and_name(row)
    field_ = reading.heads.get("uscc", reading.heads.get("name", ""))
    subject = ""
    try:
        subject, state = subjects.find(key, code, name)
        if subjects.resolved:
            own.pop("name", None)  # a short or misspelt name renames nobody
        parsed.codes[state.value] = parsed.codes.get(state.value, 0) + 1
        first = seen.setdefault((subject, period, said, alone), row)
        if first is not row:
            faults.append((field_, _twice(reading, first, row)))
    except ValueError as error:
        if isinstance(error, Doubtful) and not faults:
            own.pop("name", None) if len(own) > 1 else None
            waits = {"values": own | {"name": name}, "as_of": said, "period": period, "row": row.line}
            parsed.doubtful.append((error.meant, waits))
        faults.append((field_, error.args[0]))
    if not any(spoken.values()) and not titles.denied and not faults:
        faults.append(("", Text(zh="没有可导入的内容（补填或删去）", en="nothing to import (fill it in or drop it)")))
    if faults:
        parsed.refused += [reading.refusal(row, head, words) for head, words in faults]
        return
    parsed.remarks += [reading.refusal(row, head, words) for head, words in remarks]
    parsed.denied += [Denied(subject, kind, said, head, row) for head, kind in titles.denied]
    for of, values in spoken.items():
        if values:
            day, of_ = (min(said, period_end(of[1:])), "") if of.startswith(_AT) else (said, of or period)
            parsed.rows.append({"subject": subject, "values": values, "as_of": day, "period": of_, "row": row.line})


def _values(reading: _Reading, row: Row, faults: Faults, remarks: Faults) -> dict[str, dict[str, Any]]:
    """Values by the period that their column names; "" for what names none; of a state, by ``_AT`` and the period."""
    spoken: dict[str, dict[str, Any]] = {}
    unread = {head for head, _words in faults}
    shared = _shared(reading, row) if reading.table.layout.shared else frozenset()
    former = None
    for column, attribute in reading.cells:
        text = row.cells[column.header]
        if attribute.id == WHO:
            if told := _people(reading, row, column, text or "", faults):
                spoken.setdefault("", {})[WHO] = told
            continue
        if not text or column.header in unread or (attribute.id == "uscc" and code_state(text) is not CodeState.VALID):
            continue  # what kind of code it is, is judged with the subject
        if attribute.id == "name":
            text, former = name_of(_plain_name(text), column.header, remarks)
        elif attribute.id == "uscc":
            text = plain_code(text)
        elif text in _DITTO or (shared and column.header in shared and attribute.type in _FIGURES):
            faults.append((column.header, _DITTOED if text in _DITTO else _SHARED))
            continue
        elif attribute.type is AttributeType.MONEY:
            if text[0] in "(（" and _IN_BRACKETS.fullmatch(text):  # as accountants write it
                remarks.append((column.header, _negative(text)))
                text = f"-{text[1:-1]}"
            text = _UNIT_IN_BRACKETS.sub(r"\1", text)
            if (fault := reading.money.fault(column.header, text, row)) is not None:
                faults.append((column.header, fault))
                continue
        elif attribute.type is AttributeType.DATE:
            text, taken = day_text(text, reading.table.layout.epoch)
            remarks += [(column.header, taken)] if taken else []
        try:
            value = reading.words.parse(attribute, text, column.unit or None)
        except CellError as error:
            faults.append((column.header, error.message))
            continue
        if value is not None:
            value = mask_value(value) if column.personal == "mask" else value
            state = column.period and attribute.period is Period.STATE
            spoken.setdefault(f"{_AT}{column.period}" if state else column.period, {})[attribute.id] = value
    if former:
        own = spoken.setdefault("", {})
        own[FORMER] = [*(one for one in own.get(FORMER, ()) if one["type"] != former["type"]), former]
    if reading.parts:
        said = {target: (head, cell) for target, head in reading.parts.items() if (cell := row.cells[head])}
        faults += complete(spoken.get("", {}).get(LIST), said, reading.table.layout.epoch)
    return spoken


def _shared(reading: _Reading, row: Row) -> frozenset[str]:
    """The headers whose cell is merged with those of another firm's row."""
    shared = reading.table.layout.shared.get(row.line, frozenset())
    own = {head for head in (reading.heads.get("uscc"), reading.heads.get("name")) if head}
    return frozenset() if shared & own else shared


def _negative(text: str) -> Text:
    return Text(zh=f"“{text}”按会计写法读作负数", en=f"{text!r} read as a negative figure, as accountants write it")


def _people(reading: _Reading, row: Row, column: Column, text: str, faults: Faults) -> list[dict[str, Any]]:
    """The contacts of a row with what the columns beside say of them."""
    beside = {target: cell for target, head in reading.persons.items() if not says_none(cell := row.cells[head] or "")}
    text = "" if says_none(text) else text
    try:
        told = reading.words.parse(WHO, text) if text.startswith("[") or "|" in text else people(text, beside)
    except CellError as error:
        faults.append((column.header, error.message))
        return []
    masked: list[dict[str, Any]] = mask_value(told) if column.personal == "mask" else told
    return masked


def _plain_name(name: str) -> str:
    """A name without what lists set before and behind it: 其中：, a number, a star; on one line."""
    return one_line(_AROUND.sub("", name).strip() or name.strip())


def _twice(reading: _Reading, first: Row, row: Row) -> Text:
    apart = [
        column.header
        for column in reading.columns
        if column.kept and row.cells[column.header] and row.cells[column.header] != first.cells[column.header]
    ]
    if not apart:
        zh = f"与第 {first.line} 行同一主体同一期间，所说相同（删去一行）"
        return Text(zh=zh, en=f"same subject and period as row {first.line}, and it says the same (drop one)")
    heads = "、".join(apart)
    return Text(
        zh=f"与第 {first.line} 行同一主体同一期间，而{heads}不同；已取第 {first.line} 行（核对后只留一行）",
        en=f"same subject and period as row {first.line}, which was taken, but {heads} differ (check, and keep one)",
    )


def _entry(reading: _Reading, own: dict[str, Any]) -> tuple[str, ...]:
    """Where each row is a certificate a firm has several rows, one for each."""
    held = own.get(LIST) or ()
    return entry_key(held[0]) if reading.parts and len(held) == 1 else ()


def _when(reading: _Reading, row: Row, faults: Faults) -> tuple[dt.date, str]:
    as_of, period, special = reading.as_of, reading.period, reading.special
    if "as_of" in special and (text := row.cells[special["as_of"]]):
        try:
            as_of = dt.date.fromisoformat(day_text(text, reading.table.layout.epoch)[0].strip())
        except ValueError:
            words = Text(zh=f"“{text}”不是日期（写作 2026-03-01）", en=f"{text!r} is no date (write 2026-03-01)")
            faults.append((special["as_of"], words))
    if "period" in special and (text := row.cells[special["period"]]):
        try:
            period = period_of(text)
        except ValueError:
            words = Text(
                zh=f"“{text}”不是期间（写作 2025、2025Q3、2025-09 或 2025年1-9月）",
                en=f"{text!r} is no period (write 2025, 2025Q3, 2025-09 or 2025-01/09)",
            )
            faults.append((special["period"], words))
    return as_of, period
