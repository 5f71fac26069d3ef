"""Files of any layout: headers, units, faults by row and field, and what an import would do."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import os
from pathlib import Path
from typing import Any

import pytest

from gangshen.apps.archive.models import Source
from gangshen.apps.registers.services import CodeState, add_record, code_state
from gangshen.apps.registers.services.importing import Origin, examine, open_table, parse_given, propose
from gangshen.web.errors import Refused
from invented import code

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 2)

pytestmark = pytest.mark.django_db


def look(text: str, *maps: str, source: Source | None = None, **more: Any) -> Any:
    table = open_table(text.encode(), "firms.csv")
    return examine(table, "enterprise", source, parse_given(list(maps)), today=TODAY, **more)


def test_headers_are_read_with_their_units() -> None:
    text = f"统一社会信用代码,企业名称,营业收入（万元）,参保人数,备注\n{code(1)},甲厂,120.5,31,好\n"
    found = look(text)
    assert [(c.target, c.unit, c.origin) for c in found.columns] == [
        ("uscc", "", Origin.READ),
        ("name", "", Origin.READ),
        ("revenue", "万元", Origin.READ),
        ("insured_employees", "", Origin.READ),
        ("", "", Origin.LEFT_OUT),
    ]
    assert found.parsed.rows == [
        {
            "subject": code(1),
            "values": {"uscc": code(1), "name": "甲厂", "revenue": 120_500_000, "insured_employees": 31},
            "as_of": TODAY,
            "period": "",
            "row": 2,
        }
    ]
    assert found.counts() == {"rows": 1, "new": 1, "changed": 0, "unchanged": 0, "refused": 0}


def test_a_unit_nobody_states_is_asked_for() -> None:
    text = f"统一社会信用代码,企业名称,营业收入\n{code(1)},甲厂,120\n"
    found = look(text)
    assert [one.header for one in found.questions] == ["营业收入"]
    assert not found.parsed.rows
    answered = look(text, "营业收入=revenue:万元")
    assert answered.parsed.rows[0]["values"]["revenue"] == 120_000_000
    stated = look(f"统一社会信用代码,营业收入\n{code(1)},120万元\n")
    assert not stated.questions


@pytest.mark.parametrize("encode", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_of_excel(encode: str) -> None:
    text = f"统一社会信用代码,企业名称\n{code(1)},甲厂\n"
    table = open_table(text.encode(encode), "firms.csv")
    assert examine(table, "enterprise", None, {}, today=TODAY).parsed.rows[0]["values"]["name"] == "甲厂"


def test_a_packed_file_is_unpacked_and_a_broken_one_refused() -> None:
    packed = gzip.compress(f"统一社会信用代码,企业名称\n{code(1)},甲厂\n".encode())
    assert len(open_table(packed, "firms.csv.gz")) == 1
    with pytest.raises(Refused, match="gzip"):
        open_table(packed[:40], "firms.csv.gz")


def test_a_row_with_a_fault_is_refused_whole_and_named() -> None:
    wrong = code(1)[:17] + ("0" if code(1)[17] != "0" else "1")
    text = (
        "统一社会信用代码,企业名称,参保人数,成立日期\n"
        f"{code(2)},乙厂,三十,2020-02-30\n"
        f"{wrong},甲厂,3,2020-01-01\n"
        f"{code(3)},丙厂,4,2020-01-01\n"
        f"{code(3)},丙厂,5,2020-01-01\n"
        ",无码厂,5,2020-01-01\n"
    )
    found = look(text)
    assert [row["subject"] for row in found.parsed.rows] == [code(3)]
    said = [(one.line, one.field) for one in found.parsed.refused]
    assert said == [
        (2, "参保人数"),
        (2, "成立日期"),
        (3, "统一社会信用代码"),
        (5, "统一社会信用代码"),
        (6, "统一社会信用代码"),
    ]
    assert found.counts()["refused"] == 4
    assert str(found.parsed.refused[0]).startswith("firms.csv:2:参保人数: ")


def test_an_old_number_is_a_state_and_a_hidden_one_goes_by_name(market: Source) -> None:
    add_record("known", {"name": "名匠机器人有限公司"}, market, TODAY, None, NOW)
    text = "统一社会信用代码,企业名称,参保人数\n310112000123456,老厂,7\n9131****MA1GB0001,名匠机器人有限公司,9\n91310112MA1G****1,谁也不是,9\n"
    found = look(text)
    assert [row["subject"] for row in found.parsed.rows] == ["310112000123456", "known"]
    assert found.parsed.codes == {"legacy": 1, "masked": 1}
    assert [one.line for one in found.parsed.refused] == [4]


def test_new_changed_and_unchanged_are_told_apart(market: Source) -> None:
    title = {"type": "高新技术企业", "number": "GR1", "from": dt.date(2025, 1, 1), "to": dt.date(2028, 1, 1)}
    for number in (1, 2, 3):
        values = {"uscc": code(number), "name": f"{number}厂", "insured_employees": 10, "certificates": [title]}
        add_record(code(number), values, market, TODAY, None, NOW)
    text = (
        "统一社会信用代码,企业名称,参保人数,资质认定\n"
        f"{code(1)},1厂,10,高新技术企业||GR1|2025-01-01|2028-01-01\n"
        f"{code(2)},2厂,11,\n"
        f"{code(3)},3厂,10,高企||GR2|2025-01-01\n"
        f"{code(4)},4厂,10,\n"
    )
    assert look(text).counts() == {"rows": 4, "new": 1, "changed": 2, "unchanged": 1, "refused": 0}


def test_dates_and_periods_of_rows() -> None:
    text = f"统一社会信用代码,数据年度,截至日期,营业收入(元)\n{code(1)},2024年,2025-05-31,100\n{code(1)},2025,2026-02-28,200\n"
    rows = look(text).parsed.rows
    assert [(row["period"], row["as_of"]) for row in rows] == [
        ("2024", dt.date(2025, 5, 31)),
        ("2025", dt.date(2026, 2, 28)),
    ]


def test_a_mapping_is_remembered_by_source(market: Source) -> None:
    from gangshen.apps.registers.services.importing import remember

    table = open_table(f"代号,字号,盘子\n{code(1)},甲厂,3\n".encode(), "x.csv")
    given = parse_given(["代号=uscc", "字号=name", "盘子=revenue:亿元"])
    remember(market, propose(table, "enterprise", market, given))
    again = propose(table, "enterprise", market, {})
    assert [(c.target, c.unit, c.origin) for c in again] == [
        ("uscc", "", Origin.REMEMBERED),
        ("name", "", Origin.REMEMBERED),
        ("revenue", "亿元", Origin.REMEMBERED),
    ]


@pytest.mark.parametrize(
    ("maps", "fault"),
    [
        (["没有=name"], "没有"),
        (["企业名称=shoe_size"], "shoe_size"),
        (["企业名称"], "企业名称"),
        (["备注=name", "企业名称=name"], "备注"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(maps: list[str], fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        look(f"统一社会信用代码,企业名称,备注\n{code(1)},甲厂,x\n", *maps)


def test_a_file_without_a_known_column_is_refused() -> None:
    with pytest.raises(Refused, match="甲乙丙"):
        look("甲乙丙,丁戊己\n1,2\n")


@pytest.mark.shared
def test_codes_of_the_developer_data() -> None:
    shared = Path(os.environ.get("GANGSHEN_SHARED") or Path(__file__).parents[4] / "shared")
    cases = shared / "enterprise" / "uscc_cases.csv"
    if not cases.exists():
        pytest.skip("the developer data is not beside the checkout")
    with cases.open(encoding="utf-8-sig", newline="") as file:
        wrong = [
            row for row in csv.DictReader(file) if (code_state(row["code"]) is CodeState.VALID) != (row["valid"] == "1")
        ]
    assert not wrong


CERTIFICATES = "统一社会信用代码,资质认定,批次,证书编号,有效期起,有效期止,撤销日期\n"


def test_a_certificate_a_row_takes_batch_number_and_term_from_their_columns() -> None:
    found = look(
        CERTIFICATES
        + f"{code(1)},高新技术企业,2025年第二批,GR1,2025-11-01,2028-10-31,\n"
        + f"{code(1)},专精特新中小企业,第七批,,2024年6月1日,,2026-01-15\n"
        + f"{code(1)},高新技术企业,2025年第二批,GR1,2025-11-01,2028-10-31,\n"
    )
    assert [column.target for column in found.columns[1:4]] == [
        "certificates",
        "certificates.batch",
        "certificates.number",
    ]
    first, second = (row["values"]["certificates"][0] for row in found.parsed.rows)
    assert first == {
        "type": "高新技术企业",
        "level": None,
        "number": "GR1",
        "from": dt.date(2025, 11, 1),
        "to": dt.date(2028, 10, 31),
        "withdrawn_on": None,
        "batch": "2025年第二批",
    }
    assert (second["batch"], second["from"], second["withdrawn_on"]) == (
        "第七批",
        dt.date(2024, 6, 1),
        dt.date(2026, 1, 15),
    )
    assert [one.line for one in found.parsed.refused] == [4]  # the same certificate twice


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (",第二批,,,,", "批次"),
        ("高新技术企业；专精特新中小企业,第二批,,,,", "批次"),
        ("高新技术企业,,,2025年13月1日,,", "有效期起"),
        ("高新技术企业,,,2026-02-01,2025-02-01,", "有效期止"),
        ("不存在的资质,第二批,,,,", "资质认定"),
    ],
)
def test_a_part_that_belongs_to_no_certificate_names_its_row_and_column(row: str, field: str) -> None:
    found = look(CERTIFICATES + f"{code(1)},{row}\n")
    assert (found.parsed.refused[0].line, found.parsed.refused[0].field) == (2, field)
    assert not found.parsed.rows


def test_a_batch_in_a_file_without_certificates_is_left_out() -> None:
    found = look(f"统一社会信用代码,企业名称,批次\n{code(1)},甲厂,第一批\n")
    assert found.columns[2].origin is Origin.LEFT_OUT
    with pytest.raises(Refused, match="批次"):
        look(f"统一社会信用代码,企业名称,批次\n{code(1)},甲厂,第一批\n", "批次=certificates.batch")


def test_a_header_that_names_an_older_edition_has_its_codes_converted() -> None:
    text = f"统一社会信用代码,行业代码（GB/T 4754-2011）\n{code(1)},C3963\n{code(2)},3610\n{code(3)},3429\n"
    found = look(text)
    assert (found.columns[1].target, found.columns[1].unit) == ("industry_registered", "2011")
    assert [row["values"]["industry_registered"] for row in found.parsed.rows] == ["3973"]
    assert [(one.line, one.field) for one in found.parsed.refused] == [
        (3, "行业代码（GB/T 4754-2011）"),
        (4, "行业代码（GB/T 4754-2011）"),
    ]
    stated = look(f"统一社会信用代码,行业代码\n{code(1)},3963\n", units={"行业代码": "2011"})
    assert stated.parsed.rows[0]["values"]["industry_registered"] == "3973"
    older = look(f"统一社会信用代码,行业代码\n{code(1)},6510\n")
    assert "6513" in older.parsed.refused[0].message.zh
