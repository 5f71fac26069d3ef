"""Firms on nodes: on which words, how sure, who decided, and what is written down."""

from __future__ import annotations

import datetime as dt

import pytest
from chain_world import DAY, NOW, firm, made, tell

from gangshen.apps.chain import services
from gangshen.apps.chain.models import Node, Placement
from gangshen.apps.identity import services as identity
from gangshen.apps.registers import services as registers
from gangshen.apps.registers.models import Batch, Record
from gangshen.engines.formats import FormatError
from gangshen.web.errors import Refused

pytestmark = pytest.mark.django_db


def placed(key: str) -> dict[str, tuple[str, bool]]:
    return {one.node.key: (one.basis, one.sure) for one in Placement.objects.filter(firm=key).select_related("node")}


def known(key: str) -> list[str]:
    fact = registers.facts(key, DAY).get("chain_nodes")
    entries = fact.value if fact and fact.value else []
    return sorted(entry["node"] for entry in entries if not entry.get("withdrawn_on"))


def test_each_ground_places_and_a_scope_never_counts_before_review(world) -> None:
    assert placed("body0") == {"body": ("product", True)}
    assert placed("only") == {"reducer": ("product", True)}
    assert placed("scope") == {"force": ("scope", False)}
    assert placed("told") == {"sensor": ("declared", True)}
    assert placed("unsure") == {"sensor": ("declared", False)}
    here = services.here(DAY)
    assert here.strengths["sensor"].makers == ("told",)
    assert len(here.strengths["body"].makers) == 6


def test_a_placement_opens_to_its_record(world) -> None:
    one = Placement.objects.get(firm="only")
    record = Record.objects.get(pk=one.record)
    assert one.ref == f"rec:{record.pk}#products" and record.subject == "only"
    assert one.words == "谐波减速器" and one.confidence == 0.95


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("谐波减速器", "reducer"),
        ("高精度谐波减速器总成", "reducer"),
        ("六维力 传感器", "force"),
        ("六维力传感器标定服务", "force"),
        ("电池包（标准型）", "battery"),
        ("烘焙食品", None),
        ("", None),
    ],
)
def test_words_to_nodes(world, text, node) -> None:
    match = services.Terms(Node.objects.all()).product(text)
    assert (match and match.node) == node


def test_proposing_again_changes_nothing_and_keeps_decisions(world) -> None:
    scope = Placement.objects.get(firm="scope")
    services.decide([scope.pk], "confirmed", actor=world.user.operator, now=NOW, today=DAY)
    before = sorted(Placement.objects.values_list("firm", "node__key", "state"))
    counts = services.propose(DAY)
    assert sorted(Placement.objects.values_list("firm", "node__key", "state")) == before
    assert counts == {"firms": 10, "sure": 8, "pending": 1, "decided": 1}


def test_a_decision_is_written_down_once_as_a_record_of_the_desk(world) -> None:
    scope = Placement.objects.get(firm="scope")
    services.decide([scope.pk], "confirmed", actor=world.user.operator, now=NOW, today=DAY)
    assert known("scope") == ["force"]
    batch = Batch.objects.order_by("-pk").first()
    assert (batch.source.key, batch.actor, batch.rows) == ("chain-desk", world.user.operator, 1)
    services.decide([scope.pk], "confirmed", actor=world.user.operator, now=NOW, today=DAY)
    assert Batch.objects.order_by("-pk").first() == batch
    later = NOW + dt.timedelta(hours=1)
    services.decide([scope.pk], "refused", actor=world.user.operator, now=later, today=DAY)
    assert known("scope") == []
    assert services.here(DAY).strengths["force"].makers == ()


def test_the_desks_own_word_is_no_ground_for_a_new_proposal(world) -> None:
    assert services.write_down(DAY, now=NOW) == 7
    assert services.write_down(DAY, now=NOW) == 0
    services.propose(DAY)
    assert placed("only") == {"reducer": ("product", True)}
    tell([firm("only", products=made("动力电池"))], "visit2")
    services.propose(DAY)
    assert placed("only") == {"battery": ("product", True), "reducer": ("product", True)}


