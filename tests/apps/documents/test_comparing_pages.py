"""Two versions side by side: page, sheet, API and command line; what rests on changed words, and its cases."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import docx
import openpyxl
import pytest
from django.test import Client
from typer.testing import CliRunner, Result

from gangshen.apps.archive import services as archive
from gangshen.apps.cases.models import Case
from gangshen.apps.documents import services
from gangshen.apps.documents.commands import app
from gangshen.apps.documents.models import Document, Relation
from gangshen.engines.evidence import Ref
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
OLD = """青禾区支持低空装备产业发展若干措施（征求意见稿）
一、支持内容
第一条 支持设备更新。对上年度设备投资达到200万元以上的制造业企业，按设备投资的10%给予补贴，每家企业每年最高500万元。
第二条 支持首台套应用。对产品列入首台套目录的企业，给予100万元奖励。
第三条 支持人才引进。对引进的高层次人才给予住房保障。
二、附则
本措施自2026年1月1日起施行，有效期至2028年12月31日。
"""
NEW = OLD.replace("（征求意见稿）", "").replace("200万元以上", "300万元以上").replace("住房保障", "住房和子女就学保障")


@pytest.fixture
def versions(db) -> tuple[Document, Document]:
    made = []
    for key, text in (("draft", OLD), ("final", NEW)):
        document = services.upload(text.encode(), f"{key}.txt", actor=None, now=NOW, key=key)
        services.read(document, now=NOW)
        made.append(document)
    return made[0], made[1]


@pytest.fixture
def client(people) -> Client:
    made = Client()
    made.force_login(people.clerk)
    return made


def rest_on(document: Document, words: str, owner: str) -> None:
    reading = services.current(document)
    start = services.text(reading).index(words)
    archive.link(f"doc:{document.key}@{reading.text_hash}#{start}-{start + len(words)}", owner)


def test_the_page_puts_changed_numbers_first_and_marks_the_words(versions, client) -> None:
    body = client.get("/documents/compare/?old=draft&new=final").content.decode()
    assert body.index('id="number"') < body.index('id="reworded"')
    assert "<del>200</del>" in body and "<ins>300</ins>" in body
    assert "<ins>和子女就学</ins>" in body
    assert "nothing on file rests on changed words" in body
    assert 'class="answer"' in body


def test_picking_offers_all_versions_and_what_follows_what(versions, people, client) -> None:
    services.supersede(*versions, actor=people.clerk, now=NOW)
    body = client.get("/documents/compare/").content.decode()
    assert "?old=draft&amp;new=final" in body
    assert body.count('value="draft"') == 2


def test_an_earlier_text_of_the_same_document_can_be_picked(versions, client) -> None:
    old, _ = versions
    before = services.current(old)
    old.file = archive.store(NEW.encode(), "draft.txt", now=NOW)
    old.save()
    services.read(old, now=NOW)
    url = f"/documents/compare/?old=draft@{before.text_hash}&new=draft"
    assert "<ins>300</ins>" in client.get(url).content.decode()
    assert f"draft@{before.text_hash}" in client.get("/documents/compare/").content.decode()


@pytest.mark.parametrize(
    ("old", "new", "status"), [("draft", "nope", 404), ("draft", "draft", 409), ("draft@zz", "final", 409)]
)
def test_what_cannot_be_compared_is_said(versions, client, old: str, new: str, status: int) -> None:
    assert client.get("/documents/compare/", {"old": old, "new": new}).status_code == status


def test_whom_it_touches_is_named_and_gets_a_case_when_the_new_version_is_accepted(versions, people, client) -> None:
    old, new = versions
    rest_on(old, "达到200万元以上", "obs:investment@2025")
    rest_on(old, "给予100万元奖励", "obs:first-set@2025")
    found = services.compare(services.version("draft", None), services.version("final", None), None)
    assert [str(rest.owner) for rest in found.things] == ["obs:investment@2025"]
    assert "obs:investment@2025" in client.get("/documents/compare/?old=draft&new=final").content.decode()
    done = client.post("/documents/compare/accept/", {"old": "draft", "new": "final"}, follow=True)
    assert "1 case was opened" in done.content.decode()
    (case,) = Case.objects.all()
    assert (case.type, case.about) == ("quote_changed", "obs:investment@2025")
    assert [Ref.parse(ref).id for ref in case.evidence] == ["draft", "final"]
    assert Relation.objects.get().kind == "final"
    new.refresh_from_db()
    assert new.status == "in_force"
    client.post("/documents/compare/accept/", {"old": "draft", "new": "final"})
    assert Case.objects.count() == 1, "once, however often it is accepted"
    again = services.compare(services.version("draft", None), services.version("final", None), None)
    assert f"case:{case.pk}" in {str(rest.owner) for rest in again.things}


def test_only_those_who_may_change_documents_accept(versions, people) -> None:
    leader = Client()
    leader.force_login(people.leader)
    assert "Accept the new version" not in leader.get("/documents/compare/?old=draft&new=final").content.decode()
    assert leader.post("/documents/compare/accept/", {"old": "draft", "new": "final"}).status_code == 403
    assert not Relation.objects.exists()
    unit = Client()
    unit.force_login(people.unit)
    Document.objects.filter(key="final").update(status="reference")
    assert unit.get("/documents/compare/?old=draft&new=final").status_code == 404


def test_a_text_whose_quoted_words_change_when_it_is_read_again_opens_a_case(versions) -> None:
    old, _ = versions
    rest_on(old, "达到200万元以上", "obs:investment@2025")
    services.start_reading(old, actor=None, now=NOW, inline=True)
    assert not Case.objects.exists()
    old.file = archive.store(NEW.encode(), "draft.txt", now=NOW)
    old.save()
    services.start_reading(old, actor=None, now=NOW, inline=True)
    assert [case.about for case in Case.objects.all()] == ["obs:investment@2025"]


def test_the_sheets_hold_every_change(versions, client) -> None:
    word = client.get("/documents/compare/changes.docx?old=draft&new=final").content
    tables = docx.Document(io.BytesIO(word)).tables
    cells = [cell for table in tables for row in table.rows for cell in row.cells]
    struck = {run.text for cell in cells for p in cell.paragraphs for run in p.runs if run.font.strike}
    assert "200" in struck
    book = openpyxl.load_workbook(io.BytesIO(client.get("/documents/compare/changes.xlsx?old=draft&new=final").content))
    rows = list(book.active.iter_rows(min_row=3, values_only=True))
    assert len(rows) == len(
        services.compare(services.version("draft", None), services.version("final", None), None).comparison.changes
    )
    assert "达到200万元以上 → 达到300万元以上" in rows[0][5]


def test_the_api_gives_the_same(versions, client) -> None:
    body = client.get("/api/documents/compare?old=draft&new=final").json()
    assert body["counts"]["number"] == 1
    assert body["changes"][0]["figures"][0]["new"]["quote"] == "达到300万元以上"
    assert body["changes"][0]["touches"] == []
    assert client.get("/api/documents/compare?old=draft&new=nope").status_code == 404


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_files_and_keys_compare_on_the_command_line(versions, tmp_path: Path) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text(OLD, encoding="utf-8")
    new.write_text(NEW, encoding="utf-8")
    by_file = json.loads(run("compare", old, new, "--json").stdout)
    by_key = json.loads(run("compare", "draft", "final", "--json").stdout)
    assert by_file["changes"] == by_key["changes"]
    assert by_file["counts"] == {"number": 1, "added": 0, "removed": 0, "moved": 0, "reworded": 2}
    for change in by_file["changes"]:
        assert OLD[change["old"]["start"] : change["old"]["end"]] == change["old"]["quote"]
    assert "达到200万元以上 → 达到300万元以上" in run("compare", old, new).stdout
    assert "Nothing changed" in run("compare", old, old).stdout
    sheet = tmp_path / "sheet.docx"
    assert run("compare", old, new, "--docx", sheet).exit_code == 0
    assert docx.Document(str(sheet)).tables
    assert run("compare", old, new, "--docx", sheet).exit_code == 1, "never overwritten"


def test_a_bad_side_has_one_line(versions, tmp_path: Path) -> None:
    empty = tmp_path / "empty.docx"
    empty.write_bytes(b"")
    for bad in (empty, tmp_path / "gone.txt", "nope"):
        result = run("compare", bad, "final")
        assert result.exit_code == 1
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_large_comparison_costs_the_same(people, client, django_assert_max_num_queries) -> None:
    many = "青禾区低空产业行动方案（2026-2028年）\n一、主要任务\n" + "".join(
        f"{n}.建设第{n}个平台。到2027年建成平台{n}个。（责任单位：区经委）\n" for n in range(1, 100)
    )
    for key, text in (("a", many), ("b", many.replace("到2027年", "到2028年"))):
        document = services.upload(text.encode(), f"{key}.txt", actor=None, now=NOW, key=key)
        services.read(document, now=NOW)
    for n in range(1, 60):
        rest_on(Document.objects.get(key="a"), f"到2027年建成平台{n}个", f"task:a-{n}")
    client.get("/documents/compare/?old=a&new=b")
    with django_assert_max_num_queries(40):
        body = client.get("/documents/compare/?old=a&new=b").content.decode()
    assert body.count("<ins>2028</ins>") == 99


def test_a_relation_needs_a_kind_evidence_that_opens_and_no_circle(versions, people) -> None:
    old, new = versions
    with pytest.raises(Refused, match="no such relation"):
        services.relate(new, old, "likes", actor=people.clerk, now=NOW)
    with pytest.raises(Refused, match="not a reference"):
        services.relate(new, old, "amends", actor=people.clerk, now=NOW, evidence="page 3")
    services.relate(new, old, "amends", actor=people.clerk, now=NOW, evidence="doc:final#3-9")
    with pytest.raises(Refused, match="follow itself"):
        services.relate(old, new, "repeals", actor=people.clerk, now=NOW)
