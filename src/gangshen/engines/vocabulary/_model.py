"""What a word of the zone's data means: one attribute, one definition."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from gangshen.engines.formats import Text

__all__ = [
    "Access",
    "Attribute",
    "AttributeType",
    "CertificateType",
    "EntityKind",
    "Name",
    "Period",
    "ScaleEdition",
    "ScaleRow",
    "SizeEdition",
    "SizeRow",
    "VocabularyFile",
    "World",
]


class AttributeType(StrEnum):
    TEXT = "text"
    CODE = "code"
    BOOL = "bool"
    COUNT = "count"  # whole number
    NUMBER = "number"
    MONEY = "money"  # integer fen
    PERCENT = "percent"  # 5 % is stored as 5.0
    DATE = "date"
    ENUM = "enum"
    REF = "ref"  # the key of another subject
    LIST = "list"  # rows {type, level, number, from, to, withdrawn_on, …}; matched on `type`


class Period(StrEnum):
    STATE = "state"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


class World(StrEnum):
    """What absence means."""

    CLOSED = "closed"  # complete list: absent means no
    OPEN = "open"  # absent means unknown
    DERIVED = "derived"  # unknown if an input is


class Access(StrEnum):
    """Who may see a value, and whether it may be a ground; strictest last."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONSENT = "consent"  # the firm's own upload or consent
    PERSONAL = "personal"  # by role
    STATISTICS = "statistics"  # never a ground for one firm's grant or refusal

    @property
    def strictness(self) -> int:
        """0 for public, rising with each class."""
        return list(Access).index(self)


class EntityKind(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text


class Attribute(BaseModel):
    """One entry of the data dictionary (zone folder: ``vocabulary/*.yaml``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text
    entity: str = "enterprise"
    type: AttributeType
    unit: str | None = None
    period: Period = Period.STATE
    world: World = World.OPEN
    access: Access = Access.INTERNAL
    source: str | None = None
    update: str | None = None  # year, quarter, month, day, event
    stale_after_days: int | None = None
    synonyms: tuple[str, ...] = ()
    options: tuple[Text, ...] = ()  # of an enum, or the known types of a list
    expression: str | None = None  # derived: over other attributes, e.g. "rd_expense / revenue * 100"
    tolerance: float | None = None  # relative difference under which two sources agree
    actionable: bool = False  # may a firm be advised to raise (or gain) it? never to shrink, split or buy
    note: Text | None = None
    extra: dict[str, Any] = Field(default_factory=dict)


class CertificateType(BaseModel):
    """A title or certificate: a type of the list attribute ``certificates`` (zone folder: ``vocabulary/*.yaml``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Text
    issuer: str
    valid_years: float | None = Field(default=None, gt=0)  # none: until withdrawn or by edition of the list
    levels: tuple[str, ...] = ()
    rung: str | None = None  # of the SME ladder: base, middle, top
    named_list: bool = False  # no statutory issuer: list, publisher and edition must be stored
    synonyms: tuple[str, ...] = ()
    actionable: bool = False
    note: Text | None = None


class SizeRow(BaseModel):
    """Floors of large, medium, small for some industries (GB/T 4754 prefixes or ranges of divisions); money in 万元."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Text
    industries: tuple[str, ...]
    employees: tuple[float, float, float] | None = None
    revenue: tuple[float, float, float] | None = None
    assets: tuple[float, float, float] | None = None


class SizeEdition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    edition: str
    valid_from: dt.date
    citation: str = ""
    assumed: str = ""
    rows: tuple[SizeRow, ...]


class ScaleRow(BaseModel):
    """The revenue (万元) from which the statistics directory takes units of some industries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Text
    industries: tuple[str, ...]
    revenue: float


class ScaleEdition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    edition: str
    valid_from: dt.date
    citation: str = ""
    assumed: str = ""
    rows: tuple[ScaleRow, ...]


class Name(BaseModel):
    """What a town, a park or another name of the registers is called in English, as its own people write it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class VocabularyFile(BaseModel):
    """One file of the zone folder's ``vocabulary/``; any section may be absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[EntityKind, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    certificates: tuple[CertificateType, ...] = ()
    sizes: tuple[SizeEdition, ...] = ()
    scales: tuple[ScaleEdition, ...] = ()
    names: tuple[Name, ...] = ()
