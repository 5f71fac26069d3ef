"""The rule tree: conditions as data, each with the words it rests on."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Tag

__all__ = ["All", "Any_", "AtLeast", "Clause", "ClauseKind", "Decision", "Node", "None_", "Operator", "Reason", "Span"]

Scalar = bool | int | float | dt.date | str


class Operator(StrEnum):
    GE = "ge"
    GT = "gt"
    LE = "le"
    LT = "lt"
    EQ = "eq"
    NE = "ne"
    BETWEEN = "between"  # [low, high], both included
    IN = "in"  # scalar attribute, list of allowed values
    NOT_IN = "not_in"
    STARTS_WITH = "starts_with"  # code attribute: any of these prefixes (divisions, industries; C = manufacturing)
    CONTAINS = "contains"  # text attribute: any of these words
    HAS_ANY = "has_any"  # list attribute (certificates): any of these types is valid at as_of
    HAS_ALL = "has_all"
    WITHIN_YEARS = "within_years"  # date (or a row of a list) not more than n years before as_of, and not after it
    EXISTS = "exists"  # a value is known; for a list: any row is valid at as_of; `value: false` asks for the contrary
    APPROX = "approx"  # read from text as 约/左右; a clerk must settle it before use


class ClauseKind(StrEnum):
    DATA = "data"
    JUDGEMENT = "judgement"  # 一事一议, experts decide
    UNTRANSLATED = "untranslated"  # could not be linked to the vocabulary; never dropped


class Reason(StrEnum):
    """Why a clause is unknown."""

    MISSING = "missing"
    STALE = "stale"
    WITHHELD = "withheld"
    JUDGEMENT = "judgement"
    UNTRANSLATED = "untranslated"


class Decision(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Span(_Frozen):
    """Where the words stand: code points of the text read from a document.

    ``digest`` (first 12 hex digits of the words' SHA-256) proves the place where a file may not carry the words.
    """

    start: int
    end: int
    document: str | None = None  # key of the document
    digest: str | None = None


class Clause(_Frozen):
    """One condition (申报条件): a leaf of the rule tree.

    ``label`` is the attribute as the text names it; ``attribute`` its id in the vocabulary, null while not linked (the
    clause is then ``untranslated`` and evaluates to unknown). ``value`` is in ``unit`` as printed; money may be written
    with 元, 万元 or 亿元 and is compared in fen. ``approx`` and ``ne`` come from text; ``period`` names the year or
    quarter asked for (``last_year``, ``this_year``, ``2025``, ``last_2_years``).
    """

    id: str
    kind: ClauseKind = ClauseKind.DATA
    attribute: str | None = None
    operator: Operator | None = None
    value: Scalar | tuple[Scalar, ...] | None = None
    unit: str | None = None
    period: str | None = None
    label: str = ""
    quote: str = ""
    span: Span | None = None
    evidence: tuple[str, ...] = ()  # proofs a firm must bring


class All(_Frozen):
    all: tuple[Node, ...]


class Any_(_Frozen):
    any: tuple[Node, ...]


class None_(_Frozen):
    none: tuple[Node, ...]


class AtLeast(_Frozen):
    at_least: int
    of: tuple[Node, ...]


def _branch(value: Any) -> Literal["all", "any", "none", "at_least", "clause"]:
    keys = set(value) if isinstance(value, dict) else set(type(value).model_fields)
    for name in ("at_least", "all", "any", "none"):
        if name in keys:
            return name
    return "clause"


Node = Annotated[
    Annotated[All, Tag("all")]
    | Annotated[Any_, Tag("any")]
    | Annotated[None_, Tag("none")]
    | Annotated[AtLeast, Tag("at_least")]
    | Annotated[Clause, Tag("clause")],
    Discriminator(_branch),
]

for _model in (All, Any_, None_, AtLeast):
    _model.model_rebuild()
