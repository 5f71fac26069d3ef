"""Strength, gaps and stops: what they count, and what must not change them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.graph import (
    Edge,
    EdgeKind,
    GapKind,
    Graph,
    Level,
    Limits,
    Node,
    Placement,
    Supply,
    gaps,
    hhi,
    stops,
    strengths,
)

SHARES = st.lists(st.floats(0.01, 100), min_size=1, max_size=12)


def material(tail: str, head: str, confidence: float = 1.0) -> Edge:
    return Edge(tail, head, EdgeKind.MATERIAL, source="s", confidence=confidence)


# motor → joint → body; encoder is a kind of sensor → joint; lidar may stand for camera
CHAIN = Graph(
    [Node(key) for key in ("motor", "joint", "body", "sensor", "encoder", "camera", "lidar")],
    [
        material("motor", "joint"),
        material("joint", "body"),
        material("sensor", "joint", 0.8),
        Edge("encoder", "sensor", EdgeKind.SUBCLASS, source="s"),
        material("camera", "body"),
        Edge("lidar", "camera", EdgeKind.SUBSTITUTE, source="s"),
    ],
)


def placed(**firms: int) -> list[Placement]:
    return [Placement(f"{node}-{i}", node) for node, count in firms.items() for i in range(count)]


@given(SHARES, st.floats(0.1, 1000))
def test_concentration_lies_between_equal_parts_and_one_and_knows_no_scale(shares: list[float], scale: float) -> None:
    value = hhi(shares)
    assert value is not None and 1 / len(shares) - 1e-9 <= value <= 1 + 1e-9
    assert hhi([share * scale for share in shares]) == pytest.approx(value)
    assert hhi([1.0] * len(shares)) == pytest.approx(1 / len(shares))
    assert hhi([]) is None


def test_a_node_counts_the_makers_of_its_kinds_each_once() -> None:
    found = strengths(CHAIN, [*placed(encoder=2, sensor=1), Placement("encoder-0", "sensor")])
    assert found["sensor"].makers == ("encoder-0", "encoder-1", "sensor-0")
    assert [found[key].level for key in ("motor", "encoder", "sensor")] == [Level.MISSING, Level.THIN, Level.ENOUGH]


def test_the_local_share_is_of_what_buyers_told_and_a_firm_that_supplies_itself_tells_nothing() -> None:
    told = [
        Supply("a", "x", "motor", 0.6, local=True),
        Supply("a", "y", "motor", 0.4),
        Supply("b", "y", "motor"),
        Supply("c", "c", "motor", 1.0, local=True),
    ]
    motor = strengths(CHAIN, [], told)["motor"]
    assert motor.local_share == pytest.approx(0.3) and motor.told == 2
    assert motor.hhi == pytest.approx(0.3**2 + 0.7**2)
    assert strengths(CHAIN, [])["motor"].local_share is None


def test_fresh_on_one_ground_is_not_stale() -> None:
    rows = [Placement("a", "motor", stale=True), Placement("b", "motor", stale=True), Placement("a", "motor")]
    assert strengths(CHAIN, rows)["motor"].stale == 0.5


def test_gaps_are_ranked_by_who_waits_and_say_through_what() -> None:
    found = gaps(CHAIN, strengths(CHAIN, placed(joint=8, body=3, sensor=5)), Limits(need=3))
    assert [(gap.node, gap.kind, len(gap.waiting), gap.through) for gap in found] == [
        ("motor", GapKind.MISSING, 8, ()),
        ("encoder", GapKind.MISSING, 8, ("sensor",)),
        ("camera", GapKind.MISSING, 3, ()),
    ]
    assert found[0].score == 8 and found[1].score == pytest.approx(8 * 0.8 * 0.5)


def test_below_the_threshold_is_no_gap_and_a_substitute_lessens_one() -> None:
    here = strengths(CHAIN, placed(body=4))
    assert not gaps(CHAIN, here, Limits(need=5))
    alone = {gap.node: gap.score for gap in gaps(CHAIN, here, Limits(need=4))}
    helped = {gap.node: gap for gap in gaps(CHAIN, strengths(CHAIN, placed(body=4, lidar=3)), Limits(need=4))}
    assert helped["camera"].substitutes == ("lidar",) and helped["camera"].score == alone["camera"] / 2


def test_makers_that_sell_elsewhere_leave_a_blocked_node() -> None:
    told = [Supply(f"joint-{i}", "far", "motor", 1.0) for i in range(3)]
    rows = placed(motor=5, joint=6)
    kinds = {gap.node: gap.kind for gap in gaps(CHAIN, strengths(CHAIN, rows, told))}
    assert kinds["motor"] is GapKind.BLOCKED
    assert "motor" not in {gap.node for gap in gaps(CHAIN, strengths(CHAIN, rows, told[:2]))}


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))
def test_one_more_maker_never_makes_its_own_gap_worse(motors: int, joints: int, bodies: int) -> None:
    def score(count: int) -> float:
        found = gaps(CHAIN, strengths(CHAIN, placed(motor=count, joint=joints, body=bodies)), Limits(need=1))
        return next((gap.score for gap in found if gap.node == "motor"), 0.0)

    assert score(motors + 1) <= score(motors)


def test_if_the_only_motor_maker_stops() -> None:
    told = [Supply("joint-0", "motor-0", "motor", 1.0, local=True), Supply("joint-1", "motor-0", "motor", 0.5)]
    rows = [*placed(motor=1, joint=3, body=2), Placement("motor-0", "body")]
    found = stops(CHAIN, strengths(CHAIN, rows, told), told, "motor-0")
    assert found.lost == ("motor",) and found.thinned == {"body": 2}
    assert found.reached == {"joint": 1, "body": 2}
    assert found.exposed == ("joint-0", "joint-1", "joint-2")
    assert [(one.firm, one.only) for one in found.dependents] == [("joint-0", True), ("joint-1", False)]


def test_a_firm_on_no_node_stops_nothing() -> None:
    found = stops(CHAIN, strengths(CHAIN, []), [], "nobody")
    assert not (found.nodes or found.lost or found.reached or found.dependents)
