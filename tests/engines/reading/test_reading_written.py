"""The reader against provisions written for the purpose, in the many wordings of the genre."""

from collections import Counter

import pytest
from written_cases import HALVES, cases, count

from gangshen.engines.reading import read
from gangshen.engines.rules import All, Any_, Clause
from gangshen.engines.vocabulary import Vocabulary


@pytest.mark.parametrize(
    "name",
    ["sentences", "articles", "sentences_2", "guides", "provisions", "provisions_2", "provisions_3", "provisions_4"],
)
def test_provisions_are_read_as_written(name: str) -> None:
    total: Counter[str] = sum(map(count, cases(name)), Counter())
    assert total["benefit -"] + total["benefit ?"] <= 0.02 * total["benefit +"], total
    assert total["num -"] + total["num ?"] <= 0.05 * total["num +"], total
    assert total["words ?"] <= 0.1 * total["words +"], total


def _f1(total: Counter[str], what: str) -> float:
    right, wrong = total[f"{what} +"], total[f"{what} -"] + total[f"{what} ?"]
    return 2 * right / (2 * right + wrong)


@pytest.mark.parametrize(
    ("name", "half", "benefits", "numbers", "words"),
    [
        ("shapes", "tuned", 0.97, 0.97, 0.97),
        ("shapes", "held out", 0.85, 0.85, 0.8),
        ("shapes_2", "tuned", 0.97, 0.97, 0.95),
        ("shapes_2", "held out", 0.9, 0.9, 0.85),
    ],
)
def test_shapes_are_read_with_nothing_invented(
    name: str, half: str, benefits: float, numbers: float, words: float
) -> None:
    shapes = cases(name)[HALVES[half] :: 2]
    total: Counter[str] = sum((count(case, whole=True) for case in shapes), Counter())
    assert _f1(total, "benefit") >= benefits, total
    assert _f1(total, "num") >= numbers, total
    assert _f1(total, "words") >= words, total


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("支持企业扩大融资，对首次获得机构股权投资的企业，市财政给予投资额2%的奖励。", ["首次获得机构股权投资的企业"]),
        ("建立统一的服务平台，每个平台每年补助20万元。", []),
        ("经区经委审核后，单个项目给予最高50万元支持。", []),
        ("每年遴选优质产品20个，每个产品奖励5万元。", []),
        ("对高成长企业奖励30万元“升级”奖励，区级按规定再奖励10万元。", ["高成长企业"]),
    ],
    ids=["aim", "purpose", "approval", "praise", "payer"],
)
def test_who_pays_why_and_how_is_no_condition(text: str, words: list[str]) -> None:
    reading = read(
        f"青禾区支持智能装备产业若干措施\n第一条 补助。按设备投资额的8%给予补助。\n第二条 奖励。{text}\n第三条 附则。略。\n"
    )
    said = {str(c.value) for item in reading.offers[1:] for c in item.conditions if not c.unit}
    assert said == set(words)


@pytest.mark.parametrize(
    "text",
    [
        "他在河边站了很久，想起二十年前父亲给他的三百元钱。那年冬天，村里来了五个人，说要奖励种树的人家，每户两袋面。\n"
        "第二天，雪停了。他走了十里路，花了八块钱买了一张票。“最高不超过八千元，”老板说，“每月给你三千元补贴。”\n",
        "青禾区召开产业推进会\n11月18日，青禾区召开产业推进会，区长出席并讲话。会议指出，上半年全区完成产值320亿元，同比增长8.5%，"
        "新增企业120家，税收增长12%。去年全区兑现奖补资金1.2亿元，惠及企业300余家。\n",
        "青禾区低空装备产业行动方案\n一、总体目标\n到2028年，产业规模达到500亿元，集聚企业200家以上，研发投入强度达到5%。\n"
        "二、主要任务\n（一）建设平台。建成中试平台5个以上，总投资不低于3亿元。（责任单位：区经委）\n"
        "（二）开放场景。每年发布场景不少于50个，面积超过10万平方米。（责任单位：区科委）\n三、保障措施\n（一）加强组织。按月调度。\n",
        "关于公布年度考核结果的通报\n各单位：经考核，共评出优秀单位12家、良好单位30家，优秀率达到28%。现予公布。\n",
    ],
    ids=["novel", "news", "plan", "notice"],
)
def test_what_offers_nothing_gives_no_clause(text: str) -> None:
    reading = read(text)
    assert [i.quote for i in reading.offers if "no figure" not in i.doubts] == []
    assert reading.general_conditions == ()


