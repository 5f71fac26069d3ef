"""What is wrong with a rule, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gangshen.engines.formats import Text

__all__ = ["RuleError", "RuleProblem"]


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """A fault at ``place`` (``all[2].any[0]``) of clause ``clause``; a ``warning`` does not keep a rule from being used."""

    place: str
    clause: str | None
    message: Text
    warning: bool = False

    def in_language(self, language: str) -> str:
        named = f" ({self.clause})" if self.clause else ""
        return f"{self.place or 'rule'}{named}: {self.message.in_language(language)}"

    def __str__(self) -> str:
        return self.in_language("en")


class RuleError(ValueError):
    """A rule cannot be used as it is; ``problems`` lists every fault."""

    def __init__(self, problems: Iterable[RuleProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
