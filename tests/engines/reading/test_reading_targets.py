"""Pitfalls of targets, phases and promised lists, in sentences written for them."""

from typing import Any

import pytest
from reading_words import PLAN, goals, plan, values

from gangshen.engines.reading import read, to_scored


@pytest.mark.parametrize(
    "text",
    [
        "围绕“3+3”产业布局，打造产业高地。",
        "打通服务企业的“最后一公里”。",
        "以开发开放20周年为契机，深化改革。",
        "组建1名团长+3名导师的服务队伍。",
        "推出一批标杆场景，落实三项任务。",
        "打造“10分钟办公圈”。",
        "到2028年，建成国内一流的产业高地。",
    ],
)
def test_these_are_no_targets(text: str) -> None:
    assert goals(text) == []


def test_existing_land_and_areas_are_no_targets() -> None:
    reading = plan("1.推进转型。区内存量用地达到740亩，其中约300亩需要转型升级。目前已集聚企业60家。\n")
    assert reading.targets == ()


def test_three_times_fifty_percent_is_one_target() -> None:
    found = goals(
        "到2028年，实现“三个60%”的突破，即品牌、场景、规模三个方面均占全市60%——打造6家品牌、30个场景、90亿元规模。"
    )
    assert values(found) == [(60, "%"), (6, "家"), (30, "个"), (90, "亿元")]
    assert found[0].denominator == "全市"
    assert found[1].subject == "品牌"


def test_a_qualifier_is_not_the_target() -> None:
    found = goals("到2028年，培育营收超1000万元OPC100家以上，形成一批年收入超亿元的企业。")
    assert [(t.value, t.unit, t.comparator) for t in found] == [(100, "家", "ge")]


def test_large_numbers_in_words() -> None:
    assert values(goals("打造千亿产业规模，培育百家领军企业，集聚万名人才。")) == [
        (1000, "亿元"),
        (100, "家"),
        (10000, "名"),
    ]


def test_deadlines_come_from_sentence_lead_in_and_phase() -> None:
    sentence, lead, phase = (
        goals("到2027年，引进企业20家；到2029年，引进企业50家。"),
        goals("到2027年，产业实现突破。\n——企业更强。培育企业20家。\n——场景更多。开放场景30个。"),
        goals("近期：夯实基础（2026—2027年）。引进企业20家。\n中期：提升能级（2028—2030年）。引进企业60家。"),
    )
    assert [(t.deadline_year, t.deadline_from) for t in sentence] == [(2027, "sentence"), (2029, "sentence")]
    assert [(t.deadline_year, t.deadline_from) for t in lead] == [(2027, "lead-in")] * 2
    assert [(t.deadline_year, t.deadline_from) for t in phase] == [(2027, "phase"), (2030, "phase")]


def test_a_date_leads_what_is_numbered_below_it_and_ends_with_its_section() -> None:
    found = goals(
        "到2028年，体系基本建成。\n（一）引进整机企业20家。\n（二）到2030年，引进研发机构8家。\n培养工程师300名。\n（三）开放场景40个。"
    )
    assert [(t.value, t.deadline_year) for t in found] == [(20, 2028), (8, 2030), (300, 2030), (40, 2028)]


