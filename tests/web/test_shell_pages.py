"""Pages of the shell: they open in both languages, refuse in words, and keep what a browser chose."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from gangshen.engines.evidence import Ref
from gangshen.web.components import Evidence
from gangshen.web.context import FRAME, Frame
from gangshen.web.hookpoints import NAVIGATION, RESOLVERS, NavigationEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def someone() -> object:
    return get_user_model().objects.create_user("someone", password="long and odd 17")


@pytest.fixture
def browser(client: Client, someone: object) -> Client:
    client.force_login(someone)
    return client


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(ref: Ref, user: object) -> Evidence | None:
        return None if ref.id == "gone" else Evidence("Sample", quote="<b>words</b>", before="some ", url="/x/")

    monkeypatch.setitem(RESOLVERS._entries, "sample", (0, resolve))


def test_log_in_asks_in_chinese_first_and_in_english_on_request(client: Client) -> None:
    assert "登录" in client.get("/login/").content.decode()
    assert "登录" in client.get("/login/", headers={"accept-language": "en"}).content.decode()
    client.post("/language/", {"language": "en"})
    assert "Log in" in client.get("/login/").content.decode()


def test_log_in_lets_in_and_refuses_in_words(client: Client, someone: object) -> None:
    assert client.post("/login/", {"username": "someone", "password": "long and odd 17"}).status_code == 302
    assert "note-bad" in Client().post("/login/", {"username": "someone", "password": "no"}).content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_specimen_shows_every_component(browser: Client, language: str) -> None:
    browser.post("/language/", {"language": language})
    html = browser.get("/components/").content.decode()
    for part in (
        "strip",
        "mark-synthetic",
        "mark-provisional",
        "st-unk",
        "dots",
        "quote",
        "steps",
        "echart",
        "empty",
        "case",
    ):
        assert f'class="{part}' in html or f" {part}" in html, part
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_the_language_and_theme_of_a_browser_are_kept(browser: Client) -> None:
    browser.post("/language/", {"language": "en", "next": "/components/"})
    browser.post("/theme/", {"theme": "dark", "next": "/components/"})
    html = browser.get("/components/").content.decode()
    assert '<html lang="en">' in html
    assert 'dark.css" media="screen">' in html


def test_the_theme_leads_back_to_our_own_pages_alone(browser: Client) -> None:
    assert browser.post("/theme/", {"theme": "dark", "next": "https://example.org/"})["Location"] == "/"


def test_health_needs_no_log_in(client: Client) -> None:
    assert client.get("/health/").json()["status"] == "ok"


def test_evidence_opens_in_the_panel_or_as_a_page(browser: Client, resolver: None) -> None:
    page = browser.get("/evidence/?ref=sample:1").content.decode()
    panel = browser.get("/evidence/?ref=sample:1", headers={"hx-request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in panel
    for html in (page, panel):
        assert "<mark>&lt;b&gt;words&lt;/b&gt;</mark>" in html


@pytest.mark.parametrize("ref", ["", "nonsense", "never:1", "sample:gone"])
def test_a_reference_that_opens_nothing_is_told_so(browser: Client, resolver: None, ref: str) -> None:
    assert browser.get("/evidence/", {"ref": ref}).status_code == 404


def test_evidence_is_for_those_logged_in(client: Client) -> None:
    assert client.get("/evidence/?ref=sample:1")["Location"].startswith("/login/")


def test_a_session_that_ended_sends_the_whole_page_to_log_in(client: Client) -> None:
    response = client.get(
        "/evidence/?ref=sample:1", headers={"hx-request": "true", "hx-current-url": "http://testserver/p/"}
    )
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/login/?ended=1&next=/p/"


def test_the_menu_opens_the_nearest_entry(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, tuple[int, NavigationEntry]] = {}
    monkeypatch.setattr(NAVIGATION, "_entries", held)
    NAVIGATION.register("look", NavigationEntry("Look", "web:components", "today"))
    NAVIGATION.register("look.all", NavigationEntry("All parts", "web:components", parent="look", count=lambda user: 9))
    NAVIGATION.register("hidden", NavigationEntry("Hidden", "web:health", allowed=lambda user: False))
    html = browser.get("/components/").content.decode()
    assert html.count('aria-current="page"') == 1
    assert re.search(r'aria-current="page">All parts<span class="n">9</span>', html)
    assert "Hidden" not in html


def test_a_demo_zone_shows_its_date_on_each_page(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    frame = Frame(zone="示例园区", today=date(2026, 11, 20), demo=True)
    monkeypatch.setattr(FRAME, "_entries", {"zone": (0, lambda request: frame)})
    assert (
        browser.get("/components/").content.decode().count("演示日期 2026-11-20") == 3
    )  # on a desk, a phone, and paper


def test_a_missing_page_says_where_and_offers_the_way_back(browser: Client) -> None:
    response = browser.get("/no/such/page/")
    assert response.status_code == 404
    assert "/no/such/page/" in response.content.decode()


def test_private_pages_stay_out_of_caches(browser: Client) -> None:
    assert browser.get("/components/")["Cache-Control"] == "private, no-store"
