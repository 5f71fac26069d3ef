"""The two doors without a log-in: what the offices registered as public, dated, and nothing else."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation

from gangshen.apps.identity.models import Zone
from gangshen.web.public import PUBLIC_ROWS, WALL, PublicPart, PublicRow, WallPart

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def zone() -> None:
    Zone.objects.create(key="z", name="试验区", demo_today=DAY)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def shown() -> Iterator[list[PublicRow]]:
    """The rows of the only part that is registered."""
    held, PUBLIC_ROWS._entries = PUBLIC_ROWS._entries, {}
    rows: list[PublicRow] = []
    PUBLIC_ROWS.register("calls", PublicPart("Calls", lambda today: rows, "The next opens in May."))
    yield rows
    PUBLIC_ROWS._entries = held


def visitor() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def test_days_left_count_the_last_day_as_none_left() -> None:
    assert PublicRow("a", closes=DAY).days_left(DAY) == 0
    assert PublicRow("a", closes=DAY + dt.timedelta(3)).days_left(DAY) == 3
    assert PublicRow("a").days_left(DAY) is None


def test_a_visitor_reads_rows_with_days_left_without_logging_in(shown: list[PublicRow]) -> None:
    shown += [PublicRow("Rent subsidy", closes=dt.date(2026, 11, 30), day=DAY), PublicRow("=Old", closes=DAY)]
    page = visitor().get("/public/")
    assert page.status_code == 200
    words = page.content.decode()
    assert "10 days, until 2026-11-30" in words and "Rent subsidy" in words
    assert page.context["open"] == 2 and page.context["soonest"] == 0
    table = list(csv.reader(io.StringIO(visitor().get("/public/data.csv").content.decode("utf-8-sig"))))
    assert [row[1] for row in table] == ["What", "Rent subsidy", "'=Old"]


def test_an_empty_part_says_so_with_its_date(shown: list[PublicRow]) -> None:
    words = visitor().get("/public/").content.decode()
    assert "Nothing as of 2026-11-20" in words and "The next opens in May." in words


def test_the_wall_leaves_out_what_has_nothing_to_show() -> None:
    held, WALL._entries = WALL._entries, {}
    try:
        WALL.register("none", WallPart("Nothing", "parts/empty.html", lambda today: None))
        WALL.register("one", WallPart("One", "parts/empty.html", lambda today: {"title": f"seen {today}"}))
        page = visitor().get("/wall/")
    finally:
        WALL._entries = held
    assert [sheet["key"] for sheet in page.context["sheets"]] == ["one"]
    assert "seen 2026-11-20" in page.content.decode()


def test_the_offices_own_parts_stand_on_an_empty_zone() -> None:
    assert visitor().get("/public/").status_code == 200
    assert visitor().get("/wall/").status_code == 200
