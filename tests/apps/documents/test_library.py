"""The library: full text with its places, what follows what, several files at once with a bad one among them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from gangshen.apps.archive import services as archive
from gangshen.apps.documents import services
from gangshen.apps.documents.commands import app
from gangshen.apps.documents.models import Document, Relation
from gangshen.apps.documents.services._search import _folded
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
HTMX = {"HTTP_HX_REQUEST": "true"}
OTHER = """青禾区算力补贴办法
第一条 对租用算力的企业，按Token用量给予１０％补贴，区经委负责审核。
第二条 企业与高校联合开展攻关的，优先支持。
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def client(people) -> Client:
    made = Client()
    made.force_login(people.clerk)
    return made


@pytest.fixture
def two(plan) -> Document:
    other = services.upload(OTHER.encode(), "other.txt", actor=None, now=NOW, key="other", status="in_force")
    services.read(other, now=NOW)
    return other


def test_every_place_holds_the_words_and_headings_come_first(two) -> None:
    found = services.search("区经委", None)
    assert {hit.document for hit in found} == {"plan", "other"}
    for hit in found:
        text = services.text(services.current(Document.objects.get(key=hit.document)))
        assert text[hit.start : hit.end] == hit.quote == "区经委"
        assert hit.excerpt[slice(*hit.mark)] == hit.quote
    best = services.search("测试平台", None)[0]
    assert (best.score, best.document) == (0.9, "plan") or best.score == 1.0
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


@pytest.mark.parametrize("words", ["token用量", "TOKEN 用量", "10%补贴", "１０％", "Token\n用量"])
def test_the_form_of_the_signs_does_not_matter(two, words: str) -> None:
    assert [hit.document for hit in services.search(words, None)] == ["other"]


def test_words_apart_are_found_together_and_other_forms_when_nothing_holds_them(two) -> None:
    apart = services.search("算力 审核", None)
    assert [hit.document for hit in apart] == ["other"]
    assert apart[0].quote.startswith("算力") and apart[0].quote.endswith("审核")
    assert apart[0].score < 0.9
    loose = services.search("组织高校企业联合攻关", None)
    assert loose and all(hit.score < 0.4 for hit in loose)
    assert services.search("量子计算", None) == []


def test_no_words_are_refused_and_signs_are_no_pattern(two) -> None:
    for words in ("", "  ", "字" * 500):
        with pytest.raises(Refused, match="No words"):
            services.search(words, None)
    assert services.search("(.*", None) == []


@given(st.text(max_size=40))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(_folded(text)) == len(text)


def test_nobody_finds_what_they_may_not_see(two, people) -> None:
    assert {hit.document for hit in services.search("区经委", people.unit)} == {"other"}
    assert services.search("区经委", people.nobody) == []


def test_the_page_leads_to_the_hit_in_its_place(two, client) -> None:
    hit = services.search("Token用量", None)[0]
    body = client.get("/documents/search/", {"q": "token用量"}).content.decode()
    assert "<mark>Token用量</mark>" in body
    url = f"/documents/other/?at={hit.start}&amp;to={hit.end}#at"
    assert url in body
    page = client.get(f"/documents/other/?at={hit.start}&to={hit.end}").content.decode()
    assert "<mark>Token用量</mark>" in page and 'id="at"' in page
    assert "stands nowhere" in client.get("/documents/search/", {"q": "量子"}).content.decode()
    assert client.get("/documents/search/").status_code == 200
    assert client.get("/api/documents/search?q=token").json()[0]["document"] == "other"


def test_the_command_line_prints_an_array(two) -> None:
    found = json.loads(run("search", "Token用量", "--json").stdout)
    assert [(hit["document"], hit["title"], hit["quote"]) for hit in found] == [
        ("other", "青禾区算力补贴办法", "Token用量")
    ]
    assert set(found[0]) >= {"start", "end", "excerpt", "score"}
    assert json.loads(run("search", "量子", "--json").stdout) == []
    assert run("search", " ").exit_code == 2
    assert len(json.loads(run("search", "区经委", "--json", "--limit", "1").stdout)) == 1


