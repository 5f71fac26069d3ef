"""A running demo zone, and a Chromium window on it that ends its test with no fault noted."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import browser


@dataclass(frozen=True)
class Prepared:
    """The demo zone as it is after its first start, to copy."""

    home: Path
    log_ins: dict[str, str]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    if reason := browser.missing():
        pytest.skip(reason)
    home = tmp_path_factory.mktemp("prepared")
    with browser.running_zone(home) as running:
        _await_first_match(home)
        return Prepared(home, running.log_ins)


def _await_first_match(home: Path, seconds: int = 240) -> None:
    """A new zone matches by itself; no journey starts before that is done."""
    until = time.monotonic() + seconds
    while not re.search(r"done +policies\.match ", shown := browser.gangshen(home, "runs", "list").stdout):
        if time.monotonic() > until:
            raise RuntimeError(f"no match was made in {seconds} s:\n{shown}")
        time.sleep(1)


@pytest.fixture(scope="module")
def zone(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.RunningZone]:
    """``gangshen up`` with the demo zone, fresh for each module: what one journey wrote is not in the next one's way."""
    home = tmp_path_factory.mktemp("zone") / "home"
    shutil.copytree(prepared.home, home)
    with browser.running_zone(home) as running:
        running.log_ins = prepared.log_ins
        yield running


@pytest.fixture(scope="session")
def shared_window(prepared: Prepared) -> Iterator[browser.Window]:
    with browser.window("") as window:
        yield window


@pytest.fixture
def window(shared_window: browser.Window, zone: browser.RunningZone) -> Iterator[browser.Window]:
    """A window without cookies; the test fails on a CSP violation, a console error or a request to another host."""
    shared_window.driver.delete_all_cookies()  # of the page it is on, so before it leaves
    shared_window.leave()
    shared_window.url = zone.url
    shared_window.size(*browser.DESKTOP)
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
    """Browser tests are full tests. Those of a file share its zone: workers get whole files (``--dist loadfile``)."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.full)
