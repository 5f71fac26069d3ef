"""The audit page: search, chain, seals, the file of evidence; who watches reads only."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client

from gangshen.apps.archive import services
from gangshen.apps.archive.models import LogEntry, Seal
from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Role, User

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 15, 9, tzinfo=dt.UTC)
LATER = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def someone(name: str, *roles: str) -> User:
    return identity.create_user(name, None, by=None, now=NOW, roles=roles, language="en", display_name=name.title())


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def auditor() -> Client:
    return entered(someone("watch", "audit_admin"))


def html(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_answer_says_how_many_by_whom_and_what_stands_out(auditor: Client) -> None:
    lin = someone("lin", "operator")
    services.record_event(lin, "read", "rec:5", {"fields": ["contacts"]}, personal=True, subject="e1")
    services.record_event(lin, "export", "list:firms", {"rows": 3})
    page = html(auditor.get("/audit/"))
    assert "by 1 people" in page and "personal data read 1 times" in page and "1 exports" in page
    assert "Nothing is sealed yet" in page
    services.seal(LATER)
    assert "Sealed up to the hour" in html(auditor.get("/audit/"))


def test_one_finds_by_person_firm_day_and_kind(auditor: Client) -> None:
    lin = someone("lin", "operator")
    services.record_event(lin, "read", "rec:5", personal=True, subject="e1")
    services.record_event(None, "export", "list:other")
    for query in ("who=lin", "firm=e1", "personal=yes", "q=rec:5", "event=read"):
        page = html(auditor.get(f"/audit/?{query}"))
        assert "rec:5" in page and "list:other" not in page, query
    assert "rec:5" not in html(auditor.get("/audit/?on.max=2020-01-01"))
    rights = html(auditor.get("/audit/?rights=yes"))
    assert "Zone operator" in rights and "rec:5" not in rights


def test_an_entry_shows_old_and_new_and_its_seal(auditor: Client) -> None:
    services.upsert_source("tax", name="Tax", rank=10)
    services.upsert_source("tax", rank=5)
    entry = LogEntry.objects.first()
    page = html(auditor.get(f"/audit/{entry.pk}/"))
    assert "<td>10</td><td>5</td>" in page and "not sealed yet" in page
    services.seal(LATER)
    assert Seal.objects.get().digest[:12] in html(auditor.get(f"/audit/{entry.pk}/"))
    panel = html(auditor.get(f"/audit/{entry.pk}/", headers={"hx-request": "true"}))
    assert "<html" not in panel


def test_the_chain_of_a_decision_walks_down_to_the_file_and_names_each_gap(auditor: Client) -> None:
    file = services.store(b"rule", "rule.txt", now=NOW)
    services.link("doc:rule#0-4", "run:7#e1")
    services.link(f"file:{file.sha256}", "doc:rule#0-4")
    services.record_event(someone("lin", "operator"), "decide", "run:7#e1", subject="e1")
    page = html(auditor.get("/audit/chain/?ref=run:7%23e1"))
    assert "rule.txt" in page and "3 references" in page and "be opened" in page and "Lin" in page
    assert auditor.get("/audit/chain/?ref=nonsense").status_code == 409
    assert "Paste the reference" in html(auditor.get("/audit/chain/"))


def test_the_file_of_evidence_is_made_checked_and_itself_on_record(auditor: Client) -> None:
    services.record_event(None, "decide", "run:7", subject="e1")
    response = auditor.post("/audit/export/", {"subject": "e1"})
    assert response["Content-Type"] == "application/zip"
    assert services.check_archive(response.content) == []
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        assert package.read("entries.jsonl").count(b"\n") == 1
    made = LogEntry.objects.first()
    assert (made.event, str(made.actor)) == ("export", "Watch")
    assert auditor.post("/audit/export/", {"since": "yesterday"}).status_code == 409


def test_seals_are_checked_on_the_page(auditor: Client) -> None:
    someone("lin")
    services.seal(LATER)
    assert "the chain is whole" in html(auditor.get("/audit/seals/?verify=1"))
    assert "not in the chain" in html(auditor.get("/audit/seals/?verify=1&expect=abc"))
    kept = services.store(b"x", "x.txt", now=NOW)
    assert "Every kept file" in html(auditor.get("/audit/seals/?files=1"))
    services.path(kept).unlink()
    assert "content missing" in html(auditor.get("/audit/seals/?files=1"))


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"audit_admin"}))
def test_nobody_else_sees_the_trail_and_the_refusal_is_on_record(role: str) -> None:
    client, entry = entered(someone("u", role)), LogEntry.objects.first()
    for path in ("/audit/", "/audit/seals/", "/audit/chain/?ref=run:1", "/lists/audit.xlsx", "/api/lists/audit"):
        assert client.get(path).status_code == 403, path
    assert client.post("/audit/export/").status_code == 403
    assert client.get(f"/audit/{entry.pk}/").status_code == 404
    refused = LogEntry.objects.filter(event="refused", actor__username="u")
    assert refused.count() == 6 and refused.first().remote_addr == "127.0.0.1"


def test_a_file_is_a_download_for_whom_it_is_open_and_noted(auditor: Client) -> None:
    file = services.store(b"<script>", "规则.html", now=NOW)
    url = f"/archive/files/{file.sha256}/"
    assert entered(someone("boss", "leader")).get(url).status_code == 404
    response = auditor.get(url)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == b"<script>"
    assert LogEntry.objects.first().event == "download"
    assert "规则.html" in html(auditor.get(f"/evidence/?ref=file:{file.sha256}"))


def test_a_forwarded_address_is_believed_from_ones_own_proxy_only(settings, auditor: Client) -> None:
    from dataclasses import replace

    auditor.get("/users/new/", headers={"x-forwarded-for": "10.1.1.1"})
    assert LogEntry.objects.filter(event="refused").first().remote_addr == "127.0.0.1"
    settings.CONFIG = replace(settings.CONFIG, https=True)
    auditor.get("/users/new/", headers={"x-forwarded-for": "6.6.6.6, 10.1.1.1"})
    assert LogEntry.objects.filter(event="refused").first().remote_addr == "10.1.1.1"


def test_an_export_of_a_list_is_on_record() -> None:
    client = entered(someone("lin", "operator"))
    assert client.get("/lists/organisations.xlsx").status_code == 200
    entry = LogEntry.objects.first()
    assert (entry.event, entry.object_repr, entry.additional_data["rows"]) == ("export", "list:organisations", 0)


def test_a_document_and_a_record_rest_on_the_file_they_came_in(auditor: Client) -> None:
    from gangshen.apps.documents.models import Document, Reading
    from gangshen.apps.registers.models import Batch, Record

    old, new, table = (services.store(name.encode(), f"{name}.txt", now=NOW) for name in ("old", "new", "table"))
    document = Document.objects.create(key="plan", title="Plan", file=new, created_at=NOW)
    Reading.objects.create(document=document, file=old, text_file=old, text_hash="ab", reader="r", kind="plan", data={}, created_at=NOW)  # fmt: skip
    batch = Batch.objects.create(source=services.upsert_source("s", name="S"), file=table, state="live", created_at=NOW)
    record = Record.objects.create(
        subject="e1", source=batch.source, batch=batch, as_of=NOW, recorded_at=NOW, values={}
    )
    below = {
        ref: [one.ref for one in services.chain(ref).rests_on]
        for ref in ("doc:plan", "doc:plan@ab#0-3", f"rec:{record.pk}#revenue", "rec:x", "doc:none", f"rec:{9**30}")
    }
    assert below["doc:plan"] == [f"file:{new.sha256}"]
    assert below["doc:plan@ab#0-3"] == [f"file:{old.sha256}"]
    assert below[f"rec:{record.pk}#revenue"] == [f"file:{table.sha256}"]
    assert below[f"rec:{9**30}"] == below["rec:x"] == below["doc:none"] == []
