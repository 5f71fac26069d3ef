"""J10: a data officer brings in a register of another office: two rows of headers, merged cells, amounts in 万元."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import browser

AsUser = Callable[[str], browser.Window]
pytestmark = pytest.mark.full
KNOWN = "919999993B1W34X6XG"
NEW = "91310112MA1GB0777Q"


def fetched(window: browser.Window, path: str) -> bytes:
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in window.driver.get_cookies())
    with urllib.request.urlopen(urllib.request.Request(window.url + path, headers={"Cookie": cookies})) as answer:
        return bytes(answer.read())


def ledger(folder: Path) -> Path:
    """What the other office sends: a title, a note of the unit, two rows of headers, a faulty row, totals, a phone."""
    from gangshen.engines.synthesis import uscc_check_digit

    new = NEW[:17] + uscc_check_digit(NEW[:17])
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "填表说明"
    cover["A1"] = "请于每月五日前报送"
    sheet = book.create_sheet("台账")
    for row in (
        ["园区企业经营台账"],
        [None, None, None, None, None, "单位：万元"],
        ["企业名称", "统一社会信用代码", "营业收入", None, "成立日期", "联系电话"],
        [None, None, "2024年", "2025年", None, None],
        ["新来机器人关节（上海）有限公司", new, 320, 415.5, "2021年3月", "13800000000"],
        ["另一家", new[:16] + "00", 10, 20, "2020-02-01", "13800000001"],
        ["某已知企业", KNOWN, 50, "很多", "2019-01-01", None],
        ["合计", None, 380, 435.5, None, None],
    ):
        sheet.append(row)
    for place in ("A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4"):
        sheet.merge_cells(place)
    file = folder / "台账.xlsx"
    book.save(file)
    return file


def test_a_register_from_file_to_signed_receipt_and_back(as_user: AsUser, tmp_path: Path) -> None:
    window = as_user("data")
    window.open("/enterprises/imports/")
    window.find("[name=file]").send_keys(str(ledger(tmp_path)))
    window.press("#new .btn-1")

    layout = window.text("#layout")
    assert "单位：" in layout and "万元" in layout
    assert window.find("[name=header_row]").get_attribute("value") == "3-4"
    mapping = window.text("#mapping")
    assert "2024" in mapping and "2025" in mapping
    assert "个人信息，不导入" in mapping
    assert "13800000000" not in window.text("main")
    assert window.find("#purpose").get_attribute("value") == "企业库维护"
    answer = window.text(".answer")
    assert re.search(r"1\s*家?.*新增|新增\s*1", answer) or "1" in answer
    refused = window.text("main")
    assert "校验不符" in refused and "很多" in refused
    window.size(*browser.PHONE)
    assert window.driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    window.size(*browser.DESKTOP)

    window.press("#mapping button[formmethod=post]")
    for _ in range(120):
        if re.search(r"/imports/\d+/$", window.driver.current_url):
            break
        window.driver.get(window.driver.current_url)
        window.settle()
    path = window.driver.current_url.removeprefix(window.url)
    assert re.fullmatch(r"/enterprises/imports/\d+/", path), path
    told: dict[str, Any] = json.loads(fetched(window, f"{path}receipt.json"))
    assert (told["new"], told["refused"], told["source"]) == (1, 2, "upload")
    assert told["signature"]["signed"] and told["trail"]["entry"]
    assert fetched(window, f"{path}receipt.docx")[:2] == b"PK"
    back = openpyxl.load_workbook(io.BytesIO(fetched(window, f"{path}quarantine.xlsx"))).active
    assert back is not None
    rows = list(back.values)
    assert [row[0] for row in rows[:2]] == ["园区企业经营台账", "（单位：万元）"]
    assert len(rows) == 2 + 1 + 2
    assert "13800000001" not in [cell for row in rows for cell in row]

    window.press("main form[action$='/undo/'] button")
    assert "已撤销" in window.text(".answer")
    window.press("main form[action$='/redo/'] button")
    assert "已撤销" not in window.text(".answer")
    window.open("/enterprises/?q=" + "新来机器人关节")
    assert "新来机器人关节" in window.text("main table")
