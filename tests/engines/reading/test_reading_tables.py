"""Tables of tasks and of indicators, in rows, with one cell a line, and beside a text."""

import datetime as dt

import pytest
from reading_files import make_docx
from reading_words import PLAN, plan, units

from gangshen.engines.reading import extract, read

HEAD = ["序号", "重点任务", "工作内容", "责任单位", "完成时限"]
ROWS = [
    ["1", "建设训练场", "建成1个数据采集训练场", "区经委、区科委", "2026年6月"],
    ["2", "培育企业", "培育链主企业3家以上", "区经委", "2026年12月"],
    ["3", "拓展场景", "发布场景30个", "区数据局牵头，区经委配合", "2027年12月"],
]
TITLE = "青禾区机器人产业重点任务分工表"


def _lines(cells: list[list[str]], bar: str) -> str:
    if bar == "|":
        return "\n".join("| " + " | ".join(row) + " |" for row in [cells[0], ["---"] * len(cells[0]), *cells[1:]])
    return "\n".join(bar.join(row) for row in cells)


@pytest.mark.parametrize("bar", ["\t", "|", "\n"], ids=["tabs", "Markdown", "a cell a line"])
def test_a_table_of_tasks_is_read_in_each_form(bar: str) -> None:
    reading = read(f"{TITLE}\n{_lines([HEAD, *ROWS], bar)}\n")
    assert [(t.number, t.title, units(t)) for t in reading.tasks] == [
        ("1", "建设训练场", ["区经委", "区科委"]),
        ("2", "培育企业", ["区经委"]),
        ("3", "拓展场景", ["区数据局", "区经委"]),
    ]
    assert [t.due for t in reading.tasks] == [dt.date(2026, 6, 30), dt.date(2026, 12, 31), dt.date(2027, 12, 31)]
    assert [u.role for u in reading.tasks[2].units] == ["lead", "cooperating"]


def test_the_targets_of_a_row_are_due_when_the_row_is() -> None:
    reading = read(f"{TITLE}\n{_lines([HEAD, *ROWS], chr(9))}\n")
    assert [(t.subject, t.value, t.deadline_year) for t in reading.targets] == [
        ("数据采集训练场", 1, 2026),
        ("链主企业", 3, 2026),
        ("场景", 30, 2027),
    ]


def test_columns_give_roles_and_a_merged_cell_counts_for_the_rows_below() -> None:
    table = [["序号", "任务", "牵头单位", "配合单位"], ["1", "建设平台", "区经委", "区科委"], ["2", "引育人才", "", ""]]
    source = extract(make_docx("青禾区产业工作任务清单", table=table), "a.docx")
    first, second = read(source).tasks
    assert [(u.name, u.role, u.inherited) for u in first.units] == [
        ("区经委", "lead", False),
        ("区科委", "cooperating", False),
    ]
    assert units(second) == ["区经委", "区科委"]
    assert all(u.inherited for u in second.units)


def test_of_a_merged_task_its_contents_are_the_tasks() -> None:
    table = [
        ["重点任务", "具体举措", "责任单位"],
        ["建设平台", "新建试飞平台", "区经委"],
        ["", "新建检测平台", "区市场局"],
    ]
    reading = read(f"{TITLE}\n{_lines(table, chr(9))}\n")
    assert [(t.section, t.title, units(t)) for t in reading.tasks] == [
        ("建设平台", "新建试飞平台", ["区经委"]),
        ("建设平台", "新建检测平台", ["区市场局"]),
    ]


def test_a_table_behind_the_text_gives_its_tasks_their_units() -> None:
    table = _lines([["序号", "任务", "责任单位"], ["1", "建设平台", "区经委"], ["2", "引育人才", "区人社局"]], "\t")
    reading = plan(f"1.建设平台。建设试飞平台。\n2.引育人才。引进工程师。\n附件：任务分工表\n{table}\n")
    assert [(t.title, units(t)) for t in reading.tasks] == [("建设平台", ["区经委"]), ("引育人才", ["区人社局"])]
    assert all("unassigned" not in t.doubts for t in reading.tasks)


def test_a_table_of_indicators_holds_targets() -> None:
    table = [
        ["序号", "指标", "单位", "2025年", "2028年", "2030年"],
        ["1", "核心产业增加值占比", "%", "8.5", "12", "≥15"],
        ["2", "算力规模（EFLOPS）", "", "2", "5", "10左右"],
        ["3", "企业", "家", "300", "500以上", "800—1000"],
    ]
    reading = read(
        f"{PLAN}一、发展目标\n{_lines(table, chr(9))}\n二、主要任务\n（一）建设平台。建设。\n（二）引育人才。\n"
    )
    assert [(t.subject, t.value, t.unit, t.comparator, t.deadline_year) for t in reading.targets] == [
        ("核心产业增加值占比", 12, "%", "eq", 2028),
        ("核心产业增加值占比", 15, "%", "ge", 2030),
        ("算力规模", 5, "EFLOPS", "eq", 2028),
        ("算力规模", 10, "EFLOPS", "approx", 2030),
        ("企业", 500, "家", "ge", 2028),
        ("企业", (800, 1000), "家", "range", 2030),
    ]


def test_other_tables_hold_neither() -> None:
    reading = plan("1.建设平台。建设。\n企业\t产值\t电话\n甲公司\t3亿元\t5500\n")
    assert len(reading.tasks) == 1
    assert reading.targets == ()
