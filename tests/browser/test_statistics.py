"""J11, step 3, and the clerk's month: who says 150? A count with its list beside the published figure; kept, compared, published."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

import browser

AsUser = Callable[[str], browser.Window]
ROBOTS = "/indicators/statistics/robot-chain-firms/"


class TestWhoSaysOneHundredAndFifty:
    """The figure opens to its list, definition and date, and to the published figure with its own scope beside it."""

    def test_the_count_stands_beside_the_published_figure(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open(ROBOTS)
        assert "71" in window.text(".answer") and "未知" in window.text(".answer")
        under = window.text(".under")
        assert "150" in under and "2025-10-31" in under and "未说明统计口径" in under and "机器人本体" in under
        window.press(".answer a.fig")
        window.until(lambda: "共 281 家" in window.text("#panel"))
        assert "2026-" in window.text("#panel") and window.find_all("#panel a.ev[data-ref^='rec:']")
        window.open(ROBOTS)
        window.press(".under a.ev")
        window.until(lambda: "150" in window.text("#panel"))

    def test_a_leader_sees_no_small_cell_and_no_firm(self, as_user: AsUser) -> None:
        window = as_user("leader")
        window.open("/indicators/statistics/rd-spend/")
        assert "58,059.73" in window.text(".answer") and "75" in window.text(".answer")
        assert "…" in window.text("main") and not window.find_all(".answer a.fig")
        assert not window.find_all("main a[href*='/firms/']")
        window.size(*browser.PHONE)
        window.open("/indicators/statistics/rd-spend/")
        assert not window.overflows()

    def test_open_data_name_no_firm(self, window: browser.Window) -> None:
        window.open("/public/")
        assert "统计总数" in window.text("main") and "310" in window.text("#statistics")
        with urllib.request.urlopen(window.url + "/indicators/statistics/open.csv", timeout=60) as answer:
            shown = answer.read().decode("utf-8-sig")
        assert "马桥镇" in shown and "…" in shown and "公司" not in shown


class TestClerk:
    """A view of one's own, counted, kept once; the same again adds nothing."""

    def test_a_statistic_is_written_kept_and_shown(self, as_user: AsUser) -> None:
        window = as_user("clerk")
        window.open("/indicators/statistics/new/")
        for name, text in (("name", "颛桥镇企业数"), ("name_en", "Firms of Zhuanqiao"), ("by", "size")):
            window.find(f"[name={name}]").send_keys(text)
        window.driver.execute_script(
            "document.querySelector('[name=scope-0-attribute]').value='registered_division';"
            "document.querySelector('[name=scope-0-operator]').value='starts_with';"
        )
        window.find("[name=scope-0-value]").send_keys("310112 颛桥镇")
        window.press("main form button.btn-1")
        window.until(lambda: window.driver.current_url.endswith("/statistics/firms-of-zhuanqiao/"))
        assert " 家" in window.text(".answer") and "还没有留存" in window.text("#kept")
        for said in ("已留存", "未另存"):
            window.press("#kept button.btn-1")
            window.until(lambda said=said: said in window.text("#toasts"))
        assert len(window.find_all("#kept tbody tr")) == 1
        assert not window.overflows()
