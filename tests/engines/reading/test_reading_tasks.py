"""Pitfalls of outlines, tasks and responsible units, in sentences written for them."""

import pytest
from reading_words import PLAN, POLICY, plan, units

from gangshen.engines.reading import read, to_scored


def test_units_named_once_for_all_tasks_are_inherited() -> None:
    reading = plan(
        "1.建设平台。建设试飞平台。（责任单位：市经委、市科委。以下均需各区、县（市）政府落实，不再列出）\n"
        "2.引育人才。引进工程师。（责任单位：市人社局）\n"
    )
    first, second = reading.tasks
    assert units(second) == ["市人社局", "各区、县（市）政府"]
    assert [u.inherited for u in second.units] == [False, True]
    assert units(first)[:2] == ["市经委", "市科委"]
    scored = to_scored(reading)["tasks"]
    assert scored[1]["responsible_units"] == ["市人社局"]


def test_lead_units_by_position() -> None:
    reading = plan(
        "1.建设平台。建设平台。（责任单位：市经委、市科委，市财政局。第一个逗号前为牵头单位）\n"
        "2.引育人才。引进工程师。（责任单位：市人社局，市教委、市科委）\n"
    )
    assert [(u.name, u.role) for u in reading.tasks[0].units] == [
        ("市经委", "lead"),
        ("市科委", "lead"),
        ("市财政局", "cooperating"),
    ]
    assert [u.role for u in reading.tasks[1].units] == ["lead", "cooperating", "cooperating"]


def test_first_place_leads_when_the_text_says_so() -> None:
    reading = plan(
        "1.建设平台。建设平台。（责任单位：市经委、市科委。列第一位的为牵头单位，下同）\n2.引育人才。引才。（责任单位：市人社局、市教委）\n"
    )
    assert [[u.role for u in t.units] for t in reading.tasks] == [["lead", "cooperating"]] * 2


def test_separators_inside_a_name_do_not_split_it() -> None:
    reading = plan(
        "1.建设平台。建设平台。（责任单位：各区、县（市）政府，市发展改革委（市数据局、市物价局），市委组织部〔人才办、老干部局〕等有关部门）\n"
    )
    assert units(reading.tasks[0]) == [
        "各区、县（市）政府",
        "市发展改革委（市数据局、市物价局）",
        "市委组织部〔人才办、老干部局〕",
    ]


@pytest.mark.parametrize(
    "bracket",
    [
        "（牵头单位：区经委，责任单位：区科委、区财政局）",
        "（牵头部门：区经委；配合部门：区科委、区财政局）",
        "（区经委牵头负责，区科委、区财政局配合）",
        "〔牵头单位：区经委，配合单位：区科委、区财政局〕",
    ],
)
def test_labels_and_duties_give_roles(bracket: str) -> None:
    (task,) = plan(f"1.建设平台。建设平台。{bracket}\n").tasks
    assert units(task) == ["区经委", "区科委", "区财政局"]
    assert task.units[0].role == "lead"


def test_a_bare_bracket_of_units_needs_no_label() -> None:
    (task,) = plan("1.建设平台。建设面向企业的试飞平台（含适航验证）。（区经委、区科协、相关街镇）\n").tasks
    assert units(task) == ["区经委", "区科协", "相关街镇"]


def test_brackets_that_are_no_units_are_left_alone() -> None:
    (task,) = plan("1.建设平台。建设试飞平台。（含适航验证与环境试验）\n").tasks
    assert task.units == ()
    assert "unassigned" in task.doubts


def test_a_line_of_its_own_names_units() -> None:
    (task,) = plan("1.建设平台\n建设面向企业的试飞平台。\n责任单位：区经委、区科委\n").tasks
    assert units(task) == ["区经委", "区科委"]


def test_a_label_broken_by_the_page_is_read() -> None:
    (task,) = plan(
        "1.建设平台。建设面向全区企业开放的试飞与检测平台，提供适航验证服务。（责任单\n\n位：区经委、区科\n\n委）\n"
    ).tasks
    assert units(task) == ["区经委", "区科委"]


def test_the_finest_numbered_item_is_the_task() -> None:
    reading = plan(
        "（一）强化攻关。组织攻关。\n（二）建设平台\n1.试飞平台。建设。\n2.检测平台。建设。\n三、保障措施\n（一）加强组织。统筹。\n"
    )
    assert [(t.number, t.title, t.part) for t in reading.tasks] == [
        ("一", "强化攻关", "task"),
        ("1", "试飞平台", "task"),
        ("2", "检测平台", "task"),
        ("一", "加强组织", "safeguard"),
    ]


def test_numbers_may_restart_or_run_on() -> None:
    reading = plan(
        "（一）强化攻关\n1.部件攻关。攻关。\n（二）建设平台\n1.试飞平台。建设。\n三、保障措施\n2.加强组织。统筹。\n"
    )
    assert [t.number for t in reading.tasks] == ["1", "1", "2"]
    assert reading.tasks[1].section.endswith("（二）建设平台")


def test_articles_with_square_titles() -> None:
    reading = read(
        POLICY
        + "第一条 【研发补助】对企业研发投入给予10%补助。\n第二条 【场景奖励】对示范场景给予20万元奖励。\n第三条 【附则】本措施自印发之日起施行。\n"
    )
    assert [h.title for h in reading.headings] == ["研发补助", "场景奖励", "附则"]


def test_goals_and_principles_are_no_tasks() -> None:
    reading = read(
        PLAN
        + "一、总体要求\n（一）指导思想。坚持创新。\n（二）基本原则。政府引导。\n（三）发展目标。打造高地。\n二、重点任务\n（一）建设平台。建设平台。\n"
    )
    assert [t.title for t in reading.tasks] == ["建设平台"]


def test_editor_debris_is_no_part_of_a_title() -> None:
    (task,) = plan("[bookmark: _Hlk99]1.建设[bookmark: _GoBack]平台。建设平台。\n").tasks
    assert task.title == "建设平台"


def test_a_title_split_over_lines_is_joined() -> None:
    reading = read(
        "青禾区推进低空装备产业高质量\n发展行动方案\n（2026-2028年）\n（征求意见稿）\n一、主要任务\n1.建设平台。建设。\n"
    )
    assert reading.header.title is not None
    assert reading.header.title.value == "青禾区推进低空装备产业高质量发展行动方案（2026-2028年）（征求意见稿）"
    assert reading.header.status == "draft_for_comment"
    assert (reading.header.start_year, reading.header.end_year) == (2026, 2028)


def test_the_head_of_an_issued_document() -> None:
    reading = read(
        "青禾市人民政府办公室文件\n青府办发〔2026〕12号\n关于印发《青禾市低空装备产业工作方案》的通知\n各区人民政府：\n现将方案印发给你们。\n"
        "青禾市人民政府办公室\n2026年3月5日\n青禾市低空装备产业工作方案\n一、主要任务\n（一）建设平台。建设。\n"
    )
    head = reading.header
    assert head.title is not None and head.title.value == "青禾市低空装备产业工作方案"
    assert head.number is not None and head.number.value == "青府办发〔2026〕12号"
    assert [i.value for i in head.issuers] == ["青禾市人民政府办公室"]
    assert head.date is not None and head.date.value == "2026-03-05"
    assert head.status == "issued"
