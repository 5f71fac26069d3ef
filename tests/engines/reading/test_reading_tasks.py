"""Pitfalls of outlines, tasks and responsible units, in sentences written for them."""

import pytest
from reading_words import PLAN, POLICY, plan, units

from gangshen.engines.reading import read, to_scored


def test_a_label_on_a_line_of_its_own_numbers_the_title_below_it() -> None:
    reading = plan(
        "行动一：\n实施企业诊断专项行动\n加快开展诊断，到2028年诊断企业60家。\n行动二：\n实施场景开放专项行动\n每年发布场景。（责任单位：区经委）\n"
    )
    assert [(t.number, t.title) for t in reading.tasks] == [
        ("一", "实施企业诊断专项行动"),
        ("二", "实施场景开放专项行动"),
    ]
    assert [t.task for t in reading.targets] == ["一"]


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


def test_items_run_into_one_paragraph_are_parted() -> None:
    reading = plan(
        "（一）突破技术。1.支持整机。支持研制新一代整机。（责任单位：区科委）2.支持部件。围绕电机攻关。（责任单位：区经委）\n"
        "（二）开放场景。3.推动进工厂。每年推广一批。（责任单位：区经委）4.推动进家庭。（责任单位：区民政局）\n"
    )
    assert [(t.number, t.title, units(t)) for t in reading.tasks] == [
        ("1", "支持整机", ["区科委"]),
        ("2", "支持部件", ["区经委"]),
        ("3", "推动进工厂", ["区经委"]),
        ("4", "推动进家庭", ["区民政局"]),
    ]


def test_a_list_inside_a_sentence_is_not_parted() -> None:
    (task,) = plan("1.明确范围。重点支持：1.机器人；2.传感器；3.芯片。逐年更新目录。\n").tasks
    assert task.title == "明确范围"


def test_decimal_numbers_nest_by_their_depth() -> None:
    reading = read(
        "青禾市智慧城市建设实施方案\n1 总体要求\n1.1 建设目标\n到2027年，建成社区100个。\n2 重点任务\n2.1 夯实底座\n"
        "2.1.1 建设中枢。完善平台。（责任单位：市数据局）\n2.1.2 建设网络。部署终端。\n3 保障措施\n3.1 加强领导。成立专班。\n"
    )
    assert [(t.number, t.title, t.part) for t in reading.tasks] == [
        ("2.1.1", "建设中枢", "task"),
        ("2.1.2", "建设网络", "task"),
        ("3.1", "加强领导", "safeguard"),
    ]
    assert [(t.value, t.deadline_year) for t in reading.targets] == [(100, 2027)]


def test_enclosed_numbers_are_headings() -> None:
    text = (
        PLAN
        + "一、主要任务\n㈠提升质量（责任单位：区市场局）\n⒈监督抽查。每年抽查。\n⒉标准引领。制定标准。\n二、保障措施\n㈠加强领导。\n㈡强化宣传。\n"
    )
    reading = read(text)
    assert [(t.number, t.title) for t in reading.tasks] == [
        ("1", "监督抽查"),
        ("2", "标准引领"),
        ("一", "加强领导"),
        ("二", "强化宣传"),
    ]
    assert units(reading.tasks[1]) == ["区市场局"]
    assert reading.tasks[1].units[0].inherited
    assert all(text[t.start : t.end] == t.quote for t in reading.tasks)


def test_bracketed_numbers_are_tasks_where_they_name_units() -> None:
    reading = plan(
        "（一）产业集聚\n1.做强整机。\n（1）工业机器人。研发。（责任单位：市工信局）\n（2）服务机器人。研发。（责任单位：市民政局）\n"
        "2.做优部件。重点是：\n（1）减速器；\n（2）控制器。\n"
    )
    assert [(t.number, t.title) for t in reading.tasks] == [("1", "工业机器人"), ("2", "服务机器人"), ("2", "做优部件")]


def test_labels_after_a_title_without_a_bracket() -> None:
    reading = plan(
        "1.全年引进项目30个。牵头领导：张三；责任单位：区投促局\n2.建设平台2个。责任单位：区科技局、高新区管委会\n"
    )
    assert [units(t) for t in reading.tasks] == [["区投促局"], ["区科技局", "高新区管委会"]]
    assert [(t.subject, t.value) for t in reading.targets] == [("项目", 30), ("平台", 2)]


def test_aims_with_units_of_their_own_are_tasks() -> None:
    text = (
        "青禾市2026年重点工作责任分解方案\n一、确保完成全年主要目标\n1．工业增加值增长6%以上。\n牵头负责领导：张某。\n牵头责任单位：市经信局。\n"
        "协同责任单位：市统计局、各区政府等。\n2．进出口总额增长5%左右。\n牵头责任单位：市商务局。\n协同责任单位：青禾海关。\n"
        "二、重点任务\n1．建设中试平台。\n牵头责任单位：市科技局。\n"
    )
    reading = read(text)
    assert [(t.title, units(t)) for t in reading.tasks] == [
        ("工业增加值增长6%以上", ["市经信局", "市统计局", "各区政府"]),
        ("进出口总额增长5%左右", ["市商务局", "青禾海关"]),
        ("建设中试平台", ["市科技局"]),
    ]
    assert [u.role for u in reading.tasks[0].units] == ["lead", "cooperating", "cooperating"]
    assert [(t.value, t.comparator) for t in reading.targets] == [(6, "ge"), (5, "approx")]
