from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.quantities import Quantity, QuantityError, convert, find, format_fen, money_fen, to_numeral


def one(text: str) -> Quantity:
    found = find(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit", "comparator"),
    [
        ("引进链主企业30家", 30, "家", "eq"),
        ("引进链主企业30家以上", 30, "家", "ge"),
        ("集聚OPC100家", 100, "家", "eq"),
        ("不少于6个平台", 6, "个", "ge"),
        ("产值突破900亿元", 900, "亿元", "gt"),
        ("面积约 4.5 平方公里", 4.5, "平方公里", "approx"),
        ("引育4—6家总部", (4, 6), "家", "range"),
        ("引育4 — 6 家总部", (4, 6), "家", "range"),
        ("按投资额的5%-20%奖励", (5, 20), "%", "range"),
        ("20万元至80万元", (20, 80), "万元", "range"),
        ("形成千亿级规模", 1000, "亿元", "eq"),
        ("形成千亿产业规模", 1000, "亿元", "eq"),
        ("年收入超千万", 1000, "万元", "gt"),
        ("培育百家企业", 100, "家", "eq"),
        ("集聚万名工程师", 10000, "名", "eq"),
        ("服务五十余家企业", 50, "家", "approx"),
        ("服务50多家企业", 50, "家", "approx"),
        ("本地配套率提高到三成", 3, "成", "eq"),
        ("租金５折", 5, "折", "eq"),
        ("租金五折", 5, "折", "eq"),
        ("产值翻两番", 2, "番", "doubling"),
        ("共1,574亩", 1574, "亩", "eq"),
        ("压缩至3个工作日内", 3, "个工作日", "le"),
        ("最高不超过1000万元", 1000, "万元", "le"),
        ("每亩补助200元/亩", 200, "元", "eq"),
        ("毕业五年内", 5, "年", "le"),
        ("算力规模达3000P", 3000, "P", "eq"),
        ("投资1000万元及以上至5000万元", (1000, 5000), "万元", "range"),
        ("投资5000万元以上至1亿元", (5000, 10000), "万元", "range"),
        ("百分之三十", 30, "%", "eq"),
        ("1.8万平方米", 1.8, "万平方米", "eq"),
    ],
)
def test_reads_value_unit_and_comparator(text: str, value: Any, unit: str, comparator: str) -> None:
    found = one(text)
    assert found.value == value
    assert found.unit == unit
    if comparator != "doubling":
        assert found.comparator == comparator


@pytest.mark.parametrize(
    "text",
    [
        "布局“4+4”产业",
        "第3年起",
        "一次性奖励",
        "推出一批产品",
        "5G网络",
        "G60走廊",
        "一人公司",
        "核心零部件",
        "2027年",
        "获一等奖",
        "一体化推进",
    ],
)
def test_names_are_no_quantities(text: str) -> None:
    assert find(text) == []


def test_a_row_of_amounts_keeps_each() -> None:
    found = find("分别给予2万、5万、10万奖励")
    assert [q.fen for q in found] == [(2_000_000, 2_000_000), (5_000_000, 5_000_000), (10_000_000, 10_000_000)]
    assert all(q.implied_unit for q in found)


def test_growth_is_marked() -> None:
    assert one("研发投入年均增长12%以上").growth == "annual"
    assert one("同比增长8%").growth == "change"
    assert one("占比达到8%").growth is None


def test_shares_of_one() -> None:
    assert one("30%").ratio == Decimal("0.3")
    assert one("7折").ratio == Decimal("0.7")
    assert one("翻两番").ratio == 4


@pytest.mark.parametrize("text", ["没有金额", "50万元和80万元", "20万元至80万元", "100万美元"])
def test_money_wants_one_amount_in_yuan(text: str) -> None:
    with pytest.raises(QuantityError):
        money_fen(text)


@given(st.integers(min_value=0, max_value=10**15))
def test_money_round_trips_through_its_print(fen: int) -> None:
    assert money_fen("补助" + format_fen(fen).replace(" ", "")) == fen


def test_money_is_printed_in_both_languages() -> None:
    assert format_fen(540_000_000) == "540 万元"
    assert format_fen(540_000_000, "en") == "CNY 5.4 million"
    assert format_fen(1) == "0.01 元"
    assert format_fen(-150) == "-1.5 元"


@given(
    st.integers(min_value=1, max_value=10**6),
    st.sampled_from(["平方米", "亩", "公顷", "平方公里"]),
    st.sampled_from(["平方米", "亩", "公顷"]),
)
def test_conversion_is_exact_both_ways(value: int, unit: str, to: str) -> None:
    assert convert(convert(value, unit, to), to, unit) == value


def test_conversion_keeps_dimensions_apart() -> None:
    assert convert(3, "亩", "平方米") == 2000
    assert convert(1, "万元", "元") == 10_000
    assert convert(Fraction(1, 2), "年", "个月") == 6
    with pytest.raises(QuantityError):
        convert(1, "亩", "万元")


@given(
    st.integers(min_value=2, max_value=99_999),
    st.sampled_from(["家", "个", "项", "亿元", "万元", "%", "亩"]),
    st.sampled_from(["", "以上", "左右"]),
)
def test_any_printed_number_is_found_where_it_stands(number: int, unit: str, trail: str) -> None:
    text = f"计划达到{number}{unit}{trail}。"
    found = one(text)
    assert found.value == number
    assert text[found.core_start : found.core_end] == f"{number}{unit}"


@given(st.integers(min_value=11, max_value=9_999))
def test_chinese_and_arabic_agree(number: int) -> None:
    assert one(f"建成{to_numeral(number)}家企业").value == one(f"建成{number}家企业").value == number


@given(st.text(alphabet="0123456789一二三十百千万亿家个元%年月日-—至以上超过约（）,.，。第“”/每折成番 ", max_size=60))
def test_never_fails_and_never_overlaps(text: str) -> None:
    last = 0
    for q in find(text):
        assert 0 <= q.start <= q.core_start < q.core_end <= q.end <= len(text)
        assert q.core_start >= last
        assert q.low <= q.high
        last = q.core_end
