"""Pitfalls of benefits, conditions and their link to the vocabulary, in sentences written for them."""

import datetime as dt
from typing import Any

import pytest
from reading_words import POLICY, benefits, clauses, plan, units

from gangshen.engines.reading import read, to_scored
from gangshen.engines.rules import ClauseKind, Operator
from gangshen.engines.vocabulary import Attribute, Vocabulary


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


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("按以下标准给予奖励：国家级100万元；省级50万元。", [(None, 1_000_000), (None, 500_000)]),
        ("对承办活动按支出的50%给予补助，最高分别不超过200万元、100万元。", [(0.5, 2_000_000), (0.5, 1_000_000)]),
        ("按每平方米100元的标准给予建设补贴，最高100万元。", [(None, 100)]),
        ("首次租用国产算力的，补贴比例提高至40%，每年最高150万元。", [(0.4, 1_500_000)]),
        ("获省级奖项的，按1:0.5配套，最高50万元。", [(0.5, 500_000)]),
        ("按10%给予补助；持有证书的，按15%给予补助。每家企业每年最高300万元。", [(0.1, 3_000_000), (0.15, 3_000_000)]),
        ("每年发放总额不超过5000万元的算力券，单个企业最高可申领200万元。", [(None, 2_000_000)]),
        ("产业规模达到20亿元，达成意向投资10亿元。", []),
    ],
)
def test_amounts_of_rarer_wordings(body: str, expected: list[Any]) -> None:
    assert benefits(body) == expected


def test_two_ladders_joined_by_or_share_the_steps() -> None:
    body = "对服务企业达到50家、100家，或培育企业10家、20家的社区，分别给予20万元、50万元奖励。"
    steps = [[(c["comparator"], c["value"]) for c in x["conditions"] if c["unit"]] for x in clauses(body)]
    assert steps == [[("ge", 50), ("ge", 10)], [("ge", 100), ("ge", 20)]]


def test_each_step_of_an_enumeration_has_its_own_name() -> None:
    found = clauses("对获奖项目，一等奖奖励10万元，二等奖奖励5万元，三等奖奖励2万元。")
    assert [[c["value"] for c in x["conditions"]] for x in found] == [
        ["获奖项目", "一等奖"],
        ["获奖项目", "二等奖"],
        ["获奖项目", "三等奖"],
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "对首次认定的高新技术企业，规上企业给予25万元资金，规下企业给予10万元资金。",
            [["首次认定的高新技术企业", "规上企业"], ["首次认定的高新技术企业", "规下企业"]],
        ),
        (
            "对符合条件的企业，发放检测券，并给予最高20万元的补助；发放租赁券并给予最高5万元的补助。",
            [["符合条件的企业"], ["符合条件的企业"]],
        ),
        ("根据试飞基地年度绩效情况，每年给予最高100万元的补助。", [["试飞基地"]]),
        ("对整机企业，采取后补助的方式，分类分阶段给予最高100万元的补助。", [["整机企业"]]),
        ("争创国家级平台，对获批筹建的检测中心，给予500万元支持。", [["获批筹建的检测中心"]]),
        ("担保费补贴：按实际担保费的50%给予补贴，单笔最高50万元。", [[]]),
        ("前两年享受租金80%补贴，第三年享受50%补贴。", [[], []]),
        ("重点培育的公共海外仓企业可获得10万元一次性奖励。", [["重点培育的公共海外仓企业"]]),
        (
            "被评为传习基地的单位进行补助，州级补助10万元，省级补助20万元。",
            [["被评为传习基地的单位", "州级"], ["被评为传习基地的单位", "省级"]],
        ),
        (
            "对新上市的企业，第一家奖励100万元，第二家奖励80万元。",
            [["新上市的企业", "第一家"], ["新上市的企业", "第二家"]],
        ),
        (
            "电竞俱乐部总部入驻最高奖励200万元，举办重大赛事可获最高100万元补贴。",
            [["电竞俱乐部总部入驻"], ["举办重大赛事"]],
        ),
        (
            "对技改项目，按投资额的10%给予奖励，其中开展绿色改造的，按投资额的12%给予奖励。",
            [["技改项目"], ["开展绿色改造"]],
        ),
    ],
    ids=[
        "siblings",
        "after a semicolon",
        "judged by",
        "how it is paid",
        "aim",
        "a title",
        "years",
        "obtains",
        "levels",
        "in order",
        "another deed",
        "among them",
    ],
)
def test_whom_an_offer_is_for(body: str, expected: list[list[str]]) -> None:
    assert [[c["value"] for c in x["conditions"]] for x in clauses(body)] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("每年遴选不超过25%的项目予以立项，每个项目给予不超过10万元补助。", [(None, 100_000)]),
        ("五年内分别按营业收入的1%、0.5%给予奖励。", [(0.01, None), (0.005, None)]),
        ("对厂房项目，按建设成本的10%给予补助：开工后支付20%，封顶后支付50%，验收后支付余款。", [(0.1, None)]),
        ("考核前两名分别给予高管人员3个、2个名额的奖励，奖励额度按个人贡献的80%确定。", [(0.8, None)]),
    ],
)
def test_a_share_that_is_chosen_or_a_time_is_no_benefit_and_no_condition(body: str, expected: list[Any]) -> None:
    assert benefits(body) == expected
    assert all(not c["unit"] for x in clauses(body) for c in x["conditions"])


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("对设立注册资金达到1000万元以上的研发机构，给予50万元奖励。", 1000),
        ("对上年度自有资金研发投入200万元以上的企业，给予20%的补助，最高100万元。", 200),
        ("对当年度投资到位5000万元的项目，给予30万元奖励。", 5000),
    ],
)
def test_capital_of_the_firm_is_a_threshold_and_no_pool(body: str, value: int) -> None:
    (found,) = clauses(body)
    assert [c["value"] for c in found["conditions"] if c["unit"]] == [value]


