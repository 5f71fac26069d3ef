"""Commands about the whole zone: start it, load and export its folder, back it up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["backup", "config", "export", "load", "restore", "up"]


def up(
    zone: Annotated[
        Path | None, typer.Option(help="Zone folder to load into an empty database; default: the demo zone.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port of the console; default: GANGSHEN_PORT.")] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the console, or only prepare.")] = True,
) -> None:
    """Prepare the database, load the zone if the database is empty, and serve the console."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.apps.runs.commands import serve_all
    from gangshen.cli import starting

    starting.prepare(zone)
    if serve:
        address = starting.address(port)
        starting.announce(address)
        serve_all(address)


def load(
    folder: Annotated[Path, typer.Argument(help="A zone folder.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the difference and change nothing.")] = False,
    take_folder: Annotated[
        bool, typer.Option("--take-folder", help="Where folder and database were both edited, take the folder.")
    ] = False,
) -> None:
    """Load a zone folder; shows what differs and never overwrites an edit silently."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.cli import folders

    difference = folders.compare(folder)
    typer.echo(difference.in_words())
    if not dry_run:
        folders.load(folder, difference, take_folder=take_folder)


def export(folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Write definitions and registers as a zone folder; loading it elsewhere gives the same again."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.cli import folders

    files = folders.export(folder)
    typer.echo(f"{files} files in {folder}", err=True)


def backup(file: Annotated[Path, typer.Argument(help="The file to write, .zip.")]) -> None:
    """Write everything, journal and audit trail too, into one file."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.cli import backups

    backups.backup(file)
    typer.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB", err=True)


def restore(file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")]) -> None:
    """Restore a backup into an empty database."""
    from gangshen.web.boot import boot

    boot()
    from gangshen.cli import backups

    rows = backups.restore(file)
    typer.echo(f"{rows} rows restored from {file}", err=True)


def config(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show the settings in force and the variables that set them; secrets are not shown."""
    import json
    from dataclasses import fields

    from gangshen.config import Config
    from gangshen.config import load as read

    settings = read()
    rows = {
        f"GANGSHEN_{one.name.upper()}": (_shown(one.name, getattr(settings, one.name)), one.metadata["doc"])
        for one in fields(Config)
    }
    if as_json:
        typer.echo(json.dumps({name: value for name, (value, _) in rows.items()}, ensure_ascii=False, indent=1))
        return
    for name, (value, doc) in rows.items():
        typer.echo(f"{name}={value}\n    {doc}")


def _shown(name: str, value: object) -> str:
    if name in ("secret_key", "model_key"):
        return "(set)"
    if name == "database_url" and "@" in str(value):
        scheme, _, rest = str(value).partition("://")
        return f"{scheme}://…@{rest.rpartition('@')[2]}"
    return ",".join(value) if isinstance(value, tuple) else str(value)
