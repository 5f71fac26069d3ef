"""What the reader missed: marked or pasted, made an item of the reader's own form; sentences that hold nothing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from auditlog.context import set_actor
from django.test import Client

from gangshen.apps.archive.models import LogEntry
from gangshen.apps.documents import services
from gangshen.apps.documents.models import Item
from gangshen.apps.documents.services._items import FORMS
from gangshen.web.errors import Refused

NOW = dt.datetime(2026, 4, 15, 1, tzinfo=dt.UTC)
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "items"}
POLICY = """青禾区支持低空装备产业发展若干措施
一、支持内容
第一条 支持设备更新。对上年度设备投资达到200万元以上的制造业企业，按设备投资的10%给予补贴，每家企业每年最高500万元。
第二条 示范带动。全区共有试点单位35家，其中民营单位20家。
"""


def span(reading, words: str) -> tuple[int, int]:
    start = services.text(reading).index(words)
    return start, start + len(words)


@pytest.fixture
def client(people) -> Client:
    made = Client()
    made.force_login(people.clerk)
    return made


@pytest.fixture
def missed(plan):
    """The plan's reading with one sentence that nothing read."""
    reading = services.current(plan)
    start, end = span(reading, "建立联席会议制度，定期研究重大事项。")
    reading.data["unread"] = [{"quote": services.text(reading)[start:end], "start": start, "end": end, "doubts": []}]
    reading.save()
    return reading


@pytest.mark.parametrize("kind", services.ADDABLE)
@pytest.mark.parametrize(
    "words", ["到2028年，引进整机企业12家以上", "围绕飞控和动力电池", "2026-2028年", "给予10%补贴，最高50万元"]
)
def test_every_kind_can_be_drafted_on_any_words_and_fits_its_form_once_filled(
    plan, people, kind: str, words: str
) -> None:
    reading = services.current(plan)
    if words not in services.text(reading):
        words = "引进整机企业12家以上，产业规模突破90亿元"
    start, end = span(reading, words)
    draft = services.draft_of(reading, kind, start, end)
    filled = {"value": 3, "unit": "家", "start_year": 2026, "end_year": 2028, "verb": "编制"}
    said = {name: draft.get(name) or value for name, value in filled.items() if name in draft}
    made = services.add_item(reading, kind, start, end, said, actor=people.clerk, now=NOW)
    assert (made.quote, made.state, made.added) == (words, "corrected", True)
    FORMS[kind].model_validate(made.data)


def test_a_target_is_drafted_with_its_figure_and_year(plan) -> None:
    reading = services.current(plan)
    start, end = span(reading, "到2028年，引进整机企业12家以上")
    draft = services.draft_of(reading, "target", start, end)
    said = {name: draft[name] for name in ("value", "unit", "comparator", "deadline_year")}
    assert said == {"value": 12, "unit": "家", "comparator": "ge", "deadline_year": 2028}


def test_an_item_that_does_not_fit_its_form_is_refused_and_nothing_is_added(plan, people) -> None:
    reading = services.current(plan)
    start, end = span(reading, "围绕飞控和动力电池")
    before = reading.items.count()
    with pytest.raises(Refused, match="value"):
        services.add_item(reading, "target", start, end, {"value": None}, actor=people.clerk, now=NOW)
    with pytest.raises(Refused, match="no such kind"):
        services.add_item(reading, "poem", start, end, {}, actor=people.clerk, now=NOW)
    assert reading.items.count() == before


def test_pasted_words_are_found_whatever_their_line_ends_and_others_refused(plan) -> None:
    reading = services.current(plan)
    text = services.text(reading)
    (found,) = services.quote_places(reading, " 围绕飞控和\n动力电池 ")
    assert text[slice(*found)] == "围绕飞控和动力电池"
    assert len(services.quote_places(reading, "区经委")) == 2
    for words in ("量子计算", " ", "字" * 5000):
        with pytest.raises(Refused):
            services.quote_places(reading, words)


def test_adding_by_the_page_asks_the_kind_and_redraws_the_text(plan, client) -> None:
    reading = services.current(plan)
    start, end = span(reading, "定期研究重大事项")
    url = "/documents/plan/items/new/"
    form = client.get(f"{url}?start={start}&end={end}&kind=promised_list", **HTMX).content.decode()
    assert "<html" not in form and 'name="new-name"' in form
    sent = {"start": start, "end": end, "kind": "promised_list", "verb": "add", "new-name": "重大事项清单"}
    done = client.post(url, sent, **HTMX).content.decode()
    assert 'id="paper"' in done and "hx-swap-oob" in done
    made = reading.items.get(added=True)
    assert (made.quote, made.data["name"]) == ("定期研究重大事项", "重大事项清单")
    assert f'id="sp-{made.pk}-1"' in done
    undone = client.post(f"/documents/plan/items/{made.pk}/decide/", {"verb": "undo", "show": "all"}, **HTMX)
    assert undone.status_code == 200
    assert not reading.items.filter(added=True).exists()


def test_words_that_stand_twice_ask_which_and_bad_input_is_said(plan, client) -> None:
    url = "/documents/plan/items/new/"
    both = client.get(url, {"quote": "区经委"}).content.decode()
    assert both.count("<mark>区经委</mark>") == 2
    assert client.get(url, {"quote": "量子"}, **HTMX).status_code == 409
    assert client.get(url).status_code == 200
    for odd in ({"start": "x", "end": "²"}, {"start": "5", "end": "99999999"}, {"start": "9", "end": "3"}):
        assert client.get(url, odd).status_code in (200, 409)
    start, end = span(services.current(plan), "定期研究")
    wrong = {"start": start, "end": end, "kind": "target", "verb": "add", "new-subject": "", "new-value": "many"}
    assert "Enter a number" in client.post(url, wrong, **HTMX).content.decode()


