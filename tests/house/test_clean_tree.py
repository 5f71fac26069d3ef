"""Nothing in the repository is bound to the machine or the network it was made on, and no secret is in it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from houseplan import ROOT, tracked

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
BOUND = ["/" + place for place in ("work/", "root/", "farm/", "home/[a-z]", "Users/[a-z]")]
MACHINE_PATH = re.compile(r"(?<![A-Za-z0-9_.\-*}>])(?:" + "|".join(BOUND) + ")")
SECRET = re.compile(
    "-----BEGIN [A-Z ]*"
    + "PRIVATE KEY|"
    + r"\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|://[^/\s:{}<]+:(?!password@)[^@\s/{}<]{8,}@"
)
INDEX = re.compile(
    "|".join(["pypi" + r"\.org", "files\\.pythonhosted" + r"\.org", "registry\\.npm" + r"\w*\.", "/simp" + "le/"])
)
TEXT = {
    ".py",
    ".md",
    ".txt",
    ".toml",
    ".json",
    ".yaml",
    ".yml",
    ".html",
    ".css",
    ".js",
    ".csv",
    ".svg",
    ".po",
    ".cfg",
    "",
}


def texts() -> list[tuple[Path, str]]:
    files = [path for path in tracked() if path.suffix in TEXT and path.is_file()]
    return [(path, path.read_text(encoding="utf-8", errors="replace")) for path in files]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_patterns_find_what_they_are_for() -> None:
    assert MACHINE_PATH.search("see /" + "root/.venv") and MACHINE_PATH.search('"/' + 'home/ann/x"')
    assert not MACHINE_PATH.search("https://example.org/" + "work/") and not MACHINE_PATH.search("docs/" + "root/")
    assert SECRET.search("-----BEGIN RSA " + "PRIVATE KEY-----")
    assert SECRET.search("postgres://ann:" + "s3cretpassword@db/zone")
    assert INDEX.search("https://pypi" + ".org/project")


def test_no_path_of_a_machine() -> None:
    assert not lines_with(MACHINE_PATH)


def test_no_secret() -> None:
    assert not lines_with(SECRET)


def test_no_address_of_a_package_index() -> None:
    assert not lines_with(INDEX)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_carries_hashes_and_no_host(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    for word in ("://", "--index", "--extra-index", "--find-links", "--trusted-host", "+cpu", "file:"):
        assert word not in text, f"{lock.name} carries {word}"
    pins = [block for block in re.split(r"\n(?=[A-Za-z0-9])", text.strip()) if "==" in block]
    assert pins
    assert not [block.splitlines()[0] for block in pins if "--hash=sha256:" not in block]


def test_the_npm_lock_carries_hashes_and_no_host() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in text and "://" not in text
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages and all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8")


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~!; ]", entry, maxsplit=1)[0].lower().replace("_", "-") for entry in requirements}


def _pinned(lock: str) -> set[str]:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return {name.lower() for name in re.findall(r"^([A-Za-z0-9_.\-]+)==", text, re.MULTILINE)}


def test_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert not _names(project["dependencies"]) - _pinned("base.txt"), "run make lock"
    assert not _names(project["dependencies"] + extras["dev"]) - _pinned("dev.txt"), "run make lock"
    assert not _names(extras["postgres"]) - _pinned("postgres.txt"), "run make lock"


def test_locks_agree() -> None:
    def pins(lock: str) -> set[tuple[str, str]]:
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        return set(re.findall(r"^([A-Za-z0-9_.\-]+)==(\S+)", text, re.MULTILINE))

    developer = pins("dev.txt")
    assert pins("base.txt") <= developer
    assert pins("postgres.txt") <= developer
