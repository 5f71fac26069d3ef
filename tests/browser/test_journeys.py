"""What people come for, from the first page to what they leave with, in the demo zone."""

from __future__ import annotations

import hashlib
import io
import json
import re
import time
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from selenium.webdriver.common.action_chains import ActionChains

import browser

AsUser = Callable[[str], browser.Window]
VISITS = (
    "/plans/targets/operating-plan-2026-g133/"  # a share of firms: some were never visited, or nobody wrote it down
)
JOINTS = "/plans/targets/operating-plan-2026-g235/"  # a number of firms, reported and counted


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
        assert all(words in sentence for words in ("超期", "时序", "82%", "天")), sentence
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
        window.until(lambda: window.find_all(".toast"))
        window.open("/cases/waiting/")
        assert "2 个工作日" in window.text()

    def test_a_target_names_the_firms_that_widen_it_and_asks_their_managers(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open(VISITS)
        assert "时序" in window.text(".answer") or "目标" in window.text(".answer")
        register = window.text("#register")
        assert "71.1 %" in register and "100 %" in register and "服务专员甲" in register and "最近走访" in register
        assert "未询问" in register
        window.press("#register form[action$='/ask/'] button")
        window.until(lambda: window.find_all(".toast"))
        assert "未询问" not in window.text("#register") and "已询问" in window.text("#register")
        as_user("manager")
        window.open("/cases/")
        assert "最近走访" in window.text()

    def test_the_brief_is_one_word_file_with_six_sourced_figures(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open("/")
        path = window.find("a[href$='brief.docx']").get_attribute("href").removeprefix(window.url)
        document = docx.Document(io.BytesIO(fetched(window, path)))
        words = [one.text for one in document.paragraphs]
        figures = [line for line in words if re.fullmatch(r"[1-6]\. .+\[\d+\]", line)]
        assert len(figures) == 6, words
        assert document.tables
        breaks = [
            run for one in document.paragraphs for run in one.runs if "w:br " in run._r.xml and "page" in run._r.xml
        ]
        assert not breaks  # one page: nothing in it starts another

    def test_what_was_started_is_open_with_owners(self, as_user: AsUser) -> None:
        window = as_user("operator")
        window.open("/cases/waiting/")
        rows = [row.text for row in window.find_all("main table tbody tr") if row.text]
        owned = [row for row in rows if "服务专员甲" in row or "公司" in row or "中心" in row]
        assert len(owned) >= 3, rows


class TestUnitReports:
    """A unit reports in one box, is asked about a jump, gets a report back, and is closed out on its proof."""

    def test_its_own_tasks_stand_without_the_rest(self, as_user: AsUser) -> None:
        window = as_user("unit")
        window.open("/plans/mine/")
        assert "区投促中心" in window.text("main h1")
        rows = [row.text for row in window.find_all("main table.t tbody tr") if row.text]
        assert rows

    def test_a_jump_is_asked_about_beside_the_last_figures(self, as_user: AsUser) -> None:
        window = as_user("company")
        window.open("/plans/mine/")
        path = next(
            link.get_attribute("href").removeprefix(window.url)
            for link in window.find_all("main a[href*='/plans/tasks/']")
            if "统计监测" in link.text
        )
        window.open(path)
        box = "[name='figure:operating-plan-2026-g73']"
        assert "10.2" in window.find(box).find_element("xpath", "..").text  # the month before last
        assert window.find("[name=at]").get_attribute("value") == "2026-10-31"
        fill(window, box, "101")
        fill(window, "[name=text]", "十月数据已核对。较上月略增。")
        window.press("form[action$='/report/'] .btn-1")
        window.until(lambda: window.find_all("#question .note"))
        assert "亿元还是万元" in window.text("#question")
        fill(window, box, "10.1")
        window.press("form[action$='/report/'] .btn-1")
        window.until(lambda: window.find_all(".toast"))
        assert "十月数据已核对" in window.text()
        window.open("/plans/targets/operating-plan-2026-g73/")
        assert "10.1" in window.text("#figures")

    def test_a_report_is_returned_mended_and_closed_out(
        self, as_user: AsUser, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        folder = tmp_path_factory.mktemp("proof")
        call, proof = folder / "征集通知.txt", folder / "已发布清单.txt"
        call.write_text("关于征集配套需求的通知", encoding="utf-8")
        proof.write_text("零部件配套清单，已发布", encoding="utf-8")
        window = as_user("unit")
        window.open("/plans/mine/")
        tasks = [link.get_attribute("href") for link in window.find_all("main a[href*='/plans/tasks/']")]
        path = next(iter(dict.fromkeys(tasks))).removeprefix(window.url)
        report(window, path, "已召开征集会。附会议通知。", call)
        assert "已召开征集会" in window.text()
        supervise(as_user("office"), path, "return", "reason", "附件是通知，不是承诺的清单。")
        assert "附件是通知" in window.text()
        opened = window.find("main .sec a[href*='/archive/files/']").get_attribute("href").removeprefix(window.url)
        assert fetched(window, opened).decode() == "关于征集配套需求的通知"
        report(as_user("unit"), path, "清单已发布，附清单。", proof)
        assert "清单已发布" in window.text()
        supervise(as_user("office"), path, "close", "receipt", "清单发布通知")
        assert not window.find_all("form[action$='/report/']")
        as_user("unit")
        window.open("/plans/mine/")
        assert path not in [
            row.get_attribute("href").removeprefix(window.url) for row in window.find_all("#open a.row")
        ]


def report(window: browser.Window, path: str, words: str, proof: Path) -> None:
    """A unit's report with its proof."""
    window.open(path)
    fill(window, "[name=text]", words)
    window.find("form[action$='/report/'] [name=file]").send_keys(str(proof))
    window.press("form[action$='/report/'] .btn-1")
    window.until(lambda: window.find_all(".toast"))


def supervise(window: browser.Window, path: str, verb: str, field: str, words: str) -> None:
    """What the supervising office answers."""
    window.open(path)
    window.driver.execute_script("document.querySelectorAll('details').forEach(it => it.open = it.closest('.sec'))")
    fill(window, f"form[action$='/{verb}/'] [name={field}]", words)
    window.press(f"form[action$='/{verb}/'] button")
    window.until(lambda: window.find_all(".toast"))


class TestLeaderAsks:
    """A figure opens to who says so; one instruction becomes a case."""

    def test_who_says_so(self, as_user: AsUser) -> None:
        window = as_user("leader")
        window.open(JOINTS)
        register = window.text("#register")
        assert "2026-11-20" in register  # its date
        assert "灵巧手、关节模组之一" in register and "2025 年 1 月 1 日" in register  # its definition
        assert "报送值" in register and "演示数据，当年累计" in register  # the published figure with its scope
        window.press("#counted summary")
        firms = [link.text for link in window.find_all("#counted li a")]
        assert len(firms) == 2, firms  # its list
        window.press("main .under .ev, main .ev")
        window.until(lambda: window.find_all("#panel .quote, #panel mark, #panel dl"))
        assert "引进灵巧手" in window.text("#panel")

    def test_an_instruction_is_a_case_with_a_clock(self, as_user: AsUser) -> None:
        window = as_user("leader")
        window.open(JOINTS)
        form = "form[action$='/instruct/']"
        fill(window, f"{form} [name=words]", "减速器缺哪几家，请列出")
        window.find(f"{form} [name=unit] option[value=unit-toucu]").click()
        window.press(f"{form} button")
        assert "/cases/" in window.driver.current_url
        assert "减速器缺哪几家" in window.text() and "工作日" in window.text() and "区投促中心" in window.text()
        as_user("unit")
        window.open("/cases/")
        assert "减速器缺哪几家" in window.text()


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

    def test_a_decision_opens_down_to_its_sources_and_comes_out_the_same(
        self, as_user: AsUser, zone: browser.RunningZone, tmp_path: Path
    ) -> None:
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
        chain = window.text("main table")
        assert len(window.find_all("main table tbody tr")) > 3
        assert "打不开" not in window.text(".answer")
        assert all(words in chain for words in ("policy:", "doc:", "run:")), chain  # rule, span, the run that decided
        ref = window.find("main [name=ref]").get_attribute("value")
        assert ref.startswith(("match:", "run:"))
        package = zipfile.ZipFile(io.BytesIO(sent(window, "form[action$='/export/']")))
        manifest = json.loads(package.read("manifest.json"))
        assert manifest["about"] == ref and manifest["made_by"] == "auditor"
        names = set(package.namelist()) - {"manifest.json", "signature.txt"}
        assert names == set(manifest["sha256"])
        for name in names:
            assert hashlib.sha256(package.read(name)).hexdigest() == manifest["sha256"][name], name
        file = tmp_path / "evidence.zip"
        file.write_bytes(package.fp.read() if package.fp and not package.fp.seek(0) else b"")
        assert browser.gangshen(zone.home, "archive", "check", str(file)).returncode == 0

    def test_reading_only_means_nothing_to_press(self, as_user: AsUser) -> None:
        window = as_user("auditor")
        for path in ("/audit/", "/cases/all/", "/plans/"):
            window.open(path)
            forms = [
                one for one in window.find_all("main form[method=post]") if one.find_elements("css selector", "button")
            ]
            assert all("/export/" in (one.get_attribute("action") or "") for one in forms), path


def sent(window: browser.Window, form: str) -> bytes:
    """What a form's answer holds when it is a file."""
    script = """
        const done = arguments[1], form = document.querySelector(arguments[0]);
        fetch(form.action, {method: 'POST', body: new FormData(form)}).then(it => it.arrayBuffer()).then(it =>
            done(Array.from(new Uint8Array(it), byte => String.fromCharCode(byte)).join('')));
    """
    return str(window.driver.execute_async_script(script, form)).encode("latin-1")


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
        window.until(lambda: window.find_all(".toast"))
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
    window.until(lambda: window.find_all("#items [data-key=a]"))
    head = window.text("#review-head")
    press_key(window, "a")
    window.until(lambda: window.text("#review-head") != head)
