"""The documents tell the truth about files, settings and commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from houseplan import ROOT, tracked

PAGES = [path for path in tracked(".md") if "zones" not in path.relative_to(ROOT).parts]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
VERBS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def _prose(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def _anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(_prose(page)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in _anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_verbs_in_documents_exist(page: Path) -> None:
    named = set(re.findall(r"(?:`|^\s*)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= VERBS


def test_reference_pages_are_those_of_the_code() -> None:
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, ROOT / "tools/reference.py", "--check"]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_environment_variable_of_the_code_is_documented() -> None:
    read = {
        name
        for path in tracked(".py")
        if (ROOT / "src") in path.parents
        for name in re.findall(r"[\"'](GANGSHEN_[A-Z_]+)[\"']", path.read_text(encoding="utf-8"))
    }
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert not [name for name in read if name not in page]


def test_every_decision_says_what_and_why() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert pages
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(numbers) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert all(head in text for head in ("## Decision", "## Why", "## Price")), page.name
        assert text.count("\n") <= 40, f"{page.name}: half a page is enough"
