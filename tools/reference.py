"""Write docs/reference/ from the settings, the command line and the roles themselves; ``--check`` only says whether they differ."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer

from gangshen import cli
from gangshen.config import Config

os.environ["COLUMNS"] = "100"  # help is wrapped to the terminal; a page must not depend on one
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
ROLES = FOLDER.parent.parent / "src" / "gangshen" / "apps" / "identity" / "roles.csv"
MADE = "<!-- Made by tools/reference.py: change the code it describes, then run make docs. -->\n"
COMMANDS = """The command line is noun, then verb; `up` and `read` are the two short ones.
Exit codes: 0 done, 1 refused (one message says why and what to do), 2 wrong usage.
"""


def settings() -> str:
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for one in fields(Config):
        shown = ", ".join(one.default) if isinstance(one.default, tuple) else str(one.default)
        default = "" if shown in {"", "."} else f"`{int(one.default) if isinstance(one.default, bool) else shown}`"
        rows.append(f"| `GANGSHEN_{one.name.upper()}` | {default} | {one.metadata['doc']} |")
    lead = "An installation is set by environment variables; `gangshen config` prints those in force.\n"
    return "\n".join(["# Settings\n", MADE, lead, *rows]) + "\n"


ACCESS = """`src/gangshen/apps/identity/roles.csv` states what each role may do, and nothing else is allowed: a role without a line
sees nothing. *own* rows are those that the app's `access.py` calls the user's own (their firm, their unit, their case).
Lists, pages, API, Excel, search and keys all read through it; `tests/apps/identity/test_matrix.py` counts every role on
every channel. The three administrators are never one person; who audits has no other role.
"""


def access() -> str:
    table = ROLES.read_text(encoding="utf-8").splitlines()
    roles: dict[str, list[str]] = {}
    for row in csv.DictReader(line for line in table if not line.startswith("#")):
        roles.setdefault(row["role"], []).append(f"| {row['model']} | {row['actions']} | {row['scope']} |")
    head = ["| what | may | rows |", "|---|---|---|"]
    parts = ["\n".join([f"## {role}\n", *head, *lines]) + "\n" for role, lines in roles.items()]
    return "\n".join(["# Who may do what\n", MADE, ACCESS, *parts])


def _paths(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _paths(command, (*path, name))
        elif not command.hidden:
            yield (*path, name)


def _help(root: Any, path: tuple[str, ...]) -> str:
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.suppress(SystemExit):
        root.main([*path, "--help"], prog_name="gangshen")
    return "\n".join(line.rstrip() for line in shown.getvalue().strip().splitlines())


def commands() -> str:
    cli._assemble()
    root = typer.main.get_command(cli.app)
    parts = [f"## `gangshen {' '.join(path)}`\n\n```text\n{_help(root, path)}\n```\n" for path in sorted(_paths(root))]
    return "\n".join(["# Commands\n", MADE, COMMANDS, *parts])


def main(arguments: list[str]) -> int:
    pages = {"settings.md": settings(), "commands.md": commands(), "access.md": access()}
    stale = [
        name
        for name, text in pages.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]
    if arguments == ["--check"]:
        if stale:
            sys.stderr.write(f"docs/reference is behind the code ({', '.join(stale)}): run make docs\n")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
