"""What is wrong with a file, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ._text import Text

__all__ = ["Fault", "FormatError", "Problem"]

_SHOWN = 20  # a file missing from a folder is a fault in every row that names it


class Fault(ValueError):
    """A value that cannot be taken, said in both languages; raised by validators of file models.

    ``at`` leads from the value to the part of it that is wrong (``("versions", 1)``), where that is not the whole.
    """

    def __init__(self, zh: str, en: str, at: tuple[str | int, ...] = ()) -> None:
        self.at = at
        self.message = Text(zh=zh, en=en)
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: ``file:line:field: message``. The message ends with its remedy.

    ``line`` counts from 1 (a row of a sheet counts as its line) and is None where a fault has no line; ``field`` is the
    path in the file (``versions[0].eligibility.all[2].unit``) or a header.
    """

    file: str
    line: int | None
    field: str
    message: Text

    def in_language(self, language: str) -> str:
        place = ":".join(part for part in (self.file, str(self.line or ""), self.field) if part)
        return f"{place}: {self.message.in_language(language)}"

    def __str__(self) -> str:
        return self.in_language("en")


class FormatError(ValueError):
    """A file cannot be taken as it is; ``problems`` lists every fault found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.in_language("en"))

    def in_language(self, language: str) -> str:
        """The first faults, a line each, and how many more there are; ``problems`` has them all."""
        lines = [problem.in_language(language) for problem in self.problems[:_SHOWN]]
        if more := len(self.problems) - len(lines):
            lines.append(Text(zh=f"……另有 {more} 处", en=f"… and {more} more").in_language(language))
        return "\n".join(lines)
