import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.quantities import QuantityError, decimal_of, numeral, to_numeral


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三百二十", 320),
        ("千亿", 10**11),
        ("万", 10**4),
        ("十", 10),
        ("十五", 15),
        ("两万", 20_000),
        ("一万零五", 10_005),
        ("二〇二七", 2027),
        ("一亿二千万", 120_000_000),
        ("十万亿", 10**13),
        ("叁佰贰拾", 320),
    ],
)
def test_reads_numerals(text: str, number: int) -> None:
    assert numeral(text) == number


@pytest.mark.parametrize("text", ["", "三四百五六", "百分", "12", "甲"])
def test_refuses_what_is_no_numeral(text: str) -> None:
    with pytest.raises(QuantityError):
        numeral(text)


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_writing_and_reading_are_inverse(number: int) -> None:
    written = to_numeral(number)
    assert numeral(written) == number


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=99))
def test_separators_and_full_width_digits_change_nothing(whole: int, cents: int) -> None:
    plain = f"{whole}.{cents:02d}"
    wide = "".join(chr(ord(c) + 0xFEE0) for c in plain)
    assert decimal_of(plain) == decimal_of(f"{whole:,}.{cents:02d}") == decimal_of(wide)
