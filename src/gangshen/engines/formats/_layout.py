"""Tables as people lay them out: titles above, one to three rows of headers, merged cells, notes and totals below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ._blocks import sheet_forms
from ._forms import JOINT, column_letters, forms_table
from ._grid import Grid, read_grids
from ._heads import BODY, Heads, Known, find_heads
from ._problem import FormatError, Problem
from ._stacked import Others, refuse_beside
from ._table import Layout, Row, Table, fail
from ._text import Text

__all__ = ["JOINT", "find_table"]

_TELLING = 2  # known headers of a table that make what only seems a sheet of forms none
_PEEK = 150  # rows of each sheet that are read to find the one that is meant, and forms whole
_UNIT = re.compile(
    r"单位\s*[:：]\s*(?:人民币)?\s*((?:百|千)?万元|亿元|千元|元|[百千]?[万亿]?(?:美元|欧元|港元|港币|日元|英镑))"
)
_OTHER_MONEY = re.compile(r"美元|欧元|港[元币]|日元|英镑|外币")
_TOTAL = re.compile(r"\S{0,10}[合总共小]\s*计\s*(?:[(（][^()（）]*[)）])?\s*[:：]?|(?:sub)?total:?", re.IGNORECASE)
_GROUP = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}(?:[)）]|[、.．])\D*")
_NOTE = re.compile(
    r"(?:注|备注|附注|说明|填表说明|数据来源|资料来源|来源|制表|填表|填报|审核|复核|单位负责人|统计负责人|联系人|报出日期|note|source)"
    r"[^:：]{0,8}[:：]",
    re.IGNORECASE,
)
_ANNEX = re.compile(r"附[件表录]?\s*[\d一二三四五六七八九十-]*\s*[:：]?")
_REPEATED = Text(zh="重复的表头", en="the headers once more")
_YEAR = re.compile(r"[(（]?((?:19|20)\d\d)\s*年?(?:度)?[)）]?")
_ORDINALS = "甲乙丙丁戊己庚辛"
_AT_ALL: Known = lambda parts: False  # noqa: E731


def find_table(
    data: bytes, *, name: str, sheet: str | None = None, header_lines: tuple[int, ...] = (), known: Known = _AT_ALL
) -> Table:
    """The table in a file of any layout; ``table.layout`` says where it was found and what was passed over.

    ``known`` says of a header, given by its parts from top to bottom, whether it is a word of the vocabulary: the rows with
    most of such words are the headers, and the sheet with most of them is read, unless ``sheet`` and ``header_lines`` name
    them. Where sheets are forms of one subject each, each is a row (:mod:`._forms`). Raises :class:`FormatError` for an unreadable, empty or huge file, a sheet or row that isn't there, and headers
    that stand twice.
    """
    grids, sheets = read_grids(data, name, sheet, _PEEK)
    if not header_lines and (forms := _forms(data, name, grids, sheets, known)) is not None:
        return forms
    if len(grids) == 1:
        grid = grids[0]
    else:
        shown = [grid for grid in grids if not grid.hidden and grid.rows] or grids
        most = max(shown, key=lambda one: find_heads(one, header_lines, known).known if one.rows else -1)
        grid = read_grids(data, name, most.name, _PEEK)[0][0]
    if not any(any(cells) for _line, cells in grid.rows):
        raise fail(name, None, grid.name, "文件为空（首行写表头）", "file is empty (put headers in its first row)")
    return _table(name, find_heads(grid, header_lines, known, name), sheets, known, asked=bool(header_lines))


def _forms(data: bytes, name: str, grids: list[Grid], sheets: tuple[str, ...], known: Known) -> Table | None:
    """The forms of a file, one firm each; None where a table tells more."""
    shown = [grid for grid in grids if not grid.hidden and any(any(cells) for _line, cells in grid.rows)]
    whole = len(grids) == 1
    forms = []
    for grid in shown:
        found = sheet_forms(name, grid, known, _PEEK)
        if len(found) > 1 and not whole and len(grid.rows) >= _PEEK:
            found = sheet_forms(name, read_grids(data, name, grid.name, _PEEK)[0][0], known, _PEEK)
        forms += found
    if not forms:
        return None
    tables = max(find_heads(grid, (), known).known for grid in shown)
    if tables >= _TELLING:
        forms = [form for form in forms if form.unsure is None]
    if max((form.known for form in forms), default=0) <= tables:
        return None
    for form in forms:
        form.refuse_unsure(name)
    notes = (_noted(form.grid) for form in forms)
    return forms_table(name, forms, sheets, filter(None, notes))


def _noted(grid: Grid) -> str:
    cells = (text for _line, cells in grid.rows for text in cells if text)
    return next((_unit(hit) for text in cells if (hit := _UNIT.search(text))), "")


def _table(name: str, found: Heads, sheets: tuple[str, ...], known: Known, *, asked: bool) -> Table:
    """``asked``: its headers were named, so that another table below is left for another time and not a fault."""
    grid, first, last = found.grid, found.lines[0], found.lines[-1]
    refuse_beside(name, found, known)
    others = Others(name, found, known)
    if (end := others.next_table()) is not None:
        if not asked:
            raise others.refused(end)
        found.skipped.append(
            (
                end,
                Text(
                    zh=f"另一张表从这里开始，未读（表头行写 {end}，另行导入）",
                    en=f"another table begins here and is not read (import it by itself: headers in row {end})",
                ),
            )
        )
        grid.rows = others.rows_before(end)
    merged = _fill_down(grid, last)
    headers = _named(name, found, last)
    above = [cell for line, cells in grid.rows if line < first for cell in cells if cell]
    faults: dict[int, tuple[tuple[str, Text], ...]] = {}
    rows = list(_data(found, headers, faults, others.repeated))
    _refuse_years(name, found)
    unit = _noted_unit(name, found, rows[-1].line if rows else last)
    parts = {header: part for header, part in zip(headers, found.parts, strict=True) if header and len(part) > 1}
    kept = tuple(header for header in headers if header)
    layout = Layout(
        sheet=grid.name,
        sheets=sheets,
        header_lines=found.lines,
        parts=parts,
        unit=unit,
        title=next((cell for cell in above if not _ANNEX.fullmatch(cell)), "")[:200],
        skipped=tuple(found.skipped),
        faults=faults,
        epoch=grid.epoch,
        shared={line: frozenset(headers[at] for at in places if at < len(headers)) for line, places in merged.items()},
    )
    return Table(name, kept, tuple(rows), grid.form, layout)


def _refuse_years(name: str, found: Heads) -> None:
    """Raise where headings of groups are years: a row would lose the one that it is of."""
    aside = {line for line, _why in found.skipped}
    years = {
        line: said[1]
        for line, cells in found.grid.rows
        if line in aside and (said := _YEAR.fullmatch("".join(filter(None, cells))))
    }
    if len(set(years.values())) > 1:
        zh = f"分组行写着年份（{'、'.join(years.values())}），各行属于哪一年读不出来（加一列“年份”，逐行写明）"
        en = f"headings of groups are years ({', '.join(years.values())}), and what year a row is of cannot be read (add a column 年份 that says it in every row)"
        raise fail(name, next(iter(years)), "", zh, en)


def _noted_unit(name: str, found: Heads, last: int) -> str:
    """The unit of all amounts, said above the headers, in them or below; empty where notes contradict one another."""
    first, aside = found.lines[0], {line for line, _why in found.skipped}
    told = [
        (line, _unit(hit))
        for line, cells in found.grid.rows
        if line <= found.lines[-1] or line in aside
        for text in cells
        if text and (hit := _UNIT.search(text))
    ]
    outside = [one for one in told if one[0] < first or one[0] in aside]
    units = dict.fromkeys(unit for _line, unit in outside or told[:1])
    if len(units) > 1 and (
        between := next((line for line, unit in outside if first < line < last and unit != outside[0][1]), 0)
    ):
        zh = f"金额单位从这里起与第 {outside[0][0]} 行的不同（分成两个文件，或换算成一个单位）"
        en = f"from here the unit of amounts is another than in row {outside[0][0]} (split the file, or convert them to one unit)"
        raise fail(name, between, "", zh, en)
    return next(iter(units)) if len(units) == 1 else ""


def _unit(note: re.Match[str]) -> str:
    """The unit that a note states; empty where it names yuan and another money, so that it must be asked."""
    mixed = not _OTHER_MONEY.search(note[1]) and _OTHER_MONEY.search(note.string, note.end())
    return "" if mixed else note[1]


def _fill_down(grid: Grid, last: int) -> dict[int, set[int]]:
    """What is merged over several rows of data holds for each of them; line → columns that are merged so."""
    merged: dict[int, set[int]] = {}
    at = dict(grid.rows)
    for top, left, bottom, _right in grid.merged:
        value = at.get(top, [])[left - 1 : left] if top > last and bottom > top else []
        if value and value[0]:
            for line in range(top, bottom + 1):
                cells = at.get(line)
                if cells is not None:
                    cells.extend([None] * (left - len(cells)))
                    cells[left - 1] = cells[left - 1] or value[0]
                    merged.setdefault(line, set()).add(left - 1)
    return merged


def _named(name: str, found: Heads, last: int) -> list[str]:
    """A name for every column; empty for one without header and cells, ``第 N 列`` for one with cells only."""
    used = {at for line, cells in found.grid.rows if line > last for at, cell in enumerate(cells) if cell}
    headers = [
        JOINT.join(parts) if parts else f"第 {at + 1} 列" if at in used else "" for at, parts in enumerate(found.parts)
    ]
    problems = [
        Problem(
            name,
            last,
            header,
            Text(zh="表头重复（把列名改成不同的，不要的列删去）", en="header given twice (rename one, or drop it)"),
        )
        for header, times in Counter(header for header in headers if header).items()
        if times > 1
    ]
    if problems:
        raise FormatError(problems)
    return headers


def _data(
    found: Heads, headers: Sequence[str], faults: dict[int, tuple[tuple[str, Text], ...]], repeated: set[int]
) -> Iterator[Row]:
    grid, width, first = found.grid, len(headers), True
    asides = {top for top, left, _bottom, right in grid.merged if (right - left + 1) * 2 >= width > 1}
    for line, cells in grid.rows:
        if line <= found.lines[-1] or not any(cells):
            continue
        why = _REPEATED if line in repeated else _aside(cells, headers, first=first, across=line in asides)
        first = False
        if why is not None:
            found.skipped.append((line, why))
            continue
        wrong = [
            (headers[at - 1], _unread(line, at))
            for at in range(1, width + 1)
            if (line, at) in grid.unread and headers[at - 1]
        ]
        if any(cells[width:]):
            count = max(at for at, cell in enumerate(cells, 1) if cell)
            zh, en = (
                f"有 {count} 格而表头只有 {width} 列（检查分隔符与引号）",
                f"has {count} cells under {width} headers (check separators and quotes)",
            )
            wrong.append(("", Text(zh=zh, en=en)))
        if wrong:
            faults[line] = tuple(wrong)
        cells = [*cells[:width], *[None] * (width - len(cells))]
        yield Row(line, {header: cell for header, cell in zip(headers, cells, strict=True) if header})


def _unread(line: int, at: int) -> Text:
    letters = column_letters(at)
    return Text(
        zh=f"单元格 {letters}{line} 是公式，没有可用的结果（在 Excel 中重算并保存，或粘贴为数值）",
        en=f"cell {letters}{line} is a formula without a usable result (recalculate and save, or paste its value)",
    )


def _aside(cells: Sequence[str | None], headers: Sequence[str], *, first: bool, across: bool) -> Text | None:
    """Why a row below the headers is no data; None when it is."""
    filled = [cell for cell in cells if cell]
    if any(_TOTAL.fullmatch(cell) for cell in filled[:2]):
        return Text(zh="合计行", en="a row of totals")
    if _NOTE.match(filled[0]) and (len(filled) <= 2 or all(":" in cell or "：" in cell for cell in filled)):
        return Text(zh="表下附注", en="a note")
    if first and len(filled) > 2 and _counts(filled):
        return Text(zh="栏次行", en="numbers of the columns")
    if len(filled) <= 2 < len(headers) and _GROUP.fullmatch("".join(filled)) and not BODY.search(filled[-1]):
        return Text(zh="分组行", en="a heading of a group")
    if across and len(filled) == 1:
        return Text(zh="分组行", en="a heading of a group")
    return None


def _counts(filled: Sequence[str]) -> bool:
    """甲 乙 1 2 3 …"""
    rest = [cell.strip("()（）") for cell in filled if cell not in _ORDINALS]
    return len(rest) > 1 and rest == [str(at) for at in range(1, len(rest) + 1)]
