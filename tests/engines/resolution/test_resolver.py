"""What a written name means: the right one, or silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gangshen.engines.resolution import Names, Resolution

FULL = [
    "合肥银河景观工程有限公司",
    "安徽双鹏实业有限公司",
    "安徽省泾县桃花潭农贸开发有限公司",
    "蚌埠市粮油供应第二公司",
    "马鞍山市海兴工贸有限公司",
    "合肥华盛典当有限责任公司",
    "桐城市佳庆包装有限公司",
    "中国电信股份有限公司合肥分公司",
    "芜湖市穗洲化工有限责任公司",
    "富士康工业互联网股份有限公司",
    "上海农村商业银行股份有限公司",
    "江苏宏达新材料股份有限公司",
    "上海宏达新材料股份有限公司",
    "曼胡默尔滤清器(蚌埠)有限公司",
    "安徽云岫机器人科技有限公司",
]
NAMES = Names([(str(at), name) for at, name in enumerate(FULL)])


def meant(query: str, names: Names = NAMES) -> str | None:
    best = names.resolve([query])[0].best
    return best and best.name


@pytest.mark.parametrize(
    ("query", "full"),
    [
        ("合肥银河景观工程有限责任公司", FULL[0]),
        ("合肥银河景观工程", FULL[0]),
        ("银河景观工程有限公司", FULL[0]),
        ("安徽双鹏有限公司", FULL[1]),
        ("佳庆包装有限公司", FULL[6]),
        ("合肥华典盛当有限责任公司", FULL[5]),
        ("芜湖市穗洲华工有限责任公司", FULL[8]),
        ("芜湖市穗化工有限责任公司", FULL[8]),
        ("曼胡默尔滤清器（蚌埠）", FULL[13]),
        ("中国电信股份有限公司合肥分", FULL[7]),
        ("富士康互联网", FULL[9]),
        ("沪农商行", FULL[10]),
        ("*ST云岫", FULL[14]),
        ("安徽雲岫機器人科技有限公司", FULL[14]),
    ],
)
def test_slips_of_the_pen_and_short_names_are_seen_through(query: str, full: str) -> None:
    assert meant(query) == full


@pytest.mark.parametrize(
    "query",
    [
        "武汉银河景观工程有限公司",
        "合肥银河景观工程有限公司上海分公司",
        "马鞍山市海兴工贸有限公司工会委员会",
        "马鞍山市海兴工贸有限公司第一分公司",
        "苏州泾县桃花潭农贸开发有限公司",
        "蚌埠市粮油供应第三公司",
        "中国电信股份有限公司",
        "宏达新材",
        "合肥银湖景观工程有限公司",
        "安徽双龙实业有限公司",
        "上海",
        "科技",
        "公司",
        "！！",
        "",
    ],
)
def test_another_body_place_or_ordinal_and_two_as_near_are_left_alone(query: str) -> None:
    assert meant(query) is None


def test_silence_says_why() -> None:
    assert "第三" in "".join(one.zh for one in NAMES.resolve(["蚌埠市粮油供应第三公司"])[0].reasons) or (
        NAMES.resolve(["蚌埠市粮油供应第三公司"])[0].reasons[0].zh == "序号或编号不同"
    )
    two = NAMES.resolve(["宏达新材"])[0]
    assert {one.name for one in two.candidates[:2]} == {FULL[11], FULL[12]}
    assert "几家相近" in two.reasons[0].zh
    assert NAMES.resolve(["毫不相干"])[0].reasons[0].en == "no name comes near"


def test_a_misspelt_legal_form_is_named_as_what_differs() -> None:
    index = Names([("a", "芜湖市永发燃具有限责任公司"), ("b", "华安证券股份有限公司宿州分公司")])
    for query in ("芜湖市永发燃具有责任公司", "华安证券份股有限公司宿州分公司", "华安证券股份有限公司宿州分"):
        found = index.resolve([query])[0]
        assert found.best and [one.zh for one in found.reasons] == ["公司类型的写法不同"]


def test_an_alias_leads_to_its_firm_and_two_of_one_alias_to_nobody() -> None:
    names = Names(
        [("a", "甲乙丙科技有限公司"), ("b", "丁戊己贸易有限公司")], [("老字号", "a"), ("同名", "a"), ("同名", "b")]
    )
    found = names.resolve(["老字号"])[0]
    assert found.best and found.best.key == "a" and "又名" in found.reasons[0].zh
    assert meant("同名", names) is None


def test_a_firm_is_not_its_own_likeness() -> None:
    names = Names([("a", "甲乙丙科技有限公司"), ("b", "甲乙丙科技有限责任公司")])
    [found] = names.resolve(["甲乙丙科技有限公司"], own=["a"])
    assert found.best and found.best.key == "b"


def test_an_empty_index_stays_silent() -> None:
    assert Names([]).resolve(["甲乙丙科技有限公司"]) == [Resolution("甲乙丙科技有限公司", ())]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FULL), st.integers(1, 6), st.sampled_from([" ", "\u3000", "　 "]))
def test_blanks_and_width_never_matter(full: str, at: int, blank: str) -> None:
    written = full[:at] + blank + full[at:].replace("(", "（").replace(")", "）")
    assert meant(written) == full


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(FULL), st.sampled_from(["北京分公司", "第九分公司", "工会委员会", "营业部", "门市部"]))
def test_a_dependent_body_is_never_its_parent(full: str, body: str) -> None:
    assert meant(full + body) is None


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([*FULL, "安徽双鹏有限公司", "宏达新材", "武汉银河景观工程有限公司"]), max_size=12))
def test_an_answer_does_not_hang_on_the_company_it_is_asked_in(queries: list[str]) -> None:
    assert NAMES.resolve(queries) == [NAMES.resolve([query])[0] for query in queries]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="合肥银河景观工程有限公司第一二分徽 安(*a1", max_size=16))
def test_chances_are_chances(query: str) -> None:
    [found] = NAMES.resolve([query])
    scores = [one.score for one in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= one <= 1 for one in scores)
    assert sum(scores) <= 1.001


FAMILY = [
    "上海玄圃减速器（集团）有限公司",
    "上海玄圃传动科技有限公司",
    "上海岑楼传感技术有限公司",
    "上海岑楼传感技术有限公司苏州分公司",
    "杭州灵犀具身智能科技有限公司",
    "灵犀（上海）具身智能科技有限公司",
    "上海交盛大学闵行研究院",
    "上海砾岩伺服驱动有限公司",
]
FIRMS = Names((name, name) for name in FAMILY)


@pytest.mark.parametrize("query", ["玄圃", "灵犀具身", "交盛大学"])
def test_a_brand_of_several_firms_or_a_name_that_another_bears_in_its_own_is_nobody(query: str) -> None:
    assert FIRMS.resolve([query])[0].best is None


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("玄圃传动", FAMILY[1]),
        ("岑楼传感", FAMILY[2]),
        ("上海灵犀具身智能", FAMILY[5]),
        ("灵犀具身智能科技(上海)有限公司", FAMILY[5]),
        ("杭州灵犀", FAMILY[4]),
        ("上海砾岩伺服驱动有限公司（原上海砾石电机有限公司）", FAMILY[7]),
    ],
)
def test_the_place_may_stand_elsewhere_and_a_former_name_beside(query: str, name: str) -> None:
    best = FIRMS.resolve([query])[0].best
    assert best is not None
    assert best.name == name
