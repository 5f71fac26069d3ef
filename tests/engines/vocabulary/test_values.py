"""Cells as people write them become typed values, or are refused with a remedy."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gangshen.engines.vocabulary import (
    AttributeType,
    CellError,
    Vocabulary,
    industries,
    older,
    successors,
    uscc_is_valid,
)

VOCABULARY = Vocabulary.load_builtin()


@pytest.mark.parametrize(
    ("id", "text", "unit", "value"),
    [
        ("revenue", "1,234.5万元", None, 1_234_500_000),
        ("revenue", "３亿", None, 30_000_000_000),
        ("revenue", "500", "万元", 500_000_000),
        ("revenue", "500元", "万元", 50_000),
        ("revenue", "—", "万元", None),
        ("rd_ratio", "5％", None, 5.0),
        ("rd_ratio", "0.05", None, 0.05),
        ("employees", "1.2万人", None, 12000),
        ("land_area", "3亩", None, 2000.0),
        ("registered_on", "2019年3月5日", None, dt.date(2019, 3, 5)),
        ("registered_on", "2019/3/5", None, dt.date(2019, 3, 5)),
        ("registered_on", "20190305", None, dt.date(2019, 3, 5)),
        ("above_scale_declared", "是", None, True),
        ("above_scale_declared", "×", None, False),
        ("operating_status", "存续（在营、开业、在册）", None, "存续"),
        ("industry_registered", "C3491", None, "3491"),
        ("certificates", "无", None, []),
    ],
)
def test_cells(id: str, text: str, unit: str | None, value: object) -> None:
    assert VOCABULARY.parse(id, text, unit) == value


@pytest.mark.parametrize(
    ("id", "text", "says"),
    [
        ("revenue", "很多", "no number"),
        ("revenue", "12 34", "no number|does not measure"),
        ("revenue", "12人", "does not measure"),
        ("revenue", "9e30亿元", "too large"),
        ("rd_ratio", "5万元", "does not measure"),
        ("employees", "3.5人", "whole number"),
        ("employees", "-5", "below zero"),
        ("registered_on", "2019年3月", "no date"),
        ("registered_on", "43529", "no date"),
        ("registered_on", "2019-02-30", "no day"),
        ("above_scale_declared", "也许", "neither"),
        ("tax_credit_grade", "甲", "not among"),
        ("uscc", "91310112MA1GB00000", "no valid code"),
        ("industry_registered", "机器人", "no industry code"),
        ("certificates", "十佳企业", "unknown certificate"),
        ("certificates", "高企||1|2025-01-01|2024-01-01", "ends before"),
        ("certificates", "[{]", "no JSON"),
        ("certificates", "[3]", "must be text or keys"),
    ],
)
def test_bad_cells_say_what_to_write(id: str, text: str, says: str) -> None:
    with pytest.raises(CellError, match=says) as caught:
        VOCABULARY.parse(id, text)
    assert caught.value.message.zh


def test_a_certificate_keeps_its_dates() -> None:
    rows = VOCABULARY.parse("certificates", "高企||GR202531000001|2025-12-04|2028-12-03；企业技术中心|市级")
    assert rows[0] == {
        "type": "高新技术企业",
        "level": None,
        "number": "GR202531000001",
        "from": dt.date(2025, 12, 4),
        "to": dt.date(2028, 12, 3),
        "withdrawn_on": None,
    }
    assert (rows[1]["type"], rows[1]["level"]) == ("企业技术中心", "市级")


@given(st.integers(0, 31**17 - 1))
def test_the_check_digit_catches_a_wrong_character(number: int) -> None:
    digits = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = ""
    for _ in range(17):
        number, rest = divmod(number, 31)
        body += digits[rest]
    assert sum(uscc_is_valid(body + last) for last in digits) == 1


dates = st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))
rows = st.fixed_dictionaries(
    {
        "type": st.sampled_from(sorted(VOCABULARY.certificates)),
        "level": st.none() | st.sampled_from(["市级", "区级"]),
        "number": st.none() | st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=5),
        "from": st.none() | dates,
        "to": st.none(),
        "withdrawn_on": st.none() | dates,
    }
)
values = {
    AttributeType.MONEY: st.integers(-(10**17), 10**17),
    AttributeType.COUNT: st.integers(0, 10**9),
    AttributeType.PERCENT: st.floats(-1e6, 1e6),
    AttributeType.NUMBER: st.floats(-1e6, 1e6),
    AttributeType.BOOL: st.booleans(),
    AttributeType.DATE: dates,
}


@given(st.data())
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    item = data.draw(st.sampled_from([item for item in VOCABULARY if item.type in values]))
    value = data.draw(values[item.type])
    assert VOCABULARY.parse(item, VOCABULARY.write(item, value)) == value
    assert VOCABULARY.validate(item, value) is None


@given(st.lists(rows, max_size=3))
def test_lists_are_read_back(given_rows: list[dict[str, object]]) -> None:
    assert VOCABULARY.parse("certificates", VOCABULARY.write("certificates", given_rows)) == given_rows


@given(st.sampled_from(sorted(VOCABULARY.attributes)), st.text())
def test_any_text_is_a_value_or_refused(id: str, text: str) -> None:
    try:
        value = VOCABULARY.parse(id, text)
    except CellError as error:
        assert str(error)
    else:
        assert VOCABULARY.validate(id, value) is None


def test_a_batch_is_the_last_part_of_a_row_and_read_back() -> None:
    rows = VOCABULARY.parse(
        "certificates", "高新技术企业||GR1|2025-11-01|2028-10-31||2025年第二批;专精特新中小企业", None
    )
    assert [row.get("batch") for row in rows] == ["2025年第二批", None]
    written = VOCABULARY.write("certificates", rows)
    assert written == "高新技术企业||GR1|2025-11-01|2028-10-31||2025年第二批;专精特新中小企业"
    assert VOCABULARY.parse("certificates", written, None) == rows
    with pytest.raises(CellError, match="parts|部分"):
        VOCABULARY.parse("certificates", "高新技术企业|||||||", None)


@pytest.mark.parametrize(
    ("code", "edition", "now"),
    [
        ("3963", "2011", "3973"),
        ("C3963", "2011", "3973"),
        ("3963", None, "3963"),  # in 2017 that is drones: without an edition the code is taken as it stands
        ("82", "2011", "83"),
        ("34", "2011", "34"),
        ("C", "2011", "C"),
        ("4412", "2011", "4413"),  # hydropower: a class was put in before it
        ("7250", "2011", "7520"),  # moved to another section
        ("312", "2011", "312"),
        ("3491", "2017", "3491"),
    ],
)
def test_industry_codes_of_an_older_edition_are_converted(code: str, edition: str | None, now: str) -> None:
    assert VOCABULARY.parse("industry_registered", code, edition) == now


@pytest.mark.parametrize(
    ("code", "edition", "says"),
    [
        ("3610", "2011", r"3611 .* or 3612 "),
        ("3429", "2011", "其他金属加工机械制造 .*isn't certain"),
        ("3999", "2011", "has no code"),
        ("2512", None, "2011 edition"),
        ("6510", None, "2011 edition"),
        ("3491", "2002", "no edition 2002"),
    ],
)
def test_a_code_that_cannot_be_converted_says_what_to_write(code: str, edition: str | None, says: str) -> None:
    with pytest.raises(CellError, match=says) as refused:
        VOCABULARY.parse("industry_registered", code, edition)
    assert refused.value.message.zh


def test_the_conversion_leads_to_codes_that_there_are() -> None:
    known = industries()
    divisions = [code for code, one in known.items() if one.level == "division"]
    assert len(divisions) == 97
    moved = {f"{number:02d}": successors(f"{number:02d}") for number in range(1, 97)}
    assert all(now and set(now) <= set(divisions) for now in moved.values())
    assert {one for now in moved.values() for one in now} == {*divisions} - {"79"}  # land management is new
    classes = [code for code in (f"{number:04d}" for number in range(10_000)) if older(code)]
    groups = [code for code in (f"{number:03d}" for number in range(1000)) if older(code)]
    assert (len(classes), len(groups)) == (1094, 432), "as the standard counts them"
    assert all(set(successors(code)) <= set(known) for code in classes + groups)
    assert sum(len(successors(code)) == 1 for code in classes) > 850
    assert not [one.name for one in known.values() if one.name != one.name.strip() or " " in one.name]
    with pytest.raises(KeyError):
        successors("3963", "2002")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("工业机器人制造", "3491"),
        ("工业机器人制造（C3491）", "3491"),
        ("3491 工业机器人制造", "3491"),
        ("通用设备制造业", "34"),
    ],
)
def test_an_industry_by_its_name_or_with_its_code_behind(text: str, code: str) -> None:
    assert VOCABULARY.parse("industry_registered", text) == code
