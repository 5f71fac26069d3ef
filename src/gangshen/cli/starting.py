"""What ``up`` does before it serves: a database at its newest form, holding one zone, whole."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from gangshen.apps.identity import services as identity
from gangshen.apps.identity.models import Zone
from gangshen.cli import folders
from gangshen.web.errors import Refused

__all__ = ["Address", "address", "announce", "prepare"]

Address = tuple[str, int]
DEMO = Path(__file__).resolve().parents[3] / "zones" / "maqiao"


def prepare(folder: Path | None) -> None:
    """Migrate; load ``folder`` (default: the demo zone) when the database holds no zone.

    A start that was killed while loading left a zone without its mark of a whole load: what it left is emptied and
    loaded again, so the next start is whole.
    """
    _say("Preparing the database …")
    call_command("migrate", interactive=False, verbosity=0)
    zone = Zone.objects.first()
    if zone and zone.loaded_at:
        if folder and _key_of(folder) not in (None, zone.key):
            raise Refused(
                f"This database holds the zone {zone.key}, not {folder}.",
                "Use another GANGSHEN_HOME, or `gangshen load` to bring changes of a folder in.",
            )
        return
    if zone:
        _say("An earlier start was cut off while loading; starting over …")
        call_command("flush", interactive=False, verbosity=0)
    folder = folder or DEMO
    if not (folder / "zone.yaml").is_file():
        raise Refused(f"{folder} is no zone folder: it has no zone.yaml.", "Give one with --zone DIR.")
    folders.fill(folder, report=_say)


def _key_of(folder: Path) -> str | None:
    from gangshen.apps.identity.portable import zone_file

    return zone_file(folder).key


def address(port: int | None) -> Address:
    """Where to listen: the wished port, or the next free one."""
    bind, wished = settings.CONFIG.bind, port or settings.CONFIG.port
    for candidate in range(wished, wished + 50):
        with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((bind, candidate))
            except OSError:
                continue
            if candidate != wished:
                _say(f"Port {wished} is taken; using {candidate}.")
            return bind, candidate
    raise Refused(f"No free port from {wished} to {wished + 49}.", "Choose one with --port N.")


def announce(address: Address) -> None:
    """Print where the console is and, in a demo zone, the log-ins."""
    host, port = address
    typer.echo(f"\n  冈身 Gangshen   http://{'localhost' if host == '127.0.0.1' else host}:{port}/\n")
    demo = identity.demo_users()
    if demo:
        typer.echo("  Demo log-ins (password in brackets):")
        for username, password, role in demo:
            typer.echo(f"    {username:<12} ({password})  {role}")
        typer.echo("")
    connection.close()
    sys.stdout.flush()


def _say(words: str) -> None:
    typer.echo(words, err=True)