def test_either_of_two_thresholds_is_enough() -> None:
    reading = read(
        "青禾区支持智能装备产业若干措施\n第一条 奖励。对拥有发明专利3件以上或软件著作权10件以上、员工20人以上的企业，给予20万元奖励。\n"
        "第二条 补助。按设备投资额的8%给予补助。\n"
    )
    rule = reading.offers[0].offer.rule
    assert isinstance(rule, All)
    either = [node for node in rule.all if isinstance(node, Any_)]
    assert [[c.value for c in node.any if isinstance(c, Clause)] for node in either] == [[3, 10]]
    assert [node.value for node in rule.all if isinstance(node, Clause) and node.unit] == [20]


def test_conditions_of_an_item_are_not_those_of_its_neighbour() -> None:
    reading = read(
        "青禾区支持智能装备产业若干措施\n第一条 研发补助\n（一）申报条件\n1.研发人员10人以上；\n2.上年度营业收入不低于1000万元。\n"
        "（二）补助标准\n按研发费用的10%给予补助，最高100万元。\n第二条 展会补助\n对参加展会的企业，每个展位补助1万元。\n"
    )
    first, second = reading.offers
    assert [c.value for c in first.conditions if c.unit] == [10, 1000]
    assert [c.value for c in second.conditions if c.unit] == []
    assert reading.general_conditions == ()


def test_a_list_for_one_kind_of_project_holds_for_that_kind() -> None:
    reading = read(
        "青禾区创新资金申报指南\n一、支持方式\n一般项目支持经费15万元/项，重点项目支持经费不超过25万元/项。项目实施期限一般不超过二年。\n"
        "二、申报条件\n（一）申请一般项目，企业主要条件：\n1、职工总数不超过300人；\n2、研发费用总额不低于30万元。\n"
        "（二）申请重点项目，企业主要条件：\n1、职工总数不超过500人，资产总额不超过2亿元；\n2、研发费用总额不低于120万元。\n"
    )
    assert [(i.conditions[0].value, [c.value for c in i.conditions if c.unit]) for i in reading.offers] == [
        ("一般项目", [300, 30]),
        ("重点项目", [500, 2, 120]),
    ]
    assert reading.general_conditions == ()
    assert reading.validity is None


def test_what_must_be_met_to_be_recognised_is_a_condition() -> None:
    reading = read(
        "青禾区孵化器租金补助办法\n一、认定标准\n1、可自主支配面积在10000平方米以上，在孵企业达5家以上。\n2、本科以上学历人员占70%以上。\n"
        "二、补助标准\n对认定的孵化器，按实际租金的30%给予补助，每年最高50万元。\n"
    )
    said = [*reading.general_conditions, *reading.offers[0].conditions]
    assert [c.value for c in said if c.unit] == [10000, 5, 70]


def test_either_of_a_list_is_enough() -> None:
    reading = read(
        "青禾区支持智能装备产业若干措施\n第一条 成长奖励。对符合下列条件之一的企业，给予50万元奖励：\n"
        "1.年度营业收入超过1亿元；\n2.员工总数达到100人。\n第二条 设备补助。按设备投资额的8%给予补助。\n"
    )
    rule = reading.offers[0].offer.rule
    assert isinstance(rule, All)
    (either,) = rule.all
    assert isinstance(either, Any_) and [c.value for c in either.any if isinstance(c, Clause)] == [1, 100]


def test_what_is_computed_from_an_attribute_is_not_linked_to_it() -> None:
    reading = read(
        "青禾区支持智能装备产业若干措施\n第一条 奖励。对人均产值50万元以上、近三年累计研发费用1000万元以上、资产负债率不高于60%的企业，"
        "给予20万元奖励。\n第二条 补助。按设备投资额的8%给予补助。\n",
        vocabulary=Vocabulary.load_builtin(),
    )
    assert [(c.value, c.attribute) for c in reading.offers[0].conditions if c.unit] == [
        (50, None),
        (1000, None),
        (60, "debt_ratio"),
    ]
