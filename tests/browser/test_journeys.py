"""What people come for, from the first page to what they leave with, in the demo zone."""

from __future__ import annotations

import io
import re
import time
import urllib.request
from collections.abc import Callable

import docx
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.support.ui import WebDriverWait

import browser

AsUser = Callable[[str], browser.Window]


def until(window: browser.Window, true: Callable[[], object], seconds: int = 20) -> None:
    WebDriverWait(window.driver, seconds).until(lambda driver: true())
    window.settle()


def press_key(window: browser.Window, key: str) -> None:
    ActionChains(window.driver).send_keys(key).perform()
    time.sleep(0.2)
    window.settle()


def fetched(window: browser.Window, path: str) -> bytes:
    """A file, fetched as the browser's user."""
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in window.driver.get_cookies())
    request = urllib.request.Request(window.url + path, headers={"Cookie": cookies})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bytes(answer.read())


def open_link(window: browser.Window, selector: str) -> None:
    """Go where a link leads."""
    window.driver.get(window.find(selector).get_attribute("href"))
    window.settle()


def fill(window: browser.Window, selector: str, words: str) -> None:
    element = window.find(selector)
    element.clear()
    element.send_keys(words)


def late_task(window: browser.Window) -> str:
    """The address of the first overdue task of the morning."""
    window.open("/")
    rows = [row for row in window.find_all("#todo tr") if "超期" in row.text and "督办" in row.text]
    return str(rows[0].find_element("css selector", "a.row").get_attribute("href")).removeprefix(window.url)


