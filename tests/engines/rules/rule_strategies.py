"""Rules and rows drawn at random: every kind of clause, group, gap, mask and period."""

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import strategies as st

from gangshen.engines.rules import All, Any_, AtLeast, Clause, ClauseKind, Node, None_, Operator, check
from gangshen.engines.vocabulary import Vocabulary

__all__ = ["COLUMNS", "DAY", "VOCABULARY", "kept", "rows", "rules"]

VOCABULARY = Vocabulary.load_builtin()
DAY = dt.date(2026, 2, 28)
WAN = 10**6
NUMBERS = {
    "revenue": ("万元", st.sampled_from([0, 1, 299, 300, 2000, 2001, 40000])),
    "employees": (None, st.sampled_from([0, 19, 20, 299, 300, 1000])),
    "insured_employees": ("人", st.sampled_from([0, 10, 20])),
    "invention_patents": ("件", st.sampled_from([0, 1, 5, 6])),
    "rd_ratio": ("%", st.sampled_from([0, 3, 5.0, 6.5, 0.5])),
    "debt_ratio": ("%", st.sampled_from([30, 70.0])),
    "premises_area": ("m²", st.sampled_from([0, 100, 666.6])),
    "equipment_investment": ("亿元", st.sampled_from([0.01, 1, 2])),
}
WORDS = {
    "industry_registered": ["3491", "6513", "7320", "C", "35"],
    "tax_credit_grade": ["A", "B", "D"],
    "size_class": ["大型", "中型", "小型", "微型"],
    "business_scope": ["机器人研发、制造", "软件开发", "咨询"],
}
TITLES = ["高新技术企业", "专精特新中小企业", "独角兽企业", "企业技术中心"]
LISTS = {
    "certificates": [*TITLES, "企业技术中心/市级"],
    "standards": ["国家标准", "行业标准"],
    "penalties": ["罚款"],
}
DATES = [
    dt.date(2020, 2, 29),
    dt.date(2023, 2, 28),
    dt.date(2024, 2, 28),
    DAY,
    dt.date(2026, 3, 1),
    dt.date(2030, 1, 1),
]
dates = st.sampled_from(DATES)
ids = iter(range(10**9))
periods = st.sampled_from([None, None, "last_year", "this_year", "last_2_years", "2024"])


def clause(
    attribute: str, operator: Operator, value: Any, unit: str | None = None, period: str | None = None
) -> Clause:
    if isinstance(value, list):
        value = tuple(value)
    return Clause(id=f"c{next(ids)}", attribute=attribute, operator=operator, value=value, unit=unit, period=period)


@st.composite
def numeric(draw: st.DrawFn) -> Clause:
    id = draw(st.sampled_from(sorted(NUMBERS)))
    unit, values = NUMBERS[id]
    operator = draw(st.sampled_from(["ge", "gt", "le", "lt", "eq", "ne", "between", "in", "not_in", "approx"]))
    many = st.lists(values, min_size=1, max_size=3)
    value = draw(many if operator in ("in", "not_in") else st.lists(values, min_size=2, max_size=2).map(sorted))
    if operator not in ("in", "not_in", "between"):
        value = value[0]
    return clause(id, Operator(operator), value, unit, draw(periods))


@st.composite
def worded(draw: st.DrawFn) -> Clause:
    id = draw(st.sampled_from(sorted(WORDS)))
    words = WORDS[id]
    kinds = {"business_scope": ["contains"], "industry_registered": ["starts_with"]}.get(id, [])
    operator = Operator(draw(st.sampled_from(["eq", "ne", "in", "not_in", "exists", *kinds])))
    if operator is Operator.EXISTS:
        return clause(id, operator, draw(st.sampled_from([None, True, False])))
    if operator in (Operator.EQ, Operator.NE):
        return clause(id, operator, draw(st.sampled_from(words)))
    if operator is Operator.CONTAINS:
        return clause(id, operator, draw(st.lists(st.sampled_from(["机器人", "软件"]), min_size=1, max_size=2)))
    if operator is Operator.STARTS_WITH:
        return clause(id, operator, draw(st.lists(st.sampled_from(["C", "65", "349"]), min_size=1, max_size=2)))
    return clause(id, operator, draw(st.lists(st.sampled_from(words), min_size=1, max_size=3)))


@st.composite
def listed(draw: st.DrawFn) -> Clause:
    id = draw(st.sampled_from(sorted(LISTS)))
    operator = Operator(draw(st.sampled_from(["has_any", "has_all", "exists", "within_years", "ge", "gt"])))
    if operator in (Operator.HAS_ANY, Operator.HAS_ALL):
        return clause(id, operator, draw(st.lists(st.sampled_from(LISTS[id]), min_size=1, max_size=3)))
    if operator is Operator.EXISTS:
        return clause(id, operator, draw(st.sampled_from([None, True, False])))
    return clause(id, operator, draw(st.sampled_from([0, 1, 2, 3])))


