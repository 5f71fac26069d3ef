"""What the guide and the READMEs quote exists: commands with their options, and addresses of pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from houseplan import ROOT

GUIDE = sorted((ROOT / "docs/guide").rglob("*.md"))
QUOTING = [*GUIDE, *(ROOT / name for name in ("README.md", "README.zh-CN.md", "docs/operating.md"))]
REFERENCE = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
COMMANDS = dict(re.findall(r"^## `gangshen ([a-z -]+)`\n(.*?)(?=^## |\Z)", REFERENCE, re.MULTILINE | re.DOTALL))
CALL = re.compile(r"(?:^|`)(?:\S*/)?gangshen ([^`#\n]+)", re.MULTILINE)
ADDRESS = re.compile(r"`(/[^`\s]*)`")
EXAMPLES = {"NUMBER": "1"}  # other words in capitals stand for a key


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", QUOTING, ids=_named)
def test_quoted_commands_and_options_exist(page: Path) -> None:
    wrong = []
    for call in CALL.findall(page.read_text(encoding="utf-8")):
        words = call.split()
        name = next((n for n in (" ".join(words[:2]), words[0]) if n in COMMANDS), None)
        options = [word for word in words if word.startswith("--") and word != "--help"]
        if name is None and words != ["--help"]:
            wrong.append(call)
        wrong += [f"{name} {option}" for option in options if name and not re.search(rf"{option}\b", COMMANDS[name])]
    assert not wrong


@pytest.mark.parametrize("page", GUIDE, ids=_named)
def test_quoted_addresses_are_pages(page: Path) -> None:
    wrong = []
    for address in ADDRESS.findall(page.read_text(encoding="utf-8")):
        try:
            resolve(re.sub(r"[A-Z]+", lambda word: EXAMPLES.get(word[0], word[0]), address))
        except Resolver404:
            wrong.append(address)
    assert not wrong


def test_both_languages_have_the_same_pages() -> None:
    pages = {language: {path.name for path in (ROOT / "docs/guide" / language).iterdir()} for language in ("zh", "en")}
    assert pages["zh"] == pages["en"]
    quoted = {
        language: {
            name: set(ADDRESS.findall((ROOT / "docs/guide" / language / name).read_text("utf-8"))) for name in names
        }
        for language, names in pages.items()
    }
    assert quoted["zh"] == quoted["en"]
