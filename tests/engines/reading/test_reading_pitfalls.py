"""Each pitfall of the genre as a test, in sentences written for it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gangshen.engines.reading import Reading, Target, Task, read, to_scored
from gangshen.engines.rules import ClauseKind, Operator
from gangshen.engines.vocabulary import Attribute, Vocabulary

PLAN = "青禾区低空装备产业行动方案（2026-2028年）\n"
POLICY = "青禾区支持低空装备产业若干措施\n"


def plan(body: str) -> Reading:
    return read(f"{PLAN}一、总体目标\n打造产业高地。\n二、主要任务\n{body}")


def goals(body: str) -> list[Target]:
    return list(read(f"{PLAN}一、总体目标\n{body}\n二、主要任务\n（一）建设平台。建设平台。").targets)


def units(task: Task) -> list[str]:
    return [u.name for u in task.units]


def values(found: list[Target]) -> list[Any]:
    return [(t.value, t.unit) for t in found]


def clauses(body: str) -> list[dict[str, Any]]:
    return to_scored(read(f"{POLICY}一、支持内容\n1.支持企业发展。{body}"))["clauses"]


def benefits(body: str) -> list[tuple[Any, Any]]:
    return [(c["benefit"]["rate"], c["benefit"]["cap_amount_yuan"]) for c in clauses(body)]


# --- responsible units -------------------------------------------------------------------------------------------


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


# --- outline and tasks ---------------------------------------------------------------------------------------------


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


# --- targets -------------------------------------------------------------------------------------------------------


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


# --- offers --------------------------------------------------------------------------------------------------------


def test_a_ladder_gives_each_step() -> None:
    body = "对全年服务企业达到100个、200个、500个的平台，分别给予2万元、5万元、10万元奖励。"
    assert benefits(body) == [(None, 20_000), (None, 50_000), (None, 100_000)]
    steps = [[c["value"] for c in x["conditions"] if c["unit"] == "个"] for x in clauses(body)]
    assert steps == [[100], [200], [500]]


def test_thresholds_in_a_row_share_their_comparing_word() -> None:
    body = "对年营业收入首次突破1亿元、5亿元、10亿元的企业，分别给予20万元、50万元、100万元奖励。"
    found = clauses(body)
    assert [x["benefit"]["cap_amount_yuan"] for x in found] == [200_000, 500_000, 1_000_000]
    assert [[(c["comparator"], c["value"]) for c in x["conditions"] if c["unit"] == "亿元"] for x in found] == [
        [("gt", 1)],
        [("gt", 5)],
        [("gt", 10)],
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("按设备投资额的15%给予补助，最高300万元。", [(0.15, 3_000_000)]),
        ("按不超过合同金额的30%、最高80万元的标准给予补助。", [(0.3, 800_000)]),
        ("给予最高50%的补助，单家企业每年最高补助60万元。", [(0.5, 600_000)]),
        ("给予最高20万元的租房补贴和最高80万元的购房补贴。", [(None, 200_000), (None, 800_000)]),
        ("按固定资产投资的5%-20%给予奖励。", [([0.05, 0.2], None)]),
        ("第二年租金五折。", [(0.5, None)]),
        ("可按市场租金的7折租住人才公寓。", [(0.7, None)]),
        ("对新建面积超过300亩的基地，给予企业150元/亩奖励。", [(None, 150)]),
        ("博士每人每月2000元，给予生活补贴。", [(None, 2000)]),
        ("按赛事奖金1:1比例给予资金支持，最高不超过40万元。", [(1.0, 400_000)]),
        ("给予全额贴息支持。", [(1.0, None)]),
        ("对其中非自主算力按不高于10%的标准给予补助。", [(0.1, None)]),
        ("对每个数据集给予最高10万元奖励，每家企业每年最高100万元。", [(None, 100_000)]),
        (
            "对购买服务的费用给予80%补贴，对学生创办的企业额外给予10%补贴，年度最高不超过30万元。",
            [(0.8, 300_000), (0.1, 300_000)],
        ),
        ("提供最高50万元创业担保贷款，企业最高可申请300万元贷款。", [(None, 500_000), (None, 3_000_000)]),
        ("给予最高10万元落户补贴，并给予引进单位最高15万元引才补贴。", [(None, 100_000), (None, 150_000)]),
        ("给予人才补贴，本科每人每月500元，硕士每人每月800元。", [(None, 500), (None, 800)]),
    ],
)
def test_rates_amounts_and_caps(body: str, expected: list[Any]) -> None:
    assert benefits(body) == expected


def test_further_caps_are_kept_beside_the_first() -> None:
    (item,) = read(POLICY + "1.支持数据。对每个数据集给予最高10万元奖励，每家企业每年最高100万元。\n").offers
    assert item.offer.benefit.amount_fen == 10_000_000
    assert [c.amount_fen for c in item.offer.benefit.caps] == [100_000_000]


def test_a_cap_in_a_sentence_of_its_own_belongs_to_the_offer_before() -> None:
    assert benefits("按实际支付利息的40%给予补贴。单一企业每年最高补贴金额不超过50万元。") == [(0.4, 500_000)]


def test_pools_and_funds_are_no_benefits() -> None:
    reading = read(
        POLICY + "1.设立资金。每年设立总额1000万元的专项资金，设立规模5亿元的产业基金。对企业给予20万元奖励。\n"
    )
    assert [(b.kind, b.amount_fen) for b in reading.budgets] == [("budget", 10**9), ("fund", 5 * 10**10)]
    assert [i.offer.benefit.amount_fen for i in reading.offers] == [20_000_000]


def test_thresholds_are_conditions_not_amounts() -> None:
    (found,) = clauses("对固定资产投资5000万元以上、亩均税收不低于20万元的项目，按投资额的8%给予最高500万元补助。")
    assert (found["benefit"]["rate"], found["benefit"]["cap_amount_yuan"]) == (0.08, 5_000_000)
    assert [(c["comparator"], c["value"], c["unit"]) for c in found["conditions"] if c["unit"]] == [
        ("ge", 5000, "万元"),
        ("ge", 20, "万元"),
    ]


def test_bands_are_ranges() -> None:
    found = clauses("对固定资产投资1000万元及以上至5000万元、5000万元以上至1亿元的，分别按投资额的5%和8%给予奖励。")
    assert [x["benefit"]["rate"] for x in found] == [0.05, 0.08]
    assert [[c["value"] for c in x["conditions"] if c["unit"]] for x in found] == [[[1000, 5000]], [[5000, 10000]]]


def test_a_condition_in_years() -> None:
    (found,) = clauses("对毕业5年内的高校毕业生，给予1万元创业补贴。")
    assert [(c["comparator"], c["value"], c["unit"]) for c in found["conditions"] if c["unit"]] == [("le", 5, "年")]


def test_case_by_case_is_never_computed() -> None:
    (item,) = read(POLICY + "1.支持重大项目。对重大项目，给予“一事一议”奖励，最高1000万元。\n").offers
    assert item.offer.benefit.judgement
    assert "case by case" in item.doubts


def test_plans_carry_offers_and_policies_carry_tasks_and_targets() -> None:
    mixed = plan("1.支持企业。对新认定的高新技术企业，给予20万元奖励。（责任单位：区科委）\n")
    assert mixed.kind == "plan" and len(mixed.offers) == 1 and len(mixed.tasks) == 1
    policy = read(
        POLICY + "1.建设社区。到2028年，建成社区10个以上。（责任单位：区经委）\n2.奖励企业。对企业给予5万元奖励。\n"
    )
    assert policy.kind == "policy" and len(policy.targets) == 1 and units(policy.tasks[0]) == ["区经委"]


VOCABULARY = (
    Attribute(id="revenue", label="营业收入", type="money", synonyms=("年营业收入", "营收")),
    Attribute(id="rd_ratio", label="研发强度", type="percent", synonyms=("研发投入占营业收入比例", "研发费用占比")),
    Attribute(id="registered_on", label="成立日期", type="date", synonyms=("成立", "注册成立")),
    Attribute(id="employees", label="从业人员期末数", type="count", unit="人", synonyms=("人员规模",)),
    Attribute(id="certificates", label="资质认定", type="list", options=("高新技术企业", "专精特新中小企业")),
    Attribute(id="above_scale", label="规上企业", type="bool", synonyms=("规模以上工业企业",)),
)


def linked(body: str) -> list[tuple[str | None, Operator | None, Any, str | None]]:
    reading = read(f"{POLICY}1.支持企业。{body}\n", vocabulary=VOCABULARY)
    return [(c.attribute, c.operator, c.value, c.unit) for i in reading.offers for c in i.conditions if c.attribute]


def test_conditions_link_to_the_vocabulary() -> None:
    assert linked("对年营业收入2000万元以上且研发费用占比不低于5%的企业，给予20万元奖励。") == [
        ("revenue", Operator.GE, 2000, "万元"),
        ("rd_ratio", Operator.GE, 5, "%"),
    ]
    assert linked("对注册成立3年以内的企业，给予5万元奖励。") == [("registered_on", Operator.WITHIN_YEARS, 3, "年")]
    assert linked("对首次认定的高新技术企业，给予20万元奖励。") == [
        ("certificates", Operator.HAS_ANY, ("高新技术企业",), None)
    ]
    assert linked("对新纳统的规模以上工业企业，给予20万元奖励。") == [("above_scale", Operator.EQ, True, None)]


def test_the_built_in_vocabulary_links_thresholds_titles_bases_and_ladders() -> None:
    reading = read(
        POLICY
        + "1.支持研发。对上年度研发费用超过300万元且占营业收入比重不低于5%的企业，按研发费用的10%给予补助。\n"
        + "2.梯度培育。对首次认定为专精特新中小企业、专精特新“小巨人”企业的，分别给予20万元、60万元奖励。\n"
        + "3.支持新企业。成立不满五年的规上企业，给予5万元奖励。\n",
        vocabulary=Vocabulary.load_builtin(),
    )
    research, ladder, young = reading.offers
    assert [(c.attribute, c.operator, c.value, c.period) for c in research.conditions] == [
        ("rd_expense", Operator.GT, 300, "last_year"),
        ("rd_ratio", Operator.GE, 5, None),
    ]
    assert research.offer.benefit.base == "rd_expense"
    assert ladder.offer.benefit.ladder == "certificates"
    assert [(t.types, t.amount_fen) for t in ladder.offer.benefit.tiers] == [
        (("专精特新中小企业",), 20_000_000),
        (("专精特新“小巨人”企业",), 60_000_000),
    ]
    assert [(c.attribute, c.operator) for c in young.conditions] == [
        ("registered_on", Operator.WITHIN_YEARS),
        ("above_scale_declared", Operator.EQ),
    ]


def test_alternatives_over_two_attributes_are_not_made_a_conjunction() -> None:
    reading = read(
        POLICY
        + "第一条 申请企业应当同时符合下列条件：\n（一）在青禾区登记注册；\n（二）属于规上企业，或者持有高新技术企业资质；\n（三）上年度设备投资不少于500万元。\n第二条 对企业给予20万元补助。\n",
        vocabulary=Vocabulary.load_builtin(),
    )
    assert [(c.attribute, c.value) for c in reading.general_conditions] == [
        (None, "在青禾区登记注册"),
        (None, "属于规上企业，或者持有高新技术企业资质"),
        ("equipment_investment", 500),
    ]


def test_a_task_is_due_when_its_text_says_so() -> None:
    first, second = plan("1.发布清单。2026年11月18日前发布需求清单。\n2.建设平台。建设平台。\n").tasks
    assert first.due is not None and first.due.isoformat() == "2026-11-18"
    assert first.due_quote == "2026年11月18日前"
    assert second.due is None


def test_what_links_to_nothing_is_kept_untranslated_with_its_words() -> None:
    reading = read(f"{POLICY}1.支持企业。对获得省级大赛金奖的团队，给予20万元奖励。\n", vocabulary=VOCABULARY)
    (clause,) = reading.offers[0].conditions
    assert clause.kind is ClauseKind.UNTRANSLATED
    assert clause.quote == "获得省级大赛金奖的团队"


# --- terms of the whole document -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "start", "end", "months"),
    [
        ("本措施自2026年5月1日起施行，有效期至2028年12月31日。", "2026-05-01", "2028-12-31", None),
        ("本措施自2026年5月1日起施行，有效期3年。", "2026-05-01", "2029-04-30", 36),
        ("本措施自印发之日起施行，试行一年。", None, None, 12),
        ("本措施自发布之日起实施，有效期至2028年12月31日。", None, "2028-12-31", None),
        ("本措施自2026年X月X日起施行，有效期2年。", None, None, 24),
        ("本政策自发布之日起施行，暂定三年有效期。", None, None, 36),
    ],
)
def test_validity(text: str, start: str | None, end: str | None, months: int | None) -> None:
    found = read(f"{POLICY}1.支持企业。对企业给予5万元奖励。\n2.附则\n{text}\n").validity
    assert found is not None
    assert (found.effective_from.isoformat() if found.effective_from else None) == start
    assert (found.valid_to.isoformat() if found.valid_to else None) == end
    assert found.months == months


def test_stacking_deferral_and_general_conditions() -> None:
    reading = read(
        POLICY
        + "一、支持对象\n本措施适用于在青禾区依法登记注册的低空装备企业，以及其他对象。\n二、支持内容\n1.奖励企业。对企业给予5万元奖励。\n"
        "三、附则\n同一项目按从高不重复原则执行。具体申报条件以年度申报通知为准。申报单位须信用记录良好，未被列入严重失信名单。\n"
    )
    assert [x.quote for x in reading.stacking] == ["同一项目按从高不重复原则执行"]
    assert [x.quote for x in reading.deferrals] == ["具体申报条件以年度申报通知为准"]
    words = [(c.value, c.operator) for c in reading.general_conditions]
    assert words == [
        ("在青禾区依法登记注册的低空装备企业", None),
        ("信用记录良好", None),
        ("未被列入严重失信名单", Operator.NE),
    ]


# --- other texts ---------------------------------------------------------------------------------------------------


def test_a_novel_gives_an_empty_reading() -> None:
    reading = read(
        "夜里下了一场雨。他撑着伞走过三条街，花了20元买了一碗面。\n“你来了。”她说。两人坐了一个小时，谁也没有开口。\n"
    )
    assert reading.kind == "none"
    assert reading.items() == []


def test_news_is_left_alone_but_a_subsidy_in_it_is_kept_in_doubt() -> None:
    reading = read(
        "本报讯 全区今年已引进企业30家，产值增长12%。\n据介绍，企业算力成本可获补贴支持，区级支持金额最高可达800万元。\n"
    )
    assert reading.kind == "none"
    assert [i.offer.benefit.amount_fen for i in reading.offers] == [800_000_000]
    assert reading.offers[0].doubts[-1] == "from a text that is no policy"


def test_unread_figures_are_listed() -> None:
    reading = plan("1.完善配套。园区周边现有商业设施60处。\n")
    assert [x.quote for x in reading.unread] == ["园区周边现有商业设施60处"]


_WORDS = st.sampled_from(
    [
        "一、",
        "（二）",
        "3.",
        "第四条 ",
        "目标",
        "保障措施",
        "到2028年",
        "培育",
        "企业",
        "50家",
        "8—10个",
        "超过3亿元",
        "最高200万元",
        "按30%",
        "给予",
        "奖励",
        "对",
        "的，",
        "。",
        "；",
        "，",
        "、",
        "\n",
        "（责任单位：",
        "区经委",
        "）",
        "“",
        "”",
        "有效期",
        "三年",
        "自印发之日起施行",
        "（2026—2028年）",
        "近期",
        "清单",
        "发布",
        "—",
        " ",
        "[bookmark: x]",
        "# ",
        "\t",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(_WORDS, max_size=60).map("".join)))
def test_any_text_is_read_with_exact_quotes_and_twice_alike(text: str) -> None:
    reading = read(text)
    for item in [*reading.items(), *reading.headings, *reading.unread, *(u for t in reading.tasks for u in t.units)]:
        assert text[item.start : item.end] == item.quote
    for clause in [*reading.general_conditions, *(c for i in reading.offers for c in i.conditions)]:
        assert clause.span is not None
        assert text[clause.span.start : clause.span.end] == clause.quote
    assert read(text) == reading
    to_scored(reading)
