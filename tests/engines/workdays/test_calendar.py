"""Workdays: published years, terms, and what lies beyond them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.workdays import Calendar, CalendarError, Deadline

CALENDAR = Calendar.published()
D = dt.date
published = st.dates(D(2024, 1, 1), D(2026, 12, 31))


@pytest.mark.parametrize(("year", "workdays"), [(2024, 251), (2025, 248), (2026, 248)])
def test_workdays_of_a_year_as_the_notices_make_them(year: int, workdays: int) -> None:
    assert CALENDAR.workdays_between(D(year - 1, 12, 31), D(year, 12, 31)) == workdays


@pytest.mark.parametrize("day", ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"])
def test_weekends_made_up_in_2026_are_worked(day: str) -> None:
    assert CALENDAR.is_workday(D.fromisoformat(f"2026-{day}"))


def test_blocks_of_2026_are_off_and_named() -> None:
    off = [D(2026, 1, 1), D(2026, 2, 15), D(2026, 2, 23), D(2026, 4, 6), D(2026, 5, 5), D(2026, 6, 19), D(2026, 9, 25)]
    assert not any(CALENDAR.is_workday(day) for day in off)
    assert CALENDAR.name(D(2026, 2, 23)) == "春节"
    assert CALENDAR.name(D(2026, 3, 2)) is None
    assert len({day.name for day in CALENDAR.days.values() if day.date.year == 2026}) == 7


def test_workdays_are_counted_from_the_day_after() -> None:
    # Friday; the weekend of 2026-02-14 is worked on Saturday, then nine days off to 02-23
    assert CALENDAR.add_workdays(D(2026, 2, 13), 1) == Deadline(D(2026, 2, 14))
    assert CALENDAR.add_workdays(D(2026, 2, 13), 2) == Deadline(D(2026, 2, 24))
    assert CALENDAR.add_workdays(D(2026, 2, 24), -2) == Deadline(D(2026, 2, 13))
    assert CALENDAR.add_workdays(D(2026, 10, 1), 0) == Deadline(D(2026, 10, 8))


def test_a_last_day_off_moves_to_the_next_workday() -> None:
    assert CALENDAR.add_days(D(2026, 9, 21), 10) == Deadline(D(2026, 10, 8))
    assert CALENDAR.add_months(D(2025, 12, 31), 2) == Deadline(D(2026, 2, 28))  # a Saturday, but worked
    assert CALENDAR.add_months(D(2024, 2, 29), 12) == Deadline(D(2025, 2, 28))
    assert CALENDAR.add_months(D(2026, 3, 31), -1) == Deadline(D(2026, 2, 28))


def test_days_of_an_unpublished_year_are_provisional() -> None:
    assert CALENDAR.add_workdays(D(2026, 12, 30), 1) == Deadline(D(2026, 12, 31))
    assert CALENDAR.add_workdays(D(2026, 12, 31), 1) == Deadline(D(2027, 1, 1), provisional=True)
    assert CALENDAR.add_months(D(2026, 11, 21), 3).provisional
    assert str(CALENDAR.add_workdays(D(2026, 12, 31), 1)) == "2027-01-01?"
    assert not CALENDAR.is_provisional(D(2024, 1, 1), D(2026, 12, 31))


@given(published, st.integers(1, 300))
def test_counting_back_undoes_counting_forward(start: D, n: int) -> None:
    end = CALENDAR.add_workdays(start, n).date
    assert CALENDAR.is_workday(end)
    assert CALENDAR.workdays_between(start, end) == n
    assert CALENDAR.workdays_between(end, start) == -n


@given(published, published, published)
def test_workdays_between_add_up(a: D, b: D, c: D) -> None:
    between = CALENDAR.workdays_between
    assert between(a, b) + between(b, c) == between(a, c)


@given(published, st.integers(0, 400))
def test_a_term_never_ends_early_nor_on_a_day_off(start: D, n: int) -> None:
    for end in (CALENDAR.add_days(start, n), CALENDAR.add_months(start, n % 24)):
        assert end.date >= start
        assert CALENDAR.is_workday(end.date)


def write(folder: Path, text: str, name: str = "2027.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_zone_adds_the_next_year(tmp_path: Path) -> None:
    path = write(tmp_path, "# notice of the year\ndate,kind,name\n2026-12-26,workday,元旦\n2027-01-01,holiday,元旦\n")
    calendar = Calendar.published([path])
    assert calendar.add_workdays(D(2026, 12, 31), 1) == Deadline(D(2027, 1, 4))
    assert calendar.is_workday(D(2026, 12, 26))


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("next.csv", "date,kind,name\n", "name the file by the year"),
        ("2027.csv", "", "header date,kind,name"),
        ("2027.csv", "date,name\n", "header date,kind,name"),
        ("2027.csv", "date,kind,name\n2027-13-01,holiday,元旦\n", r"2027\.csv:2: date '2027-13-01'"),
        ("2027.csv", "date,kind,name\n\n2027-01-01,off,元旦\n", r"2027\.csv:3: kind 'off'"),
        ("2027.csv", "date,kind,name\n2028-01-01,holiday,元旦\n", "does not belong to 2027"),
        ("2027.csv", "date,kind,name\n2027-01-04,workday,元旦\n", "weekday anyway"),
        ("2027.csv", "date,kind,name\n2027-01-01,holiday\n", "2 cells where 3"),
        ("2027.csv", "date,kind,name\n2027-01-01,holiday,a\n2027-01-01,holiday,b\n", "stands twice"),
    ],
)
def test_bad_files_are_refused_with_place_and_remedy(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(CalendarError, match=message):
        Calendar.load([write(tmp_path, text, name)])


def test_missing_and_mislabelled_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="no such file"):
        Calendar.load([tmp_path / "2027.csv"])
    (tmp_path / "2027.csv").write_bytes("date,kind,name\n2027-01-01,holiday,元旦".encode("gb18030"))
    with pytest.raises(CalendarError, match="not UTF-8"):
        Calendar.load([tmp_path / "2027.csv"])


def test_terms_past_the_calendar_are_refused() -> None:
    with pytest.raises(CalendarError, match="shorter term"):
        CALENDAR.add_months(D(2026, 1, 1), 12 * 9000)
    with pytest.raises(CalendarError, match="shorter term"):
        CALENDAR.add_days(D(2026, 1, 1), 3_000_000)
