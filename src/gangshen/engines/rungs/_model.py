"""The title file: one title with its dated editions, and the file of counts."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gangshen.engines.formats import Fault, Text
from gangshen.engines.rules import Decision, Node, Reason

__all__ = ["Case", "Count", "Counts", "Edition", "Expect", "Notice", "Place", "Renewal", "Title"]

KEY = r"^[a-z0-9][a-z0-9-]{0,39}$"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(StrEnum):
    RUNG = "rung"  # a step of the ladder
    BESIDE = "beside"  # a title for which the ladder is no condition
    LIST = "list"  # a named list without a statutory issuer


class Notice(_Frozen):
    """The official text an edition stands in: number, title, day and place in it."""

    title: str
    number: str = ""
    issuer: str = ""
    issued_on: dt.date | None = None
    place: str = ""

    def words(self) -> str:
        """The citation in one line."""
        parts = (self.title, self.number, self.issuer, str(self.issued_on or ""), self.place)
        return "，".join(part for part in parts if part)


class Renewal(_Frozen):
    """What holders do before a title ends. ``judged_by`` names the edition whose conditions are asked then."""

    words: Text
    judged_by: str = ""


class Expect(_Frozen):
    decision: Decision
    reasons: tuple[Reason, ...] = ()


class Case(_Frozen):
    """A golden case: an enterprise in the words of the vocabulary, and the answer an official would give."""

    name: str
    as_of: dt.date | None = None
    given: dict[str, Any] = Field(default_factory=dict)
    stale: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    expect: Expect


class Edition(_Frozen):
    """One dated text of a title; ``conditions`` are missing where nobody but a list's publisher decides.

    ``compared`` says whether the conditions were held against the official text; until then they are shown as assumed.
    """

    edition: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    place: Place
    rung: int | None = Field(default=None, ge=1, le=9)
    notice: Notice
    title_years: float | None = Field(default=None, gt=0)
    conditions: Node | None = None
    renewal: Renewal | None = None
    compared: bool = False
    note: Text | None = None
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.place is Place.RUNG) is (self.rung is None):
            raise Fault(
                "rung 只写在 place: rung 的版本上", "rung goes with place: rung and with no other (correct one)"
            )
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise Fault("valid_to 早于 valid_from（改正日期）", "valid_to is before valid_from (correct the dates)")
        return self

    def applies(self, as_of: dt.date) -> bool:
        """Is this the text in force on the day?"""
        return self.valid_from <= as_of and (self.valid_to is None or as_of <= self.valid_to)


class Title(_Frozen):
    """One title (zone folder: ``ladder/ID.yaml``) with all its editions, the earliest first."""

    id: str = Field(pattern=KEY)
    title: Text
    certificate: str  # type of the vocabulary's certificates
    issuer: Text
    editions: tuple[Edition, ...] = Field(min_length=1)

    def at(self, as_of: dt.date) -> Edition | None:
        """The edition in force on the day; None before the first and after the last."""
        return next((one for one in self.editions if one.applies(as_of)), None)

    def edition(self, name: str) -> Edition | None:
        return next((one for one in self.editions if one.edition == name), None)


class Count(_Frozen):
    """Firms that hold any of some titles, each counted once; ``among`` narrows to firms for which a rule holds."""

    key: str = Field(pattern=KEY)
    label: Text
    titles: tuple[str, ...] = Field(min_length=1)
    among: Node | None = None
    targets: tuple[str, ...] = ()  # keys of plan targets that it is read against
    note: Text | None = None


class Counts(_Frozen):
    """``ladder/counts.yaml``."""

    counts: tuple[Count, ...] = ()
