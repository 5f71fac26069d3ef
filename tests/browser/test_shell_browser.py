"""The shell in a real browser: keys, panel, themes, small screens, and no fault on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import browser


def press(window: browser.Window, key: str) -> None:
    ActionChains(window.driver).send_keys(key).perform()
    window.settle()


@pytest.fixture
def specimen(as_user: Callable[[str], browser.Window]) -> browser.Window:
    window = as_user("operator")
    window.faults.clear()  # of the first page, which has its own tests
    window.open("/components/")
    return window


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [browser.DESKTOP, (1000, 700), browser.PHONE], ids=["desktop", "tablet", "phone"])
def test_the_specimen_fits_every_screen(specimen: browser.Window, size: tuple[int, int], language: str) -> None:
    specimen.size(*size)
    specimen.speak(language)
    assert specimen.find("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
    assert not specimen.overflows()
    assert len(specimen.find_all(".echart.drawn svg")) in (0, 4)  # none where the chart file is not set up


def test_keys_do_what_they_show(specimen: browser.Window) -> None:
    press(specimen, "/")
    assert specimen.driver.switch_to.active_element.get_attribute("id") == "search"
    press(specimen, Keys.ESCAPE)
    press(specimen, "?")
    assert "J K" in specimen.text("#keys")
    press(specimen, Keys.ESCAPE)
    assert not specimen.find("#keys").is_displayed()
    before = specimen.text("[data-rows] tr.on")
    press(specimen, "j")
    assert specimen.text("[data-rows] tr.on") != before
    press(specimen, "k")
    assert specimen.text("[data-rows] tr.on") == before


def test_the_panel_closes_and_on_a_phone_it_is_a_page_of_its_own(specimen: browser.Window) -> None:
    assert specimen.find("#panel").is_displayed()
    specimen.press("#panel .x")
    assert not specimen.find("#panel").is_displayed()
    specimen.size(*browser.PHONE)
    specimen.open("/components/#panel")
    panel = specimen.find("#panel")
    assert panel.is_displayed()
    assert panel.size["width"] == browser.PHONE[0]


def test_the_phone_has_a_bar_and_the_whole_menu_behind_more(specimen: browser.Window) -> None:
    specimen.size(*browser.PHONE)
    specimen.open("/components/")
    assert not specimen.find("#nav").is_displayed()
    specimen.press(".bar a[href='#nav']")
    assert specimen.find("#nav").is_displayed()
    specimen.press(".nav-close")
    assert not specimen.find("#nav").is_displayed()


def test_the_theme_is_chosen_and_kept(specimen: browser.Window) -> None:
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = specimen.driver.execute_script(ground)
    specimen.press(".menu > summary")
    specimen.press("button[name=theme][value=dark]")
    WebDriverWait(specimen.driver, 10).until(lambda driver: driver.execute_script(ground) != light)
    specimen.open("/components/")
    assert specimen.driver.execute_script(ground) != light


def test_a_request_that_fails_says_so(specimen: browser.Window) -> None:
    specimen.press("main .ev")  # the sample's source does not exist
    WebDriverWait(specimen.driver, 10).until(lambda driver: specimen.find_all(".toast-bad"))
    assert specimen.faults  # the browser notes the 404 as well
    specimen.faults.clear()


def test_the_api_documents_itself_within_the_policy(specimen: browser.Window) -> None:
    specimen.open("/api/docs")
    assert specimen.find("#swagger-ui .opblock")


def test_a_filter_goes_along_into_the_file(as_user: Callable[[str], browser.Window]) -> None:
    window = as_user("operator")
    window.open("/enterprises/")
    words = window.find("#listing input[name=q]")
    words.send_keys("机器人", Keys.ENTER)
    window.until(lambda: "q=" in (window.find("#tools a.keep").get_attribute("href") or ""))
    assert window.find_all("#listing tbody tr") and not window.find_all("#listing #listing")
