"""What a word of the zone's data means: one attribute, one definition."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from gangshen.engines.formats import Text

__all__ = ["Access", "Attribute", "AttributeType", "EntityKind", "Period", "World"]


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
    actionable: bool = False  # may a firm be advised to change it?
    note: Text | None = None
    extra: dict[str, Any] = Field(default_factory=dict)
