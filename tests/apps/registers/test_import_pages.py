"""Pages of imports: from the file to the receipt and undone again, small and large, by page and API."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gangshen.apps.archive.models import File, Source
from gangshen.apps.identity.models import Organisation, User, Zone
from gangshen.apps.registers.models import Batch
from gangshen.apps.registers.services import (
    add_record,
    facts,
    importing,
)
from gangshen.apps.registers.services.importing import _check
from gangshen.apps.runs import services as runs
from gangshen.apps.runs.models import Run
from invented import code

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)

pytestmark = pytest.mark.django_db
Make = Callable[..., User]


@pytest.fixture(autouse=True)
def zone(db: None) -> Zone:
    return Zone.objects.create(key="test", name="测试园区", demo_today=TODAY)


FILE = f"统一社会信用代码,企业名称,营业收入,参保人数\n{code(7)},甲厂,12.5,3\n{code(8)},乙厂,很多,3\n"


def test_an_import_from_file_to_undo(browse: Callable[..., Client], someone: Make) -> None:
    client = browse("data_officer")
    assert client.get("/enterprises/imports/").status_code == 200
    upload = SimpleUploadedFile("f.csv", FILE.encode("gb18030"))
    looked = client.post("/enterprises/imports/", {"file": upload, "kind": "enterprises", "source": "upload"})
    assert looked.status_code == 302
    page = client.get(looked["Location"]).content.decode()
    assert 'aria-invalid="true"' in page
    assert not Batch.objects.exists()
    form = {
        "kind": "enterprises",
        "source": "upload",
        "to-0": "uscc",
        "to-1": "name",
        "to-2": "revenue",
        "unit-2": "万元",
        "to-3": "",
    }
    page = client.get(looked["Location"].partition("?")[0], form).content.decode()
    assert "很多" in page
    file = re.search(r"/check/(\d+)/", looked["Location"])
    assert file
    started = client.post(reverse("registers:start", args=[file[1]]), form)
    run = Run.objects.get()
    assert client.get(started["Location"]).status_code == 200
    runs.execute(run.pk)
    done = client.get(started["Location"])
    batch = Batch.objects.get()
    assert done["Location"] == reverse("registers:batch", args=[batch.pk])
    receipt = client.get(done["Location"]).content.decode()
    assert "甲厂" in receipt
    assert client.get(reverse("registers:quarantine", args=[batch.pk])).status_code == 200
    assert facts(code(7), TODAY)["revenue"].value == 12_500_000
    client.post(reverse("registers:undo", args=[batch.pk]))
    assert facts(code(7), TODAY) == {}
    assert client.post(reverse("registers:undo", args=[batch.pk])).status_code == 409
    client.post(reverse("registers:redo", args=[batch.pk]))
    assert facts(code(7), TODAY)["name"].value == "甲厂"


def test_the_page_of_a_file_shows_layout_grade_personal_data_and_who_it_may_be(
    known: Organisation, browse: Callable[..., Client]
) -> None:
    client = browse("data_officer")
    text = f"园区台账,,\n统一社会信用代码,企业名称,联系电话\n{code(7)},甲厂,13800000000\n合计,,\n"
    upload = SimpleUploadedFile("f.csv", text.encode())
    looked = client.post(
        "/enterprises/imports/", {"file": upload, "kind": "enterprises", "source": "upload", "grade": "公开"}
    )
    page = client.get(looked["Location"]).content.decode()
    assert 'name="header_row" value="2"' in page
    assert "合计行" in page
    assert "个人信息，不导入" in page
    assert "13800000000" not in page
    assert client.get(looked["Location"] + "&header_row=x").status_code == 409


def test_imports_by_the_api(browse: Callable[..., Client]) -> None:
    client = browse("data_officer")

    def send(**more: Any) -> Any:
        upload = SimpleUploadedFile("f.csv", FILE.encode())
        return client.post("/api/enterprises/imports", {"file": upload, "units": "营业收入=万元", **more})

    tried = send(dry_run="true").json()
    assert (tried["new"], tried["refused"], tried["columns"][2]["unit"]) == (1, 1, "万元")
    assert not Batch.objects.exists()
    sent = send()
    assert sent.status_code == 202
    runs.execute(sent.json()["run"])
    batch = Batch.objects.get()
    told = client.get(f"/api/enterprises/imports/{batch.pk}").json()
    assert (told["imported"], bool(told["signature"]["signed"])) == (1, True)
    assert client.post(f"/api/enterprises/imports/{batch.pk}/undo").json()["state"] == "undone"
    assert client.post(f"/api/enterprises/imports/{batch.pk}/redo").json()["state"] == "live"
    assert client.get(reverse("registers:receipt_word", args=[batch.pk])).content[:2] == b"PK"
    assert client.get(reverse("registers:receipt_json", args=[batch.pk])).json()["state"] == "live"
    assert client.get("/api/enterprises/imports/999999").status_code == 404
    assert (
        browse("leader").post("/api/enterprises/imports", {"file": SimpleUploadedFile("f.csv", b"x")}).status_code
        == 403
    )


def many(rows: int) -> bytes:
    lines = (f"{code(number)},厂{number},{number}" for number in range(rows))
    return "\n".join(["统一社会信用代码,企业名称,营业收入", *lines, ""]).encode()


def test_a_large_file_is_looked_at_in_the_background(browse: Callable[..., Client], monkeypatch: Any) -> None:
    monkeypatch.setattr(_check, "FEW_ROWS", 5)
    client = browse("data_officer")
    upload = SimpleUploadedFile("f.csv", many(9))
    sent = client.post("/enterprises/imports/", {"file": upload, "source": "upload", "purpose": "试"})
    run, place = Run.objects.get(), sent["Location"]
    assert (sent.status_code, run.kind, run.state) == (302, "registers.check", "queued")
    waiting = client.get(place, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" in waiting
    assert "<html" not in waiting
    plain = place.partition("?")[0]
    assert f'action="/enterprises/imports/look/{run.params["file"]}/"' in client.get(plain).content.decode()
    again = client.post(reverse("registers:look", args=[run.params["file"]]), {"source": "upload", "purpose": "试"})
    assert again["Location"] == place  # asked again, it is not looked at twice
    runs.execute(run.pk)
    ready = client.get(place, headers={"HX-Request": "true"})
    assert (ready.status_code, ready["HX-Refresh"]) == (204, "true")
    page = client.get(place).content.decode()
    assert 'aria-invalid="true"' in page  # the unit is asked for, as in a small file
    form = {"kind": "enterprises", "source": "upload", "checked": str(run.pk), "purpose": "试"}
    form |= {"to-0": "uscc", "to-1": "name", "to-2": "revenue", "unit-2": "万元"}
    again = client.post(reverse("registers:look", args=[run.params["file"]]), form)["Location"]
    second = Run.objects.latest("pk")
    assert second.pk != run.pk
    runs.execute(second.pk)
    page = client.get(again).content.decode()
    assert 'formaction="/enterprises/imports/start/' in page
    assert not Batch.objects.exists()
    started = client.post(reverse("registers:start", args=[run.params["file"]]), form)
    runs.execute(Run.objects.latest("pk").pk)
    follow = client.get(started["Location"], headers={"HX-Request": "true"})
    assert follow["HX-Redirect"] == reverse("registers:batch", args=[Batch.objects.get().pk])
    assert facts(code(3), TODAY)["revenue"].value == 3_000_000
    client.post(reverse("registers:look", args=[run.params["file"]]), {"source": "upload", "purpose": "试"})
    assert Run.objects.filter(kind="registers.check").count() == 3  # the register has changed since


def test_a_look_that_fails_says_why_and_opens_to_nobody_else(browse: Callable[..., Client], monkeypatch: Any) -> None:
    monkeypatch.setattr(_check, "FEW_ROWS", 1)
    client = browse("data_officer")
    sent = client.post("/enterprises/imports/", {"file": SimpleUploadedFile("f.csv", b"a,b\n1,2\n3,4\n")})
    place = sent["Location"]
    runs.execute(Run.objects.get().pk)
    page = client.get(place).content.decode()
    assert "f.csv" in page
    assert "hx-get" not in page.partition('id="run"')[2].partition("</section>")[0]
    assert browse("leader").get(place).status_code == 403


def test_a_large_dry_run_by_the_api_is_a_run(browse: Callable[..., Client], monkeypatch: Any) -> None:
    monkeypatch.setattr(_check, "FEW_ROWS", 5)
    client = browse("data_officer")
    body = {"file": SimpleUploadedFile("f.csv", many(9)), "units": "营业收入=万元", "dry_run": "true"}
    sent = client.post("/api/enterprises/imports", body)
    place = f"/api/enterprises/imports/looks/{sent.json()['run']}"
    assert (sent.status_code, client.get(place).status_code) == (202, 202)
    runs.execute(sent.json()["run"])
    told = client.get(place).json()
    assert (told["new"], told["ask_unit"]) == (9, [])
    assert not Batch.objects.exists()
    assert client.get("/api/enterprises/imports/looks/999999").status_code == 404
    assert browse("leader").get(place).status_code == 403


def test_a_file_over_the_limit_is_refused_with_its_size(browse: Callable[..., Client], monkeypatch: Any) -> None:
    monkeypatch.setattr(importing, "LIMIT", 10)
    client = browse("data_officer")
    page = client.post("/enterprises/imports/", {"file": SimpleUploadedFile("f.csv", many(2))})
    assert page.status_code == 409
    sent = client.post("/api/enterprises/imports", {"file": SimpleUploadedFile("f.csv", many(2))})
    assert (sent.status_code, "f.csv" in sent.content.decode()) == (409, True)
    assert not File.objects.exists()


def test_a_file_that_cannot_be_read_is_said_so(browse: Callable[..., Client]) -> None:
    client = browse("data_officer")
    looked = client.post("/enterprises/imports/", {"file": SimpleUploadedFile("f.csv", b"%PDF-1.7 x")})
    page = client.get(looked["Location"])
    assert page.status_code == 409
    assert "PDF" in page.content.decode()


@pytest.mark.parametrize("role", ["leader", "enterprise", "unit", "statistics_clerk"])
def test_imports_are_closed_to_others(role: str, browse: Callable[..., Client]) -> None:
    client = browse(role)
    assert client.get("/enterprises/imports/").status_code == 403
    upload = SimpleUploadedFile("f.csv", FILE.encode())
    assert client.post("/enterprises/imports/", {"file": upload}).status_code == 403


def test_an_auditor_sees_imports_and_changes_none(market: Source, browse: Callable[..., Client]) -> None:
    add_record("a", {"name": "甲厂"}, market, TODAY, None, NOW)
    client, batch = browse("audit_admin"), Batch.objects.get()
    assert client.get(reverse("registers:batch", args=[batch.pk])).status_code == 200
    assert client.post(reverse("registers:undo", args=[batch.pk])).status_code in (403, 404)
    batch.refresh_from_db()
    assert batch.state == "live"
