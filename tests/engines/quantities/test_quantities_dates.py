import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.quantities import find_dates


@pytest.mark.parametrize(
    ("text", "first", "last", "grain"),
    [
        ("到2027年底建成", "2027-01-01", "2027-12-31", "year"),
        ("2026年上半年完成", "2026-01-01", "2026-06-30", "half"),
        ("2026年第三季度", "2026-07-01", "2026-09-30", "quarter"),
        ("2026年2月发布", "2026-02-01", "2026-02-28", "month"),
        ("2026年2月8日", "2026-02-08", "2026-02-08", "day"),
        ("二〇二六年十月二十一日", "2026-10-21", "2026-10-21", "day"),
        ("2025-2027年", "2025-01-01", "2027-12-31", "years"),
        ("2026年至2028年", "2026-01-01", "2028-12-31", "years"),
        ("（2026—2030 年）", "2026-01-01", "2030-12-31", "years"),
        ("“十五五”末", "2026-01-01", "2030-12-31", "plan"),
        ("十四五期间", "2021-01-01", "2025-12-31", "plan"),
        ("2026-03-19", "2026-03-19", "2026-03-19", "day"),
    ],
)
def test_reads_dates(text: str, first: str, last: str, grain: str) -> None:
    (found,) = find_dates(text)
    assert (found.first.isoformat(), found.last.isoformat(), found.grain) == (first, last, grain)


def test_deadlines_are_told_from_mentions() -> None:
    assert find_dates("到2028年，集聚企业")[0].deadline
    assert find_dates("2028年底前完成")[0].deadline
    assert not find_dates("2024年产值为9亿元")[0].deadline


def test_impossible_days_are_left_out() -> None:
    assert find_dates("2026年2月30日") == []


@given(st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2090, 12, 31)))
def test_every_printed_day_is_read(day: dt.date) -> None:
    (found,) = find_dates(f"自{day.year}年{day.month}月{day.day}日起施行")
    assert found.first == found.last == day


@given(st.text(alphabet="0123456789年月日底前至到-—“”十五四一二上下半季度第. ", max_size=40))
def test_never_fails(text: str) -> None:
    for found in find_dates(text):
        assert found.first <= found.last
        assert 0 <= found.start < found.end <= len(text)
