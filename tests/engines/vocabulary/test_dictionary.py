"""The built-in dictionary is whole, and words find their attribute or nothing."""

import datetime as dt

import pytest

from gangshen.engines.formats import FormatError, dump_yaml, load_yaml
from gangshen.engines.vocabulary import (
    Access,
    AttributeType,
    UnknownAttribute,
    Vocabulary,
    VocabularyFile,
    World,
)

VOCABULARY = Vocabulary.load_builtin()


def test_statistics_figures_are_walled_off_from_their_reported_twins() -> None:
    walled = {item.id for item in VOCABULARY if VOCABULARY.access(item.id) is Access.STATISTICS}
    assert walled == {
        "above_scale",
        "fixed_investment_statistical",
        "industry_statistical",
        "output_value_statistical",
    }
    for words in ("规上企业", "工业总产值", "固定资产投资"):
        assert VOCABULARY.link(words).access is Access.CONSENT


def test_no_words_are_claimed_twice() -> None:
    assert [words for words, id in VOCABULARY._words.items() if id is None] == []


def test_derived_attributes_inherit_the_strictest_access() -> None:
    assert VOCABULARY.get("size_class").access is Access.INTERNAL
    assert VOCABULARY.access("size_class") is Access.CONSENT
    derived = [item for item in VOCABULARY if item.expression]
    assert {item.world for item in derived} == {World.DERIVED}


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("营业收入（万元）", "revenue"),
        ("上年度营业收入", "revenue"),
        ("企业 研发费用占营业收入的比例", "rd_ratio"),
        ("注册时间", "registered_on"),
        ("R&D intensity", "rd_ratio"),
        ("uscc", "uscc"),
        ("I类知识产权", "class1_ip"),
        ("设备投资额", "equipment_investment"),
        ("幸福指数", None),
        ("", None),
    ],
)
def test_words_are_linked_or_left(words: str, id: str | None) -> None:
    found = VOCABULARY.link(words)
    assert (found.id if found else None) == id


@pytest.mark.parametrize(
    ("words", "type"),
    [
        ("国家高企", "高新技术企业"),
        ("专精特新小巨人", "专精特新“小巨人”企业"),
        ("专精特新企业", "专精特新中小企业"),
        ("单项冠军", "制造业单项冠军企业"),
        ("十佳企业", None),
    ],
)
def test_certificates_are_known_by_their_short_names(words: str, type: str | None) -> None:
    found = VOCABULARY.certificate(words)
    assert (found.type.zh if found else None) == type


def test_unknown_ids_name_the_nearest() -> None:
    with pytest.raises(UnknownAttribute, match="did you mean revenue"):
        VOCABULARY.get("revenu")


def test_a_zone_adds_and_replaces_by_id() -> None:
    zone = load_yaml(
        "attributes:\n"
        "  - {id: robots_installed, label: 机器人装机量, type: count, unit: 台}\n"
        "  - {id: robot_density, label: 机器人密度, type: number, world: derived,"
        " expression: robots_installed / employees * 10000}\n"
        "certificates:\n  - {type: 区级示范工厂, issuer: 区经委}\n",
        VocabularyFile,
    )
    merged = VOCABULARY.merge(zone)
    assert len(merged) == len(VOCABULARY) + 2
    assert merged.inputs("robot_density") == ("robots_installed", "employees")
    assert merged.access("robot_density") is Access.CONSENT
    assert merged.certificate("区级示范工厂")
    assert "robot_density" not in VOCABULARY
    assert load_yaml(dump_yaml(zone), VocabularyFile) == zone


def test_an_expression_over_nothing_known_is_refused() -> None:
    zone = load_yaml(
        "attributes: [{id: x, label: 甲, type: number, expression: revenu / 2}]", VocabularyFile, name="zone.yaml"
    )
    with pytest.raises(FormatError, match=r"x\.expression: .*did you mean revenue"):
        VOCABULARY.merge(zone)


def test_every_enum_offers_options_and_every_fact_states_its_source() -> None:
    for item in VOCABULARY:
        assert item.source, item.id
        assert item.label.en, item.id
        if item.type is AttributeType.ENUM:
            assert item.options, item.id


def test_the_floor_of_the_directory_is_dated() -> None:
    day = dt.date(2026, 1, 1)
    assert VOCABULARY.scale_floor("3491", day) == 2000 * 10**6
    assert VOCABULARY.scale_floor("7520", day) == 1000 * 10**6
    assert VOCABULARY.scale_floor("3491", dt.date(2010, 1, 1)) is None
