"""The library and the review over the pages: what is shown, swapped, refused, and to whom."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document
from gangshen.apps.documents.pages._doubts import doubt_words
from gangshen.apps.documents.pages._paper import line_at, paper
from gangshen.apps.runs.models import Run

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "items"}
TEXT = """青禾区低空产业行动方案（2026-2028年）
一、主要任务
1.建设平台。建设开放的试飞平台，到2027年建成平台3个。（责任单位：区经委）
2.攻关部件。围绕飞控和动力电池，组织企业与高校开展联合攻关。（责任单位：区科委）
"""


def logged_in(user, language: str = "en") -> Client:
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
    client = Client()
    client.force_login(user)
    return client


def test_the_library_says_how_many_and_what_waits(plan, people) -> None:
    body = logged_in(people.clerk).get("/documents/").content.decode()
    assert "<b>1</b> documents on file" in body
    assert "wait to be checked" in body
    assert plan.title in body
    assert body.count('class="answer"') == 1


def test_an_empty_library_says_so(people) -> None:
    response = logged_in(people.clerk).get("/documents/")
    assert response.status_code == 200
    assert "<b>0</b> documents on file" in response.content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "What was read"), ("zh-hans", "读出的条目")])
def test_the_review_in_both_languages(plan, people, language: str, words: str) -> None:
    body = logged_in(people.clerk, language).get("/documents/plan/?show=all").content.decode()
    assert words in body
    assert "攻关关键部件" in body
    assert not re.search(r"\bstyle=|\bonclick=", body)


def test_why_an_item_is_doubtful_is_said_in_chinese(plan, people) -> None:
    item = next(item for item in services.current(plan).items.filter(kind="task") if "unassigned" in item.doubts)
    url = f"/documents/plan/items/{item.pk}/?show=all"
    assert "没有写责任单位" in logged_in(people.clerk, "zh-hans").get(url, **HTMX).content.decode()
    assert "no responsible unit is printed" in logged_in(people.clerk).get(url, **HTMX).content.decode()


def test_a_reason_without_words_stays_as_the_reader_gave_it() -> None:
    assert doubt_words(["something new"]) == ["something new"]


def test_deciding_swaps_only_what_changed(plan, people) -> None:
    client = logged_in(people.clerk)
    item = services.current(plan).items.filter(kind="task", doubts=[]).first()
    response = client.post(f"/documents/plan/items/{item.pk}/decide/", {"verb": "accepted", "show": "all"}, **HTMX)
    body = response.content.decode()
    assert "<html" not in body
    assert 'id="review-head" hx-swap-oob="true"' in body
    pieces = re.findall(r'id="sp-(\d+)-\d+"', body)
    assert set(pieces) == {str(item.pk)}
    assert "sp-ok" in body
    assert json.loads(response["HX-Trigger"])["toast"]["text"].startswith("Accepted")
    item.refresh_from_db()
    assert item.state == "accepted"


def test_deciding_without_script_comes_back_to_the_page(plan, people) -> None:
    item = services.current(plan).items.filter(kind="task").first()
    response = logged_in(people.clerk).post(
        f"/documents/plan/items/{item.pk}/decide/", {"verb": "dropped", "show": "open"}
    )
    assert response.status_code == 302
    assert response["Location"] == "/documents/plan/?show=open"


def test_correcting_a_target_by_form(plan, people) -> None:
    client = logged_in(people.clerk)
    item = services.current(plan).items.filter(kind="target", doubts=[]).first()
    at = f"i{item.pk}-"
    sent = {
        at + "subject": "整机企业", at + "value": "15", at + "unit": "家", at + "comparator": "ge",
        at + "deadline_year": "2028", "verb": "corrected", "show": "all",
    }  # fmt: skip
    url = f"/documents/plan/items/{item.pk}/decide/"
    wrong = client.post(url, sent | {at + "value": "several"}, **HTMX)
    assert "Enter a number" in wrong.content.decode()
    item.refresh_from_db()
    assert item.state == "pending"
    assert client.post(url, sent, **HTMX).status_code == 200
    item.refresh_from_db()
    assert (item.state, item.corrected["value"], item.corrected["subject"]) == ("corrected", 15, "整机企业")
    client.post(url, {"verb": "undo", "show": "all"}, **HTMX)
    item.refresh_from_db()
    assert (item.state, item.corrected) == ("pending", None)


def test_a_decision_that_does_not_exist_is_refused(plan, people) -> None:
    item = services.current(plan).items.first()
    response = logged_in(people.clerk).post(f"/documents/plan/items/{item.pk}/decide/", {"verb": "burn"}, **HTMX)
    assert response.status_code == 409


def test_finishing_too_early_is_refused_in_words(plan, people) -> None:
    response = logged_in(people.clerk).post("/documents/plan/finish/", {"accept_rest": "1"})
    assert response.status_code == 409
    assert "not decided" in response.content.decode()


def test_readers_read_and_only_clerks_decide(plan, people) -> None:
    item = services.current(plan).items.first()
    leader = logged_in(people.leader)
    body = leader.get(f"/documents/plan/?show=all&item={item.pk}").content.decode()
    assert item.quote.splitlines()[0][:12] in body
    assert 'value="accepted"' not in body
    for user in (people.leader, people.unit, people.nobody):
        response = logged_in(user).post(f"/documents/plan/items/{item.pk}/decide/", {"verb": "accepted"})
        assert response.status_code in (403, 404)
    item.refresh_from_db()
    assert item.state == "pending"
    assert logged_in(people.unit).get("/documents/plan/").status_code == 404, "a working paper is not a unit's"
    Document.objects.update(status="in_force")
    read = logged_in(people.unit).get("/documents/plan/")
    assert read.status_code == 200
    assert "/documents/plan/items/" not in read.content.decode(), "no link to what answers 404"
    assert Client().get("/documents/plan/").status_code == 302


def test_uploading_several_keeps_the_good_and_names_the_bad(people) -> None:
    files = [SimpleUploadedFile("好.txt", TEXT.encode()), SimpleUploadedFile("空.docx", b"")]
    response = logged_in(people.clerk).post("/documents/upload/", {"files": files})
    body = response.content.decode()
    assert response.status_code == 200
    assert "空.docx" in body and "empty" in body
    assert Document.objects.count() == 1
    assert logged_in(people.leader).get("/documents/upload/").status_code == 403


def test_a_document_not_read_says_how_it_stands(people) -> None:
    client = logged_in(people.clerk)
    document = services.upload(TEXT.encode(), "a.txt", actor=None, now=_now(), key="a")
    assert "Not read yet" in client.get("/documents/a/").content.decode()
    run = Run.objects.create(
        kind="documents.read", params={"document": document.key}, state="running", created_at=_now()
    )
    assert 'hx-select="#main"' in client.get("/documents/a/").content.decode()
    run.state, run.error = "failed", "The worker was stopped."
    run.save()
    assert "The worker was stopped." in client.get("/documents/a/").content.decode()
    assert client.get("/documents/a/reading.json").status_code == 404


def _now():
    from gangshen.apps.identity.services import now

    return now()


def test_evidence_opens_the_place_it_points_at(plan, people) -> None:
    at = services.text(services.current(plan)).index("试飞与检测")
    client = logged_in(people.clerk)
    page = client.get(f"/documents/plan/?at={at}").content.decode()
    (line,) = re.findall(r'<p[^>]* id="at">(.*?)</p>', page, re.DOTALL)
    assert "试飞与检测" in re.sub("<[^>]*>", "", line)
    for odd in ("x", "²", "9" * 40, "-1"):
        assert client.get("/documents/plan/", {"at": odd, "item": odd}).status_code == 200
    hash_ = services.current(plan).text_hash
    shown = client.get("/evidence/", {"ref": f"doc:plan@{hash_}#{at}-{at + 5}"}).content.decode()
    assert f"?at={at}&amp;to={at + 5}#at" in shown
    assert "<mark>试飞与检测</mark>" in client.get(f"/documents/plan/?at={at}&to={at + 5}").content.decode()
    assert "试飞与检测" in shown


def test_what_follows_and_what_went_before_is_shown(plan, people) -> None:
    draft = services.upload(
        TEXT.encode(), "draft.txt", actor=None, now=_now(), key="draft", title="征求意见稿", status="draft_for_comment"
    )
    services.supersede(draft, plan, actor=people.clerk, now=_now())
    services.read(draft, now=_now())
    client = logged_in(people.clerk)
    for key in ("plan", "draft"):
        page = client.get(f"/documents/{key}/").content.decode()
        assert "is the final text of" in page
        assert plan.title in page and "征求意见稿" in page


def test_files_to_take_away(plan, people) -> None:
    client = logged_in(people.clerk)
    body = client.get("/documents/plan/reading.json").json()
    text = client.get("/documents/plan/text.txt").content.decode()
    assert all(text[item["start"] : item["end"]] == item["quote"] for item in body["items"])
    assert client.get("/documents/plan/items.xlsx").content.startswith(b"PK")
    assert b"".join(client.get("/documents/plan/original/").streaming_content).startswith(b"PK")


def test_pages_cost_the_same_however_much_was_read(people, django_assert_max_num_queries) -> None:
    many = "青禾区低空产业行动方案（2026-2028年）\n一、主要任务\n" + "".join(
        f"{n}.建设第{n}个平台。建设开放的试飞平台，到2027年建成平台{n}个。（责任单位：区经委）\n" for n in range(1, 120)
    )
    document = services.upload(many.encode(), "many.txt", actor=None, now=_now(), key="many")
    services.read(document, now=_now())
    client = logged_in(people.clerk)
    client.get("/documents/many/")
    with django_assert_max_num_queries(30):
        assert client.get("/documents/many/?show=all").content.decode().count('class="row"') > 100
    item = services.current(document).items.filter(state="pending").first()
    with django_assert_max_num_queries(24):
        client.post(f"/documents/many/items/{item.pk}/decide/", {"verb": "accepted", "show": "all"}, **HTMX)
    with django_assert_max_num_queries(32):
        client.get("/documents/")


def test_the_paper_loses_no_character(plan) -> None:
    reading = services.current(plan)
    text = services.text(reading)
    lines = paper(text, list(reading.items.all()), [(3, 9)])
    assert [line for line in text.split("\n") if line.strip()] == [
        "".join(piece.text for piece in line.pieces) for line in lines
    ]
    for line in lines:
        assert text.startswith("".join(piece.text for piece in line.pieces), line.start)
        assert line_at(lines, line.start) is line
    assert line_at(lines, None) is None
    ids = [piece.id for line in lines for piece in line.pieces if piece.item]
    assert len(ids) == len(set(ids))


def test_the_api_reads_files_and_decides(plan, people) -> None:
    client = logged_in(people.clerk)
    reading = client.get("/api/documents/plan/reading").json()
    item = reading["items"][0]
    assert reading["document"] == "plan"
    send = {"content_type": "application/json"}
    assert client.post(f"/api/documents/items/{item['id']}", {"state": "dropped"}, **send).json()["state"] == "dropped"
    sent = client.post("/api/documents/", {"file": SimpleUploadedFile("a.txt", TEXT.encode())})
    assert sent.status_code == 201
    assert client.post("/api/documents/", {"file": SimpleUploadedFile("a.txt", b"")}).status_code == 409
    leader = logged_in(people.leader)
    assert leader.post(f"/api/documents/items/{item['id']}", {"state": "accepted"}, **send).status_code in (403, 404)
    assert logged_in(people.nobody).get("/api/documents/plan").status_code == 404
    assert Client().get("/api/documents/plan").status_code == 401


def test_an_unknown_state_is_refused_by_the_api(plan, people) -> None:
    item = services.current(plan).items.first()
    response = logged_in(people.clerk).post(
        f"/api/documents/items/{item.pk}", {"state": "burnt"}, content_type="application/json"
    )
    assert response.status_code in (409, 422)


def test_every_kind_of_benefit_has_words() -> None:
    from gangshen.apps.documents.pages._forms import _BENEFITS
    from gangshen.engines.benefits import BenefitKind

    assert set(_BENEFITS) == {kind.value for kind in BenefitKind}
