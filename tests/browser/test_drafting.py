"""An officer begins a policy in the browser and brings it into force: no YAML, groups within groups, an amount, cases."""

from __future__ import annotations

from collections.abc import Callable

from selenium.webdriver.support.ui import Select

import browser

AsUser = Callable[[str], browser.Window]
PAGE = "/policies/trial-award/editions/2027/"
CONDITIONS = (
    ("参保人数", "ge", "50", "人"),
    ("研发强度", "ge", "5", "%"),
    ("资质认定", "has_any", "高新技术企业", ""),
    ("资质认定", "has_any", "专精特新中小企业", ""),
)
RICH = "参保人数=10；研发强度=6；资质认定=高新技术企业||A|2026-01-01|2029-12-31；设备投资（不含税）=500万元"
POOR = "参保人数=10；研发强度=6；资质认定=无；设备投资（不含税）=500万元"


def put(window: browser.Window, name: str, words: str) -> None:
    box = window.find(f"[name='{name}']")
    if box.tag_name == "select":
        Select(box).select_by_value(words)
    else:
        window.driver.execute_script("arguments[0].value = arguments[1]", box, words)


def changed(window: browser.Window) -> None:
    window.driver.execute_script("document.querySelector('#lines').dispatchEvent(new Event('change', {bubbles: true}))")


def keep(window: browser.Window, selector: str = "button[form=lines]") -> None:
    window.press(selector)
    window.until(lambda: window.find_all(".toast"))
    assert not window.find_all(".note-bad"), window.text(".note-bad")


def ticked(window: browser.Window, do: str, *places: str) -> None:
    for place in places:
        window.find(f"[name=pick][value='{place}']").click()
    keep(window, f"[name=do][value={do}]")


def test_a_policy_is_begun_and_brought_into_force(as_user: AsUser) -> None:
    window = as_user("drafter")
    window.open("/policies/?new=1")
    begun = {"title": "试点补贴", "key": "trial-award", "theme": "试点", "issuer": "示例园区", "edition": "2027"}
    for name, words in begun.items():
        window.find(f"form[action$='/policies/new/'] [name={name}]").send_keys(words)
    window.press("form[action$='/policies/new/'] button")
    assert window.driver.current_url.endswith(PAGE)

    for n, (attribute, operator, value, unit) in enumerate(CONDITIONS, start=1):
        for field, words in (("attribute", attribute), ("operator", operator), ("value", value), ("unit", unit)):
            put(window, f"clause.{n}.{field}", words)
    keep(window)
    assert "未译" not in window.text(".under"), "what held the place of the conditions is gone"
    put(window, "least", "2")
    ticked(window, "at_least", "all[1]", "all[2]", "all[3]")
    ticked(window, "any", "all[0]", "all[1]")
    assert "满足下列之一：参保人数不少于 50 人；（至少满足下列 2 项" in window.text(".under")
    assert "至少满足 2 项" in window.text("#conditions") and "满足其一" in window.text("#conditions")

    window.find("[name='give.way'][value=rate]").click()
    shown = [box for box in window.find_all("#gives [data-of]") if box.is_displayed()]
    assert shown and all("rate" in str(box.get_attribute("data-of")).split() for box in shown)
    put(window, "give.rate", "0.1")
    put(window, "give.base", "设备投资（不含税）")
    changed(window)
    window.until(lambda: "不是百分比" in window.text("#says"))
    put(window, "give.rate", "10")
    put(window, "give.cap.0.amount", "100")
    put(window, "give.cap.0.unit", "万元")
    changed(window)
    window.until(lambda: "设备投资（不含税）的 10%" in window.text("#says"))
    assert "10% of equipment investment" in window.text("#says"), "in both languages"
    put(window, "valid_from", "2027-01-01")
    for n, (name, given, decision, amount) in enumerate(
        (("两项齐全", RICH, "yes", "500000"), ("只有一项", POOR, "no", ""))
    ):
        for field, words in (("name", name), ("given", given), ("decision", decision), ("low", amount)):
            put(window, f"case.{n}.{field}", words)
    keep(window)
    assert "2 个案例都符合预期" in window.text(".answer")

    window.driver.execute_script("arguments[0].click()", window.find("[name=edge]"))
    keep(window, "form:has([name=edge]) button")
    for size in (browser.DESKTOP, (390, 844)):
        window.size(*size)
        assert not window.overflows()
    for to in ("reviewed", "in_force"):
        window.press(f"#way button[value={to}]")
        window.until(lambda: window.find_all(".toast"))
    assert "尚未施行" in window.text(".answer"), "it is the law from its first day on"
    window.open("/policies/trial-award/what-if/")
    assert str(window.find("[name='set.cap.0']").get_attribute("value")) == "100", "the desk works with it at once"
