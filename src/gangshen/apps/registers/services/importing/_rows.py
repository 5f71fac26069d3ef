"""Rows of a file as statements about subjects; a row with a fault is refused whole and goes back to its sender."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers.services._codes import CodeState, code_state, plain_code
from gangshen.apps.registers.services._law import period_end
from gangshen.apps.registers.services._vocabulary import attributes, vocabulary
from gangshen.engines.formats import Row, Table, Text
from gangshen.engines.vocabulary import Attribute, AttributeType, CellError, Vocabulary

from ._mapping import Column

__all__ = ["Parsed", "Refusal", "parse_rows"]

_UNIT_IN_BRACKETS = re.compile(r"[(（]\s*([^()（）]+?)\s*[)）]$")
_YEAR = re.compile(r"(\d{4})\s*年?(?:度)?")


@dataclass(frozen=True, slots=True)
class Refusal:
    """``file:line:field: message``; ``row`` is the whole row, for the quarantine file."""

    file: str
    line: int
    field: str
    message: Text
    row: Row

    def __str__(self) -> str:
        words = self.message.in_language(get_language() or "zh-hans")
        return ":".join(part for part in (self.file, str(self.line), self.field) if part) + f": {words}"


@dataclass(slots=True)
class Parsed:
    """``rows`` as ``stage`` takes them; ``refused`` by row, each with all its faults; code states counted."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)

    @property
    def refused_rows(self) -> int:
        return len({one.line for one in self.refused})


class _Subjects:
    """Whose row it is: by key, by code, or by a name that exactly one enterprise has."""

    def __init__(self, entity: str) -> None:
        self.entity = entity
        self.keys: set[str] = set()
        self.by_code: dict[str, str] = {}
        self.by_name: dict[str, str | None] = {}
        if entity == "enterprise":
            for key, code, name in Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE).values_list(
                "key", "code", "name"
            ):
                self.keys.add(key)
                self.by_code[code or key] = key
                self.by_name[name] = None if name in self.by_name else key

    def find(self, key: str, code: str, name: str) -> tuple[str, CodeState]:
        """The subject's key; ValueError with a Text says why there is none."""
        state = code_state(code)
        if key:
            return key, state
        if self.entity != "enterprise":
            raise ValueError(Text(zh="缺少主体编号（加 key 列）", en="no key (add a column key)"))
        plain = plain_code(code)
        if state is CodeState.WRONG:
            zh = f"统一社会信用代码“{code}”校验不符（核对 18 位）"
            raise ValueError(Text(zh=zh, en=f"code {code!r} is wrong by its check digit (check its 18 characters)"))
        if state in (CodeState.VALID, CodeState.LEGACY):
            return self.by_code.get(plain, plain), state
        found = self.by_name.get(name) if name else None
        if found is None:
            zh = f"无可用代码，且库中没有唯一名为“{name}”的企业（补代码）" if name else "既无代码也无名称（补代码）"
            en = (
                f"no usable code and no one enterprise of the name {name!r} (add the code)"
                if name
                else "neither code nor name (add the code)"
            )
            raise ValueError(Text(zh=zh, en=en))
        return found, state


def parse_rows(table: Table, columns: list[Column], entity: str, *, as_of: dt.date, period: str = "") -> Parsed:
    """Every row of ``table`` as a statement of ``as_of`` and ``period`` unless its own columns say otherwise."""
    words, known = vocabulary(), attributes(entity)
    subjects = _Subjects(entity)
    special = {column.target: column.header for column in columns if column.target in ("key", "as_of", "period")}
    cells = [(column, known[column.target]) for column in columns if column.target in known]
    by_id = {attribute.id: column.header for column, attribute in cells}
    parsed, seen = Parsed(), {}
    for row in table:
        faults: list[tuple[str, Text]] = []
        values = _values(row, cells, words, faults)
        said, spoken = _when(row, special, as_of, period, faults)
        try:
            subject, state = subjects.find(
                (row.cells[special["key"]] if "key" in special else None) or "",
                (row.cells[by_id["uscc"]] if "uscc" in by_id else None) or "",
                values.get("name") or "",
            )
            parsed.codes[state.value] = parsed.codes.get(state.value, 0) + 1
            first = seen.setdefault((subject, spoken, said), row.line)
            if first != row.line:
                zh, en = (
                    f"与第 {first} 行同一主体同一期间（删去一行）",
                    f"same subject and period as row {first} (drop one)",
                )
                faults.append((by_id.get("uscc", ""), Text(zh=zh, en=en)))
        except ValueError as error:
            faults.append((by_id.get("uscc", ""), error.args[0]))
            subject = ""
        if not values and not faults:
            faults.append(
                ("", Text(zh="没有可导入的内容（补填或删去）", en="nothing to import (fill it in or drop it)"))
            )
        if faults:
            parsed.refused += [Refusal(table.name, row.line, name, words_, row) for name, words_ in faults]
        else:
            parsed.rows.append({"subject": subject, "values": values, "as_of": said, "period": spoken, "row": row.line})
    return parsed


def _values(
    row: Row, cells: list[tuple[Column, Attribute]], words: Vocabulary, faults: list[tuple[str, Text]]
) -> dict[str, Any]:
    values = {}
    for column, attribute in cells:
        text = row.cells[column.header]
        if not text or (attribute.id == "uscc" and code_state(text) is not CodeState.VALID):
            continue  # what kind of code it is, is judged with the subject
        if attribute.type is AttributeType.MONEY:
            text = _UNIT_IN_BRACKETS.sub(r"\1", text)
        try:
            value = words.parse(attribute, text, column.unit or None)
        except CellError as error:
            faults.append((column.header, error.message))
            continue
        if value is not None:
            values[attribute.id] = value
    return values


def _when(
    row: Row, special: dict[str, str], as_of: dt.date, period: str, faults: list[tuple[str, Text]]
) -> tuple[dt.date, str]:
    if "as_of" in special and (text := row.cells[special["as_of"]]):
        try:
            as_of = dt.date.fromisoformat(text.strip().replace("/", "-").replace(".", "-"))
        except ValueError:
            faults.append(
                (
                    special["as_of"],
                    Text(zh=f"“{text}”不是日期（写作 2026-03-01）", en=f"{text!r} is no date (write 2026-03-01)"),
                )
            )
    if "period" in special and (text := row.cells[special["period"]]):
        year = _YEAR.fullmatch(text.strip())
        period = year[1] if year else text.strip().upper()
        try:
            period_end(period)
        except ValueError:
            faults.append(
                (
                    special["period"],
                    Text(
                        zh=f"“{text}”不是期间（写作 2025、2025Q3 或 2025-09）",
                        en=f"{text!r} is no period (write 2025, 2025Q3 or 2025-09)",
                    ),
                )
            )
    return as_of, period
