"""What is paid: to the fen, capped, and an interval where something is not known."""

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gangshen.engines.benefits import (
    Amounts,
    Benefit,
    BenefitKind,
    Cap,
    Granted,
    Interval,
    Tier,
    Uplift,
    amount,
    amounts,
    check_benefit,
)
from gangshen.engines.rules import Columns, Fact
from gangshen.engines.vocabulary import Vocabulary

VOCABULARY = Vocabulary.load_builtin()
DAY = dt.date(2026, 11, 21)
WAN = 10**6


def pays(benefit: dict[str, Any], granted: Any = 0, **subject: Any) -> tuple[int, int] | None:
    made = Benefit.model_validate({"kind": "subsidy"} | benefit)
    matched = subject.pop("matched", None)
    found = amount(made, subject, VOCABULARY, DAY, granted_so_far=granted, matched=matched)
    return None if found is None else (found.low, found.high)


def title(kind: str, **row: Any) -> list[dict[str, Any]]:
    return [{"type": kind, "level": None, "number": None, "from": None, "to": None, "withdrawn_on": None} | row]


RATED = {"rate": 0.15, "base": "equipment_investment", "net_of_vat": True, "caps": [{"amount_fen": "300万元"}]}
LADDER = {
    "ladder": "certificates",
    "tiers": [
        {"types": ["高企"], "amount_fen": "10万元"},
        {"types": ["小巨人"], "amount_fen": "50万元"},
        {"types": ["企业技术中心/市级"], "amount_fen": "30万元"},
    ],
}
STEPS = {
    "ladder": "equipment_investment",
    "tiers": [
        {"at": 5_000_000, "amount_fen": "20万元"},
        {"at": 10_000_000, "amount_fen": "60万元"},
    ],
}


BIG = {"when": {"id": "big", "attribute": "revenue", "operator": "ge", "value": 1, "unit": "亿元"}}
YEAR = {"rate": 0.15, "base": "equipment_investment", "caps": [{"amount_fen": "300万元", "per": "year"}]}


def of_year(period: str | None, **subject: Any) -> tuple[int, int] | None:
    """The amount for one, which a frame of one row gives as well."""
    made = Benefit.model_validate({"kind": "subsidy", "period": period} | YEAR)
    frame = pl.DataFrame({"id": ["a"]} | {key: [value] for key, value in subject.items()})
    frame = frame.with_columns(pl.exclude("id").cast(pl.Int64))
    every = amounts(made, Columns(frame, VOCABULARY, DAY), DAY)
    one = pays(YEAR | {"period": period}, **subject)
    assert one == ((int(every.low[0]), int(every.high[0])) if every.known[0] else None)
    return one


def test_a_share_of_last_years_figure_is_of_last_year() -> None:
    known = {"equipment_investment": 900 * WAN, "equipment_investment@2026": 900 * WAN}
    told = known | {"equipment_investment@2025": 400 * WAN}
    assert of_year(None, **told) == (135 * WAN, 135 * WAN)
    assert of_year("last_year", **told) == (60 * WAN, 60 * WAN)
    assert of_year("2026", **told) == (135 * WAN, 135 * WAN)
    silent = known | {"equipment_investment@2025": None}
    assert of_year("last_year", **silent) == (0, 300 * WAN), "what another year came to says nothing"
    assert of_year("last_year", equipment_investment=400 * WAN) == (60 * WAN, 60 * WAN), "a case that names no year"


def test_a_step_of_a_worked_out_figure_is_of_the_year_asked() -> None:
    ladder = {"ladder": "rd_ratio", "period": "last_year"}
    steps = {"tiers": [{"at": 3, "amount_fen": "10万元"}, {"at": 5, "amount_fen": "20万元"}]}
    given = {"rd_expense": 9, "revenue": 100, "rd_expense@2025": 4, "revenue@2025": 100}
    assert pays(ladder | steps, **given) == (10 * WAN, 10 * WAN)


