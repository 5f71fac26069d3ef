"""Every page that a role can reach from its menu opens in both languages, on desktop and phone, without a fault."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

import browser

MOST = 25  # pages of the operator's walk; the menu comes first
FEW = 6  # pages beyond the menu of everyone else's
SKIPPED = ("/logout", "/static", "/admin", "/api", "mailto")
FILES = (".xlsx", ".csv", ".docx", ".json", ".pdf", ".zip", ".html", ".svg", ".graphml")
STATUS = "return performance.getEntriesByType('navigation')[0].responseStatus"
# of the demo zone; one role each, but for the two operators and the two units
LOG_INS = ["office", "leader", "manager", "data", "clerk", "drafter", "unit", "company", "firm", "provider"]
LOG_INS += ["sysadmin", "secadmin", "auditor"]


def links(window: browser.Window, selector: str) -> list[str]:
    found = [urlsplit(element.get_attribute("href") or "") for element in window.find_all(f"{selector} a[href]")]
    here = urlsplit(window.url).netloc
    found = [part for part in found if part.netloc == here and not part.path.startswith(SKIPPED)]
    found = [part for part in found if "/archive/files/" not in part.path]
    kept = [part._replace(scheme="", netloc="", fragment="") for part in found if not part.path.endswith(FILES)]
    return list(dict.fromkeys(part.geturl() for part in kept))


def shape(path: str) -> str:
    """Two pages of one kind differ in a key only."""
    return "/".join("*" if any(mark.isdigit() for mark in part) else part for part in urlsplit(path).path.split("/"))


def walk(window: browser.Window, most: int) -> list[str]:
    """Open the menu and what its pages link to; each must answer 200, have a heading and fit the screen."""
    window.open("/")
    menu = links(window, "nav")
    queue, seen, visited = ["/", *menu, *links(window, "main")], set(), []
    while queue and len(visited) < most + len(menu):
        path = queue.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        window.open(path)
        visited.append(path)
        assert window.driver.execute_script(STATUS) == 200, f"{path} answers {window.driver.execute_script(STATUS)}"
        assert window.find_all("main h1, main h2, .answer"), f"{path} has no heading"
        assert not window.overflows(), f"{path} scrolls sideways"
        queue += links(window, "main")
    return visited


@pytest.mark.parametrize("language", browser.LANGUAGES)
def test_every_page_of_the_operator_opens(as_user: Callable[[str], browser.Window], language: str) -> None:
    window = as_user("operator")
    window.speak(language)
    visited = walk(window, MOST)
    assert len(visited) > MOST
    window.size(*browser.PHONE)
    for path in visited:
        window.open(path)
        assert not window.overflows(), f"{path} scrolls sideways on a phone"


@pytest.mark.parametrize("language", browser.LANGUAGES)
@pytest.mark.parametrize("name", LOG_INS)
def test_every_page_of_the_others_opens(
    as_user: Callable[[str], browser.Window], zone: browser.RunningZone, name: str, language: str
) -> None:
    window = as_user(name)
    window.speak(language)
    visited = walk(window, FEW)
    assert visited[0] == "/"
    window.size(*browser.PHONE)
    for path in visited[:3]:
        window.open(path)
        assert not window.overflows(), f"{path} scrolls sideways on a phone"


def test_no_log_in_of_the_demo_is_left_out(zone: browser.RunningZone) -> None:
    assert set(zone.log_ins) == {"operator", *LOG_INS}


def test_the_language_switch_turns_the_page(zone: browser.RunningZone, window: browser.Window) -> None:
    window.open("/login/")
    assert "登录" in window.text("body")
    window.press("[name=language]")
    assert "Log in" in window.text("body")
    assert window.find("html").get_attribute("lang") == "en"


def test_a_stranger_is_sent_to_log_in(window: browser.Window) -> None:
    window.open("/components/")
    assert "/login/" in window.driver.current_url


def test_the_api_explains_itself_in_a_page(as_user: Callable[[str], browser.Window]) -> None:
    window = as_user("operator")
    window.open("/api/docs")
    assert window.find(".swagger-ui .info .title")
