"""Every page that a role can reach from its menu opens in both languages, on desktop and phone, without a fault."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

import browser

MOST = 25  # pages of a walk; the menu comes first
SKIPPED = ("/logout", "/static", "/admin", "/api", "mailto")
FILES = (".xlsx", ".csv", ".docx", ".json", ".pdf", ".zip", ".html")


def links(window: browser.Window, selector: str) -> list[str]:
    found = [urlsplit(element.get_attribute("href") or "") for element in window.find_all(f"{selector} a[href]")]
    here = urlsplit(window.url).netloc
    found = [part for part in found if part.netloc == here and not part.path.startswith(SKIPPED)]
    kept = [part._replace(scheme="", netloc="", fragment="") for part in found if not part.path.endswith(FILES)]
    return list(dict.fromkeys(part.geturl() for part in kept))


def shape(path: str) -> str:
    """Two pages of one kind differ in a key only."""
    return "/".join("*" if any(mark.isdigit() for mark in part) else part for part in urlsplit(path).path.split("/"))


def walk(window: browser.Window) -> list[str]:
    window.open("/")
    queue, seen, visited = ["/", *links(window, "nav"), *links(window, "main")], set(), []
    while queue and len(visited) < MOST:
        path = queue.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        window.open(path)
        visited.append(path)
        assert window.find_all("main h1, main h2, .answer"), f"{path} has no heading"
        assert not window.overflows(), f"{path} scrolls sideways"
        queue += links(window, "main")
    return visited


def name_of(zone: browser.RunningZone, role: str) -> str:
    return next((name for name in zone.log_ins if name.replace("-", "_").startswith(role)), "")


@pytest.mark.parametrize("language", browser.LANGUAGES)
def test_every_page_of_the_operator_opens(
    as_user: Callable[[str], browser.Window], zone: browser.RunningZone, language: str
) -> None:
    window = as_user(name_of(zone, "operator"))
    window.speak(language)
    visited = walk(window)
    assert len(visited) > 5
    window.size(*browser.PHONE)
    for path in visited:
        window.open(path)
        assert not window.overflows(), f"{path} scrolls sideways on a phone"


def test_every_log_in_has_a_front_page(zone: browser.RunningZone, window: browser.Window) -> None:
    assert zone.log_ins
    for name, password in zone.log_ins.items():
        window.log_in(name, password)
        assert window.text("main"), name


def test_the_language_switch_turns_the_page(zone: browser.RunningZone, window: browser.Window) -> None:
    window.open("/login/")
    assert "登录" in window.text("body")
    window.press("[name=language]")
    assert "Log in" in window.text("body")
    assert window.find("html").get_attribute("lang") == "en"


def test_a_stranger_is_sent_to_log_in(window: browser.Window) -> None:
    window.open("/components/")
    assert "/login/" in window.driver.current_url


def test_the_api_explains_itself_in_a_page(as_user: Callable[[str], browser.Window], zone: browser.RunningZone) -> None:
    window = as_user(name_of(zone, "operator"))
    window.open("/api/docs")
    assert window.find(".swagger-ui .info .title")
