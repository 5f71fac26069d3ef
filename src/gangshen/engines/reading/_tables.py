"""Tables of tasks (任务分工表) and of indicators, in rows of cells or with one cell a line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ._view import Paragraph

__all__ = ["Cell", "TaskRecord", "indicator_records", "row_cells", "task_records"]

_NUMBER = re.compile(r"^(?:序号|编号|No\.?|号)$")
_TITLE = re.compile(
    r"^(?:年度|重点|主要|具体|工作)?(?:任务|事项|举措|工程|项目)(?:名称|事项|任务)?$|^重点工作$|^(?:工作|改革|目标)任务$|^任务清单$|^措施$"
)
_CONTENT = re.compile(
    r"(?:工作|主要|具体|建设|任务|重点)?(?:内容|举措|措施|要求)$|^具体(?:任务|工作|事项)$|^任务目标$|^工作目标$"
)
_UNITS = re.compile(r"责任|负责|牵头|配合|协同|参与|承办|实施单位|主管|主办|协办|分工")
_DUE = re.compile(r"时限|时间|期限|节点|进度")
_INDICATOR = re.compile(r"^(?:主要|具体|核心|发展|评价)?指标(?:名称|内容)?$")
_YEAR = re.compile(r"^(?:到)?(20\d\d)年?(?P<word>（?[\u4e00-\u9fff]{0,6}）?)$")
_HEAD_WORDS = 9


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of a paragraph; ``index`` is the paragraph's."""

    para: Paragraph
    index: int
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.para.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Record:
    """One row with the name of each column; empty cells are left out."""

    cells: tuple[tuple[str, Cell], ...]

    def find(self, pattern: re.Pattern[str]) -> list[tuple[str, Cell]]:
        return [(name, cell) for name, cell in self.cells if pattern.search(name)]

    def at(self, name: str | None) -> Cell | None:
        return dict(self.cells).get(name) if name is not None else None

    def one(self, pattern: re.Pattern[str]) -> Cell | None:
        found = self.find(pattern)
        return found[0][1] if found else None


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A row of a table of tasks."""

    number: str
    title: Cell
    units: tuple[tuple[str, Cell], ...]
    inherited: bool  # the units stand in a merged cell above
    due: Cell | None
    section: str
    first: int
    last: int


def task_records(paras: list[Paragraph]) -> list[TaskRecord]:
    """The rows of all tables whose columns name tasks and responsible units."""
    out: list[TaskRecord] = []
    for records in _tables(paras, _is_task_head):
        columns = list(dict.fromkeys(name for record in records for name, _ in record.cells))
        titled = next((c for c in columns if _TITLE.search(c)), None)
        told = next((c for c in columns if c != titled and (_CONTENT.search(c) or _TITLE.search(c))), None)
        merged = told is not None and any(r.at(titled) is None for r in records)
        section, units, due = "", tuple[tuple[str, Cell], ...](), None
        for count, record in enumerate(records, 1):
            own, content = record.at(titled), record.at(told)
            section = own.text if own and merged else section
            title = (content or own) if merged else (own or content)
            if title is None or not re.search(r"[\u4e00-\u9fff]{2}", title.text):
                continue
            named = tuple(record.find(_UNITS))
            inherited = not named
            units = named or units
            due = record.one(_DUE) or (due if inherited else None)
            number = record.one(_NUMBER)
            places = [cell.index for _, cell in record.cells]
            out.append(
                TaskRecord(
                    number.text if number and not merged else str(count),
                    title,
                    units,
                    inherited,
                    due,
                    section,
                    min(places),
                    max(places),
                )
            )
    return out


def indicator_records(paras: list[Paragraph]) -> list[tuple[Cell, str, list[tuple[int, Cell]]]]:
    """(indicator, unit, [(year, value)]) of tables with an indicator column and columns of years to come."""
    out = []
    for records in _tables(paras, _is_indicator_head):
        for record in records:
            name = record.one(_INDICATOR)
            unit = record.one(re.compile(r"^(?:计量)?单位$"))
            years = [(int(hit[1]), hit["word"], cell) for column, cell in record.cells if (hit := _YEAR.match(column))]
            if name is None or not years:
                continue
            aimed = [(y, c) for y, word, c in years if re.search("目标|预期|规划|计划", word)]
            if not aimed:  # bare years: what is there now comes first
                bare = [(y, c) for y, word, c in years if not re.search("实际|现状|基期|基数|完成|年末", word)]
                aimed = bare[-1:] if len(bare) < 3 else bare[1:]
            out.append((name, unit.text if unit else "", aimed))
    return out


def _is_task_head(names: list[str]) -> bool:
    return (
        any(_TITLE.search(n) or _CONTENT.search(n) for n in names)
        and any(_UNITS.search(n) for n in names)
        and all(len(n) <= 14 for n in names)
    )


def _is_indicator_head(names: list[str]) -> bool:
    return any(_INDICATOR.search(n) for n in names) and any(_YEAR.match(n) for n in names)


def _tables(paras: list[Paragraph], is_head: Callable[[list[str]], bool]) -> Iterator[list[Record]]:
    index = 0
    while index < len(paras):
        if paras[index].row:
            rows = []
            while index < len(paras) and paras[index].row:
                rows.append(row_cells(paras[index], index))
                index += 1
            yield from _of_rows(rows, is_head)
        else:
            names, after = _head_of_lines(paras, index)
            if names and is_head(names):
                records, index = _of_lines(paras, names, after)
                yield records
            else:
                index += 1


def _of_rows(rows: list[list[Cell]], is_head: Callable[[list[str]], bool]) -> Iterator[list[Record]]:
    names: list[str] = []
    records: list[Record] = []
    for row in rows:
        printed = ["".join(c.text.split()) for c in row]
        if is_head([p for p in printed if p]):
            if records:
                yield records
            names, records = printed, []
        elif names and not all(re.fullmatch(r"[-: ]*", p) for p in printed):
            named = [(n, c) for n, c in zip(names, row, strict=False) if c.end > c.start]
            records.append(Record(tuple(named)))
    if records:
        yield records


def row_cells(para: Paragraph, index: int = 0) -> list[Cell]:
    """The cells of a row; tabs and bars of the source part them."""
    cuts = [i for i, offset in enumerate(para.offsets) if para.source[offset] in "\t|"]
    edges = [-1, *cuts, len(para.text)]
    cells = []
    for a, b in itertools.pairwise(edges):
        start, end = a + 1, b
        while start < end and para.text[start] == " ":
            start += 1
        while end > start and para.text[end - 1] == " ":
            end -= 1
        cells.append(Cell(para, index, start, end))
    if cells and para.source[para.offsets[0]] == "|":
        cells = cells[1:]
    return cells


def _head_of_lines(paras: list[Paragraph], index: int) -> tuple[list[str], int]:
    """序号, 任务, 责任单位, each in a line of its own."""
    names: list[str] = []
    if not _NUMBER.match(paras[index].text):
        return [], index
    while index < len(paras) and len(names) < _HEAD_WORDS:
        text = paras[index].text
        known = (_NUMBER, _TITLE, _CONTENT, _UNITS, _DUE, re.compile("^备注$|类别|领域|成果|^单位$"))
        if len(text) > 10 or not any(p.search(text) for p in known):
            break
        names.append(text)
        index += 1
    return names, index


def _of_lines(paras: list[Paragraph], names: list[str], index: int) -> tuple[list[Record], int]:
    """Rows that begin with 1, 2, 3 …; where a row has more lines than columns, the longest column has them."""
    records: list[Record] = []
    while index < len(paras) and paras[index].text == str(len(records) + 1):
        lines = [index]
        index += 1
        following = str(len(records) + 2)
        while index < len(paras) and paras[index].text != following and len(lines) < 3 * len(names):
            if len(lines) >= len(names) and not _more(paras, index, following):
                break
            lines.append(index)
            index += 1
        extra = len(lines) - len(names)
        wide = next((i for i, n in enumerate(names) if _CONTENT.search(n)), 1)
        chosen = lines if extra <= 0 else [*lines[: wide + 1], *lines[wide + 1 + extra :]]
        cells = [Cell(paras[i], i, 0, len(paras[i].text)) for i in chosen]
        records.append(Record(tuple(zip(names, cells, strict=False))))
    return records, index


def _more(paras: list[Paragraph], index: int, following: str) -> bool:
    """The next number is still to come soon."""
    return any(p.text == following for p in paras[index : index + 6])
