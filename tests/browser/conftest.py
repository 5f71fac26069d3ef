"""A running demo zone, and a Chromium window on it that ends its test with no fault noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import browser


@pytest.fixture(scope="session")
def zone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.RunningZone]:
    """``gangshen up`` with the demo zone, once for all browser tests; its data are its own."""
    if reason := browser.missing():
        pytest.skip(reason)
    with browser.running_zone(tmp_path_factory.mktemp("zone")) as running:
        yield running


@pytest.fixture(scope="session")
def shared_window(zone: browser.RunningZone) -> Iterator[browser.Window]:
    with browser.window(zone.url) as window:
        yield window


@pytest.fixture
def window(shared_window: browser.Window) -> Iterator[browser.Window]:
    """A window without cookies; the test fails on a CSP violation, a console error or a request to another host."""
    shared_window.driver.delete_all_cookies()
    shared_window.size(*browser.DESKTOP)
    shared_window.faults.clear()
    yield shared_window
    assert not shared_window.faults


@pytest.fixture
def as_user(zone: browser.RunningZone, window: browser.Window) -> Callable[[str], browser.Window]:
    """``as_user("operator")`` logs a demo user in and gives the window, in Chinese whatever the user chose before."""

    def log_in(name: str) -> browser.Window:
        window.log_in(name, zone.log_ins[name])
        if window.find("html").get_attribute("lang") != "zh-CN":
            window.speak("zh")
        return window

    return log_in


@pytest.fixture
def picture(window: browser.Window, tmp_path: Path) -> Callable[[str], Path]:
    """Keep what the window shows, beside the test's other files."""

    def take(name: str) -> Path:
        file = tmp_path / f"{name}.png"
        window.picture(file)
        return file

    return take


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are full tests, and share one zone by staying on one worker."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.full)
            item.add_marker(pytest.mark.xdist_group("browser"))
