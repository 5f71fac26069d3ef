"""Chains: read together, because an edge may lead from one file into another; checked as one graph; then kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gangshen.apps.chain.models import Chain, Citation, Edge, Node
from gangshen.engines import graph
from gangshen.engines.formats import FormatError, Problem, Text, dump_yaml, load_yaml, yaml_lines

from ._file import ChainFile, EdgeEntry, NodeEntry, SourceEntry, StageEntry

__all__ = ["check_folder", "dump_chains", "load_chains"]


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as read, with the line of every path in it."""

    name: str
    chain: ChainFile
    lines: dict[str, int]

    def problem(self, field: str, zh: str, en: str) -> Problem:
        return Problem(self.name, self.lines.get(field), field, Text(zh=zh, en=en))


def check_folder(folder: Path) -> int:
    """Read and check ``chain/*.yaml`` (or one file) without keeping anything; returns the number of chains."""
    return len(_read(folder))


def _read(folder: Path) -> list[_Read]:
    paths = [folder] if folder.is_file() else sorted((folder / "chain").glob("*.yaml"))
    found, problems = [], []
    for path in paths:
        name = path.name if folder.is_file() else f"chain/{path.name}"
        try:
            found.append(_Read(name, load_yaml(path, ChainFile, name=name), yaml_lines(path)))
        except FormatError as error:
            problems += error.problems
    problems += [problem for one in found for problem in _own(one)]
    if not problems:
        problems = list(_together(found))
    if problems:
        raise FormatError(problems)
    return found


def _own(read: _Read) -> Iterator[Problem]:
    """Sources and stages that the file names but does not have."""
    chain = read.chain
    sources, stages = {one.key for one in chain.sources}, {one.key for one in chain.stages}
    parts: tuple[tuple[str, tuple[NodeEntry, ...] | tuple[EdgeEntry, ...]], ...] = (
        ("nodes", chain.nodes),
        ("edges", chain.edges),
    )
    for part, rows in parts:
        for at, row in enumerate(rows):
            if row.source not in sources:
                yield read.problem(
                    f"{part}[{at}].source",
                    f"没有来源 {row.source}（在 sources 中加上标题、发布单位与日期）",
                    f"there is no source {row.source} (add it under sources with title, issuer and date)",
                )
    for at, node in enumerate(chain.nodes):
        if node.stage and node.stage not in stages:
            yield read.problem(
                f"nodes[{at}].stage",
                f"没有 {node.stage} 这一列（在 stages 中加上）",
                f"there is no stage {node.stage} (add it under stages)",
            )


def _together(found: list[_Read]) -> Iterator[Problem]:
    """Faults of the graph of all files and of the chains already kept, each at the line of its node or edge."""
    keys = {one.chain.key for one in found}
    nodes = [graph.Node(key) for key in Node.objects.exclude(chain__key__in=keys).values_list("key", flat=True)]
    kept = Edge.objects.exclude(chain__key__in=keys).values_list("tail__key", "head__key", "kind", "citation__key")
    edges = [graph.Edge(tail, head, graph.EdgeKind(kind), source) for tail, head, kind, source in kept]
    before, places = len(edges), []
    node_places: dict[str, list[tuple[_Read, str]]] = {}
    for one in found:
        for at, node in enumerate(one.chain.nodes):
            nodes.append(graph.Node(node.key))
            node_places.setdefault(node.key, []).append((one, f"nodes[{at}].key"))
        for at, edge in enumerate(one.chain.edges):
            edges.append(graph.Edge(edge.tail, edge.head, graph.EdgeKind(edge.type), edge.source))
            places.append((one, at))
    for fault in graph.faults(nodes, edges):
        if fault.code is graph.FaultCode.NODE_TWICE:
            read, field = node_places[fault.nodes[0]][-1]
            yield read.problem(
                field,
                f"环节 {fault.nodes[0]} 已有（换一个 key，或删去其一）",
                f"there is a node {fault.nodes[0]} already (choose another key, or remove one)",
            )
        elif fault.edge is not None and fault.edge >= before:
            read, at = places[fault.edge - before]
            yield read.problem(f"edges[{at}]", *_words(fault))


