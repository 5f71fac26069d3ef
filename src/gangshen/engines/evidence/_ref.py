"""References: one typed string that any page can open."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Ref", "RefError"]

_PATTERN = re.compile(r"(?P<scheme>[a-z]+):(?P<id>[^@#\s]+)(?:@(?P<at>[^#\s]+))?(?:#(?P<part>\S+))?")
_SPAN = re.compile(r"(\d+)-(\d+)")


class RefError(ValueError):
    """The text is not a reference."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Where something shown came from.

    Written ``scheme:id[@at][#part]``: ``doc:ID@hash#120-148`` (a span in code points of the text read),
    ``rec:ID#rd_ratio`` (an attribute of a record), ``obs:STREAM@t``, ``job:ID#3``, ``entry:ID``, ``case:ID``,
    ``run:ID``.

    >>> Ref.parse("doc:plan-2025@9f2c#120-148").span
    (120, 148)
    >>> str(Ref("rec", "17", part="rd_ratio"))
    'rec:17#rd_ratio'
    """

    scheme: str
    id: str
    at: str | None = None
    part: str | None = None

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read a reference; raises :class:`RefError` when the text is none."""
        found = _PATTERN.fullmatch(text)
        if found is None:
            raise RefError(f"not a reference: {text!r} (expected scheme:id[@at][#part])")
        return cls(found["scheme"], found["id"], found["at"], found["part"])

    @property
    def span(self) -> tuple[int, int] | None:
        """Start and end (exclusive) in code points, when the part is a span."""
        found = _SPAN.fullmatch(self.part or "")
        return (int(found[1]), int(found[2])) if found else None

    def __str__(self) -> str:
        return f"{self.scheme}:{self.id}" + (f"@{self.at}" if self.at else "") + (f"#{self.part}" if self.part else "")
