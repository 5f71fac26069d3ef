"""The form of one chain file."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gangshen.engines.formats import Text

__all__ = ["ChainFile", "EdgeEntry", "NodeEntry", "SourceEntry", "StageEntry"]

KEY = r"^[a-z0-9][a-z0-9_-]*$"


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SourceEntry(_File):
    """A source as it prints itself; ``assumed`` for what nobody published."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1)
    issuer: str = ""
    date: dt.date | None = None
    document: str = ""  # key of the document in the library
    assumed: bool = False


class StageEntry(_File):
    """A column of the picture, from left to right; ``band`` stands below them all."""

    key: str = Field(pattern=KEY)
    name: Text
    band: bool = False


class NodeEntry(_File):
    key: str = Field(pattern=KEY)
    name: Text
    kind: Literal["segment", "product"] = "product"
    stage: str = ""
    terms: tuple[str, ...] = ()
    source: str
    section: str = ""


class EdgeEntry(_File):
    """``from`` supplies ``to`` (material, downstream), is a kind of it (subclass) or may replace it (substitute)."""

    tail: str = Field(alias="from")
    head: str = Field(alias="to")
    type: Literal["material", "downstream", "subclass", "substitute"] = "material"
    source: str = Field(min_length=1)
    section: str = ""
    confidence: float = Field(default=0.8, gt=0, le=1)


class ChainFile(_File):
    """One chain of the zone folder."""

    key: str = Field(pattern=KEY)
    name: Text
    note: Text | None = None
    position: int = 0
    sources: tuple[SourceEntry, ...]
    stages: tuple[StageEntry, ...] = ()
    nodes: tuple[NodeEntry, ...]
    edges: tuple[EdgeEntry, ...] = ()
