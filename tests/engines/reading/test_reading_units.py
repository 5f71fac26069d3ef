"""Wordings in which units are named, written for the test."""

import pytest
from reading_words import plan

EXPECTED = [("区经委", "lead"), ("区科委", "cooperating"), ("区财政局", "cooperating")]


@pytest.mark.parametrize(
    "words",
    [
        "（牵头单位：区经委；配合单位：区科委、区财政局）",
        "（牵头：区经委；配合：区科委、区财政局）",
        "（牵头责任单位：区经委，协办单位：区科委、区财政局）",
        "（区级牵头单位：区经委；协同单位：区科委、区财政局；完成时限：2026年底）",
        "（由区经委牵头，会同区科委、区财政局配合）",
        "（责任单位：区经委（牵头）、区科委（配合）、区财政局（配合））",
        "（责任单位：区经委牵头，区科委、区财政局配合；2026年12月底前完成）",
        "（责任单位（排名第一的为牵头单位）：区经委、区科委、区财政局）",
        "【牵头单位：区经委 配合单位：区科委 区财政局】",
        "[牵头部门: 区经委; 参加部门: 区科委, 区财政局]",
        "\n牵头单位：区经委\n配合单位：区科委 区财政局",
        "\n牵头单位为区经委，配合单位为区科委、区财政局。",
    ],
)
def test_lead_and_cooperating_units_in_many_wordings(words: str) -> None:
    (task,) = plan(f"1.建设平台。建设面向企业的试飞平台。{words}\n").tasks
    assert [(u.name, u.role) for u in task.units] == EXPECTED


@pytest.mark.parametrize(
    "words",
    [
        "（责任单位：区经委、商务委、各街镇）",
        "（市级责任部门：区经委、商务委，各街镇等有关单位）",
        "（区经委、商务委、各街镇按职责分工负责）",
        "责任：区经委、商务委、各街镇。",
        "责任分工：区经委、商务委、各街镇，2026年底前完成。",
        "\n责任单位　区经委".replace("　", "：") + " 商务委 各街镇",
        "（任务分工：区经委、商务委、各街镇，长期坚持）",
    ],
)
def test_units_without_an_order(words: str) -> None:
    (task,) = plan(f"1.建设平台。建设面向企业的试飞平台。{words}\n").tasks
    assert [(u.name, u.role) for u in task.units] == [(n, "responsible") for n in ("区经委", "商务委", "各街镇")]


@pytest.mark.parametrize(
    "words",
    [
        "（责任单位：区经委；各镇人民政府、各街道办事处）",
        "（责任单位：☆区经委、各镇人民政府、各街道办事处。标☆的为牵头单位，下同。）",
    ],
)
def test_units_after_a_semicolon_and_with_a_mark(words: str) -> None:
    (task,) = plan(f"1.建设平台。建设面向企业的试飞平台。{words}\n").tasks
    assert [u.name for u in task.units] == ["区经委", "各镇人民政府", "各街道办事处"]


@pytest.mark.parametrize(
    "bracket", ["（区经委、区科委）", "（责任单位：区经委、区科委）", "〔区经委牵头，区科委配合〕"]
)
def test_units_behind_a_title_are_no_part_of_it(bracket: str) -> None:
    first, second = plan(f"1.建设试飞平台{bracket}\n建设面向企业的平台。\n2.引育人才{bracket}。引进工程师。\n").tasks
    assert [first.title, second.title] == ["建设试飞平台", "引育人才"]
    assert [u.name for u in first.units] == [u.name for u in second.units] == ["区经委", "区科委"]


def test_a_bare_bracket_may_carry_the_note_on_who_leads() -> None:
    first, second = plan(
        "1.建设平台。建设平台。（区经委、区科委，各镇（街道），列第一位的为牵头单位，下同。以下均需各镇（街道）落实，不再列出）\n"
        "2.引育人才。引进工程师。（区科委、区财政局）\n"
    ).tasks
    assert [(u.name, u.role) for u in first.units if not u.inherited] == [
        ("区经委", "lead"),
        ("区科委", "cooperating"),
        ("各镇（街道）", "cooperating"),
    ]
    assert [(u.name, u.role) for u in second.units if not u.inherited] == [
        ("区科委", "lead"),
        ("区财政局", "cooperating"),
    ]


def test_an_aside_at_the_end_of_a_paragraph_names_nobody() -> None:
    (task,) = plan("1.建设平台。建设服务体系（含企业、园区和检测中心）\n").tasks
    assert task.units == ()


@pytest.mark.parametrize(
    "words",
    [
        "由区经委牵头，区科委、区财政局配合，2026年底前建成。",
        "加快建设。区经委牵头，会同区科委、区财政局制定计划。",
        "由区经委会同区科委、区财政局负责实施。",
    ],
)
def test_a_sentence_gives_a_task_without_bracket_or_label(words: str) -> None:
    (task,) = plan(f"1.建设平台。{words}\n").tasks
    assert {u.name for u in task.units} == {name for name, _role in EXPECTED}
    assert task.units[0].name == "区经委"
    assert "unassigned" not in task.doubts


@pytest.mark.parametrize(
    "words",
    [
        "支持龙头企业牵头组建创新联合体，由专业机构负责运营。",
        "区科委负责技术指导；区经委负责项目服务。",
        "由企业牵头，高校配合开展攻关。",
    ],
)
def test_prose_about_who_does_what_names_no_unit(words: str) -> None:
    (task,) = plan(f"1.建设平台。{words}\n").tasks
    assert task.units == ()


def test_a_bracket_says_more_than_the_sentence() -> None:
    (task,) = plan("1.建设平台。由区经委牵头，区科委配合。（责任单位：区商务委）\n").tasks
    assert [u.name for u in task.units] == ["区商务委"]
