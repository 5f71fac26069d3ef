"""GraphML, which Gephi, yEd and networkx read (graphml.graphdrawing.org, 1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as Tree

from ._graph import Graph

__all__ = ["graphml"]

_SPACE = "http://graphml.graphdrawing.org/xmlns"
_EDGE = (("type", "string"), ("source_key", "string"), ("date", "string"), ("confidence", "double"))


def graphml(graph: Graph, values: Mapping[str, Mapping[str, str | int | float | None]] | None = None) -> bytes:
    """The graph with name, kind and stage of nodes, type, source, date and confidence of edges.

    ``values``: node → further attributes (None is left out). The same graph gives the same bytes.
    """
    values = values or {}
    names = sorted({name for of in values.values() for name in of})
    root = Tree.Element("graphml", xmlns=_SPACE)
    for name, kind in (("name", "string"), ("kind", "string"), ("stage", "string")):
        Tree.SubElement(root, "key", {"id": name, "for": "node", "attr.name": name, "attr.type": kind})
    for name in names:
        held = [of[name] for of in values.values() if of.get(name) is not None]
        number = bool(held) and all(isinstance(one, int | float) for one in held)
        Tree.SubElement(
            root,
            "key",
            {"id": name, "for": "node", "attr.name": name, "attr.type": "double" if number else "string"},
        )
    for name, kind in _EDGE:
        Tree.SubElement(root, "key", {"id": f"e_{name}", "for": "edge", "attr.name": name, "attr.type": kind})
    drawn = Tree.SubElement(root, "graph", edgedefault="directed")
    for key, node in sorted(graph.nodes.items()):
        element = Tree.SubElement(drawn, "node", id=key)
        own: dict[str, str | int | float | None] = {"name": node.name, "kind": node.kind.value, "stage": node.stage}
        for name, value in (own | dict(values.get(key, {}))).items():
            if value is not None and value != "":
                Tree.SubElement(element, "data", key=name).text = _clean(str(value))
    for edge in graph.edges:
        element = Tree.SubElement(drawn, "edge", source=edge.tail, target=edge.head)
        said = (edge.kind.value, edge.source, edge.date.isoformat() if edge.date else "", f"{edge.confidence:g}")
        for (name, _kind), text in zip(_EDGE, said, strict=True):
            if text:
                Tree.SubElement(element, "data", key=f"e_{name}").text = _clean(text)
    Tree.indent(root, " ")
    written: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r")
