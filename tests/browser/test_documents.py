"""A document's way through the desk: dropped in, checked, handed on as a plan and draft rules; two versions compared."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import browser

AsUser = Callable[[str], browser.Window]

PLAN = """青禾区培育低空装备产业行动方案（2026-2028年）
为加快培育低空装备产业，结合青禾区实际，制定本方案。
一、总体目标
到2028年，引进整机企业12家以上，产业规模突破90亿元。
二、主要任务
（一）强化研发攻关
1.攻关关键部件。围绕飞控和动力电池，组织企业与高校开展联合攻关。（责任单位：区科委、区经委）
2.建设测试平台。建设开放的试飞与检测平台，为企业提供适航验证服务。（责任单位：区经委）
三、保障措施
3.加强组织领导。建立联席会议制度，定期研究重大事项。（责任单位：区经委）
"""
DRAFT = """青禾区支持低空装备产业发展若干措施（征求意见稿）
一、支持内容
第一条 支持设备更新。对上年度设备投资达到200万元以上的制造业企业，按设备投资的10%给予补贴，每家企业每年最高500万元。
第二条 支持首台套应用。对产品列入首台套目录的企业，给予100万元奖励。
二、附则
本措施自2026年1月1日起施行，有效期至2028年12月31日。
"""
FINAL = DRAFT.replace("（征求意见稿）", "").replace("200万元以上", "300万元以上")


@pytest.fixture
def upload(as_user: AsUser, tmp_path: Path) -> Callable[..., browser.Window]:
    """Send files of these names and texts from the upload page, and wait until each has its last word."""

    def send(**texts: str) -> browser.Window:
        window = as_user("operator")
        window.open("/documents/upload/")
        paths = []
        for name, text in texts.items():
            path = tmp_path / f"{name}.txt"
            path.write_text(text, encoding="utf-8")
            paths.append(str(path))
        window.find("#files").send_keys("\n".join(paths))
        window.find("#drop button").click()
        window.until(lambda: len(window.find_all("#filed tbody tr")) == len(texts))
        window.until(lambda: "正在读" not in window.text("#filed tbody"), 60)
        return window

    return send


def documents_of(window: browser.Window) -> dict[str, str]:
    """Title and address of what the upload page lists."""
    links = window.find_all("#filed a")
    return {link.text: str(link.get_attribute("href")).removeprefix(window.url) for link in links}


def key(window: browser.Window, pressed: str) -> None:
    ActionChains(window.driver).send_keys(pressed).perform()
    time.sleep(0.3)
    window.settle()


def accept_all_by_key(window: browser.Window, path: str) -> None:
    """A decides the open item and opens the next, until nothing is left; then the check is finished."""
    window.open(path + "?show=open")
    for _round in range(40):
        if not window.find_all("#items [data-key=a]"):
            break
        head = window.text("#review-head")
        key(window, "a")
        window.until(lambda head=head: window.text("#review-head") != head)
    window.find("#items form[action$='/finish/'] button").click()
    window.settle()


def test_several_files_are_filed_and_a_bad_one_is_refused_alone(upload: Callable[..., browser.Window]) -> None:
    window = upload(good=PLAN.replace("青禾", "白鹭"), blank=" ")
    rows = {row.text.split()[0]: row.text for row in window.find_all("#filed tbody tr")}
    assert len(rows) == 2
    assert any("已读" in text and "白鹭区" in text for text in rows.values())
    assert any("退回" in text and "blank.txt" in text for text in rows.values())
    assert "2 ／ 2" in window.text("#sending")


def test_a_plan_is_checked_by_keys_and_lives(upload: Callable[..., browser.Window]) -> None:
    window = upload(plan=PLAN)
    ((title, path),) = documents_of(window).items()
    accept_all_by_key(window, path)
    window.open("/plans/")
    assert title in window.text("main")
    window.open("/plans/tasks/")
    window.open("/plans/tasks/?q=测试平台")
    assert "建设测试平台" in window.text("main")


def test_words_that_were_missed_are_marked_and_added_and_taken_back(upload: Callable[..., browser.Window]) -> None:
    window = upload(missed=PLAN.replace("青禾", "红叶"))
    ((_title, path),) = documents_of(window).items()
    window.open(path + "?show=all")
    before = len(window.find_all("#items li[id^=item-]"))
    window.driver.execute_script("document.getElementById('paper').focus()")
    paper = window.driver.switch_to.active_element
    paper.send_keys(Keys.ARROW_DOWN)
    for _step in range(30):
        if "联席会议" in window.driver.execute_script("return getSelection().toString()"):
            break
        paper.send_keys(Keys.ARROW_DOWN)
    marked = window.driver.execute_script("return getSelection().toString()")
    assert "联席会议" in marked
    paper.send_keys(Keys.ENTER)
    window.until(lambda: window.find_all("#adding .quote"))
    assert window.text("#adding .quote") == marked.strip()
    chosen = window.find("#new-kind")
    chosen.find_element("css selector", "option[value=promised_list]").click()
    window.until(lambda: window.find_all("#items [name=new-name]"))
    window.find("#adding .btn-1").click()
    window.until(lambda: window.find_all("#items li.on"))
    assert "人工补录" in window.text("#items li.on")
    item = window.find("#items li.on").get_attribute("data-item")
    assert window.find_all(f"#paper [id^='sp-{item}-'].sp-now")
    assert len(window.find_all("#items li[id^=item-]")) == before + 1
    key(window, "z")
    window.until(lambda: len(window.find_all("#items li[id^=item-]")) == before)
    assert not window.find_all(f"#paper [id^='sp-{item}-']")


def test_an_item_and_its_words_light_up_together(upload: Callable[..., browser.Window]) -> None:
    window = upload(light=PLAN.replace("青禾", "紫藤"))
    ((_title, path),) = documents_of(window).items()
    window.open(path + "?show=all")
    row = window.find_all("#items a.row")[-1]
    words = row.text.split("\n")[0]
    row.click()
    window.until(lambda: words in window.text("#items li.on") or window.find_all(".sp-now"))
    item = window.find("#items li.on").get_attribute("data-item")
    assert all(it.get_attribute("id").startswith(f"sp-{item}-") for it in window.find_all(".sp-now"))
    other = next(it for it in window.find_all("#paper a.sp") if not it.get_attribute("id").startswith(f"sp-{item}-"))
    number = other.get_attribute("id").split("-")[1]
    window.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", other)
    other.click()
    window.until(lambda: window.find("#items li.on").get_attribute("data-item") == number)
    assert {it.get_attribute("id").split("-")[1] for it in window.find_all(".sp-now")} == {number}


def test_a_policy_becomes_draft_rules_and_its_versions_are_compared(upload: Callable[..., browser.Window]) -> None:
    window = upload(draft=DRAFT, final=FINAL)
    found = documents_of(window)
    draft = next(path for title, path in found.items() if "征求意见稿" in title)
    final = next(path for path in found.values() if path != draft)
    accept_all_by_key(window, draft)
    window.open("/policies/")
    window.open("/policies/?q=支持设备更新")
    assert "支持设备更新" in window.text("main")
    old, new = (path.strip("/").split("/")[-1] for path in (draft, final))
    window.open(f"/documents/compare/?old={old}&new={new}")
    assert window.text("#number del") == "200"
    assert window.text("#number ins") == "300"
    assert "支持设备更新" in window.text("#things"), "the draft rule rests on the changed number"
    window.find("form[action$='/compare/accept/'] button").click()
    window.until(lambda: "已采用新版" in window.text("main"))
    window.open("/cases/")
    assert "支持设备更新" in window.text("main")


def test_a_search_opens_the_text_at_the_hit(as_user: AsUser) -> None:
    window = as_user("operator")
    window.open("/documents/")
    window.find(".tools-find input").send_keys("灵巧手" + Keys.ENTER)
    window.until(lambda: window.find_all("main mark"))
    window.find("main mark").find_element("xpath", "..").click()
    window.until(lambda: window.find_all("#paper mark"))
    assert window.text("#at mark") == "灵巧手"
    top = window.driver.execute_script("return document.querySelector('#paper mark').getBoundingClientRect().top")
    assert 0 <= top <= 900
