"""A policy desk's day in the browser: who crossed over is asked to confirm; a drafter tries a threshold to its memo."""

from __future__ import annotations

import io
import re
import urllib.request
from collections.abc import Callable

import docx
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

import browser
from gangshen.engines.vocabulary import Vocabulary

AsUser = Callable[[str], browser.Window]
POLICY = "/policies/equipment-renewal"
DESK = f"{POLICY}/what-if/"
DRAFT = "2027-trial"


def fetched(window: browser.Window, path: str) -> bytes:
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in window.driver.get_cookies())
    request = urllib.request.Request(window.url + path, headers={"Cookie": cookies})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bytes(answer.read())


def href(window: browser.Window, selector: str) -> str:
    return str(window.find(selector).get_attribute("href")).removeprefix(window.url)


def fill(window: browser.Window, selector: str, words: str) -> None:
    box = window.find(selector)
    box.clear()
    box.send_keys(words)


def typed(window: browser.Window, key: str, value: str) -> None:
    """Move a number on the desk; leaving the field works everything out anew."""
    before = window.text(".answer")
    window.find(f"[name='set.{key}']").send_keys(Keys.CONTROL + "a" + Keys.NULL, value + Keys.TAB)
    window.until(lambda: window.text(".answer") != before)


def chosen(window: browser.Window, selector: str, value: str) -> None:
    Select(window.find(selector)).select_by_value(value)


def said_of(attribute: str) -> str:
    """An answer that the attribute can be."""
    kind = str(Vocabulary.load_builtin().get(attribute).type)
    return {"money": "300万元", "percent": "5%", "date": "2020-01-01", "list": "高新技术企业"}.get(kind, "30")


class TestFirmsThatCrossOver:
    """The confirm list of a grant without application: made, sent once, answered by manager and firm."""

    def listed(self, as_user: AsUser) -> browser.Window:
        window = as_user("operator")
        window.open("/policies/confirm/")
        assert "免申即享" in window.text(".answer")
        window.press("form[action*='/confirm/make/'] button")
        assert re.search(r"/policies/confirm/\d+/$", window.driver.current_url)
        return window

    def test_the_list_is_sent_once_and_the_facts_are_open(self, as_user: AsUser) -> None:
        window = self.listed(as_user)
        answer = window.text(".answer")
        assert "可享" in answer and "合计" in answer and "尚未发出" in answer
        assert "不发放资金" in window.text(".under")
        window.press("form[action$='/send/'] button")
        window.until(lambda: window.find_all(".toast"))
        assert "未答复" in window.text(".answer")
        assert not window.find_all("form[action$='/send/']"), "there is nobody left to ask"
        again = self.listed(as_user)
        assert "未答复" in again.text(".answer"), "the same firms on the same day are the same list"
        window.press("#listing tbody a.row")
        window.until(lambda: window.find_all("#panel .conds li"))
        assert "待核对事实" in window.text("#panel") and window.find_all("#panel .ev")
        paper = docx.Document(io.BytesIO(fetched(window, href(window, "a[href$='list.docx']"))))
        assert any("本名单不发放资金" in one.text for one in paper.paragraphs)

    def test_an_objection_carries_its_reason(self, as_user: AsUser) -> None:
        window = self.listed(as_user)
        if window.find_all("form[action$='/send/'] button"):
            window.press("form[action$='/send/'] button")
        window.press("#listing tbody a.row")
        window.until(lambda: window.find_all("#panel form"))
        fill(window, "#panel [name=reason]", "研发费用应为 280 万元")
        window.press("#panel form:nth-of-type(2) button")
        window.until(lambda: window.find_all(".toast"))
        assert "有异议" in window.text("#listing") and "280 万元" in window.text("#listing")


