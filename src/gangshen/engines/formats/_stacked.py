"""Several tables on one sheet, one under another or side by side: read as one they would give firms each other's figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ._heads import FIGURE, Heads, Known, plain_word
from ._problem import FormatError
from ._table import fail

__all__ = ["Others", "refuse_beside"]

_FEWEST = 2
_LOOKED = 6  # cells of a row among which headers of another table show
_SAYS = re.compile(r"(?:19|20)\d\d(?=\s*年)|(?:[百千]?万|亿|千|[:：])元")


class Others:
    """Rows below the headers of a table that are headers themselves."""

    def __init__(self, name: str, found: Heads, known: Known) -> None:
        self.name, self.found, self.known = name, found, known
        self.rows = found.grid.rows
        at = {line: _words(cells) for line, cells in self.rows if line in found.lines}
        self.own = list(at.values())
        self.words = {word for words in self.own for word in words if len(word) > 1}
        self.repeated: set[int] = set()
        above = " ".join(cell for line, cells in self.rows if line < found.lines[0] for cell in cells if cell)
        self.said = set(_SAYS.findall(above))

    def next_table(self) -> int | None:
        """The row where another table begins: other headers, or the same under another year or unit. ``repeated`` are those
        where the headers stand once more, as on each printed page."""
        if not self.words:
            return None
        words, last = self.words, self.found.lines[-1]
        for index, (line, cells) in enumerate(self.rows):
            if line <= last or words.isdisjoint(cells[:_LOOKED]):
                continue
            told = _words(cells)
            if told in self.own:
                if self._under_another_title(index):
                    return line
                self.repeated.add(line)
            elif self._heads(told):
                return line
        return None

    def rows_before(self, line: int) -> list[tuple[int, list[str | None]]]:
        """The rows of this table, without the title of the next."""
        rows = [row for row in self.rows if row[0] < line]
        while rows and rows[-1][0] > self.found.lines[-1] and sum(map(bool, rows[-1][1])) <= 1:
            rows.pop()
        return rows

    def _heads(self, words: Sequence[str]) -> bool:
        filled = [word for word in words if word]
        if any(FIGURE.fullmatch(word) for word in filled):
            return False
        known = sum(1 for word in filled if self.known((word,)))
        return known >= _FEWEST and known * 2 >= len(filled)

    def _under_another_title(self, index: int) -> bool:
        """Do the lines right above say a year or a unit that the title of the table doesn't?"""
        said: set[str] = set()
        for _line, cells in reversed(self.rows[max(0, index - 4) : index]):
            filled = [cell for cell in cells if cell]
            if len(filled) > _FEWEST:
                break
            said.update(_SAYS.findall(" ".join(filled)))
        return bool(said - self.said)

    def refused(self, line: int) -> FormatError:
        first = "-".join(map(str, self.found.lines))
        zh = f"第 {line} 行起是另一张表，表头、年份或单位与上面的不同（拆成几个文件；或写明表头行，如先 {first} 再 {line}，分别导入）"
        en = f"another table begins in row {line}, with other headers, another year or unit (split the file, or name the row of headers: first {first}, then {line})"
        return fail(self.name, line, "", zh, en)


def _words(cells: Sequence[str | None]) -> list[str]:
    words = [plain_word(cell or "") for cell in cells]
    while words and not words[-1]:
        words.pop()
    return words


def refuse_beside(name: str, found: Heads, known: Known) -> None:
    """Raise where the same headers stand twice or more from left to right, as of tables side by side."""
    heads = [parts[-1] for parts in found.parts if parts]
    for times in range(2, len(heads) // _FEWEST + 1):
        width, rest = divmod(len(heads), times)
        if not rest and heads == heads[:width] * times and sum(known((one,)) for one in heads[:width]) >= _FEWEST:
            zh = f"同样的 {width} 列表头左右并列了 {times} 次（把右边的表移到左边表的下面；右边不是另外的企业的，删去或改名）"
            en = f"the same {width} headers stand {times} times side by side (move the tables one under another, or drop or rename columns about no firm of the list)"
            raise fail(name, found.lines[-1], "", zh, en)