def test_what_begins_in_a_year_is_not_due_in_it() -> None:
    assert [(t.value, t.deadline_year) for t in goals("2026年起，每年培育专精特新企业15家。")] == [(15, None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到2028年，规上工业研发经费占营业收入比重达到3.2%、研发机构覆盖率达到70%。", [(3.2, "%"), (70, "%")]),
        ("到2028年，降低获得贴息企业的融资成本20%左右，新增贷款授信50亿元以上。", [(20, "%"), (50, "亿元")]),
        ("到2028年，完成15个以上在全省有影响的改造项目。", [(15, "个")]),
        ("到2028年，每年选拔资助不少于60名青年工程师，连续3年给予科研经费资助。", [(60, "名")]),
        ("到2028年，实现百亿企业质的跃升、亿元企业面的拓展，十亿以上企业数量稳步增加。", []),
        ("到2028年，完成不少于4轮供需对接。", [(4, "轮")]),
        ("到2028年，每个重点领域打造12个以上应用标杆，民营经济占全区的45%以上。", [(12, "个"), (45, "%")]),
        ("到2028年，平台用户数超过3亿，经济总量突破5000亿元。", [(3, "亿"), (5000, "亿元")]),
        ("到2028年，拥有万人研发中心2所，百亿、十亿级规上（限上）企业数量达12户。", [(2, "所"), (12, "户")]),
        ("到2028年，实现3个“1060”：引育6家头部企业。", [(6, "家")]),
        ("到2028年，研发费用加计扣除比例提高至100%，工业税收占比达到30%。", [(30, "%")]),
    ],
    ids=[
        "share of spending",
        "loans as a result",
        "makes",
        "selects",
        "classes",
        "rounds",
        "of each",
        "users",
        "names",
        "slogan",
        "tax law",
    ],
)
def test_words_of_money_do_not_hide_or_make_a_target(text: str, expected: list[Any]) -> None:
    assert values(goals(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "积极融入全省11条重点产业链，推动企业协作。",
        "大力推进东区、西区两个改革试点，培育品牌。",
        "今年1至9月，全区46户软件企业完成收入23亿元，推动产业升级。",
    ],
)
def test_what_is_there_already_is_no_target_of_a_task(text: str) -> None:
    assert plan(f"1.培育企业。{text}\n").targets == ()


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("到2028年，助力不少于企业40家融资。", "ge"),
        ("到2028年，网络时延不高于理论值的1.5倍。", "le"),
        ("到2028年，骨干企业研发投入超过营业收入的8%。", "ge"),
    ],
)
def test_the_comparing_word_may_stand_apart(text: str, comparator: str) -> None:
    assert [t.comparator for t in goals(text)] == [comparator]


def test_what_was_reached_before_the_plan_begins_is_no_target() -> None:
    reading = plan("1.夯实基础。2024年底，企业上云率达到61%。到2028年，企业上云率达到80%。\n")
    assert [(t.value, t.deadline_year) for t in reading.targets] == [(80, 2028)]


def test_large_money_is_scored_as_printed() -> None:
    reading = plan("1.扩大规模。力争到2030年，产业规模突破2万亿元。\n")
    assert [(t.value, t.unit) for t in reading.targets] == [(20000, "亿元")]
    assert [(t["value"], t["unit"]) for t in to_scored(reading)["targets"]] == [(2, "万亿元")]


def test_aims_and_tasks_is_a_goal_where_tasks_stand_apart() -> None:
    reading = read(
        f"{PLAN}一、目标任务\n到2028年底，力争降低获得贴息企业融资成本30%左右。\n二、主要任务\n（一）建设平台。建设平台。\n"
    )
    assert [(t.value, t.deadline_year) for t in reading.targets] == [(30, 2028)]
    assert [t.title for t in reading.tasks] == ["建设平台"]
    assert reading.offers == ()


def test_opinions_with_goals_and_tasks_are_a_plan() -> None:
    reading = read(
        "关于加快低空装备产业发展的意见\n一、发展目标和重点\n到2028年，产值达到80亿元。\n二、主要任务\n（一）建设平台。建设平台。\n"
    )
    assert reading.kind == "plan"
    assert [(t.value, t.unit, t.deadline_year) for t in reading.targets] == [(80, "亿元", 2028)]


def test_a_target_without_a_deadline_says_so() -> None:
    (found,) = plan("1.培育企业。培育整机企业8家。\n").targets
    assert found.deadline_year is None
    assert "no deadline" in found.doubts
    assert found.task == "1"


def test_a_subsidy_is_no_target() -> None:
    assert plan("1.培育企业。对新引进的整机企业，给予最高200万元奖励。\n").targets == ()


def test_phases_have_names_and_years() -> None:
    reading = read(
        PLAN
        + "一、实施计划\n近期：夯实基础（2026—2027年）。引进企业。\n远期：全面提升（2028—2030年）。形成生态。\n二、主要任务\n（一）建设平台。建设。\n"
    )
    assert [(p.name, p.start_year, p.end_year) for p in reading.phases] == [("近期", 2026, 2027), ("远期", 2028, 2030)]