def _words(fault: graph.Fault) -> tuple[str, str]:
    names = fault.nodes
    match fault.code:
        case graph.FaultCode.UNKNOWN_NODE:
            return (
                f"没有环节 {names[0]}（先加上，或改正）",
                f"there is no node {names[0]} (add it first, or correct it)",
            )
        case graph.FaultCode.SELF_LOOP:
            return f"{names[0]} 指向自身（改正其一端）", f"{names[0]} leads to itself (correct one end)"
        case graph.FaultCode.EDGE_TWICE:
            return "同一关系写了两次（删去其一）", "the same edge is given twice (remove one)"
        case graph.FaultCode.CYCLE:
            ring = " → ".join((*names, names[0]))
            return f"形成环路 {ring}（去掉其中一条）", f"closes the cycle {ring} (remove one of these edges)"
    return "没有来源（写明来源）", "has no source (name it)"


def load_chains(folder: Path) -> int:
    """Keep the chains of the folder; a chain that is there is replaced as a whole but for nodes that others rest on."""
    found = _read(folder)
    for one in found:
        _nodes(one.chain)
    for one in found:
        _edges(one.chain)
    return len(found)


def _nodes(entry: ChainFile) -> None:
    chain, _ = Chain.objects.update_or_create(
        key=entry.key,
        defaults={
            "name": entry.name.zh,
            "name_en": entry.name.en or "",
            "note": entry.note.zh if entry.note else "",
            "note_en": (entry.note.en or "") if entry.note else "",
            "position": entry.position,
            "stages": [
                {"key": one.key, "zh": one.name.zh, "en": one.name.en or "", "band": one.band} for one in entry.stages
            ],
        },
    )
    chain.edges.all().delete()
    cited = {}
    for source in entry.sources:
        values = source.model_dump(exclude={"key"})
        cited[source.key], _ = Citation.objects.update_or_create(chain=chain, key=source.key, defaults=values)
    for at, node in enumerate(entry.nodes):
        Node.objects.update_or_create(
            key=node.key,
            defaults={
                "chain": chain,
                "kind": node.kind,
                "name": node.name.zh,
                "name_en": node.name.en or "",
                "stage": node.stage,
                "terms": list(node.terms),
                "citation": cited[node.source],
                "section": node.section,
                "position": at,
            },
        )
    gone = chain.nodes.exclude(key__in=[node.key for node in entry.nodes])
    gone.filter(leads__isnull=True).delete()
    used = set(chain.nodes.values_list("citation", flat=True))
    chain.citations.exclude(key__in=list(cited)).exclude(pk__in=used).delete()


def _edges(entry: ChainFile) -> None:
    chain = Chain.objects.get(key=entry.key)
    cited = {one.key: one for one in chain.citations.all()}
    ends = {key for edge in entry.edges for key in (edge.tail, edge.head)}
    nodes = {one.key: one for one in Node.objects.filter(key__in=ends)}
    Edge.objects.bulk_create(
        [
            Edge(
                chain=chain,
                tail=nodes[edge.tail],
                head=nodes[edge.head],
                kind=edge.type,
                citation=cited[edge.source],
                section=edge.section,
                confidence=edge.confidence,
                position=at,
            )
            for at, edge in enumerate(entry.edges)
        ],
        batch_size=1000,
    )


def dump_chains(folder: Path) -> None:
    for chain in Chain.objects.all():
        (folder / "chain").mkdir(parents=True, exist_ok=True)
        (folder / "chain" / f"{chain.key}.yaml").write_text(dump_yaml(file_of(chain)), encoding="utf-8")


def file_of(chain: Chain) -> ChainFile:
    """The chain as a file."""
    return ChainFile(
        key=chain.key,
        name=chain.label,
        note=chain.remark,
        position=chain.position,
        sources=tuple(
            SourceEntry(
                key=one.key,
                title=one.title,
                issuer=one.issuer,
                date=one.date,
                document=one.document,
                assumed=one.assumed,
            )
            for one in chain.citations.all()
        ),
        stages=tuple(
            StageEntry(key=one["key"], name=Text(zh=one["zh"], en=one["en"] or None), band=one["band"])
            for one in chain.stages
        ),
        nodes=tuple(
            NodeEntry(
                key=one.key,
                name=one.label,
                kind=one.kind,
                stage=one.stage,
                terms=tuple(one.terms),
                source=one.citation.key,
                section=one.section,
            )
            for one in chain.nodes.select_related("citation")
        ),
        edges=tuple(
            EdgeEntry(
                tail=one.tail.key,
                head=one.head.key,
                type=one.kind,
                source=one.citation.key,
                section=one.section,
                confidence=one.confidence,
            )
            for one in chain.edges.select_related("tail", "head", "citation")
        ),
    )
