"""The command line: noun, then verb; ``up`` and ``read`` are the two short ones.

Exit codes: 0 done, 1 refused, 2 wrong usage. Nothing here imports Django or Polars before a command needs it.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import typer

from gangshen import __version__
from gangshen.cli import lists, zone

__all__ = ["app", "main"]

NOUNS = {
    "archive": "Files, sources and the audit trail.",
    "cases": "What waits for someone.",
    "chain": "The industry chain: firms on it, gaps, what stops with a supplier.",
    "documents": "Documents and what was read in them.",
    "identity": "Users and roles.",
    "indicators": "Series and observations.",
    "ladder": "Titles of enterprises: who holds which, who is nearly there, coaching.",
    "money": "The journal of programmes and budgets.",
    "plans": "Plans, tasks and targets.",
    "policies": "Policies and who gets them.",
    "registers": "Records of enterprises and other subjects.",
    "runs": "Background work, schedules, workers.",
    "visits": "Visits to enterprises, what was asked and promised.",
}

app = typer.Typer(
    name="gangshen",
    help="Gangshen (冈身): the industry brain of an innovation zone.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gangshen {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Gangshen (冈身): the industry brain of an innovation zone."""


def _assemble() -> None:
    for name in ("up", "load", "export", "backup", "restore", "config"):
        app.command(name)(getattr(zone, name))
    app.command("list")(lists.rows_of)
    for noun, summary in NOUNS.items():
        if not find_spec(f"gangshen.apps.{noun}.commands"):
            continue
        commands = import_module(f"gangshen.apps.{noun}.commands")
        app.add_typer(commands.app, name=noun, help=summary, no_args_is_help=True)
        for name, function in getattr(commands, "SHORT", {}).items():
            app.command(name)(function)


_OLDER = ("no such column", "no such table", "does not exist\nLINE")


def _in_words(error: Exception) -> str | None:
    """What the user is told; None for a fault of our own, which shows where it happened."""
    kind = type(error)
    if kind.__module__.startswith("gangshen."):
        return str(error)
    if kind.__module__ == "django.db.utils" and any(words in str(error) for words in _OLDER):
        return "The database is older than the program. Bring it up to date first: gangshen up --no-serve"
    if (kind.__module__, kind.__name__) == ("django.core.exceptions", "PermissionDenied"):
        return "The role of that person does not allow this. Act in the name of somebody whose role does (--as)."
    if (kind.__module__, kind.__name__) == ("django.db.utils", "OperationalError"):
        return f"The database does not answer: {str(error).strip()}\nCheck GANGSHEN_DATABASE_URL and that it runs."
    if isinstance(error, PermissionError) and error.filename:
        return f"{error.filename}: {error.strerror}. Give this user the right to it, or choose another GANGSHEN_HOME."
    return None


def main() -> None:
    """Run the command line; our own errors become one message and exit code 1."""
    _assemble()
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        words = _in_words(error)
        if words is None:
            raise
        typer.echo(words, err=True)
        sys.exit(1)