def test_searching_costs_two_queries_however_much_is_on_file(two, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(2):
        services.search("区经委", None)


def test_the_library_filters_by_issuer_level_and_year(two, client) -> None:
    Document.objects.filter(key="other").update(issuer="青禾区", level="区级", issued_on=dt.date(2025, 3, 1))
    for query in ("issuer=青禾区", "level=区级", "year=2025"):
        body = client.get(f"/documents/?{query}").content.decode()
        assert "青禾区算力补贴办法" in body and "<b>1</b> in all" in body, query
    assert "青禾区算力补贴办法" not in client.get("/documents/?year=2024").content.decode()


def test_the_library_says_how_much_rests_on_each(two, client) -> None:
    for owner in ("task:a", "task:a", "obs:b@1"):
        archive.link("doc:other#1-3", owner)
    row = client.get("/api/lists/documents").json()
    assert {one["title"]: one["rests"] for one in row["items"]}["青禾区算力补贴办法"] == 2


def test_several_files_get_a_row_each_and_a_bad_one_its_reason(client) -> None:
    def sent(name: str, data: bytes) -> str:
        files = {"files": SimpleUploadedFile(name, data)}
        return client.post("/documents/upload/", files, **HTMX).content.decode()

    good, bad = sent("好.txt", OTHER.encode()), sent("空.docx", b"")
    assert "青禾区算力补贴办法" in good and "<html" not in good
    assert "refused" in bad and "空.docx" in bad and "empty" in bad
    document = Document.objects.get()
    waiting = client.get(f"/documents/upload/{document.key}/").content.decode()
    services.read(document, now=NOW)
    done = client.get(f"/documents/upload/{document.key}/").content.decode()
    assert "hx-trigger" in waiting and "hx-trigger" not in done and "items" in done


def test_a_bad_file_on_the_command_line_is_refused_alone(db, tmp_path: Path) -> None:
    good, empty = tmp_path / "a.txt", tmp_path / "b.docx"
    good.write_text(OTHER, encoding="utf-8")
    empty.write_bytes(b"")
    result = run("upload", empty, good, tmp_path / "gone.txt")
    assert result.exit_code == 1
    assert "青禾区算力补贴办法" in result.stdout
    assert len(result.stderr.strip().splitlines()) == 2


def test_a_relation_is_stated_with_its_evidence_and_taken_back(two, plan, client) -> None:
    sent = {"kind": "repeals", "older": "other", "evidence": "doc:plan#3-9", "note": "第三条"}
    assert client.post("/documents/plan/relations/", sent).status_code == 302
    two.refresh_from_db()
    assert two.status == "repealed"
    assert two.status_note == "doc:plan#3-9"
    page = client.get("/documents/other/").content.decode()
    assert "repeals" in page and "第三条" in page and "doc:plan#3-9" in page
    made = Relation.objects.get()
    for wrong in ({"kind": "likes"}, {"evidence": "page 3"}, {"older": "plan"}):
        assert client.post("/documents/plan/relations/", sent | wrong).status_code == 409
    assert client.post("/documents/plan/relations/", sent | {"older": "nope"}).status_code == 404
    assert client.post(f"/documents/plan/relations/{made.pk}/").status_code == 302
    assert not Relation.objects.exists()


def test_a_status_changes_with_its_ground_and_only_by_those_who_may(two, people, client) -> None:
    client.post("/documents/other/status/", {"status": "expired", "note": "有效期届满"})
    two.refresh_from_db()
    assert (two.status, two.status_note) == ("expired", "有效期届满")
    assert client.post("/documents/other/status/", {"status": "lost"}).status_code == 409
    leader = Client()
    leader.force_login(people.leader)
    assert leader.post("/documents/other/status/", {"status": "in_force"}).status_code == 404
    assert leader.post("/documents/other/relations/", {"kind": "amends", "older": "plan"}).status_code == 404