@pytest.mark.parametrize(
    ("benefit", "granted", "subject", "paid"),
    [
        (RATED, 0, {"equipment_investment": 1000 * WAN}, (150 * WAN, 150 * WAN)),
        (RATED, 0, {"equipment_investment": 101}, (15, 15)),  # 15.15 fen, rounded down
        (RATED, 0, {"equipment_investment": 10**12}, (300 * WAN, 300 * WAN)),
        (RATED, 200 * WAN, {"equipment_investment": 10**12}, (100 * WAN, 100 * WAN)),
        (RATED, 900 * WAN, {"equipment_investment": 10**12}, (0, 0)),
        (RATED, 0, {}, (0, 300 * WAN)),
        (RATED | {"caps": []}, 0, {}, None),
        (RATED, 0, {"equipment_investment": Fact(1000 * WAN, withheld=True)}, (0, 300 * WAN)),
        (RATED | {"rate": [0.1, 0.2]}, 0, {"equipment_investment": 100 * WAN}, (10 * WAN, 20 * WAN)),
        (RATED | {"up_to": True}, 0, {"equipment_investment": 100 * WAN}, (0, 15 * WAN)),
        (RATED | {"judgement": True}, 0, {"equipment_investment": 100 * WAN}, None),
        # a figure that may hold VAT is worth at least 100/113 of it
        (RATED | {"base": "rent_paid"}, 0, {"rent_paid": 113 * WAN}, (15 * WAN, 16_950_000)),
        (
            RATED | {"caps": [{"amount_fen": "5万元", "per": "quarter"}]},
            0,
            {"equipment_investment": 10**12},
            (20 * WAN,) * 2,
        ),
        ({"amount_fen": "50万元"}, 0, {}, (50 * WAN, 50 * WAN)),
        ({"amount_fen": "2000元", "count": "insured_employees"}, 0, {"insured_employees": 7}, (1_400_000, 1_400_000)),
        ({"amount_fen": "2000元", "count": "insured_employees", "caps": [{"amount_fen": "1万元"}]}, 0, {}, (0, WAN)),
        ({"amount_fen": "100元", "count": "invention_patents"}, 0, {}, (0, 0)),
        (
            {
                "rate": 0.5,
                "base": "rd_expense",
                "count": "rd_staff",
                "caps": [{"amount_fen": "1万元", "per": "person"}],
            },
            0,
            {"rd_expense": 100 * WAN, "rd_staff": 3},
            (3 * WAN, 3 * WAN),
        ),
        (
            {"rate": 0.5, "base": "rd_expense", "caps": [{"amount_fen": "1万元", "per": "mu"}]},
            0,
            {"rd_expense": 100 * WAN, "land_area": 2000.0},
            (3 * WAN, 3 * WAN),
        ),
        (LADDER, 0, {"certificates": title("高新技术企业")}, (10 * WAN, 10 * WAN)),
        (
            LADDER,
            0,
            {"certificates": title("高新技术企业") + title("企业技术中心", level="市级")},
            (30 * WAN, 30 * WAN),
        ),
        (LADDER, 0, {"certificates": title("企业技术中心", level="区级")}, (0, 0)),
        (LADDER, 0, {"certificates": title("高新技术企业", to=dt.date(2026, 11, 20))}, (0, 0)),
        (LADDER, 0, {"certificates": Fact(None, withheld=True)}, (0, 50 * WAN)),
        (STEPS, 0, {"equipment_investment": 500 * WAN}, (20 * WAN, 20 * WAN)),
        (STEPS, 0, {"equipment_investment": 500 * WAN - 1}, (0, 0)),
        (STEPS, 0, {"equipment_investment": 1000 * WAN}, (60 * WAN, 60 * WAN)),
        (STEPS, 0, {}, (0, 60 * WAN)),
        (
            {
                "ladder": "rd_expense",
                "base": "rd_expense",
                "marginal": True,
                "tiers": [{"at": 0, "rate": 0.1}, {"at": 1_000_000, "rate": 0.2}],
            },
            0,
            {"rd_expense": 300 * WAN},
            (50 * WAN, 50 * WAN),
        ),
        # a cap of the year counts this year's grants, one of the firm all of them
        (YEAR, Granted(100 * WAN, 900 * WAN), {"equipment_investment": 10**12}, (200 * WAN, 200 * WAN)),
        (RATED, Granted(100 * WAN, 250 * WAN), {"equipment_investment": 10**12}, (50 * WAN, 50 * WAN)),
        (
            {"rate": 1.0, "base": "rd_expense", "count": "rd_staff"}
            | {"caps": [{"amount_fen": "0.1万元", "per": "person", "period": "month"}]},
            0,
            {"rd_expense": 10**12, "rd_staff": 2},
            (2_400_000, 2_400_000),
        ),
        # higher rate, amount and cap for some
        (
            RATED | {"uplifts": [BIG | {"rate": 0.05}]},
            0,
            {"equipment_investment": 100 * WAN, "revenue": 10**10},
            (20 * WAN,) * 2,
        ),
        (
            RATED | {"uplifts": [BIG | {"rate": 0.05}]},
            0,
            {"equipment_investment": 100 * WAN, "revenue": 1},
            (15 * WAN,) * 2,
        ),
        (RATED | {"uplifts": [BIG | {"rate": 0.05}]}, 0, {"equipment_investment": 100 * WAN}, (15 * WAN, 20 * WAN)),
        (
            RATED | {"uplifts": [BIG | {"factor": 0.2}]},
            0,
            {"equipment_investment": 10**12, "revenue": 10**10},
            (300 * WAN,) * 2,
        ),
        (
            RATED | {"uplifts": [BIG | {"factor": 0.2, "caps": True}]},
            0,
            {"equipment_investment": 10**12, "revenue": 10**10},
            (360 * WAN,) * 2,
        ),
        (
            {"amount_fen": "50万元", "uplifts": [BIG | {"amount_fen": "10万元"}]},
            0,
            {"revenue": 10**10},
            (60 * WAN,) * 2,
        ),
        # a floor, the difference to a lower step, a share of another grant
        (RATED | {"floor_fen": "5万元"}, 0, {"equipment_investment": 100}, (5 * WAN, 5 * WAN)),
        (STEPS | {"top_up": True}, 20 * WAN, {"equipment_investment": 1000 * WAN}, (40 * WAN, 40 * WAN)),
        (STEPS | {"top_up": True}, 70 * WAN, {"equipment_investment": 1000 * WAN}, (0, 0)),
        ({"rate": 0.5, "matches": "city"}, 0, {"matched": Interval(10 * WAN, 30 * WAN)}, (5 * WAN, 15 * WAN)),
        ({"rate": 0.5, "matches": "city", "caps": [{"amount_fen": "9万元"}]}, 0, {}, (0, 9 * WAN)),
        ({"rate": 0.5, "matches": "city"}, 0, {}, None),
    ],
)
def test_amounts(benefit: dict[str, Any], granted: int, subject: dict[str, Any], paid: tuple[int, int] | None) -> None:
    assert pays(benefit, granted, **subject) == paid


