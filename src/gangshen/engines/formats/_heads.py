"""Headers as people lay them out: in one row or up to three, merged or with gaps, years above and units below them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ._grid import Grid
from ._table import fail
from ._text import Text

__all__ = ["BODY", "FIGURE", "Heads", "Known", "find_heads", "plain_word"]

_LOOKED = 40
_BREAK = re.compile(r"\s*\n\s*")
FIGURE = re.compile(r"[-+]?[\d,.]+%?|\d{4}-\d{1,2}-\d{1,2}.*|[0-9A-Z]{15,18}")
BODY = re.compile(r"(?:公司|集团|厂|中心|[院所社店部行]|合伙\S*)[)）]?$")  # a firm in a list numbered so
_UNIT_ALONE = re.compile(
    r"[(（\[【]?\s*(?:单位\s*[:：]\s*)?((?:百|千)?万元|亿元|千元|元|%|‰|人|个|件|项|家|㎡|m²|平方米|亩|吨标准煤)\s*[)）\]】]?"
)
_UNIT_BEHIND = re.compile(r"[(（]\s*(?:单位\s*[:：]\s*)?(?:百万元|千?万元|亿元|千元|元|%)\s*[)）]\s*$")
_TIME = re.compile(r"(?:19|20)\d\d\s*(?:年\S{0,8})?|(?:本|上|前|去|今)年(?:度|同期)?|\d{1,2}[-—－~至]\d{1,2}月\S{0,4}")
_ABOVE = re.compile(r"(?<![(（])单位(?!名称)|[:：](?![^:：]*[)）]$)|填报|编制|制表|附[件表]|表号")
"""What lines between title and headers say: of nothing below them."""
_DASHES = ("-", "—", "——", "/", "／")
Known = Callable[[tuple[str, ...]], bool]


@dataclass(slots=True)
class Heads:
    """Headers at ``lines`` of a grid: what stands in each column, and how many are known."""

    grid: Grid
    lines: tuple[int, ...]
    parts: list[tuple[str, ...]]
    known: int = 0
    skipped: list[tuple[int, Text]] = field(default_factory=list)


_Rows = dict[int, list[str | None]]


def find_heads(grid: Grid, lines: tuple[int, ...], known: Known, name: str = "") -> Heads:
    """The rows that are most likely the headers; of equals fewer rows before more, and the upper."""
    rows = {line: cells for line, cells in grid.rows if any(cells)}
    if lines:
        if missing := [line for line in lines if line not in rows]:
            zh, en = "该行为空，不能作表头", "this row is empty and cannot hold the headers (name another)"
            raise fail(name, missing[0], "", zh, en)
        return _headers(grid, rows, lines, known)
    order = list(rows)[:_LOOKED]
    wide = max((sum(1 for cell in cells if cell) for cells in list(rows.values())[:_LOOKED]), default=0)
    several = [line for line in order if sum(1 for cell in rows[line] if cell) >= min(2, wide)]
    pairs = [(line, below) for line, below in pairwise(order) if _above(grid, rows, line, below)]
    found = [_headers(grid, rows, (line,), known) for line in several]
    found += [_headers(grid, rows, pair, known) for pair in pairs]
    found += [_headers(grid, rows, (*pair, last), known) for pair in pairs for line, last in pairs if line == pair[1]]
    best = max(found, key=lambda one: (one.known, -len(one.lines), -one.lines[0]))
    return _with_units(_with_groups(best, rows, known), rows, known) if best.known else best


def _with_groups(found: Heads, rows: _Rows, known: Known) -> Heads:
    """With the row above where it says of some columns what they don't: their year, their unit, their only name."""
    first = found.lines[0]
    cells = [(at, cell) for at, cell in enumerate(rows.get(first - 1, []), 1) if cell]
    spans = {left: right for top, left, _bottom, right in found.grid.merged if top == first - 1 and right > left}
    beside = len(cells) > 1 or (len(cells) == 1 and cells[0][0] > 1 and cells[0][0] in spans)
    if len(found.lines) > 2 or not beside or any(_ABOVE.search(cell) for _at, cell in cells):
        return found
    if not _above(found.grid, rows, first - 1, first):
        return found
    more = _headers(found.grid, rows, (first - 1, *found.lines), known)
    names = any(not (found.parts[at] if at < len(found.parts) else ()) for at, parts in enumerate(more.parts) if parts)
    tells = any(_TIME.fullmatch(cell.strip()) or _UNIT_BEHIND.search(cell) for _at, cell in cells)
    apart = _twice(found.parts) and not _twice(more.parts)  # 企业／企业名称 and 母公司／企业名称
    return more if apart or (more.known >= found.known and (tells or (names and len(cells) > 1))) else found