@st.composite
def dated(draw: st.DrawFn) -> Clause:
    operator = Operator(
        draw(st.sampled_from(["ge", "gt", "le", "lt", "eq", "ne", "between", "within_years", "exists"]))
    )
    value: Any = draw(dates)
    if operator is Operator.WITHIN_YEARS:
        value = draw(st.sampled_from([0, 0.5, 2, 3, 6, 3000]))
    elif operator is Operator.EXISTS:
        value = draw(st.booleans())
    elif operator is Operator.BETWEEN:
        value = sorted([value, draw(dates)])
    return clause(draw(st.sampled_from(["registered_on", "last_visit"])), operator, value)


flags = st.builds(
    lambda id, operator, value: clause(id, operator, value),
    st.sampled_from(["accidents_3y", "judgment_defaulter"]),
    st.sampled_from([Operator.EQ, Operator.NE]),
    st.booleans(),
)
open_clauses = st.sampled_from([ClauseKind.JUDGEMENT, ClauseKind.UNTRANSLATED]).map(
    lambda kind: Clause(id=f"c{next(ids)}", kind=kind)
)
leaves = st.one_of(numeric(), worded(), listed(), dated(), flags, open_clauses)


def groups(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    parts = st.lists(inner, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        parts.map(lambda p: All(all=p)),
        parts.map(lambda p: Any_(any=p)),
        parts.map(lambda p: None_(none=p)),
        parts.flatmap(lambda p: st.integers(1, len(p)).map(lambda k: AtLeast(at_least=k, of=p))),
    )


rules = st.recursive(leaves, groups, max_leaves=10).filter(
    lambda rule: not [fault for fault in check(rule, VOCABULARY) if not fault.warning]
)

entries = st.fixed_dictionaries(
    {
        "type": st.sampled_from([*TITLES, "国家标准", "行业标准", "罚款"]),
        "level": st.sampled_from([None, "市级", "区级"]),
        "number": st.none(),
        "from": st.none() | dates,
        "to": st.none() | dates,
        "withdrawn_on": st.none() | dates,
    }
)
ENTRY = pl.Struct(
    {
        "type": pl.String,
        "level": pl.String,
        "number": pl.String,
        "from": pl.Date,
        "to": pl.Date,
        "withdrawn_on": pl.Date,
    }
)
money = st.none() | st.sampled_from([0, WAN, 299 * WAN, 300 * WAN, 2000 * WAN, 2000 * WAN + 1, 40000 * WAN, 10**10])
count = st.none() | st.sampled_from([0, 1, 5, 6, 10, 19, 20, 299, 300, 1000])
share = st.none() | st.sampled_from([0.0, 0.5, 3.0, 5.0, 6.5, 30.0, 70.0, float("nan")])
COLUMNS: dict[str, tuple[st.SearchStrategy[Any], Any]] = {
    "revenue": (money, pl.Int64),
    "revenue@2024": (money, pl.Int64),
    "revenue@2025": (money, pl.Int64),
    "rd_expense": (money, pl.Int64),
    "total_assets": (money, pl.Int64),
    "equipment_investment": (money, pl.Int64),
    "employees": (count, pl.Int64),
    "insured_employees": (count, pl.Int64),
    "invention_patents": (count, pl.Int64),
    "rd_ratio": (share, pl.Float64),
    "debt_ratio": (share, pl.Float64),
    "premises_area": (st.none() | st.sampled_from([0.0, 100.0, 666.6]), pl.Float64),
    "industry_registered": (st.none() | st.sampled_from(["3491", "6513", "7320", "C", "35"]), pl.String),
    "tax_credit_grade": (st.none() | st.sampled_from(["A", "B", "C", "D"]), pl.String),
    "size_class": (st.none() | st.sampled_from(["大型", "微型"]), pl.String),
    "business_scope": (st.none() | st.sampled_from(["机器人研发、制造", "咨询", ""]), pl.String),
    "registered_on": (st.none() | dates, pl.Date),
    "last_visit": (st.none() | dates, pl.Date),
    "accidents_3y": (st.none() | st.booleans(), pl.Boolean),
    "judgment_defaulter": (st.none() | st.booleans(), pl.Boolean),
    "certificates": (st.none() | st.lists(entries, max_size=3), pl.List(ENTRY)),
    "standards": (st.none() | st.lists(entries, max_size=3), pl.List(ENTRY)),
    "penalties": (st.none() | st.lists(entries, max_size=3), pl.List(ENTRY)),
    "revenue__stale": (st.none() | st.booleans(), pl.Boolean),
    "rd_expense__withheld": (st.none() | st.booleans(), pl.Boolean),
    "rd_ratio__stale": (st.none() | st.booleans(), pl.Boolean),
    "certificates__withheld": (st.none() | st.booleans(), pl.Boolean),
    "tax_credit_grade__stale": (st.none() | st.booleans(), pl.Boolean),
}
rows = st.lists(st.fixed_dictionaries({key: values for key, (values, _) in COLUMNS.items()}), min_size=1, max_size=5)
kept = st.lists(st.sampled_from(sorted(COLUMNS)), unique=True)