@pytest.mark.parametrize(
    ("benefit", "field", "says"),
    [
        (RATED | {"base": "equipmen"}, "base", "no attribute"),
        (RATED | {"base": "employees"}, "base", "choose another"),
        (RATED | {"base": "fixed_investment_statistical"}, "base", "statistics only"),
        (RATED | {"rate": 15}, "rate", "write 30 % as 0.3"),
        (RATED | {"rate": [0.2, 0.1]}, "rate", "swap"),
        (RATED | {"amount_fen": 5}, "amount_fen", "both a rate and an amount"),
        (RATED | {"base": None}, "base", "stays open"),
        (RATED | {"caps": [{"amount_fen": 5, "per": "world"}]}, "caps[0].per", "unknown subject"),
        (LADDER | {"ladder": None}, "ladder", "no ladder"),
        (LADDER | {"tiers": [{"types": ["十佳"], "amount_fen": 5}]}, "tiers[0].types", "unknown certificate"),
        (STEPS | {"tiers": STEPS["tiers"][::-1]}, "tiers", "must rise"),
        (STEPS | {"tiers": [{"amount_fen": 5}]}, "tiers[0]", "either at or types"),
        (STEPS | {"tiers": [{"at": 5}]}, "tiers[0]", "either rate or amount"),
        (STEPS | {"tiers": [{"at": 5, "rate": 30}], "base": "revenue"}, "tiers[0].rate", "write 30 % as 0.3"),
        (RATED | {"caps": [{"amount_fen": 5, "period": "decade"}]}, "caps[0].period", "unknown period"),
        (RATED | {"caps": [{"amount_fen": 5, "per": "year", "period": "year"}]}, "caps[0].period", "already says"),
        (RATED | {"caps": [{"amount_fen": 5}, {"amount_fen": 6}]}, "caps[1]", "two caps of the same"),
        (RATED | {"floor_fen": "301万元"}, "caps[0].amount_fen", "below the floor"),
        (
            RATED | {"caps": [{"amount_fen": 5, "per": "total"}, {"amount_fen": 6, "per": "year"}]},
            "caps",
            "below the cap of one year",
        ),
        ({"amount_fen": 7, "caps": [{"amount_fen": 5}]}, "amount_fen", "above its own cap"),
        ({}, "kind", "gives nothing that can be counted"),
        (STEPS | {"marginal": True}, "marginal", "slices of a base"),
        ({"amount_fen": 7, "top_up": True}, "top_up", "no steps"),
        (RATED | {"uplifts": [BIG]}, "uplifts[0]", "give one"),
        (RATED | {"uplifts": [BIG | {"rate": 5}]}, "uplifts[0].rate", "write 30 % as 0.3"),
        (RATED | {"uplifts": [BIG | {"amount_fen": 5, "caps": True}]}, "uplifts[0].caps", "only by a factor"),
        (
            RATED | {"uplifts": [{"when": {"all": []}, "rate": 0.1}]},
            "uplifts[0].when",
            "holds no condition",
        ),
        (RATED | {"matches": "city"}, "base", "keep one"),
        ({"rate": 0.5, "matches": "city", "not_with": ["city"]}, "matches", "rules it out"),
        (RATED | {"ceilings": [{"name": "all"}]}, "ceilings[0]", "a rate with its base"),
        (
            RATED | {"ceilings": [{"name": "all", "rate": 0.5, "base": "employees"}]},
            "ceilings[0].base",
            "choose another",
        ),
        (RATED | {"ceilings": [{"name": "all", "amount_fen": 5, "period": "week"}]}, "ceilings[0].period", "use year"),
        (RATED | {"period": "last_2_years"}, "period", "no one year"),
        (RATED | {"period": "去年"}, "period", "write last_year"),
    ],
)
def test_faults_of_a_benefit_are_found(benefit: dict[str, Any], field: str, says: str) -> None:
    (found,) = check_benefit(Benefit.model_validate({"kind": "subsidy"} | benefit), VOCABULARY)
    assert found.place == f"benefit.{field}"
    assert says in str(found)
    for sound in (RATED, LADDER, STEPS):
        assert check_benefit(Benefit.model_validate({"kind": "subsidy"} | sound), VOCABULARY) == []