def test_only_clerks_add(plan, people) -> None:
    leader = Client()
    leader.force_login(people.leader)
    assert leader.get("/documents/plan/items/new/").status_code == 404
    assert leader.post("/documents/plan/items/nothing-here/", {"start": 1, "end": 5}).status_code == 404
    assert "items/new" not in leader.get("/documents/plan/").content.decode()


def test_a_sentence_without_items_is_settled_or_made_one(missed, people, client) -> None:
    row = missed.data["unread"][0]
    place = {"start": row["start"], "end": row["end"]}
    assert services.progress(missed).unread == 1
    page = client.get("/documents/plan/?show=unread").content.decode()
    assert "Nothing here" in page and "Make an item" in page
    client.post("/documents/plan/items/nothing-here/", place | {"show": "unread"}, **HTMX)
    assert services.progress(missed).unread == 0
    total = services.progress(missed).total
    assert missed.items.filter(kind="unread").count() == 1
    assert services.progress(missed).total == total, "a sentence is no item"
    services.read(missed.document, now=NOW)
    again = services.current(missed.document)
    assert again.items.get(kind="unread").quote == row["quote"], "kept with its words"
    client.post("/documents/plan/items/nothing-here/", place | {"verb": "undo"}, **HTMX)
    assert not again.items.filter(kind="unread").exists()
    services.add_item(
        missed, "promised_list", *place.values(), {"name": "x", "verb": "建立"}, actor=people.clerk, now=NOW
    )
    assert services.sentences(missed) == []


def test_the_last_decision_is_taken_back_first(plan, people) -> None:
    reading = services.current(plan)
    one, two, *_ = reading.items.all()
    for minute, item in enumerate((two, one)):
        services.decide(item, "accepted", actor=people.clerk, now=NOW + dt.timedelta(minutes=minute))
    for item in (one, two):
        last = services.last_decision(reading, people.clerk)
        assert last == item
        services.undo(last, actor=people.clerk)
    assert services.last_decision(reading, people.clerk) is None


def test_the_trail_holds_what_was_before_and_after(plan, people) -> None:
    reading = services.current(plan)
    item = reading.items.filter(kind="task").first()
    with set_actor(people.clerk):
        services.decide(item, "corrected", actor=people.clerk, now=NOW, corrected={"title": "部件"})
        start, end = span(reading, "定期研究重大事项")
        made = services.add_item(reading, "promised_list", start, end, {"verb": "编制"}, actor=people.clerk, now=NOW)
    changed = LogEntry.objects.filter(object_pk=str(item.pk), content_type__model="item", event="update").first()
    assert changed.changes["state"] == ["pending", "corrected"]
    detail = LogEntry.objects.get(event="correct").additional_data
    assert (detail["before"], detail["after"]) == ({"title": "攻关关键部件"}, {"title": "部件"})
    added = LogEntry.objects.filter(object_pk=str(made.pk), content_type__model="item").first()
    assert added.changes["quote"][1] == "定期研究重大事项"
    reading.items.filter(state="pending").exclude(doubts=[]).update(state="dropped")
    services.finish(plan, actor=people.clerk, now=NOW, accept_rest=True)
    assert LogEntry.objects.get(event="accept_rest").additional_data["items"]


def test_decisions_whose_words_are_gone_are_listed_and_settled(plan, people, client) -> None:
    reading = services.current(plan)
    entry = {
        "kind": "task", "state": "accepted", "start": 1, "end": 5, "quote": "旧的一句", "corrected": None, "added": False,
        "origin": "", "adopted_as": "", "by": people.clerk.pk, "at": NOW.isoformat(),
        "data": {"number": "9", "title": "旧任务", "units": []},
    }  # fmt: skip
    reading.data["lost"] = [entry]
    reading.save()
    page = client.get("/documents/plan/?show=lost").content.decode()
    assert "旧任务" in page and "Words gone" in page
    client.post("/documents/plan/items/settled/", {"quote": "旧的一句"}, **HTMX)
    reading.refresh_from_db()
    assert reading.data["lost"] == []
    assert LogEntry.objects.get(event="settle_lost").additional_data["item"]["quote"] == "旧的一句"
    assert client.post("/documents/plan/items/settled/", {"quote": "旧的一句"}, **HTMX).status_code == 409


def test_a_settled_sentence_is_no_clause_to_be_handed_on(missed, people) -> None:
    row = missed.data["unread"][0]
    services.nothing_here(missed, row["start"], row["end"], actor=people.clerk, now=NOW)
    for item in missed.items.exclude(kind=Item.Kind.UNREAD):
        services.decide(item, "dropped", actor=people.clerk, now=NOW)
    assert services.finish(missed.document, actor=people.clerk, now=NOW) == {}


def test_offsets_of_lines_are_those_of_the_text(plan, client) -> None:
    text = services.text(services.current(plan))
    page = client.get("/documents/plan/?show=all").content.decode()
    lines = re.findall(r'<p data-start="(\d+)"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert len(lines) == len([line for line in text.split("\n") if line.strip()])
    for start, html in lines:
        words = re.sub(r"<sup>.*?</sup>|<[^>]+>", "", html)
        assert text.startswith(words, int(start))
