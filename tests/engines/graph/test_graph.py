"""Laws of the chain graph: reach, layers, cycles found and named, pictures in which nothing overlaps."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as Tree

from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.graph import Edge, EdgeKind, FaultCode, Graph, Node, NodeKind, faults, graphml, picture

KEYS = [f"n{i}" for i in range(8)]
KINDS = st.sampled_from(list(EdgeKind))
EDGES = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), KINDS), max_size=24).map(
    lambda rows: [Edge(tail, head, kind, source="s", place=f"f:{i}") for i, (tail, head, kind) in enumerate(rows)]
)
NODES = [Node(key, NodeKind.PRODUCT, key, stage=f"s{i % 3}") for i, key in enumerate(KEYS)]
SUPPLY = (EdgeKind.MATERIAL, EdgeKind.DOWNSTREAM)


def chain(*pairs: tuple[str, str], kind: EdgeKind = EdgeKind.MATERIAL) -> list[Edge]:
    return [Edge(tail, head, kind, source="s", place=f"f:{at}") for at, (tail, head) in enumerate(pairs)]


def graph(edges: list[Edge]) -> Graph:
    keys = dict.fromkeys(key for edge in edges for key in (edge.tail, edge.head))
    return Graph([Node(key) for key in keys], edges)


@given(EDGES)
def test_downstream_of_one_is_upstream_of_the_other(edges: list[Edge]) -> None:
    made = Graph(NODES, edges)
    for key in KEYS:
        for other, distance in made.reach(key).items():
            assert made.reach(other, "up")[key] == distance
            assert other != key
        assert made.reach(key, most=1) == dict.fromkeys(made.down(key), 1)


@given(EDGES)
def test_supply_leads_to_a_later_layer_but_for_cycles(edges: list[Edge]) -> None:
    made = Graph(NODES, edges)
    layers = made.layers()
    for edge in made.edges:
        if edge.kind in SUPPLY:
            in_cycle = edge.tail in made.reach(edge.head)
            assert (layers[edge.tail] == layers[edge.head]) if in_cycle else (layers[edge.tail] < layers[edge.head])


@given(EDGES)
def test_a_cycle_is_named_exactly_when_supply_returns_to_where_it_began(edges: list[Edge]) -> None:
    supply = [edge for edge in edges if edge.kind in SUPPLY and edge.tail != edge.head]
    made = Graph(NODES, supply)
    named = [fault for fault in faults(NODES, supply) if fault.code is FaultCode.CYCLE]
    turning = {key for key in KEYS if any(key in made.reach(other) for other in made.down(key))}
    assert bool(named) == bool(turning)
    for fault in named:
        ring = (*fault.nodes, fault.nodes[0])
        assert all(head in made.down(tail) for tail, head in itertools.pairwise(ring))
        assert fault.place == supply[fault.edge].place  # type: ignore[index]


def test_each_fault_names_its_place() -> None:
    edges = [
        Edge("a", "b", EdgeKind.MATERIAL, "s", place="f:1"),
        Edge("a", "a", EdgeKind.MATERIAL, "s", place="f:2"),
        Edge("a", "z", EdgeKind.MATERIAL, "s", place="f:3"),
        Edge("b", "c", EdgeKind.MATERIAL, "", place="f:4"),
        Edge("a", "b", EdgeKind.MATERIAL, "s", place="f:5"),
        Edge("c", "a", EdgeKind.DOWNSTREAM, "s", place="f:6"),
    ]
    found = faults([Node("a"), Node("b"), Node("c"), Node("a")], edges)
    assert [(one.code.value, one.place) for one in found] == [
        ("node_twice", ""),
        ("self_loop", "f:2"),
        ("unknown_node", "f:3"),
        ("no_source", "f:4"),
        ("edge_twice", "f:5"),
        ("cycle", "f:6"),
    ]
    assert found[2].nodes == ("z",) and set(found[-1].nodes) == {"a", "b", "c"}


def test_kinds_and_substitutes_carry_no_supply() -> None:
    made = Graph(
        [Node(key) for key in "abc"], [*chain(("a", "b"), kind=EdgeKind.SUBCLASS), Edge("b", "c", EdgeKind.SUBSTITUTE)]
    )
    assert not made.reach("a") and list(made.with_kinds("b")) == ["b", "a"] and list(made.above("a")) == ["b"]
    assert made.substitutes("c") == ["b"] and made.substitutes("b") == ["c"]


@given(EDGES)
def test_no_two_boxes_of_a_picture_overlap(edges: list[Edge]) -> None:
    drawn = picture(Graph(NODES, edges), ["s0", "s1"], ["s2"])
    assert {box.node for box in drawn.boxes} == set(KEYS)
    for i, one in enumerate(drawn.boxes):
        assert one.x >= 0 and one.x + one.width <= drawn.width and one.y + one.height <= drawn.height
        for two in drawn.boxes[i + 1 :]:
            beside = one.x + one.width <= two.x or two.x + two.width <= one.x
            assert beside or one.y + one.height <= two.y or two.y + two.height <= one.y


@given(EDGES)
def test_graphml_holds_every_node_and_edge(edges: list[Edge]) -> None:
    made = Graph(NODES, edges)
    written = graphml(made, {"n0": {"firms": 3, "note": "稀土\x07<永磁>"}})
    assert written == graphml(made, {"n0": {"firms": 3, "note": "稀土\x07<永磁>"}})
    root = Tree.fromstring(written)
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(root.findall(f"{space}graph/{space}node")) == len(KEYS)
    assert len(root.findall(f"{space}graph/{space}edge")) == len(made.edges)
    assert "稀土<永磁>" in "".join(root.itertext())
