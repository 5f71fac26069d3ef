"""Filing, reading, deciding and handing on: what is kept, what is refused, what survives a second reading."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation
from reportlab.pdfgen import canvas

from gangshen.apps.archive import services as archive
from gangshen.apps.archive.models import File
from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document, Item
from gangshen.engines.formats import Text
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
TEXT = """青禾区低空产业行动方案（2026-2028年）
一、主要任务
1.建设平台。建设开放的试飞平台，到2027年建成平台3个。（责任单位：区经委）
2.攻关部件。围绕飞控和动力电池，组织企业与高校开展联合攻关。（责任单位：区科委）
"""


def tasks(document: Document) -> list[Item]:
    reading = services.current(document)
    assert reading is not None
    return list(reading.items.filter(kind="task"))


def test_a_document_is_filed_with_the_head_it_prints(plan) -> None:
    assert plan.title == "青禾区培育低空装备产业行动方案（2026-2028年）"
    assert plan.status == "reference"
    assert len(tasks(plan)) == 3


def test_every_span_quotes_the_text(plan) -> None:
    reading = services.current(plan)
    text = services.text(reading)
    items = list(reading.items.all())
    assert items
    assert all(text[item.start : item.end] == item.quote for item in items)
    assert [item.position for item in items] == list(range(1, len(items) + 1))


def test_the_same_file_again_is_the_same_document(people) -> None:
    first = services.upload(TEXT.encode(), "a.txt", actor=people.clerk, now=NOW)
    assert services.upload(TEXT.encode(), "b.txt", actor=people.clerk, now=NOW) == first
    assert first.key.startswith("doc-")
    assert Document.objects.count() == 1


def _zip_of(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archived:
        archived.writestr(name, "x")
    return out.getvalue()


def _locked_pdf() -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out, encrypt="secret")
    page.drawString(72, 700, "locked")
    page.save()
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archived:
        archived.writestr("[Content_Types].xml", "<Types/>")
        archived.writestr("word/document.xml", b" " * 300_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (_locked_pdf(), "locked.pdf", "locked.pdf: the file is protected by a password"),
        (_bomb(), "bomb.docx", "bomb.docx: "),
        (b"", "空.docx", "空.docx: the file is empty"),
        (b"  \n", "blank.txt", "blank.txt: the file is empty"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "scan.pdf", "scan.pdf: "),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "old.docx", "old.docx: "),
        (b"PK\x03\x04broken", "broken.docx", "broken.docx: "),
        (_zip_of("holiday.txt"), "photos.docx", "photos.docx: "),
        (b"%PDF-1.7\nnothing", "cut.pdf", "cut.pdf: "),
    ],
)
def test_a_bad_file_is_refused_and_nothing_of_it_stays(people, data: bytes, name: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        services.upload(data, name, actor=people.clerk, now=NOW)
    assert words in refused.value.message
    assert not Document.objects.exists()
    assert not File.objects.exists()


def test_a_bad_file_is_refused_in_the_language_of_the_user(people) -> None:
    with translation.override("zh-hans"), pytest.raises(Refused, match="空.txt：文件没有内容。请检查"):
        services.upload(b"", "空.txt", actor=people.clerk, now=NOW)


def test_a_file_over_the_limit_is_refused_before_it_is_read(people, settings, monkeypatch) -> None:
    from gangshen.apps.documents.services import _filing

    monkeypatch.setattr(_filing, "extract", lambda *_: pytest.fail("read all the same"))
    big = b"x" * (settings.CONFIG.upload_megabytes * 1024 * 1024 + 1)
    with pytest.raises(Refused, match="larger than"):
        services.upload(big, "big.txt", actor=people.clerk, now=NOW)


def test_who_may_not_file_is_refused(people) -> None:
    from django.core.exceptions import PermissionDenied

    for user in (people.leader, people.unit, people.nobody):
        with pytest.raises(PermissionDenied):
            services.upload(TEXT.encode(), "a.txt", actor=user, now=NOW)


def test_a_decision_counts_and_can_be_taken_back(plan, people) -> None:
    one, two, three = tasks(plan)
    services.decide(one, "accepted", actor=people.clerk, now=NOW)
    services.decide(two, "corrected", actor=people.clerk, now=NOW, corrected={"title": "建设试飞平台"})
    services.decide(three, "dropped", actor=people.clerk, now=NOW)
    reading = services.current(plan)
    done = services.progress(reading)
    assert (done.accepted, done.corrected, done.dropped, done.seen) == (1, 1, 1, 3)
    two.refresh_from_db()
    assert two.corrected["title"] == "建设试飞平台"
    assert two.corrected["start"] == two.data["start"]
    assert (two.decided_by, two.decided_at) == (people.clerk, NOW)
    services.undo(two, actor=people.clerk)
    two.refresh_from_db()
    assert (two.state, two.corrected, two.decided_by) == ("pending", None, None)


def test_a_correction_that_does_not_fit_names_its_field_and_changes_nothing(plan, people) -> None:
    target = services.current(plan).items.filter(kind="target").first()
    with pytest.raises(Refused, match=r"^value"):
        services.decide(target, "corrected", actor=people.clerk, now=NOW, corrected={"value": "many"})
    target.refresh_from_db()
    assert target.state == "pending"


def test_decisions_and_added_items_outlive_a_second_reading(plan, people) -> None:
    one, two, _ = tasks(plan)
    services.decide(one, "corrected", actor=people.clerk, now=NOW, corrected={"title": "部件"})
    services.decide(two, "dropped", actor=people.clerk, now=NOW)
    before = services.current(plan)
    text = services.text(before)
    start = text.index("联席会议制度")
    services.add_item(
        before, "promised_list", start, start + 6, {"name": "联席会议", "verb": "建立"}, actor=people.clerk, now=NOW
    )
    services.read(plan, now=NOW + dt.timedelta(days=1))
    after = services.current(plan)
    assert after.pk != before.pk
    assert plan.readings.filter(current=True).count() == 1
    again = tasks(plan)
    assert [item.state for item in again] == ["corrected", "dropped", "pending"]
    assert again[0].corrected["title"] == "部件"
    added = after.items.get(added=True)
    assert (added.quote, added.start, added.state) == ("联席会议制度", start, "corrected")
    services.undo(added, actor=people.clerk)
    assert not after.items.filter(added=True).exists()


def test_an_added_item_must_lie_in_the_text(plan, people) -> None:
    reading = services.current(plan)
    end = len(services.text(reading))
    for span in ((5, 5), (-1, 3), (end - 1, end + 1)):
        with pytest.raises(Refused, match="outside the text"):
            services.add_item(
                reading, "promised_list", *span, {"name": "x", "verb": "编制"}, actor=people.clerk, now=NOW
            )


@pytest.fixture
def taken() -> Iterator[list[list[int]]]:
    """An office that takes tasks, and what it was given each time."""
    calls: list[list[int]] = []

    def adopt(document: Document, items: Any, actor: Any, now: dt.datetime) -> dict[int, str]:
        calls.append([item.pk for item in items])
        return {item.pk: f"task:{document.key}-{item.position}" for item in items}

    before = dict(services.ADOPTERS._entries)
    services.ADOPTERS._entries = {}
    services.ADOPTERS.register("test", services.Adopter(Text(zh="试"), frozenset({"task"}), adopt))
    yield calls
    services.ADOPTERS._entries = before


def test_finishing_waits_for_the_doubtful_and_hands_on_what_was_accepted(plan, people, taken) -> None:
    assert [bool(item.doubts) for item in tasks(plan)] == [False, False, True]
    with pytest.raises(Refused, match="not decided"):
        services.finish(plan, actor=people.clerk, now=NOW, accept_rest=True)
    assert not taken
    assert not services.current(plan).items.exclude(state="pending").exists(), "a refused finish keeps nothing"
    for item in services.current(plan).items.exclude(doubts=[]):
        services.decide(item, "dropped", actor=people.clerk, now=NOW)
    assert services.finish(plan, actor=people.clerk, now=NOW, accept_rest=True) == {"test": 2}
    one, two, three = tasks(plan)
    assert (one.adopted_as, two.adopted_as, three.adopted_as) == (
        f"task:plan-{one.position}",
        f"task:plan-{two.position}",
        "",
    )
    assert {link.owner for link in archive.links_to("doc", "plan")} >= {one.adopted_as, two.adopted_as}
    with pytest.raises(Refused, match="handed on already"):
        services.decide(one, "dropped", actor=people.clerk, now=NOW)
    with pytest.raises(Refused, match="handed on already"):
        services.undo(one, actor=people.clerk)


def test_an_office_that_refuses_leaves_nothing_handed_on(plan, people, taken) -> None:
    def refuse(*_: Any) -> dict[int, str]:
        raise Refused("The office is not satisfied.")

    services.ADOPTERS.register("second", services.Adopter(Text(zh="拒"), frozenset({"task"}), refuse))
    one = tasks(plan)[0]
    services.decide(one, "accepted", actor=people.clerk, now=NOW)
    with pytest.raises(Refused, match="not satisfied"):
        services.adopt(plan, actor=people.clerk, now=NOW)
    one.refresh_from_db()
    assert not one.adopted_as
    assert not archive.links_to("doc", "plan").exists()


def test_a_text_follows_another_and_never_itself(plan, people) -> None:
    final = services.upload(TEXT.encode(), "final.txt", actor=None, now=NOW, key="final")
    services.set_status(plan, "in_force", actor=people.clerk)
    services.supersede(plan, final, actor=people.clerk, now=NOW)
    plan.refresh_from_db()
    assert plan.status == "amended"
    with pytest.raises(Refused, match="follow itself"):
        services.supersede(final, plan, actor=people.clerk, now=NOW)


def test_reading_is_a_run_that_says_what_it_found(people) -> None:
    document = services.upload(TEXT.encode(), "a.txt", actor=people.clerk, now=NOW)
    run = services.start_reading(document, actor=people.clerk, now=NOW, inline=True)
    run.refresh_from_db()
    assert run.state == "done"
    assert run.result["items"] == services.progress(services.current(document)).total > 0


def test_many_documents_are_read_in_one_run(people) -> None:
    documents = [
        services.upload(TEXT.replace("3个", f"{n}个").encode(), f"{n}.txt", actor=people.clerk, now=NOW) for n in (4, 5)
    ]
    heard: list[tuple[int, int | None]] = []
    run = services.start_reading_many(
        documents,
        actor=people.clerk,
        now=NOW,
        inline=True,
        watch=lambda done, total, message: heard.append((done, total)),
    )
    assert run.result["documents"] == 2
    assert run.result["refused"] == {}
    assert heard[-1] == (2, 2)
    assert [len(tasks(document)) for document in documents] == [2, 2]


POLICY = """青禾区支持低空装备产业发展若干措施
一、支持内容
第一条 支持设备更新。对上年度设备投资达到200万元以上的制造业企业，按设备投资的10%给予补贴，每家企业每年最高500万元。
第二条 支持首台套应用。对产品列入首台套目录的企业，给予100万元奖励。
二、附则
本措施自2026年1月1日起施行，有效期至2028年12月31日。
"""


def test_the_articles_of_a_policy_are_clauses_and_no_tasks() -> None:
    document = services.upload(POLICY.encode(), "policy.txt", actor=None, now=NOW)
    reading = services.read(document, now=NOW)
    kinds = list(reading.items.values_list("kind", flat=True))
    assert reading.kind == "policy"
    assert kinds.count("offer") == 2
    assert "task" not in kinds
