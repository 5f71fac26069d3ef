"""What every test run shares: compiled translations, and a list of the skips that the build machine may show."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STRICT = "GANGSHEN_STRICT_SKIPS"


def _compile_translations() -> None:
    locale = ROOT / "src/gangshen/web/locale"
    stale = [
        po
        for po in locale.glob("*/LC_MESSAGES/django.po")
        if not (mo := po.with_suffix(".mo")).exists() or mo.stat().st_mtime < po.stat().st_mtime
    ]
    if stale:
        command = [sys.executable, "-m", "babel.messages.frontend", "compile", "-D", "django", "-d", str(locale)]
        subprocess.run(command, check=True, capture_output=True)


class SkipGate:
    """Fails a strict run that skipped a test for a reason which tests/allowed_skips.txt does not list."""

    def __init__(self, allowed: list[str]) -> None:
        self.allowed = allowed
        self.refused: dict[str, str] = {}

    def allows(self, reason: str) -> bool:
        return any(reason.startswith(line[:-1]) if line.endswith("…") else reason == line for line in self.allowed)

    def note(self, nodeid: str, longrepr: object) -> None:
        reason = str(longrepr[2] if isinstance(longrepr, tuple) else longrepr).removeprefix("Skipped: ")
        if not self.allows(reason):
            self.refused[nodeid] = reason

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.note(report.nodeid, report.longrepr)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.note(report.nodeid, report.longrepr)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.refused and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.refused:
            terminalreporter.section("skips that tests/allowed_skips.txt does not list", red=True)
            for nodeid, reason in sorted(self.refused.items()):
                terminalreporter.line(f"{nodeid}: {reason}")


def allowed_skips() -> list[str]:
    lines = (Path(__file__).parent / "allowed_skips.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return  # the controlling process does it once for all
    _compile_translations()
    if os.environ.get(STRICT):
        config.pluginmanager.register(SkipGate(allowed_skips()), "gangshen-skip-gate")


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test writes into the data of the checkout, even when pytest is run by hand."""
    from django.conf import settings

    settings.HOME = tmp_path_factory.mktemp("home")