money = st.integers(0, 10**12) | st.sampled_from([0, 1, 500 * WAN, 1000 * WAN])
rates = st.sampled_from([0.05, 0.1, 0.15, 0.333, 1.0])
some_money = st.sampled_from([0, WAN, 30 * WAN, 10**10])
caps = st.builds(
    Cap,
    amount_fen=some_money,
    per=st.sampled_from(["item", "firm", "year", "quarter", "month", "mu", "person", "total"]),
    period=st.sampled_from([None, None, "year", "month"]),
)
when = st.sampled_from(
    [
        {"id": "u", "attribute": "rd_expense", "operator": "ge", "value": 500, "unit": "万元"},
        {"id": "u", "attribute": "insured_employees", "operator": "lt", "value": 100},
        {"id": "u", "kind": "judgement"},
    ]
)
uplifts = st.one_of(
    st.fixed_dictionaries({"when": when, "rate": st.sampled_from([0.05, 0.333])}),
    st.fixed_dictionaries({"when": when, "amount_fen": st.just(30 * WAN)}),
    st.fixed_dictionaries({"when": when, "factor": st.sampled_from([0.2, 0.5]), "caps": st.booleans()}),
).map(Uplift.model_validate)
list_tiers = st.lists(
    st.builds(
        Tier,
        types=st.sampled_from([("高企",), ("小巨人", "单项冠军"), ("企业技术中心/市级",)]),
        rate=rates,
    )
    | st.builds(Tier, types=st.just(("高企",)), amount_fen=some_money),
    max_size=3,
)
step_tiers = st.lists(st.sampled_from([0, 100, 5_000_000, 10_000_000]), max_size=3, unique=True).flatmap(
    lambda steps: st.tuples(*[st.builds(Tier, at=st.just(step), rate=rates) for step in sorted(steps)])
)
common = {
    "kind": st.just(BenefitKind.SUBSIDY),
    "rate": st.none() | rates | st.tuples(st.just(0.05), rates),
    "amount_fen": st.none() | some_money,
    "base": st.sampled_from([None, "equipment_investment", "rent_paid", "rd_expense", "tech_contract_value"]),
    "net_of_vat": st.booleans(),
    "count": st.sampled_from([None, "insured_employees", "invention_patents", "premises_area"]),
    "up_to": st.booleans(),
    "judgement": st.sampled_from([False] * 9 + [True]),
    "caps": st.lists(caps, max_size=2).map(tuple),
    "uplifts": st.lists(uplifts, max_size=2).map(tuple),
    "floor_fen": st.none() | some_money,
    "matches": st.sampled_from([None, None, None, "city"]),
}
benefits = st.one_of(
    st.builds(Benefit, **common),
    st.builds(Benefit, **common, ladder=st.just("certificates"), tiers=list_tiers.map(tuple), top_up=st.booleans()),
    st.builds(Benefit, **common, ladder=st.sampled_from(["equipment_investment", "rd_expense"]), tiers=step_tiers),
    st.builds(
        Benefit,
        **common | {"base": st.just("rd_expense"), "rate": st.none() | rates},
        ladder=st.just("rd_expense"),
        tiers=step_tiers,
        marginal=st.just(True),
    ),
)
ENTRY = pl.Struct({"type": pl.String, "level": pl.String, "to": pl.Date})
entries = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["高新技术企业", "专精特新“小巨人”企业", "企业技术中心"]),
            "level": st.sampled_from([None, "市级"]),
            "to": st.sampled_from([None, DAY, dt.date(2026, 1, 1)]),
        }
    ),
    max_size=2,
)
subjects = st.fixed_dictionaries(
    {id: st.none() | money for id in ("equipment_investment", "rent_paid", "rd_expense", "tech_contract_value")}
    | {id: st.none() | st.integers(0, 500) for id in ("insured_employees", "invention_patents")}
    | {"premises_area": st.none() | st.floats(0, 1000), "land_area": st.none() | st.floats(0, 100000)}
    | {"certificates": st.none() | entries, "certificates__withheld": st.booleans(), "granted": st.integers(0, 10**8)}
    | {"year": st.integers(0, 10**6), "matched": st.none() | money}
)
SCHEMA = {
    "premises_area": pl.Float64,
    "land_area": pl.Float64,
    "certificates": pl.List(ENTRY),
    "certificates__withheld": pl.Boolean,
}


