"""The policy file: who may ask, what is given, until when, and the cases that prove it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gangshen.engines.formats import Fault, Fen, FormatError, Problem, Text, load_yaml
from gangshen.engines.rules import Decision, Node, Reason

from ._granted import Granted
from ._model import Benefit

__all__ = [
    "Case",
    "Contact",
    "Document",
    "Expect",
    "FenRange",
    "Policy",
    "PolicyVersion",
    "Status",
    "Window",
    "load_policies",
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Status(StrEnum):
    DRAFT = "draft"
    REVIEWED = "reviewed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    FOR_COMMENT = "for_comment"  # 征求意见稿: shown and tried out, never matched as law


class Document(_Frozen):
    """A text the policy rests on; ``key`` is what spans name, ``file`` its place in the zone folder."""

    key: str
    title: Text
    issuer: str = ""
    number: str = ""
    issued_on: dt.date | None = None
    file: str | None = None
    citation: str = ""


class Window(_Frozen):
    """When applications are taken (申报期), both days included; open-ended where a side is null."""

    opens: dt.date | None = None
    closes: dt.date | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.opens and self.closes and self.closes < self.opens:
            raise Fault("closes 早于 opens（改正日期）", "closes is before opens (correct the dates)")
        return self


class Contact(_Frozen):
    unit: str
    person: str = ""
    phone: str = ""
    note: Text | None = None


class FenRange(_Frozen):
    """An amount between ``low`` and ``high`` fen; both the same when it is certain."""

    low: Fen = Field(ge=0)
    high: Fen = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise Fault("low 高于 high（对调）", "low is above high (swap them)")
        return self


class Expect(_Frozen):
    """What a case must come to. Only what is stated is compared; ``reasons`` are those of the deciding unknown clauses."""

    decision: Decision
    amount_fen: FenRange | None = None
    reasons: tuple[Reason, ...] = ()


class Case(_Frozen):
    """A golden case: an applicant in the words of the vocabulary, and the answer an official would give.

    ``given`` holds values as typed or as a cell would state them (``revenue: 4.2亿元``, ``certificates: [高新技术企业]``);
    attributes in ``stale`` or ``withheld`` have their value but may not be read.
    """

    name: str
    as_of: dt.date | None = None
    given: dict[str, Any] = Field(default_factory=dict)
    stale: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    granted_so_far: Fen = Field(default=0, ge=0)
    granted_this_year: Fen | None = Field(default=None, ge=0)  # of that, where it differs
    matched: FenRange | None = None  # the grant that the benefit tops up
    expect: Expect

    def granted(self) -> Granted[int]:
        """What was granted before, this year and ever."""
        year = self.granted_so_far if self.granted_this_year is None else self.granted_this_year
        return Granted(year, self.granted_so_far)


class PolicyVersion(_Frozen):
    """One edition of a policy. ``authority`` decides and pays; ``served_by`` helps the firm and decides nothing."""

    version: str
    status: Status
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    window: Window | None = None
    authority: str
    served_by: str = ""
    contact: Contact | None = None
    entity: str = "enterprise"
    eligibility: Node
    benefit: Benefit
    materials: tuple[Text, ...] = ()
    basis: str = ""  # key of the document this edition stands in
    automatic: bool = False  # 免申即享: confirmed with the firms that the rule finds, without an application
    assumed: tuple[Text, ...] = ()  # settings nobody stated, and why they are as they are
    note: Text | None = None
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if self.status in (Status.IN_FORCE, Status.SUPERSEDED) and self.valid_from is None:
            en = "an edition in force or superseded needs valid_from (add the day it took effect)"
            raise Fault("施行或已被取代的版本须写明 valid_from（补上施行日）", en)
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise Fault("valid_to 早于 valid_from（改正日期）", "valid_to is before valid_from (correct the dates)")
        return self

    def applies(self, as_of: dt.date) -> bool:
        """Whether this edition was the law on ``as_of``; a draft or a text for comment never is."""
        if self.status not in (Status.IN_FORCE, Status.SUPERSEDED) or self.valid_from is None:
            return False
        return self.valid_from <= as_of and (self.valid_to is None or as_of <= self.valid_to)


class Policy(_Frozen):
    """One policy (zone folder: ``policies/ID.yaml``) with all its editions."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: Text
    theme: Text
    issuer: str
    example: bool = False  # written for the demo, no policy of any authority; shown under that mark
    summary: Text | None = None
    programme: str = ""  # key of the programme whose money pays it
    documents: tuple[Document, ...] = ()
    versions: tuple[PolicyVersion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [version.version for version in self.versions]
        if len(set(names)) < len(names):
            twice = next(i for i, name in enumerate(names) if name in names[:i])
            en = "two versions have the same name (rename one)"
            raise Fault("两个版本同名（改名）", en, ("versions", twice, "version"))
        law = sorted(
            (v for v in self.versions if v.status is Status.IN_FORCE), key=lambda v: v.valid_from or dt.date.min
        )
        for earlier, later in pairwise(law):
            if earlier.valid_to is None or (later.valid_from and later.valid_from <= earlier.valid_to):
                first, second = earlier.version, later.version
                zh = f"版本 {first} 与 {second} 同日有效（结束前一版或标为已被取代）"
                en = f"versions {first} and {second} are in force on the same day (end the earlier one)"
                raise Fault(zh, en, ("versions", self.versions.index(later), "valid_from"))
        keys = {document.key for document in self.documents}
        for i, version in enumerate(self.versions):
            if version.basis and version.basis not in keys:
                en = f"basis {version.basis!r} is none of the documents (add it there)"
                raise Fault(f"依据“{version.basis}”不在 documents 中（补上）", en, ("versions", i, "basis"))
        return self

    def version_at(self, as_of: dt.date) -> PolicyVersion | None:
        """The edition that was the law on ``as_of`` (the latest to take effect), or None."""
        found = [version for version in self.versions if version.applies(as_of)]
        return max(found, key=lambda version: version.valid_from or dt.date.min, default=None)

    def version(self, name: str) -> PolicyVersion:
        """The edition called ``name``; raises KeyError."""
        for version in self.versions:
            if version.version == name:
                return version
        raise KeyError(f"{self.id} has no version {name!r}")


def load_policies(paths: Iterable[Path], *, root: Path | None = None) -> list[Policy]:
    """Read policy files, sorted by id; every fault of every file in one :class:`FormatError`."""
    policies: dict[str, Policy] = {}
    problems: list[Problem] = []
    for path in sorted(paths):
        name = str(path.relative_to(root)) if root else path.name
        try:
            policy = load_yaml(path, Policy, name=name)
        except FormatError as error:
            problems.extend(error.problems)
            continue
        if policy.id != path.stem:
            words = Text(zh=f"应与文件名 {path.stem} 一致", en=f"must be the file's name, {path.stem} (rename one)")
            problems.append(Problem(name, 1, "id", words))
        policies[policy.id] = policy
    if problems:
        raise FormatError(problems)
    return [policies[id] for id in sorted(policies)]
