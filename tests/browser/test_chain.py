"""J11, steps 1 and 2, and the chain desk: a wall without secrets, the map on a tablet, a gap taken as a lead."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import browser

AsUser = Callable[[str], browser.Window]
TABLET = (1024, 1366)


def press_key(window: browser.Window, key: str) -> None:
    ActionChains(window.driver).send_keys(key).perform()
    time.sleep(0.2)
    window.settle()


def sheet(window: browser.Window) -> str:
    """The sheet of the wall that is shown."""
    return next(one.text for one in window.find_all(".wall-s") if one.is_displayed())


class TestVisitorsAtTheWall:
    """Three targets, the chain, three results; each dated, turned by itself or by key, and no firm's secret."""

    def test_sheets_follow_one_another_without_a_log_in(self, window: browser.Window) -> None:
        window.open("/wall/")
        sheets = {one.get_attribute("id"): one for one in window.find_all(".wall-s")}
        assert {"targets", "chain", "results"} <= set(sheets)
        first = sheet(window)
        assert "三项目标" in first and "2026 年 11 月 20 日" in first and first.count("截至") >= 3
        press_key(window, Keys.ARROW_RIGHT)
        assert "产业链" in sheet(window) and "2026 年 11 月 20 日" in sheet(window)
        assert window.find_all("#chain svg.chain rect")
        press_key(window, Keys.ARROW_RIGHT)
        assert "本月成果" in sheet(window)
        assert not window.overflows()

    def test_nothing_on_the_open_doors_names_a_firm(self, window: browser.Window, as_user: AsUser) -> None:
        operator = as_user("operator")
        operator.open("/chain/nodes/reducer/")
        firms = [link.text for link in operator.find_all("#panel a[href^='/enterprises/']") if link.text]
        assert firms
        for path in ("/wall/", "/public/", "/public/data.csv"):
            with urllib.request.urlopen(window.url + path, timeout=60) as answer:
                shown = answer.read().decode()
            assert not [name for name in firms if name in shown], path
            assert "本地配套率" not in shown

    def test_the_public_page_counts_the_days_left(self, window: browser.Window) -> None:
        window.open("/public/")
        assert "还剩 10 天" in window.text(".answer")
        assert "10 天，至 2026-11-30" in window.text("#calls")
        window.size(*browser.PHONE)
        window.open("/public/")
        assert not window.overflows()


class TestLeaderAsksAboutReducers:
    """Which firms are missing in reducers? The operator opens the map on a tablet."""

    def test_a_node_opens_beside_the_map(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.size(*TABLET)
        window.open("/chain/")
        assert "环节中" in window.text(".answer")
        window.press("a[data-node='reducer']")
        window.until(lambda: "减速器" in window.text("#panel"))
        panel = window.text("#panel")
        assert "本地配套率" in panel and "下游" in panel
        assert window.find_all("path.edge-on[data-tail='reducer']")
        window.press("#panel a.ev[data-ref^='edge:']")  # an edge opens to its source
        window.until(lambda: "专班整理" in window.text("#panel") or "行动方案" in window.text("#panel"))
        assert not window.overflows()

    def test_the_map_is_walked_by_keys(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open("/chain/robot/")
        window.driver.execute_script("document.querySelector(\"a[data-node='battery']\").focus()")
        press_key(window, Keys.ARROW_RIGHT)
        focus = "return document.activeElement.getAttribute('data-node')"
        assert window.driver.execute_script(focus) == "body"
        press_key(window, Keys.ENTER)
        window.until(lambda: "机器人本体" in window.text("#panel"))

    def test_what_stops_with_a_supplier(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open("/chain/nodes/reducer/")
        window.driver.get(window.find("#panel a[href^='/chain/stops/']").get_attribute("href"))
        window.settle()
        assert "若该企业停供" in window.text("main h1")
        assert "环节" in window.text(".answer") and "采购" in window.text(".answer")


class TestInvestmentDesk:
    """A ranked gap, candidates with reasons, who courts them, a lead with a case; placements by key."""

    def test_a_gap_becomes_a_lead_with_a_case(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open("/chain/gaps/")
        assert "个缺口" in window.text(".answer") and "阈值为假定" in window.text(".under")
        window.press("a.row[href='/chain/gaps/battery/']")
        window.until(lambda: "候选" in window.text("#panel"))
        assert "区投促中心 在跟进" in window.text("#panel")
        window.press("#panel form:last-of-type .btn")
        window.until(lambda: "/chain/leads/" in window.driver.current_url)
        assert "已认领" in window.text(".answer")
        window.driver.get(window.find("main a[href^='/cases/']").get_attribute("href"))
        window.settle()
        assert "招商线索" in window.text("main")

    def test_a_placement_is_confirmed_by_key(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open("/chain/placements/?state=proposed&sure=no")
        before = window.text("main")
        window.press("tbody input[name=row]")
        press_key(window, "a")
        window.until(lambda: window.find_all(".toast"))
        assert "已确认 1 条归类" in window.text(".toast")
        assert before

    def test_the_zone_map_is_drawn_and_has_its_table(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open("/chain/zone/")
        window.until(lambda: window.find_all("#zone-map.drawn svg path"))
        assert "示意图" in window.text("main h1") and "马桥镇" in window.text("#towns")
        window.size(*browser.PHONE)
        window.open("/chain/zone/")
        assert not window.overflows()
