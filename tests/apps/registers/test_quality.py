"""Data quality: what is out of date, disputed, missing where money waits; asked for once, filled in, kept over time."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.test import Client

from gangshen.apps.archive.models import Source
from gangshen.apps.cases.models import Case
from gangshen.apps.identity.models import Organisation, User, Zone
from gangshen.apps.registers import services
from gangshen.apps.registers.models import Batch
from gangshen.apps.registers.services.importing import import_file
from gangshen.apps.runs import services as runs
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)
OLD = TODAY - dt.timedelta(days=400)


@pytest.fixture(autouse=True)
def zone(db: None) -> None:
    Zone.objects.create(key="z", name="示例园区", demo_today=TODAY)


@pytest.fixture
def told(market: Source, firm: Source) -> None:
    """Reef: an old head count on which two sources disagree in time; Cove: nothing but its name; Bay: all fresh."""
    for key in ("reef", "cove", "bay"):
        Organisation.objects.create(key=key, kind=Organisation.Kind.ENTERPRISE, name=f"{key}厂")
        services.add_record(key, {"name": f"{key}厂"}, market, TODAY, None, NOW)
    services.add_record("reef", {"insured_employees": 86}, market, OLD, None, NOW)
    services.add_record("bay", {"operating_status": "存续"}, market, TODAY, None, NOW)
    services.add_record("bay", {"operating_status": "注销"}, firm, TODAY, None, NOW)


@pytest.fixture
def waiting() -> Iterator[None]:
    """Two matters wait for head counts, one of them of no known worth."""
    rows = pl.DataFrame(
        [
            ("cove", "insured_employees", "award", 500),
            ("cove", "revenue", "award", 500),
            ("reef", "revenue", "rent", None),
        ],
        schema=services.STAKE_ROWS,
        orient="row",
    )
    services.STAKES.register("test", services.Stakes(lambda as_of: rows, allowed=lambda user: True))
    yield
    services.STAKES._entries.pop("test")


def line(found: services.Quality, name: str) -> services.Line:
    return next(one for one in found.lines if one.attribute.id == name)


@pytest.mark.usefixtures("told", "waiting")
def test_what_cannot_be_trusted_is_counted() -> None:
    found = services.quality(TODAY)
    heads = line(found, "insured_employees")
    assert (heads.known, heads.stale, heads.missing, heads.waiting, heads.fen) == (1, 1, 2, 1, 500)
    assert line(found, "operating_status").disputed == 1
    assert (found.waiting, found.fen) == (2, 500), "a matter counts once a firm, however many values it lacks"
    rows = {(row["subject"], row["attribute"]): row for row in services.doubts(TODAY).to_dicts()}
    assert {key: row["state"] for key, row in rows.items()} == {
        ("reef", "insured_employees"): "stale",
        ("bay", "operating_status"): "disputed",
        ("cove", "insured_employees"): "missing",
        ("cove", "revenue"): "missing",
        ("reef", "revenue"): "missing",
    }
    old = rows["reef", "insured_employees"]
    assert (old["as_of"], old["source"], old["fen"]) == (OLD, "market", 0)
    assert rows["reef", "revenue"]["fen"] is None
    assert rows["cove", "revenue"]["fen"] == 500


@pytest.mark.usefixtures("told", "waiting")
def test_stakes_closed_to_a_role_are_left_out(someone: Callable[..., User]) -> None:
    services.STAKES._entries.pop("test")
    services.STAKES.register("test", services.Stakes(lambda as_of: pl.DataFrame(), allowed=lambda user: False))
    found = services.quality(TODAY, someone("data_officer"))
    assert (found.waiting, found.fen) == (0, 0)


def test_a_source_past_its_period_is_late_and_asked_once(someone: Callable[..., User]) -> None:
    officer = someone("data_officer")
    lists = Source.objects.create(key="lists", name="名单", rank=20, update_days=31)
    slow = Source.objects.create(key="slow", name="年报", rank=20, update_days=366)
    services.add_record("reef", {"name": "厂"}, lists, TODAY - dt.timedelta(days=40), None, NOW)
    services.add_record("reef", {"name": "厂"}, slow, TODAY - dt.timedelta(days=40), None, NOW)
    first, second = services.deliveries(Source.objects.filter(update_days__isnull=False), TODAY)
    assert (first.source, first.days, first.over, second.late) == (lists, 40, 9, False)
    case = services.ask_source(lists, actor=officer, now=NOW, today=TODAY)
    assert services.ask_source(lists, actor=officer, now=NOW, today=TODAY) == case
    assert services.asked_sources([lists]) == {"lists": case}
    with pytest.raises(Refused):
        services.ask_source(slow, actor=officer, now=NOW, today=TODAY)


@pytest.mark.usefixtures("told", "waiting")
def test_account_managers_are_asked_once_a_value(client: Client, someone: Callable[..., User]) -> None:
    client.force_login(someone("data_officer"))
    chosen = {"row": ["reef/insured_employees", "cove/revenue", "no/such"]}
    assert client.post("/enterprises/quality/values/ask/", chosen).status_code == 302
    client.post("/enterprises/quality/values/ask/", chosen)
    assert sorted(Case.objects.values_list("key", flat=True)) == [
        "question:cove:quality:revenue",
        "question:reef:quality:insured_employees",
    ]
    assert client.post("/enterprises/quality/values/ask/", {"row": ["no/such"]}).status_code == 409
    answer = client.post(
        "/api/enterprises/quality/ask", {"rows": ["cove/revenue", "cove/insured_employees"]}, "application/json"
    )
    assert answer.json() == {"opened": 1, "already": 1, "to_office": 1, "left": 0}


@pytest.mark.usefixtures("told", "waiting")
def test_the_page_list_and_api_say_the_same(client: Client, someone: Callable[..., User]) -> None:
    client.force_login(someone("data_officer"))
    page = client.get("/enterprises/quality/").content.decode()
    assert "参保人数" in page
    assert "无法测算" not in page.split('id="missing"')[0]
    told = client.get("/api/enterprises/quality").json()
    assert told["figures"] == services.quality(TODAY).figures()
    listed = client.get("/api/lists/doubts", {"state": "missing"}).json()
    assert {item["id"] for item in listed["items"]} == {"cove/insured_employees", "cove/revenue", "reef/revenue"}
    client.force_login(someone("leader"))
    assert client.get("/enterprises/quality/").status_code == 403
    assert client.get("/api/enterprises/quality").status_code == 403


@pytest.mark.usefixtures("told", "waiting")
def test_the_sheet_to_fill_in_comes_back_through_the_importer(client: Client, someone: Callable[..., User]) -> None:
    client.force_login(someone("data_officer"))
    data = client.get("/enterprises/quality/values/to-fill-in.xlsx").getvalue()
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet, known = book.worksheets
    heads = [cell.value for cell in sheet[1]]
    assert "参保人数（人）" in heads
    assert "营业收入（万元）" in heads
    assert known.max_row == 6, "one line a value in doubt"
    assert all(row[heads.index("参保人数（人）")].value is None for row in sheet.iter_rows(min_row=2))
    with pytest.raises(Refused):
        imported(data)  # nothing was filled in
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == "cove" and row[heads.index("所属期")].value == "2025":
            row[heads.index("营业收入（万元）")].value = 12
        if row[0].value == "reef" and not row[heads.index("所属期")].value:
            row[heads.index("参保人数（人）")].value = 90
    out = io.BytesIO()
    book.save(out)
    imported(out.getvalue())
    assert services.facts("cove", TODAY)["revenue"].value == 12_000_000
    assert services.facts("cove", TODAY)["revenue"].period == "2025"
    heads_of_reef = services.facts("reef", TODAY)["insured_employees"]
    assert (heads_of_reef.value, heads_of_reef.stale) == (86, True), "an upload is believed after the register"


def imported(data: bytes) -> dict[str, Any]:
    return import_file(data, "f.xlsx", kind="enterprises", actor=None, now=NOW, as_of=TODAY, inline=True).result


def test_refused_rows_wait_until_their_source_sends_a_whole_file(market: Source) -> None:
    bad = "企业编号,企业名称,参保人数\na,甲厂,3\nb,乙厂,很多\n".encode()
    good = "企业编号,企业名称,参保人数\nb,乙厂,4\n".encode()
    import_file(bad, "f.csv", kind="enterprises", actor=None, now=NOW, source="market", as_of=TODAY, inline=True)
    assert [batch.refused for batch in services.open_refusals(Batch.objects.all())] == [1]
    import_file(good, "g.csv", kind="enterprises", actor=None, now=NOW, source="market", as_of=TODAY, inline=True)
    assert not services.open_refusals(Batch.objects.all())


@pytest.mark.usefixtures("told")
def test_the_figures_of_a_day_are_kept() -> None:
    run = runs.start(services.MEASURE, {}, actor=None, now=NOW, inline=True)
    runs.start(services.MEASURE, {}, actor=None, now=NOW, inline=True)
    (day,) = services.measured(TODAY)
    assert day.day == TODAY
    assert day.run > run.pk
    assert day.figures == services.quality(TODAY).figures()
    assert run.result["attributes"]["insured_employees"] == [1, 1, 0]


@pytest.mark.usefixtures("told")
def test_a_dispute_is_settled_with_a_reason_and_taken_back(client: Client, someone: Callable[..., User]) -> None:
    client.force_login(someone("data_officer"))
    other = next(one for one in services.history("bay", "operating_status", TODAY) if not one.believed)
    url = "/enterprises/bay/settle/operating_status/"
    assert client.post(url, {"record": other.record_id}).status_code == 409, "a decision has a reason"
    client.post(url, {"record": other.record_id, "reason": "看了注销通知书"})
    assert services.facts("bay", TODAY)["operating_status"].value == "注销"
    assert services.quality(TODAY).disputed == 0
    assert "看了注销通知书" in client.get("/enterprises/bay/history/operating_status/").content.decode()
    review = Batch.objects.get(source__key=services.REVIEW)
    client.post(f"/enterprises/imports/{review.pk}/undo/")
    assert services.facts("bay", TODAY)["operating_status"].value == "存续"
    assert services.quality(TODAY).disputed == 1


def test_an_empty_register_says_what_to_load(client: Client, someone: Callable[..., User]) -> None:
    client.force_login(someone("data_officer"))
    assert "/enterprises/imports/" in client.get("/enterprises/quality/").content.decode()
