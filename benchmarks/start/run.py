"""How soon one is at work: help, first start, later start, first page, and the list of many enterprises.

``make bench NAME=start``; ``--enterprises N`` (100,000 by default) sets the size of the list, 0 leaves it out.
Peers: an empty Python process for the help, Django's own health of the same process for the pages.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from browser import environment, gangshen, running_zone

USER = "operator"
LIST = "/lists/enterprises/"
VIEWS = {
    "list_ms": LIST,
    "list_last_page_ms": f"{LIST}?page=1000",
    "list_search_ms": f"{LIST}?" + urllib.parse.urlencode({"q": "智能"}),
    "list_api_ms": "/api/lists/enterprises?size=50",
    "what_if_ms": "/policies/rent-subsidy/what-if/?" + urllib.parse.urlencode({"set.area": "400", "set.rate": "60"}),
    "profile_ms": "/enterprises/named-jieka/",
    "gaps_ms": "/chain/gaps/",
    "quality_ms": "/enterprises/quality/",
    "ladder_ms": "/ladder/firms/",
}


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def process(home: Path, *arguments: str) -> float:
    """Median wall seconds of five runs of a Python process."""
    command = [sys.executable, *arguments]
    runs = [seconds(lambda: subprocess.run(command, env=environment(home), capture_output=True)) for _ in range(5)]
    return statistics.median(runs)


def ran(home: Path, *arguments: str) -> dict[str, float]:
    """Wall and processor seconds of one command; on a busy machine only the latter can be compared."""

    def work() -> None:
        done = gangshen(home, *arguments, timeout=1800)
        if done.returncode:
            raise SystemExit(f"gangshen {' '.join(arguments)}: {done.stderr.strip()[-500:]}")

    before = os.times()
    wall = seconds(work)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return {"s": wall, "cpu_s": used}


class Visitor:
    """A logged-in user of the console, without a browser."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> bytes:
        with self.opener.open(self.url + path, timeout=120) as answer:
            return bytes(answer.read())

    def log_in(self, name: str, password: str) -> None:
        self.get("/login/")
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token}
        request = urllib.request.Request(f"{self.url}/login/", urllib.parse.urlencode(form).encode())
        request.add_header("Referer", f"{self.url}/login/")
        self.opener.open(request, timeout=60).close()

    def milliseconds(self, path: str, times: int = 7) -> tuple[float, float]:
        """The first answer, and the median of the following ones."""
        runs = [1000 * seconds(lambda: self.get(path)) for _ in range(times)]
        return runs[0], statistics.median(runs[1:])


def measure(home: Path, enterprises: int) -> dict[str, float]:
    figures = {
        "python_s": process(home, "-c", "pass"),
        "help_s": process(home, "-m", "gangshen", "--help"),
    }
    steps = {"first_start": ["up", "--no-serve"], "later_start": ["up", "--no-serve"]}
    if enterprises:
        steps["load_list"] = ["synth", "--count", str(enterprises), "--years", "1", "--months", "0", "--load"]
    for name, arguments in steps.items():
        figures |= {f"{name}_{unit}": value for unit, value in ran(home, *arguments).items()}
    began = time.perf_counter()
    with running_zone(home) as zone:
        figures["serving_s"] = time.perf_counter() - began
        visitor = Visitor(zone.url)
        figures["health_ms"] = visitor.milliseconds("/health/")[1]
        visitor.log_in(USER, zone.log_ins[USER])
        figures["front_first_ms"], figures["front_ms"] = visitor.milliseconds("/")
        for name, path in VIEWS.items() if enterprises else ():
            figures[name.replace("_ms", "_first_ms")], figures[name] = visitor.milliseconds(path)
    return {name: round(value, 3 if name.endswith("_s") else 1) for name, value in figures.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gangshen-bench-") as home:
        figures = measure(Path(home), given.enterprises)
    for name, value in figures.items():
        sys.stdout.write(f"{name.replace('_', ' '):<28} {value:>10}\n")
    sys.stdout.write(json.dumps({"benchmark": "start", "enterprises": given.enterprises, **figures}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
