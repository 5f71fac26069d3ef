"""Chain files: byte-identical round trips, and every fault with file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest
from chain_world import CANDIDATES, CHAIN, NOW, make_folder

from gangshen.apps.chain import portable
from gangshen.apps.chain.models import Candidate, Chain, Edge, Lead, MapLayer, Node, Placement
from gangshen.engines.formats import FormatError

pytestmark = pytest.mark.django_db
ZONE = Path(__file__).parents[3] / "zones" / "maqiao"


def files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def fault(folder: Path) -> str:
    with pytest.raises(FormatError) as caught:
        portable.load(folder, now=NOW)
    return str(caught.value)


def test_export_load_export_gives_the_same_bytes(world, tmp_path) -> None:
    placement = Placement.objects.filter(node__key="body").order_by("firm").first()
    Placement.objects.filter(pk=placement.pk).update(state="confirmed", decided_at=NOW)
    Lead.objects.create(
        candidate=Candidate.objects.get(key="c1"),
        node=Node.objects.get(key="battery"),
        unit=world.user.operator.organisation,
        taken_at=NOW,
        changed_at=NOW,
        note="约谈",
    )
    portable.dump(tmp_path / "one")
    for model in (Placement, Lead, Candidate, MapLayer, Chain):
        model.objects.all().delete()
    portable.load(tmp_path / "one", now=NOW)
    portable.dump(tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert {"chain/robot.yaml", "chain/placements.csv", "chain/candidates.csv", "chain/leads.csv"} == set(
        files(tmp_path / "one")
    )


def test_the_demo_chains_are_written_as_they_are_exported(db, tmp_path) -> None:
    make_folder(tmp_path / "in").joinpath("chain/robot.yaml").unlink()
    for one in (ZONE / "chain").glob("*.yaml"):
        (tmp_path / "in" / "chain" / one.name).write_bytes(one.read_bytes())
    (tmp_path / "in" / "map").mkdir()
    (tmp_path / "in/map/zone.geojson").write_bytes((ZONE / "map/zone.geojson").read_bytes())
    portable.load(tmp_path / "in", now=NOW)
    portable.dump(tmp_path / "out")
    assert files(tmp_path / "in") == files(tmp_path / "out")
    segments = set(Node.objects.filter(kind="segment").values_list("key", flat=True))
    wanted = (
        "compute model chip sensor controller servo reducer joint_module dexterous_hand body integration application"
    )
    assert set(wanted.split()) <= segments
    assert {"smart_transport", "smart_sensing", "smart_hardware"} <= segments
    assert not Edge.objects.filter(citation__date=None, citation__document="", citation__assumed=False).exists()


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("from: battery, to: body", "from: body, to: body", "robot.yaml:19:edges[3]", "body leads to itself"),
        ("from: battery, to: body", "from: batery, to: body", "robot.yaml:19:edges[3]", "there is no node batery"),
        ("from: battery, to: body, source: plan", "from: battery, to: body", "robot.yaml:19:edges[3].source", ""),
        ("from: battery, to: body, source: plan", "from: battery, to: body, source: ''", "robot.yaml:19:", ""),
        ("from: battery, to: body, source: plan", "from: battery, to: body, source: law", "robot.yaml:19:edges[3].source", "no source law"),
        ("from: battery, to: body", "from: body, to: sensor", "robot.yaml:19:edges[3]", "closes the cycle"),
        ("from: battery, to: body", "from: sensor, to: body", "robot.yaml:19:edges[3]", "given twice"),
        ("{key: battery,", "{key: body,", "robot.yaml:14:nodes[4].key", "there is a node body already"),
        ("stage: body, terms", "stage: bodies, terms", "robot.yaml:14:nodes[4].stage", "no stage bodies"),
        ("kind: segment, stage: body", "kind: part, stage: body", "robot.yaml:14:nodes[4].kind", ""),
        ("confidence: 0.6", "confidence: 6", "robot.yaml:18:edges[2].confidence", ""),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place_and_nothing_is_kept(db, tmp_path, old, new, place, words) -> None:
    assert old in CHAIN
    told = fault(make_folder(tmp_path, CHAIN.replace(old, new, 1)))
    assert f"chain/{place}" in told and words in told
    assert not Chain.objects.exists() and not Node.objects.exists()


def test_a_cycle_over_two_files_names_the_edge_that_closes_it(world, tmp_path) -> None:
    second = """\
key: vision
name: 视觉
sources: [{key: desk, title: 专班整理, assumed: true}]
nodes: [{key: camera, name: 相机, source: desk}]
edges:
  - {from: body, to: camera, source: desk}
  - {from: camera, to: sensor, source: desk}
"""
    folder = make_folder(tmp_path / "two")
    (folder / "chain/vision.yaml").write_text(second, encoding="utf-8")
    told = fault(folder)
    assert "chain/vision.yaml:7:edges[1]" in told and "camera → sensor → body → camera" in told.replace(
        "sensor → body → camera → sensor", "camera → sensor → body → camera"
    ).replace("body → camera → sensor → body", "camera → sensor → body → camera")
    assert not Chain.objects.filter(key="vision").exists()


def test_a_file_without_a_node_that_another_rests_on_says_so(world, tmp_path) -> None:
    portable.load(world.folder, now=NOW)
    assert Edge.objects.count() == 4
    smaller = CHAIN.replace("  - {from: battery, to: body, source: plan, confidence: 0.9}\n", "")
    portable.load(make_folder(tmp_path / "smaller", smaller), now=NOW)
    assert Edge.objects.count() == 3


@pytest.mark.parametrize(
    ("table", "text", "place"),
    [
        ("candidates", CANDIDATES.replace("2024-10-01", "last year"), "chain/candidates.csv:3:as_of"),
        ("candidates", CANDIDATES.replace("乙储能", ""), "chain/candidates.csv:3:name"),
        ("candidates", CANDIDATES.replace(",enterprise,", ",shop,"), "chain/candidates.csv:2:kind"),
        ("placements", "firm,node\nonly,sensors\n", "chain/placements.csv:2:node"),
        ("placements", "firm,node,state\nonly,body,maybe\n", "chain/placements.csv:2:state"),
        ("leads", "candidate,node,unit\nc9,body,desk-a\n", "chain/leads.csv:2:candidate"),
        ("leads", "candidate,node,unit\nc1,body,nobody\n", "chain/leads.csv:2:unit"),
    ],
)
def test_a_fault_of_a_table_is_told_with_its_row(world, tmp_path, table, text, place) -> None:
    before = Candidate.objects.count(), Placement.objects.count(), Lead.objects.count()
    assert place in fault(make_folder(tmp_path / "bad", **{table: text}))
    assert (Candidate.objects.count(), Placement.objects.count(), Lead.objects.count()) == before


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "map/zone.geojson:1"),
        ("[]", "map/zone.geojson:1:features"),
        ('{"features": [{"properties": {"kind": "town"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}', "features[0].geometry"),
        ('{"features": [{"properties": {"name": "a", "kind": "lake"}}]}', "features[0].properties.kind"),
    ],
)  # fmt: skip
def test_a_map_that_is_none_is_refused(world, tmp_path, text, place) -> None:
    folder = make_folder(tmp_path / "bad")
    (folder / "map").mkdir()
    (folder / "map/zone.geojson").write_text(text, encoding="utf-8")
    assert place in fault(folder)
