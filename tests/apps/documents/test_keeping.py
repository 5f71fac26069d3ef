"""Decisions outlive a second reading as long as their words stand, wherever the words went."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gangshen.apps.archive import services as archive
from gangshen.apps.documents import services
from gangshen.apps.documents.models import Document, Item
from gangshen.apps.documents.services._items import FORMS
from gangshen.apps.documents.services._keeping import keep

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
LINES = ["建设试飞平台", "引进整机企业", "攻关飞控部件", "发布场景清单", "组织联合攻关", "给予设备补贴"]
STATES = st.sampled_from(["pending", "accepted", "corrected", "dropped"])
READ = st.lists(st.tuples(st.sampled_from(LINES), STATES, st.booleans()), max_size=8)


def _items(text: str, lines: list[tuple[str, str, bool]]) -> list[Item]:
    made, at = [], 0
    for line, state, read in lines:
        start = text.index(line, at)
        at = start + len(line)
        if read or state != "pending":
            place: dict[str, Any] = {"quote": line, "start": start, "end": at}
            said = {"title": line + "改"} | place if state == "corrected" else None
            made.append(Item(kind="task", state=state, data={"title": line} | place, corrected=said, **place))
    return made


@given(READ, st.lists(st.tuples(st.sampled_from(LINES), st.booleans()), max_size=10))
def test_every_decision_whose_words_stand_is_kept_and_every_other_listed(
    old: list[tuple[str, str, bool]], new: list[tuple[str, bool]]
) -> None:
    old_text = "。\n".join(line for line, _, _ in old)
    new_text = "。\n".join(line for line, _ in new)
    before = _items(old_text, old)
    read = _items(new_text, [(line, "pending", kept) for line, kept in new])
    kept = keep(before, (), read, old_text, new_text)
    decided = [item for item in before if item.state != "pending"]
    stand = Counter(line for line, _ in new)
    survivors = [item for item in kept.items if item.state != "pending"]
    assert len(survivors) + len(kept.lost) == len(decided)
    assert {one["quote"] for one in kept.lost if one["quote"] not in stand} == {
        item.quote for item in decided if item.quote not in stand
    }
    assert {item.quote for item in survivors} == {item.quote for item in decided if item.quote in stand}
    for item in kept.items:
        assert new_text[item.start : item.end] == item.quote
        for said in (item.data, item.corrected):
            assert said is None or new_text[said["start"] : said["end"]] == said["quote"] == item.quote
    spans = [(item.start, item.end) for item in kept.items]
    assert len(spans) == len(set(spans)), "nothing is doubled"
    assert [item.position for item in kept.items] == list(range(1, len(spans) + 1))


def _again(document: Document, text: str) -> None:
    document.file = archive.store(text.encode(), "plan.txt", now=NOW)
    document.save()
    services.read(document, now=NOW)


def test_a_text_with_a_new_paragraph_in_front_keeps_all_that_was_decided(plan, people) -> None:
    first = services.current(plan)
    for item in first.items.all():
        state = ("accepted", "corrected", "dropped")[item.position % 3]
        services.decide(item, state, actor=people.clerk, now=NOW)
    before = [(item.kind, item.quote, item.state) for item in first.items.all()]
    text = services.text(first)
    title, rest = text.split("\n", 1)
    _again(plan, f"{title}\n青禾区位于城市东部，适合试飞。\n{rest}")
    after = services.current(plan)
    assert [(item.kind, item.quote, item.state) for item in after.items.all()] == before
    assert after.data["lost"] == []
    now = services.text(after)
    for item in after.items.all():
        said = item.corrected or item.data
        FORMS[item.kind].model_validate(said)
        assert now[said["start"] : said["end"]] == said["quote"]
        for unit in said.get("units") or []:
            assert now[unit["start"] : unit["end"]] == unit["quote"]


def test_what_no_longer_stands_is_listed_until_it_stands_again(plan, people) -> None:
    item = next(one for one in services.current(plan).items.filter(kind="task") if "测试平台" in one.quote)
    services.decide(item, "corrected", actor=people.clerk, now=NOW, corrected={"title": "建试飞平台"})
    text = services.text(services.current(plan))
    _again(plan, text.replace(item.quote, "建设展示中心"))
    gone = services.current(plan)
    assert [(one["quote"], one["corrected"]["title"]) for one in gone.data["lost"]] == [(item.quote, "建试飞平台")]
    assert not gone.items.exclude(state="pending").exists()
    _again(plan, "青禾区低空方案\n" + text)
    back = services.current(plan)
    assert back.data["lost"] == []
    assert back.items.get(state="corrected").corrected["title"] == "建试飞平台"


def test_an_item_the_newer_reader_reads_with_other_bounds_stays_as_it_was_decided(plan, people, monkeypatch) -> None:
    from gangshen.apps.documents.services import _reading

    item = services.current(plan).items.filter(kind="target").first()
    services.decide(item, "accepted", actor=people.clerk, now=NOW)
    real = _reading.engine.read

    def narrower(*given: Any, **named: Any) -> Any:
        found = real(*given, **named)
        short = tuple(one.model_copy(update={"quote": one.quote[1:], "start": one.start + 1}) for one in found.targets)
        return found.model_copy(update={"targets": short})

    monkeypatch.setattr(_reading.engine, "read", narrower)
    services.read(plan, now=NOW)
    same = [
        one
        for one in services.current(plan).items.filter(kind="target")
        if one.start < item.end and item.start < one.end
    ]
    assert [(one.quote, one.state) for one in same] == [(item.quote, "accepted")]


def test_what_was_accepted_stays_when_the_newer_reader_reads_another_figure(plan, people, monkeypatch) -> None:
    from gangshen.apps.documents.services import _reading

    item = services.current(plan).items.filter(kind="target").first()
    services.decide(item, "accepted", actor=people.clerk, now=NOW)
    real = _reading.engine.read

    def other(*given: Any, **named: Any) -> Any:
        found = real(*given, **named)
        return found.model_copy(update={"targets": tuple(one.model_copy(update={"value": 7}) for one in found.targets)})

    monkeypatch.setattr(_reading.engine, "read", other)
    services.read(plan, now=NOW)
    again = services.current(plan).items.get(kind="target", start=item.start)
    assert (again.state, again.data["value"], again.corrected["value"]) == ("accepted", 7, item.data["value"])


def test_reading_again_costs_the_same_however_much_was_decided(people, django_assert_max_num_queries) -> None:
    many = "青禾区低空产业行动方案（2026-2028年）\n一、主要任务\n" + "".join(
        f"{n}.建设第{n}个平台。建设开放的试飞平台，到2027年建成平台{n}个。（责任单位：区经委）\n" for n in range(1, 60)
    )
    document = services.upload(many.encode(), "many.txt", actor=None, now=NOW, key="many")
    services.read(document, now=NOW).items.update(state="accepted", decided_at=NOW)
    with django_assert_max_num_queries(30):
        services.read(document, now=NOW)
    assert not services.current(document).items.exclude(state="accepted").exists()