def test_promised_lists() -> None:
    reading = plan("1.开放场景。每年发布低空应用场景清单，编制企业名录和产品目录。\n")
    assert [x.name for x in reading.lists] == ["低空应用场景清单", "企业名录和产品目录"]
    assert reading.lists[0].task == "1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到2028年，带动就业1万人以上，专利拥有量突破1万件。", [(1, "万人"), (1, "万件")]),
        ("绿化率由35%提高到40%。", [(40, "%")]),
        ("办理时间压缩至0.5个工作日。", [(0.5, "个工作日")]),
        ("培育百亿级企业2家，形成3-5个千亿级产业集群。", [(2, "家"), ((3, 5), "个")]),
        ("推广机器人1万台（套）以上，密度达到500台/万人。", [(1, "万台（套）"), (500, "台")]),
        ("产业规模较2026年翻一番，产业基金规模突破100亿元。", [(1, "番"), (100, "亿元")]),
        ("每个社区面积不少于3000平方米，全区14个街镇全覆盖。", []),
        ("建成10个以上面积超1万平方米、设施齐全的社区。", [(10, "个")]),
        ("利润达80亿元的目标，迈上5000亿元台阶。", [(80, "亿元"), (5000, "亿元")]),
        ("对接高校10所，集聚1000家以上年营收超百万元的企业。", [(10, "所"), (1000, "家")]),
    ],
)
def test_values_and_units_of_goals(text: str, expected: list[Any]) -> None:
    assert values(goals(text)) == expected


def test_bare_years_and_plan_periods_are_deadlines() -> None:
    found = goals("——2026年，总收入达到800亿元。\n——2027年，总收入达到1000亿元。\n“十五五”末，规模达到3000亿元。")
    assert [t.deadline_year for t in found] == [2026, 2027, 2030]


def test_a_hollow_subject_goes_on_with_the_target_before() -> None:
    found = goals("到2026年，新增装备企业不少于300家；到2027年，累计达到1000家。")
    assert [(t.subject, t.deadline_year) for t in found] == [("装备企业", 2026), ("装备企业", 2027)]


def test_boxes_hold_targets_but_no_tasks() -> None:
    reading = plan(
        "（一）培育主体\n1.壮大企业。培育企业。\n专栏1 主体培育工程\n1.领航计划。培育领航企业10家。\n（二）建设平台\n2.建设平台。建设。\n"
    )
    assert [t.title for t in reading.tasks] == ["壮大企业", "建设平台"]
    assert values(list(reading.targets)) == [(10, "家")]


def test_a_dated_heading_dates_what_stands_below_it() -> None:
    reading = read(
        PLAN
        + "一、发展目标\n（一）2026年目标。引进企业20家。\n（二）2028年目标\n引进企业60家。打造场景30个。\n二、主要任务\n（一）建设平台。建设。\n"
    )
    assert [t.deadline_year for t in reading.targets] == [2026, 2028, 2028]


def test_goals_may_stand_in_the_general_idea_and_beside_an_offer() -> None:
    reading = read(
        PLAN
        + "一、总体思路\n以需求为牵引，力争到2028年，建成社区30个以上。\n二、主要任务\n1.开放场景。遴选20个标杆场景，每个给予最高50万元补助。\n2.建设平台。建设。\n"
    )
    assert [(t.subject, t.value, t.deadline_year) for t in reading.targets] == [
        ("社区", 30, 2028),
        ("标杆场景", 20, None),
    ]
    assert [i.offer.benefit.amount_fen for i in reading.offers] == [50_000_000]


def test_a_target_without_a_noun_takes_it_from_the_clause_before() -> None:
    found = plan("1.建设设施。在园区布局建设起降点，2026年底前建成60个，2027年底前建成120个。\n").targets
    assert [(t.value, t.deadline_year) for t in found] == [(60, 2026), (120, 2027)]
    assert all(t.subject.endswith("起降点") for t in found)


