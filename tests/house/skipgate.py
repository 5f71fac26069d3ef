"""A plugin for strict runs: a skip fails the run unless tests/allowed_skips.txt lists its reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["SkipGate", "watch"]


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


def watch(config: pytest.Config, file: Path) -> None:
    """Hold this run to the reasons in ``file``, one a line, when GANGSHEN_STRICT_SKIPS is set."""
    if os.environ.get("GANGSHEN_STRICT_SKIPS"):
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
        allowed = [line for line in lines if line and not line.startswith("#")]
        config.pluginmanager.register(SkipGate(allowed), "gangshen-skip-gate")