@settings(max_examples=100, deadline=None)
@given(benefits, st.lists(subjects, min_size=1, max_size=6))
def test_columns_equal_single_amounts(benefit: Benefit, rows: list[dict[str, Any]]) -> None:
    schema = {key: SCHEMA.get(key, pl.Int64) for key in rows[0]}
    columns = Columns(pl.DataFrame(rows, schema=schema), VOCABULARY, DAY)
    told = [np.array([row[key] for row in rows]) for key in ("year", "granted")]
    matched = np.array([row["matched"] or 0 for row in rows])
    others = Amounts(matched, matched + 7, np.array([row["matched"] is not None for row in rows]))
    found = amounts(benefit, columns, DAY, granted_so_far=Granted(*told), matched=others)
    for i, row in enumerate(rows):
        subject = row | {"certificates": Fact(row["certificates"], withheld=row["certificates__withheld"])}
        topped = None if row["matched"] is None else Interval(row["matched"], row["matched"] + 7)
        before = Granted(row["year"], row["granted"])
        one = amount(benefit, subject, VOCABULARY, DAY, granted_so_far=before, matched=topped)
        assert (Interval(int(found.low[i]), int(found.high[i])) if found.known[i] else None) == one
        assert one is None or 0 <= one.low <= one.high


@settings(max_examples=100, deadline=None)
@given(benefits, subjects, st.data())
def test_knowing_more_never_leaves_the_interval(benefit: Benefit, row: dict[str, Any], data: st.DataObject) -> None:
    row = row | {"certificates": row["certificates"] or []}
    known = amount(benefit, row, VOCABULARY, DAY)
    gone = data.draw(st.sampled_from(sorted(set(row) - {"granted", "year", "matched", "certificates__withheld"})))
    hidden = amount(benefit, row | {gone: Fact(None, withheld=True)}, VOCABULARY, DAY)
    if known is not None and hidden is not None:
        assert hidden.low <= known.low
        assert known.high <= hidden.high
