"""The chain as it stands in the zone today: graph, firms, purchases, strength, gaps, all in one value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from gangshen.apps.chain.models import Chain, Edge, Node, Placement
from gangshen.apps.identity.models import Organisation
from gangshen.apps.registers import services as registers
from gangshen.engines import graph
from gangshen.engines.graph import Gap, Graph, Limits, Strength, Supply

from ._placing import counted

__all__ = ["LIMITS", "Here", "Maker", "here", "names_of"]

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Maker:
    """A firm on a node as the panel shows it."""

    firm: str
    name: str
    synthetic: bool
    placement: Placement


@dataclass
class Here:
    """Everything about the chain on one day; parts are worked out when asked for."""

    today: dt.date
    limits: Limits = field(default_factory=lambda: LIMITS)

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        return {one.key: one for one in Node.objects.select_related("chain", "citation")}

    @cached_property
    def _keys(self) -> dict[int, str]:
        return {one.pk: key for key, one in self.nodes.items()}

    @cached_property
    def edges(self) -> list[Edge]:
        return list(Edge.objects.select_related("citation"))

    @cached_property
    def graph(self) -> Graph:
        keys = self._keys
        return Graph(
            (
                graph.Node(
                    one.key, graph.NodeKind(one.kind), one.name, f"{one.chain.key}/{one.stage}" if one.stage else ""
                )
                for one in self.nodes.values()
            ),
            (
                graph.Edge(
                    keys[one.tail_id],
                    keys[one.head_id],
                    graph.EdgeKind(one.kind),
                    one.citation.key,
                    one.citation.date,
                    one.confidence,
                    str(one.pk),
                )
                for one in self.edges
            ),
        )

    @cached_property
    def placements(self) -> list[Placement]:
        """Those that count, each of the firm that is read for it: firms that were merged are one."""
        found, into = list(counted()), registers.pointers()
        for one in found:
            one.firm = into.get(one.firm, one.firm)
        return found

    @cached_property
    def firms(self) -> set[str]:
        return {one.firm for one in self.placements}

    @cached_property
    def supplies(self) -> list[Supply]:
        """What buyers said of their suppliers, the latest of each; a firm named as its own supplier is left out."""
        return _supplies(self._told, set(self.nodes))

    @cached_property
    def _told(self) -> dict[str, tuple[int, dt.date, list[dict[str, Any]]]]:
        return _told(registers.snapshot(as_of=self.today).digest, self.today)

    @cached_property
    def self_supplied(self) -> list[tuple[str, str]]:
        """Statements left out because a firm names itself as its supplier: firm, reference of the record."""
        return [
            (buyer, f"rec:{pk}#suppliers")
            for buyer, (pk, _day, entries) in self._told.items()
            if any(_supplier(entry) == buyer for entry in entries)
        ]

    @cached_property
    def strengths(self) -> dict[str, Strength]:
        keys = self._keys
        placed = [
            graph.Placement(one.firm, keys[one.node_id], one.confidence, one.as_of, one.stale)
            for one in self.placements
        ]
        return graph.strengths(self.graph, placed, self.supplies, thin=self.limits.thin)

    @cached_property
    def gaps(self) -> list[Gap]:
        return graph.gaps(self.graph, self.strengths, self.limits)

    def of_chain(self, chain: Chain) -> list[Strength]:
        """The strengths of one chain's own nodes, in its order."""
        return [self.strengths[key] for key, one in self.nodes.items() if one.chain_id == chain.pk]

    def makers(self, key: str) -> list[Maker]:
        """The firms on a node or a kind of it, the surest first."""
        within = {self.nodes[kind].pk for kind in self.graph.with_kinds(key)}
        best: dict[str, Placement] = {}
        for one in self.placements:
            if one.node_id in within and (one.firm not in best or one.confidence > best[one.firm].confidence):
                best[one.firm] = one
        names = names_of(best)
        made = [Maker(firm, *names.get(firm, (firm, False)), placement) for firm, placement in best.items()]
        return sorted(made, key=lambda maker: (-maker.placement.confidence, maker.name))

    def nodes_of(self, firm: str) -> list[Node]:
        """The nodes a firm stands on, in the order of the chains."""
        keys = {self._keys[one.node_id] for one in self.placements if one.firm == firm}
        return [one for key, one in self.nodes.items() if key in keys]


def here(today: dt.date, limits: Limits | None = None) -> Here:
    """The chain on ``today``."""
    return Here(today, limits or LIMITS)


def names_of(firms: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Firm → name and whether it is made up."""
    keys, found = list(firms), {}
    for at in range(0, len(keys), 900):
        rows = Organisation.objects.filter(key__in=keys[at : at + 900])
        found |= {one.key: (one.short_name or one.name, one.synthetic) for one in rows}
    return found


@lru_cache(maxsize=2)
def _told(_snapshot: str, today: dt.date) -> dict[str, tuple[int, dt.date, list[dict[str, Any]]]]:
    """Buyer → its latest whole statement of suppliers: record, date, entries. All records are looked through, so it is
    done once for a snapshot of the register."""
    rows = (
        registers.live_records()
        .filter(values__has_key="suppliers", as_of__lte=today)
        .order_by("-source__rank", "as_of", "recorded_at", "pk")
        .values_list("subject", "pk", "as_of", "values")
    )
    into = registers.pointers()

    def read(entry: dict[str, Any]) -> dict[str, Any]:
        supplier = _supplier(entry)
        return entry | {"org": into[supplier]} if supplier in into else entry

    return {
        into.get(subject, subject): (pk, as_of, [read(entry) for entry in values["suppliers"] or []])
        for subject, pk, as_of, values in rows
    }


def _supplier(entry: dict[str, Any]) -> str:
    return str(entry.get("org") or entry.get("type") or "")


def _supplies(told: dict[str, tuple[int, dt.date, list[dict[str, Any]]]], nodes: set[str]) -> list[Supply]:
    named = {_supplier(entry) for _pk, _day, entries in told.values() for entry in entries}
    local: set[str] = set()
    for at in range(0, len(keys := sorted(named)), 900):
        firms = Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE, key__in=keys[at : at + 900])
        local |= set(firms.values_list("key", flat=True))
    return [
        Supply(
            buyer=buyer,
            supplier=_supplier(entry),
            node=str(entry["node"]),
            share=entry["share"] / 100 if isinstance(entry.get("share"), int | float) else None,
            local=_supplier(entry) in local,
            as_of=as_of,
        )
        for buyer, (_pk, as_of, entries) in told.items()
        for entry in entries
        if entry.get("node") in nodes and _supplier(entry) not in ("", buyer)
    ]
