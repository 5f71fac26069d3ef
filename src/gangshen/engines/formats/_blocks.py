"""Several firms on one sheet of labels and values: forms one under another, and tables with a firm in each column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ._forms import Form, column_letters, read_form, rows_of, told_unit
from ._grid import Grid
from ._heads import BODY, FIGURE, Known, plain_word
from ._table import fail

__all__ = ["sheet_forms"]

_FEWEST = 4  # known labels
_ALIKE = 0.8  # of the labels of two forms
_CODE = re.compile(r"[0-9A-HJ-NP-RT-UW-Y]{18}|\d{15}")
_ASIDE = re.compile(r"(?:合计|总计|小计|平均|备注|说明|单位|计量单位)\S{0,6}")
_NAME = "企业名称"
_PERIOD = re.compile(r"(?:19|20)\d\d\s*年?\S{0,6}|(?:本|上|前|去|今)年\S{0,3}")


def sheet_forms(name: str, grid: Grid, known: Known, most: int) -> list[Form]:
    """Each firm of a sheet of forms; none where it is no such sheet. Only sheets whose first ``most`` rows are a form are read on."""
    head = replace(grid, rows=grid.rows[:most])
    form = read_form(head, known)
    if form is None:
        return _columns(name, head, known) if len(grid.rows) < most else []
    starts = _starts(grid, known)
    if len(starts) > 1:
        blocks = [read_form(part, known) for part in _cut(grid, starts)]
        told = [block for block in blocks if block is not None]
        if len(told) == len(blocks) and all(_alike(told[0], one) for one in told[1:]):
            for block in told:
                lines = [line for line, cells in block.grid.rows if any(cells)]
                block.spot = f"{lines[0]}:{lines[-1]}"
            return told
    return [form] if len(grid.rows) < most or len(starts) > 1 else []


def _starts(grid: Grid, known: Known) -> list[int]:
    """The lines on which the sheet's first known label stands in its column."""
    first: tuple[str, int] | None = None
    lines = []
    for cells in rows_of(grid):
        for cell in cells:
            if first is None and known((cell.word,)):
                first = (cell.word, cell.left)
            if first == (cell.word, cell.left):
                lines.append(cell.line)
    return lines


def _cut(grid: Grid, starts: Sequence[int]) -> Iterator[Grid]:
    """The rows of each form, with as many lines of title above its first label as the first form has."""
    filled = [line for line, cells in grid.rows if any(cells)]
    above = filled.index(starts[0])
    begins = [filled[max(0, filled.index(start) - above)] for start in starts]
    for at, begin in enumerate(begins):
        end = begins[at + 1] if at + 1 < len(begins) else filled[-1] + 1
        yield replace(grid, rows=[(line, cells) for line, cells in grid.rows if begin <= line < end])


def _alike(one: Form, other: Form) -> bool:
    ours, theirs = ({parts[0] for parts in form.parts.values()} for form in (one, other))
    return len(ours & theirs) >= _ALIKE * len(ours | theirs)


def _columns(name: str, grid: Grid, known: Known) -> list[Form]:
    """A firm in each column: labels in one column, to its right nothing but values, in one row a code each."""
    at = {line: cells for line, cells in grid.rows if any(cells)}
    width = max((len(cells) for cells in at.values()), default=0)
    named = {column: [line for line, cells in at.items() if _label(cells, column, known)] for column in range(width)}
    labels = max(named, key=lambda column: (len(named[column]), -column), default=-1)
    if labels < 0 or len(named[labels]) < _FEWEST or sum(map(len, named.values())) > len(named[labels]):
        return []
    lines = [line for line in at if line >= named[labels][0] and plain_word(_cell(at[line], labels))]
    if len(named[labels]) * 2 < len(lines):
        return []
    above = [line for line in at if line < lines[0]]
    right = [column for column in range(labels + 1, width) if any(_cell(at[line], column) for line in lines)]
    units = [column for column in right if all(told_unit(text) for line in lines if (text := _cell(at[line], column)))]
    aside = {
        column for column in right for line in (*above[-1:], lines[0]) if _ASIDE.fullmatch(_cell(at[line], column))
    }
    firms = [column for column in right if column not in units and column not in aside]
    if len(firms) < 2:
        return []
    if not any(all(_is_code(_cell(at[line], column)) for column in firms) for line in lines):
        zh = "像是一列一家企业的横排表，但没有一行给每家写出统一社会信用代码（补上该行，或转置成一行一家）"
        en = "it seems a table with a firm in each column, but no row gives each its code (add that row, or turn the table so that each firm has a row)"
        return [Form(grid, unsure=fail(name, lines[0], grid.name, zh, en), known=len(named[labels]))]
    words = {line: plain_word(_cell(at[line], labels)) or f"第 {line} 行" for line in lines}
    if above and (heads := [_cell(at[above[-1]], column) for column in firms]) and all(heads):
        corner = plain_word(_cell(at[above[-1]], labels)) or f"第 {above[-1]} 行"  # 指标 | 甲公司 | 乙公司
        names = all(map(BODY.search, heads)) and not any(word.endswith("名称") for word in words.values())
        words = {above[-1]: _NAME if names and known((_NAME,)) and not known((corner,)) else corner} | words
    periods = _periods(grid, at, labels)
    return [_firm(name, grid, at, words, column, units, periods, known) for column in firms]


def _firm(
    name: str, grid: Grid, at: dict[int, list[str | None]], words: dict[int, str], column: int,
    units: Sequence[int], periods: dict[int, str], known: Known,
) -> Form:  # fmt: skip
    form = Form(grid, spot=f"{column_letters(column + 1)}:{column_letters(column + 1)}")
    for line, word in words.items():
        parts = (periods[line], word) if line in periods else (word,)
        header = "·".join(parts)
        if header in form.values:
            zh, en = f"“{header}”写了两行（改名或删去一行）", f"{header!r} stands in two rows (rename or drop one)"
            form.unsure = form.unsure or fail(name, line, grid.name, zh, en)
        text = _cell(at[line], column) or None
        unit = next((unit for one in units if (unit := told_unit(_cell(at[line], one)))), "")
        form.known += known(parts)
        form.parts[header] = parts
        form.values[header] = f"{text}{unit}" if text and unit and FIGURE.fullmatch(text) else text
        form.cells[header] = f"{column_letters(column + 1)}{line}"
        if (line, column + 1) in grid.unread:
            form.unread.append(header)
    return form


def _periods(grid: Grid, at: dict[int, list[str | None]], labels: int) -> dict[int, str]:
    """Line → year, where a cell merged downwards to the left of the labels says it."""
    told: dict[int, str] = {}
    for top, left, bottom, right in grid.merged:
        text = plain_word(_cell(at.get(top, []), left - 1))
        if right <= labels and bottom > top and _PERIOD.fullmatch(text):
            told |= dict.fromkeys(range(top, bottom + 1), text)
    return told


def _label(cells: Sequence[str | None], column: int, known: Known) -> bool:
    word = plain_word(_cell(cells, column))
    return bool(word) and known((word,))


def _cell(cells: Sequence[str | None], column: int) -> str:
    return (cells[column] if column < len(cells) else None) or ""


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()) is not None
