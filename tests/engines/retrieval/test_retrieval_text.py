"""Folding, cutting, short names and pinyin keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.retrieval import fold, short_names, tokens
from gangshen.engines.retrieval._pinyin import keys, letter_pairs


@given(st.text(max_size=80))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_tokens_hold_no_spaces_and_nothing_empty(text: str) -> None:
    assert all(token and not any(c.isspace() for c in token) for token in tokens(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＩ４Ｓ平台", ["ai4s", "平台"]),
        ("沪经信〔2025〕12号", ["沪经", "经信", "2025", "12", "号"]),
        ("首台（套）装备", ["首台", "台套", "套装", "装备"]),
        ("不足（三年以上）", ["不足", "三年", "年以", "以上"]),
        ("  ", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("name", "shortest"),
    [
        ("上海云岫机器人科技有限公司", "云岫"),
        ("云岫（上海）智能科技有限公司", "云岫"),
        ("上海市闵行区云岫信息技术有限责任公司", "云岫"),
        ("云岫集团股份有限公司", "云岫"),
        ("上海青汀投资合伙企业（有限合伙）", "青汀"),
    ],
)
def test_short_names(name: str, shortest: str) -> None:
    assert short_names(name)[-1] == shortest


@pytest.mark.parametrize("text", ["机器人专项资金管理办法", "公司", "", "有限公司", "API"])
def test_what_is_no_company_name_has_no_short_form(text: str) -> None:
    assert short_names(text) == ()


def test_keys_follow_the_reading_in_context_first() -> None:
    found = keys("银行AI园")[0]
    assert (found.initials, found.full) == ("yhaiy", "yinhangaiyuan")
    assert found.initials_at == (0, 1, 2, 3, 4)
    assert len(found.full) == len(found.full_at)


def test_a_name_read_in_two_ways_has_both_keys() -> None:
    assert {typed.initials for typed in keys("长岭")} == {"cl", "zl"}
    assert len(keys("长重行乐")) <= 5


@given(st.text(max_size=80))
def test_keys_are_ascii_and_point_into_the_title(title: str) -> None:
    for found in keys(title):
        assert found.initials.isascii() and found.full.isascii()
        assert all(0 <= at < len(title) for at in found.initials_at + found.full_at)
        assert len(letter_pairs(found.full)) == max(0, len(found.full) - 1)
