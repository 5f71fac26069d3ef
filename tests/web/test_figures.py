"""Figures, money and dates are written right in both languages; small plots keep what they show."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.formats import Text
from gangshen.web import formatting, plots


@pytest.fixture(autouse=True)
def chinese() -> object:
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (None, "未知", "Unknown"),
        (0, "0 元", "0 CNY"),
        (123_45, "123.45 元", "123.45 CNY"),
        (9_999_99, "9,999.99 元", "9,999.99 CNY"),
        (1_0000_00, "1 万元", "10,000 CNY"),
        (540_0000_00, "540 万元", "5.4 million CNY"),
        (1_0000_0000_00, "1 亿元", "100 million CNY"),
        (91_3000_0000_00, "91.3 亿元", "9.13 billion CNY"),
        ((86_0000_00, 114_0000_00), "86–114 万元", "0.86–1.14 million CNY"),
        ((0, 80_0000_00), "0–80 万元", "0–800,000 CNY"),
        ((None, 50_0000_00), "至多 50 万元", "up to 500,000 CNY"),
        ((50_0000_00, None), "至少 50 万元", "at least 500,000 CNY"),
        ((None, None), "未知", "Unknown"),
        (-2_0000_00, "-2 万元", "-20,000 CNY"),
    ],
)
def test_money(fen: object, chinese: str, english: str) -> None:
    assert formatting.money_text(fen) == chinese
    with translation.override("en"):
        assert formatting.money_text(fen) == english


@given(st.integers(-(10**15), 10**15))
def test_yuan_is_exact_to_the_fen(fen: int) -> None:
    written = formatting.yuan(fen)
    assert round(float(written.replace(",", "")) * 100) == fen or abs(fen) > 2**50
    assert int(written.replace(",", "").replace(".", "")) == fen


@pytest.mark.parametrize(
    ("value", "written"),
    [(1234.5, "1,234.5"), (5.0, "5"), (-0.001, "0"), (None, "未知"), (0.126, "0.13"), (1000, "1,000")],
)
def test_numbers(value: float | None, written: str) -> None:
    assert formatting.number(value) == written


def test_dates_in_both_languages_and_in_the_zone_s_time() -> None:
    assert formatting.long_day(date(2026, 11, 20)) == "2026 年 11 月 20 日，星期五"
    assert formatting.moment(datetime(2026, 11, 19, 23, 30, tzinfo=UTC)) == "11-20 07:30"
    assert (formatting.day(None), formatting.short_day(date(2026, 3, 1))) == ("", "03-01")
    with translation.override("en"):
        assert formatting.long_day(date(2026, 11, 20)) == "Friday 20 November 2026"


def test_labels_follow_the_language_and_fall_back_to_chinese() -> None:
    assert formatting.with_unit(Text(zh="面积", en="Area"), "m²") == "面积（m²）"
    with translation.override("en"):
        assert formatting.with_unit(Text(zh="面积", en="Area"), "m²") == "Area (m²)"
        assert formatting.label(Text(zh="面积")) == "面积"


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=8))
def test_shares_fill_the_bar_and_never_leave_it(parts: list[float]) -> None:
    svg = plots.shares(parts, ["c1"] * len(parts))
    ends = [float(x) + float(width) for x, width in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)]
    assert all(end <= 151 for end in ends)
    assert bool(ends) == (sum(parts) > 0)


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=20))
def test_a_sparkline_stays_in_its_box_and_breaks_at_gaps(values: list[float | None]) -> None:
    svg = plots.sparkline(values)
    points = re.findall(r"([ML])([\d.]+) (-?[\d.]+)", svg)
    assert len(points) == sum(value is not None for value in values)
    assert all(0 <= float(x) <= 150 and 0 <= float(y) <= 22 for _, x, y in points)
    runs = sum(1 for at, v in enumerate(values) if v is not None and (at == 0 or values[at - 1] is None))
    assert sum(pen == "M" for pen, _x, _y in points) == runs


def test_bars_tell_actual_from_needed_and_leave_unknown_out() -> None:
    svg = plots.bars([7.4, None, 9.2], [13.4], pace=9.8, first="1 月", need_label="需 <13.4>", name="产值")
    assert svg.count('class="c1"') == 2
    assert svg.count('class="need"') == 1
    assert "需 &lt;13.4&gt;" in svg
    assert 'role="img" aria-label="产值"' in svg


def test_an_interval_over_its_limit_is_red_only_beyond_it() -> None:
    assert "f-bad" not in plots.interval(860, 1010, 1400, most=1800)
    over = plots.interval(1180, 1640, 1400, most=1800)
    assert '<rect x="116.7" y="6" width="20" height="10" class="f-bad"/>' in over


def test_progress_is_held_between_nothing_and_all() -> None:
    assert 'width="100" height="6" class="c1"' in plots.progress(9, 3)
    assert 'width="0" height="6" class="c1"' in plots.progress(1, 0)


def test_a_unit_is_said_in_the_language_and_money_in_its_units() -> None:
    with translation.override("en"):
        assert formatting.measured(41, "家") == "41 firms"
        assert formatting.measured(2600, "万元") == "26 million CNY"
        assert formatting.measured((91.3, 118), "亿元") == "9.13–11.8 billion CNY"
        assert formatting.measured((1, None), "家") == "1–? firms"
        assert formatting.unit_words("亿元/家") == "100m CNY/firm"
        assert formatting.measured(91.09, "万元/人") == "910,900 CNY/person"
        assert formatting.with_unit("Tasks", "个") == "Tasks"
    with translation.override("zh-hans"):
        assert formatting.measured(91.3, "亿元") == "91.3 亿元"
        assert formatting.measured((1, 3), "家") == "1–3 家"
        assert formatting.unit_words("机时") == "机时"
