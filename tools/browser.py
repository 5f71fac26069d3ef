"""A zone that runs for a while, and a Chromium that looks at it and notes every fault. For tests and screenshots."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).resolve().parent.parent
DESKTOP = (1366, 768)
PHONE = (390, 844)
SIZES = {"desktop": DESKTOP, "phone": PHONE}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
LOCAL = {"data", "blob", "about", "chrome", "devtools"}


def missing() -> str:
    """Why no browser can be driven on this machine, or nothing."""
    if not chromium():
        return "Chromium is not installed"
    return "" if shutil.which("chromedriver") else "chromedriver is not installed"


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def environment(home: Path) -> dict[str, str]:
    """The environment of a zone of its own, whatever this process is set to."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("GANGSHEN_")}
    return env | {"GANGSHEN_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}


@dataclass
class RunningZone:
    """A zone that ``gangshen up`` serves."""

    url: str
    home: Path
    process: subprocess.Popen[str]
    log: Path
    log_ins: dict[str, str]  # name → password, as printed at the start


def gangshen(home: Path, *arguments: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gangshen", *arguments]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, timeout=timeout)


@contextmanager
def running_zone(
    home: Path | None = None, *, folder: Path | None = None, timeout: float = 300
) -> Iterator[RunningZone]:
    """``gangshen up`` with the demo zone, or that of ``folder``, on a port of its own until the block ends.

    Raises RuntimeError with the words of ``up`` when it does not come to serve.
    """
    made = home is None
    home = home or Path(tempfile.mkdtemp(prefix="gangshen-zone-"))
    home.mkdir(parents=True, exist_ok=True)
    log = home / "up.log"
    command = [
        sys.executable,
        "-m",
        "gangshen",
        "up",
        "--port",
        str(_free_port()),
        *(["--zone", str(folder)] if folder else []),
    ]
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, env=environment(home), stdout=out, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
    try:
        url, log_ins = _started(process, log, timeout)
        yield RunningZone(url, home, process, log, log_ins)
    finally:
        _stop(process)
        if made:
            shutil.rmtree(home, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
    return port


def _stop(process: subprocess.Popen[str]) -> None:
    for sign, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        if process.poll() is None:
            os.killpg(process.pid, sign)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue


def _started(process: subprocess.Popen[str], log: Path, timeout: float) -> tuple[str, dict[str, str]]:
    """Wait for the printed address to answer, and read the log-ins from what was printed."""
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        lines = log.read_text(encoding="utf-8").splitlines()
        url = next((word.rstrip("/") for line in lines for word in line.split() if word.startswith("http://")), "")
        if url and _answers(f"{url}/health/"):
            shown = [line.split() for line in lines if "(" in line and ")" in line]
            return url, {words[0]: words[1].strip("()") for words in shown if len(words) > 1 and words[1][0] == "("}
        if process.poll() is not None:
            break
        time.sleep(0.3)
    raise RuntimeError("gangshen up did not serve:\n" + log.read_text(encoding="utf-8")[-3000:])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@dataclass
class Window:
    """One Chromium window on a zone. ``faults`` grows with each page that breaks a rule of the house."""

    driver: webdriver.Chrome
    url: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.driver.get(self.url + path)
        self.settle()

    def settle(self) -> None:
        """Wait for the page, its htmx requests and its charts, then note the faults."""
        wait = WebDriverWait(self.driver, 20)
        wait.until(lambda d: d.execute_script("return document.readyState === 'complete'"))
        wait.until(lambda d: not d.find_elements(By.CSS_SELECTOR, ".htmx-request"))
        self._note()

    def _note(self) -> None:
        here = urlsplit(self.driver.current_url).path
        for entry in self.driver.get_log("browser"):  # CSP violations are entries of level SEVERE too
            if entry["level"] == "SEVERE" or "Content Security Policy" in entry["message"]:
                self.faults.append(f"{here}: {entry['message']}")
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked = urlsplit(message["params"]["request"]["url"])
                if asked.scheme not in LOCAL and asked.netloc != urlsplit(self.url).netloc:
                    self.faults.append(f"{here}: asks {asked.netloc}")

    def leave(self) -> None:
        """Stop what the page still asks for, and forget what was noted of it."""
        self.driver.get("about:blank")
        for name in ("browser", "performance"):
            self.driver.get_log(name)
        self.faults.clear()

    def size(self, width: int, height: int) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def log_in(self, name: str, password: str) -> None:
        self.driver.delete_all_cookies()
        self.open("/login/")
        self.find("[name=username]").send_keys(name)
        self.find("[name=password]").send_keys(password)
        self.find("[name=password]").submit()
        WebDriverWait(self.driver, 20).until(lambda d: "/login/" not in d.current_url)
        self.settle()

    def speak(self, language: str) -> None:
        """Chinese (``zh``) or English (``en``) from now on: for this browser, and by the page's own switch for its user."""
        name, value = "django_language", LANGUAGES[language]
        self.driver.add_cookie({"name": name, "value": value, "path": "/", "sameSite": "Lax"})
        for switch in self.find_all(f"button[name=language][value={value}]")[:1]:
            self.driver.execute_script("arguments[0].form.requestSubmit(arguments[0])", switch)
            WebDriverWait(self.driver, 20).until(staleness_of(switch))
            self.settle()

    def until(self, true: Callable[[], object], seconds: int = 40) -> None:
        """Wait until it is so; an element that a swap took away meanwhile is looked for again."""
        wait = WebDriverWait(self.driver, seconds, ignored_exceptions=[StaleElementReferenceException])
        wait.until(lambda driver: true())
        self.settle()

    def find(self, selector: str) -> Any:
        return WebDriverWait(self.driver, 20).until(lambda d: d.find_element(By.CSS_SELECTOR, selector))

    def find_all(self, selector: str) -> list[Any]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str = "main") -> str:
        return str(self.find(selector).text)

    def press(self, selector: str) -> None:
        element = self.find(selector)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        self.settle()

    def overflows(self) -> bool:
        """Does the page scroll sideways?"""
        return bool(self.driver.execute_script("return document.documentElement.scrollWidth > innerWidth + 1"))

    def picture(self, file: Path, *, whole: bool = False) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        if whole:
            height = self.driver.execute_script("return document.documentElement.scrollHeight")
            width = self.driver.execute_script("return innerWidth")
            self.size(width, min(int(height), 6000))
        self.driver.save_screenshot(str(file))


@contextmanager
def window(url: str, *, width: int = DESKTOP[0], height: int = DESKTOP[1]) -> Iterator[Window]:
    options = webdriver.ChromeOptions()
    options.binary_location = chromium() or ""
    for argument in ("--headless=new", "--disable-gpu", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.add_argument(f"--window-size={width},{height}")
    options.add_experimental_option("prefs", {"intl.accept_languages": "zh-CN,zh"})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        shown = Window(driver, url)
        shown.size(width, height)
        yield shown
    finally:
        driver.quit()
