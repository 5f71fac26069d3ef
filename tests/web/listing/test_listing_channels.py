"""Page, Excel, CSV and API of one list agree, and refuse alike."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import polars as pl
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from openpyxl import load_workbook

from gangshen.engines.formats import Text
from gangshen.web.listing import LISTINGS, READ, Action, Column, Filter, Listing, View

pytestmark = pytest.mark.django_db

FRAME = pl.DataFrame(
    {
        "key": ["t1", "t2", "t3"],
        "what": ["训练场设备进场", "=HYPERLINK(1)", "<script>"],
        "state": ["bad", "ok", "unk"],
        "low": [86_00, None, 0],
        "high": [114_00, None, 5_000_000_00],
        "paid": [1_286_00, None, 7],
        "due": [date(2026, 11, 18), date(2026, 12, 1), None],
        "ref": ["doc:plan#1-9", "rec:17", None],
    }
)
TASKS = Listing(
    key="sample-tasks",
    title=Text(zh="任务", en="Tasks"),
    noun=Text(zh="项任务", en="tasks"),
    columns=[
        Column("state", Text(zh="状态", en="State"), kind="status", value=lambda row: (row["state"], row["state"].upper()), sort="state"),
        Column("what", Text(zh="事项", en="Matter"), main=True, second=lambda row: row["key"]),
        Column("due", Text(zh="时限", en="Due"), kind="date"),
        Column("amount", Text(zh="金额", en="Amount"), kind="money", value=lambda row: (row["low"], row["high"]), interval=True),
        Column("paid", Text(zh="已拨付", en="Paid"), kind="money"),
        Column("ref", Text(zh="依据", en="Evidence"), kind="ref", value=lambda row: (row["ref"], "源") if row["ref"] else None),
    ],
    filters=[Filter("state", Text(zh="状态", en="State"), choices=[("bad", Text(zh="超期", en="overdue")), ("ok", "on time"), ("unk", "unknown")]), Filter("due", Text(zh="时限", en="Due"), kind="date")],
    views=[View("late", Text(zh="超期的", en="Overdue"), {"state": "bad"})],
    actions=[Action(Text(zh="催办", en="Press"), "web:theme", key="a")],
    source=lambda actor: FRAME,
    search_fields=["what"],
    row_id="key",
    row_url=lambda row: f"/t/{row['key']}/",
    panel=True,
    marks=lambda row: ["draft"] if row["key"] == "t1" else [],
    scope=Text(zh="不含草案", en="drafts not counted"),
    exportable=lambda actor: actor.username != "reader",
)  # fmt: skip


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LISTINGS, "_entries", {"sample-tasks": (0, TASKS)})


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_user("clerk"))
    return client


def test_the_page_says_the_conditions_as_a_sentence(browser: Client) -> None:
    html = browser.get("/lists/sample-tasks/?state=bad&sort=-due").content.decode()
    for part in (
        "状态 超期",
        "共 <b>1</b> 条",
        'aria-sort="descending"',
        "mark-draft",
        'hx-target="#panel"',
        'data-ref="doc:plan#1-9"',
        "t-stack",
        "data-select",
    ):
        assert part in html, part
    assert "<html" in html


def test_htmx_takes_the_list_and_its_tools_out_of_the_whole_page(browser: Client) -> None:
    asked = {"hx-request": "true", "hx-target": "listing"}
    html = browser.get("/lists/sample-tasks/?state=unk", headers=asked).content.decode()
    listing = html[html.index('<div id="listing"') :]
    assert "&lt;script&gt;" in listing
    assert "<script>" not in listing
    tools = html[html.index('id="tools"') :]
    assert "sample-tasks.xlsx?state=unk" in tools, "what is downloaded follows the filter"
    assert 'hx-select="#listing"' in html and 'hx-select-oob="#tools"' in html


def test_a_view_is_an_address_and_a_fault_is_told_on_the_page(browser: Client) -> None:
    html = browser.get("/lists/sample-tasks/?state=bad&view=late").content.decode()
    assert 'href="/lists/sample-tasks/?state=bad&amp;view=late" aria-current="true"' in html
    assert "note-bad" in browser.get("/lists/sample-tasks/?due.min=soon").content.decode()


def test_nothing_that_fits_offers_the_way_back(browser: Client) -> None:
    assert "没有符合条件的内容" in browser.get("/lists/sample-tasks/?q=none").content.decode()


def test_excel_has_a_line_about_it_heads_and_typed_cells(browser: Client) -> None:
    response = browser.get("/lists/sample-tasks.xlsx?sort=what&page=7&size=1")
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    assert "不含草案" in str(lines[0][0])
    assert lines[1] == ("状态", "事项", "时限", "金额下限（元）", "金额上限（元）", "已拨付（元）", "依据", "标记")
    assert len(lines) == 5
    by_matter = {line[1]: line for line in lines[2:]}
    first = by_matter["训练场设备进场"]
    assert (first[3], first[4], first[5], first[7]) == (86, 114, 1286, "草案")
    assert first[2].date() == date(2026, 11, 18)
    formula = next(cell for row in sheet.iter_rows(min_row=3) for cell in row if str(cell.value).startswith("="))
    assert formula.data_type == "s"
    assert by_matter["=HYPERLINK(1)"][3] is None


def test_csv_opens_in_excel_and_carries_no_formula(browser: Client) -> None:
    response: Any = browser.get("/lists/sample-tasks.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text)))
    assert lines[2][1] == "'=HYPERLINK(1)"
    assert lines[1][3:6] == ["86.00", "114.00", "1,286.00"]


def test_the_api_gives_the_same_rows_and_refuses_with_words(browser: Client) -> None:
    body = browser.get("/api/lists/sample-tasks?state=bad").json()
    assert (body["total"], body["items"][0]["amount"]) == (1, {"low": 8600, "high": 11400})
    assert body["items"][0]["state"] == {"state": "bad", "words": "BAD"}
    refused = browser.get("/api/lists/sample-tasks?sort=mood")
    assert refused.status_code == 422
    assert "mood" in refused.json()["message"]
    described = browser.get("/api/lists").json()
    assert [one["key"] for one in described] == ["sample-tasks"]


def test_the_api_wants_to_know_who_asks_and_documents_itself(client: Client, browser: Client) -> None:
    assert Client().get("/api/lists").status_code == 401
    assert browser.get("/api/lists/none").status_code == 404
    assert browser.get("/api/docs").status_code == 200
    assert "/api/lists/{key}" in browser.get("/api/openapi.json").json()["paths"]


def test_who_may_not_export_is_refused_and_sees_no_button(client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("reader"))
    assert client.get("/lists/sample-tasks.xlsx").status_code == 403
    assert "sample-tasks.xlsx" not in client.get("/lists/sample-tasks/").content.decode()


def test_every_reading_is_told_to_who_listens(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, int]] = []
    monkeypatch.setattr(
        READ, "_entries", {"test": (0, lambda listing, actor, channel, count: heard.append((channel, count)))}
    )
    browser.get("/lists/sample-tasks/?size=2")
    browser.get("/api/lists/sample-tasks")
    browser.get("/lists/sample-tasks.xlsx")
    assert heard == [("page", 2), ("api", 3), ("excel", 3)]


def test_an_empty_list_without_conditions_does_not_blame_the_conditions(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Listing("bare", "Bare", [Column("what", "What")], lambda actor: FRAME.clear())
    monkeypatch.setattr(LISTINGS, "_entries", {"bare": (0, bare)})
    assert "还没有内容" in browser.get("/lists/bare/").content.decode()
