"""Forms: one subject a sheet, labels with their values to the right, in two or more pairs of columns, some cells merged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ._grid import Grid
from ._problem import FormatError
from ._table import Layout, Row, Table, fail
from ._text import Text

__all__ = ["JOINT", "Form", "column_letters", "forms_table", "read_form", "rows_of", "told_unit"]

JOINT = "·"
"""Between the parts of a header that stands in two rows: 营业收入·2025年."""
_FEWEST, _LINES = 4, 3  # known labels, and rows they stand in, that make a form
_LONGEST = 30  # characters of a label
_YEAR = re.compile(r"(?:19|20)\d\d\s*年?(?:度|末|底)?|(?:本|上|前|去|今)年度?")
_UNIT = re.compile(r"(?:百|千)?万元|亿元|千元|元|人|%|个|件|项|㎡|m²|平方米|亩|家|台")
_INLINE = re.compile(r"([^:：]{2,20})[:：]\s*(\S.*)", re.DOTALL)
_FIGURE = re.compile(r"[-+]?[\d,.]+%?|\d{4}[-年]\d{1,2}.*|[0-9A-Z]{15,18}")
Known = Callable[[tuple[str, ...]], bool]


@dataclass(slots=True)
class _Cell:
    """A cell with words: where it begins and, merged or not, where it ends."""

    line: int
    left: int
    right: int
    bottom: int
    text: str

    @property
    def word(self) -> str:
        return re.sub(r"\s+", "", self.text).strip("*＊:：")


@dataclass(slots=True)
class Form:
    """``values`` and ``cells`` (as B5) by header; ``known``: how many of its labels are known; ``unread``: headers of
    formulas without a value; ``spot``: the rows or the column of a form that shares its sheet; ``again``: known labels that
    stand once more with another value; ``unsure``: why it cannot be read."""

    grid: Grid
    values: dict[str, str | None] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    known: int = 0
    spot: str = ""
    again: list[str] = field(default_factory=list)
    unsure: FormatError | None = None

    def refuse_unsure(self, name: str) -> None:
        """Raise where it cannot be read surely, or seems to be the forms of several firms, which cannot be told apart."""
        if self.unsure is not None:
            raise self.unsure
        if len(self.again) > 1:
            heads = "、".join(self.again[:3])
            zh = f"{heads} 各写了不止一次而内容不同，像是几家企业的登记表在一张工作表里（每家另放一张工作表，或改成一行一家）"
            en = f"{heads}: each stands there more than once and says different things, as if the forms of several firms shared this sheet (give each a sheet, or a row)"
            raise fail(name, None, self.grid.name, zh, en)


def read_form(grid: Grid, known: Known) -> Form | None:
    """The form on a sheet, None where it isn't one: its known labels stand in several rows, each with its value beside it."""
    form, lines, wide = Form(grid), set(), 0
    years: dict[int, str] = {}
    for cells in rows_of(grid):
        found = _years(cells)
        if found:
            years = found
            continue
        pairs = list(_pairs(cells, years, known))
        dated = any(len(parts) > 1 for parts, _label, _value in pairs)
        years = years if dated else {}
        for parts, label, value in pairs:
            if known(parts):
                lines.add(label.line)
            _keep(form, parts, label, value, known)
        if not dated:
            wide += _goes_on(cells, sum(known(parts) for parts, _label, _value in pairs))
    if form.known < _FEWEST or len(lines) < _LINES or wide * 2 > len(lines):
        return None
    return form


def rows_of(grid: Grid) -> Iterator[list[_Cell]]:
    ends = {(top, left): (bottom, right) for top, left, bottom, right in grid.merged}
    for line, cells in grid.rows:
        told = []
        for left, text in enumerate(cells, 1):
            if text:
                bottom, right = ends.get((line, left), (line, left))
                told.append(_Cell(line, left, right, bottom, text))
        if told:
            yield told


def _years(cells: Sequence[_Cell]) -> dict[int, str]:
    """Column → year, of a row that heads figures of several years."""
    named = {cell.left: cell.word for cell in cells if _YEAR.fullmatch(cell.word)}
    return named if len(named) > 1 and len(cells) - len(named) <= 1 else {}