def test_provisions_of_a_plan_are_offers_and_no_tasks() -> None:
    reading = plan(
        "1.建设平台。建设。\n三、支持措施\n（一）对取得证书并实际销售的企业，给予一次性奖励，大型航空器奖励1500万元，小型奖励300万元。\n"
    )
    assert [t.title for t in reading.tasks] == ["建设平台"]
    assert [i.offer.benefit.amount_fen for i in reading.offers] == [1_500_000_000, 300_000_000]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "到2028年，国家级、省级专精特新企业分别达到10家、100家。",
            [("国家级专精特新企业", 10, "eq", 2028), ("省级专精特新企业", 100, "eq", 2028)],
        ),
        (
            "2026年、2027年产业规模分别达到100亿元、150亿元。",
            [("产业规模", 100, "eq", 2026), ("产业规模", 150, "eq", 2027)],
        ),
        ("到2026年、2028年，集聚企业分别超过100家和300家。", [("企业", 100, "gt", 2026), ("企业", 300, "gt", 2028)]),
    ],
)
def test_figures_that_go_with_nouns_or_years_one_to_one(text: str, expected: list[Any]) -> None:
    assert [(t.subject, t.value, t.comparator, t.deadline_year) for t in goals(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到2028年，突破百项关键技术。", [("关键技术", 100, "eq")]),
        ("到2028年，关键技术突破20项。", [("关键技术", 20, "gt")]),
        ("到2028年，万人发明专利拥有量达到25件。", [("万人发明专利拥有量", 25, "eq")]),
        ("办理时限由15个工作日压缩至5个工作日以内。", [("办理时限", 5, "le")]),
        ("形成2个以上500亿元级产业集群。", [("500亿元级产业集群", 2, "ge")]),
        ("打造千亿级产业集群。", [("产业集群", 1000, "eq")]),
        ("每年举办赛事1次以上、论坛10场。", [("论坛", 10, "eq")]),
        ("建设1个总部、3个制造园区、N个示范区。", [("总部", 1, "eq"), ("制造园区", 3, "eq")]),
        ("机器人密度达到每万人500台。", [("机器人密度", 500, "eq")]),
    ],
)
def test_subjects_and_comparators_of_tricky_wordings(text: str, expected: list[Any]) -> None:
    assert [(t.subject, t.value, t.comparator) for t in goals(text)] == expected


def test_a_title_that_is_a_whole_order_holds_targets() -> None:
    reading = plan(
        "1、引进产业项目20个，总投资50亿元（牵头单位：区投促中心）\n2、建成公寓1000套（牵头单位：区房管局）\n"
    )
    assert [(t.subject, t.value) for t in reading.targets] == [("产业项目", 20), ("总投资", 50), ("公寓", 1000)]


def test_a_dated_section_dates_what_stands_below_it() -> None:
    reading = read(
        PLAN
        + "一、近期工作（2026年）\n1.引进企业20家（牵头单位：区经委）\n二、远期工作（2027—2028年）\n2.引进企业50家（牵头单位：区经委）\n"
    )
    assert [(t.value, t.deadline_year) for t in reading.targets] == [(20, 2026), (50, 2028)]


def test_classes_of_size_and_what_is_no_money() -> None:
    found = goals("到2027年，培育8—10个百亿企业，集群总量超过五千亿规模，无人机年配送50万单，贷款余额达到30亿元。")
    assert [(t.value, t.unit) for t in found] == [((8, 10), "个"), (5000, "亿元"), (50, "万单"), (30, "亿元")]


@pytest.mark.parametrize(
    ("text", "subject", "comparator"),
    [
        ("到2028年，突破40项以上装配工艺。", "装配工艺", "ge"),
        ("到2028年，突破40项装配工艺。", "装配工艺", "eq"),
        ("到2028年，新车的辅助驾驶装配率达到45%。", "新车的辅助驾驶装配率", "eq"),
        ("到2028年，新培育链主企业6家。", "链主企业", "eq"),
    ],
)
def test_break_throughs_and_new_things(text: str, subject: str, comparator: str) -> None:
    (goal,) = goals(text)
    assert (goal.subject, goal.comparator) == (subject, comparator)


def test_a_plan_of_one_headed_section_is_a_plan() -> None:
    reading = read("青禾区机器人产业发展行动计划（2026—2028年）\n一、总体目标\n到2028年底，培育企业50家以上。\n")
    assert reading.kind == "plan" and len(reading.targets) == 1
