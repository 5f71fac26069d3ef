"""A task's light comes from its dates and state alone, in workdays, with the reason in words."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gangshen.apps.plans import services
from gangshen.apps.plans.models import Plan, Task
from gangshen.apps.plans.services import Light
from gangshen.engines.workdays import Calendar

TODAY = dt.date(2026, 4, 15)
DAYS = Calendar.published()


def light(due: dt.date | None, state: str = "open", *, draft: bool = False, today: dt.date = TODAY):
    return services.light(Task(plan=Plan(draft=draft), due=due, state=state), today, days=DAYS)


@pytest.mark.parametrize(
    ("due", "state", "draft", "shape", "code", "words"),
    [
        ((2026, 4, 14), "open", False, "bad", "overdue", "1 workday overdue"),
        ((2026, 4, 10), "open", False, "bad", "overdue", "3 workdays overdue"),
        ((2026, 4, 15), "open", False, "near", "today", "Due today"),
        ((2026, 4, 16), "open", False, "near", "soon", "1 workday left"),
        ((2026, 4, 22), "open", False, "near", "soon", "5 workdays left"),
        ((2026, 4, 23), "open", False, "ok", "on_time", "6 workdays left"),
        (None, "open", False, "unk", "undated", "No date in the plan"),
        ((2026, 4, 10), "reported", False, "near", "reported", "Reported, to be closed out"),
        ((2026, 6, 30), "reported", False, "near", "reported", "Reported, to be closed out"),
        ((2026, 4, 10), "closed", False, "ok", "closed", "Closed out"),
        ((2026, 4, 10), "open", True, "na", "draft", "Draft: tracked, not followed up"),
        ((2026, 4, 10), "closed", True, "ok", "closed", "Closed out"),
    ],
)
def test_lights(due, state, draft, shape, code, words) -> None:
    found = light(dt.date(*due) if due else None, state, draft=draft)
    assert (found.light, found.code, found.words) == (shape, code, words)


def test_a_date_on_a_day_off_is_overdue_without_a_workday() -> None:
    assert light(dt.date(2026, 4, 18), today=dt.date(2026, 4, 19)).words == "Overdue, no workday since"


def test_holidays_are_no_workdays_and_make_up_days_are() -> None:
    """The Labour Day notice of 2026 frees Friday 1 to Tuesday 5 May and makes Saturday 9 May a workday."""
    assert light(dt.date(2026, 5, 9), today=dt.date(2026, 4, 30)).workdays == 4


def test_days_beyond_the_published_years_are_provisional() -> None:
    assert light(dt.date(2031, 6, 30)).provisional
    assert not light(dt.date(2026, 6, 30)).provisional


def test_words_are_chinese_for_a_chinese_reader() -> None:
    with translation.override("zh-hans"):
        assert light(dt.date(2026, 4, 10)).words == "超期 3 个工作日"


@given(
    due=st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), today=st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
)
def test_a_later_date_is_never_a_worse_light(due: dt.date, today: dt.date) -> None:
    order = [Light.RED, Light.AMBER, Light.GREEN]
    now, later = light(due, today=today), light(due + dt.timedelta(days=1), today=today)
    assert order.index(now.light) <= order.index(later.light)
    assert (now.light == Light.RED) == (due < today)


def test_the_board_begins_with_what_is_late() -> None:
    rows = [
        Task(pk=number, plan=Plan(draft=draft), due=due, state=state)
        for number, (due, state, draft) in enumerate(
            [
                (dt.date(2026, 12, 1), "open", False),
                (None, "open", False),
                (dt.date(2026, 4, 16), "open", False),
                (dt.date(2026, 4, 10), "open", True),
                (dt.date(2026, 4, 10), "open", False),
                (dt.date(2026, 3, 10), "open", False),
            ]
        )
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gangshen.apps.plans.services._board.calendar", lambda: DAYS)
        board = services.board(rows, TODAY)
    assert [task.pk for task, _light in board] == [5, 4, 2, 1, 0, 3]
