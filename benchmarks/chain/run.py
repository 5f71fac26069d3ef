"""A chain of 50,000 nodes, beside networkx where it is installed.

``run.py [--nodes N] [--firms N] [--edges FILE]`` makes a chain (seed 7), or reads one (a CSV src,dst,rel; relations
上游材料, 下游产品, 产品小类), places firms on it and asks what the pages ask. It prints a table and, last, one line of JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gangshen.engines.graph import (
    Edge,
    EdgeKind,
    Graph,
    Node,
    Placement,
    Supply,
    faults,
    gaps,
    stops,
    strengths,
)


def made(nodes: int, seed: int) -> tuple[list[Node], list[Edge]]:
    """Supply forward in the order of the keys, as shallow and wide as public chains are, and kinds of every third node."""
    draw = random.Random(seed)
    keys = [f"n{i}" for i in range(nodes)]
    edges = []
    for at in range(1, nodes):
        if at % 3 == 0:
            edges.append(Edge(keys[at], keys[draw.randrange(at)], EdgeKind.SUBCLASS, "made"))
        for _ in range(draw.choice((0, 1, 1, 2))):
            edges.append(Edge(keys[draw.randrange(max(0, at - 5000), at)], keys[at], EdgeKind.MATERIAL, "made"))
    return [Node(key) for key in keys], edges


def read(path: Path) -> tuple[list[Node], list[Edge]]:
    edges = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            source, relation, target = row["src"], row["rel"], row["dst"]
            if relation == "上游材料":  # the target is an upstream material of the source
                edges.append(Edge(target, source, EdgeKind.MATERIAL, "file"))
            elif relation == "产品小类":
                edges.append(Edge(target, source, EdgeKind.SUBCLASS, "file"))
            else:
                edges.append(Edge(source, target, EdgeKind.DOWNSTREAM, "file"))
    return [Node(key) for key in dict.fromkeys(key for edge in edges for key in (edge.tail, edge.head))], edges


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    answer = work()
    return answer, round(time.perf_counter() - start, 3)


def ours(nodes: list[Node], edges: list[Edge], firms: int, seed: int) -> tuple[dict[str, float], Graph]:
    draw = random.Random(seed + 1)
    rows = [Placement(f"f{i % firms}", draw.choice(nodes).key) for i in range(firms * 2)]
    told = [Supply(f"f{draw.randrange(firms)}", f"f{i}", rows[i].node, 0.5, True) for i in range(firms)]
    spent: dict[str, float] = {}
    graph, spent["build"] = timed(lambda: Graph(nodes, edges))
    _, spent["faults"] = timed(lambda: faults(nodes, edges))
    _, spent["layers"] = timed(graph.layers)
    strong, spent["strengths"] = timed(lambda: strengths(graph, rows, told))
    found, spent["gaps"] = timed(lambda: gaps(graph, strong))
    _, spent["one supplier stops"] = timed(lambda: stops(graph, strong, told, "f1"))
    asked = [node.key for node in nodes[:: max(1, len(nodes) // 1000)]][:1000]
    _, spent["1,000 upstream reaches"] = timed(lambda: [graph.reach(key, "up") for key in asked])
    spent["answered (build to gaps)"] = round(sum(spent[name] for name in ("build", "strengths", "gaps")), 3)
    spent["gaps found"] = len(found)
    return spent, graph


def peer(graph: Graph) -> dict[str, float]:
    try:
        import networkx as nx
    except ImportError:
        return {}
    supply = [(edge.tail, edge.head) for edge in graph.edges if graph.supply_edge(edge.tail, edge.head) is edge]

    def build() -> Any:
        drawn = nx.DiGraph()
        drawn.add_nodes_from(graph.nodes)
        drawn.add_edges_from(supply)
        return drawn

    spent: dict[str, float] = {}
    drawn, spent["build"] = timed(build)
    _, spent["strongly connected"] = timed(lambda: list(nx.strongly_connected_components(drawn)))
    asked = list(graph.nodes)[:: max(1, len(graph) // 1000)][:1000]
    reached, spent["1,000 upstream reaches"] = timed(lambda: [nx.ancestors(drawn, key) for key in asked])
    equal = all(set(graph.reach(key, "up")) == found for key, found in zip(asked, reached, strict=True))
    return spent | {"reaches equal": float(equal)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=50_000)
    parser.add_argument("--firms", type=int, default=5_000)
    parser.add_argument("--edges", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    nodes, edges = read(given.edges) if given.edges else made(given.nodes, given.seed)
    spent, graph = ours(nodes, edges, given.firms, given.seed)
    beside = peer(graph)
    out = sys.stdout.write
    out(f"{len(nodes)} nodes, {len(edges)} edges, {given.firms} firms\n")
    for name, seconds in spent.items():
        out(f"  {name:<28} {seconds:>9}\n")
    for name, seconds in beside.items():
        out(f"  networkx: {name:<18} {seconds:>9}\n")
    out(json.dumps({"nodes": len(nodes), "edges": len(edges), "ours": spent, "networkx": beside}) + "\n")


if __name__ == "__main__":
    main()
