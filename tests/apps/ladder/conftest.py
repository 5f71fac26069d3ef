"""Lets the tests of this folder share ``ladder_world``; English unless a test says otherwise."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import translation

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def world(db, settings, tmp_path) -> SimpleNamespace:
    from ladder_world import make_world

    settings.HOME = tmp_path / "home"
    return make_world(tmp_path)