class TestEnterpriseReadsItsPolicies:
    """What it gets, what is near, which answers decide more; one policy with clause, amount, what it excludes, dates."""

    def test_two_answers_decide_more(self, as_user: AsUser) -> None:
        window = as_user("firm")
        sentence = window.text(".answer")
        assert all(words in sentence for words in ("可享", "接近", "问")), sentence
        for _answer in range(2):
            assert window.find_all("#asked form"), "no question is left"
            name = str(window.find("#asked form [name=attribute]").get_attribute("value"))
            for box in window.find_all("#asked form:first-of-type input[name=value]")[:1]:
                box.send_keys(said_of(name))
            window.find("#asked form [name=consent]").click()
            window.press("#asked form button")
            window.until(lambda: window.find_all(".toast"))
            first = [one.get_attribute("value") for one in window.find_all("#asked form [name=attribute]")][:1]
            assert first != [name], "what was answered is not asked first again"
            window.open("/my/")
        assert window.find_all("#gets tbody tr")

    def test_one_policy_says_clause_amount_exclusion_dates_and_who_decides(self, as_user: AsUser) -> None:
        window = as_user("firm")
        window.driver.get(window.find("#gets a[href*='/for/']").get_attribute("href"))
        window.settle()
        page = window.text()
        assert window.find_all(".conds li .ev, .conds li a"), "each condition opens its words"
        assert "认定" in page or "决定" in page
        assert "申报" in page
        window.open(POLICY + "/")
        page = window.text()
        assert "只取最高" in page or "从高" in page or "不重复" in page, "which other grant it excludes"
        assert "万元" in page and "区经" in page


