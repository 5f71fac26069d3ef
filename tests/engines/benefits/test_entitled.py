"""What a firm gets of several policies together, and what keeps a set of policies from being used."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gangshen.engines.benefits import (
    Benefit,
    Granted,
    Interval,
    Standing,
    Why,
    check_policies,
    entitled,
    entitled_columns,
    load_policies,
    load_sound,
    standing_columns,
    standings,
)
from gangshen.engines.formats import FormatError
from gangshen.engines.rules import Columns, Decision
from gangshen.engines.vocabulary import Vocabulary

VOCABULARY = Vocabulary.load_builtin()
DAY = dt.date(2026, 11, 21)
WAN = 10**6
YES, UNKNOWN, NO = Decision.YES, Decision.UNKNOWN, Decision.NO
TOTAL = {"name": "equipment-total", "rate": 0.3, "base": "equipment_investment"}


def benefit(**parts: Any) -> Benefit:
    return Benefit.model_validate({"kind": "subsidy"} | parts)


BENEFITS = {
    "top-up": benefit(rate=0.5, matches="city", ceilings=[TOTAL]),
    "city": benefit(rate=0.2, base="equipment_investment", ceilings=[TOTAL], caps=[{"amount_fen": "500万元"}]),
    "renewal": benefit(rate=0.1, base="equipment_investment", exclusive="equipment", not_with=["city"]),
    "research": benefit(
        rate=0.1, base="rd_expense", exclusive="equipment", caps=[{"amount_fen": "9万元", "per": "year"}]
    ),
    "open": benefit(judgement=True),
}


def test_a_matching_grant_follows_the_grant_and_both_stay_under_their_ceiling() -> None:
    subject = {"equipment_investment": 1000 * WAN, "rd_expense": 10 * WAN}
    found = entitled(BENEFITS, dict.fromkeys(BENEFITS, YES), subject, VOCABULARY, DAY)
    assert found.paid == {
        "city": Interval(200 * WAN, 200 * WAN),
        "top-up": Interval(100 * WAN, 100 * WAN),
        "research": Interval(WAN, WAN),
        "open": Interval(0, 0),
    }
    assert found.left_out["renewal"].why is Why.EXCLUDED
    assert found.left_out["renewal"].because == ("city", "research")
    assert found.left_out["renewal"].instead == Interval(100 * WAN, 100 * WAN)
    before = {"city": Granted(0, 250 * WAN), "equipment-total": Granted(40 * WAN, 40 * WAN)}
    later = entitled(BENEFITS, {"top-up": YES, "renewal": YES}, subject, VOCABULARY, DAY, granted=before)
    assert later.paid == {"top-up": Interval(125 * WAN, 125 * WAN)}
    assert later.left_out["renewal"].why is Why.GRANTED
    unknown = entitled(BENEFITS, {"city": UNKNOWN, "research": UNKNOWN}, {}, VOCABULARY, DAY)
    assert unknown.paid == {"city": Interval(0, 500 * WAN), "research": Interval(0, 9 * WAN)}


def stand(decisions: dict[str, Decision], subject: dict[str, int], **granted: Granted[int]) -> dict[str, Standing]:
    before = {name.replace("_", "-"): sums for name, sums in granted.items()}
    return standings(BENEFITS, decisions, subject, VOCABULARY, DAY, granted=before)


def test_what_stands_says_what_lowered_it() -> None:
    subject = {"equipment_investment": 1000 * WAN, "rd_expense": 1000 * WAN}
    everything = dict.fromkeys(BENEFITS, YES)
    plain = stand(everything, subject)
    assert plain["top-up"] == Standing(Interval(100 * WAN, 100 * WAN), matched=Interval(200 * WAN, 200 * WAN))
    assert plain["research"] == Standing(Interval(9 * WAN, 9 * WAN))
    assert plain["renewal"].amount == Interval(100 * WAN, 100 * WAN), "each by itself, whatever else is taken"
    assert plain["open"].amount is None
    some = stand(everything, subject, research=Granted(4 * WAN, 30 * WAN))
    assert some["research"] == Standing(Interval(5 * WAN, 5 * WAN), less=4 * WAN)
    assert some["renewal"] == Standing(Interval(0, 0), ruled_out=("research",))
    shared = stand(everything, subject, equipment_total=Granted(180 * WAN, 180 * WAN))
    assert shared["city"] == Standing(
        Interval(120 * WAN, 120 * WAN),
        ceiling="equipment-total",
        taken=180 * WAN,
        room=Interval(120 * WAN, 120 * WAN),
    )


def test_a_matching_grant_waits_for_its_grant_and_is_not_paid_twice() -> None:
    subject = {"equipment_investment": 1000 * WAN}
    bare = stand({"top-up": YES, "city": NO}, subject)["top-up"]
    assert (bare.amount, bare.unmatched) == (Interval(0, 0), True)
    maybe = stand({"top-up": YES, "city": UNKNOWN}, subject)["top-up"]
    assert (maybe.amount, maybe.unmatched) == (Interval(0, 100 * WAN), False)
    before = stand({"top-up": YES}, subject, city=Granted(0, 100 * WAN))["top-up"]
    assert (before.amount, before.matched) == (Interval(50 * WAN, 50 * WAN), Interval(100 * WAN, 100 * WAN))
    paid = stand({"top-up": YES}, subject, city=Granted(0, 100 * WAN), top_up=Granted(0, 50 * WAN))["top-up"]
    assert (paid.amount, paid.less) == (Interval(0, 0), 50 * WAN)


money = st.none() | st.sampled_from([0, WAN, 30 * WAN, 1000 * WAN, 10**10])
rows = st.fixed_dictionaries({"equipment_investment": money, "rd_expense": money})
sums = st.integers(0, 10).map(lambda n: n * WAN)


@settings(max_examples=80, deadline=None)
@given(st.lists(rows, min_size=1, max_size=4), st.data())
def test_every_row_gets_what_it_gets_alone(data: list[dict[str, Any]], draw: st.DataObject) -> None:
    n = len(data)
    decisions = np.array(
        [draw.draw(st.lists(st.sampled_from([0, 1, 2]), min_size=n, max_size=n)) for _ in BENEFITS], dtype=np.uint8
    )
    earlier = st.sampled_from(["city", "top-up", "renewal", "research", "old", "equipment-total"])
    names = draw.draw(st.lists(earlier, unique=True))
    before = {
        name: [Granted(x, x + y) for x, y in draw.draw(st.lists(st.tuples(sums, sums), min_size=n, max_size=n))]
        for name in names
    }
    groups = {"old": "equipment"}
    columns = Columns(pl.DataFrame(data, schema=dict.fromkeys(data[0], pl.Int64)), VOCABULARY, DAY)
    told_columns = {
        name: Granted(np.array([g.year for g in told]), np.array([g.ever for g in told]))
        for name, told in before.items()
    }
    found = entitled_columns(BENEFITS, decisions, columns, DAY, granted=told_columns, groups=groups)
    coded = dict(zip(BENEFITS, decisions, strict=True))
    amounts = standing_columns(BENEFITS, coded, columns, DAY, granted=told_columns, groups=groups)
    for i, row in enumerate(data):
        decided = {name: (NO, UNKNOWN, YES)[decisions[k, i]] for k, name in enumerate(BENEFITS)}
        one = entitled(
            BENEFITS,
            decided,
            row,
            VOCABULARY,
            DAY,
            granted={name: told[i] for name, told in before.items()},
            groups=groups,
        )
        assert (found.low[i], found.high[i]) == (one.total.low, one.total.high)
        alone = standings(
            BENEFITS,
            decided,
            row,
            VOCABULARY,
            DAY,
            granted={name: told[i] for name, told in before.items()},
            groups=groups,
        )
        for name, standing in alone.items():
            paid = standing.amount
            assert (paid is not None) == amounts[name].known[i]
            assert paid is None or (paid.low, paid.high) == (amounts[name].low[i], amounts[name].high[i])


FRAME = """\
id: {id}
title: {id}
theme: 测试
issuer: 某区
versions:
  - version: "1"
    status: draft
    authority: 某局
    eligibility:
      all:
        - {{id: a, attribute: revenue, operator: ge, value: {value}, unit: 万元}}
    benefit:
      kind: subsidy
{benefit}
"""


def written(folder: Path, **benefits: str) -> list[Path]:
    for id, text in benefits.items():
        value, _, text = text.rpartition("|")
        lines = "\n".join("      " + line for line in text.split("; "))
        (folder / f"{id}.yaml").write_text(FRAME.format(id=id, benefit=lines, value=value or 1), encoding="utf-8")
    return sorted(folder.glob("*.yaml"))


@pytest.mark.parametrize(
    ("files", "place", "says"),
    [
        ({"a": "rate: 30; base: revenue"}, "a.yaml:14:versions[0].benefit.rate", "write 30 % as 0.3"),
        (
            {"a": "amount_fen: 5; floor_fen: 9; caps: [{amount_fen: 7}]"},
            "a.yaml:16:versions[0].benefit.caps[0].amount_fen",
            "below the floor",
        ),
        ({"a": "[1, 2]|amount_fen: 5"}, "a.yaml:11:versions[0].eligibility.all[0]", "compares with one value"),
        ({"a": "amount_fen: 5; not_with: [b]"}, "a.yaml:15:versions[0].benefit.not_with[0]", "no other policy"),
        ({"a": "amount_fen: 5\n    entity: rocket"}, "a.yaml:15:versions[0].entity", "unknown kind"),
        ({"a": "rate: 0.5; matches: b"}, "a.yaml:15:versions[0].benefit.matches", "no other policy"),
        (
            {"a": "rate: 0.5; matches: b", "b": "rate: 0.5; matches: a"},
            "a.yaml:15:versions[0].benefit.matches",
            "round a circle",
        ),
        (
            {"a": "amount_fen: 5; exclusive: g", "b": "rate: 0.5; matches: a; exclusive: g"},
            "b.yaml:15:versions[0].benefit.matches",
            "exclusive with it",
        ),
        (
            {
                "a": "amount_fen: 5; ceilings: [{name: x, amount_fen: 9}]",
                "b": "amount_fen: 5; ceilings: [{name: x, amount_fen: 8}]",
            },
            "b.yaml:15:versions[0].benefit.ceilings[0]",
            "differs from that of a",
        ),
        (
            {
                "a": "amount_fen: 5; ceilings: [{name: x, amount_fen: 9}]",
                "b": "amount_fen: 5; ceilings: [{name: x, amount_fen: 9}, {name: y, amount_fen: 8}]",
                "c": "amount_fen: 5; ceilings: [{name: y, amount_fen: 8}]",
            },
            "b.yaml:15:versions[0].benefit.ceilings",
            "cross",
        ),
    ],
)
def test_a_fault_names_file_line_and_field(tmp_path: Path, files: dict[str, str], place: str, says: str) -> None:
    paths = written(tmp_path, **files)
    with pytest.raises(FormatError) as caught:
        load_sound(paths, VOCABULARY)
    assert any(str(problem).startswith(place + ":") and says in str(problem) for problem in caught.value.problems), str(
        caught.value
    )
    assert any(says in str(problem) for problem in check_policies(load_policies(paths), VOCABULARY))


def test_sound_policies_are_read(tmp_path: Path) -> None:
    paths = written(tmp_path, a="amount_fen: 5; not_with: [b]", b="rate: 0.5; matches: c", c="amount_fen: 7")
    assert [policy.id for policy in load_sound(paths, VOCABULARY)] == ["a", "b", "c"]
