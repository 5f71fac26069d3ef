"""Documents as files: loaded, dumped, loaded again, with every decision."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gangshen.apps.documents import portable, services
from gangshen.apps.documents.models import Document
from gangshen.engines.formats import FormatError

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_dumped_and_loaded_again_is_the_same_to_the_byte(plan, people, tmp_path: Path) -> None:
    items = list(services.current(plan).items.all())
    services.decide(items[0], "accepted", actor=people.clerk, now=NOW)
    task = next(item for item in items if item.kind == "task")
    services.decide(task, "corrected", actor=people.clerk, now=NOW, corrected={"title": "部件"})
    start = services.text(services.current(plan)).index("联席会议制度")
    given = {"name": "联席会议", "verb": "建立"}
    services.add_item(services.current(plan), "promised_list", start, start + 6, given, actor=people.clerk, now=NOW)
    portable.dump(tmp_path / "one")
    Document.objects.all().delete()
    assert portable.load(tmp_path / "one", now=NOW) == 1
    again = services.current(Document.objects.get(key="plan"))
    assert again.items.get(kind="task", start=task.start).corrected["title"] == "部件"
    assert again.items.get(added=True).quote == "联席会议制度"
    portable.dump(tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_loading_twice_doubles_nothing(plan, tmp_path: Path) -> None:
    portable.dump(tmp_path)
    portable.load(tmp_path, now=NOW)
    assert Document.objects.count() == 1
    assert plan.readings.count() == 1


def test_a_missing_file_is_named_and_nothing_is_loaded(plan, tmp_path: Path) -> None:
    portable.dump(tmp_path)
    (tmp_path / "documents" / "plan.docx").unlink()
    Document.objects.all().delete()
    with pytest.raises(FormatError, match="plan.docx is missing"):
        portable.load(tmp_path, now=NOW)
    assert not Document.objects.exists()


def test_relations_statuses_settled_sentences_and_proposals_go_along(plan, people, tmp_path: Path) -> None:
    reading = services.current(plan)
    start = services.text(reading).index("定期研究重大事项")
    services.nothing_here(reading, start, start + 8, actor=people.clerk, now=NOW)
    services.add_item(
        reading, "promised_list", start, start + 4, {"verb": "编"}, actor=None, now=NOW, origin="small-model"
    )
    other = services.upload(
        "旧的办法\n第一条 总则。".encode(), "old.txt", actor=None, now=NOW, key="old", status="in_force"
    )
    services.relate(plan, other, "repeals", actor=people.clerk, now=NOW, evidence="doc:plan#3-9", note="附则")
    portable.dump(tmp_path / "one")
    Document.objects.all().delete()
    portable.load(tmp_path / "one", now=NOW)
    relation = Document.objects.get(key="plan").earlier.get()
    assert (relation.older.key, relation.kind, relation.evidence) == ("old", "repeals", "doc:plan#3-9")
    assert (relation.older.status, relation.older.status_note) == ("repealed", "doc:plan#3-9")
    again = services.current(Document.objects.get(key="plan"))
    assert again.items.get(kind="unread").quote == "定期研究重大事项"
    proposed = again.items.get(origin="small-model")
    assert (proposed.state, proposed.doubts) == ("pending", ["proposed by a model"])
    portable.dump(tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_relation_to_nothing_is_named(plan, tmp_path: Path) -> None:
    portable.dump(tmp_path)
    listing = tmp_path / "documents" / "documents.yaml"
    listing.write_text(listing.read_text() + "    relations:\n      - kind: amends\n        older: gone\n")
    Document.objects.all().delete()
    with pytest.raises(FormatError, match="no document gone"):
        portable.load(tmp_path, now=NOW)