def _twice(parts: Sequence[tuple[str, ...]]) -> bool:
    named = [one for one in parts if one]
    return len(named) > len(set(named))


def _with_units(found: Heads, rows: _Rows, known: Known) -> Heads:
    """With the row below where it holds nothing but units: 万元, （人）, a dash where there is none."""
    below = found.lines[-1] + 1
    if _units(rows.get(below, [])) is None:
        return found
    more = _headers(found.grid, rows, (*found.lines, below), known)
    return more if more.known >= found.known else found


def _units(cells: Sequence[str | None]) -> list[str | None] | None:
    """The units that a row holds, without their brackets; None where it holds anything else."""
    words = [(cell or "").strip() for cell in cells]
    told = [found[1] if (found := _UNIT_ALONE.fullmatch(word)) else None for word in words]
    plain = all(unit or not word or word in _DASHES for word, unit in zip(words, told, strict=True))
    return told if plain and any(told) else None


def _above(grid: Grid, rows: _Rows, line: int, below: int) -> bool:
    """May ``line`` head ``below``? It leaves gaps or is merged, and below it stand words, not values."""
    words = [cell for cell in rows[below] if cell]
    if below != line + 1 or not words or any(FIGURE.fullmatch(cell) for cell in words):
        return False
    gaps = any(not cell for cell in rows[line][: len(rows[below])]) or len(rows[line]) < len(rows[below])
    return gaps or any(top <= line <= bottom for top, _left, bottom, _right in grid.merged)


def _headers(grid: Grid, rows: _Rows, lines: tuple[int, ...], known: Known) -> Heads:
    if len(lines) > 1 and (units := _units(rows[lines[-1]])) is not None:
        rows = {**rows, lines[-1]: units}
    width = max(len(rows[line]) for line in lines)
    if grid.form == "xlsx":
        width = max(width, grid.width)
    laid = [[*rows[line], *[None] * (width - len(rows[line]))] for line in lines]
    spread = False
    for top, left, bottom, right in grid.merged:
        value = rows.get(top, [])[left - 1 : left]
        for at, line in enumerate(lines):
            if value and top <= line <= bottom:
                spread |= right > left
                laid[at][left - 1 : right] = [value[0]] * len(laid[at][left - 1 : right])
    if not spread:
        _spread(laid)
    parts = [tuple(dict.fromkeys(plain_word(cell) for cell in column if cell)) for column in zip(*laid, strict=True)]
    while parts and not parts[-1]:
        parts.pop()
    return Heads(grid, lines, parts, len({one for one in parts if one and known(one)}))


def _spread(laid: list[list[str | None]]) -> None:
    """What heads several columns without being merged stands over its first one only; the lowest row heads one each."""
    for level, row in enumerate(laid[:-1]):
        under = laid[level + 1 :]
        starts = [level > 0 and laid[level - 1][at] != laid[level - 1][at - 1] for at in range(len(row))]
        for at in range(1, len(row)):
            if not row[at] and not starts[at] and any(one[at] for one in under):
                row[at] = row[at - 1]


def plain_word(text: str) -> str:
    """A header without line breaks and the star of a field that must be filled."""
    return _BREAK.sub("", text).strip().strip("*＊").strip()
