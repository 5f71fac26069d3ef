"""One app opened is every app known: same file names, short files, engines with a stated surface."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from houseplan import PACKAGE, ROOT, tracked

APP_FILES = {
    "__init__", "apps", "admin", "migrations", "models", "services", "access", "api", "pages", "forms", "listings",
    "hooks", "background", "portable", "commands", "adapters", "urls", "templates", "static",
}  # fmt: skip
LONGEST = 500
APPS = sorted(path.parent for path in (PACKAGE / "apps").glob("*/apps.py"))
ENGINES = sorted(path.parent.name for path in (PACKAGE / "engines").glob("*/__init__.py"))


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_apps_use_the_same_file_names(app: Path) -> None:
    names = {path.stem for path in app.iterdir() if path.suffix in {"", ".py"} and path.name != "__pycache__"}
    assert names <= APP_FILES, f"{app.name}: {sorted(names - APP_FILES)}"


def test_no_file_is_longer_than_five_hundred_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in tracked(".py")
        if "migrations" not in path.parts and (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST
    ]
    assert not long


def test_no_module_is_called_utils() -> None:
    vague = {"utils", "util", "helpers", "common", "misc"}
    assert not [path for path in tracked(".py") if path.stem in vague or vague & set(path.relative_to(ROOT).parts)]


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_exports_what_it_says(name: str) -> None:
    module = importlib.import_module(f"gangshen.engines.{name}")
    stated = list(getattr(module, "__all__", ()))  # an engine that brings nothing in may state nothing
    assert len(stated) == len(set(stated)), "a name stands twice in __all__"
    assert not [entry for entry in stated if not hasattr(module, entry)]
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    brought = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.level or (node.module or "").startswith(f"gangshen.engines.{name}"))
        for alias in node.names
    }
    public = {entry for entry in brought if not entry.startswith("_")}
    assert public <= set(stated), f"brought in but not in __all__: {sorted(public - set(stated))}"


def test_engines_load_without_django_and_the_network() -> None:
    code = (
        "import importlib, sys\n"
        f"for name in {ENGINES!r}: importlib.import_module('gangshen.engines.' + name)\n"
        "bad = {'django', 'ninja', 'requests', 'typer'} & set(sys.modules)\n"
        "sys.exit(f'engines load {sorted(bad)}' if bad else 0)\n"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr


CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"), ("timezone", "now")}


def _reads_of_clock(tree: ast.AST) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in CLOCKS
    ]


def test_engines_never_read_the_clock() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in tracked(".py")
        if (PACKAGE / "engines") in path.parents
        for line in _reads_of_clock(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found


def test_signals_are_not_used() -> None:
    """An app that wants to hear of another registers with it (hooks.py); nothing listens behind its back."""
    senders = ("post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed")
    found = [
        str(path.relative_to(ROOT))
        for path in tracked(".py")
        if PACKAGE in path.parents and any(word in path.read_text(encoding="utf-8") for word in senders)
    ]
    assert not found