def test_the_steps_of_one_ladder_hold_for_two_who_are_given() -> None:
    found = clauses(
        "园区每新增一家年度营业收入达到2000万元、1亿元的企业，分别给予园区运营单位10万元、20万元奖励，并给予企业5万元、15万元奖励。"
    )
    assert [
        (x["benefit"]["cap_amount_yuan"], [(c["value"], c["unit"]) for c in x["conditions"] if c["unit"]])
        for x in found
    ] == [
        (100_000, [(2000, "万元")]),
        (200_000, [(1, "亿元")]),
        (50_000, [(2000, "万元")]),
        (150_000, [(1, "亿元")]),
    ]


def test_whoever_is_in_the_scope_of_general_provisions() -> None:
    reading = read(
        POLICY
        + "第一章 总则\n第一条 凡在本区注册并实际经营的低空装备企业，符合规定条件的，均可依照本措施申请支持。\n第二章 支持\n"
        "第二条 奖励。对整机企业奖励20万元。\n第三条 附则。本措施适用于全区企业，由区经委负责解释。自2026年9月1日施行，有效期至2028年12月31日。\n"
    )
    assert [c.value for c in reading.general_conditions] == ["在本区注册并实际经营的低空装备企业", "全区企业"]
    assert reading.validity is not None and reading.validity.effective_from == dt.date(2026, 9, 1)


def test_titles_in_square_brackets_are_no_part_of_an_offer() -> None:
    reading = read(
        POLICY
        + "第一条 【租金补贴】成立不满五年的企业，按实际租金的50%给予补贴，每年最高80万元。\n第二条 【人才】引进人才。\n"
    )
    assert reading.offers[0].quote.startswith("成立不满五年")
    assert [c.value for c in reading.offers[0].conditions] == [5]


def test_linked_conditions_are_printed_in_the_words_of_the_text() -> None:
    reading = read(
        POLICY
        + "1.支持企业。对成立18个月以内、获评国家高企称号的企业，给予5万元奖励。\n2.奖励企业。对首次认定的国家级高新技术企业，给予20万元奖励。\n",
        vocabulary=Vocabulary.load_builtin(),
    )
    young, titled = to_scored(reading)["clauses"]
    assert [(c["comparator"], c["value"], c["unit"]) for c in young["conditions"] if c["unit"]] == [("le", 18, "个月")]
    assert reading.offers[0].conditions[0].value == 1.5
    assert [(c["comparator"], c["value"], c["linked"]) for c in titled["conditions"]] == [
        ("is", "首次认定的国家级高新技术企业", "certificates")
    ]


@pytest.mark.parametrize(
    "body",
    [
        "对年产值同比增长超过1000万元的企业，给予20万元奖励。",
        "对单品种销售收入超过2000万元的企业，给予20万元奖励。",
        "对新设立的企业（不含分支机构），给予2万元补贴。",
    ],
)
def test_near_misses_are_not_linked(body: str) -> None:
    (item,) = read(f"{POLICY}1.支持企业。{body}\n", vocabulary=Vocabulary.load_builtin()).offers
    assert [c.attribute for c in item.conditions] == [None] * len(item.conditions)
    assert item.conditions


def test_a_whole_article_of_amounts_and_ladders() -> None:
    found = clauses(
        "对经认定的社区，给予最高每平方米500元、总额最高200万元的建设补贴。"
        "对年度新增入驻企业达20家、50家，或营收总额达1000万元、3000万元的社区，分别给予10万元、30万元奖励。"
        "对创始人，提供最高80平方米的人才公寓，租金按市场价60%收取。"
    )
    assert [(x["benefit"]["rate"], x["benefit"]["cap_amount_yuan"]) for x in found] == [
        (None, 500),
        (None, 100_000),
        (None, 300_000),
        (0.6, None),
    ]
    assert [c["value"] for c in found[0]["conditions"]] == ["经认定的社区"]
    assert [[c["value"] for c in x["conditions"] if c["unit"]] for x in found[1:]] == [[20, 1000], [50, 3000], []]
