"""What a chain is made of: nodes, typed edges with their source, firms placed on nodes, and who buys what from whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["SUPPLY", "Edge", "EdgeKind", "Node", "NodeKind", "Placement", "Supply"]


class NodeKind(StrEnum):
    """A segment (环节) of the chain, or a product (产品)."""

    SEGMENT = "segment"
    PRODUCT = "product"


class EdgeKind(StrEnum):
    """How ``tail`` stands to ``head``.

    ``material``: tail is an upstream material of head (上游材料). ``downstream``: head is a downstream product of tail
    (下游产品); both say that tail supplies head. ``subclass``: tail is a kind of head (产品小类). ``substitute``: either may
    stand for the other (替代).
    """

    MATERIAL = "material"
    DOWNSTREAM = "downstream"
    SUBCLASS = "subclass"
    SUBSTITUTE = "substitute"


SUPPLY = frozenset({EdgeKind.MATERIAL, EdgeKind.DOWNSTREAM})


@dataclass(frozen=True, slots=True)
class Node:
    """A segment or product; ``stage`` is the column in which it is drawn."""

    key: str
    kind: NodeKind = NodeKind.PRODUCT
    name: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """One statement about two nodes; ``confidence`` 0..1, ``place`` where it stands in its file."""

    tail: str
    head: str
    kind: EdgeKind
    source: str = ""
    date: dt.date | None = None
    confidence: float = 1.0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Placement:
    """A firm on a node, as known at ``as_of``; ``stale`` when what it rests on is beyond its age."""

    firm: str
    node: str
    confidence: float = 1.0
    as_of: dt.date | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Supply:
    """A buyer says from whom it gets a node: ``share`` 0..1 of what it buys of it (None unknown), ``local`` in the zone."""

    buyer: str
    supplier: str
    node: str
    share: float | None = None
    local: bool = False
    as_of: dt.date | None = None