class TestDrafterTriesAThreshold:
    """From next year's draft to the memo of the meeting, no figure typed by hand."""

    def test_the_draft_beside_the_law_lists_changed_numbers_first(self, as_user: AsUser) -> None:
        window = as_user("drafter")
        window.open(DESK)
        fill(window, "form[action$='/draft/'] [name=name]", DRAFT)
        window.press("form[action$='/draft/'] button")
        assert DRAFT in window.driver.current_url and "what-if" in window.driver.current_url
        typed(window, "cap.0", "200")
        first = window.find("#trial table tbody tr")
        assert "on" in str(first.get_attribute("class")) and "300 万元" in first.text
        window.press("form[action$='/what-if/write/'] button")
        window.until(lambda: window.find_all(".toast"))
        window.driver.get(window.find("a[href*='/compare/']").get_attribute("href"))
        window.settle()
        page = window.text()
        assert "300 万元" in page and "200 万元" in page
        assert page.index("200 万元") < page.index("不少于"), "numbers that changed stand before the whole texts"

    def test_a_number_moves_and_the_sentence_the_money_and_the_firms_follow(self, as_user: AsUser) -> None:
        window = as_user("drafter")
        window.open(f"{DESK}?version={DRAFT}")
        typed(window, "investment", "100")
        sentence = window.text(".answer")
        found = re.search(r"新进\s*(\d+)\s*家，退出\s*(\d+)\s*家，未知\s*(\d+)\s*家", sentence)
        assert found and int(found[1]) > 0 and int(found[2]) == 0, sentence
        assert window.find_all(".answer .near, .answer [class*=near]"), "the money turns amber"
        rows = [row.text for row in window.find_all("#who tbody tr")]
        assert len(rows) == int(found[1])
        assert all("设备投资 500 万元 → 100 万元" in row for row in rows), "each says by which number"
        for size in (browser.DESKTOP, (390, 844)):
            window.size(*size)
            table = window.find("#trial form table").rect
            adds = window.find(".adds").rect
            assert adds["y"] >= table["y"] + table["height"] - 1, "the row of new conditions lies below the table"
            assert not window.overflows()

    def test_of_two_quick_moves_the_last_one_stands_and_nothing_is_logged(self, as_user: AsUser) -> None:
        window = as_user("drafter")
        window.open(DESK)
        before = window.text(".answer")
        window.driver.execute_script(
            "for (const value of ['100', '200']) {"
            "  const box = document.querySelector('[name=\"set.investment\"]'); box.value = value;"
            "  box.dispatchEvent(new Event('change', {bubbles: true})); }"
        )
        window.until(lambda: window.text(".answer") != before)
        window.settle()
        assert "200 万元" in window.text(".answer") and "100 万元" not in window.text(".answer")
        assert window.faults == [], "the request that was withdrawn is no error"

    def test_split_by_kind_a_condition_more_makes_variant_b(self, as_user: AsUser) -> None:
        window = as_user("drafter")
        window.open(f"{DESK}?version={DRAFT}&set.investment=100")
        kinds = window.text(".g3s")
        assert all(words in kinds for words in ("环节", "划型", "街镇"))
        self.kept(window, "A")
        chosen(window, "[name=new_attribute]", "size_class")
        chosen(window, "[name=new_operator]", "in")
        fill(window, "[name=new_value]", "小型、微型")
        before = window.text(".answer")
        window.press(".adds button")
        window.until(lambda: window.text(".answer") != before)
        assert (
            "并加" in window.text(".answer") or "加条件" in window.text(".answer") or "小型" in window.text(".answer")
        )
        self.kept(window, "B")
        variants = window.text("#panel, .panel")
        assert all(re.search(rf"\b{name}\b", variants) for name in "AB"), variants
        assert "进" in variants and "出" in variants

    def kept(self, window: browser.Window, name: str) -> None:
        fill(window, ".panel form[action$='/keep/'] [name=name]", name)
        window.press(".panel form[action$='/keep/'] button")
        window.until(lambda: window.find_all(".toast"))

    def test_flags_name_tax_a_clause_without_a_case_and_the_overlap(self, as_user: AsUser) -> None:
        window = as_user("drafter")
        window.open(f"{POLICY}/editions/{DRAFT}/")
        window.driver.execute_script("document.querySelectorAll('details').forEach(it => it.open = true)")
        text = str(window.find("[name=yaml]").get_attribute("value"))
        assert "exclusive: equipment" in text
        changed = re.sub(r"\n *exclusive: equipment", "", text)
        changed = re.sub(r"base_label: .*", "base_label: 区级财政贡献", changed)
        window.driver.execute_script("document.querySelector('[name=yaml]').value = arguments[0]", changed)
        window.press("form:has([name=yaml]) button")
        window.until(lambda: window.find_all(".toast"))
        window.open(f"{DESK}?version={DRAFT}&add=tax_paid+%3E%3D+10万元")
        flags = window.text(".panel")
        assert "奖励与税收或地方贡献挂钩" in flags and "条件以税收为门槛" in flags
        assert "无法自检" in flags, "a clause that no pair of cases proves"
        assert "支持同一事项" in flags, "it overlaps with another policy"

    def test_two_cases_more_and_the_memo_for_the_meeting(self, as_user: AsUser) -> None:
        window = as_user("drafter")
        window.open(f"{POLICY}/editions/{DRAFT}/")
        boxes = window.find_all("[name=edge]")
        assert len(boxes) >= 2
        cases = len(window.find_all("#cases tbody tr"))
        for box in boxes[:2]:
            window.driver.execute_script("arguments[0].click()", box)
        window.press("form:has([name=edge]) button")
        window.until(lambda: window.find_all(".toast"))
        assert len(window.find_all("#cases tbody tr")) == cases + 2
        window.open(f"{DESK}?version={DRAFT}&set.investment=100")
        sentence = window.text(".answer")
        memo = docx.Document(io.BytesIO(fetched(window, href(window, "a[href*='memo.docx']"))))
        said = "\n".join(one.text for one in memo.paragraphs)
        cells = "\n".join(cell.text for table in memo.tables for row in table.rows for cell in row.cells)
        entering = re.search(r"新进\s*(\d+)", sentence)
        assert entering and entering[1] in said
        assert all(words in said + cells for words in ("设备投资", "未知", "万元")), said
        assert "A（" in cells and "B（" in cells, "the variants are laid before the meeting"
