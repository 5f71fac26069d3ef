"""Two versions of a text: what each kind of change is called, and the laws that hold for any texts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.comparing import KINDS, Anchors, Change, compare, parts

OLD = """青禾区支持低空装备产业发展若干措施（征求意见稿）
一、支持内容
第一条 支持设备更新。对上年度设备投资达到200万元以上的制造业企业，按设备投资的10%给予补贴，每家企业每年最高500万元。
第二条 支持首台套应用。对产品列入首台套目录的企业，给予100万元奖励。
第三条 支持人才引进。对引进的高层次人才给予住房保障。
第四条 支持场景开放。每年发布场景清单不少于10项。（责任单位：区经委）
二、附则
本措施自2026年1月1日起施行，有效期至2028年12月31日。
"""

SIGNS = st.sampled_from(list("一二三企业补贴最高万元10%。；，、（）\n 第条五年2027建设a"))
TEXTS = st.text(SIGNS, max_size=200)
SENTENCES = st.lists(
    st.text(st.sampled_from(list("企业补贴建设平台开放引进")), min_size=7, max_size=12), max_size=12, unique=True
)


def only(old: str, new: str) -> Change:
    (change,) = compare(old, new).changes
    return change


def test_a_text_is_the_same_as_itself() -> None:
    found = compare(OLD, OLD)
    assert not found.changes
    assert found.same == 12


@pytest.mark.parametrize(
    ("before", "after", "figures"),
    [
        ("200万元以上", "300万元以上", [("达到200万元以上", "达到300万元以上")]),
        ("10%给予补贴", "二成给予补贴", [("10%", "二成")]),
        ("最高500万元", "最低500万元", [("最高500万元", "最低500万元")]),
        ("2026年1月1日起", "2026年3月1日起", [("2026年1月1日", "2026年3月1日")]),
        ("，每家企业每年最高500万元", "", [("最高500万元", None)]),
        ("不少于10项", "不少于12项", [("不少于10项", "不少于12项")]),
    ],
)
def test_a_changed_figure_is_a_change_of_number(before: str, after: str, figures: list[tuple[str, str]]) -> None:
    change = only(OLD, OLD.replace(before, after))
    assert change.kind == "number"
    assert [(f.old and f.old.quote, f.new and f.new.quote) for f in change.figures] == figures


@pytest.mark.parametrize("printed", ["1,000,000元", "一百万元", "１００万元"])
def test_the_same_figure_printed_otherwise_is_no_change_of_number(printed: str) -> None:
    assert {one.kind for one in compare(OLD, OLD.replace("100万元", printed)).changes} <= {"reworded"}


def test_numbering_blanks_and_line_ends_do_not_count() -> None:
    new = (
        OLD.replace("第四条", "第五条").replace("\n", "\n\n").replace("给予补贴，", "给予补贴, ").replace("一、", "1. ")
    )
    assert not compare(OLD, new).changes
    wrapped = OLD.replace("制造业企业，按设备投资", "制造业企业，按\n设备投资")
    assert not compare(OLD, wrapped).changes


def test_a_paragraph_that_went_elsewhere_has_moved() -> None:
    lines = OLD.splitlines()
    lines.insert(3, lines.pop(5))
    found = compare(OLD, "\n".join(lines))
    assert {one.kind for one in found.changes} == {"moved"}
    assert {one.new.quote for one in found.changes if one.new} >= {"每年发布场景清单不少于10项。（责任单位：区经委）"}


def test_a_sentence_moved_and_changed_is_still_found() -> None:
    lines = OLD.replace("每年发布场景清单不少于10项", "每年发布应用场景清单不少于20项").splitlines()
    lines.insert(2, lines.pop(5))
    changed = [one for one in compare(OLD, "\n".join(lines)).changes if one.kind == "number"]
    assert [(one.moved, len(one.figures)) for one in changed] == [(True, 1)]


def test_a_new_clause_is_added_and_a_dropped_one_removed() -> None:
    new = OLD.replace("二、附则", "第五条 支持标准制定。对主导制定国际标准的企业给予50万元奖励。\n二、附则")
    added = only(OLD, new)
    assert added.kind == "added" and added.new is not None
    assert added.new.quote == "第五条 支持标准制定。对主导制定国际标准的企业给予50万元奖励。"
    assert added.new.place == ("一、支持内容", "第五条 支持标准制定")
    assert only(new, OLD).kind == "removed"


def test_a_figure_becomes_the_next_of_its_kind() -> None:
    change = only(
        "按实付租金的30%给予补贴，每年最高50万元。",
        "成立5年以内的企业，按实付租金的50%给予补贴，每年最高80万元。",
    )
    assert [(f.old and f.old.quote, f.new and f.new.quote) for f in change.figures] == [
        ("30%", "50%"),
        ("最高50万元", "最高80万元"),
        (None, "5年以内"),
    ]


def test_other_words_are_a_rewording() -> None:
    change = only(OLD, OLD.replace("给予住房保障", "给予住房和子女就学保障"))
    assert (change.kind, change.figures) == ("reworded", ())


@given(TEXTS, TEXTS)
def test_every_passage_stands_in_its_text_and_once(old: str, new: str) -> None:
    found = compare(old, new)
    for change in found.changes:
        assert change.old or change.new
        assert (change.kind == "added") == (change.old is None)
        assert (change.kind == "removed") == (change.new is None)
        assert bool(change.figures) == (change.kind == "number")
        for text, passage in ((old, change.old), (new, change.new)):
            assert passage is None or text[passage.start : passage.end] == passage.quote
        for figure in change.figures:
            assert figure.old is None or old[figure.old.start : figure.old.end] == figure.old.quote
            assert figure.new is None or new[figure.new.start : figure.new.end] == figure.new.quote
    for side in ("old", "new"):
        starts = [passage.start for change in found.changes if (passage := getattr(change, side))]
        assert len(starts) == len(set(starts))
    order = [KINDS.index(change.kind) for change in found.changes]
    assert order == sorted(order)


@given(TEXTS)
def test_nothing_changes_from_a_text_to_itself(text: str) -> None:
    assert not compare(text, text).changes


@given(SENTENCES, st.data())
def test_what_is_taken_out_is_removed_and_the_way_back_adds_it(sentences: list[str], data: st.DataObject) -> None:
    kept = [one for one in sentences if data.draw(st.booleans())]
    old, new = "。\n".join(sentences), "。\n".join(kept)
    there, back = compare(old, new), compare(new, old)
    assert there.same == back.same == len(kept)
    assert there.counts["removed"] == back.counts["added"] == len(sentences) - len(kept)


@given(TEXTS, TEXTS)
def test_parts_give_both_texts_back(old: str, new: str) -> None:
    left, right = parts(old, new)
    assert ("".join(one.text for one in left), "".join(one.text for one in right)) == (old, new)
    assert (old == new) == (not any(one.changed for one in (*left, *right)))
    for side in (left, right):
        assert all(one.changed != other.changed for one, other in pairwise(side))


@given(SENTENCES, SENTENCES, st.data())
def test_a_span_is_found_as_long_as_its_words_stand(before: list[str], more: list[str], data: st.DataObject) -> None:
    old = "。\n".join(before)
    new = "。\n".join([*more[:4], *before, *more[4:]])
    anchors = Anchors(old, new)
    for quote in before:
        start = old.index(quote)
        found = anchors.place(start, start + len(quote))
        assert found is not None
        assert new[slice(*found)] == quote
    gone = Anchors(old, "别处")
    assert all(gone.place(old.index(quote), old.index(quote) + len(quote)) is None for quote in before)


def test_of_equal_quotes_the_nearest_is_taken() -> None:
    old = "甲方案先建平台十个。给予奖励。\n乙方案再引进企业。给予奖励。\n"
    new = "新增的一条放在最前面。给予奖励。\n" + old
    anchors = Anchors(old, new)
    for start in (old.index("给予奖励"), old.rindex("给予奖励")):
        found = anchors.place(start, start + 4)
        assert found == (start + len(new) - len(old), start + len(new) - len(old) + 4)


def test_a_span_is_found_across_other_line_ends() -> None:
    old, new = "一、总则\n建设开放的试飞与检测平台。", "一、总则\n建设开放的试\n飞与检测 平台。"
    start = old.index("建设")
    assert Anchors(old, new).place(start, start + 11) == (5, 18)


def test_a_long_title_is_not_run_into_the_next_line() -> None:
    title = "青禾区人民政府办公室关于印发《青禾区低空装备产业行动方案》的通知"
    change = only(f"{title}\n青政办发三号", f"{title}\n各街镇、各部门：\n青政办发三号")
    assert change.new is not None and change.new.quote == "各街镇、各部门："
