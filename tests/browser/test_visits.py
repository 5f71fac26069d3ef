"""J2: an account manager visits a firm: warned, prepared, written down on the phone, promised in the firm's sight."""

from __future__ import annotations

import io
import re
import urllib.request
from collections.abc import Callable

import docx
import pytest

import browser

AsUser = Callable[[str], browser.Window]
pytestmark = pytest.mark.full
FIRM = "/enterprises/919999993B1W34X6XG/"


def fetched(window: browser.Window, path: str) -> bytes:
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in window.driver.get_cookies())
    with urllib.request.urlopen(urllib.request.Request(window.url + path, headers={"Cookie": cookies})) as answer:
        return bytes(answer.read())


def test_a_visit_from_the_warning_to_the_firms_own_page(as_user: AsUser) -> None:
    window = as_user("manager")
    window.open(FIRM)
    assert re.search(r"马桥镇 9 天前已走访.*尚未办结", window.text("main"))

    sheet = docx.Document(io.BytesIO(fetched(window, "/visits/sheet/919999993B1W34X6XG.docx")))
    words = "\n".join(paragraph.text for paragraph in sheet.paragraphs)
    cells = [cell.text for table in sheet.tables for row in table.rows for cell in row.cells]
    assert "接近：" in words
    assert "引荐两家编码器供应商" in cells

    window.size(*browser.PHONE)
    window.open("/visits/")
    rows = [link for link in window.find_all("main a.row") if "桫泓" in link.text]
    window.driver.get(rows[0].get_attribute("href"))
    window.settle()
    assert window.driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    for name, text in (
        ("said:employees", "190"),
        ("said:products", "灵巧手关节"),
        ("said:customers", "某整机厂（合成）"),
        ("words:1", "需要 2000 平方米厂房并注明楼面荷载"),
    ):
        window.find(f"[name='{name}']").send_keys(text)
    window.find("[name='topic:1'] option[value=space]").click()
    window.press("#visit .btn-1")
    assert "190 人" in window.text("main")
    assert "马桥试验区公司" in window.text("main")
    window.size(*browser.DESKTOP)

    window.open(FIRM)
    assert "灵巧手关节" in window.text("#facts")
    firm = as_user("firm")
    firm.open("/my/")
    assert "需要 2000 平方米厂房并注明楼面荷载" in firm.text("#matters")