def test_a_list_that_was_renewed_meanwhile_is_refused(world) -> None:
    pk = Placement.objects.get(firm="scope").pk
    services.propose(DAY)
    with pytest.raises(Refused, match="no longer there"):
        services.decide([pk], "confirmed", actor=world.user.operator, now=NOW, today=DAY)


def test_by_hand_needs_a_ground(world) -> None:
    node = Node.objects.get(key="battery")
    with pytest.raises(Refused, match="needs its ground"):
        services.place_by_hand("scope", node, "  ", actor=world.user.operator, now=NOW, today=DAY)
    services.place_by_hand("scope", node, "走访所见", actor=world.user.operator, now=NOW, today=DAY)
    assert known("scope") == ["battery"]


def test_firms_that_were_merged_are_one_maker_and_one_supplier(world) -> None:
    node = Node.objects.get(key="reducer")
    services.place_by_hand("scope", node, "走访所见", actor=world.user.operator, now=NOW, today=DAY)
    tell([firm("body1", suppliers=[{"type": "scope公司", "org": "scope", "node": "reducer", "share": 100}])])
    assert {one.firm for one in services.here(DAY).makers("reducer")} == {"only", "scope"}
    officer = identity.create_user("officer", None, by=None, now=NOW, roles=["data_officer"])
    batch = registers.merge("only", "scope", actor=officer, now=NOW)
    here = services.here(DAY)
    assert [one.firm for one in here.makers("reducer")] == ["only"] and len(here.strengths["reducer"].makers) == 1
    assert [(one.buyer, one.supplier) for one in here.supplies] == [("body1", "only")]
    registers.unmerge(batch, actor=officer, now=NOW)
    assert {one.firm for one in services.here(DAY).makers("reducer")} == {"only", "scope"}


def test_a_firm_that_supplies_itself_counts_for_nothing(world) -> None:
    tell([
        firm("body0", suppliers=[{"type": "body0公司", "org": "body0", "node": "reducer", "share": 100}]),
        firm("body1", suppliers=[{"type": "only公司", "org": "only", "node": "reducer", "share": 60},
                                 {"type": "外地", "node": "reducer", "share": 40},
                                 {"type": "外地", "node": "nowhere", "share": 40}]),
    ])  # fmt: skip
    here = services.here(DAY)
    assert {(one.buyer, one.supplier) for one in here.supplies} == {("body1", "only"), ("body1", "外地")}
    assert here.strengths["reducer"].local_share == pytest.approx(0.6)
    assert [buyer for buyer, _ref in here.self_supplied] == ["body0"]


SUPPLIES = (
    "buyer,supplier,node,share,as_of\nbody1公司,only,减速器,60%,2026-09-30\nbody1公司,外地甲,reducer,40,2026-09-30\n"
)


def test_what_buyers_tell_is_kept_as_records(world) -> None:
    kept = services.keep_supplies(SUPPLIES.encode(), actor=None, now=NOW)
    assert (kept["buyers"], kept["rows"]) == (1, 2)
    reducer = services.here(DAY).strengths["reducer"]
    assert reducer.local_share == pytest.approx(0.6) and reducer.told == 1
    assert [one["type"] for one in registers.facts("body1", DAY)["suppliers"].value] == ["only公司", "外地甲"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("only,减速器", "body1,减速器", "supplies:2:supplier: a firm cannot supply itself"),
        ("body1公司,外地甲", "没有公司,外地甲", "supplies:3:buyer"),
        ("外地甲,reducer", "外地甲,motor", "supplies:3:node"),
        ("40,2026", "41,2026", "supplies:3:share"),
        ("60%", "many", "supplies:2:share"),
        ("40,2026-09-30", "40,2026-09-31", "supplies:3:as_of"),
        ("外地甲,", ",", "supplies:3:supplier"),
    ],
)
def test_a_fault_of_what_buyers_tell_names_its_row_and_nothing_is_kept(world, old, new, place) -> None:
    before = Record.objects.count()
    with pytest.raises(FormatError, match=place):
        services.keep_supplies(SUPPLIES.replace(old, new).encode(), name="supplies", actor=None, now=NOW)
    assert Record.objects.count() == before
