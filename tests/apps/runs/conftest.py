"""Kinds of work made for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from gangshen.apps.runs.services import KINDS, RunKind
from gangshen.engines.formats import Text
from gangshen.web.errors import Refused


def count(run, progress):
    for number in range(run.params.get("to", 3)):
        progress.step(number + 1, run.params.get("to", 3), f"part {number + 1}")
    return {"counted": run.params.get("to", 3)}


def refuse(run, progress):
    raise Refused("The file has no rows.", "Send one with rows.")


def break_down(run, progress):
    raise ZeroDivisionError("division by zero")


def keep(run, progress):
    run.snapshot = "f" * 64
    progress.keep(b"a,b\n1,2\n", "table.csv", now=run.created_at)


@pytest.fixture(autouse=True)
def kinds(settings, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    before = dict(KINDS._entries)
    for key, work in {"count": count, "refuse": refuse, "break": break_down, "keep": keep}.items():
        KINDS.register(key, RunKind(Text(zh=key), work, resumable=key == "count"))
    with translation.override("en"):
        yield
    KINDS._entries = before
