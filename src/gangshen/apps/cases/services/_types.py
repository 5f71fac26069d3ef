"""Kinds of cases: how long, who closes, against which receipt, and what the office does then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from gangshen.engines.formats import Text
from gangshen.web.hookpoints import HookPoint

if TYPE_CHECKING:
    from gangshen.apps.cases.models import Case

__all__ = ["CASE_TYPES", "ON_CLOSE", "CaseType", "case_type", "closers"]


@dataclass(frozen=True, slots=True)
class CaseType:
    """A kind of case, registered by the office whose state it is about.

    ``closes`` names the roles that may close it; then whoever reported it done is never the one who closes it. Empty:
    whoever has it closes it. ``receipt`` is what closing needs. ``on_close(case, actor)`` runs in the closing
    transaction: what it refuses keeps the case open. ``url(case)`` is the page where the work is done.
    """

    key: str
    label: Text
    workdays: int | None = None
    receipt: Literal["text", "file"] | None = None
    closes: tuple[str, ...] = ()
    on_close: Callable[[Case, Any], None] | None = None
    url: Callable[[Case], str] | None = None


CASE_TYPES: HookPoint[CaseType] = HookPoint("case type")
# "TYPE/office" -> (case, actor): what further offices do when a case of a common type closes, in the same transaction
ON_CLOSE: HookPoint[Callable[[Any, Any], None]] = HookPoint("on close")


def case_type(key: str) -> CaseType:
    """The type of ``key``; a case whose office is no longer there can still be read and closed by an operator."""
    if key in CASE_TYPES:
        return CASE_TYPES.get(key)
    return CaseType(key, Text(zh=key), closes=("operator",))


def closers(kind: CaseType) -> Iterator[Callable[[Any, Any], None]]:
    """All that is called when a case of this type closes, its own first."""
    if kind.on_close is not None:
        yield kind.on_close
    yield from (call for key, call in ON_CLOSE.items() if key.partition("/")[0] == kind.key)