def _pairs(
    cells: Sequence[_Cell], years: dict[int, str], known: Known
) -> Iterator[tuple[tuple[str, ...], _Cell, _Cell | None]]:
    """(label by its parts, label, value); a value is what stands next to its label, with a unit behind it."""
    if years and known((cells[0].word,)) and any(cell.left in years for cell in cells[1:]):
        for cell in cells[1:]:
            if cell.left in years:
                yield (cells[0].word, years[cell.left]), cells[0], cell
        return
    at = 0
    while at < len(cells):
        cell, after = cells[at], cells[at + 1] if at + 1 < len(cells) else None
        beside = after if after is not None and after.left == cell.right + 1 else None
        at += 1
        if (said := _INLINE.fullmatch(cell.text)) and known((re.sub(r"\s+", "", said[1]),)):
            held = _Cell(cell.line, cell.left, cell.right, cell.bottom, said[2].strip())
            yield (re.sub(r"\s+", "", said[1]),), cell, held
        elif beside is not None and cell.bottom > cell.line and beside.bottom < cell.bottom:
            continue  # heads the labels beside it
        elif known((cell.word,)) or (beside is not None and _labels(cell)):
            if beside is not None:
                at += 1
                unit = cells[at] if at < len(cells) and cells[at].left == beside.right + 1 else None
                if unit is not None and _UNIT.fullmatch(unit.word) and _FIGURE.fullmatch(beside.text):
                    beside = _Cell(beside.line, beside.left, beside.right, beside.bottom, f"{beside.text}{unit.word}")
                    at += 1
            yield (cell.word,), cell, beside


def _labels(cell: _Cell) -> bool:
    return len(cell.word) <= _LONGEST and not _FIGURE.fullmatch(cell.text)


def _goes_on(cells: Sequence[_Cell], labels: int) -> bool:
    """Do further values stand beside the one of the row's label, as where each column is a firm?"""
    return labels == 1 and len(cells) > 2 and not (len(cells) == 3 and _UNIT.fullmatch(cells[2].word))


def _keep(form: Form, parts: tuple[str, ...], label: _Cell, value: _Cell | None, known: Known) -> None:
    header = JOINT.join(parts)
    if said := form.values.get(header):
        if known(parts) and header not in form.again and value is not None and value.text != said:
            form.again.append(header)
        return
    if header not in form.values:
        form.known += known(parts)
    form.parts[header] = parts
    form.values[header] = value.text if value is not None else None
    at = value or _Cell(label.line, label.right + 1, label.right + 1, label.line, "")
    form.cells[header] = f"{column_letters(at.left)}{at.line}"
    if (at.line, at.left) in form.grid.unread:
        form.unread.append(header)


def told_unit(text: str) -> str:
    """The unit that a cell consists of; empty for anything else."""
    return text.strip() if _UNIT.fullmatch(text.strip()) else ""


def column_letters(at: int) -> str:
    """1 → A, 28 → AB."""
    letters = ""
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def forms_table(name: str, forms: Sequence[Form], sheets: tuple[str, ...], units: Iterable[str]) -> Table:
    """A row for each form; its line is the number of its sheet, or where some share one, its own. ``units``: what the sheets
    note of all amounts."""
    headers = tuple(dict.fromkeys(header for form in forms for header in form.values))
    rows, places, faults, skipped = [], {}, {}, []
    shared = any(form.spot for form in forms)
    for number, form in enumerate(forms, 1):
        line = number if shared else sheets.index(form.grid.name) + 1
        named = "!".join(filter(None, (form.grid.name, form.spot)))
        if not any(form.values.values()):
            skipped.append((line, Text(zh=f"空白表：{named}", en=f"an empty form: {named}")))
            continue
        rows.append(Row(line, {header: form.values.get(header) for header in headers}))
        sheet = f"{form.grid.name}!" if form.grid.name else ""
        places[line] = {"": named or name} | {header: f"{sheet}{cell}" for header, cell in form.cells.items()}
        if form.unread:
            faults[line] = tuple((header, _unread(places[line][header])) for header in form.unread)
    noted = set(units)
    layout = Layout(
        sheet=forms[0].grid.name if len({form.grid.name for form in forms}) == 1 else "",
        sheets=sheets,
        header_lines=(),
        parts={header: form.parts[header] for form in forms for header in form.parts if len(form.parts[header]) > 1},
        unit=noted.pop() if len(noted) == 1 else "",
        title=_title(forms[0]),
        skipped=tuple(skipped),
        faults=faults,
        epoch=forms[0].grid.epoch,
        places=places,
    )
    return Table(name, headers, tuple(rows), forms[0].grid.form, layout)


def _title(form: Form) -> str:
    """What stands alone in the first row."""
    first = next(rows_of(form.grid))
    return first[0].text[:200] if len(first) == 1 else ""


def _unread(place: str) -> Text:
    return Text(
        zh=f"单元格 {place} 是公式，没有可用的结果（在 Excel 中重算并保存，或粘贴为数值）",
        en=f"cell {place} is a formula without a usable result (recalculate and save, or paste its value)",
    )
