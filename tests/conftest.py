"""What every test run shares: compiled translations, and a list of the skips that the build machine may show."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from skipgate import watch

ROOT = Path(__file__).resolve().parent.parent

# A busy machine is no fault of a property; the build machine tries the same examples each time.
hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.register_profile("build", deadline=None, derandomize=True)
hypothesis_settings.load_profile("build" if os.environ.get("GANGSHEN_STRICT_SKIPS") else "here")


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


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return  # the controlling process does it once for all
    _compile_translations()
    watch(config, Path(__file__).parent / "allowed_skips.txt")


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test writes into the data of the checkout, even when pytest is run by hand."""
    from django.conf import settings

    settings.HOME = tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """A request leaves its language in the thread; no test reads the one of the test before it."""
    from django.utils import translation

    translation.deactivate()
