"""A name taken apart: width, form, branch, marks of an exchange."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.resolution import Form, normalise, plain
from gangshen.engines.resolution._name import without_marks
from gangshen.engines.resolution._places import leading_place, place_stem, places
from gangshen.engines.resolution._words import split_trades


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(max_size=40))
def test_any_text_can_be_taken_apart_and_loses_no_letter_but_those_of_its_form(text: str) -> None:
    name = normalise(text)
    assert set(name.stem) <= set(name.plain)
    assert name.plain.startswith(name.head)


@pytest.mark.parametrize(
    ("text", "head", "tail", "form"),
    [
        ("苏果超市（宿州）有限公司", "苏果超市宿州", "", Form.LIMITED),
        ("广东东鹏控股股份有限公司", "广东东鹏控股", "", Form.SHARES),
        ("润丰股份", "润丰", "", Form.SHARES),
        ("合肥甲乙 有 限责任公司", "合肥甲乙", "", Form.LIABILITY),
        ("中国人寿保险股份有限公司滁州市琅琊支公司", "中国人寿保险", "滁州市琅琊支", Form.SHARES),
        ("上海某某企业管理中心（有限合伙）", "上海某某企业管理中心", "", Form.PARTNERS),
        ("淮南市第二机械厂", "淮南市第二机械厂", "", Form.NONE),
        ("", "", "", Form.NONE),
    ],
)
def test_form_and_branch(text: str, head: str, tail: str, form: Form) -> None:
    name = normalise(text)
    assert (name.head, name.tail, name.form) == (head, tail, form)


def test_old_characters_and_wide_letters_read_as_the_register_writes_them() -> None:
    assert plain("ＴＣＬ電子（廣東）") == "tcl电子广东"


@pytest.mark.parametrize("text", ["*st中绒", "s*st中绒", "退市中绒", "中绒a", "中绒b股", "st中绒", "中绒退"])
def test_marks_of_an_exchange_are_no_part_of_a_name(text: str) -> None:
    assert without_marks(text) == "中绒"


def test_places_by_rank_and_stem() -> None:
    assert place_stem("丰宁满族自治县") == "丰宁"
    assert place_stem("寿县") == "寿县"
    assert leading_place("合肥市华联商厦") == 3
    assert leading_place("鼓楼商店") == 0, "a district's bare name is also a mere word"
    assert "鼓楼区" in places()


def test_trade_words_leave_the_brand_over() -> None:
    assert split_trades("电子科技") == (1, 0)
    assert split_trades("煌电子") == (1, 1)