class TestOperatorInTheMorning:
    """One sentence, a late task followed up, a slipping target questioned, one page for the leader."""

    def test_the_sentence_opens_to_its_parts(self, as_user: AsUser) -> None:
        window = as_user("operator")
        sentence = window.text(".answer")
        assert "超期" in sentence and "时序" in sentence and "82%" in sentence
        for figure in [link.get_attribute("href") for link in window.find_all(".answer a.fig")]:
            window.open(figure.removeprefix(window.url))
            assert window.find_all("main table")

    def test_a_late_task_is_followed_up_with_a_clock_of_two_workdays(self, as_user: AsUser) -> None:
        window = as_user("operator")
        path = late_task(window)
        window.press(f"#todo a.row[href='{path}']")
        panel = window.text("#panel")
        assert "最近一次报送" in panel or "条款" in panel
        assert window.find_all("#panel .quote")
        fill(window, "#panel [name=instruction]", "请说明延误原因，并报出新的完成时间。")
        window.press("#panel form[action$='/follow-up/'] .btn-1")
        until(window, lambda: window.find_all(".toast"))
        window.open("/cases/waiting/")
        assert "2 个工作日" in window.text()

    def test_a_target_shows_its_pace_and_takes_an_instruction(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open("/plans/targets/")
        open_link(window, "main a[href*='/plans/targets/operating-plan-2026']")
        assert "目标" in window.text(".answer")
        assert window.find_all("#figures tbody tr")

    def test_the_brief_is_one_word_file_with_six_sourced_figures(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open("/")
        path = window.find("a[href$='brief.docx']").get_attribute("href").removeprefix(window.url)
        document = docx.Document(io.BytesIO(fetched(window, path)))
        words = [one.text for one in document.paragraphs]
        figures = [line for line in words if re.fullmatch(r"[1-6]\. .+\[\d+\]", line)]
        assert len(figures) == 6, words
        assert document.tables


class TestUnitReports:
    """A unit reports in one box, is asked about a jump, gets a report back, and is closed out on its proof."""

    def test_its_own_tasks_stand_without_the_rest(self, as_user: AsUser) -> None:
        window = as_user("unit")
        window.open("/plans/mine/")
        assert "区投促中心" in window.text("main h1")
        rows = [row.text for row in window.find_all("main table.t tbody tr") if row.text]
        assert rows

    def test_a_report_is_returned_mended_and_closed_out(
        self, as_user: AsUser, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        proof = tmp_path_factory.mktemp("proof") / "已发布清单.txt"
        proof.write_text("零部件配套清单，已发布", encoding="utf-8")
        window = as_user("unit")
        window.open("/plans/mine/")
        tasks = [link.get_attribute("href") for link in window.find_all("main a[href*='/plans/tasks/']")]
        path = next(iter(dict.fromkeys(tasks))).removeprefix(window.url)
        window.open(path)
        fill(window, "[name=text]", "已召开征集会。附会议通知。")
        window.find("form[action$='/report/'] [name=file]").send_keys(str(proof))
        window.press("form[action$='/report/'] .btn-1")
        until(window, lambda: window.find_all(".toast"))
        assert "已召开征集会" in window.text()
        as_user("office")
        window.open(path)
        window.driver.execute_script("document.querySelectorAll('details').forEach(it => it.open = it.closest('.sec'))")
        fill(window, "form[action$='/return/'] [name=reason]", "附件是通知，不是承诺的清单。")
        window.press("form[action$='/return/'] button")
        until(window, lambda: window.find_all(".toast"))
        assert "附件是通知" in window.text()
        as_user("unit")
        window.open(path)
        assert "附件是通知" in window.text()
        fill(window, "[name=text]", "清单已发布，附清单。")
        window.find("form[action$='/report/'] [name=file]").send_keys(str(proof))
        window.press("form[action$='/report/'] .btn-1")
        until(window, lambda: window.find_all(".toast"))
        assert "清单已发布" in window.text()
        as_user("office")
        window.open(path)
        window.driver.execute_script("document.querySelectorAll('details').forEach(it => it.open = it.closest('.sec'))")
        fill(window, "form[action$='/close/'] [name=receipt]", "清单发布通知")
        window.press("form[action$='/close/'] button")
        until(window, lambda: window.find_all(".toast"))
        assert not window.find_all("form[action$='/report/']")


class TestLeaderAsks:
    """A figure opens to who says so; one instruction becomes a case."""

    def test_who_says_so(self, as_user: AsUser) -> None:
        window = as_user("leader")
        window.open("/plans/targets/")
        open_link(window, "main table a[href*='/plans/targets/']")
        window.press("main .under .ev, main .ev")
        until(window, lambda: window.find_all("#panel .quote, #panel mark, #panel dl"))
        assert window.text("#panel")

    def test_an_instruction_is_a_case_with_a_clock(self, as_user: AsUser) -> None:
        window = as_user("leader")
        window.open("/cases/new/")
        form = "main form[method=post]"
        fill(window, f"{form} [name=title]", "减速器缺哪几家，请列出")
        if window.find_all(f"{form} [name=instruction]"):
            fill(window, f"{form} [name=instruction]", "本周五前列出名单与来源。")
        for choice in window.find_all(f"{form} select"):
            options = [one for one in choice.find_elements("css selector", "option") if one.get_attribute("value")]
            if not choice.get_attribute("value"):
                options[0].click()
        window.press(f"{form} button.btn-1")
        assert "减速器缺哪几家" in window.text()
        assert "工作日" in window.text()


class TestAuditorWalksBack:
    """Read-only: a decision back to its sources, decided again with the same answer, an archive to leave with."""

    def decision(self, as_user: AsUser) -> str:
        window = as_user("operator")
        window.open("/policies/")
        if window.find_all("form[action$='/policies/match/'] button"):
            window.press("form[action$='/policies/match/'] button")
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            window.open("/policies/matches/")
            if found := window.find_all("main a[href*='/for/']"):
                return str(found[0].get_attribute("href")).removeprefix(window.url)
            time.sleep(2)
        raise AssertionError("no match was filed")

    def test_a_decision_opens_down_to_its_sources_and_comes_out_the_same(self, as_user: AsUser) -> None:
        path = self.decision(as_user)
        window = as_user("auditor")
        window.open(path)
        assert not window.find_all("main form[method=post]:not([action*='language']):not([action*='theme'])")
        again = window.find_all("main a[href*='?run=']")
        if "run=" not in path:
            window.driver.get(again[0].get_attribute("href"))
            window.settle()
        assert "一致" in window.text() or "相同" in window.text()
        open_link(window, "main a[href*='/audit/chain/']")
        assert len(window.find_all("main table tbody tr")) > 3
        assert "打不开" not in window.text(".answer")
        ref = window.find("main [name=ref]").get_attribute("value")
        assert window.find_all("form[action='/audit/export/'], form[action$='/export/']")
        assert ref.startswith(("match:", "run:"))


class TestEnterpriseAtItsDoor:
    """What it gets, is near, and could settle; an answer with consent changes the verdicts at once."""

    def test_an_answer_counts_at_once(self, as_user: AsUser) -> None:
        window = as_user("firm")
        assert window.driver.current_url.endswith("/my/")
        assert "可享" in window.text(".answer")
        asked = len(window.find_all("#asked form"))
        assert asked
        before = window.text(".answer")
        form = "#asked form"
        name = window.find(f"{form} [name=attribute]").get_attribute("value")
        for box in window.find_all(f"{form} input[name=value]")[:1]:
            box.send_keys("300万元" if "元" not in box.get_attribute("value") else "")
        window.find(f"{form} [name=consent]").click()
        window.press(f"{form} button")
        until(window, lambda: window.find_all(".toast"))
        assert window.text(".answer") != before or name not in window.driver.page_source.split('id="gets"')[0]

    def test_a_decision_of_its_own_opens_and_of_others_does_not(self, as_user: AsUser) -> None:
        window = as_user("firm")
        open_link(window, "#gets a[href*='/for/']")
        assert window.find_all(".conds li")
        assert window.find_all("main .ev")


def test_a_document_is_checked_by_keys(as_user: AsUser) -> None:
    window = as_user("operator")
    window.open("/documents/")
    for path in dict.fromkeys(
        link.get_attribute("href").removeprefix(window.url) for link in window.find_all("main a[href*='/documents/']")
    ):
        if "/upload/" in path or path.count("/") != 3:
            continue
        window.open(path + "?show=open")
        if window.find_all("#items [id^=item-]"):
            break
    else:
        raise AssertionError("nothing is left to be checked in the demo zone")
    if not window.find_all("#items [data-key=a]"):
        window.press("#items a.row")
    until(window, lambda: window.find_all("#items [data-key=a]"))
    head = window.text("#review-head")
    press_key(window, "a")
    until(window, lambda: window.text("#review-head") != head)
